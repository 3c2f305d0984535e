# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all action plugins of the collection do to keep secrets out of files and output."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible_collections.panw.cloud.plugins.plugin_utils import _secretive
from ansible_collections.panw.cloud.tests.unit.plugins.action.acting import Action
from ansible_collections.panw.cloud.tests.unit.plugins.fakes import KEY, TOKEN

NAMES = [
    *("ngfw_token", "ngfw_token_revoke", "ngfw_access_info", "ngfw_rulestack_info", "ngfw_stored_token"),
    *("scm_service_account", "wildfire_key", "wildfire_key_info", "wildfire_verdict_info"),
]
HELD = {"token": TOKEN, "subscription_key": KEY}
DONE = {"changed": True, "revoked": True, "fingerprint": "x"}


def options(name: str) -> dict[str, Any]:
    return {"admin_role": "firewall"} if name == "ngfw_token" else {}


@pytest.mark.parametrize("name", NAMES)
def test_module_of_the_same_name_is_run(name: str) -> None:
    action = Action(name, {**options(name), "region": "us-east-1"})
    assert action.run(inventory_hostname="h") == {"changed": True}
    (executed,) = action.modules
    assert executed["module_name"] == f"panw.cloud.{name}"
    assert executed["module_args"] == {**options(name), "region": "us-east-1"}
    assert executed["task_vars"] == {"inventory_hostname": "h"}


@pytest.mark.parametrize("name", NAMES)
def test_async_is_refused(name: str) -> None:
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
def test_pipelining(name: str, become: Any, can: bool, style: str, wrapped: bool, expected: bool) -> None:
    action = Action(name, {}, become=become, has_pipelining=can)
    assert action.plugin._is_pipelining_enabled(style, wrapped) is expected


@pytest.mark.parametrize("result", [{"changed": True, "token": TOKEN}, {"failed": True, "subscription_key": KEY}])
def test_result_with_a_secret_is_censored_and_stays_usable(result: dict[str, Any]) -> None:
    action = Action("ngfw_token_revoke", HELD, result=result)
    assert action.run() == {**result, "_ansible_no_log": True}
    assert action.task.no_log is True


@pytest.mark.parametrize("result", [DONE, {"failed": True, "msg": "no"}])
def test_result_without_a_secret_is_shown(result: dict[str, Any]) -> None:
    action = Action("ngfw_token_revoke", HELD, result=result)
    assert action.run() == result
    assert action.task.no_log is False


ITEMS = [HELD, TOKEN, [TOKEN], {"results": [{"inner": {"token": TOKEN}}]}]


@pytest.mark.parametrize("item", ITEMS)
def test_loop_item_that_holds_the_secret_is_censored(item: Any) -> None:
    action = Action("ngfw_token_revoke", HELD, result=DONE)
    assert action.run(ansible_loop_var="item", item=item) == {**DONE, "_ansible_no_log": True}
    assert action.task.no_log is True
    assert action.errors == []


def test_failed_loop_item_is_censored_but_its_message_printed() -> None:
    action = Action("ngfw_token_revoke", HELD, result={"failed": True, "msg": "no"})
    assert action.run(ansible_loop_var="one", one=HELD)["_ansible_no_log"] is True
    assert action.errors == ["no"]


@pytest.mark.parametrize("variables", [{}, {"ansible_loop_var": "item", "item": "web"}, {"ansible_loop_var": "item"}])
def test_loop_item_without_the_secret_is_shown(variables: dict[str, Any]) -> None:
    action = Action("ngfw_token_revoke", HELD, result=DONE)
    assert action.run(**variables) == DONE


def test_current_token_in_a_loop_item_is_censored() -> None:
    current = {**HELD, "expires_at": "soon"}
    action = Action("ngfw_token", {"admin_role": "firewall", "current": current})
    assert action.run(ansible_loop_var="item", item=current)["_ansible_no_log"] is True


@pytest.mark.parametrize("option", sorted(_secretive.SECRET_OPTIONS))
@pytest.mark.parametrize("value", [["a"], {"a": 1}, 7, ""])
def test_secret_of_a_wrong_kind_is_left_to_the_module(option: str, value: Any) -> None:
    action = Action("ngfw_access_info", {option: value})
    assert action.run(ansible_loop_var="item", item=value)["changed"] is True
    assert len(action.modules) == 1


def test_secrets_are_registered_where_ansible_can_mask_them(monkeypatch: pytest.MonkeyPatch) -> None:
    masked: set[str] = set()
    monkeypatch.setattr(_secretive, "register_secret", masked.add)
    result = {"changed": True, "token": TOKEN, "subscription_key": KEY}
    args = {"admin_role": "firewall", "secret_key": "the-secret-key"}
    action = Action("ngfw_token", args, result=result)
    assert action.run() == result
    assert masked == {TOKEN, KEY, "the-secret-key"}
    assert action.task.no_log is False


def test_masking_is_found_where_ansible_has_it() -> None:
    script = """
import sys, types
fake = types.ModuleType("ansible.module_utils.secrets")
fake.register_secret = print
sys.modules[fake.__name__] = fake
from ansible_collections.panw.cloud.plugins.plugin_utils import _secretive
_secretive.register_secret("found")
"""
    command = [sys.executable, "-c", f"import sys; sys.path[:] = {[entry for entry in sys.path if entry]!r}\n{script}"]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "found\n"


def test_tokens_of_targets_are_secrets_too() -> None:
    result = {"changed": True, "targets": [{"name": "a"}, {"name": "b", "token": TOKEN, "subscription_key": KEY}]}
    action = Action("ngfw_stored_token", {}, result=result)
    assert action.run()["_ansible_no_log"] is True
    quiet = Action("ngfw_stored_token", {"targets": 7}, result={"changed": True, "targets": [{"name": "a"}]})
    assert "_ansible_no_log" not in quiet.run()
