# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-ins misbehave: each fault ends in success after retries or in the documented error, and no failed task leaves a token alive."""

from __future__ import annotations

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
    ({"kind": "not_json"}, "malformed_answer"),
    ({"kind": "empty"}, "malformed_answer"),
    ({"kind": "oversize", "bytes": 9_000_000}, "malformed_answer"),
    ({"kind": "redirect", "url": "https://127.0.0.1:1/elsewhere"}, "malformed_answer"),
    ({"kind": "error_code", "code": 403, "reason": "AccessDeniedException: no", "status": 200}, "authorization"),
    ({"kind": "no_expiry"}, "malformed_answer"),
]


def name(fault: Any) -> str:
    return "-".join(str(value) for value in fault.values()) if isinstance(fault, dict) else fault


@pytest.mark.parametrize("fault", OVERCOME, ids=name)
def test_a_fault_that_passes_is_overcome(stand_ins: Any, controller: Any, fault: dict[str, Any]) -> None:
    before = stand_ins.state
    stand_ins.ask("POST", "/faults", route=TOKEN_ROUTE, **fault)
    run = controller.play(token_task(stand_ins), revoke_task(stand_ins))
    assert run.returncode == 0, run.output
    assert stand_ins.ask("GET", "/faults")["faults"][0]["struck"] >= 1
    assert stand_ins.alive_since(before) == 0


@pytest.mark.parametrize(("fault", "kind"), REPORTED, ids=name)
def test_a_fault_that_stays_is_reported(stand_ins: Any, controller: Any, fault: dict[str, Any], kind: str) -> None:
    before = stand_ins.state
    stand_ins.ask("POST", "/faults", route=TOKEN_ROUTE, **fault)
    failure = controller.play(token_task(stand_ins)).failure
    assert failure["error"]["kind"] == kind, failure
    assert "Traceback" not in str(failure)
    assert failure["msg"].startswith("Could not get a token for admin role 'rulestack' at GET https://127.0.0.1")
    assert failure["error"]["next_step"] in failure["msg"]
    assert stand_ins.alive_since(before) == 0


@pytest.mark.parametrize(
    "fault",
    [{"kind": "reset"}, {"kind": "truncate"}, {"kind": "status", "status": 503}, {"kind": "not_json"}],
    ids=name,
)
def test_tokens_of_answers_that_are_lost_after_acting_are_counted(
    stand_ins: Any, controller: Any, fault: dict[str, Any]
) -> None:
    before = stand_ins.state
    stand_ins.ask("POST", "/faults", route=TOKEN_ROUTE, after_acting=True, **fault)
    failure = controller.play(token_task(stand_ins, expiry_time=5)).failure
    assert failure["error"]["possibly_alive"] == stand_ins.alive_since(before) <= 2, failure
    assert "nobody holds" in failure["msg"]
    stand_ins.ask("DELETE", "/faults")


def test_a_success_after_a_lost_answer_warns(stand_ins: Any, controller: Any) -> None:
    before = stand_ins.state
    stand_ins.ask("POST", "/faults", route=TOKEN_ROUTE, after_acting=True, kind="reset", times=1)
    run = controller.play(token_task(stand_ins, expiry_time=5), revoke_task(stand_ins))
    assert run.returncode == 0, run.output
    assert "nobody holds it, and it dies within 5 minutes" in run.output
    assert stand_ins.alive_since(before) == 1


