# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WildFire keys by a contract, with the stand-in's registry as witness."""

from __future__ import annotations

from typing import Any

import pytest

from ..harness.wildfire_helpers import APPLY, CREATE, LIST, PRODUCT, REVOKE, VERDICT, Keyring
from .test_ngfw_token import asserting


@pytest.fixture
def keyring(stand_ins: Any, controller: Any) -> Keyring:
    """A tenant with a service account and no key."""
    made = Keyring(stand_ins)
    made.switch(pending_seconds=0.5)
    return made


def play(stand_ins: Any, controller: Any, *tasks: dict[str, Any], **settings: Any) -> Any:
    return controller.play(*tasks, **stand_ins.administrator, **settings)


def test_the_life_of_a_key_each_step_twice(stand_ins: Any, controller: Any, keyring: Keyring) -> None:
    with_contract = {"registry": keyring.contract, **keyring.bound}
    made = play(
        stand_ins,
        controller,
        keyring.task("made", **with_contract),
        keyring.task("kept", **with_contract),
        asserting(
            "made is changed and kept is not changed",
            "made.key.status == 'valid' and made.key == kept.key | combine({'remaining_queries': made.key.remaining_queries})",
            f"made.key.service_account == '{keyring.account['client_id']}' and made.key.product == '{PRODUCT}'",
            "made.verified and kept.verified and not made.quota_exhausted",
            "made.key.expires_at == '2035-12-31T23:59:59Z' and made.key.remaining_uploads == 150",
            "made.manual_steps == []",
        ),
    )
    assert made.returncode == 0, made.output
    (key,) = keyring.entries()
    assert (key["status"], key["fingerprint"]) == ("Valid", made.results["made"]["key"]["fingerprint"])
    gone = play(
        stand_ins,
        controller,
        keyring.task("gone", state="absent", registry=keyring.contract),
        keyring.task("still gone", state="absent", registry=keyring.contract),
        asserting(
            "gone is changed and gone.key.status == 'revoked'", "still_gone is not changed and still_gone.key is none"
        ),
    )
    assert gone.returncode == 0, gone.output
    assert [key["status"] for key in keyring.entries()] == ["Revoked"]
    again = play(stand_ins, controller, keyring.task("again", **with_contract))
    assert again.results["again"]["changed"] is True
    assert [key["status"] for key in keyring.entries()] == ["Revoked", "Valid"]


@pytest.mark.parametrize("kind", ["reset", "close", "truncate", "not_json"])
def test_a_lost_answer_at_creation_leads_to_one_key(
    stand_ins: Any, controller: Any, keyring: Keyring, kind: str
) -> None:
    order = {"service": "registry", "route": CREATE, "kind": kind, "times": 1, "after_acting": True}
    stand_ins.ask("POST", "/faults", **order)
    before = keyring.count("registry", CREATE)
    run = play(stand_ins, controller, keyring.task(registry=keyring.contract, **keyring.bound))
    assert run.returncode == 0, run.output
    assert stand_ins.ask("GET", "/faults")["faults"][0]["struck"] == 1
    assert run.results["key"]["changed"] is True
    assert [key["status"] for key in keyring.entries()] == ["Valid"]
    assert keyring.count("registry", CREATE) - before == 1


def test_a_lost_request_at_creation_is_sent_once_more(stand_ins: Any, controller: Any, keyring: Keyring) -> None:
    stand_ins.ask("POST", "/faults", service="registry", route=CREATE, kind="reset", times=1)
    run = play(stand_ins, controller, keyring.task(registry=keyring.contract))
    assert run.returncode == 0, run.output
    assert len(keyring.entries("Valid")) == 1


@pytest.mark.parametrize("route", [APPLY, REVOKE])
def test_a_lost_answer_at_revocation(stand_ins: Any, controller: Any, keyring: Keyring, route: str) -> None:
    keyring.operator_creates()
    stand_ins.ask("POST", "/faults", service="registry", route=route, kind="reset", times=1, after_acting=True)
    run = play(stand_ins, controller, keyring.task(state="absent", registry=keyring.contract))
    assert run.returncode == 0, run.output
    assert [key["status"] for key in keyring.entries()] == ["Revoked"]


def test_a_contract_without_a_request_to_apply(stand_ins: Any, controller: Any, keyring: Keyring) -> None:
    keyring.switch(apply_required=False, pending_seconds=0.5)
    contract = {name: part for name, part in keyring.contract.items() if name != "apply"}
    before = keyring.count("registry", APPLY)
    run = play(stand_ins, controller, keyring.task(registry=contract))
    assert run.results["key"]["key"]["status"] == "valid", run.output
    assert keyring.count("registry", APPLY) == before


