# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ngfw_token action plugin: returns a fresh token itself, and runs the module for a new one."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import fingerprint
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.options import RESULT_KEYS
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN
from ansible_collections.panw.cloud.tests.helpers.run_action import Action

FRESH = {"token": TOKEN, "subscription_key": KEY, "expires_at": "2999-01-01T00:00:00Z"}
STALE = {**FRESH, "expires_at": "2000-01-01T00:00:00Z"}
NEW = {"changed": True, "token": TOKEN, "subscription_key": KEY}
REGISTERED = {
    **FRESH,
    "changed": True,
    "failed": False,
    "expiry_time": 60,
    "admin_role": "firewall",
    "fingerprint": "x",
    "tenant_version": "V2",
    "account_id": "123456789012",
    "warnings": ["w"],
    "censored": "hidden",
    "invocation": {"module_args": {}},
    "ansible_facts": {},
}


def token(**args: Any) -> Action:
    return Action("ngfw_token", {"admin_role": "firewall", **args}, result=NEW)


def test_token_fresh_returns_without_running_module() -> None:
    action = token(current=FRESH)
    found = action.run()
    assert action.modules == []
    assert found == {
        **dict.fromkeys(RESULT_KEYS),
        **FRESH,
        "changed": False,
        "admin_role": "firewall",
        "fingerprint": fingerprint(TOKEN),
        "possibly_alive": 0,
        "_ansible_no_log": True,
    }


def test_token_fresh_imports_no_sdk_or_http_library() -> None:
    script = f"""
import json, sys
from ansible_collections.panw.cloud.tests.helpers.run_action import Action
print(json.dumps(Action("ngfw_token", {{"admin_role": "firewall", "current": {FRESH!r}}}).run()["changed"]))
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}} & {{"boto3", "botocore", "requests", "urllib3", "ssl"}})))
"""
    path = [entry for entry in sys.path if entry]
    command = [sys.executable, "-c", f"import sys; sys.path[:] = {path!r}\n{script}"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert json.loads(printed[0]) is False
    assert not {"boto3", "botocore", "requests", "urllib3"} & set(json.loads(printed[1]))


def test_token_registered_result_as_current_is_accepted() -> None:
    found = token(current=REGISTERED).run()
    assert (found["changed"], found["expiry_time"], found["tenant_version"]) == (False, 60, "V2")
    assert found["account_id"] == "123456789012"
    assert found["fingerprint"] == fingerprint(TOKEN)
    assert set(found) == {"changed", "_ansible_no_log", *RESULT_KEYS}


@pytest.mark.parametrize(
    "args",
    [
        {"current": {**dict.fromkeys(REGISTERED), "admin_role": "firewall"}},
        {},
        {"current": None},
        {"current": {}},
        {"current": STALE},
        {"current": FRESH, "force": True},
        {"current": FRESH, "force": "yes"},
        {"current": ""},
    ],
)
def test_token_expired_runs_module(args: dict[str, Any]) -> None:
    action = token(role_arn="arn", **args)
    assert action.run() == {**NEW, "_ansible_no_log": True}
    (executed,) = action.modules
    assert executed["module_name"] == "panw.cloud.ngfw_token"
    assert "current" not in executed["module_args"]
    assert executed["module_args"]["role_arn"] == "arn"


def test_token_renewal_leaves_task_arguments_unchanged() -> None:
    args = {"admin_role": "firewall", "current": dict(STALE)}
    Action("ngfw_token", args, result=NEW).run()
    assert args == {"admin_role": "firewall", "current": STALE}


@pytest.mark.parametrize(
    "text",
    [json.dumps(FRESH), "token={token} subscription_key={subscription_key} expires_at={expires_at}".format(**FRESH)],
)
def test_token_current_as_json_text_is_parsed(text: str) -> None:
    assert token(current=text).run()["changed"] is False


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"current": {**FRESH, "token": None}}, "Option 'current' lacks token"),
        ({"current": {"token": TOKEN}}, "Option 'current' lacks subscription_key, expires_at"),
        (
            {"current": {"changed": False, "skipped": True}},
            "Option 'current' lacks token, subscription_key, expires_at",
        ),
        ({"current": {**FRESH, "expires_at": "soon"}}, "Option 'current.expires_at' is 'soon'; it must be a date"),
        (
            {"current": {**FRESH, "expires_at": "2999-01-01T00:00:00"}},
            "Option 'current.expires_at' is '2999-01-01T00:00:00'; it must be a date",
        ),
        (
            {"current": {**FRESH, "expires_at": "9999-12-31T23:59:59-10:00"}},
            "Option 'current.expires_at' is '9999-12-31T23:59:59-10:00'; it must be a date",
        ),
        ({"current": {**FRESH, "admin_role": "account"}}, "Option 'current' holds a token for admin role 'account'"),
        ({"current": {**FRESH, "token": "two words"}}, "Option 'current.token' contains white space"),
        ({"expiry_time": 4}, "Option 'expiry_time' is 4"),
        ({"expiry_time": 30, "renew_before": 30}, "Option 'renew_before' is 30"),
    ],
)
def test_token_invalid_input_fails_with_readable_message(args: dict[str, Any], message: str) -> None:
    action = token(**args)
    found = action.run()
    assert action.modules == []
    assert found["failed"] is True
    assert found["error"]["kind"] == "invalid_input"
    assert message in found["msg"]
    assert "_ansible_no_log" not in found
    assert TOKEN not in str(found)
    assert KEY not in str(found)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"current": TOKEN}, "current"),
        ({"current": [FRESH]}, "current"),
        ({"current": 7}, "current"),
        ({"expiry_time": "long"}, "expiry_time"),
        ({"force": "perhaps"}, "force"),
        ({"admin_role": "root"}, "admin_role must be one of"),
        ({"admin_role": None}, "admin_role"),
        ({"current": {**FRESH, "token": [TOKEN]}}, ""),
        ({"current": {**FRESH, "token": {"a": TOKEN}}}, ""),
    ],
)
def test_token_option_of_wrong_type_fails_without_secret(args: dict[str, Any], message: str) -> None:
    action = token(**args)
    try:
        shown = str(action.run())
    except AnsibleActionFail as error:
        shown = str(error)
    assert message in shown
    assert action.modules == []
    assert TOKEN not in shown or args["current"] != TOKEN


def test_token_module_failure_message_stays_readable() -> None:
    action = Action("ngfw_token", {"admin_role": "firewall"}, result={"failed": True, "msg": "no"})
    assert action.run() == {"failed": True, "msg": "no"}
    assert action.task.no_log is False


def test_token_check_mode_without_secrets_is_not_censored() -> None:
    action = Action(
        "ngfw_token", {"admin_role": "firewall"}, result={"changed": True, "token": None, "subscription_key": None}
    )
    assert "_ansible_no_log" not in action.run()
