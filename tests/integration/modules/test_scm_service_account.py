# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service accounts of Strata Cloud Manager, verified by the servers' own state."""

from __future__ import annotations

from typing import Any

import pytest

from .test_ngfw_token import asserting

CREATE, BIND = "POST /iam/v1/service_accounts", "POST /iam/v1/access_policies"
RESET = "POST /iam/v1/service_accounts/{id}/operations/reset"
LIST = "GET /iam/v1/service_accounts"
TOKEN = "POST /oauth2/access_token"


def account(name: str, register: str = "account", **options: Any) -> dict[str, Any]:
    """A task with the name of its registered variable."""
    return {"name": register, "panw.cloud.scm_service_account": {"name": name, **options}, "register": register}


def acting_as(registered: str) -> dict[str, str]:
    """The options of a task that authenticates as a registered account."""
    return {"client_id": f"{{{{ {registered}.client_id }}}}", "client_secret": f"{{{{ {registered}.client_secret }}}}"}


def accounts(services: Any, name: str) -> list[Any]:
    return [item for item in services.tenant["service_accounts"] if item["name"] == name]


def roles(services: Any, client_id: str) -> list[str]:
    return [item["role"] for item in services.tenant["access_policies"] if item["principal"] == client_id]


def count(services: Any, route: str) -> int:
    return int(services.tenant["calls"]["scm"].get(route, 0))


@pytest.mark.parametrize("shape", ["documented", "array", "items"])
def test_account_lifecycle_is_idempotent(services: Any, controller: Any, shape: str) -> None:
    services.ask("PUT", "/strata", list_shape=shape)
    custom = {"name": "keys", "description": "d", "permissions": ["iam.service_account.list"]}
    role = services.scm("POST", "/iam/v1/custom_roles", custom)["id"]
    desired = {"description": "Reads", "contact_email": "a@example.com", "role": "keys"}
    run = controller.play(
        account("reader", **desired),
        account("reader", "kept", **desired),
        account("reader", "other", description="Reads more"),
        account("reader", "same", description="Reads more"),
        asserting(
            "account is changed and kept is not changed and other is changed and same is not changed",
            "account.client_secret | length > 20 and kept.client_secret is none and other.client_secret is none",
            f"account.role == '{role}' and kept.role == '{role}' and other.role is none",
            "account.id == kept.id and account.client_id == kept.client_id",
            "not account.secret_reset",
        ),
        **services.administrator,
    )
    assert run.returncode == 0, run.output
    (made,) = accounts(services, "reader")
    assert (made["description"], made["contact_email"]) == ("Reads more", "a@example.com")
    assert roles(services, made["client_id"]) == [role]
    gone = controller.play(
        account("reader", "gone", state="absent"),
        account("reader", "still_gone", state="absent"),
        **services.administrator,
    )
    assert gone.returncode == 0, gone.output
    assert [gone.results[name]["changed"] for name in ("gone", "still_gone")] == [True, False]
    assert accounts(services, "reader") == []
    assert roles(services, made["client_id"]) == []
    assert services.tenant["users"] == []


def test_new_secret_is_valid_and_the_old_one_invalid(services: Any, controller: Any) -> None:
    run = controller.play(
        account("manager", "first", role="iam_admin"),
        account("manager", "before", **acting_as("first")),
        account("manager", "second", reset_secret=True),
        account("manager", "after", **acting_as("second")),
        asserting("second is changed and second.secret_reset", "second.client_secret != first.client_secret"),
        account("manager", "too_late", **acting_as("first")),
        **services.administrator,
    )
    failure = run.failure
    assert (failure["error"]["kind"], failure["error"]["error_code"]) == ("authentication", "invalid_client")
    assert run.results["too_late"] is failure, run.output
    assert count(services, RESET) >= 1


def test_check_mode_changes_nothing_and_predicts_the_result(services: Any, controller: Any) -> None:
    before = services.tenant
    run = controller.play(
        account("planned", role="auditor"),
        account("auditor", "reset", reset_secret=True),
        account("auditor", "gone", state="absent"),
        asserting(
            "account is changed and reset is changed and gone is changed",
            "account.client_secret is none and account.client_id is none and account.role == 'auditor'",
            "reset.secret_reset and reset.client_secret is none and reset.client_id is not none",
        ),
        arguments=("--check", "--diff"),
        **services.administrator,
    )
    assert run.returncode == 0, run.output
    assert "a new one; the old one is invalid" in run.output
    after = services.tenant
    for part in ("service_accounts", "access_policies", "users"):
        assert after[part] == before[part]
    assert count(services, RESET) == before["calls"]["scm"].get(RESET, 0)


@pytest.mark.parametrize("kind", ["reset", "close", "truncate", "not_json", "empty"])
def test_lost_response_to_creation_leads_to_one_account_with_a_valid_secret(
    services: Any, controller: Any, kind: str
) -> None:
    order = {"service": "scm", "route": CREATE, "kind": kind, "times": 1, "after_acting": True}
    services.ask("POST", "/faults", **order)
    run = controller.play(
        account("lost", role="iam_admin"),
        account("lost", "again", **acting_as("account")),
        asserting("account is changed and again is not changed"),
        **services.administrator,
    )
    assert run.returncode == 0, run.output
    assert len(accounts(services, "lost")) == 1
    assert services.ask("GET", "/faults")["faults"][0]["hits"] == 1


def test_lost_responses_to_binding_and_reset_change_nothing(services: Any, controller: Any) -> None:
    for route in (BIND, RESET):
        order = {"service": "scm", "route": route, "kind": "reset", "times": 1, "after_acting": True}
        services.ask("POST", "/faults", **order)
    run = controller.play(
        account("lost", role="iam_admin"),
        account("lost", "second", reset_secret=True),
        account("lost", "again", **acting_as("second")),
        **services.administrator,
    )
    assert run.returncode == 0, run.output
    (made,) = accounts(services, "lost")
    assert roles(services, made["client_id"]) == ["iam_admin"]
    assert [fault["hits"] for fault in services.ask("GET", "/faults")["faults"]] == [1, 1]


