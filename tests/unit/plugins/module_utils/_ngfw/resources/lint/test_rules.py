# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings on rules: what is reported, about which rules, and in which order rules are evaluated."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.document import parse
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.lint.rules import rule_findings

ANYWHERE = {"cidrs": ["any"]}
DENY: dict[str, Any] = {"source": ANYWHERE, "destination": ANYWHERE, "applications": ["any"], "action": "DenySilent"}
ALLOW = {**DENY, "action": "Allow"}
LOW, HIGH, ALL = {"cidrs": ["10.0.0.0/9"]}, {"cidrs": ["10.128.0.0/9"]}, {"cidrs": ["10.0.0.0/8"]}


def rules(*given: dict[str, Any]) -> list[dict[str, Any]]:
    """Rules named r0, r1 and so on, unless they have a name."""
    return [{"name": f"r{index}", **rule} for index, rule in enumerate(given)]


def found(**sections: Any) -> list[tuple[str, str, list[str]]]:
    """The findings, each as its ID, its rule, and the other rules."""
    scope = "local" if "rules" in sections else "global"
    (document,) = parse([{"name": "web", "scope": scope, **sections}])
    return [(finding.id, finding.name, [other.name for other in finding.others]) for finding in rule_findings(document)]


SHADOWED = [("shadowed-rule", "r1", ["r0"])]
JOINTLY = [("shadowed-rule", "r2", ["r0", "r1"])]
SSL, BAD = {"applications": ["ssl"]}, {"feeds": ["bad"]}
PORTS = {**DENY, "prot_port_list": ["TCP:80"]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([DENY, {**ALLOW, **SSL}], SHADOWED),
        ([{**DENY, **SSL}, DENY], []),
        ([{**DENY, "source": LOW}, {**ALLOW, "source": HIGH}], []),
        ([{**DENY, "source": ALL}, {**ALLOW, "source": HIGH}], SHADOWED),
        ([{**DENY, "source": ALL, "negate_source": True}, {**ALLOW, "source": {"cidrs": ["11.0.0.0/8"]}}], SHADOWED),
        ([{**DENY, "source": ALL}, {**ALLOW, "source": LOW, "destination": LOW, **SSL}], SHADOWED),
        ([{**DENY, "enabled": False}, {**ALLOW, **SSL}], []),
        ([DENY, {**ALLOW, "enabled": False}], []),
        ([DENY, {**DENY, "enabled": True}], [("duplicate-rule", "r1", ["r0"])]),
        ([{**DENY, **SSL}, {**DENY, **SSL, "logging": False}], [("duplicate-rule", "r1", ["r0"])]),
        ([{**DENY, "source": {"cidrs": ["10.0.0.0/9", "10.128.0.0/9"]}}, {**DENY, "source": ALL}], [("duplicate-rule", "r1", ["r0"])]),
        ([DENY, {**DENY, "action": "DenyResetBoth"}], SHADOWED),
        ([DENY, {**DENY, "decryption_rule_type": "SSLOutboundInspection"}], SHADOWED),
        ([{**DENY, "source": LOW}, {**DENY, "source": HIGH}, {**ALLOW, "source": ALL}], JOINTLY),
        ([{**DENY, "source": LOW}, {**ALLOW, "source": HIGH, **SSL}, {**ALLOW, "source": ALL, **SSL}], JOINTLY),
        ([{**DENY, **SSL}, {**DENY, "applications": ["dns"]}, {**ALLOW, "applications": ["dns", "ssl"]}], JOINTLY),
        ([PORTS, {**DENY, "prot_port_list": ["UDP:53"]}, {**ALLOW, "prot_port_list": ["TCP:80", "UDP:53"]}], JOINTLY),
        ([{**DENY, "source": LOW}, {**DENY, "destination": HIGH}, {**ALLOW, "source": ALL, "destination": ALL}], []),
        ([{**DENY, "source": LOW}, PORTS, {**DENY, "source": HIGH}, {**ALLOW, "source": ALL, **SSL}], [("shadowed-rule", "r3", ["r0", "r2"])]),
        ([{**DENY, "source": {"cidrs": ["10.0.0.0/10"]}}, {**DENY, "source": LOW}, {**DENY, "source": HIGH}, {**ALLOW, "source": ALL}],
            [("shadowed-rule", "r3", ["r1", "r2"])]),
        ([ALLOW], [("any-to-any-allow", "r0", [])]),
        ([{**ALLOW, "action": "allow", "protocol": "any"}], [("any-to-any-allow", "r0", [])]),
        ([{**ALLOW, "enabled": False}], []),
        ([{**ALLOW, "destination": ALL}, DENY], []),
        ([{**DENY, "negate_source": True}], [("unmatchable-rule", "r0", [])]),
        ([DENY, {**DENY, "negate_destination": True}], [("unmatchable-rule", "r1", [])]),
        ([{**DENY, "negate_source": True}, {**ALLOW, **SSL}], [("unmatchable-rule", "r0", [])]),
        ([{**DENY, "source": BAD}, DENY], [("undecided-shadowing", "r1", ["r0"])]),
        ([{**DENY, "source": BAD}, {**ALLOW, "source": BAD}], SHADOWED),
        ([{**DENY, "source": BAD}, {**DENY, **SSL}, {**ALLOW, **SSL}], [("undecided-shadowing", "r1", ["r0"]), ("shadowed-rule", "r2", ["r1"])]),
        ([{**DENY, "source": BAD, "negate_source": True}, {**DENY, "source": LOW}, {**ALLOW, "source": {**BAD, **LOW}}],
            [("undecided-shadowing", "r1", ["r0"]), ("undecided-shadowing", "r2", ["r0", "r1"])]),
        ([{**DENY, "category": {"url_categories": ["games"]}}, {**DENY, "category": {"url_categories": ["news"]}},
          {**ALLOW, "category": {"url_categories": ["games", "news"]}}],
            [("undecided-shadowing", "r1", ["r0"]), ("shadowed-rule", "r2", ["r0", "r1"])]),
    ],
)  # fmt: skip
def test_findings(given: list[dict[str, Any]], expected: list[tuple[str, str, list[str]]]) -> None:
    assert found(rules=rules(*given)) == expected


