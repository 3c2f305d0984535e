# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials of a service account in each store, with the servers' own state as witness."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..harness.crash_harness import Runner
from ..harness.store_readers import STORES, CredentialsPlace, Place
from .test_secrecy import _expecting as expecting
from .test_secrecy import leaks, places

CREATE = "POST /iam/v1/service_accounts"
RESET = "POST /iam/v1/service_accounts/{id}/operations/reset"


@pytest.fixture(params=STORES)
def place(stand_ins: Any, directory: Path, request: pytest.FixtureRequest) -> Iterator[CredentialsPlace]:
    """A new place; afterwards the stand-ins behave again."""
    yield CredentialsPlace(stand_ins, request.param, directory)
    stand_ins.ask("DELETE", "/faults")


@pytest.fixture
def runner(credentials_runner: Runner) -> Runner:
    return credentials_runner


def made(place: CredentialsPlace, call: str) -> int:
    """How often the platform was asked for something."""
    return int(place.stand_ins.tenant["calls"]["scm"].get(call, 0))


def at(runner: Runner, place: CredentialsPlace, step: str, **options: Any) -> Any:
    """A run that stands before a step."""
    run = runner.begin(**place.options, **options)
    while not str(run.next_step()).endswith(step):
        run.go()
    return run


def test_credentials_are_made_kept_rotated_and_taken_away(runner: Runner, place: CredentialsPlace) -> None:
    first = runner.run(**place.options)
    assert first["changed"] is True, first
    assert first["repaired"] == []
    assert place.document()["fingerprint"] == first["fingerprint"]
    assert place.works(place.document())
    before = place.stand_ins.tenant["calls"]
    again = runner.run(**place.options)
    assert again["changed"] is False
    assert again["fingerprint"] == first["fingerprint"]
    assert place.stand_ins.tenant["calls"]["scm"] == before["scm"]
    old = place.document()
    second = runner.run(**place.options, state="rotated")
    assert second["changed"] is True
    assert second["repaired"] == []
    assert second["previous_fingerprint"] == first["fingerprint"]
    assert place.works(place.document())
    assert not place.works(old)
    gone = runner.run(**place.options, state="absent")
    assert gone["changed"] is True
    assert gone["client_id"] is None
    assert place.document() is None
    assert len(place.accounts()) == 1
    assert runner.run(**place.options, state="absent")["changed"] is False


def test_the_document_is_all_that_a_reader_needs(runner: Runner, place: CredentialsPlace) -> None:
    result = runner.run(**place.options, return_secret=True)
    document, (account,) = place.document(), place.accounts()
    assert document["version"] == 1
    assert document["name"] == place.account
    assert document["tsg_id"] == place.stand_ins.endpoints["tsg_id"]
    assert document["auth_url"] == f"{place.stand_ins.endpoints['oauth_url']}/oauth2/access_token"
    assert (document["client_id"], document["service_account_id"]) == (account["client_id"], account["id"])
    assert result["client_secret"] == document["client_secret"]
    assert result["authorised"] is False  # it has no role yet
    assert "client_secret" not in runner.run(**place.options)


def test_an_account_that_others_use_is_left_alone(runner: Runner, place: CredentialsPlace) -> None:
    runner.run(**place.options)
    secret = place.document()
    runner.run(**place.options, state="absent", **({} if place.store != "secretsmanager" else {"recovery_window": 0}))
    before = made(place, RESET)
    for state in ("present", "rotated"):
        refused = runner.run(**place.options, state=state)
        assert refused["error"]["kind"] == "conflict"
        assert "set 'adopt'" in refused["msg"]
        assert runner.run(**place.options, state=state, _ansible_check_mode=True)["msg"] == refused["msg"]
    assert made(place, RESET) == before
    assert place.works(secret)
    assert place.document() is None
    assert runner.run(**place.options, adopt=True)["changed"] is True
    assert place.works(place.document())


@pytest.mark.parametrize("after_acting", [False, True])
def test_a_lost_answer_to_the_creation_leads_to_one_account(
    runner: Runner, place: CredentialsPlace, after_acting: bool
) -> None:
    place.stand_ins.ask(
        "POST", "/faults", service="scm", route=CREATE, kind="reset", times=1, after_acting=after_acting
    )
    result = runner.run(**place.options)
    assert result.get("changed") is True, result
    assert len(place.accounts()) == 1
    assert place.works(place.document())