def test_account_without_its_role_is_removed_again(services: Any, controller: Any) -> None:
    services.ask("POST", "/faults", service="scm", route=BIND, kind="status", status=403)
    run = controller.play(account("orphan", role="auditor"), **services.administrator)
    assert run.failure["error"]["kind"] == "authorization"
    assert "was deleted again" in run.failure["msg"]
    assert accounts(services, "orphan") == []
    assert services.tenant["users"] == []


REFUSED = [
    ("a scope of another tenant", {"tsg_id": "1999999999"}, "authorization", "1999999999"),
    ("a wrong secret", {"client_secret": "wrong"}, "authentication", "client secret"),
    ("an unknown role", {"role": "nothing"}, "not_found", "predefined"),
    ("a name that the vendor refuses", {"name": "a b"}, "invalid_request", "Correct the option"),
]


@pytest.mark.parametrize(("title", "options", "kind", "advice"), REFUSED, ids=[case[0] for case in REFUSED])
def test_rejected_requests_change_nothing(
    services: Any, controller: Any, title: str, options: dict[str, str], kind: str, advice: str
) -> None:
    before = services.tenant["service_accounts"]
    run = controller.play(account(**{"name": "a", **options}), **services.administrator)
    assert run.failure["error"]["kind"] == kind, title
    assert advice in run.failure["error"]["next_step"]
    assert services.tenant["service_accounts"] == before


def test_caller_role_must_allow_the_change(services: Any, controller: Any) -> None:
    run = controller.play(
        account("reader", role="auditor"),
        account("other", "refused", **acting_as("account")),
        **services.administrator,
    )
    assert run.results["refused"]["error"]["kind"] == "authorization"
    assert "'iam_admin'" in run.failure["error"]["next_step"]
    assert accounts(services, "other") == []


def test_rejected_access_token_is_renewed_once(services: Any, controller: Any) -> None:
    services.ask("POST", "/faults", service="scm", route=LIST, kind="status", status=401, times=1)
    before = len(services.tenant["access_tokens"])
    run = controller.play(account("auditor"), **services.administrator)
    assert run.returncode == 0, run.output
    assert len(services.tenant["access_tokens"]) - before == 2


OVERCOME = [
    {"service": "oauth", "route": TOKEN, "kind": "status", "status": 503, "times": 2},
    {"service": "oauth", "route": TOKEN, "kind": "reset", "times": 1},
    {"service": "scm", "route": LIST, "kind": "status", "status": 429, "retry_after": 1, "times": 1},
    {"service": "scm", "route": LIST, "kind": "truncate", "times": 1},
]
STAYING = [
    ({"service": "oauth", "route": TOKEN, "kind": "status", "status": 500}, "server"),
    ({"service": "oauth", "route": TOKEN, "kind": "not_json"}, "invalid_response"),
    ({"service": "oauth", "route": TOKEN, "kind": "without", "field": "access_token"}, "invalid_response"),
    ({"service": "scm", "route": LIST, "kind": "status", "status": 401}, "authentication"),
    ({"service": "scm", "route": LIST, "kind": "not_json"}, "invalid_response"),
    ({"service": "scm", "route": LIST, "kind": "oversize", "bytes": 9_000_000}, "invalid_response"),
    ({"service": "scm", "route": LIST, "kind": "redirect", "url": "https://127.0.0.1:1/x"}, "invalid_response"),
    ({"service": "scm", "route": LIST, "kind": "reset"}, "transport"),
]


def name(fault: Any) -> str:
    return "-".join(str(value) for value in fault.values()) if isinstance(fault, dict) else fault


@pytest.mark.parametrize("fault", OVERCOME, ids=name)
def test_transient_fault_is_overcome(services: Any, controller: Any, fault: dict[str, Any]) -> None:
    services.ask("POST", "/faults", **fault)
    run = controller.play(account("auditor"), **services.administrator)
    assert run.returncode == 0, run.output
    assert services.ask("GET", "/faults")["faults"][0]["hits"] >= 1


@pytest.mark.parametrize(("fault", "kind"), STAYING, ids=name)
def test_permanent_fault_is_reported(services: Any, controller: Any, fault: dict[str, Any], kind: str) -> None:
    services.ask("POST", "/faults", **fault)
    failure = controller.play(account("a"), **services.administrator).failure
    assert failure["error"]["kind"] == kind, failure
    assert "Traceback" not in str(failure)
    assert failure["error"]["next_step"] in failure["msg"]
    assert accounts(services, "a") == []


@pytest.mark.parametrize("path", ["/oauth2/access_token", "/auth/v1/oauth2/access_token", "/am/oauth2/access_token"])
def test_every_documented_path_of_the_token_server_works(services: Any, controller: Any, path: str) -> None:
    point = {"SCM_AUTH_URL": services.endpoints["oauth_url"] + path}
    run = controller.play(account("auditor"), **services.administrator, **point)
    assert run.returncode == 0, run.output


def test_module_defaults_provide_the_connection(services: Any, controller: Any) -> None:
    given = services.administrator
    connection = {"client_id": given["SCM_CLIENT_ID"], "client_secret": given["SCM_CLIENT_SECRET"]}
    block = {"module_defaults": {"group/panw.cloud.scm": connection}, "block": [account("auditor")]}
    run = controller.play({"name": "block", **block})
    assert run.returncode == 0, run.output
    assert run.results["account"]["changed"] is False
