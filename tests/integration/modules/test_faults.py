# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fault injection: each fault ends in success after retries or in the documented error, and no failed task leaves a valid token."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .test_ngfw_token import revoke_task, token_task

TOKEN_ROUTE = "GET /v1/mgmt/tokens/cloudrulestackadmin"
LIST_ROUTE = "GET /v1/config/rulestacks"
STS_ROUTE = "AssumeRole"
THROTTLING = {"code": 400, "reason": "ThrottlingException: slow down", "status": 200}

OVERCOME = [
    {"kind": "latency", "seconds": 1},
    {"kind": "status", "status": 429, "retry_after": 1, "times": 2},
    {"kind": "status", "status": 500, "times": 1},
    {"kind": "status", "status": 503, "times": 1},
    {"kind": "reset", "times": 1},
    {"kind": "close", "times": 1},
    {"kind": "truncate", "times": 1},
    {"kind": "error_code", **THROTTLING, "times": 2},
    {"kind": "key_case", "case": "lower"},
    {"kind": "key_case", "case": "upper"},
    {"kind": "key_case", "case": "camel"},
    {"kind": "string_numbers"},
]
REPORTED = [
    ({"kind": "status", "status": 429, "retry_after": 1}, "throttled"),
    ({"kind": "status", "status": 504}, "server"),
    ({"kind": "status", "status": 403}, "authentication"),
    ({"kind": "status", "status": 400}, "invalid_request"),
    ({"kind": "reset"}, "transport"),
    ({"kind": "truncate"}, "transport"),
    ({"kind": "not_json"}, "invalid_response"),
    ({"kind": "empty"}, "invalid_response"),
    ({"kind": "oversize", "bytes": 9_000_000}, "invalid_response"),
    ({"kind": "redirect", "url": "https://127.0.0.1:1/elsewhere"}, "invalid_response"),
    ({"kind": "error_code", "code": 403, "reason": "AccessDeniedException: no", "status": 200}, "authorization"),
    ({"kind": "no_expiry"}, "invalid_response"),
]


def name(fault: Any) -> str:
    return "-".join(str(value) for value in fault.values()) if isinstance(fault, dict) else fault


@pytest.mark.parametrize("fault", OVERCOME, ids=name)
def test_transient_fault_is_overcome(services: Any, controller: Any, fault: dict[str, Any]) -> None:
    before = services.state
    services.ask("POST", "/faults", route=TOKEN_ROUTE, **fault)
    run = controller.play(token_task(services), revoke_task(services))
    assert run.returncode == 0, run.output
    assert services.ask("GET", "/faults")["faults"][0]["hits"] >= 1
    assert services.alive_since(before) == 0


@pytest.mark.parametrize(("fault", "kind"), REPORTED, ids=name)
def test_permanent_fault_is_reported(services: Any, controller: Any, fault: dict[str, Any], kind: str) -> None:
    before = services.state
    services.ask("POST", "/faults", route=TOKEN_ROUTE, **fault)
    failure = controller.play(token_task(services)).failure
    assert failure["error"]["kind"] == kind, failure
    assert "Traceback" not in str(failure)
    assert failure["msg"].startswith("Could not get a token for admin role 'rulestack' at GET https://127.0.0.1")
    assert failure["error"]["next_step"] in failure["msg"]
    assert services.alive_since(before) == 0


@pytest.mark.parametrize(
    "fault",
    [{"kind": "reset"}, {"kind": "truncate"}, {"kind": "status", "status": 503}, {"kind": "not_json"}],
    ids=name,
)
def test_tokens_of_lost_responses_are_counted(services: Any, controller: Any, fault: dict[str, Any]) -> None:
    before = services.state
    services.ask("POST", "/faults", route=TOKEN_ROUTE, after_acting=True, **fault)
    failure = controller.play(token_task(services, expiry_time=5)).failure
    assert failure["error"]["possibly_alive"] == services.alive_since(before) <= 2, failure
    assert re.search(r"The outcome of .* unknown.* lost.* expires? within 5 minutes", failure["msg"]), failure
    services.ask("DELETE", "/faults")


def test_success_after_a_lost_response_warns(services: Any, controller: Any) -> None:
    before = services.state
    services.ask("POST", "/faults", route=TOKEN_ROUTE, after_acting=True, kind="reset", times=1)
    run = controller.play(token_task(services, expiry_time=5), revoke_task(services))
    assert run.returncode == 0, run.output
    assert "it is lost, and expires within 5 minutes" in run.output
    assert services.alive_since(before) == 1


