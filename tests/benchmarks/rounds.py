# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured, in rounds: in each round every contender runs once, so that a ratio compares neighbours."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .contenders import Contenders, Outcome
from .processes import Failed

TOKEN_ROUTE = "GET /v1/mgmt/tokens/cloudrulestackadmin"
LARGE = 1000  # targets; above it a round is run once


@dataclass(frozen=True)
class Sizes:
    """How many targets a contender gets in each round. Those that start a process for each target have few: their rate does not depend on it."""

    vendor: int
    hosts: int
    loop: int


@dataclass
class Measured:
    """The outcomes of all rounds with one number of targets, by contender."""

    targets: int
    rounds: int
    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)

    def median(self, contender: str, figure: Callable[[Outcome], float]) -> float:
        """The median of a figure over the rounds."""
        return statistics.median(figure(outcome) for outcome in self.outcomes[contender])

    def ratio(self, first: str, second: str, figure: Callable[[Outcome], float]) -> float:
        """The median over the rounds of what a figure of the first is in terms of the second's."""
        pairs = zip(self.outcomes[first], self.outcomes[second], strict=True)
        return statistics.median(figure(one) / figure(other) for one, other in pairs)


def measure(
    contenders: Contenders, targets: int, rounds: int, sizes: Sizes | None, vendor_tool: Path | None
) -> Measured:
    """Run all contenders.

    :param sizes: None to leave out those that start a process for each target.
    :raises Failed: one did not do its work.
    """
    made = Measured(targets, 1 if targets > LARGE else rounds)
    _say(f"{targets} targets: the first token of each, and {made.rounds} round(s)")
    made.outcomes["first"] = [contenders.engine(targets, store="secretsmanager")]
    for number in range(1, made.rounds + 1):
        for name, outcome in _round(contenders, targets, sizes, vendor_tool).items():
            made.outcomes.setdefault(name, []).append(outcome)
            _say(f"  round {number}  {name:<12}{outcome.targets:>6} targets{outcome.cost.wall:>9.2f} s")
    return made


def _round(
    contenders: Contenders, targets: int, sizes: Sizes | None, vendor_tool: Path | None
) -> Mapping[str, Outcome]:
    found: dict[str, Outcome] = {}
    if sizes:
        found["start"] = contenders.nothing()
        if vendor_tool:
            found["vendor"] = contenders.vendor(vendor_tool, sizes.vendor)
        found["hosts"] = contenders.hosts(sizes.hosts)
        found["loop"] = contenders.loop(sizes.loop)
    found["tokens"] = contenders.engine(targets)
    if targets <= LARGE:
        found["tokens floor"] = contenders.floor(targets, found["tokens"].calls)
    found["rotation"] = contenders.engine(targets, store="secretsmanager")
    if targets <= LARGE:
        found["rotation floor"] = contenders.floor(targets, found["rotation"].calls)
    found["steady"] = contenders.engine(targets, store="secretsmanager", state="present")
    for name, outcome in found.items():
        wanted = 0 if name in ("start", "steady") else outcome.targets
        if outcome.calls.get(TOKEN_ROUTE, 0) != wanted:
            raise Failed(f"{name}: {outcome.calls.get(TOKEN_ROUTE, 0)} tokens were issued in place of {wanted}")
    return found


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
