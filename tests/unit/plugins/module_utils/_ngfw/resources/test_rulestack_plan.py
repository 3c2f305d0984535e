# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans of whole rulestacks: what each state means, in which order changes are made, and what is refused before the first."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.document import document_problems, parse
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.engine import Engine
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.reader import Reader, gather
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.rulestack_plan import (
    DELETED,
    MERGED,
    OVERRIDDEN,
    REPLACED,
    Plan,
    plan_rulestack,
)
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import FakeRulestacks
from ansible_collections.panw.cloud.tests.helpers.resource_values import documents
from hypothesis import given, settings
from hypothesis import strategies as st

MATCH = {"source": {}, "destination": {}, "applications": ["any"], "action": "Allow"}
RULES = "/web/rulelists/LocalRule/priorities"


def planned(fake: FakeRulestacks, document: dict[str, Any], state: str) -> Plan:
    return plan_rulestack(Reader(fake.client, 1), parse([{"scope": "local", **document}])[0], state)


def apply(fake: FakeRulestacks, document: dict[str, Any], state: str) -> list[str]:
    """The changes that are made; there are no problems and no failures."""
    found = planned(fake, document, state)
    assert found.problems == []
    results = Engine(fake.client).run(found.levels, lambda _result: None, 1)
    assert [str(result.error) for result in results if result.error] == []
    assert len(results) == len(found.changes)
    return [f"{change.operation} {change.desired.name} {' '.join(change.options)}".rstrip() for change in found.changes]


def places(fake: FakeRulestacks) -> dict[int, str]:
    return {
        int(path[len(RULES) + 1 :]): entry["RuleName"] for path, entry in fake.entries.items() if path.startswith(RULES)
    }


def rules(*names: str, **more: Any) -> list[dict[str, Any]]:
    return [{"name": name, **MATCH, **more} for name in names]


def web(*priorities: tuple[int, str], **more: Any) -> FakeRulestacks:
    listed = {
        f"{RULES}/{priority}": {"RuleName": name, "Action": "Allow", "Applications": ["any"]}
        for priority, name in priorities
    }
    return FakeRulestacks({"/web": {}, **listed}, **more)


@pytest.mark.parametrize("scope", ["local", "global"])
@settings(max_examples=8)
@given(data=st.data())
def test_overridden_rulestack_is_the_document_and_stays_so(scope: str, data: st.DataObject) -> None:
    """From any rulestack to any other, over a server that refuses dangling references; gathered and given back, nothing changes."""
    fake = FakeRulestacks()
    for _round in range(2):
        document = data.draw(documents(scope))
        assert list(document_problems(parse([document]))) == []
        apply(fake, document, OVERRIDDEN)
        assert apply(fake, document, OVERRIDDEN) == []
        assert apply(fake, document, MERGED) == []
        gathered = gather(Reader(fake.client, 1), "web", scope)
        assert gathered is not None
        assert list(document_problems(parse([gathered]))) == []
        assert apply(fake, gathered, OVERRIDDEN) == []
        for section, items in document.items():
            if isinstance(items, list) and section != "predefined_url_category_overrides":
                names = [item.get("name", "pdf") for item in gathered.get(section, [])]
                given_names = [item.get("name", "pdf") for item in items]
                assert names == given_names if section.endswith("rules") else sorted(names) == sorted(given_names)


def filled() -> FakeRulestacks:
    """A rulestack with two prefix lists, a FQDN list and two rules."""
    fake = web((100, "a"), (200, "b"))
    fake.put("/web", {"Profiles": {"AntiVirusProfile": "custom"}})
    fake.put("/web/prefixlists/one", {"PrefixList": ["10.0.0.0/8"], "Description": "x"})
    fake.put("/web/prefixlists/two", {"PrefixList": ["10.0.0.0/8"]})
    fake.put("/web/fqdnlists/three", {"FqdnList": ["a.example"]})
    fake.put("/web/urlfilteringprofiles/custom/urlcategories/games", {"Action": "block"})
    return fake


LISTS = {"prefix_lists": [{"name": "one", "prefixes": ["10.0.0.0/8"]}, {"name": "new", "prefixes": ["192.0.2.0/24"]}]}


