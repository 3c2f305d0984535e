# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One change at a time and many: lost answers, stale update tokens, changes of others, moves and failures."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    Conflict,
    InvalidRequest,
    NotFound,
    PanwCloudError,
    ServerError,
    TransportError,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog import (
    IN_RULESTACK,
    RULESTACK_RESOURCE,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.descriptor import Resource, Values
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.engine import Engine, Result, diff, report
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.planner import Change, Desired, plan
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import (
    LOST_AFTER,
    LOST_BEFORE,
    STALE,
    FakeRulestacks,
    Fault,
    refused,
)
from ansible_collections.panw.cloud.tests.helpers.fakes import refusal

PREFIXES, RULE = IN_RULESTACK["prefix_lists"], IN_RULESTACK["rules"]
LIST, ONE = "/web/prefixlists", "/web/prefixlists/one"
OLD, NEW = {"Description": "old", "PrefixList": ["10.0.0.0/8"]}, {"description": "new", "prefixes": ["192.0.2.0/24"]}
THROTTLED, BROKEN = refusal(429, "Too Many Requests"), refusal(503, "Service Unavailable")
CREATE, UPDATE, DELETE = f"POST {LIST}", f"PUT {ONE}", f"DELETE {ONE}"
RULES = "/web/rulelists/LocalRule"


def planned(
    fake: FakeRulestacks, values: Values | None, resource: Resource = PREFIXES, address: Sequence[str] = ("web", "one")
) -> Change:
    """The change of what the server has now."""
    observed = fake.client.read(resource, tuple(address), address[-1])
    change = plan(resource, observed, Desired(tuple(address), address[-1], values))
    assert change is not None
    return change


def rulestack(**entries: dict[str, Any]) -> FakeRulestacks:
    return FakeRulestacks({"/web": {"Scope": "Local"}, **entries})


def existing() -> FakeRulestacks:
    return rulestack(**{ONE: {**OLD, "New": {"x": 1}}})


@pytest.mark.parametrize(
    ("faults", "writes"),
    [
        ([], 1),
        ([LOST_AFTER], 1),
        ([LOST_BEFORE], 2),
        ([LOST_BEFORE, LOST_AFTER], 2),
        ([BROKEN], 2),
        ([THROTTLED, THROTTLED], 3),
        ([refused("already exists")], 2),
    ],
)
def test_create_leads_to_one_object(faults: list[Fault], writes: int) -> None:
    """It is looked for before it is sent again."""
    fake = rulestack()
    change = planned(fake, NEW)
    fake.fail(CREATE, *faults)
    Engine(fake.client).apply(change)
    assert fake.entries[ONE] == {"Description": "new", "PrefixList": ["192.0.2.0/24"], "UpdateToken": "2"}
    assert fake.writes == [CREATE] * writes


@pytest.mark.parametrize(
    ("faults", "writes"), [([LOST_AFTER], 2), ([LOST_BEFORE], 2), ([BROKEN, THROTTLED], 3), ([STALE], 2), ([], 1)]
)
def test_update_is_made_once_and_keeps_unknown_fields(faults: list[Fault], writes: int) -> None:
    fake = existing()
    change = planned(fake, NEW)
    fake.fail(UPDATE, *faults)
    Engine(fake.client).apply(change)
    assert fake.entries[ONE]["New"] == {"x": 1}
    assert (fake.entries[ONE]["Description"], fake.entries[ONE]["UpdateToken"]) == ("new", "3")
    assert fake.writes == [UPDATE] * writes


@pytest.mark.parametrize(("faults", "writes"), [([LOST_AFTER], 2), ([LOST_BEFORE], 2), ([BROKEN], 2), ([STALE], 2)])
def test_delete_is_done_when_the_object_is_gone(faults: list[Fault], writes: int) -> None:
    fake = existing()
    change = planned(fake, None)
    fake.fail(DELETE, *faults)
    Engine(fake.client).apply(change)
    assert ONE not in fake.entries
    assert fake.writes == [DELETE] * writes


def test_stale_token_is_read_again_once_and_foreign_options_survive() -> None:
    fake = existing()
    change = planned(fake, {"description": "new"})
    fake.put(ONE, {**OLD, "PrefixList": ["198.51.100.0/24"]})
    before = len(fake.calls)
    Engine(fake.client).apply(change)
    assert fake.calls[before:] == [UPDATE, f"GET {ONE}", UPDATE]
    assert fake.entries[ONE] == {"Description": "new", "PrefixList": ["198.51.100.0/24"], "UpdateToken": "4"}


def test_foreign_change_of_another_profile_survives() -> None:
    """The profiles are one option; those that the task does not name are not its own."""
    fake = FakeRulestacks({"/web": {"Profiles": {"AntiVirusProfile": "custom"}}})
    change = planned(fake, {"profiles": {"anti_spyware": "custom"}}, RULESTACK_RESOURCE, ["web"])
    fake.put("/web", {"Profiles": {"AntiVirusProfile": "BestPractice", "VulnerabilityProfile": "custom"}})
    Engine(fake.client).apply(change)
    profiles = {"AntiVirusProfile": "BestPractice", "VulnerabilityProfile": "custom", "AntiSpywareProfile": "custom"}
    assert fake.entries["/web"]["Profiles"] == profiles


@pytest.mark.parametrize(
    ("before", "theirs"),
    [(OLD, {**OLD, "Description": "theirs"}), (None, {**OLD, "Description": "theirs"})],
    ids=["update", "create"],
)
def test_foreign_change_of_the_same_option_is_a_conflict_that_shows_both_sides(
    before: dict[str, Any] | None, theirs: dict[str, Any]
) -> None:
    fake = rulestack(**({ONE: before} if before else {}))
    change = planned(fake, NEW)
    fake.put(ONE, theirs)
    with pytest.raises(Conflict, match="another client changed it in the meantime") as conflict:
        Engine(fake.client).apply(change)
    was = "'old'" if before else "absent"
    assert f"'description' was {was}, is now 'theirs', and would become 'new'" in str(conflict.value)
    assert fake.entries[ONE]["Description"] == "theirs"
    assert len(fake.writes) == 1


def test_foreign_change_of_an_option_that_returns_to_its_default_is_a_conflict() -> None:
    fake = existing()
    observed = fake.client.read(PREFIXES, ("web", "one"), "one")
    change = plan(PREFIXES, observed, Desired(("web", "one"), "one", {"prefixes": ["10.0.0.0/8"]}, exact=True))
    assert change is not None
    fake.put(ONE, {**OLD, "Description": "theirs"})
    with pytest.raises(Conflict, match="'description' was 'old', is now 'theirs', and would become ''"):
        Engine(fake.client).apply(change)
    assert fake.entries[ONE]["Description"] == "theirs"


def test_foreign_change_to_the_desired_values_is_no_conflict() -> None:
    fake = existing()
    change = planned(fake, NEW)
    fake.put(ONE, {"Description": "new", "PrefixList": ["192.0.2.0/24"]})
    Engine(fake.client).apply(change)
    assert fake.writes == [UPDATE]


@pytest.mark.parametrize(("faults", "error"), [([], NotFound), ([STALE], Conflict)])
def test_foreign_removal_is_reported(faults: list[Fault], error: type[PanwCloudError]) -> None:
    fake = existing()
    change = planned(fake, NEW)
    fake.entries.pop(ONE)
    fake.fail(UPDATE, *faults)
    with pytest.raises(error):
        Engine(fake.client).apply(change)
    assert ONE not in fake.entries


@pytest.mark.parametrize(
    ("fault", "error", "writes"),
    [
        (refused("InvalidRequest: no"), InvalidRequest, 1),
        (BROKEN, ServerError, 3),
        (LOST_BEFORE, TransportError, 3),
        (STALE, Conflict, 3),
    ],
    ids=["refused", "server error", "lost", "stale"],
)
def test_persistent_failure_ends_after_few_writes(fault: Fault, error: type[PanwCloudError], writes: int) -> None:
    fake = rulestack()
    change = planned(fake, NEW)
    fake.fail(CREATE, *[fault] * 20)
    with pytest.raises(error):
        Engine(fake.client).apply(change)
    assert fake.writes == [CREATE] * writes
    assert ONE not in fake.entries


def test_only_tags_that_differ_are_written() -> None:
    fake = FakeRulestacks({"/web": {}}, tags={"web": {"a": "1", "b": "2", "c": "3"}})
    change = planned(fake, {"tags": {"a": "1", "b": "4", "d": 5}}, RULESTACK_RESOURCE, ["web"])
    fake.fail("POST /web/tags", LOST_AFTER)
    Engine(fake.client).apply(change)
    assert fake.tags["web"] == {"a": "1", "b": "4", "d": "5"}
    assert fake.sent("POST /web/tags") == {"Tags": [{"Key": "b", "Value": "4"}, {"Key": "d", "Value": "5"}]}
    assert fake.writes == ["POST /web/tags", "POST /web/tags", "DELETE /web/tags"]


def moving(count: int = 1, **options: Any) -> tuple[FakeRulestacks, list[Change]]:
    """Rules that move from 10, 20… to 110, 120…, with a field that the descriptor lacks."""
    rules = {f"{RULES}/priorities/{10 * one}": {"RuleName": f"r{one}", "New": one} for one in range(1, count + 1)}
    fake = FakeRulestacks({"/web": {}, **rules}, **options)
    changes = []
    for one in range(1, count + 1):
        observed = fake.client.read(RULE, ("web", "LocalRule", str(10 * one)), f"r{one}")
        change = plan(RULE, observed, Desired(("web", "LocalRule", str(100 + 10 * one)), f"r{one}", {}))
        assert change is not None
        changes.append(change)
    fake.requests.clear()
    return fake, changes


def places(fake: FakeRulestacks) -> dict[str, Any]:
    return {path.rpartition("/")[2]: entry["New"] for path, entry in fake.entries.items() if "/priorities/" in path}


@pytest.mark.parametrize("fault", [None, LOST_AFTER, LOST_BEFORE])
def test_move_creates_the_rule_before_it_is_deleted(fault: Fault | None) -> None:
    fake, (change,) = moving()
    create, delete = f"POST {RULES}", f"DELETE {RULES}/priorities/10"
    for call in (create, delete) if fault else ():
        fake.fail(call, fault)
    Engine(fake.client).apply(change)
    assert list(dict.fromkeys(fake.writes)) == [create, delete]
    assert places(fake) == {"110": 1}


def test_move_deletes_first_where_names_are_unique() -> None:
    """Also for rules that move at the same time; the server is asked in vain once, not for each rule."""
    fake, changes = moving(4, unique_rule_names=True)
    barrier = threading.Barrier(2)
    fake.fail(f"POST {RULES}", barrier.wait, barrier.wait)
    results = Engine(fake.client).run([changes[:2], changes[2:]], lambda _result: None)
    assert [result.error for result in results] == [None] * 4
    assert places(fake) == {"110": 1, "120": 2, "130": 3, "140": 4}
    last = fake.writes.index(f"DELETE {RULES}/priorities/30")
    assert sorted(fake.writes[last:]) == sorted(
        [f"POST {RULES}"] * 2 + [f"DELETE {RULES}/priorities/{one}" for one in (30, 40)]
    )


def test_move_to_a_place_that_another_rule_has_taken_loses_nothing() -> None:
    fake, (change,) = moving()
    fake.put(f"{RULES}/priorities/110", {"RuleName": "theirs", "New": "theirs"})
    with pytest.raises(Conflict, match="already exists"):
        Engine(fake.client).apply(change)
    assert places(fake) == {"10": 1, "110": "theirs"}


def test_failure_finishes_its_level_and_stops_the_next() -> None:
    fake = rulestack()
    names = ("a", "b", "c", "d")
    levels = [[planned(fake, NEW, address=("web", name)) for name in pair] for pair in (names[:2], names[2:])]
    fake.fail(CREATE, refused("InvalidRequest: no"))
    done: list[Result] = []
    results = Engine(fake.client).run(levels, done.append, 1)
    assert done == results
    assert [(result.change.desired.name, bool(result.error)) for result in results] == [("a", True), ("b", False)]
    assert set(fake.entries) == {"/web", f"{LIST}/b"}


def test_change_is_reported_with_its_options_only() -> None:
    change = planned(existing(), {"description": "new"})
    assert report(change) == {
        "section": "prefix_lists",
        "name": "one",
        "operation": "update",
        "options": ["description"],
        "before": {"description": "old"},
        "after": {"description": "new"},
    }
    shown = diff(change)
    assert shown["before_header"] == shown["after_header"] == "prefix list 'one' in rulestack 'web'"
    assert shown["before"] == {**shown["after"], "description": "old"}
    assert "UpdateToken" not in str(shown)
