# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Common code of all action plugins that keeps secrets out of files and output."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import fingerprint
from ansible_collections.panw.cloud.plugins.plugin_utils import _secret_action
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN
from ansible_collections.panw.cloud.tests.helpers.run_action import Action

NAMES = [
    *("ngfw_token", "ngfw_token_revoke", "ngfw_access_info", "ngfw_rulestack_info", "ngfw_stored_token"),
    *("scm_service_account", "wildfire_key", "wildfire_key_info", "wildfire_submission", "wildfire_verdict_info"),
]
HELD = {"token": TOKEN, "subscription_key": KEY}
DONE = {"changed": True, "revoked": True, "fingerprint": "x"}


def options(name: str) -> dict[str, Any]:
    return {"admin_role": "firewall"} if name == "ngfw_token" else {}


@pytest.mark.parametrize("name", NAMES)
def test_action_runs_module_of_same_name(name: str) -> None:
    action = Action(name, {**options(name), "region": "us-east-1"})
    assert action.run(inventory_hostname="h") == {"changed": True}
    (executed,) = action.modules
    assert executed["module_name"] == f"panw.cloud.{name}"
    assert executed["module_args"] == {**options(name), "region": "us-east-1"}
    assert executed["task_vars"] == {"inventory_hostname": "h"}


@pytest.mark.parametrize("name", NAMES)
def test_async_is_rejected(name: str) -> None:
    action = Action(name, options(name), async_val=60)
    with pytest.raises(AnsibleActionFail, match=f"panw.cloud.{name} does not support async"):
        action.run()
    assert action.modules == []


SU, SUDO, OWN = SimpleNamespace(name="su"), SimpleNamespace(name="sudo"), SimpleNamespace(name="su", pipelining=True)
NEVER = SimpleNamespace(name="machinectl", pipelining=False)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("become", "can", "style", "wrapped", "expected"),
    [
        (None, True, "new", False, True),
        (SUDO, True, "new", False, True),
        (SU, True, "new", False, False),
        (OWN, True, "new", False, True),
        (NEVER, True, "new", False, False),
        (None, False, "new", False, False),
        (None, True, "old", False, False),
        (None, True, "binary", False, False),
        (None, True, "new", True, False),
    ],
)
def test_pipelining_is_enabled_if_supported(
    name: str, become: Any, can: bool, style: str, wrapped: bool, expected: bool
) -> None:
    action = Action(name, {}, become=become, has_pipelining=can)
    assert action.plugin._is_pipelining_enabled(style, wrapped) is expected


@pytest.mark.parametrize("result", [{"changed": True, "token": TOKEN}, {"failed": True, "subscription_key": KEY}])
def test_result_with_secret_is_censored_and_stays_usable(result: dict[str, Any]) -> None:
    action = Action("ngfw_token_revoke", HELD, result=result)
    assert action.run() == {**result, "_ansible_no_log": True}
    assert action.task.no_log is True


@pytest.mark.parametrize("result", [DONE, {"failed": True, "msg": "no"}])
def test_result_without_secret_is_shown(result: dict[str, Any]) -> None:
    action = Action("ngfw_token_revoke", HELD, result=result)
    assert action.run() == result
    assert action.task.no_log is False


TaskTimeout = type("TaskTimeout", (BaseException,), {})  # ansible-core's is not an Exception either
# The source of the secret when core adds the item to the plugin's result.
SHOWN_BY_CORE: dict[str, dict[str, Any]] = {
    "the item": {"item": HELD},
    "a registered result": {"item": {"changed": True, "results": [{"inner": {"token": TOKEN}}]}},
    "a list of tokens": {"item": {"token": [TOKEN]}},
    "JSON of the API": {"item": {"Response": {"TokenId": TOKEN}}},
    "a text that is another variable's token": {"item": f"Bearer {TOKEN}", "registered": {"results": [HELD]}},
    "an option's value": {"item": [KEY], "args": {"subscription_key": KEY}},
    "a variable of the task's environment": {"item": KEY, "environment": [{"AWS_SECRET_ACCESS_KEY": KEY}]},
    "a neighbor": {"item": "web", "ansible_loop": {"nextitem": HELD}},
    "the whole loop": {"item": "web", "ansible_loop": {"allitems": ["web", HELD]}},
    "the label": {"item": 0, "label": TOKEN, "registered": HELD},
}
# How a plugin can end.
ENDS: dict[str, dict[str, Any] | BaseException] = {
    "success": DONE,
    "failure": {"failed": True, "msg": "readable"},
    "failure with warnings": {"failed": True, "msg": "readable", "warnings": ["old"]},
    "skipped": {"skipped": True},
    "refused options": AnsibleActionFail("readable"),
    "a fault": ValueError("readable"),
    "no connection": AnsibleConnectionFailure("readable"),
    "no connection, as a result": {"unreachable": True, "msg": "readable"},
    "its timeout": TaskTimeout("readable"),
}