def test_a_run_that_was_killed_before_it_applied_is_repaired(stand_ins: Any, controller: Any, keyring: Keyring) -> None:
    stand_ins.ask("POST", "/faults", service="registry", route=APPLY, kind="status", status=403)
    run = play(stand_ins, controller, keyring.task(registry=keyring.contract))
    assert "was pending when it was seen last; run again" in run.failure["msg"]
    stand_ins.ask("DELETE", "/faults")
    again = play(stand_ins, controller, keyring.task(registry=keyring.contract))
    assert again.results["key"]["changed"] is True, again.output
    assert [key["status"] for key in keyring.entries()] == ["Valid"]


def test_a_key_that_stays_pending(stand_ins: Any, controller: Any, keyring: Keyring) -> None:
    keyring.switch(pending_seconds=None)
    impatient = {"registry": keyring.contract, "wait_timeout": 2}
    run = play(stand_ins, controller, keyring.task(**impatient))
    (key,) = keyring.entries("Pending")
    assert run.failure["error"]["kind"] == "timeout"
    assert f"{key['id']} for {PRODUCT} become valid within 2 seconds: it is still pending" in run.failure["msg"]
    again = play(stand_ins, controller, keyring.task(**impatient))
    assert again.failure["error"]["kind"] == "timeout"
    assert len(keyring.entries()) == 1
    stand_ins.ask("POST", f"/strata/keys/{key['id']}/settle")
    assert play(stand_ins, controller, keyring.task(**impatient)).returncode == 0


def test_a_revocation_that_stays_pending_is_taken_up_again(stand_ins: Any, controller: Any, keyring: Keyring) -> None:
    keyring.operator_creates()
    keyring.switch(pending_seconds=None)
    gone = keyring.task(state="absent", registry=keyring.contract, wait_timeout=1)
    assert play(stand_ins, controller, gone).failure["error"]["kind"] == "timeout"
    (key,) = keyring.entries("Pending")
    assert "not valid" in play(stand_ins, controller, gone).failure["msg"]
    stand_ins.ask("POST", f"/strata/keys/{key['id']}/settle")
    assert play(stand_ins, controller, gone).results["key"]["changed"] is False


def test_a_key_of_another_account_is_not_touched(stand_ins: Any, controller: Any, keyring: Keyring) -> None:
    other = keyring.new_account("other")
    key = keyring.operator_creates(other)
    before = keyring.changes()
    for state in ("present", "absent"):
        run = play(stand_ins, controller, keyring.task(state=state, registry=keyring.contract))
        assert run.failure["error"]["kind"] == "conflict"
        assert key["id"] in run.failure["msg"]
        assert other["client_id"] in run.failure["msg"]
    assert keyring.changes() == before
    gone = play(stand_ins, controller, keyring.task(state="absent", registry=keyring.contract, service_account=None))
    assert gone.results["key"]["changed"] is True, gone.output


def test_an_account_with_a_key_gets_no_second_one(stand_ins: Any, controller: Any, keyring: Keyring) -> None:
    keyring.operator_creates(product="prisma_access")
    before = keyring.changes()
    run = play(stand_ins, controller, keyring.task(registry=keyring.contract))
    assert run.failure["error"]["kind"] == "conflict"
    assert "an account carries one key" in run.failure["msg"]
    assert (keyring.changes(), len(keyring.entries())) == (before, 1)


def test_a_deleted_accounts_key_can_be_revoked(stand_ins: Any, controller: Any, keyring: Keyring) -> None:
    keyring.operator_creates()
    stand_ins.scm("DELETE", f"/iam/v1/service_accounts/{keyring.account['id']}")
    gone = keyring.task(state="absent", registry=keyring.contract, service_account=keyring.account["client_id"])
    assert play(stand_ins, controller, gone).results["key"]["changed"] is True
    assert keyring.entries("Revoked")


def test_expired_keys_do_not_count(stand_ins: Any, controller: Any, keyring: Keyring) -> None:
    keyring.operator_creates(product="prisma_access")
    stand_ins.ask(
        "PUT", "/clock", offset_seconds=9 * 365 * 86400
    )  # after the licence of Prisma Access, before that of WildFire
    assert keyring.entries("Expired")
    run = play(
        stand_ins,
        controller,
        keyring.task("gone", state="absent", product="prisma_access", registry=keyring.contract),
        keyring.task("made", registry=keyring.contract),
        asserting("gone is not changed", "made is changed"),
    )
    assert run.returncode == 0, run.output


def test_check_mode_asks_the_list_and_changes_nothing(stand_ins: Any, controller: Any, keyring: Keyring) -> None:
    both = [
        keyring.task(f"will be {state}", state=state, registry=keyring.contract, **keyring.bound)
        for state in ("present", "absent")
    ]
    before, queries, lists = keyring.changes(), keyring.count("wildfire", VERDICT), keyring.count("registry", LIST)
    empty = play(stand_ins, controller, *both, arguments=("--check", "--diff"))
    assert [empty.results[f"will be {state}"]["changed"] for state in ("present", "absent")] == [True, False]
    assert empty.results["will be present"]["key"]["id"] is None
    key = keyring.operator_creates()
    full = play(stand_ins, controller, *both, arguments=("--check", "--diff"))
    assert [full.results[f"will be {state}"]["changed"] for state in ("present", "absent")] == [False, True]
    assert full.results["will be absent"]["diff"]["before"]["id"] == key["id"]
    assert (keyring.changes(), keyring.count("wildfire", VERDICT)) == (before, queries)
    assert keyring.count("registry", LIST) - lists == 4


