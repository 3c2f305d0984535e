# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGKILL at every step, in every store: readers get the old secret or the new one, and the next run ends with a valid one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ..harness.crash_harness import Runner, kill_points
from ..harness.store_readers import STORES, CredentialsPlace
from ..harness.vaults import VAULTS

CREATE, RESET = "POST /iam/v1/service_accounts", "/operations/reset"
STATES = ["present", "rotated", "absent"]


def steps_of(place: CredentialsPlace, runner: Runner, state: str) -> list[str]:
    """The steps of a complete run."""
    run = runner.begin(**place.options, state=state)
    steps: list[str] = []
    while (step := run.next_step()) is not None:
        steps.append(step)
        run.go()
    assert not run.result.get("failed"), run.result
    return steps


def killed_at(place: CredentialsPlace, runner: Runner, number: int, state: str) -> list[str]:
    """Kill a run before one of its steps and return the steps that it took."""
    run = runner.begin(**place.options, state=state)
    steps: list[str] = []
    while (step := run.next_step()) is not None:
        if len(steps) + 1 == number:
            run.kill()
            return steps
        steps.append(step)
        run.go()
    raise AssertionError(steps)


def secret_changed(steps: list[str]) -> bool:
    """Whether the platform has created a secret."""
    return any(step == CREATE or step.endswith(RESET) for step in steps)


@pytest.mark.parametrize("store", [store for store in STORES if store not in VAULTS])  # where tokens are killed, too
@pytest.mark.parametrize("state", STATES)
def test_kill_at_any_step_is_repaired_by_the_next_run(
    services: Any, credentials_runner: Runner, directory: Path, store: str, state: str
) -> None:
    def prepared() -> CredentialsPlace:
        place = CredentialsPlace(services, store, directory)
        if state != "present":
            assert credentials_runner.run(**place.options)["changed"]
        return place

    dead = 0
    undisturbed = steps_of(prepared(), credentials_runner, state)
    points = kill_points(undisturbed)
    for number in points:
        place = prepared()
        old = place.document()
        steps = killed_at(place, credentials_runner, number, state)
        print(steps)
        found = place.document() or {}
        held, works = "client_secret" in found, "client_secret" in found and place.works(found)
        if state == "rotated":
            assert works or (found == old and secret_changed(steps)), (
                "a reader gets neither the old secret nor a valid one"
            )
        elif held:
            assert works
        again = credentials_runner.run(**place.options, state=state)
        assert not again.get("failed"), again
        if secret_changed(steps) and not works:
            dead += 1
            assert again["repaired"], again
        check_end(place, credentials_runner, state)
    assert len(undisturbed) > 3
    assert len(points) > 1
    assert bool(dead) == (state != "absent"), "the unavoidable case did not occur"
    print(store, state, len(points), "kills,", dead, "left no valid secret")


def check_end(place: CredentialsPlace, runner: Runner, state: str) -> None:
    """Assert that the state is reached, and that a further run changes nothing and requests no secret."""
    assert len(place.accounts()) == 1
    if state == "absent":
        assert place.document() is None
        assert place.stored() == set()
        return
    assert place.works(place.document())
    before = secrets_made(place)
    last = runner.run(**place.options)
    assert last["changed"] is False, last
    assert secrets_made(place) == before > 0
    if place.store != "secretsmanager":  # which keeps old versions for a day
        assert len(place.stored()) == 1


def secrets_made(place: CredentialsPlace) -> int:
    """The number of secret requests to the platform."""
    calls = place.services.tenant["calls"]["scm"]
    return sum(count for route, count in calls.items() if route == CREATE or route.endswith(RESET))