def looped(place: dict[str, Any], end: Any, **more: Any) -> tuple[Action, dict[str, Any]]:
    """An action in a loop, and its variables."""
    given = dict(place)
    args, environment, label = (given.pop(name, None) for name in ("args", "environment", "label"))
    action = Action("ngfw_access_info", args or {"region": "us-east-1"}, result=end, **more)
    action.task.environment = environment or []
    action.task.loop_control.label = label
    action.task.timeout = 7
    action.plugin._templar = SimpleNamespace(template=lambda text: text)
    return action, {"ansible_loop_var": "item", **given}


def left(action: Action, variables: dict[str, Any]) -> dict[str, Any]:
    """How ansible-core 2.18 handles the end: unknown exceptions end the whole loop."""
    try:
        return action.run(**variables)
    except AnsibleActionFail as error:
        return {"failed": True, "msg": error.message, **error.result}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("place", SHOWN_BY_CORE)
def test_each_end_is_censored_if_core_would_show_a_secret(place: str, end: str) -> None:
    action, variables = looped(SHOWN_BY_CORE[place], ENDS[end])
    result = left(action, variables)
    assert result["_ansible_no_log"] is True
    assert action.task.no_log is True
    printed = [*action.errors, *action.warnings, *action.verbose]
    assert not [text for text in printed if TOKEN in text or KEY in text]
    if result.get("failed") or result.get("unreachable"):
        assert len(action.errors) == 1
        assert ("within its timeout of 7 seconds" if end == "its timeout" else "readable") in action.errors[0]
        assert result["msg"] in action.errors[0]
    else:
        assert len(action.verbose) == 1
    assert action.warnings == (["old"] if end == "failure with warnings" else [])
    assert bool(result.get("unreachable")) is end.startswith("no connection")
    assert result.get("timedout") == ({"period": 7} if end == "its timeout" else None)


@pytest.mark.parametrize("place", SHOWN_BY_CORE)
def test_rejected_async_is_censored_in_every_core(place: str) -> None:
    action, variables = looped(SHOWN_BY_CORE[place], DONE, async_val=60)
    with pytest.raises(AnsibleActionFail, match="does not support async") as error:
        action.run(**variables)
    assert error.value.result["_ansible_no_log"] is True
    assert TOKEN not in str(error.value.result)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    "place",
    [
        {},
        {"item": "web"},
        {"item": {"token": None, "api_key": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "next_token": "page-0123456789"}},
        {"item": {"token": {"fingerprint": "1f0e3dad9990", "admin_role": "rulestack"}}},
        {"item": "web", "registered": HELD},
        {"item": "web", "hostvars": {"other": {"item": "web", "token": "web-web-web"}}},
    ],
)
def test_end_without_secret_is_unchanged(place: dict[str, Any], end: str) -> None:
    action, variables = looped(place, ENDS[end])
    if isinstance(ENDS[end], BaseException):
        with pytest.raises(type(ENDS[end]), match="readable"):
            action.run(**variables)
    else:
        assert action.run(**variables) == ENDS[end]
    assert action.task.no_log is False
    assert [*action.errors, *action.warnings, *action.verbose] == []


def test_task_outside_a_loop_is_shown() -> None:
    """As in a task file included in a loop: core prints no item with the result."""
    action, variables = looped({"item": HELD}, DONE)
    action.task.loop = None
    assert action.run(**variables) == DONE


@pytest.mark.parametrize(
    ("end", "censored"),
    [
        ({"failed": True, "msg": f"'region' is {TOKEN}."}, True),
        ({"changed": True, "region": TOKEN}, True),
        (AnsibleActionFail(f"'region' is {TOKEN}."), False),  # its message is the only content
        (ValueError(f"'region' is {TOKEN}."), False),
        (AnsibleConnectionFailure(f"'region' is {TOKEN}."), True),
    ],
)
@pytest.mark.parametrize("place", [{"args": HELD}, {"registered": HELD}])
def test_secret_in_wrong_option_is_in_no_message(
    place: dict[str, Any], end: dict[str, Any] | BaseException, censored: bool
) -> None:
    action, variables = looped(place, end)
    action.task.loop = None
    result = left(action, variables)
    assert bool(result.get("_ansible_no_log")) is censored
    assert censored or TOKEN not in str(result)
    printed = str([*action.errors, *action.verbose])
    assert TOKEN not in printed
    assert ("'region' is ********." if result.get("msg") else "changed=True, region=********") in printed + str(result)