def test_a_lost_answer_to_the_reset_is_made_good_at_once(runner: Runner, place: CredentialsPlace) -> None:
    runner.run(**place.options)
    place.stand_ins.ask("POST", "/faults", service="scm", route=RESET, kind="reset", times=1, after_acting=True)
    assert runner.run(**place.options, state="rotated")["changed"] is True
    assert place.works(place.document())


def test_a_reset_that_cannot_be_told_from_none_is_made_good_by_the_next_run(
    runner: Runner, place: CredentialsPlace
) -> None:
    runner.run(**place.options)
    place.stand_ins.ask("POST", "/faults", service="scm", route=RESET, kind="not_json", times=None, after_acting=True)
    failed = runner.run(**place.options, state="rotated")
    place.stand_ins.ask("DELETE", "/faults")
    assert "the next run resets the secret" in failed["msg"], failed
    assert not place.works(place.document())
    assert "was taken over" in runner.run(**place.options)["repaired"][0]
    assert place.works(place.document())


def test_a_refused_reset_leaves_the_secret_alone(runner: Runner, place: CredentialsPlace) -> None:
    first = runner.run(**place.options)
    place.stand_ins.ask("POST", "/faults", service="scm", route=RESET, kind="status", status=403)
    failed = runner.run(**place.options, state="rotated")
    place.stand_ins.ask("DELETE", "/faults")
    assert failed["error"]["kind"] == "authorization"
    again = runner.run(**place.options)
    assert (again["changed"], again["fingerprint"]) == (False, first["fingerprint"])


def test_a_secret_that_somebody_reset_in_the_console_is_reset_again(runner: Runner, place: CredentialsPlace) -> None:
    runner.run(**place.options)
    other = CredentialsPlace(place.stand_ins, place.store, place.path.parent)
    theirs = {**other.options, "service_account": place.account}
    assert runner.run(**theirs, adopt=True)["changed"] is True
    assert runner.run(**place.options, _ansible_check_mode=True)["changed"] is True
    assert "was not accepted any more" in runner.run(**place.options)["repaired"][0]
    assert place.works(place.document())


def test_an_unproven_secret_is_finished_by_the_next_run(runner: Runner, place: CredentialsPlace) -> None:
    """The token endpoint answers the administrator, and then nobody."""
    runner.run(**place.options)
    run = at(runner, place, "/operations/reset", state="rotated")
    place.stand_ins.ask("POST", "/faults", service="oauth", kind="status", status=403, times=None)
    run.go()
    failed = run.finish()
    place.stand_ins.ask("DELETE", "/faults")
    assert "staged but not proven" in failed["msg"]
    resets = made(place, RESET)
    assert (
        "left staged by an interrupted run; it is proven and promoted"
        in runner.run(**place.options, state="rotated")["repaired"][0]
    )
    assert made(place, RESET) == resets
    assert place.works(place.document())


def test_the_reservation_of_a_run_is_respected_and_that_of_a_killed_one_taken_over(
    runner: Runner, place: CredentialsPlace
) -> None:
    first = runner.run(**place.options)
    run = at(runner, place, "/operations/reset", state="rotated")
    kept = runner.run(**place.options)
    assert (kept["changed"], kept["fingerprint"]) == (False, first["fingerprint"])
    for state in ("rotated", "absent"):
        busy = runner.run(**place.options, state=state)
        assert busy["error"]["kind"] == "conflict"
        assert "is taken over from" in busy["msg"]
    run.kill()
    back = runner.run(**place.options)
    # In Parameter Store a stale reservation stays, because to remove it could remove that of another run.
    removed = ["was removed: the stored secret is good" in sentence for sentence in back["repaired"]]
    assert removed == ([] if place.store == "ssm" else [True])
    assert back["fingerprint"] == first["fingerprint"]


def test_a_run_that_was_taken_over_does_harm_that_the_next_run_mends(runner: Runner, place: CredentialsPlace) -> None:
    """It slept for longer than its reservation was respected, and then resets: nothing can keep it from that."""
    runner.run(**place.options)
    slow = at(runner, place, "/operations/reset", state="rotated")
    runner.run(**place.options, state="rotated", take_over_after=0)
    slow.go()
    late = slow.finish()
    assert late["error"]["kind"] == "conflict"
    assert "else it is lost, and the next run resets it" in late["msg"]
    assert not place.works(place.document())
    assert runner.run(**place.options)["repaired"]
    assert place.works(place.document())


