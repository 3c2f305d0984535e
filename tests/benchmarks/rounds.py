# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measurement in rounds: each round runs every contender once per target count, so that ratios compare adjacent runs."""

from __future__ import annotations

import itertools
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .contenders import Contenders, Outcome
from .processes import Failed

TOKEN_ROUTE = "GET /v1/mgmt/tokens/cloudrulestackadmin"
LARGE = 1000  # maximum targets for which the floor, and distant servers with a fixed concurrency, are measured
FEWEST = 16  # targets in progress at the start, and those that the engine falls back to


@dataclass(frozen=True)
class Peers:
    """Targets of a contender per round. Contenders that start a process per target get few: their rate does not depend on it."""

    vendor: int
    hosts: int
    loop: int


@dataclass
class Measured:
    """The outcomes of all rounds with one target count, by contender."""

    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)

    def median(self, contender: str, figure: Callable[[Outcome], float]) -> float:
        """The median of a figure over the rounds."""
        return statistics.median(figure(outcome) for outcome in self.outcomes[contender])

    def ratio(self, first: str, second: str, figure: Callable[[Outcome], float]) -> float:
        """The ratio of the first's figure to the second's, as the median over adjacent runs."""
        pairs = zip(self.outcomes[first], self.outcomes[second], strict=True)
        return statistics.median(figure(one) / figure(other) for one, other in pairs)


def measure(
    contenders: Contenders, sizes: Mapping[int, Peers | None], rounds: int, pairs: int, vendor_tool: Path | None
) -> dict[int, Measured]:
    """Run all contenders.

    :param sizes: targets of the contenders that start a process per target, by target count; None to omit them.
    :param pairs: runs of engine and floor per round: they are short, so other load on the machine would distort a single one.
    :raises Failed: a contender failed.
    """
    made = {targets: Measured() for targets in sizes}
    for targets in sizes:
        _say(f"{targets} targets: the first token of each")
        made[targets].outcomes["first"] = [contenders.engine(targets, store="secretsmanager")]
    for number, (targets, peers) in itertools.product(range(1, rounds + 1), sizes.items()):
        for name, outcome in _round(contenders, targets, peers, pairs if targets <= LARGE else 1, vendor_tool):
            _check(name, outcome)
            made[targets].outcomes.setdefault(name, []).append(outcome)
            _say(f"round {number}  {name:<14}{outcome.targets:>6} targets{outcome.cost.wall:>9.2f} s")
    return made


def _round(
    contenders: Contenders, targets: int, peers: Peers | None, pairs: int, vendor_tool: Path | None
) -> Iterator[tuple[str, Outcome]]:
    if peers:
        yield "start", contenders.nothing()
        if vendor_tool:
            yield "vendor", contenders.vendor(vendor_tool, peers.vendor)
        yield "hosts", contenders.hosts(peers.hosts)
        yield "loop", contenders.loop(peers.loop)
    for name, store in (("tokens", "none"), ("rotation", "secretsmanager")):
        for _pair in range(pairs):
            ours = contenders.engine(targets, store=store)
            yield name, ours
            if targets <= LARGE:
                yield f"{name} floor", contenders.floor(targets, ours.calls)
    yield "steady", contenders.engine(targets, store="secretsmanager", state="present")
    with contenders.distant():
        yield "distant", contenders.engine(targets, store="secretsmanager")
        if targets <= LARGE:
            yield "distant 16", contenders.engine(targets, store="secretsmanager", concurrency=FEWEST)


def _check(name: str, outcome: Outcome) -> None:
    desired = 0 if name in ("start", "steady") else outcome.targets
    issued = outcome.calls.get(TOKEN_ROUTE, 0)
    if issued != desired:
        raise Failed(f"{name}: {issued} tokens were issued instead of {desired}")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
