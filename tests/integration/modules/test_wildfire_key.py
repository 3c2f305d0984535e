# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WildFire keys with a registry, verified by the simulator's registry."""

from __future__ import annotations

from typing import Any

import pytest

from ..harness.wildfire_helpers import APPLY, CREATE, LIST, PRODUCT, REVOKE, VERDICT, Keyring
from .test_ngfw_token import asserting


@pytest.fixture
def keyring(services: Any, controller: Any) -> Keyring:
    """A tenant with a service account and no key."""
    made = Keyring(services)
    made.switch(pending_seconds=0.5)
    return made


def play(services: Any, controller: Any, *tasks: dict[str, Any], **settings: Any) -> Any:
    return controller.play(*tasks, **services.administrator, **settings)


def test_key_lifecycle_is_idempotent(services: Any, controller: Any, keyring: Keyring) -> None:
    with_contract = {"registry": keyring.contract, **keyring.bound}
    made = play(
        services,
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
        services,
        controller,
        keyring.task("gone", state="absent", registry=keyring.contract),
        keyring.task("still gone", state="absent", registry=keyring.contract),
        asserting(
            "gone is changed and gone.key.status == 'revoked'", "still_gone is not changed and still_gone.key is none"
        ),
    )
    assert gone.returncode == 0, gone.output
    assert [key["status"] for key in keyring.entries()] == ["Revoked"]
    again = play(services, controller, keyring.task("again", **with_contract))
    assert again.results["again"]["changed"] is True
    assert [key["status"] for key in keyring.entries()] == ["Revoked", "Valid"]


@pytest.mark.parametrize("kind", ["reset", "close", "truncate", "not_json"])
def test_lost_response_at_creation_leads_to_one_key(
    services: Any, controller: Any, keyring: Keyring, kind: str
) -> None:
    order = {"service": "registry", "route": CREATE, "kind": kind, "times": 1, "after_acting": True}
    services.ask("POST", "/faults", **order)
    before = keyring.count("registry", CREATE)
    run = play(services, controller, keyring.task(registry=keyring.contract, **keyring.bound))
    assert run.returncode == 0, run.output
    assert services.ask("GET", "/faults")["faults"][0]["hits"] == 1
    assert run.results["key"]["changed"] is True
    assert [key["status"] for key in keyring.entries()] == ["Valid"]
    assert keyring.count("registry", CREATE) - before == 1


def test_lost_request_at_creation_is_retried_once(services: Any, controller: Any, keyring: Keyring) -> None:
    services.ask("POST", "/faults", service="registry", route=CREATE, kind="reset", times=1)
    run = play(services, controller, keyring.task(registry=keyring.contract))
    assert run.returncode == 0, run.output
    assert len(keyring.entries("Valid")) == 1


@pytest.mark.parametrize("route", [APPLY, REVOKE])
def test_lost_response_at_revocation_is_recovered(services: Any, controller: Any, keyring: Keyring, route: str) -> None:
    keyring.operator_creates()
    services.ask("POST", "/faults", service="registry", route=route, kind="reset", times=1, after_acting=True)
    run = play(services, controller, keyring.task(state="absent", registry=keyring.contract))
    assert run.returncode == 0, run.output
    assert [key["status"] for key in keyring.entries()] == ["Revoked"]


def test_registry_without_an_apply_request_works(services: Any, controller: Any, keyring: Keyring) -> None:
    keyring.switch(apply_required=False, pending_seconds=0.5)
    contract = {name: part for name, part in keyring.contract.items() if name != "apply"}
    before = keyring.count("registry", APPLY)
    run = play(services, controller, keyring.task(registry=contract))
    assert run.results["key"]["key"]["status"] == "valid", run.output
    assert keyring.count("registry", APPLY) == before


def test_run_killed_before_apply_is_repaired(services: Any, controller: Any, keyring: Keyring) -> None:
    services.ask("POST", "/faults", service="registry", route=APPLY, kind="status", status=403)
    run = play(services, controller, keyring.task(registry=keyring.contract))
    assert "was last seen pending; run again" in run.failure["msg"]
    services.ask("DELETE", "/faults")
    again = play(services, controller, keyring.task(registry=keyring.contract))
    assert again.results["key"]["changed"] is True, again.output
    assert [key["status"] for key in keyring.entries()] == ["Valid"]


