# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole rulestacks: a document of 40 objects and 60 rules is applied, read back, reordered, contested, and interrupted anywhere."""

from __future__ import annotations

import copy
import functools
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
import requests
from ansible_collections.panw.cloud.plugins.module_utils._transport.adapter import Adapter

from ..harness.killed import killed_at_write
from ..harness.openapi import violations
from ..harness.rulestack_tenant import RulestackTenant, simulated_tenant

LIST = "/v1/config/rulestacks/big/rulelists/LocalRule"


def document(objects: int = 40, rules: int = 60) -> dict[str, Any]:
    """A rulestack with objects of every kind and rules that use them."""
    each = objects // 5
    return {
        "name": "big",
        "description": "everything",
        "profiles": {
            "url_filtering": "custom",
            "outbound_trust_certificate": "c0",
            "outbound_untrust_certificate": "c1",
        },
        "tags": {"team": "network", "ticket": 4711},
        "certificates": [{"name": f"c{number}", "self_signed": True} for number in range(2)],
        "prefix_lists": [{"name": f"p{number}", "prefixes": [f"10.{number}.0.0/16"]} for number in range(2 * each - 6)],
        "fqdn_lists": [{"name": f"f{number}", "fqdns": [f"{number}.example.com"]} for number in range(each)],
        "feeds": [
            {
                "name": f"feed{number}",
                "url": f"https://feeds.example.com/{number}",
                "type": "IP_LIST",
                "frequency": "DAILY",
                "time": number % 24,
                "certificate": "c0",
            }
            for number in range(each)
        ],
        "custom_url_categories": [{"name": f"u{number}", "urls": [f"{number}.example.com/"]} for number in range(each)],
        "predefined_url_category_overrides": [
            {"name": "gambling", "action": "block"},
            {"name": "news", "action": "alert"},
        ],
        "file_blocking": [{"file_type": name, "action": "block", "direction": "both"} for name in ("exe", "zip")],
        "rules": [
            {
                "name": f"r{number}",
                "source": {"prefix_lists": [f"p{number % (2 * each - 6)}"]},
                "destination": {"fqdn_lists": [f"f{number % each}"]},
                "applications": ["ssl"],
                "category": {"url_categories": [f"u{number % each}"]},
                "action": "Allow",
                "tags": {"number": str(number)},
            }
            for number in range(rules)
        ],
    }


def shuffled(items: list[Any]) -> list[Any]:
    """The same items in an order that leaves few in place."""
    return [*items[1::2][::-1], *items[::2]]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RulestackTenant]:
    with simulated_tenant(tmp_path_factory.mktemp("tenant") / "state") as tenant:
        tenant.admin("PUT", "/rulestacks", commit_seconds=0)
        yield tenant


@pytest.fixture
def tenant(running: RulestackTenant) -> Iterator[RulestackTenant]:
    yield running
    running.admin("DELETE", "/faults")
    running.admin("POST", "/rulestacks/reset")


def apply(
    tenant: RulestackTenant, *documents: dict[str, Any], state: str = "overridden", **options: Any
) -> dict[str, Any]:
    return tenant.config(rulestacks=list(documents), state=state, **options)


def applied(tenant: RulestackTenant, *documents: dict[str, Any], **options: Any) -> dict[str, Any]:
    """The first rulestack in the result of a success."""
    result = apply(tenant, *documents, **options)
    assert not result.get("failed"), result
    found: dict[str, Any] = result["rulestacks"][0]
    assert result["changed"] is bool(found["changes"] or found["committed"])
    return found


def rules(tenant: RulestackTenant, configuration: str = "candidate") -> list[str]:
    """The names of the rules in the order of evaluation, as the server has them."""
    listed = tenant.call("GET", f"{LIST}?{configuration}=true&candidate={str(configuration == 'candidate').lower()}")
    return [entry["RuleName"] for entry in listed.get(f"RuleEntry{configuration.capitalize()}", ())]


