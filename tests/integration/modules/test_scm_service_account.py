# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service accounts of Strata Cloud Manager, with the servers' own state as witness."""

from __future__ import annotations

from typing import Any

import pytest

from .test_ngfw_token import asserting

CREATE, BIND = "POST /iam/v1/service_accounts", "POST /iam/v1/access_policies"
RESET = "POST /iam/v1/service_accounts/{id}/operations/reset"
LIST = "GET /iam/v1/service_accounts"
TOKEN = "POST /oauth2/access_token"


def account(name: str, register: str = "account", **options: Any) -> dict[str, Any]:
    """A task that is called as what it registers."""
    return {"name": register, "panw.cloud.scm_service_account": {"name": name, **options}, "register": register}


def acting_as(registered: str) -> dict[str, str]:
    """The options of a task that acts as an account that was registered."""
    return {"client_id": f"{{{{ {registered}.client_id }}}}", "client_secret": f"{{{{ {registered}.client_secret }}}}"}


def accounts(stand_ins: Any, name: str) -> list[Any]:
    return [item for item in stand_ins.tenant["service_accounts"] if item["name"] == name]


def roles(stand_ins: Any, client_id: str) -> list[str]:
    return [item["role"] for item in stand_ins.tenant["access_policies"] if item["principal"] == client_id]


def count(stand_ins: Any, route: str) -> int:
    return int(stand_ins.tenant["calls"]["scm"].get(route, 0))


@pytest.mark.parametrize("shape", ["documented", "array", "items"])
def test_the_life_of_an_account_each_step_twice(stand_ins: Any, controller: Any, shape: str) -> None:
    stand_ins.ask("PUT", "/strata", list_shape=shape)
    custom = {"name": "keys", "description": "d", "permissions": ["iam.service_account.list"]}
    role = stand_ins.scm("POST", "/iam/v1/custom_roles", custom)["id"]
    wanted = {"description": "Reads", "contact_email": "a@example.com", "role": "keys"}
    run = controller.play(
        account("reader", **wanted),
        account("reader", "kept", **wanted),
        account("reader", "other", description="Reads more"),
        account("reader", "same", description="Reads more"),
        asserting(
            "account is changed and kept is not changed and other is changed and same is not changed",
            "account.client_secret | length > 20 and kept.client_secret is none and other.client_secret is none",
            f"account.role == '{role}' and kept.role == '{role}' and other.role is none",
            "account.id == kept.id and account.client_id == kept.client_id",
            "not account.secret_reset",
        ),
        **stand_ins.administrator,
    )
    assert run.returncode == 0, run.output
    (made,) = accounts(stand_ins, "reader")
    assert (made["description"], made["contact_email"]) == ("Reads more", "a@example.com")
    assert roles(stand_ins, made["client_id"]) == [role]
    gone = controller.play(
        account("reader", "gone", state="absent"),
        account("reader", "still_gone", state="absent"),
        **stand_ins.administrator,
    )
    assert gone.returncode == 0, gone.output
    assert [gone.results[name]["changed"] for name in ("gone", "still_gone")] == [True, False]
    assert accounts(stand_ins, "reader") == []
    assert roles(stand_ins, made["client_id"]) == []
    assert stand_ins.tenant["users"] == []


def test_a_new_secret_works_and_the_old_one_is_dead(stand_ins: Any, controller: Any) -> None:
    run = controller.play(
        account("manager", "first", role="iam_admin"),
        account("manager", "before", **acting_as("first")),
        account("manager", "second", reset_secret=True),
        account("manager", "after", **acting_as("second")),
        asserting("second is changed and second.secret_reset", "second.client_secret != first.client_secret"),
        account("manager", "too_late", **acting_as("first")),
        **stand_ins.administrator,
    )
    failure = run.failure
    assert (failure["error"]["kind"], failure["error"]["error_code"]) == ("authentication", "invalid_client")
    assert run.results["too_late"] is failure, run.output
    assert count(stand_ins, RESET) >= 1