def test_token_without_its_key_cannot_be_revoked_and_is_reported(services: Any, controller: Any) -> None:
    services.ask("POST", "/faults", route=TOKEN_ROUTE, kind="no_subscription_key")
    failure = controller.play(token_task(services, expiry_time=5)).failure
    assert failure["error"]["kind"] == "invalid_response"
    newest = services.state["tokens"][-1]
    assert f"A token (fingerprint {newest['fingerprint']}) was issued and could not be revoked" in failure["msg"]
    assert newest["state"] == "alive"


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "not_json"}, "invalid_response"),
        ({"kind": "repeat_page_token"}, "invalid_response"),
        ({"kind": "status", "status": 403}, "authentication"),
        ({"kind": "error_code", "code": 500, "reason": "InternalServerError", "status": 200}, "server"),
    ],
    ids=name,
)
def test_failed_listing_revokes_its_token(services: Any, controller: Any, fault: dict[str, Any], kind: str) -> None:
    before = services.state
    services.ask("POST", "/faults", route=LIST_ROUTE, **fault)
    task = {"name": "list", "panw.cloud.ngfw_rulestack_info": {"role_arn": services.role_arn}}
    failure = controller.play(task).failure
    assert failure["error"]["kind"] == kind, failure
    assert services.state["issued"] == before["issued"] + 1
    assert services.alive_since(before) == 0


def test_token_that_the_listing_cannot_revoke_is_reported(services: Any, controller: Any) -> None:
    services.ask("POST", "/faults", route="DELETE /v1/mgmt/tokens/{TokenId}", kind="status", status=403)
    task = {"name": "list", "panw.cloud.ngfw_rulestack_info": {"role_arn": services.role_arn}}
    run = controller.play(task)
    assert run.returncode == 0, run.output
    assert run.results["list"]["rulestacks"]
    assert "expires at" in run.results["list"]["warnings"][0]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "status", "status": 403}, None),
        ({"kind": "reset", "times": 1}, None),
        ({"kind": "reset"}, "transport"),
        ({"kind": "status", "status": 503}, "server"),
    ],
    ids=name,
)
def test_faults_of_sts(services: Any, controller: Any, fault: dict[str, Any], kind: str | None) -> None:
    services.ask("POST", "/faults", service="sts", route=STS_ROUTE, **fault)
    run = controller.play(token_task(services, expiry_time=5))
    if run.returncode:
        assert run.failure["error"]["operation"] == f"assume role {services.role_arn}"
        assert kind is None or run.failure["error"]["kind"] == kind
    else:
        assert kind is None


def test_disabled_access_names_the_console_setting(services: Any, controller: Any) -> None:
    services.ask("PUT", "/access", enabled=False)
    try:
        token = controller.play(token_task(services)).failure
        info = controller.play(
            {
                "name": "access",
                "panw.cloud.ngfw_access_info": {"role_arn": services.role_arn, "probe_admin_roles": ["rulestack"]},
            }
        )
    finally:
        services.ask("PUT", "/access", enabled=True)
    assert token["error"]["kind"] == "access_disabled"
    assert "Programmatic Access" in token["msg"]
    assert info.results["access"]["enabled"] is False
    assert info.results["access"]["admin_roles"]["rulestack"]["allowed"] is False


def test_expired_sts_credentials_are_reported(services: Any, controller: Any) -> None:
    assumed = {
        "name": "assume",
        "amazon.aws.sts_assume_role": {"role_arn": services.role_arn, "role_session_name": "soon-over"},
        "register": "session",
        "no_log": True,
    }
    expire = {
        "name": "expire",
        "ansible.builtin.uri": {"url": services.endpoints["admin_url"] + "/credentials/expire", "method": "POST"},
    }
    keys = {
        "access_key": "{{ session.sts_creds.access_key }}",
        "secret_key": "{{ session.sts_creds.secret_key }}",
        "session_token": "{{ session.sts_creds.session_token }}",
    }
    token = {"name": "token", "panw.cloud.ngfw_token": {"admin_role": "firewall", **keys}}
    failure = controller.play(assumed, expire, token).failure
    assert failure["error"]["kind"] == "authentication"
    assert "session of the assumed role has expired" in failure["msg"]


@pytest.mark.parametrize(("offset", "kind"), [(3600, "authentication"), (-3600, "authentication")])
def test_wrong_clock_is_reported(services: Any, controller: Any, offset: int, kind: str) -> None:
    services.ask("PUT", "/clock", offset_seconds=offset)
    failure = controller.play(token_task(services)).failure
    assert failure["error"]["kind"] == kind
    assert "clock" in failure["msg"]
