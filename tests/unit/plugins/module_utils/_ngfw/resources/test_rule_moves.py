# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Moves of rules: each priority is free when it is needed, and copies of interrupted moves are found."""

from __future__ import annotations

from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog.security_rule import RULES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.planner import Change, Desired, Observed, plan
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.rule_moves import move_levels, one_per_name
from hypothesis import given
from hypothesis import strategies as st

RULE = RULES["rules"]
MATCH = {"source": {}, "destination": {}, "applications": ["any"], "action": "Allow"}


def rule(name: str, priority: int) -> Observed:
    return Observed(("web", "LocalRule", str(priority)), name, {"RuleName": name}, {}, "1")


def change(name: str, before: int | None, after: int) -> Change | None:
    desired = Desired(("web", "LocalRule", str(after)), name, MATCH if before is None else {})
    return plan(RULE, None if before is None else rule(name, before), desired)


@given(st.permutations(range(1, 8)), st.permutations(range(1, 9)), st.integers(0, 7))
def test_each_priority_is_free_when_a_level_needs_it(before: list[int], after: list[int], existing: int) -> None:
    """Whatever the order within a level. Chains, rings and new rules at old priorities, all rules keep or get their place."""
    names = "abcdefg"
    present = dict(zip(names[:existing], before, strict=False))
    desired = dict(zip(names, after, strict=False))
    planned = [found for name in names if (found := change(name, present.get(name), desired[name]))]
    rules = {priority: name for name, priority in present.items()}
    for level in move_levels(planned):
        targets = [int(one.address[-1]) for one in level if one.operation != "delete"]
        assert len(targets) == len({*targets})
        assert not {*targets} & rules.keys()
        for one in level:
            name, priority = one.desired.name, int(one.address[-1])
            if one.operation in ("create", "move"):
                rules[priority] = name
            if one.observed and one.operation in ("delete", "move"):
                assert rules.pop(int(one.observed.address[-1])) == name
    assert rules == {desired[name]: name for name in names}


def test_only_a_ring_deletes_a_rule_first() -> None:
    def shown(*planned: Change | None) -> list[list[str]]:
        levels = move_levels([one for one in planned if one])
        return [[f"{one.operation} {one.desired.name} {one.address[-1]}" for one in level] for level in levels if level]

    chain = shown(change("a", 1, 2), change("b", 2, 3), change("c", 3, 4), change("d", None, 1))
    assert chain == [["move c 4"], ["move b 3"], ["move a 2"], ["create d 1"]]
    ring = shown(change("a", 1, 2), change("b", 2, 1))
    assert ring == [["delete a 1"], ["move b 1"], ["create a 2"]]
    assert shown(change("a", 1, 5), change("b", 2, 6), change("c", None, 7)) == [["create c 7", "move a 5", "move b 6"]]


def test_copies_of_an_interrupted_move_are_found() -> None:
    rules = [rule("a", 30), rule("b", 20), rule("a", 10)]
    kept, extra = one_per_name(rules, {})
    assert ({name: one.address[-1] for name, one in kept.items()}, [one.address[-1] for one in extra]) == (
        {"a": "10", "b": "20"},
        ["30"],
    )
    kept, extra = one_per_name(rules, {"a": 30})
    assert (kept["a"].address[-1], [one.address[-1] for one in extra]) == ("30", ["10"])