@pytest.mark.parametrize(
    ("state", "document", "changes"),
    [
        (MERGED, LISTS, ["create new prefixes"]),
        (REPLACED, LISTS, ["update one description", "create new prefixes", "delete two"]),
        (
            OVERRIDDEN,
            LISTS,
            [
                "update one description",
                "create new prefixes",
                "update web profiles",
                "delete a",
                "delete b",
                "delete two",
                "delete three",
                "delete games",
            ],
        ),
        (REPLACED, {"rules": [], "predefined_url_category_overrides": []}, ["delete a", "delete b", "delete games"]),
        (MERGED, {"rules": [], "prefix_lists": []}, []),
        (
            DELETED,
            {"prefix_lists": [{"name": "one"}, {"name": "none"}], "rules": [{"name": "b"}]},
            ["delete b", "delete one"],
        ),
        (DELETED, {}, ["delete web"]),
    ],
)
def test_states_differ_in_what_is_not_in_the_document(state: str, document: dict[str, Any], changes: list[str]) -> None:
    fake = filled()
    assert apply(fake, {"name": "web", **document}, state) == changes
    assert apply(fake, {"name": "web", **document}, state) == []
    managed = planned(fake, {"name": "web", **document}, state).own
    assert (managed is None) == (state == OVERRIDDEN or document == {})


def test_objects_exist_before_what_refers_to_them() -> None:
    """The profiles of a new rulestack, too: it is created without its certificates, which are in it. Removal is the other way round."""
    fake = FakeRulestacks()
    document = {
        "name": "web",
        "profiles": {"anti_virus": "custom", "outbound_trust_certificate": "c"},
        "certificates": [{"name": "c", "self_signed": True}],
        "feeds": [
            {"name": "f", "url": "https://a.example", "type": "IP_LIST", "frequency": "DAILY", "certificate": "c"}
        ],
        "rules": rules("r", source={"feeds": ["f"]}, inbound_inspection_certificate="c"),
    }
    apply(fake, document, OVERRIDDEN)
    profiles = fake.entries["/web"]["Profiles"]
    assert (profiles["AntiVirusProfile"], profiles["OutboundTrustCertificate"]) == ("custom", "c")
    assert fake.writes == [
        *("POST ", "POST /web/certificates", "POST /web/feeds", "PUT /web"),
        *("POST /web/rulelists/LocalRule",),
    ]
    removed = apply(fake, {"name": "web", "profiles": {"outbound_trust_certificate": ""}}, OVERRIDDEN)
    assert removed == ["update web profiles", "delete r", "delete f", "delete c"]


def test_references_to_missing_objects_are_reported_with_their_place() -> None:
    fake = web()
    fake.put("/web/prefixlists/one", {"PrefixList": ["10.0.0.0/8"]})
    document = {
        "name": "web",
        "profiles": {"outbound_trust_certificate": "c"},
        "prefix_lists": [{"name": "new", "prefixes": ["10.0.0.0/8"]}],
        "rules": rules("r", source={"prefix_lists": ["one", "new", "none"]}, category={"url_categories": ["games"]}),
    }
    place = "rulestacks[0] web"
    assert list(map(str, planned(fake, document, MERGED).problems)) == [
        f"{place} > profiles > outbound_trust_certificate refers to the certificate 'c', which does not exist.",
        f"{place} > rules[0] r > source > prefix_lists refers to the prefix list 'none', which does not exist.",
    ]
    assert [str(one) for one in planned(fake, document, REPLACED).problems if "'one'" in str(one)] == [
        f"{place} > rules[0] r > source > prefix_lists refers to the prefix list 'one', which does not exist."
    ]
    assert fake.writes == []


@pytest.mark.parametrize(
    ("document", "state", "problem"),
    [
        ({"scope": "global"}, MERGED, "web > scope cannot change after creation; it is 'Local'."),
        (
            {"prefix_lists": [{"name": "p"}]},
            MERGED,
            "web > prefix_lists[0] p > prefixes is required to create the prefix list.",
        ),
        (
            {"rules": rules("r", priority=100)},
            MERGED,
            "web > rules[0] r > priority is that of rule 'a', which is not in the",
        ),
        ({"file_blocking": []}, REPLACED, "web > file_blocking lacks 'pdf', which exists."),
        (
            {"file_blocking": [{"file_type": "pdf"}]},
            DELETED,
            "web > file_blocking[0] pdf > file_type cannot be removed",
        ),
    ],
)
def test_what_the_api_cannot_do_is_refused_with_its_place(document: dict[str, Any], state: str, problem: str) -> None:
    fake = web((100, "a"))
    fake.put("/web/fileblockingprofiles/custom/filetypes/pdf", {"Action": "block", "Direction": "both"})
    (found,) = map(str, planned(fake, {"name": "web", **document}, state).problems)
    assert found.startswith(f"rulestacks[0] {problem}")