def test_priorities_decide_over_the_order_of_the_list() -> None:
    first, second = {**DENY, "priority": 20}, {**ALLOW, **SSL, "priority": 10}
    assert found(rules=rules(first, second)) == []
    assert found(rules=rules({**first, "priority": 5}, second)) == SHADOWED


def test_pre_rules_shadow_post_rules_but_not_the_other_way_round() -> None:
    narrow = rules({**ALLOW, **SSL, "name": "narrow"})
    assert found(post_rules=narrow, pre_rules=rules(DENY)) == [("shadowed-rule", "narrow", ["r0"])]
    assert found(post_rules=rules(DENY), pre_rules=narrow) == []


@pytest.mark.parametrize("option", ["source", "destination", "applications", "action"])
def test_rule_that_is_only_a_part_is_not_compared(option: str) -> None:
    part = {key: value for key, value in DENY.items() if key != option}
    assert found(rules=rules(DENY, part, {**ALLOW, **SSL})) == [
        ("undecided-shadowing", "r1", []),
        ("shadowed-rule", "r2", ["r0"]),
    ]


def test_messages_say_why() -> None:
    feeds = [{**DENY, "destination": {"feeds": [name]}} for name in "abcd"]
    given = rules(*feeds, DENY, ALLOW, DENY, {**DENY, "negate_source": True}, {"action": "Allow"})
    (document,) = parse([{"name": "web", "scope": "local", "rules": given}])
    findings = list(rule_findings(document))
    assert {finding.place for finding in findings[:3]} == {f"rulestacks[0] web > rules[{index}] r{index}" for index in (1, 2, 3)}  # fmt: skip
    assert [finding.message for finding in findings if finding.name != "r2"] == [
        "may never match: depending on destination, all its sessions may match rule 'r0' before it.",
        "may never match: depending on destination, all its sessions may match rule 'r0', 'r1' or 'r2' before it.",
        "may never match: depending on destination, all its sessions may match rule 'r0', 'r1', 'r2' or 1 more before it.",
        "allows any application from any source to any destination.",
        "can never match: all its sessions match rule 'r4' before it.",
        "repeats rule 'r4': both match the same sessions and do the same.",
        "can never match: its source or destination negates every address.",
        "cannot be compared: it lacks source, destination, applications.",
    ]
    assert [other.undecided for other in findings[3].others] == [("destination",)] * 4
