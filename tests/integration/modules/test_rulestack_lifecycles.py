# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each module of a resource creates, updates and deletes with one write each, and none the second time or in check mode."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ..harness.openapi import violations
from ..harness.rulestack_tenant import RulestackTenant, simulated_tenant

RULE = {"source": {"cidrs": ["any"]}, "destination": {"cidrs": ["any"]}, "applications": ["any"], "action": "Allow"}
# Module, options that name the resource, at creation, as changed, and in another form that means the same.
LIFECYCLES: dict[str, tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "prefix list": (
        "ngfw_prefix_list",
        {"name": "a"},
        {"prefixes": ["10.0.0.0/8", "192.0.2.0/24"], "description": "one"},
        {"prefixes": ["10.0.0.0/8"], "description": "", "audit_comment": "shorter"},
        {"prefixes": ["10.0.0.0/8", "10.0.0.0/8"]},
    ),
    "FQDN list": (
        "ngfw_fqdn_list",
        {"name": "a"},
        {"fqdns": ["b.example.com", "a.example.com"]},
        {"fqdns": ["c.example.com"], "description": "one"},
        {"fqdns": ["C.EXAMPLE.com"]},
    ),
    "feed": (
        "ngfw_intelligent_feed",
        {"name": "a"},
        {"url": "https://feeds.example.com/a", "type": "IP_LIST", "frequency": "DAILY", "time": 0},
        {"frequency": "HOURLY", "certificate": "egress-trust"},
        {"type": "IP_LIST"},
    ),
    "certificate": (
        "ngfw_certificate",
        {"name": "a"},
        {"self_signed": True},
        {"signer_arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:a-AbCdEf"},
        {"self_signed": False, "signer_arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:a-AbCdEf"},
    ),
    "custom URL category": (
        "ngfw_custom_url_category",
        {"name": "a"},
        {"urls": ["a.example.com", "*.b.example.com/"]},
        {"urls": ["a.example.com"], "action": "block"},
        {"action": "block"},
    ),
    "override": (
        "ngfw_predefined_url_category_override",
        {"name": "streaming-media"},
        {"action": "block"},
        {"action": "alert", "audit_comment": "less strict"},
        {"audit_comment": "no change"},
    ),
    "file blocking": (
        "ngfw_file_blocking",
        {"file_type": "zip"},
        {"action": "block", "direction": "download"},
        {"direction": "both", "description": "both ways"},
        {"action": "block"},
    ),
    "rulestack": (
        "ngfw_rulestack",
        {"name": "a"},
        {"description": "one", "account_id": "123456789012"},
        {"description": "two", "profiles": {"url_filtering": "custom"}},
        {"profiles": {"anti_virus": "BestPractice"}},
    ),
    "rule": (
        "ngfw_security_rule",
        {"name": "a"},
        {**RULE, "priority": 7, "category": {"url_categories": ["gambling"], "feeds": ["phishing-sites"]}},
        {"prot_port_list": ["TCP:443"], "tags": {"ticket": 4711}, "enabled": False},
        {"prot_port_list": ["tcp:443"], "source": {}},
    ),
    "rule of a global rulestack": (
        "ngfw_security_rule",
        {"name": "a", "rulestack": "company-baseline", "scope": "global", "rule_list": "PostRule"},
        {**RULE, "decryption_rule_type": "SSLOutboundInspection"},
        {"decryption_rule_type": "", "negate_source": True, "source": {"countries": ["kp"]}},
        {"source": {"countries": ["KP"], "cidrs": []}},
    ),
}


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RulestackTenant]:
    with simulated_tenant(tmp_path_factory.mktemp("tenant") / "state") as running:
        yield running


@pytest.mark.parametrize("kind", LIFECYCLES)
def test_lifecycle_takes_one_write_per_change(tenant: RulestackTenant, kind: str) -> None:
    module, named, created, updated, same = LIFECYCLES[kind]
    place = {} if module == "ngfw_rulestack" else {"rulestack": "web-egress"}
    removable = module != "ngfw_file_blocking"

    def run(changed: bool, writes: int, **options: Any) -> dict[str, Any]:
        before = tenant.counts()[1]
        with tenant.recorded() as sent:
            result = tenant.module(module, **{**place, **named, **options})
        assert result.get("msg") is None
        assert [problem for request in sent for problem in violations(request)] == []
        assert (result["changed"], tenant.counts()[1] - before) == (changed, writes)
        assert bool(result["diff"]) is changed
        return result

    for options in (created, updated):
        predicted = run(True, 0, **options, check=True)
        made = run(True, 1, **options)
        assert {**predicted, "diff": made["diff"]} == made
        assert predicted["diff"] == made["diff"]
        run(False, 0, **options)
        run(False, 0, **options, check=True)
        assert run(False, 0, **named)["after"] == made["after"]
    run(False, 0, **same)
    if removable:
        predicted = run(True, 0, state="absent", check=True)
        assert {**predicted, "diff": None} == {**run(True, 1, state="absent"), "diff": None}
        run(False, 0, state="absent")
        run(False, 0, state="absent", check=True)


@pytest.mark.parametrize("kind", LIFECYCLES)
def test_invalid_name_of_a_rulestack_is_refused_before_any_call(tenant: RulestackTenant, kind: str) -> None:
    module, named, created, _updated, _same = LIFECYCLES[kind]
    option = "name" if module == "ngfw_rulestack" else "rulestack"
    before = tenant.counts()
    result = tenant.module(module, **{**named, **created, option: "../web egress"})
    assert result["error"]["problems"][0]["place"] == option
    assert tenant.counts() == before
