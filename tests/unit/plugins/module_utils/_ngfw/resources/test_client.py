# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls for resources: what is read in every shape that the vendor describes, and which request each change is."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidResponse, RouteNotFound
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog import (
    IN_RULESTACK,
    RULESTACK_RESOURCE,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.client import (
    RUNNING,
    Listed,
    ResourceClient,
    request_for,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.descriptor import Resource
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.planner import Desired, Observed, plan
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import BASE, FakeRulestacks
from ansible_collections.panw.cloud.tests.helpers.fakes import HELD, MISSING_ROUTE, Reply, Server, api, success
from ansible_collections.panw.cloud.tests.helpers.resource_values import ALL, least

PREFIXES, RULE = IN_RULESTACK["prefix_lists"], IN_RULESTACK["rules"]
CATEGORY, OVERRIDE = IN_RULESTACK["custom_url_categories"], IN_RULESTACK["predefined_url_category_overrides"]


def client(*replies: Reply) -> ResourceClient:
    return ResourceClient(api(Server(*replies)), HELD)


def place(resource: Resource) -> tuple[str, ...]:
    if resource is RULESTACK_RESOURCE:
        return ()
    return ("web", "LocalRule") if resource.addressed_by == "priority" else ("web",)


@pytest.mark.parametrize("resource", ALL, ids=lambda one: one.section or "rulestack")
def test_what_is_created_can_be_listed_read_and_removed(resource: Resource) -> None:
    """With the fake of the API, whose keys and paths are a table of their own."""
    fake = FakeRulestacks({} if resource is RULESTACK_RESOURCE else {"/web": {}})
    last = "5" if resource.addressed_by == "priority" else "one"
    address = (*place(resource), last)
    creation = plan(resource, None, Desired(address, "one", least(resource)))
    assert creation is not None
    fake.client.write(creation)
    assert fake.client.list(resource, place(resource)) == [Listed("one", address)]
    observed = fake.client.read(resource, address, "other" if resource.name_wrapped else "one")
    assert observed is not None
    assert (observed.name, observed.update_token is None) == ("one", False)
    assert fake.client.read(resource, address, "one", RUNNING) is None
    assert fake.client.list(resource, place(resource), "uncommitted") == [Listed("one", address, "add")]
    if not resource.deletes:
        return
    removal = plan(resource, observed, Desired(address, "one", None))
    assert removal is not None
    fake.client.write(removal)
    found = fake.client.read(resource, address, "one")
    assert found is None or resource.is_reset(found.values)


def test_requests_have_the_documented_paths() -> None:
    rule = Observed(("web", "PreRule", "5"), "a b", {}, {}, "1")
    for desired, method, path in (
        (Desired(rule.address, "a b", {"enabled": False}), "PUT", "/web/rulelists/PreRule/priorities/5"),
        (Desired(("web", "PreRule", "6"), "a b", {}), "POST", "/web/rulelists/PreRule"),
        (Desired(rule.address, "a b", None), "DELETE", "/web/rulelists/PreRule/priorities/5"),
    ):
        change = plan(IN_RULESTACK["pre_rules"], rule, desired)
        assert change is not None
        assert request_for(change)[:2] == (method, BASE + path)
    blocked = Observed(("web", "games & co"), "games & co", {"Action": "block"}, {"action": "block"}, "1")
    change = plan(OVERRIDE, blocked, Desired(blocked.address, "games & co", None))
    assert change is not None
    path = f"{BASE}/web/urlfilteringprofiles/custom/urlcategories/games%20%26%20co/action"
    assert request_for(change) == ("PUT", path, {"Action": "none", "UpdateToken": "1"})


@pytest.mark.parametrize(
    "described",
    [
        {"URLCategoryCandidate": {"URLCategoryEntry": {"UrlTargets": ["a"], "UpdateToken": "1"}, "Operation": "add"}},
        {"URLCategoryCandidate": {"UrlTargets": ["a"], "UpdateToken": "1"}},
        {"urlcategorycandidate": {"URLTargets": ["a"], "updatetoken": "1"}},
    ],
    ids=["nested", "flat", "letter case"],
)
def test_category_is_read_nested_and_flat(described: dict[str, Any]) -> None:
    found = client(success(described)).read(CATEGORY, ("web", "one"), "one")
    assert found is not None
    assert (found.values["urls"], found.update_token) == (["a"], "1")


def test_override_exists_only_with_an_action_or_a_token() -> None:
    """Every predefined category can be read; one that is not overridden has the action C(none)."""
    replies = [success({"URLCategoryCandidate": entry}) for entry in ({}, {"Action": "none"})]
    assert [client(reply).read(OVERRIDE, ("web", "a"), "a") for reply in replies] == [None, None]
    for entry in ({"Action": "none", "UpdateToken": "1"}, {"Action": "block"}):
        assert client(success({"URLCategoryCandidate": entry})).read(OVERRIDE, ("web", "a"), "a")


def test_tags_are_read_where_the_description_lacks_them() -> None:
    fake = FakeRulestacks({"/web": {}}, tags={"web": {"a": "b"}})
    found = fake.client.read(RULESTACK_RESOURCE, ("web",), "web")
    assert found is not None
    assert found.values["tags"] == {"a": "b"}
    fake.put("/web", {"Tags": [{"Key": "c", "Value": "d"}]})
    fake.requests.clear()
    found = fake.client.read(RULESTACK_RESOURCE, ("web",), "web")
    assert found is not None
    assert (found.values["tags"], fake.calls) == ({"c": "d"}, ["GET /web"])


def test_lists_are_read_to_their_last_page() -> None:
    pages = [success({"PrefixListCandidate": ["a"], "NextToken": "1"}), success({"prefixlistcandidate": ["b"]})]
    server = Server(*pages)
    listed = ResourceClient(api(server), HELD).list(PREFIXES, ("web",))
    assert [one.name for one in listed] == ["a", "b"]
    assert "nexttoken=1" in server.calls[1]


@pytest.mark.parametrize(
    ("resource", "content", "reason"),
    [
        (
            PREFIXES,
            {"PrefixListCandidate": [], "NextToken": "1"},
            "the server returned the same pagination token twice",
        ),
        (RULE, {"RuleEntryCandidate": [{"RuleName": "a"}]}, "an entry of the list has no name or priority"),
        (PREFIXES, {"PrefixListCandidate": [{"Operation": "add"}]}, "an entry of the list has no name or priority"),
    ],
)
def test_unusable_lists_are_reported(resource: Resource, content: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidResponse, match=reason):
        client(success(content)).list(resource, place(resource))
    with pytest.raises(InvalidResponse, match="its candidate is not an object"):
        client(success({"PrefixListCandidate": ["a"]})).read(PREFIXES, ("web", "a"), "a")


def test_missing_rulestack_has_no_lists_and_a_missing_route_is_reported() -> None:
    assert FakeRulestacks().client.list(PREFIXES, ("web",)) == []
    with pytest.raises(RouteNotFound):
        client(MISSING_ROUTE).list(PREFIXES, ("web",))
