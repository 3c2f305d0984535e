# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The performance targets, and whether they are met."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass

from .contenders import Outcome
from .rounds import TOKEN_ROUTE, Measured

JUDGED = 1000  # rotation targets that the performance targets are defined for
GROWN = 10_000
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Figure:
    """One performance target. ``value`` None: not measured. ``judged``: whether the run had the number of targets it is defined for."""

    text: str
    value: float | None
    sign: str
    limit: float
    judged: bool

    @property
    def met(self) -> bool | None:
        """Whether it is met; None if unknown."""
        if self.value is None or not self.judged:
            return None
        return bool({">=": operator.ge, "<=": operator.le, "==": operator.eq}[self.sign](self.value, self.limit))


def figures(measured: Mapping[int, Measured]) -> list[Figure]:
    """All performance targets, from the run with 1,000 targets, or the largest below it."""
    size = max((size for size in measured if size <= JUDGED), default=max(measured))
    made, judged = measured[size], size == JUDGED
    found = [
        Figure("tokens only: throughput, times the vendor's tool", _times(made, "tokens", "vendor"), ">=", 20, judged),
        Figure("tokens only: throughput, times a host per target", _times(made, "tokens", "hosts"), ">=", 15, judged),
        Figure(
            "full rotation: throughput, times the vendor's tool", _times(made, "rotation", "vendor"), ">=", 5, judged
        ),
        Figure("tokens only: time, times the floor", _ratio(made, "tokens", "tokens floor"), "<=", 1.6, judged),
        Figure("full rotation: time, times the floor", _ratio(made, "rotation", "rotation floor"), "<=", 1.6, judged),
        Figure("full rotation: time, times the steady state", _medians(made, "rotation", "steady"), ">=", 5, judged),
        Figure(
            "distant servers: time, times that with concurrency: 16",
            _ratio(made, "distant", "distant 16"),
            "<=",
            0.5,
            judged,
        ),
        Figure(
            "steady state: calls of the token endpoint",
            made.median("steady", lambda outcome: outcome.calls.get(TOKEN_ROUTE, 0)),
            "==",
            0,
            True,
        ),
    ]
    return found + _growth(measured)


def _growth(measured: Mapping[int, Measured]) -> list[Figure]:
    small, large = measured.get(JUDGED), measured.get(GROWN)
    growth = peak = None
    if small and large:
        growth = large.median("rotation", _each) / small.median("rotation", _each)
    if large:
        peak = max(outcome.cost.peak for outcome in large.outcomes["rotation"]) / MEGABYTE
    return [
        Figure("full rotation: time per target at 10,000, times that at 1,000", growth, "<=", 1.2, True),
        Figure("full rotation: peak memory at 10,000 targets, MB", peak, "<=", 300, True),
    ]


def seconds(outcome: Outcome) -> float:
    """Seconds of the work itself."""
    return outcome.seconds


def _each(outcome: Outcome) -> float:
    """Seconds of work per target."""
    return outcome.seconds / outcome.targets


def _times(made: Measured, ours: str, peer: str) -> float | None:
    """Throughput as a multiple of a peer's: whole programs, except that a playbook peer's startup is not counted."""
    if peer not in made.outcomes:
        return None
    start = made.median("start", seconds) if peer != "vendor" else 0.0
    peers = made.median(peer, lambda outcome: outcome.targets / max(0.001, outcome.cost.wall - start))
    return made.median(ours, lambda outcome: outcome.rate) / peers


def _medians(made: Measured, first: str, second: str) -> float:
    return made.median(first, seconds) / made.median(second, seconds)


def _ratio(made: Measured, first: str, second: str) -> float | None:
    return made.ratio(first, second, seconds) if second in made.outcomes else None