def test_check_mode_changes_nothing_and_knows_the_same(stand_ins: Any, controller: Any) -> None:
    before = stand_ins.tenant
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
        **stand_ins.administrator,
    )
    assert run.returncode == 0, run.output
    assert "a new one; the old one is dead" in run.output
    after = stand_ins.tenant
    for part in ("service_accounts", "access_policies", "users"):
        assert after[part] == before[part]
    assert count(stand_ins, RESET) == before["calls"]["scm"].get(RESET, 0)


@pytest.mark.parametrize("kind", ["reset", "close", "truncate", "not_json", "empty"])
def test_a_lost_answer_to_the_creation_leads_to_one_account_whose_secret_works(
    stand_ins: Any, controller: Any, kind: str
) -> None:
    order = {"service": "scm", "route": CREATE, "kind": kind, "times": 1, "after_acting": True}
    stand_ins.ask("POST", "/faults", **order)
    run = controller.play(
        account("lost", role="iam_admin"),
        account("lost", "again", **acting_as("account")),
        asserting("account is changed and again is not changed"),
        **stand_ins.administrator,
    )
    assert run.returncode == 0, run.output
    assert len(accounts(stand_ins, "lost")) == 1
    assert stand_ins.ask("GET", "/faults")["faults"][0]["struck"] == 1


def test_lost_answers_to_binding_and_reset_change_nothing(stand_ins: Any, controller: Any) -> None:
    for route in (BIND, RESET):
        order = {"service": "scm", "route": route, "kind": "reset", "times": 1, "after_acting": True}
        stand_ins.ask("POST", "/faults", **order)
    run = controller.play(
        account("lost", role="iam_admin"),
        account("lost", "second", reset_secret=True),
        account("lost", "again", **acting_as("second")),
        **stand_ins.administrator,
    )
    assert run.returncode == 0, run.output
    (made,) = accounts(stand_ins, "lost")
    assert roles(stand_ins, made["client_id"]) == ["iam_admin"]
    assert [fault["struck"] for fault in stand_ins.ask("GET", "/faults")["faults"]] == [1, 1]


def test_an_account_without_its_role_is_not_left_behind(stand_ins: Any, controller: Any) -> None:
    stand_ins.ask("POST", "/faults", service="scm", route=BIND, kind="status", status=403)
    run = controller.play(account("orphan", role="auditor"), **stand_ins.administrator)
    assert run.failure["error"]["kind"] == "authorization"
    assert "is removed again" in run.failure["msg"]
    assert accounts(stand_ins, "orphan") == []
    assert stand_ins.tenant["users"] == []


REFUSED = [
    ("a scope of another tenant", {"tsg_id": "1999999999"}, "authorization", "1999999999"),
    ("a wrong secret", {"client_secret": "wrong"}, "authentication", "client secret"),
    ("an unknown role", {"role": "nothing"}, "not_found", "predefined"),
    ("a name that the vendor refuses", {"name": "a b"}, "invalid_request", "Correct the option"),
]