@pytest.mark.parametrize(
    ("before", "names", "state", "after"),
    [
        ([], "abc", MERGED, {100: "a", 200: "b", 300: "c"}),
        ([(10, "a"), (20, "b")], "ba", MERGED, {5: "b", 10: "a"}),
        ([(10, "a"), (20, "b"), (30, "x")], "acb", MERGED, {10: "a", 15: "c", 20: "b", 30: "x"}),
        ([(10, "a"), (20, "x")], "ab", REPLACED, {10: "a", 110: "b"}),
        ([(1, "a"), (2, "b"), (3, "c")], "cab", OVERRIDDEN, None),
    ],
)
def test_rules_are_evaluated_in_the_order_of_the_list(
    before: list[tuple[int, str]], names: str, state: str, after: dict[int, str] | None
) -> None:
    fake = web(*before)
    apply(fake, {"name": "web", "rules": rules(*names)}, state)
    found = places(fake)
    assert after is None or found == after
    assert "".join(found[priority] for priority in sorted(found) if found[priority] in names) == names
    assert apply(fake, {"name": "web", "rules": rules(*names)}, state) == []


@pytest.mark.parametrize("unique", [False, True])
def test_given_priorities_are_kept_and_rings_of_moves_resolved(unique: bool) -> None:
    fake = web((1, "a"), (2, "b"), (3, "c"), unique_rule_names=unique)
    wanted = [{**rule, "priority": priority} for rule, priority in zip(rules("a", "b", "c"), (2, 1, 4), strict=True)]
    apply(fake, {"name": "web", "rules": wanted}, MERGED)
    assert places(fake) == {1: "b", 2: "a", 4: "c"}


def test_copies_of_interrupted_moves_are_removed() -> None:
    fake = web((10, "a"), (20, "b"), (30, "a"))
    assert apply(fake, {"name": "web", "rules": rules("a", "b")}, MERGED) == ["delete a"]
    assert places(fake) == {10: "a", 20: "b"}
    fake = web((10, "a"), (30, "a"))
    wanted = [{**rules("a")[0], "priority": 30}]
    assert apply(fake, {"name": "web", "rules": wanted}, MERGED) == ["delete a"]
    assert places(fake) == {30: "a"}


def test_unknown_fields_survive_a_move() -> None:
    fake = web((1, "a"), (2, "b"))
    fake.put(
        f"{RULES}/1", {"RuleName": "a", "Action": "Allow", "New": 1, "Source": {"New": 2}, "Applications": ["any"]}
    )
    apply(fake, {"name": "web", "rules": [{"name": "b"}, {"name": "a"}]}, MERGED)
    (moved,) = [entry for path, entry in fake.entries.items() if entry.get("RuleName") == "a"]
    assert (moved["New"], moved["Source"]) == (1, {"New": 2})


def test_plan_without_client_is_that_of_an_empty_rulestack() -> None:
    document = {"name": "web", "scope": "local", **LISTS, "rules": rules("r", source={"prefix_lists": ["one", "none"]})}
    found = plan_rulestack(Reader(None), parse([document])[0], OVERRIDDEN)
    assert [change.title for change in found.changes] == [
        "rulestack 'web'",
        "prefix list 'one' in rulestack 'web'",
        "prefix list 'new' in rulestack 'web'",
        "security rule 'r' in LocalRule of rulestack 'web'",
    ]
    assert [problem.text for problem in found.problems] == ["refers to the prefix list 'none', which does not exist."]


def test_reads_of_an_unchanged_rulestack_are_one_per_object_and_list() -> None:
    fake = filled()
    planned(fake, {"name": "web", **LISTS, "rules": [{"name": "a"}]}, MERGED)
    reads = [*("GET /web", "GET /web/tags", "GET /web/prefixlists", "GET /web/prefixlists/one")]
    reads += ["GET /web/rulelists/LocalRule", f"GET {RULES}/100"]
    assert sorted(fake.calls) == sorted(reads)
