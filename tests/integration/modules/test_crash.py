# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGKILL at every step, in every store: readers always get a valid token, and no token gets lost except an unrecorded one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ..harness.crash_harness import Runner, kill_points
from ..harness.store_readers import STORES, Place

ISSUE = "GET /v1/mgmt/tokens/cloudrulestackadmin"


def steps_of(place: Place, runner: Runner, **options: Any) -> list[str]:
    """The steps of a complete run."""
    run = runner.begin(**place.options, **options)
    steps = []
    while (step := run.next_step()) is not None:
        steps.append(step)
        run.go()
    assert not run.result.get("failed"), run.result
    return steps


def killed_at(place: Place, runner: Runner, number: int, *, expected: bool, **options: Any) -> list[str]:
    """Kill a run before one of its steps while a reader watches; return the steps, including the prevented one."""
    run = runner.begin(**place.options, **options)
    steps: list[str] = []
    while len(steps) < number:
        if steps:
            run.go()
        step = run.next_step()
        assert step is not None, steps
        steps.append(step)
    place.check_reader(expected=expected)
    run.kill()
    place.check_reader(expected=expected)
    return steps


SCENARIOS = {"first": {"state": "present"}, "rotated": {"state": "rotated"}, "absent": {"state": "absent"}}
# A grace period adds one step in Secrets Manager and none in the others.
GRACE = {"state": "rotated", "grace_period": 5}
CASES = [(store, name, scenario) for store in STORES for name, scenario in SCENARIOS.items()]
CASES.append(("secretsmanager", "grace", GRACE))


@pytest.mark.parametrize(
    ("store", "scenario"),
    [pytest.param(store, scenario, id=f"{store}-{name}") for store, name, scenario in CASES],
)
def test_kill_at_any_step_loses_nothing(
    services: Any, runner: Runner, directory: Path, store: str, scenario: dict[str, Any]
) -> None:
    def prepared() -> Place:
        place = Place(services, store, directory)
        if scenario["state"] != "present":
            assert runner.run(**place.options)["changed"]
        return place

    lost = 0
    expected = scenario["state"] == "rotated"
    undisturbed = steps_of(prepared(), runner, **scenario)
    points = kill_points(undisturbed)
    for number in points:
        place = prepared()
        steps = killed_at(place, runner, number, expected=expected, **scenario)
        print(steps)
        again = runner.run(**place.options, **scenario)
        assert not again.get("failed"), again
        place.check_reader(expected=scenario["state"] != "absent")
        strays = place.strays()
        issued = ISSUE in steps and steps[-1] != ISSUE
        assert len(strays) <= issued, steps
        lost += len(strays)
        before = services.state["calls"]
        if scenario["state"] != "absent":
            last = runner.run(**place.options)
            assert last["changed"] is False, last
        assert token_calls(services.state["calls"]) == token_calls(before)
        assert place.strays() == strays
    assert len(undisturbed) > 6
    assert len(points) > 2
    assert bool(lost) == (scenario["state"] != "absent"), "the unavoidable case did not occur"
    print(store, scenario, len(points), "kills,", lost, "lost")


def token_calls(calls: dict[str, int]) -> int:
    return sum(count for route, count in calls.items() if "/v1/mgmt/tokens" in route)
