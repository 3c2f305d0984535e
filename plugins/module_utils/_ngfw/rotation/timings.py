# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time the steps of a rotation, and record the step at which a target failed.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .shutdown import Interrupted, Shutdown

# Steps by method. AWS's rotation protocol has create, test (here: prove) and finish.
STORE_STEPS = {
    "load": "read",
    "drift": "read",
    "settle": "settle",
    "reserve": "create",
    "stage": "create",
    "promote": "finish",
    "unlock": "finish",
    "drop_pending": "revoke",
    "read": "revoke",
    "postpone": "revoke",
    "forget": "revoke",
}
SERVICE_STEPS = {"issue": "create", "revoke": "revoke"}
STEPS = ("read", "settle", "assume", "create", "prove", "finish", "revoke", "total")
# Before these methods, no token exists that could get lost.
_SAFE = {"reserve", "issue"}


class StepTimer:
    """The steps of one target.

    :param started: collects the names of all started methods.
    :ivar spent: seconds by step. :ivar failed: the first step that failed. :ivar doing: the method in progress.
    """

    def __init__(self, clock: Callable[[], float], stop: Shutdown, started: set[str] | None = None) -> None:
        self._clock, self._stop = clock, stop
        self._started: set[str] = set() if started is None else started
        self.spent: dict[str, float] = {}
        self.failed: str | None = None
        self.doing: str | None = None

    def step(self, name: str) -> _Step:
        """Time a step, as a context manager."""
        return _Step(self, name, self._clock)

    def watch(self, thing: Any, table: Mapping[str, str]) -> Any:
        """Wrap an object so that its methods are timed as the steps that the table names."""
        return _Watched(thing, table, self)

    def begin(self, method: str) -> None:
        """Start a method. :raises Interrupted: the run is shutting down, and can safely stop before this method."""
        self.doing = method  # set before the check: to give up, the engine does both in the opposite order
        if self._stop.given_up or (method in _SAFE and self._stop.interrupted):
            self.doing = None
            raise Interrupted
        self._started.add(method)

    def end(self) -> None:
        """Note that the method has ended."""
        self.doing = None


class _Step:
    # A class, because a generator as a context manager takes three times as long, and there are many steps.

    def __init__(self, steps: StepTimer, name: str, clock: Callable[[], float]) -> None:
        self._steps, self._name, self._clock = steps, name, clock

    def __enter__(self) -> None:
        self._started = self._clock()

    def __exit__(self, kind: object, error: BaseException | None, _traceback: object) -> None:
        spent = self._steps.spent
        spent[self._name] = spent.get(self._name, 0.0) + self._clock() - self._started
        if error is not None:
            self._steps.failed = self._steps.failed or self._name


class _Watched:
    def __init__(self, thing: Any, table: Mapping[str, str], steps: StepTimer) -> None:
        self._thing, self._table, self._steps = thing, table, steps

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._thing, name)
        step = self._table.get(name)
        if step is None:
            return found

        def timed(*arguments: Any, **named: Any) -> Any:
            self._steps.begin(name)
            try:
                with self._steps.step(step):
                    return found(*arguments, **named)
            finally:
                self._steps.end()

        return timed


def summary(spent: Iterable[Mapping[str, float]]) -> dict[str, dict[str, float | int]]:
    """Percentiles by step (nearest rank), in seconds, over the targets that took it."""
    taken: dict[str, list[float]] = {}
    for times in spent:
        for name, seconds in times.items():
            taken.setdefault(name, []).append(seconds)
    found = {}
    for name in STEPS:
        values = sorted(taken.get(name, ()))
        if values:
            ranks = {f"p{percent}": values[math.ceil(percent / 100 * len(values)) - 1] for percent in (50, 90, 99)}
            rounded = {key: round(value, 4) for key, value in {**ranks, "max": values[-1]}.items()}
            found[name] = {"count": len(values), **rounded}
    return found
