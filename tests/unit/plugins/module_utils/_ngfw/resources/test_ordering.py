# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules get priorities in the desired order with the fewest moves, as a search of all assignments in small rule lists confirms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import NamedTuple

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.ordering import Place, assign, place
from hypothesis import assume, given
from hypothesis import strategies as st


class RuleList(NamedTuple):
    order: list[str]
    existing: dict[str, int]
    taken: list[int]
    highest: int


@st.composite
def rule_lists(draw: st.DrawFn) -> RuleList:
    """Up to six rules for up to nine priorities. Existing priorities may be taken or invalid, and existing rules be absent from the order."""
    highest = draw(st.integers(1, 9))
    priorities = range(highest + 2)
    existing = draw(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(priorities), max_size=6))
    existing = {name: existing[name] for name in {priority: name for name, priority in existing.items()}.values()}
    taken = draw(st.lists(st.sampled_from(priorities), unique=True, max_size=3))
    order = draw(st.lists(st.sampled_from("abcdefg"), unique=True, max_size=6))
    return RuleList(order, existing, taken, highest)


def assignments(rules: RuleList) -> Iterator[dict[str, int]]:
    """All valid ones."""
    free = sorted({*range(1, rules.highest + 1)} - {*rules.taken})
    for chosen in combinations(free, len(rules.order)):
        yield dict(zip(rules.order, chosen, strict=True))


def moved(new: dict[str, int], existing: dict[str, int]) -> set[str]:
    return {name for name in new.keys() & existing.keys() if new[name] != existing[name]}


def reused(new: dict[str, int], existing: dict[str, int]) -> set[int]:
    """The priorities that pass from one rule to another."""
    return {value for name, value in new.items() if existing.get(name) != value} & {*existing.values()}


@given(rule_lists())
def test_assignment_is_one_with_fewest_moves_and_unused_priorities_if_there_is_one(rules: RuleList) -> None:
    valid = list(assignments(rules))
    if not valid:
        with pytest.raises(ValueError, match=f"^needs {len(rules.order)} priorities"):
            assign(*rules)
        return
    found = assign(*rules)
    assert found in valid
    costs = [(len(moved(new, rules.existing)), bool(reused(new, rules.existing))) for new in valid]
    assert (len(moved(found, rules.existing)), bool(reused(found, rules.existing))) == min(costs)
    assert list(found) == rules.order
    assert assign(rules.order, found, rules.taken, rules.highest) == found


@given(rule_lists(), st.sampled_from("abcd"), st.sampled_from(["first", "last", "before", "after"]), st.data())
def test_one_rule_is_placed_with_fewest_changes_and_rather_moves_itself(
    rules: RuleList, name: str, where: Place, data: st.DataObject
) -> None:
    others = sorted(rules.existing.keys() - {name}, key=rules.existing.__getitem__)
    assume(others)
    anchor = data.draw(st.sampled_from(others)) if where in ("before", "after") else None
    index = others.index(anchor) if anchor else 0
    index = {"first": 0, "last": len(others), "before": index, "after": index + 1}[where]
    desired = rules._replace(order=[*others[:index], name, *others[index:]])
    valid = list(assignments(desired))
    if not valid:
        with pytest.raises(ValueError, match=f"^needs {len(desired.order)} priorities"):
            place(name, where, anchor, *rules[1:])
        return
    changes = place(name, where, anchor, *rules[1:])
    assert {**rules.existing, **changes} in valid
    assert all(rules.existing.get(rule) != new for rule, new in changes.items())
    least = min(len(new.items() - rules.existing.items()) for new in valid)
    assert len(changes) == least
    if least and any(set(new.items() - rules.existing.items()) == {(name, new[name])} for new in valid):
        assert set(changes) == {name}


@pytest.mark.parametrize(
    ("order", "existing", "taken", "expected"),
    [
        ("abc", {}, [], [100, 200, 300]),
        ("abc", {}, [100, *range(201, 401)], [500, 600, 700]),
        ("abc", {}, [999_999], [100, 200, 300]),
        ("abcd", {"a": 10, "b": 20}, [], [10, 20, 120, 220]),
        ("cdab", {"a": 100, "b": 200}, [], [33, 66, 100, 200]),
        ("acdb", {"a": 100, "b": 1000}, [], [100, 400, 700, 1000]),
        ("acb", {"a": 1, "b": 5}, [2, 3], [1, 4, 5]),
        ("bca", {"a": 100, "b": 200, "c": 300}, [], [200, 300, 400]),
        ("xab", {"a": 1, "b": 2}, [], [100, 200, 300]),
        ("abdce", {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}, [], [1, 2, 4, 104, 204]),
        ("abdcef", {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}, [], [1, 2, 3, 4, 5, 6]),
        ("ab", {"a": 999_990}, [], [999_990, 999_995]),
    ],
    ids=[
        "steps of 100",
        "appended after taken ones",
        "no room after taken ones",
        "appended",
        "before the first",
        "between",
        "taken ones lie between",
        "first to last",
        "no room before the first",
        "swapped without reuse",
        "swapped with reuse, which takes fewer moves",
        "little room after the last",
    ],
)
def test_new_and_moved_rules_leave_room(
    order: str, existing: dict[str, int], taken: list[int], expected: list[int]
) -> None:
    assert assign([*order], existing, taken) == dict(zip(order, expected, strict=True))


def test_long_rule_lists_get_smaller_steps_and_are_reversed_with_all_moves_but_one() -> None:
    order = [f"r{number}" for number in range(20_000)]
    created = assign(order, {})
    priorities = [0, *created.values(), 1_000_001]
    assert {high - low for low, high in pairwise(priorities)} == {49, 50}
    assert len(moved(assign(order[::-1], created), created)) == len(order) - 1


@pytest.mark.parametrize(
    ("where", "anchor", "expected"),
    [
        ("first", None, {"c": 5}),
        ("before", "b", {"c": 15}),
        ("after", "a", {"c": 15}),
        ("after", "b", {}),
        ("last", None, {"c": 131}),
        ("before", "d", {}),
    ],
)
def test_rule_is_placed_relative_to_others(where: Place, anchor: str | None, expected: dict[str, int]) -> None:
    assert place("c", where, anchor, {"a": 10, "b": 20, "c": 30, "d": 31}) == expected


def test_others_that_have_to_move_avoid_the_old_priority_of_the_placed_rule() -> None:
    assert place("b", "after", "c", {"a": 1, "b": 2, "c": 5, "d": 6}, highest=6) == {"c": 3, "b": 4}


@pytest.mark.parametrize("anchor", ["c", "missing", None])
def test_anchor_is_another_existing_rule(anchor: str | None) -> None:
    with pytest.raises(ValueError, match=re.escape(f"names '{anchor}', which is not another rule")):
        place("c", "before", anchor, {"a": 10, "c": 30})


def test_names_are_unique() -> None:
    with pytest.raises(ValueError, match="names rule 'b' more than once"):
        assign(["a", "b", "b"], {})