@pytest.mark.parametrize(("title", "options", "kind", "advice"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refusals_change_nothing(
    stand_ins: Any, controller: Any, title: str, options: dict[str, str], kind: str, advice: str
) -> None:
    before = stand_ins.tenant["service_accounts"]
    run = controller.play(account(**{"name": "a", **options}), **stand_ins.administrator)
    assert run.failure["error"]["kind"] == kind, title
    assert advice in run.failure["error"]["next_step"]
    assert stand_ins.tenant["service_accounts"] == before


def test_the_role_of_the_caller_has_to_allow_it(stand_ins: Any, controller: Any) -> None:
    run = controller.play(
        account("reader", role="auditor"),
        account("other", "refused", **acting_as("account")),
        **stand_ins.administrator,
    )
    assert run.results["refused"]["error"]["kind"] == "authorization"
    assert "'iam_admin'" in run.failure["error"]["next_step"]
    assert accounts(stand_ins, "other") == []


def test_an_access_token_that_is_refused_is_renewed_once(stand_ins: Any, controller: Any) -> None:
    stand_ins.ask("POST", "/faults", service="scm", route=LIST, kind="status", status=401, times=1)
    before = len(stand_ins.tenant["access_tokens"])
    run = controller.play(account("auditor"), **stand_ins.administrator)
    assert run.returncode == 0, run.output
    assert len(stand_ins.tenant["access_tokens"]) - before == 2


OVERCOME = [
    {"service": "oauth", "route": TOKEN, "kind": "status", "status": 503, "times": 2},
    {"service": "oauth", "route": TOKEN, "kind": "reset", "times": 1},
    {"service": "scm", "route": LIST, "kind": "status", "status": 429, "retry_after": 1, "times": 1},
    {"service": "scm", "route": LIST, "kind": "truncate", "times": 1},
]
STAYING = [
    ({"service": "oauth", "route": TOKEN, "kind": "status", "status": 500}, "server"),
    ({"service": "oauth", "route": TOKEN, "kind": "not_json"}, "malformed_answer"),
    ({"service": "oauth", "route": TOKEN, "kind": "without", "field": "access_token"}, "malformed_answer"),
    ({"service": "scm", "route": LIST, "kind": "status", "status": 401}, "authentication"),
    ({"service": "scm", "route": LIST, "kind": "not_json"}, "malformed_answer"),
    ({"service": "scm", "route": LIST, "kind": "oversize", "bytes": 9_000_000}, "malformed_answer"),
    ({"service": "scm", "route": LIST, "kind": "redirect", "url": "https://127.0.0.1:1/x"}, "malformed_answer"),
    ({"service": "scm", "route": LIST, "kind": "reset"}, "transport"),
]


def name(fault: Any) -> str:
    return "-".join(str(value) for value in fault.values()) if isinstance(fault, dict) else fault


@pytest.mark.parametrize("fault", OVERCOME, ids=name)
def test_a_fault_that_passes_is_overcome(stand_ins: Any, controller: Any, fault: dict[str, Any]) -> None:
    stand_ins.ask("POST", "/faults", **fault)
    run = controller.play(account("auditor"), **stand_ins.administrator)
    assert run.returncode == 0, run.output
    assert stand_ins.ask("GET", "/faults")["faults"][0]["struck"] >= 1


@pytest.mark.parametrize(("fault", "kind"), STAYING, ids=name)
def test_a_fault_that_stays_is_reported(stand_ins: Any, controller: Any, fault: dict[str, Any], kind: str) -> None:
    stand_ins.ask("POST", "/faults", **fault)
    failure = controller.play(account("a"), **stand_ins.administrator).failure
    assert failure["error"]["kind"] == kind, failure
    assert "Traceback" not in str(failure)
    assert failure["error"]["next_step"] in failure["msg"]
    assert accounts(stand_ins, "a") == []


@pytest.mark.parametrize("path", ["/oauth2/access_token", "/auth/v1/oauth2/access_token", "/am/oauth2/access_token"])
def test_every_documented_path_of_the_token_server_serves(stand_ins: Any, controller: Any, path: str) -> None:
    point = {"SCM_AUTH_URL": stand_ins.endpoints["oauth_url"] + path}
    run = controller.play(account("auditor"), **stand_ins.administrator, **point)
    assert run.returncode == 0, run.output


def test_module_defaults_carry_the_connection(stand_ins: Any, controller: Any) -> None:
    given = stand_ins.administrator
    connection = {"client_id": given["SCM_CLIENT_ID"], "client_secret": given["SCM_CLIENT_SECRET"]}
    block = {"module_defaults": {"group/panw.cloud.scm": connection}, "block": [account("auditor")]}
    run = controller.play({"name": "block", **block})
    assert run.returncode == 0, run.output
    assert run.results["account"]["changed"] is False
