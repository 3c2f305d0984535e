# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Step timings, percentiles, progress, and early shutdown."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.progress import Snapshot, Throttle
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.shutdown import (
    LAST,
    PATIENCE,
    Interrupted,
    Shutdown,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.timings import STORE_STEPS, StepTimer, summary
from ansible_collections.panw.cloud.tests.helpers.fakes import Clock


class Thing:
    """A store with only what these tests need."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.calls = clock, list[str]()

    def __getattr__(self, name: str) -> Any:
        def call() -> str:
            self.calls.append(name)
            self.clock.seconds += 2
            if name == "promote":
                raise ValueError(name)
            return name

        return call


def test_methods_are_timed_as_steps() -> None:
    clock = Clock()
    steps = StepTimer(clock, Shutdown(clock))
    watched = steps.watch(Thing(clock), STORE_STEPS)
    assert [watched.load(), watched.reserve(), watched.stage(), watched.other()] == [
        "load",
        "reserve",
        "stage",
        "other",
    ]
    assert steps.spent == {"read": 2, "create": 4}
    assert steps.failed is None


def test_first_failed_step_is_recorded() -> None:
    clock = Clock()
    steps = StepTimer(clock, Shutdown(clock))
    for name in ("finish", "revoke"):
        with pytest.raises(ValueError, match="no"), steps.step(name):
            raise ValueError("no")
    assert steps.failed == "finish"
    with pytest.raises(ValueError, match="promote"):
        steps.watch(Thing(clock), STORE_STEPS).promote()
    assert steps.spent["finish"] == 2


def test_interrupted_run_creates_no_token_and_finishes_created_ones() -> None:
    clock = Clock()
    stop = Shutdown(clock)
    thing = Thing(clock)
    watched = StepTimer(clock, stop).watch(thing, {**STORE_STEPS, "issue": "create"})
    stop.interrupt()
    for started in (watched.reserve, watched.issue):
        with pytest.raises(Interrupted):
            started()
    for rest in (watched.stage, watched.drop_pending, watched.forget):
        rest()
    assert thing.calls == ["stage", "drop_pending", "forget"]


def test_percentile_uses_nearest_rank() -> None:
    found = summary([{"read": number / 100, "total": 1.0} for number in range(1, 101)])
    assert found["read"] == {"count": 100, "p50": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}
    assert list(found) == ["read", "total"]
    assert summary([{"read": 3.0}])["read"] == {"count": 1, "p50": 3.0, "p90": 3.0, "p99": 3.0, "max": 3.0}
    assert summary([]) == {}


def test_shutdown_runs_in_two_stages() -> None:
    clock = Clock()
    stop = Shutdown(clock)
    assert not stop.tick()
    clock.seconds = 1000
    assert not stop.tick()
    assert not stop.asked
    stop.interrupt()
    assert stop.asked
    assert stop.interrupted
    clock.seconds += PATIENCE + 1
    stop.interrupt()
    assert not stop.tick()
    stop.sleep(3600)  # no time left: returns at once
    clock.seconds += LAST
    assert stop.tick()


@pytest.mark.parametrize(
    ("snapshot", "text"),
    [
        (Snapshot(100, 0, 0, 0), "0 of 100 targets done, 0 failed, 0.0 per second"),
        (Snapshot(100, 20, 1, 10), "20 of 100 targets done, 1 failed, 2.0 per second, 40 s left"),
        (Snapshot(10000, 100, 1, 10), "100 of 10000 targets done, 1 failed, 10.0 per second, 16 min 30 s left"),
        (Snapshot(100000, 10, 1, 10), "10 of 100000 targets done, 1 failed, 1.0 per second, 27 h 46 min left"),
        (Snapshot(100, 20, 1, 10, ending=True), "20 of 100 targets done, 1 failed, 2.0 per second, ending"),
        (Snapshot(100, 100, 1, 10), "100 of 100 targets done, 1 failed, 10.0 per second"),
    ],
)
def test_progress_text_is_readable(snapshot: Snapshot, text: str) -> None:
    assert snapshot.text == text


def test_progress_bar_fits_one_line() -> None:
    snapshot = Snapshot(100, 25, 0, 10)
    assert snapshot.gauge(200).startswith("[##########..............................] 25 of 100")
    for width in (1, 20, 60, 80, 120):
        assert len(snapshot.gauge(width)) <= width


def test_progress_is_reported_every_few_seconds() -> None:
    reported: list[Snapshot] = []
    every = Throttle(5, reported.append)
    for seconds in (0, 1, 4.9, 5.1, 6, 10, 10.2, 30):
        every(Snapshot(1, 0, 0, seconds))
    assert [snapshot.seconds for snapshot in reported] == [5.1, 10.2, 30]