def test_failed_item_is_named_by_fingerprint() -> None:
    action, variables = looped({"item": HELD}, {"failed": True, "msg": "no"})
    action.run(**variables)
    assert action.errors == [f"panw.cloud.ngfw_access_info, item with fingerprint {fingerprint(TOKEN)}: no"]


def test_public_part_of_censored_result_is_shown() -> None:
    result = {**HELD, "changed": True, "fingerprint": "1f0e", "expires_at": "2999", "invocation": {}, "_ansible_x": "y"}
    action = Action("ngfw_token", {"admin_role": "firewall"}, result=result)
    action.run()
    assert action.verbose == ["panw.cloud.ngfw_token: changed=True, expires_at=2999, fingerprint=1f0e"]


@pytest.mark.parametrize("end", [{**HELD, "changed": True}, {"failed": True, "msg": "no"}, AnsibleActionFail("no")])
def test_no_log_task_prints_no_line(end: dict[str, Any] | BaseException) -> None:
    action, variables = looped({"item": HELD}, end)
    action.task.no_log = action.plugin._play_context.no_log = True
    assert left(action, variables)["_ansible_no_log"] is True
    assert [*action.errors, *action.verbose] == []


def test_each_attempt_reports_its_failure() -> None:
    action, variables = looped({"item": HELD}, {"failed": True, "msg": "no"})
    for _attempt in range(3):
        action.run(**variables)
    assert len(action.errors) == 3


@pytest.mark.parametrize("ending", [KeyboardInterrupt, SystemExit])
def test_interruption_is_passed_on(ending: type[BaseException]) -> None:
    action, variables = looped({"item": HELD}, ending())
    with pytest.raises(ending):
        action.run(**variables)


def test_secrets_are_registered_with_ansible_masking(monkeypatch: pytest.MonkeyPatch) -> None:
    masked: set[str] = set()
    monkeypatch.setattr(_secret_action, "register_secret", masked.add)
    monkeypatch.setattr(os, "environ", {"SCM_CLIENT_SECRET": "of the environment"})
    result = {"changed": True, "token": TOKEN, "subscription_key": KEY}
    args = {"admin_role": "firewall", "secret_key": "the-secret-key"}
    action = Action("ngfw_token", args, result=result)
    assert action.run(ansible_loop_var="item", item={"api_key": "the item's"}, old={"token": "of before"}) == result
    assert masked == {TOKEN, KEY, "the-secret-key", "of the environment", "the item's", "of before"}
    assert action.task.no_log is False


@pytest.mark.parametrize("end", [value for value in ENDS.values() if isinstance(value, BaseException)])
def test_secrets_are_registered_before_plugin_can_fail(monkeypatch: pytest.MonkeyPatch, end: BaseException) -> None:
    masked: set[str] = set()
    monkeypatch.setattr(_secret_action, "register_secret", masked.add)
    action, variables = looped({"item": HELD}, end)
    with pytest.raises(type(end)) as raised:
        action.run(**variables)
    assert raised.value is end
    assert {TOKEN, KEY} <= masked


def test_masking_function_is_found_in_ansible() -> None:
    script = """
import sys, types
try:
    from ansible.module_utils import secrets
except ImportError:
    secrets = sys.modules["ansible.module_utils.secrets"] = types.ModuleType("ansible.module_utils.secrets")
secrets.register_secret = print
from ansible_collections.panw.cloud.plugins.plugin_utils import _secret_action
_secret_action.register_secret("found")
"""
    command = [sys.executable, "-c", f"import sys; sys.path[:] = {[entry for entry in sys.path if entry]!r}\n{script}"]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "found\n"


def test_target_tokens_are_secrets() -> None:
    result = {"changed": True, "targets": [{"name": "a"}, {"name": "b", "token": TOKEN, "subscription_key": KEY}]}
    action = Action("ngfw_stored_token", {}, result=result)
    assert action.run()["_ansible_no_log"] is True
    quiet = Action("ngfw_stored_token", {"targets": 7}, result={"changed": True, "targets": [{"name": "a"}]})
    assert "_ansible_no_log" not in quiet.run()
