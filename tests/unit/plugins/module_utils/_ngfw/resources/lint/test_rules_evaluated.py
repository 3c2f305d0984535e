# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings on 10,000 random rulestacks agree with evaluating every session of a small space.

What documents cannot tell, such as the addresses of a country or the default ports of an application, is tried with several meanings: a rule is
called shadowed only if it never matches first, whatever they mean.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.document import parse
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.lint.findings import Finding
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.lint.rules import rule_findings

RULESTACKS, SEED = 10_000, 20260519
# The values of each dimension of a session. An address stands for a quarter of all; the last application, service and URL for all others.
ADDRESSES = ("0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2")
APPLICATIONS = ("ssl", "dns", "another")
SERVICES = ("TCP:443", "TCP:80", "UDP:53", "another")
URLS = ("a.example.com/", "b.example.com/", "none")
DIMENSIONS = {
    "source": ADDRESSES,
    "destination": ADDRESSES,
    "applications": APPLICATIONS,
    "protocol": SERVICES,
    "category": URLS,
}
SESSIONS = list(itertools.product(*DIMENSIONS.values()))
WITH = [
    {value: sum(1 << at for at, session in enumerate(SESSIONS) if session[dimension] == value) for value in values}
    for dimension, values in enumerate(DIMENSIONS.values())
]
"""The sessions with a value in a dimension, as the bits of a number."""
EVERY = (1 << len(SESSIONS)) - 1
PREFIXES = {
    "0.0.0.0/0": ADDRESSES,
    "0.0.0.0/1": ADDRESSES[:2],
    "128.0.0.0/1": ADDRESSES[2:],
    **{address: (address,) for address in ADDRESSES},
    "lower": (ADDRESSES[0], ADDRESSES[1]),
    "outer": (ADDRESSES[0], ADDRESSES[3]),
}
OPAQUE = ("US", "CH", "feed", "a.example.com", "b.example.com")
OBJECTS = {
    "prefix_lists": [{"name": name, "prefixes": list(PREFIXES[name])} for name in ("lower", "outer")],
    "fqdn_lists": [{"name": "one", "fqdns": [OPAQUE[3]]}, {"name": "both", "fqdns": list(OPAQUE[3:])}],
}
Meaning = Mapping[str, Sequence[str]]
"""The addresses of each opaque name, the default services of each application, and the URLs of each category."""


def some(choose: random.Random, values: Sequence[str], least: int = 0) -> list[str]:
    return choose.sample(values, choose.randint(least, len(values)))


def random_peer(choose: random.Random, option: str, decidable: bool) -> dict[str, list[str]]:
    if choose.random() < 0.35:
        return {"cidrs": ["any"]}
    match = {"cidrs": some(choose, list(PREFIXES)[:7])[:2], "prefix_lists": some(choose, ["lower", "outer"])[:1]}
    if not decidable and choose.random() < 0.5:
        match["countries"] = some(choose, OPAQUE[:2])
        match["feeds"] = some(choose, OPAQUE[2:3])
        if option == "destination":
            match["fqdn_lists"] = some(choose, ["one", "both"])
    return match


def random_rule(choose: random.Random, name: str, decidable: bool) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "name": name,
        "enabled": choose.random() < 0.9,
        "source": random_peer(choose, "source", decidable),
        "destination": random_peer(choose, "destination", decidable),
        "negate_source": choose.random() < 0.1,
        "negate_destination": choose.random() < 0.1,
        "applications": choose.choice([["any"], ["ssl"], ["dns"], ["ssl", "dns"]]),
        "action": choose.choice(["Allow", "DenySilent"]),
    }
    if choose.random() < 0.5:
        rule["prot_port_list"] = some(choose, SERVICES[:3], 1)
    elif decidable or choose.random() < 0.5:
        rule["protocol"] = "any"
    if not decidable and choose.random() < 0.5:
        rule["category"] = {"url_categories": some(choose, ["games", "news"]), "feeds": some(choose, ["paste"])}
    return rule


