# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials of a service account in each store, verified by the servers' own state."""

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
def place(services: Any, directory: Path, request: pytest.FixtureRequest) -> Iterator[CredentialsPlace]:
    """A new place; faults are cleared afterwards."""
    yield CredentialsPlace(services, request.param, directory)
    services.ask("DELETE", "/faults")


@pytest.fixture
def runner(credentials_runner: Runner) -> Runner:
    return credentials_runner


def made(place: CredentialsPlace, call: str) -> int:
    """The number of calls to the platform."""
    return int(place.services.tenant["calls"]["scm"].get(call, 0))


def at(runner: Runner, place: CredentialsPlace, step: str, **options: Any) -> Any:
    """A run that is stopped before a step."""
    run = runner.begin(**place.options, **options)
    while not str(run.next_step()).endswith(step):
        run.go()
    return run


def test_credentials_are_created_kept_rotated_and_removed(runner: Runner, place: CredentialsPlace) -> None:
    first = runner.run(**place.options)
    assert first["changed"] is True, first
    assert first["repaired"] == []
    assert place.document()["fingerprint"] == first["fingerprint"]
    assert place.works(place.document())
    before = place.services.tenant["calls"]
    again = runner.run(**place.options)
    assert again["changed"] is False
    assert again["fingerprint"] == first["fingerprint"]
    assert place.services.tenant["calls"]["scm"] == before["scm"]
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


def test_document_is_sufficient_for_a_reader(runner: Runner, place: CredentialsPlace) -> None:
    result = runner.run(**place.options, return_secret=True)
    document, (account,) = place.document(), place.accounts()
    assert document["version"] == 1
    assert document["name"] == place.account
    assert document["tsg_id"] == place.services.endpoints["tsg_id"]
    assert document["auth_url"] == f"{place.services.endpoints['oauth_url']}/oauth2/access_token"
    assert (document["client_id"], document["service_account_id"]) == (account["client_id"], account["id"])
    assert result["client_secret"] == document["client_secret"]
    assert result["authorized"] is False  # the account has no role yet
    assert "client_secret" not in runner.run(**place.options)


def test_account_used_by_others_is_not_changed(runner: Runner, place: CredentialsPlace) -> None:
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
def test_lost_response_to_creation_leads_to_one_account(
    runner: Runner, place: CredentialsPlace, after_acting: bool
) -> None:
    place.services.ask("POST", "/faults", service="scm", route=CREATE, kind="reset", times=1, after_acting=after_acting)
    result = runner.run(**place.options)
    assert result.get("changed") is True, result
    assert len(place.accounts()) == 1
    assert place.works(place.document())


def test_lost_response_to_a_reset_is_repaired_immediately(runner: Runner, place: CredentialsPlace) -> None:
    runner.run(**place.options)
    place.services.ask("POST", "/faults", service="scm", route=RESET, kind="reset", times=1, after_acting=True)
    assert runner.run(**place.options, state="rotated")["changed"] is True
    assert place.works(place.document())


def test_reset_with_unknown_outcome_is_repaired_by_the_next_run(runner: Runner, place: CredentialsPlace) -> None:
    runner.run(**place.options)
    place.services.ask("POST", "/faults", service="scm", route=RESET, kind="not_json", times=None, after_acting=True)
    failed = runner.run(**place.options, state="rotated")
    place.services.ask("DELETE", "/faults")
    assert "the next run resets the secret" in failed["msg"], failed
    assert not place.works(place.document())
    assert "was taken over" in runner.run(**place.options)["repaired"][0]
    assert place.works(place.document())


def test_rejected_reset_keeps_the_secret(runner: Runner, place: CredentialsPlace) -> None:
    first = runner.run(**place.options)
    place.services.ask("POST", "/faults", service="scm", route=RESET, kind="status", status=403)
    failed = runner.run(**place.options, state="rotated")
    place.services.ask("DELETE", "/faults")
    assert failed["error"]["kind"] == "authorization"
    again = runner.run(**place.options)
    assert (again["changed"], again["fingerprint"]) == (False, first["fingerprint"])


def test_secret_reset_in_the_console_is_reset_again(runner: Runner, place: CredentialsPlace) -> None:
    runner.run(**place.options)
    other = CredentialsPlace(place.services, place.kind, place.path.parent)
    theirs = {**other.options, "service_account": place.account}
    assert runner.run(**theirs, adopt=True)["changed"] is True
    assert runner.run(**place.options, _ansible_check_mode=True)["changed"] is True
    assert "was rejected" in runner.run(**place.options)["repaired"][0]
    assert place.works(place.document())