def legacy(keyring: Keyring, stand_ins: Any) -> None:
    stand_ins.ask("POST", "/strata/legacy-keys", product="prisma_access")


def unlicensed(keyring: Keyring, stand_ins: Any) -> None:
    keyring.switch(licensed=["prisma_access"])


def limited(keyring: Keyring, stand_ins: Any) -> None:
    body = '{"error": "Conflict", "message": "license limit: one API key per tenant", "statusCode": 409}'
    stand_ins.ask("POST", "/faults", service="registry", route=CREATE, kind="status", status=409, body=body)


REFUSED = [
    (legacy, "existing API keys have not yet been migrated", "Migrate the old keys"),
    (unlicensed, "no active license for the product advanced_wildfire", "needs an active licence"),
    (limited, "license limit: one API key per tenant", "A licence gives one key"),
]


@pytest.mark.parametrize(("arrange", "words", "way"), REFUSED, ids=[case[0].__name__ for case in REFUSED])
def test_what_the_registry_refuses_comes_with_its_words_and_the_way_out(
    stand_ins: Any, controller: Any, keyring: Keyring, arrange: Any, words: str, way: str
) -> None:
    arrange(keyring, stand_ins)
    failure = play(stand_ins, controller, keyring.task(registry=keyring.contract)).failure
    assert words in failure["error"]["reason"]
    assert way in failure["error"]["next_step"]
    assert keyring.entries() == []


@pytest.mark.parametrize("with_contract", [True, False])
def test_an_account_that_does_not_exist_is_told_before_anything_changes(
    stand_ins: Any, controller: Any, keyring: Keyring, with_contract: bool
) -> None:
    calls = keyring.changes(), keyring.count("registry", LIST), keyring.count("wildfire", VERDICT)
    options = {"registry": keyring.contract} if with_contract else keyring.bound
    failure = play(stand_ins, controller, keyring.task(service_account="nobody", **options)).failure
    assert failure["error"]["kind"] == "not_found"
    assert "no such service account" in failure["msg"]
    assert calls == (keyring.changes(), keyring.count("registry", LIST), keyring.count("wildfire", VERDICT))


def test_credentials_of_another_account_prove_nothing(stand_ins: Any, controller: Any, keyring: Keyring) -> None:
    keyring.new_account("other")
    failure = play(stand_ins, controller, keyring.task(service_account="other", **keyring.bound)).failure
    assert failure["error"]["kind"] == "conflict"
    assert "'bound_client_id' is scanner@" in failure["msg"]


@pytest.mark.parametrize("reference", ["name", "client_id", "id"])
def test_an_account_by_any_of_its_names(stand_ins: Any, controller: Any, keyring: Keyring, reference: str) -> None:
    keyring.operator_creates()
    run = play(
        stand_ins, controller, keyring.task(service_account=keyring.account[reference], registry=keyring.contract)
    )
    assert run.results["key"]["changed"] is False, run.output


def test_a_caller_that_may_only_read_creates_nothing(stand_ins: Any, controller: Any, keyring: Keyring) -> None:
    reader = {name: keyring.account[name] for name in ("client_id", "client_secret")}
    failure = controller.play(keyring.task(registry=keyring.contract, **reader)).failure
    assert failure["error"]["kind"] == "authorization"
    assert keyring.entries() == []


FAULTS = [
    ({"kind": "status", "status": 500}, "server"),
    ({"kind": "not_json"}, "malformed_answer"),
    ({"kind": "empty"}, "malformed_answer"),
    ({"kind": "redirect", "url": "https://127.0.0.1:1/x"}, "malformed_answer"),
]


@pytest.mark.parametrize(("fault", "kind"), FAULTS, ids=[str(case[0]["kind"]) for case in FAULTS])
def test_a_list_that_cannot_be_read_changes_nothing(
    stand_ins: Any, controller: Any, keyring: Keyring, fault: dict[str, Any], kind: str
) -> None:
    stand_ins.ask("POST", "/faults", service="registry", route=LIST, **fault)
    before = keyring.changes()
    failure = play(stand_ins, controller, keyring.task(registry=keyring.contract)).failure
    assert failure["error"]["kind"] == kind
    assert keyring.changes() == before


def test_a_listed_key_that_wildfire_refuses_is_no_success(stand_ins: Any, controller: Any, keyring: Keyring) -> None:
    keyring.operator_creates()
    stand_ins.ask("POST", "/faults", service="wildfire", route=VERDICT, kind="status", status=401)
    failure = play(
        stand_ins, controller, keyring.task(registry=keyring.contract, **keyring.bound, wait_timeout=1)
    ).failure
    assert "although the registry calls it valid" in failure["msg"]