def test_key_that_stays_pending_times_out(services: Any, controller: Any, keyring: Keyring) -> None:
    keyring.switch(pending_seconds=None)
    impatient = {"registry": keyring.contract, "wait_timeout": 2}
    run = play(services, controller, keyring.task(**impatient))
    (key,) = keyring.entries("Pending")
    assert run.failure["error"]["kind"] == "timeout"
    assert (
        f"within 2 seconds that the WildFire key {key['id']} for {PRODUCT} is valid: it is still pending"
        in run.failure["msg"]
    )
    again = play(services, controller, keyring.task(**impatient))
    assert again.failure["error"]["kind"] == "timeout"
    assert len(keyring.entries()) == 1
    services.ask("POST", f"/strata/keys/{key['id']}/settle")
    assert play(services, controller, keyring.task(**impatient)).returncode == 0


def test_pending_revocation_is_resumed(services: Any, controller: Any, keyring: Keyring) -> None:
    keyring.operator_creates()
    keyring.switch(pending_seconds=None)
    gone = keyring.task(state="absent", registry=keyring.contract, wait_timeout=1)
    assert play(services, controller, gone).failure["error"]["kind"] == "timeout"
    (key,) = keyring.entries("Pending")
    assert "not valid" in play(services, controller, gone).failure["msg"]
    services.ask("POST", f"/strata/keys/{key['id']}/settle")
    assert play(services, controller, gone).results["key"]["changed"] is False


def test_key_of_another_account_is_not_changed(services: Any, controller: Any, keyring: Keyring) -> None:
    other = keyring.new_account("other")
    key = keyring.operator_creates(other)
    before = keyring.changes()
    for state in ("present", "absent"):
        run = play(services, controller, keyring.task(state=state, registry=keyring.contract))
        assert run.failure["error"]["kind"] == "conflict"
        assert key["id"] in run.failure["msg"]
        assert other["client_id"] in run.failure["msg"]
    assert keyring.changes() == before
    gone = play(services, controller, keyring.task(state="absent", registry=keyring.contract, service_account=None))
    assert gone.results["key"]["changed"] is True, gone.output


def test_second_key_for_an_account_is_rejected(services: Any, controller: Any, keyring: Keyring) -> None:
    keyring.operator_creates(product="prisma_access")
    before = keyring.changes()
    run = play(services, controller, keyring.task(registry=keyring.contract))
    assert run.failure["error"]["kind"] == "conflict"
    assert "can have only one" in run.failure["msg"]
    assert (keyring.changes(), len(keyring.entries())) == (before, 1)


def test_deleted_accounts_key_can_be_revoked(services: Any, controller: Any, keyring: Keyring) -> None:
    keyring.operator_creates()
    services.scm("DELETE", f"/iam/v1/service_accounts/{keyring.account['id']}")
    gone = keyring.task(state="absent", registry=keyring.contract, service_account=keyring.account["client_id"])
    assert play(services, controller, gone).results["key"]["changed"] is True
    assert keyring.entries("Revoked")


def test_expired_keys_do_not_count(services: Any, controller: Any, keyring: Keyring) -> None:
    keyring.operator_creates(product="prisma_access")
    services.ask(
        "PUT", "/clock", offset_seconds=9 * 365 * 86400
    )  # after the Prisma Access license expires, before that of WildFire
    assert keyring.entries("Expired")
    run = play(
        services,
        controller,
        keyring.task("gone", state="absent", product="prisma_access", registry=keyring.contract),
        keyring.task("made", registry=keyring.contract),
        asserting("gone is not changed", "made is changed"),
    )
    assert run.returncode == 0, run.output


def test_check_mode_reads_the_list_and_changes_nothing(services: Any, controller: Any, keyring: Keyring) -> None:
    both = [
        keyring.task(f"will be {state}", state=state, registry=keyring.contract, **keyring.bound)
        for state in ("present", "absent")
    ]
    before, queries, lists = keyring.changes(), keyring.count("wildfire", VERDICT), keyring.count("registry", LIST)
    empty = play(services, controller, *both, arguments=("--check", "--diff"))
    assert [empty.results[f"will be {state}"]["changed"] for state in ("present", "absent")] == [True, False]
    assert empty.results["will be present"]["key"]["id"] is None
    key = keyring.operator_creates()
    full = play(services, controller, *both, arguments=("--check", "--diff"))
    assert [full.results[f"will be {state}"]["changed"] for state in ("present", "absent")] == [False, True]
    assert full.results["will be absent"]["diff"]["before"]["id"] == key["id"]
    assert (keyring.changes(), keyring.count("wildfire", VERDICT)) == (before, queries)
    assert keyring.count("registry", LIST) - lists == 4


