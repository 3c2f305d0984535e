# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Priorities for the rules of a rule list, so that they are evaluated in a given order and as few as possible move.

The API identifies a rule by its priority: the vendor's OpenAPI document has it in the path, C(/rulelists/{name}/priorities/{priority}), of the calls that
update and delete a rule, and no call that changes it. To move a rule, a caller creates it at the new priority and deletes it at the old one.
Rules are listed, and evaluated, from the lowest priority to the highest.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

# The lowest is 1: exclusiveMinimum 0 and exclusiveMaximum 1000001 in CreateSecurityRuleRequest of the vendor's OpenAPI document.
HIGHEST_PRIORITY = 1_000_000
STEP = 100  # between rules that are appended

Place = Literal["first", "last", "before", "after"]


def assign(
    order: Sequence[str], existing: Mapping[str, int], taken: Collection[int] = (), highest: int = HIGHEST_PRIORITY
) -> dict[str, int]:
    """The priority of each rule, strictly increasing in the given order.

    As few existing rules as possible get another priority. If it takes no more moves, no rule gets a priority that another one has now, so that all
    rules can be created before any is deleted. Rules are spread evenly between those that stay, and appended in steps of L(STEP) or less.

    :param order: the names of the rules, in the order of evaluation.
    :param existing: the present priorities by name. Those of rules that are not in C(order) are avoided like those of rules that move.
    :param taken: the priorities that rules outside of C(order) keep. :param highest: the highest valid priority.
    :raises ValueError: a name occurs twice, or there are more rules than free priorities; the text is the end of "Option …".
    """
    return _assign(order, existing, existing.values(), taken, highest)


def place(
    name: str,
    where: Place,
    anchor: str | None,
    existing: Mapping[str, int],
    taken: Collection[int] = (),
    highest: int = HIGHEST_PRIORITY,
) -> dict[str, int]:
    """The changes that put one rule at a place in its rule list: the new priority of each rule that is created or moved, by name.

    Empty if the rule is at that place. Other rules move only if there is no free priority at that place, and as few as possible.

    :param name: the rule, existing or not. :param anchor: the rule that C(before) and C(after) refer to, else None.
    :param existing: the present priorities of the rules in the list, by name.
    :param taken: the priorities of rules that do not count, but keep theirs. :param highest: the highest valid priority.
    :raises ValueError: the anchor is not another existing rule, or all priorities are in use; the text is the end of "Option …".
    """
    order = _placed(name, where, anchor, existing)
    others = {other: existing[other] for other in order if other != name}
    plans = [_assign(order, current, existing.values(), taken, highest) for current in (others, existing)]
    changes = [{rule: new for rule, new in plan.items() if existing.get(rule) != new} for plan in plans]
    return min(changes, key=len)  # the first if equal: rather the rule itself moves than another one


def _placed(name: str, where: Place, anchor: str | None, existing: Mapping[str, int]) -> list[str]:
    """All rules in the order of evaluation, with one of them at its place."""
    order = sorted(existing.keys() - {name}, key=existing.__getitem__)
    if where in ("first", "last"):
        index = 0 if where == "first" else len(order)
    elif anchor in order:
        index = order.index(anchor) + (where == "after")
    else:
        raise ValueError(f"names '{anchor}', which is not another rule of the rule list")
    return [*order[:index], name, *order[index:]]


def _assign(
    order: Sequence[str], current: Mapping[str, int], avoided: Iterable[int], taken: Collection[int], highest: int
) -> dict[str, int]:
    """L(assign), with the priorities to avoid apart from the rules that may stay."""
    repeated = [name for name, times in Counter(order).items() if times > 1]
    if repeated:
        raise ValueError(f"names rule '{repeated[0]}' more than once")
    kept = set(taken)
    free = _FreePriorities(kept, highest)
    unused = _FreePriorities(kept.union(avoided), highest)
    candidates = [
        (position, current[name])
        for position, name in enumerate(order)
        if name in current and current[name] not in kept
    ]
    staying = _most_staying(candidates, len(order), free)
    if staying is None:
        raise ValueError(
            f"needs {len(order)} priorities, but only {free.rank(highest)} of those from 1 to {highest} are free"
        )
    at_unused = _most_staying(candidates, len(order), unused)
    if at_unused and len(at_unused) == len(staying):
        staying = at_unused
    reusable = sorted(set(avoided) - kept)
    result: dict[str, int] = {}
    for (before, low), (after, high) in zip(staying, staying[1:]):
        names = order[before + 1 : after]
        if after == len(order):
            low = _last(low, high, len(names), unused, taken)
        result.update(zip(names, _fill(low, high, len(names), unused, reusable)))
        if after < len(order):
            result[order[after]] = high
    return result