def test_unverified_secret_is_finished_by_the_next_run(runner: Runner, place: CredentialsPlace) -> None:
    """The token endpoint responds to the administrator, then to no one."""
    runner.run(**place.options)
    run = at(runner, place, "/operations/reset", state="rotated")
    place.services.ask("POST", "/faults", service="oauth", kind="status", status=403, times=None)
    run.go()
    failed = run.finish()
    place.services.ask("DELETE", "/faults")
    assert "staged but not proven" in failed["msg"]
    resets = made(place, RESET)
    assert (
        "left staged by an interrupted run; it is proven and promoted"
        in runner.run(**place.options, state="rotated")["repaired"][0]
    )
    assert made(place, RESET) == resets
    assert place.works(place.document())


def test_lock_of_a_run_is_respected_and_that_of_a_killed_one_taken_over(
    runner: Runner, place: CredentialsPlace
) -> None:
    first = runner.run(**place.options)
    run = at(runner, place, "/operations/reset", state="rotated")
    kept = runner.run(**place.options)
    assert (kept["changed"], kept["fingerprint"]) == (False, first["fingerprint"])
    for state in ("rotated", "absent"):
        locked = runner.run(**place.options, state=state)
        assert locked["error"]["kind"] == "conflict"
        assert "is taken over from" in locked["msg"]
    run.kill()
    back = runner.run(**place.options)
    # In Parameter Store a stale lock stays, because removing it could remove that of another run.
    removed = ["was removed: the stored secret is good" in sentence for sentence in back["repaired"]]
    assert removed == ([] if place.store == "ssm" else [True])
    assert back["fingerprint"] == first["fingerprint"]


def test_damage_by_a_run_that_lost_its_lock_is_repaired_by_the_next_run(
    runner: Runner, place: CredentialsPlace
) -> None:
    """It was suspended for longer than the lock timeout and then resets the secret, which cannot be prevented."""
    runner.run(**place.options)
    slow = at(runner, place, "/operations/reset", state="rotated")
    runner.run(**place.options, state="rotated", lock_timeout=0)
    slow.go()
    late = slow.finish()
    assert late["error"]["kind"] == "conflict"
    assert "otherwise it is lost, and the next run resets it" in late["msg"]
    assert not place.works(place.document())
    assert runner.run(**place.options)["repaired"]
    assert place.works(place.document())


def test_place_of_another_account_is_rejected(services: Any, runner: Runner, place: CredentialsPlace) -> None:
    runner.run(**place.options)
    found = place.document()
    for state in ("present", "rotated", "absent"):
        refused = runner.run(**{**place.options, "service_account": "another"}, state=state)
        assert f"it belongs to {place.account}@" in refused["msg"]
    assert place.document() == found
    token = Place(services, place.kind, place.path.parent)
    text = json.dumps({"version": 1, "token": "made.up.token"})
    token.write(text)
    where = {name: token.options[name] for name in ("store", "name", "path") if name in token.options}
    refused = runner.run(**{**place.options, **where}, on_invalid_document="replace", adopt=True)
    assert refused["error"]["kind"] == "document_type_mismatch"
    assert token.document() == json.loads(text)


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
        ({"service_account": "a@b"}, "must be the name of the service account"),
        ({"tsg_id": "123"}, "must have ten digits"),
        ({"lock_timeout": -1}, "it must be 0 seconds or more"),
        ({"store": "file", "name": None}, "'path' is required if 'store' is 'file'"),
        ({"store": "file"}, "belongs to secretsmanager and ssm"),
        ({"store": "none"}, "value of store must be one of"),
        ({"name": "a secret"}, "1 to 512 letters"),
        ({"scm_auth_url": "http://auth.example.com"}, "without TLS"),
    ],
)
def test_invalid_input_is_rejected_before_any_call(
    services: Any, runner: Runner, options: dict[str, Any], message: str
) -> None:
    calls = services.calls()
    refused = runner.run(**{"service_account": "wildfire", "name": "scm/wildfire", **options})
    assert message in refused["msg"]
    assert services.calls() == calls


def test_no_secret_is_in_any_output(services: Any, controller: Any, directory: Path) -> None:
    """Typical use: results that contain secrets, loops over them, and failures."""
    module, place = "panw.cloud.scm_stored_credentials", CredentialsPlace(services, "ssm", directory)
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
    run = controller.play(*named, arguments=("-vvvv",), **places(controller.home), **services.administrator)
    assert run.returncode == 0, run.output
    found = place.document()
    basic = base64.b64encode(f"{found['client_id']}:{found['client_secret']}".encode()).decode()
    assert leaks(controller.home, run.output, [basic, *services.secrets()]) == []
