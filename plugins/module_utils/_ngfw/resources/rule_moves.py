# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules that move: copies that an interrupted move left, and an order of moves in which each priority is free when it is needed.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence

from .planner import Change, Observed


def one_per_name(
    observed: Iterable[Observed], priorities: Mapping[str, int | None]
) -> tuple[dict[str, Observed], list[Observed]]:
    """The rules by name, and the surplus copies of rules whose move was interrupted. The copy at the given priority is kept, else the first."""
    kept: dict[str, Observed] = {}
    extra = []
    for one in sorted(observed, key=lambda rule: int(rule.address[-1])):
        if one.name not in kept:
            kept[one.name] = one
        elif int(one.address[-1]) == priorities.get(one.name):
            extra.append(kept[one.name])
            kept[one.name] = one
        else:
            extra.append(one)
    return kept, extra


def move_levels(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Rules in levels, so that a rule moves only to a priority that is free by then. In a ring of moves, one rule is deleted first."""
    waiting = [change for change in changes if change.operation == "move"]
    ready = [change for change in changes if change.operation != "move"]
    last: list[Change] = []
    while waiting:
        occupied = {change.observed.address for change in waiting if change.observed}
        free = [change for change in waiting if change.address not in occupied]
        if free:
            waiting = [change for change in waiting if change.address in occupied]
        else:
            ring = waiting.pop(0)
            ready.append(_deletion(ring))
            last.append(dataclasses.replace(ring, operation="create", before=None))
        yield [change for change in ready if change.operation != "create" or change.address not in occupied] + free
        ready = [change for change in ready if change.operation == "create" and change.address in occupied]
    yield ready
    yield last


def _deletion(move: Change) -> Change:
    """The removal of a rule from its old priority."""
    old = move.desired.address if move.observed is None else move.observed.address
    desired = dataclasses.replace(move.desired, address=old, values=None)
    return dataclasses.replace(move, operation="delete", desired=desired, body=None, after=None)
