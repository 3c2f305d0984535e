# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin of wildfire_key shows the steps before the module waits for a person."""

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
    """The plugin with the results of its modules in turn, and what happened in what order."""

    def __init__(self, *results: dict[str, Any], check_mode: bool = False, **args: Any) -> None:
        super().__init__("wildfire_key", {"product": "advanced_wildfire", **args})
        self.task.check_mode = check_mode
        self._results = list(results)
        self.events: list[str] = []
        self.plugin._display = SimpleNamespace(display=lambda text, color: self.events.append(text))

    def _execute(self, **settings: Any) -> dict[str, Any]:
        self.events.append(settings["module_args"].get("on_manual_step", "default"))
        return dict(self._results.pop(0))


def test_the_steps_are_shown_before_the_wait() -> None:
    action = Acting(NEEDED, {**WORKS, "changed": True, "manual_steps": STEPS}, on_manual_step="wait")
    assert action.run() == {**WORKS, "changed": True, "manual_steps": STEPS}
    assert action.events == ["fail", f"panw.cloud.wildfire_key waits for a person. {NEEDED['msg']}", "wait"]


def test_a_person_who_acts_between_look_and_wait_has_changed_something() -> None:
    found = Acting(NEEDED, WORKS, on_manual_step="wait").run()
    assert (found["changed"], found["manual_steps"]) == (True, STEPS)


def test_a_wait_that_fails() -> None:
    assert Acting(NEEDED, REFUSED, on_manual_step="wait").run() == REFUSED


@pytest.mark.parametrize("first", [WORKS, REFUSED])
def test_where_no_person_is_needed_nothing_is_shown(first: dict[str, Any]) -> None:
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
def test_without_a_wait_the_module_is_run_once(settings: dict[str, Any], events: list[str]) -> None:
    action = Acting(NEEDED, **settings)
    assert action.run() == NEEDED
    assert action.events == events
