# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ngfw_token, run as a module against servers on loopback."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.dates import parse, show
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import fingerprint
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.options import RESULT_KEYS
from ansible_collections.panw.cloud.tests.helpers.fakes import (
    KEY,
    ROLE_ARN,
    TOKEN,
    Reply,
    issued,
)
from ansible_collections.panw.cloud.tests.helpers.run_module import (
    DELETE,
    SESSION,
    TOKENS,
    Cloud,
    failed,
    run,
)

ROLES = {
    "firewall": "cloudfirewalladmin",
    "rulestack": "cloudrulestackadmin",
    "global_rulestack": "cloudglobalrulestackadmin",
    "account": "cloudaccountadmin",
}
FRESH = {"token": TOKEN, "subscription_key": KEY, "expires_at": "2999-01-01T00:00:00Z"}
BAD = [
    ({"admin_role": "root"}, "value of admin_role must be one of: firewall, rulestack, global_rulestack, account"),
    ({"expiry_time": 4}, "Option 'expiry_time' is 4"),
    ({"expiry_time": 1441}, "Option 'expiry_time' is 1441"),
    ({"renew_before": 30}, "Option 'renew_before' is 30"),
    ({"role_arn": "nonsense"}, "Option 'role_arn' is malformed"),
    ({"role_arn": "arn:aws:iam::123456789012:user/me"}, "Option 'role_arn' is the ARN of a user"),
    ({"ngfw_url": "nonsense"}, "Option 'ngfw_url' is not a URL"),
    ({"ngfw_url": "http://h.example"}, "Option 'ngfw_url' would send credentials to h.example without TLS"),
    ({"ngfw_url": "https://api.eu-west-1.aws.cloudngfw.paloaltonetworks.com"}, "is a host of region eu-west-1"),
    ({"admin_role": "account", "ngfw_management_url": "http://h.example"}, "Option 'ngfw_management_url' would send"),
    ({"endpoint_url": "http://h.example"}, "Option 'endpoint_url' would send credentials to h.example"),
    ({"endpoint_url": "nonsense"}, "Option 'endpoint_url' is not a URL"),
    ({"ngfw_ca_bundle": "/none.pem"}, "Option 'ngfw_ca_bundle' names a file that does not exist"),
    ({"current": {**FRESH, "token": ""}}, "Option 'current' lacks token"),
    ({"current": {**FRESH, "subscription_key": ""}}, "Option 'current' lacks subscription_key"),
    ({"current": {**FRESH, "expires_at": "soon"}}, "Option 'current.expires_at' is 'soon'; it must be a date"),
    ({"external_id": "with space"}, "Option 'external_id' must have"),
    ({"session_duration": 60}, "Option 'session_duration' is 60"),
    ({"role_session_name": "x"}, "Option 'role_session_name' must have"),
    ({"role_arn": "", "session_duration": 900}, "Option 'session_duration' requires 'role_arn'"),
    ({"ngfw_url": None, "region": "nowhere"}, "Option 'region' is not the name of an AWS region"),
    ({"ngfw_url": None, "region": None}, "Option 'region' is missing"),
]


@pytest.mark.parametrize(("role", "path"), ROLES.items())
def test_token_is_issued_with_role(role: str, path: str) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    with Cloud() as cloud:
        result = run("ngfw_token", {**cloud.options, "admin_role": role, "expiry_time": 60})
        assert cloud.calls == [f"GET {TOKENS}/{path}"]
        (asked,) = [got for got in cloud.received if got.target != "/"]
        assert "?" not in asked.target
        assert json.loads(asked.body) == {"ExpiryTime": 60}
        assert asked.headers["X-Amz-Security-Token"] == SESSION
        assert parse_qs(cloud.sts[0].body.decode())["RoleArn"] == [ROLE_ARN]
    assert set(result) - {"warnings"} == {"changed", *RESULT_KEYS}
    assert before <= parse(result["expires_at"]) - timedelta(minutes=60) <= datetime.now(UTC)
    assert {key: result[key] for key in RESULT_KEYS if key != "expires_at"} == {
        "token": TOKEN,
        "subscription_key": KEY,
        "expiry_time": 60,
        "admin_role": role,
        "fingerprint": fingerprint(TOKEN),
        "tenant_version": "V2",
        "account_id": "123456789012",
        "possibly_alive": 0,
    }
    assert result["changed"] is True


def test_shortened_lifetime_is_a_warning() -> None:
    with Cloud({f"GET {TOKENS}/cloudfirewalladmin": issued(minutes=480)}) as cloud:
        result = run("ngfw_token", {**cloud.options, "admin_role": "firewall", "expiry_time": 600})
    assert result["expiry_time"] == 480
    assert sum("lives for 480 minutes, and 600 were requested" in str(warning) for warning in result["warnings"]) == 1