class _FreePriorities:
    """The priorities that are not blocked, and their ranks from 1."""

    def __init__(self, blocked: Iterable[int], highest: int) -> None:
        self.highest = highest
        self._blocked = sorted(priority for priority in set(blocked) if 1 <= priority <= highest)
        self._next_ranks = [priority - index for index, priority in enumerate(self._blocked)]

    def rank(self, priority: int) -> int:
        """The number of free priorities up to and including this one."""
        return priority - bisect_right(self._blocked, priority)

    def at(self, rank: int) -> int:
        """The free priority with that rank."""
        return rank + bisect_right(self._next_ranks, rank)

    def spread(self, low: int, high: int, count: int) -> list[int]:
        """As many free priorities between two others, evenly spaced by rank; if no rule follows, L(STEP) apart where there is room."""
        step = STEP if high > self.highest else high - low
        base = self.rank(low)
        room = self.rank(high - 1) - base
        priorities = [low]
        for number in range(1, count + 1):
            even = base + (room + 1) * number // (count + 1)
            stepped = self.rank(priorities[-1] + step - 1) + 1
            priorities.append(self.at(min(even, stepped)))
        return priorities[1:]


def _last(low: int, high: int, count: int, unused: _FreePriorities, taken: Collection[int]) -> int:
    """The priority after which rules are appended: that of the last rule of all, if enough unused ones follow it."""
    last = max([low, *taken])
    return last if last < high and unused.rank(high - 1) - unused.rank(last) >= count else low


def _fill(low: int, high: int, count: int, unused: _FreePriorities, reusable: Sequence[int]) -> list[int]:
    """As many increasing priorities between two others: unused ones, and reused ones only if those are too few."""
    lacking = max(0, count - (unused.rank(high - 1) - unused.rank(low)))
    first = bisect_right(reusable, low)
    return sorted([*unused.spread(low, high, count - lacking), *reusable[first : first + lacking]])


class _Chain(NamedTuple):
    """Rules that can stay together: the last one's position and priority, and those before it."""

    position: int
    priority: int
    length: int
    before: _Chain | None


def _most_staying(
    candidates: Iterable[tuple[int, int]], count: int, free: _FreePriorities
) -> list[tuple[int, int]] | None:
    """The most candidates that can keep their priorities while all other rules get free ones.

    This is a longest increasing subsequence. Two rules can be neighbors in it if their priorities increase and leave enough free ones between
    them for the rules that are between them in the order: with C(below) and C(through) as the numbers of free priorities below a priority and up to
    it, if C(through(p1) - position1 - 1 <= below(p2) - position2). If these are equal, the rules are adjacent or have free priorities between them,
    so that comparing the priorities next is exact.

    :param candidates: positions from 0 and priorities, by position. :param count: the number of all rules.
    :returns: positions and priorities, from -1 and 0 to C(count) and the one after the highest; None if there are too few free priorities.
    """
    # By key, the longest chain with that key or a lower one: keys and lengths increase. O(log n) per candidate, because each is removed once at most.
    keys, chains = [(0, 0)], [_Chain(-1, 0, 0, None)]
    for position, priority in [*candidates, (count, free.highest + 1)]:
        index = bisect_left(keys, (free.rank(priority - 1) - position, priority))
        if index == 0:
            complete = None
            continue
        complete = _Chain(position, priority, chains[index - 1].length + 1, chains[index - 1])
        key = (free.rank(priority) - position - 1, priority)
        start = end = bisect_left(keys, key)  # those before are shorter
        while end < len(chains) and chains[end].length <= complete.length:
            end += 1
        keys[start:end], chains[start:end] = [key], [complete]
    staying: list[tuple[int, int]] = []
    while complete:
        staying.append((complete.position, complete.priority))
        complete = complete.before
    return staying[::-1] or None