def test_a_place_of_something_else_is_refused(stand_ins: Any, runner: Runner, place: CredentialsPlace) -> None:
    runner.run(**place.options)
    found = place.document()
    for state in ("present", "rotated", "absent"):
        refused = runner.run(**{**place.options, "service_account": "another"}, state=state)
        assert f"it is the place of {place.account}@" in refused["msg"]
    assert place.document() == found
    token = Place(stand_ins, place.store, place.path.parent)
    text = json.dumps({"version": 1, "token": "made.up.token"})
    token.write(text)
    where = {name: token.options[name] for name in ("store", "name", "path") if name in token.options}
    refused = runner.run(**{**place.options, **where}, on_damaged="replace", adopt=True)
    assert refused["error"]["kind"] == "other_document"
    assert json.dumps(token.document()) == text


def test_check_mode_predicts_and_changes_nothing(runner: Runner, place: CredentialsPlace) -> None:
    checking = {"_ansible_check_mode": True}
    predicted = runner.run(**place.options, **checking, return_secret=True)
    assert (predicted["changed"], predicted["client_secret"]) == (True, None)
    assert runner.run(**place.options, **checking, state="absent")["changed"] is False
    assert place.document() is None
    assert place.accounts() == []
    first = runner.run(**place.options)
    assert runner.run(**place.options, **checking)["changed"] is False
    assert runner.run(**place.options, **checking, state="rotated")["changed"] is True
    assert runner.run(**place.options, **checking, state="absent")["changed"] is True
    assert place.document()["fingerprint"] == first["fingerprint"]
    assert place.works(place.document())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"service_account": "a@b"}, "has to be the name of the service account"),
        ({"tsg_id": "123"}, "has to have ten digits"),
        ({"take_over_after": -1}, "it must be 0 seconds or more"),
        ({"store": "file", "name": None}, "'path' is missing"),
        ({"store": "file"}, "belongs to secretsmanager and ssm"),
        ({"store": "none"}, "value of store must be one of"),
        ({"name": "a secret"}, "1 to 512 letters"),
        ({"scm_auth_url": "http://auth.example.com"}, "without TLS"),
    ],
)
def test_bad_input_is_refused_before_anything_is_called(
    stand_ins: Any, runner: Runner, options: dict[str, Any], message: str
) -> None:
    calls = stand_ins.calls()
    refused = runner.run(**{"service_account": "wildfire", "name": "scm/wildfire", **options})
    assert message in refused["msg"]
    assert stand_ins.calls() == calls


def test_no_secret_shows_anywhere(stand_ins: Any, controller: Any, directory: Path) -> None:
    """As users write it: with results that hold secrets, in loops over them, and with failures."""
    module, place = "panw.cloud.scm_stored_credentials", CredentialsPlace(stand_ins, "ssm", directory)
    one = {**place.options, "return_secret": True}
    held = {"client_id": "{{ item.client_id }}", "client_secret": "{{ item.client_secret }}"}
    tasks: list[dict[str, Any]] = [
        {module: place.options, "diff": True},
        {module: one, "register": "first"},
        {module: {**one, "state": "{{ item }}"}, "loop": ["present", "rotated"], "register": "several", "diff": True},
        {module: {**one, **held}, "loop": "{{ several.results }}"},
        {module: {**one, **held, "state": "rotated"}, "loop": "{{ several.results }}", "expected": "failure"},
        {module: {**one, "state": "rotated", "scm_url": "https://127.0.0.1:1"}, "expected": "failure"},
        {module: one, "async": 30, "poll": 1, "expected": "failure"},
        {module: {**one, "state": "rotated"}, "check_mode": True, "diff": True},
    ]
    named = [expecting(number, task) for number, task in enumerate(tasks)]
    run = controller.play(*named, arguments=("-vvvv",), **places(controller.home), **stand_ins.administrator)
    assert run.returncode == 0, run.output
    found = place.document()
    basic = base64.b64encode(f"{found['client_id']}:{found['client_secret']}".encode()).decode()
    assert leaks(controller.home, run.output, [basic, *stand_ins.secrets()]) == []