def test_token_is_issued_with_caller_keys() -> None:
    with Cloud() as cloud:
        options = {**cloud.options, "admin_role": "firewall"}
        options.pop("role_arn")
        result = run("ngfw_token", options)
        assert [parse_qs(got.body.decode())["Action"] for got in cloud.sts] == [["GetCallerIdentity"]]
    assert result["account_id"] == "210987654321"


def test_token_session_options_reach_sts() -> None:
    more = {"role_session_name": "audit", "external_id": "id-1", "session_duration": 900, "session_policy": {"a": 1}}
    with Cloud() as cloud:
        run("ngfw_token", {**cloud.options, **more, "admin_role": "firewall"})
        body = parse_qs(cloud.sts[0].body.decode())
    assert (body["RoleSessionName"], body["ExternalId"], body["DurationSeconds"]) == (["audit"], ["id-1"], ["900"])
    assert json.loads(body["Policy"][0]) == {"a": 1}


def test_token_connection_options_come_from_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with Cloud() as cloud:
        monkeypatch.setenv("NGFW_URL", cloud.options["ngfw_url"])
        monkeypatch.setenv("NGFW_ROLE_ARN", ROLE_ARN)
        monkeypatch.setenv("NGFW_EXTERNAL_ID", "id-1")
        monkeypatch.setenv("AWS_URL", cloud.url)
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLEEXAMPLE1")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the-secret-key-of-the-caller")
        assert run("ngfw_token", {"admin_role": "firewall"})["changed"] is True
        assert parse_qs(cloud.sts[0].body.decode())["ExternalId"] == ["id-1"]


@pytest.mark.parametrize("check", [False, True])
def test_token_fresh_is_returned_without_call(check: bool) -> None:
    """Without the action plugin, Ansible itself masks the secrets, because they were passed as options."""
    with Cloud() as cloud:
        result = run("ngfw_token", {**cloud.options, "admin_role": "firewall", "current": FRESH}, check=check)
        assert cloud.received == []
    assert (result["changed"], result["fingerprint"]) == (False, fingerprint(TOKEN))


@pytest.mark.parametrize(
    "change",
    [
        {"force": True},
        {"current": {}},
        {"current": {**FRESH, "expires_at": show(datetime.now(UTC) + timedelta(minutes=2))}},
    ],
)
def test_token_near_expiry_is_renewed(change: dict[str, Any]) -> None:
    with Cloud() as cloud:
        result = run("ngfw_token", {**cloud.options, "admin_role": "firewall", "current": FRESH, **change})
        assert len(cloud.calls) == 1
    assert result["changed"] is True


def test_token_check_mode_predicts_without_call() -> None:
    with Cloud() as cloud:
        result = run("ngfw_token", {**cloud.options, "admin_role": "firewall"}, check=True)
        assert cloud.received == []
    assert result["changed"] is True
    assert (result["token"], result["subscription_key"], result["expires_at"]) == (None, None, None)
    assert set(result) - {"warnings"} == {"changed", *RESULT_KEYS}


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(("change", "message"), BAD)
def test_token_invalid_input_is_rejected_before_any_call(change: dict[str, Any], message: str, check: bool) -> None:
    with Cloud() as cloud:
        options = {**cloud.options, "admin_role": "firewall", **change}
        result = failed(run("ngfw_token", {k: v for k, v in options.items() if v is not None}, check=check))
        assert cloud.received == []
    assert message in result["msg"]


def test_token_access_off_refers_to_console() -> None:
    routes = {f"GET {TOKENS}/cloudfirewalladmin": issued(Enabled=False)}
    with Cloud(routes) as cloud:
        result = failed(run("ngfw_token", {**cloud.options, "admin_role": "firewall"}))
        assert cloud.calls == [f"GET {TOKENS}/cloudfirewalladmin", DELETE]
    assert result["error"]["kind"] == "access_disabled"
    assert "Programmatic Access, Enable, Confirm" in result["msg"]
    assert "The token that was issued is revoked." in result["msg"]


def test_token_failure_has_documented_parts() -> None:
    reply = Reply(403, {"message": f"no {TOKEN} {SESSION}"}, {"x-amzn-RequestId": "id-1"})
    with Cloud({f"GET {TOKENS}/cloudfirewalladmin": reply}) as cloud:
        result = failed(run("ngfw_token", {**cloud.options, "admin_role": "firewall"}))
        target = f"GET {cloud.url}{TOKENS}/cloudfirewalladmin"
    assert {key: value for key, value in result["error"].items() if key != "next_step"} == {
        "kind": "authorization",
        "operation": "get a token for admin role 'firewall'",
        "target": target,
        "status": 403,
        "error_code": None,
        "reason": "no ******** ********",
        "request_id": "id-1",
        "attempts": 1,
        "possibly_alive": 0,
    }


def test_token_with_unverified_certificates_warns() -> None:
    with Cloud() as cloud:
        result = run("ngfw_token", {**cloud.options, "admin_role": "firewall", "ngfw_validate_certs": False})
    assert any("are not verified ('ngfw_validate_certs')" in str(warning) for warning in result["warnings"])
