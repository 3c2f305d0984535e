# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module for security rules, run against servers on loopback: a rule is known by its name and has a place."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import FakeRulestacks
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN
from ansible_collections.panw.cloud.tests.helpers.run_module import Cloud, failed, run

RULES = "/web/rulelists/LocalRule"
MATCH = {"source": {}, "destination": {}, "applications": ["any"], "action": "Allow"}


def web(*priorities: tuple[int, str], **more: Any) -> FakeRulestacks:
    listed = {f"{RULES}/priorities/{priority}": {"RuleName": name, "New": name} for priority, name in priorities}
    return FakeRulestacks({"/web": {}, **listed}, **more)


def order(fake: FakeRulestacks) -> str:
    rules = [(int(path.rpartition("/")[2]), entry["RuleName"]) for path, entry in fake.entries.items() if RULES in path]
    return " ".join(f"{name}={priority}" for priority, name in sorted(rules))


def placed(fake: FakeRulestacks, check: bool = False, **options: Any) -> dict[str, Any]:
    with Cloud(rulestacks=fake) as cloud:
        connection = {**cloud.options, "token": TOKEN, "subscription_key": KEY, "rulestack": "web"}
        return run("ngfw_security_rule", {**connection, **options}, check=check)


@pytest.mark.parametrize(
    ("options", "expected", "moved"),
    [
        ({"name": "x", **MATCH}, "a=10 b=20 c=21 x=121", []),
        ({"name": "x", **MATCH, "priority": 5}, "x=5 a=10 b=20 c=21", []),
        ({"name": "x", **MATCH, "place": "first"}, "x=5 a=10 b=20 c=21", []),
        ({"name": "x", **MATCH, "place": "after", "existing_rule": "b"}, "a=10 b=13 x=16 c=21", ["b"]),
        ({"name": "c", "place": "before", "existing_rule": "b"}, "a=10 c=15 b=20", []),
        ({"name": "a", "place": "last"}, "b=20 c=21 a=121", []),
        ({"name": "c", "priority": 1}, "c=1 a=10 b=20", []),
        ({"name": "b", "priority": 20}, "a=10 b=20 c=21", []),
        ({"name": "b"}, "a=10 b=20 c=21", []),
    ],
)
def test_rule_gets_its_priority_or_place(options: dict[str, Any], expected: str, moved: list[str]) -> None:
    """Also on a server that refuses a second rule of one name."""
    for unique in (False, True):
        fake = web((10, "a"), (20, "b"), (21, "c"), unique_rule_names=unique)
        before = order(fake)
        predicted = placed(fake, check=True, **options)
        assert order(fake) == before
        result = placed(fake, **options)
        assert (result["changed"], predicted["changed"]) == (order(fake) != before,) * 2
        assert result["also_moved"] == predicted["also_moved"] == moved
        assert order(fake) == expected
        assert placed(fake, **options)["changed"] is False
        made = [entry["RuleName"] for entry in fake.entries.values() if "RuleName" in entry and "New" not in entry]
        assert made in ([], ["x"])


def test_moved_rule_is_reported_with_both_priorities() -> None:
    result = placed(web((10, "a")), name="a", priority=30, enabled=False)
    assert (result["operation"], result["before"]["priority"], result["after"]["priority"]) == ("move", 10, 30)
    assert (result["before"]["enabled"], result["after"]["enabled"]) == (True, False)
    unchanged = placed(web((10, "a")), name="a")
    assert unchanged["before"] == unchanged["after"]
    assert unchanged["after"]["priority"] == 10


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "a=10 b=20"),
        ({"priority": 30}, "b=20 a=30"),
        ({"state": "absent"}, "b=20"),
        ({"place": "last"}, "b=20 a=120"),
    ],
)
def test_copies_of_an_interrupted_move_are_removed(options: dict[str, Any], expected: str | None) -> None:
    fake = web((10, "a"), (20, "b"), (30, "a"))
    assert placed(fake, name="a", **options)["changed"]
    assert order(fake) == expected
    assert placed(fake, name="a", **options)["changed"] is False


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"priority": 0}, "priority is 0, not between 1 and 1000000"),
        ({"priority": 20}, "priority is that of rule 'b'"),
        ({"place": "before", "existing_rule": "none"}, "existing_rule names 'none', which is not another rule"),
        ({"place": "before"}, "place is before but all of the following are missing: existing_rule"),
        ({"place": "first", "priority": 1}, "mutually exclusive: priority|place"),
        ({"existing_rule": "b"}, "missing parameter(s) required by 'existing_rule': place"),
        ({"rule_list": "PreRule"}, "rule_list must be one of LocalRule in a local rulestack"),
        ({"scope": "global"}, "rule_list must be one of PreRule, PostRule in a global rulestack"),
        ({"protocol": "any", "prot_port_list": ["TCP:1"]}, "must not be set together with"),
        ({"name": "x", "action": "Allow"}, "3 options are invalid"),
    ],
)
def test_invalid_options_are_refused_before_the_first_write(options: dict[str, Any], message: str) -> None:
    fake = web((10, "a"), (20, "b"))
    assert message in failed(placed(fake, **{"name": "a", **options}))["msg"]
    assert fake.writes == []


def test_rules_of_global_rulestacks_are_in_two_lists() -> None:
    fake = FakeRulestacks({"/web": {"Scope": "Global"}})
    result = placed(fake, name="a", **MATCH, scope="global", rule_list="PostRule")
    assert (result["section"], result["name"]) == ("post_rules", "a")
    assert "/web/rulelists/PostRule/priorities/100" in fake.entries


def test_rules_that_make_room_are_committed_with_the_rule() -> None:
    fake = web((1, "a"), (2, "b"))
    fake.commit("web")
    result = placed(fake, name="x", **MATCH, place="first", commit=True)
    assert result["also_moved"]
    assert result["commit"]["commit_status"] == "Success"
    assert fake.running == fake.entries
