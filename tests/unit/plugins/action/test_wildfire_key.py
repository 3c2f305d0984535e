# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wildfire_key action plugin shows the manual steps before the module waits for them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.panw.cloud.tests.helpers.run_action import Action

STEPS = ["Open the door."]
NEEDED = {"failed": True, "changed": False, "msg": "Could not open.\n1. Open the door.", "manual_steps": STEPS}
REFUSED = {"failed": True, "msg": "Could not get an access token."}
WORKS = {"changed": False, "verified": True, "manual_steps": []}


class Acting(Action):
    """The plugin with scripted module results; records the order of events."""

    def __init__(self, *results: dict[str, Any], check_mode: bool = False, **args: Any) -> None:
        super().__init__("wildfire_key", {"product": "advanced_wildfire", **args})
        self.task.check_mode = check_mode
        self._results = list(results)
        self.events: list[str] = []
        self.plugin._display = SimpleNamespace(display=lambda text, color: self.events.append(text))

    def _execute(self, **settings: Any) -> dict[str, Any]:
        self.events.append(settings["module_args"].get("on_manual_step", "default"))
        return dict(self._results.pop(0))


def test_wait_shows_manual_steps_first() -> None:
    action = Acting(NEEDED, {**WORKS, "changed": True, "manual_steps": STEPS}, on_manual_step="wait")
    assert action.run() == {**WORKS, "changed": True, "manual_steps": STEPS}
    assert action.events == [
        "fail",
        f"panw.cloud.wildfire_key is waiting for manual steps in the console. {NEEDED['msg']}",
        "wait",
    ]


def test_wait_step_done_after_first_check_reports_changed() -> None:
    found = Acting(NEEDED, WORKS, on_manual_step="wait").run()
    assert (found["changed"], found["manual_steps"]) == (True, STEPS)


def test_wait_module_failure_is_returned() -> None:
    assert Acting(NEEDED, REFUSED, on_manual_step="wait").run() == REFUSED


@pytest.mark.parametrize("first", [WORKS, REFUSED])
def test_result_without_manual_steps_shows_nothing(first: dict[str, Any]) -> None:
    action = Acting(first, on_manual_step="wait")
    assert action.run() == first
    assert action.events == ["fail"]


@pytest.mark.parametrize(
    ("settings", "events"),
    [
        ({}, ["default"]),
        ({"on_manual_step": "fail"}, ["fail"]),
        ({"on_manual_step": "wait", "check_mode": True}, ["wait"]),
    ],
)
def test_no_wait_runs_module_once(settings: dict[str, Any], events: list[str]) -> None:
    action = Acting(NEEDED, **settings)
    assert action.run() == NEEDED
    assert action.events == events