def legacy(keyring: Keyring, services: Any) -> None:
    services.ask("POST", "/strata/legacy-keys", product="prisma_access")


def unlicensed(keyring: Keyring, services: Any) -> None:
    keyring.switch(licensed=["prisma_access"])


def limited(keyring: Keyring, services: Any) -> None:
    body = '{"error": "Conflict", "message": "license limit: one API key per tenant", "statusCode": 409}'
    services.ask("POST", "/faults", service="registry", route=CREATE, kind="status", status=409, body=body)


REFUSED = [
    (legacy, "existing API keys have not yet been migrated", "Migrate the old keys"),
    (unlicensed, "no active license for the product advanced_wildfire", "needs an active license"),
    (limited, "license limit: one API key per tenant", "A license allows one key"),
]


@pytest.mark.parametrize(("arrange", "words", "way"), REFUSED, ids=[case[0].__name__ for case in REFUSED])
def test_registry_errors_include_its_message_and_the_next_step(
    services: Any, controller: Any, keyring: Keyring, arrange: Any, words: str, way: str
) -> None:
    arrange(keyring, services)
    failure = play(services, controller, keyring.task(registry=keyring.contract)).failure
    assert words in failure["error"]["reason"]
    assert way in failure["error"]["next_step"]
    assert keyring.entries() == []


@pytest.mark.parametrize("with_contract", [True, False])
def test_missing_account_is_reported_before_any_change(
    services: Any, controller: Any, keyring: Keyring, with_contract: bool
) -> None:
    calls = keyring.changes(), keyring.count("registry", LIST), keyring.count("wildfire", VERDICT)
    options = {"registry": keyring.contract} if with_contract else keyring.bound
    failure = play(services, controller, keyring.task(service_account="nobody", **options)).failure
    assert failure["error"]["kind"] == "not_found"
    assert "no such service account" in failure["msg"]
    assert calls == (keyring.changes(), keyring.count("registry", LIST), keyring.count("wildfire", VERDICT))


def test_credentials_of_another_account_are_rejected(services: Any, controller: Any, keyring: Keyring) -> None:
    keyring.new_account("other")
    failure = play(services, controller, keyring.task(service_account="other", **keyring.bound)).failure
    assert failure["error"]["kind"] == "conflict"
    assert "'bound_client_id' is scanner@" in failure["msg"]


@pytest.mark.parametrize("reference", ["name", "client_id", "id"])
def test_account_is_found_by_any_identifier(services: Any, controller: Any, keyring: Keyring, reference: str) -> None:
    keyring.operator_creates()
    run = play(
        services, controller, keyring.task(service_account=keyring.account[reference], registry=keyring.contract)
    )
    assert run.results["key"]["changed"] is False, run.output


def test_read_only_caller_creates_nothing(services: Any, controller: Any, keyring: Keyring) -> None:
    reader = {name: keyring.account[name] for name in ("client_id", "client_secret")}
    failure = controller.play(keyring.task(registry=keyring.contract, **reader)).failure
    assert failure["error"]["kind"] == "authorization"
    assert keyring.entries() == []


FAULTS = [
    ({"kind": "status", "status": 500}, "server"),
    ({"kind": "not_json"}, "invalid_response"),
    ({"kind": "empty"}, "invalid_response"),
    ({"kind": "redirect", "url": "https://127.0.0.1:1/x"}, "invalid_response"),
]


@pytest.mark.parametrize(("fault", "kind"), FAULTS, ids=[str(case[0]["kind"]) for case in FAULTS])
def test_unreadable_list_changes_nothing(
    services: Any, controller: Any, keyring: Keyring, fault: dict[str, Any], kind: str
) -> None:
    services.ask("POST", "/faults", service="registry", route=LIST, **fault)
    before = keyring.changes()
    failure = play(services, controller, keyring.task(registry=keyring.contract)).failure
    assert failure["error"]["kind"] == kind
    assert keyring.changes() == before


def test_listed_key_that_wildfire_rejects_fails(services: Any, controller: Any, keyring: Keyring) -> None:
    keyring.operator_creates()
    services.ask("POST", "/faults", service="wildfire", route=VERDICT, kind="status", status=401)
    failure = play(
        services, controller, keyring.task(registry=keyring.contract, **keyring.bound, wait_timeout=1)
    ).failure
    assert "although the WildFire key registry reports it as valid" in failure["msg"]