def test_a_token_without_its_key_cannot_be_revoked_and_is_told(stand_ins: Any, controller: Any) -> None:
    stand_ins.ask("POST", "/faults", route=TOKEN_ROUTE, kind="no_subscription_key")
    failure = controller.play(token_task(stand_ins, expiry_time=5)).failure
    assert failure["error"]["kind"] == "malformed_answer"
    newest = stand_ins.state["tokens"][-1]
    assert f"A token (fingerprint {newest['fingerprint']}) was issued and could not be revoked" in failure["msg"]
    assert newest["state"] == "alive"


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "not_json"}, "malformed_answer"),
        ({"kind": "repeat_page_token"}, "malformed_answer"),
        ({"kind": "status", "status": 403}, "authentication"),
        ({"kind": "error_code", "code": 500, "reason": "InternalServerError", "status": 200}, "server"),
    ],
    ids=name,
)
def test_a_failed_listing_revokes_its_own_token(
    stand_ins: Any, controller: Any, fault: dict[str, Any], kind: str
) -> None:
    before = stand_ins.state
    stand_ins.ask("POST", "/faults", route=LIST_ROUTE, **fault)
    task = {"name": "list", "panw.cloud.ngfw_rulestack_info": {"role_arn": stand_ins.role_arn}}
    failure = controller.play(task).failure
    assert failure["error"]["kind"] == kind, failure
    assert stand_ins.state["issued"] == before["issued"] + 1
    assert stand_ins.alive_since(before) == 0


def test_a_token_that_the_listing_cannot_revoke_is_told(stand_ins: Any, controller: Any) -> None:
    stand_ins.ask("POST", "/faults", route="DELETE /v1/mgmt/tokens/{TokenId}", kind="status", status=403)
    task = {"name": "list", "panw.cloud.ngfw_rulestack_info": {"role_arn": stand_ins.role_arn}}
    run = controller.play(task)
    assert run.returncode == 0, run.output
    assert run.results["list"]["rulestacks"]
    assert "dies at" in run.results["list"]["warnings"][0]


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
def test_faults_of_sts(stand_ins: Any, controller: Any, fault: dict[str, Any], kind: str | None) -> None:
    stand_ins.ask("POST", "/faults", service="sts", route=STS_ROUTE, **fault)
    run = controller.play(token_task(stand_ins, expiry_time=5))
    if run.returncode:
        assert run.failure["error"]["attempted"] == f"assume role {stand_ins.role_arn}"
        assert kind is None or run.failure["error"]["kind"] == kind
    else:
        assert kind is None


def test_disabled_access_names_the_console_switch(stand_ins: Any, controller: Any) -> None:
    stand_ins.ask("PUT", "/access", enabled=False)
    try:
        token = controller.play(token_task(stand_ins)).failure
        info = controller.play(
            {
                "name": "access",
                "panw.cloud.ngfw_access_info": {"role_arn": stand_ins.role_arn, "probe_admin_roles": ["rulestack"]},
            }
        )
    finally:
        stand_ins.ask("PUT", "/access", enabled=True)
    assert token["error"]["kind"] == "access_disabled"
    assert "Programmatic Access" in token["msg"]
    assert info.results["access"]["enabled"] is False
    assert info.results["access"]["admin_roles"]["rulestack"]["allowed"] is False


def test_expired_sts_credentials_are_told(stand_ins: Any, controller: Any) -> None:
    assumed = {
        "name": "assume",
        "amazon.aws.sts_assume_role": {"role_arn": stand_ins.role_arn, "role_session_name": "soon-over"},
        "register": "session",
        "no_log": True,
    }
    expire = {
        "name": "expire",
        "ansible.builtin.uri": {"url": stand_ins.endpoints["admin_url"] + "/credentials/expire", "method": "POST"},
    }
    keys = {
        "access_key": "{{ session.sts_creds.access_key }}",
        "secret_key": "{{ session.sts_creds.secret_key }}",
        "session_token": "{{ session.sts_creds.session_token }}",
    }
    token = {"name": "token", "panw.cloud.ngfw_token": {"admin_role": "firewall", **keys}}
    failure = controller.play(assumed, expire, token).failure
    assert failure["error"]["kind"] == "authentication"
    assert "session of the assumed role is over" in failure["msg"]


@pytest.mark.parametrize(("offset", "kind"), [(3600, "authentication"), (-3600, "authentication")])
def test_a_wrong_clock_is_named(stand_ins: Any, controller: Any, offset: int, kind: str) -> None:
    stand_ins.ask("PUT", "/clock", offset_seconds=offset)
    failure = controller.play(token_task(stand_ins)).failure
    assert failure["error"]["kind"] == kind
    assert "clock" in failure["msg"]