def test_document_is_applied_once_and_round_trips(tenant: RulestackTenant) -> None:
    wanted = document()
    before = tenant.counts()
    assert apply(tenant, wanted, check=True)["changed"]
    assert tenant.counts()[1] == before[1]
    with tenant.recorded() as sent:
        first = applied(tenant, wanted)
    assert [problem for request in sent for problem in violations(request)] == []
    assert (first["counts"], first["committed"]) == ({"create": 40 + 60 + 1, "update": 1}, True)
    assert rules(tenant, "running") == [f"r{number}" for number in range(60)]
    for state in ("overridden", "replaced", "merged"):
        before = tenant.counts()
        assert applied(tenant, wanted, state=state)["changes"] == []
        reads, writes = (after - start for after, start in zip(tenant.counts(), before, strict=True))
        assert writes == 0
        assert reads <= 101 + 9 + 1, "one per object and rule, one per list, and the state of the rulestack"
    gathered = tenant.config(
        rulestacks=[{"name": "big"}, {"name": "web-egress"}, {"name": "lab-draft"}], state="gathered"
    )["gathered"]
    assert [entry["name"] for entry in gathered] == ["big", "web-egress", "lab-draft"]
    before = tenant.counts()
    result = apply(tenant, *gathered, commit=False)
    assert (result["changed"], tenant.counts()[1]) == (False, before[1])


def test_reordered_rules_take_the_fewest_moves(tenant: RulestackTenant) -> None:
    wanted = document(rules=20)
    applied(tenant, wanted)
    wanted["rules"].insert(0, wanted["rules"].pop())
    wanted["rules"][7], wanted["rules"][8] = wanted["rules"][8], wanted["rules"][7]
    assert applied(tenant, wanted)["counts"] == {"move": 2}
    assert rules(tenant, "running") == [rule["name"] for rule in wanted["rules"]]
    wanted["rules"] = shuffled(wanted["rules"])
    applied(tenant, wanted)
    assert rules(tenant, "running") == [rule["name"] for rule in wanted["rules"]]
    assert applied(tenant, wanted)["changes"] == []


def test_change_of_another_client_is_a_conflict_and_survives(tenant: RulestackTenant) -> None:
    wanted = document(rules=6)
    applied(tenant, wanted)
    theirs, ours = {"PrefixList": ["192.0.2.0/24"]}, ["198.51.100.0/24"]
    wanted["prefix_lists"][0]["prefixes"] = ours
    send = Adapter.send

    def overtaken(adapter: Any, request: requests.PreparedRequest, *more: Any, **options: Any) -> Any:
        if request.method == "PUT" and str(request.url).endswith("/prefixlists/p0") and not overtaken.done:
            overtaken.done = True
            tenant.call("PUT", "/v1/config/rulestacks/big/prefixlists/p0", theirs)
        return send(adapter, request, *more, **options)

    overtaken.done = False
    with mock.patch.object(Adapter, "send", overtaken):
        result = apply(tenant, wanted)
    assert result["error"]["kind"] == "not_applied"
    assert "192.0.2.0/24" in result["msg"]
    assert "198.51.100.0/24" in result["msg"]
    assert tenant.call("GET", "/v1/config/rulestacks/big/prefixlists/p0")["PrefixListCandidate"]["PrefixList"] == [
        "192.0.2.0/24"
    ]
    refused = apply(
        tenant, {"name": "big", "fqdn_lists": [{"name": "new", "fqdns": ["new.example.com"]}]}, state="merged"
    )
    assert refused["error"]["kind"] == "conflict"
    assert "prefix list 'p0'" in refused["msg"]
    assert applied(tenant, wanted)["counts"] == {"update": 1}


@pytest.mark.parametrize(
    ("objects", "count", "step"), [(20, 6, 1), (40, 60, 12)], ids=["each request", "large document"]
)
def test_killed_run_is_continued_and_never_committed_half(
    tenant: RulestackTenant, objects: int, count: int, step: int
) -> None:
    first, second = document(objects, count), document(objects, count)
    second["rules"] = shuffled(second["rules"])
    del second["rules"][0], second["fqdn_lists"][-1], second["predefined_url_category_overrides"][0]
    for rule in second["rules"]:
        rule["destination"] = {"cidrs": ["any"]}
    second["description"] = "less"
    expected: list[str] = []
    for wanted in (first, second):
        runs = 0
        while killed_at_write(functools.partial(apply, tenant, copy.deepcopy(wanted), concurrency=1), step):
            runs += 1
            assert rules(tenant, "running") == expected
        assert runs > 0
        expected = [rule["name"] for rule in wanted["rules"]]
        assert rules(tenant, "running") == rules(tenant) == expected
        assert applied(tenant, wanted)["changes"] == []
