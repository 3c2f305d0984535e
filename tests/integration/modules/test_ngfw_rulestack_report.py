# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on plans in a play: without a connection, with the defaults of the action group, and again without a change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.panw.cloud.tests.helpers.rulestack_plans import plan, saved, shop


def test_report_is_written_once_and_shown_in_the_output(controller: Any, tmp_path: Path) -> None:
    plans, dest = saved(tmp_path / "plans", [shop(), plan(1)]), tmp_path / "review"
    task = {"panw.cloud.ngfw_rulestack_report": {"plans": [plans], "dest": str(dest)}}
    tasks = [
        {"name": "predicted", **task, "check_mode": True},
        {"name": "first", **task, "register": "review"},
        {"name": "second", **task},
        {"name": "show", "ansible.builtin.debug": {"msg": "{{ review.text.splitlines() }}"}},
    ]
    defaults = {"group/panw.cloud.ngfw": {"region": "us-east-1", "role_arn": "arn:aws:iam::123456789012:role/Nobody"}}
    run = controller.play({"name": "block", "module_defaults": defaults, "block": tasks})
    assert run.returncode == 0, run.output
    changed = {name: run.results[name]["changed"] for name in ("predicted", "first", "second")}
    assert changed == {"predicted": True, "first": True, "second": False}
    assert sorted(path.name for path in tmp_path.glob("review.*")) == ["review.html", "review.json", "review.txt"]
    assert "Rulestack plan: 8 changes in 1 of 2 rulestacks of 2 targets." in run.output


def test_invalid_plan_is_named(controller: Any, tmp_path: Path) -> None:
    path = tmp_path / "shop.json"
    path.write_text("{", encoding="utf-8")
    run = controller.play({"name": "report", "panw.cloud.ngfw_rulestack_report": {"plans": [str(path)]}})
    assert run.returncode == 2, run.output
    assert f"Option 'plans' names {path}, which is not JSON: " in run.failure["msg"]