def random_meaning(choose: random.Random, amount: float) -> Meaning:
    """A meaning of all that documents cannot tell. :param amount: how many addresses and URLs a name has, from 0 for none to 1 for all."""

    def part(values: Sequence[str]) -> list[str]:
        return [value for value in values if choose.random() < amount]

    names = {name: part(ADDRESSES) for name in OPAQUE}
    defaults = {name: some(choose, SERVICES, 1) for name in APPLICATIONS[:2]} | {"another": ["another"]}
    return {**names, **defaults, **{name: part(URLS[:2]) for name in ("games", "news", "paste")}}


def addresses(match: Mapping[str, list[str]], meaning: Meaning) -> set[str]:
    if "any" in match.get("cidrs", ()) or not any(match.values()):
        return set(ADDRESSES)
    known = [PREFIXES[name] for option in ("cidrs", "prefix_lists") for name in match.get(option, ())]
    names = [*match.get("countries", ()), *match.get("feeds", ())]
    names += [
        fqdn for one in OBJECTS["fqdn_lists"] if one["name"] in match.get("fqdn_lists", ()) for fqdn in one["fqdns"]
    ]
    return {address for one in (*known, *(meaning[name] for name in names)) for address in one}


def having(dimension: int, values: Sequence[str] | set[str]) -> int:
    return sum(WITH[dimension][value] for value in values)


def sessions(rule: Mapping[str, Any], meaning: Meaning) -> int:
    """The sessions that a rule matches, as the bits of a number."""
    if not rule["enabled"]:
        return 0
    found = EVERY
    for dimension, option in enumerate(("source", "destination")):
        named = having(dimension, addresses(rule[option], meaning))
        found &= EVERY & ~named if rule[f"negate_{option}"] else named
    applications = APPLICATIONS if rule["applications"] == ["any"] else rule["applications"]
    found &= having(2, applications)
    if rule.get("prot_port_list"):
        found &= having(3, rule["prot_port_list"])
    elif "protocol" not in rule:
        found &= sum(WITH[2][name] & having(3, meaning[name]) for name in applications)
    categories = [name for names in rule.get("category", {}).values() for name in names]
    return found & having(4, {url for name in categories for url in meaning[name]}) if categories else found


def check(rules: Sequence[Mapping[str, Any]], findings: Mapping[str, Finding], meaning: Meaning) -> None:
    """Compare the findings with an evaluation. :param findings: about whether a rule matches, by name."""
    matched = [sessions(rule, meaning) for rule in rules]
    for index, (rule, own) in enumerate(zip(rules, matched, strict=True)):
        finding = findings.get(rule["name"])
        certain = finding is not None and finding.id != "undecided-shadowing"
        earlier = matched[:index]
        if finding is not None and certain:
            seen = 0
            for other in finding.others:
                seen |= matched[int(other.name)]
                assert int(other.name) < index
            assert own & ~seen == 0, (rules, finding)
            assert own == seen or finding.id != "duplicate-rule", (rules, finding)
        if rule["enabled"] and own:
            covering = [at for at, other in enumerate(earlier) if own & ~other == 0]
            named = {int(other.name) for other in finding.others} if finding else set()
            assert certain or set(covering) <= named, (rules, rule["name"], covering)


def test_findings_agree_with_evaluation() -> None:
    choose, seen = random.Random(SEED), Counter[str]()  # noqa: S311 - the same rulestacks in every run
    for number in range(RULESTACKS):
        decidable = number % 2 == 0
        rules = [random_rule(choose, str(index), decidable) for index in range(choose.randint(2, 5))]
        (document,) = parse([{"name": "web", "scope": "local", **OBJECTS, "rules": rules}])
        findings = {one.name: one for one in rule_findings(document) if one.id != "any-to-any-allow"}
        for amount in (0.5,) if decidable else (0.0, 0.5, 0.7, 1.0):
            check(rules, findings, random_meaning(choose, amount))
        seen.update(f"{one.id} {min(len(one.others), 2)}" for one in findings.values())
        if decidable:
            assert "undecided-shadowing" not in {one.id for one in findings.values()}, rules
            empty = {rule["name"] for rule in rules if rule["enabled"] and not sessions(rule, {})}
            assert empty == {name for name, one in findings.items() if one.id == "unmatchable-rule"}, rules
    kinds = ("duplicate-rule 1", "shadowed-rule 1", "shadowed-rule 2", "undecided-shadowing 1", "unmatchable-rule 0")
    assert {kind for kind in kinds if seen[kind] >= 50} == set(kinds), seen
