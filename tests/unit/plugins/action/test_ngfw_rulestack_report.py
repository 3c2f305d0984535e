# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ngfw_rulestack_report action plugin without a play: lazy imports, options, check mode and failures."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible_collections.panw.cloud.plugins.module_utils._module.rulestack_report import spec
from ansible_collections.panw.cloud.plugins.plugin_utils._rulestack_report.kinds import KINDS
from ansible_collections.panw.cloud.tests.helpers.rulestack_plans import hostile, plan, saved, shop
from ansible_collections.panw.cloud.tests.helpers.run_action import Action


def run(*, check: bool = False, **options: Any) -> dict[str, Any]:
    action = Action("ngfw_rulestack_report", options)
    action.task.check_mode = check
    action.plugin._compute_environment_string = lambda _raw: ""
    result = action.run()
    assert action.modules == [], "the action plugin runs no module"
    return result


def test_plugin_loads_no_sdk(tmp_path: Path) -> None:
    """Not even to do the task, which calls no server."""
    script = """
from ansible_collections.panw.cloud.tests.helpers.run_action import Action
action = Action("ngfw_rulestack_report", {"plans": [sys.argv[1]]})
action.plugin._compute_environment_string = lambda _raw: ""
assert action.run()["counts"]["targets"] == 1
print([name for name in ("boto3", "botocore", "requests") if name in sys.modules])
"""
    code = f"import sys; sys.path[:] = {[entry for entry in sys.path if entry]!r}\n{script}"
    command = [sys.executable, "-c", code, saved(tmp_path, [plan()])]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "[]\n"


def test_kinds_are_those_that_have_words() -> None:
    assert spec()["kind"]["choices"] == list(KINDS)


def test_report_is_written_but_not_in_check_mode(tmp_path: Path) -> None:
    plans, dest = saved(tmp_path / "plans", [shop()]), tmp_path / "reports"
    dest.mkdir()
    predicted = run(check=True, plans=[plans], dest=str(dest))
    assert (predicted["changed"], os.listdir(dest)) == (True, [])
    assert run(plans=[plans], dest=str(dest)) == predicted
    assert sorted(os.listdir(dest)) == [f"ngfw_rulestack_report.{suffix}" for suffix in ("html", "json", "txt")]
    assert run(plans=[plans], dest=str(dest))["changed"] is False


def test_result_has_no_control_characters(tmp_path: Path) -> None:
    plans = saved(tmp_path, [{**hostile("\x1b[2J\u202e\x07evil"), "target": "shop"}])
    result = run(plans=[plans])
    assert "evil" in result["text"]
    assert all(line.isprintable() for line in result["text"].splitlines())


def test_file_that_is_no_plan_fails_the_task(tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_text('{"format": 2}', encoding="utf-8")
    result = run(plans=[str(path)])
    assert (result["failed"], result["error"]["kind"]) == (True, "invalid_input")
    assert str(path) in result["msg"]


@pytest.mark.parametrize("options", [{}, {"plans": ["/a"], "kind": "both"}, {"plans": ["/a"], "surprise": 1}])
def test_options_of_wrong_type_or_name_are_rejected(options: dict[str, Any]) -> None:
    with pytest.raises(AnsibleActionFail):
        run(**options)
