# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps, percentiles, progress and the end of a run before its time."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.progress import Every, Snapshot
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.shutdown import (
    LAST,
    PATIENCE,
    Interrupted,
    Stop,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.timings import STORE_STEPS, Steps, summary
from ansible_collections.panw.cloud.tests.helpers.fakes import Clock


class Thing:
    """A store as far as it matters here."""

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


def test_methods_are_timed_as_their_steps() -> None:
    clock = Clock()
    steps = Steps(clock, Stop(clock))
    watched = steps.watch(Thing(clock), STORE_STEPS)
    assert [watched.load(), watched.reserve(), watched.stage(), watched.other()] == [
        "load",
        "reserve",
        "stage",
        "other",
    ]
    assert steps.spent == {"read": 2, "create": 4}
    assert steps.failed is None


def test_the_first_step_that_failed_is_remembered() -> None:
    clock = Clock()
    steps = Steps(clock, Stop(clock))
    for name in ("finish", "retire"):
        with pytest.raises(ValueError, match="no"), steps.step(name):
            raise ValueError("no")
    assert steps.failed == "finish"
    with pytest.raises(ValueError, match="promote"):
        steps.watch(Thing(clock), STORE_STEPS).promote()
    assert steps.spent["finish"] == 2


def test_an_interrupted_run_makes_no_token_and_finishes_those_it_has_made() -> None:
    clock = Clock()
    stop = Stop(clock)
    thing = Thing(clock)
    watched = Steps(clock, stop).watch(thing, {**STORE_STEPS, "issue": "create"})
    stop.interrupt()
    for begun in (watched.reserve, watched.issue):
        with pytest.raises(Interrupted):
            begun()
    for rest in (watched.stage, watched.drop_pending, watched.forget):
        rest()
    assert thing.calls == ["stage", "drop_pending", "forget"]


def test_percentiles_are_of_the_nearest_rank() -> None:
    found = summary([{"read": number / 100, "total": 1.0} for number in range(1, 101)])
    assert found["read"] == {"count": 100, "p50": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}
    assert list(found) == ["read", "total"]
    assert summary([{"read": 3.0}])["read"] == {"count": 1, "p50": 3.0, "p90": 3.0, "p99": 3.0, "max": 3.0}
    assert summary([]) == {}


def test_patience_runs_out_in_two_steps() -> None:
    clock = Clock()
    stop = Stop(clock)
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
    stop.sleep(3600)  # there is no patience left: it returns at once
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
def test_progress_in_words(snapshot: Snapshot, text: str) -> None:
    assert snapshot.text == text


def test_a_bar_fits_its_line() -> None:
    snapshot = Snapshot(100, 25, 0, 10)
    assert snapshot.gauge(200).startswith("[##########..............................] 25 of 100")
    for width in (1, 20, 60, 80, 120):
        assert len(snapshot.gauge(width)) <= width


def test_progress_is_told_every_few_seconds() -> None:
    told: list[Snapshot] = []
    every = Every(5, told.append)
    for seconds in (0, 1, 4.9, 5.1, 6, 10, 10.2, 30):
        every(Snapshot(1, 0, 0, seconds))
    assert [snapshot.seconds for snapshot in told] == [5.1, 10.2, 30]
