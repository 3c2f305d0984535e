# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents: every mistake that shows without a call is reported, all at once, each with its place."""

from __future__ import annotations

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.document import (
    document_problems,
    document_spec,
    parse,
    references,
)


def problems(*rulestacks: dict[str, Any]) -> list[str]:
    return list(map(str, document_problems(parse(rulestacks))))


def test_every_mistake_is_reported_at_once_with_its_place() -> None:
    match = {"source": {}, "destination": {}, "applications": ["any"], "action": "Allow"}
    found = problems(
        {
            "name": "web",
            "account_id": "1",
            "prefix_lists": [
                {"name": "a", "prefixes": ["10.0.0.1/8"]},
                {"name": "a", "prefixes": ["::/0"]},
                {"prefixes": ["10.0.0.0/8"]},
            ],
            "fqdn_lists": [{"name": "b_", "fqdns": ["a.*.example.com"]}],
            "feeds": [{"name": "f", "url": "x", "type": "LIST", "frequency": "HOURLY", "time": 30}],
            "certificates": [{"name": "c", "self_signed": True, "signer_arn": "arn:aws:acm:us-east-1:1:x"}],
            "custom_url_categories": [{"name": "games", "urls": ["a.example"]}],
            "predefined_url_category_overrides": [{"name": "Games", "action": "block"}],
            "file_blocking": [{"file_type": "pdf", "action": "stop", "direction": "both"}],
            "rules": [
                {"name": "one", "priority": 0, **match},
                {"name": "one", "priority": 7, **match, "protocol": "tcp", "prot_port_list": ["tcp"]},
                {"name": "two", "priority": 7, **match, "source": {"cidrs": ["any"], "countries": ["USA"]}},
                {"name": "three", **match, "applications": ["any", "ssl"], "action": "Drop"},
            ],
            "pre_rules": [{"name": "pre", **match}],
        },
        {"name": "web"},
        {"name": "all", "scope": "global", "rules": [{"name": "one", **match}]},
        {"scope": "both"},
    )
    expected = [
        "rulestacks[0] web > account_id is '1'",
        "rulestacks[0] web > prefix_lists[0] a > prefixes[0] is '10.0.0.1/8': it has host bits set",
        "rulestacks[0] web > prefix_lists[1] a repeats the prefix list 'a' of rulestacks[0] web > prefix_lists[0] a.",
        "rulestacks[0] web > prefix_lists[1] a > prefixes[0] is '::/0': it is IPv6",
        "rulestacks[0] web > prefix_lists[2] > name is missing.",
        "rulestacks[0] web > fqdn_lists[0] b_ > name is 'b_'",
        "rulestacks[0] web > fqdn_lists[0] b_ > fqdns[0] is 'a.*.example.com': it has a wildcard",
        "rulestacks[0] web > feeds[0] f > url is 'x'",
        "rulestacks[0] web > feeds[0] f > type is 'LIST', not one of IP_LIST, URL_LIST.",
        "rulestacks[0] web > feeds[0] f > time is 30, not between 0 and 23.",
        "rulestacks[0] web > feeds[0] f > time is only valid with 'frequency: DAILY'.",
        "rulestacks[0] web > certificates[0] c > self_signed must not be set together with 'signer_arn'.",
        "rulestacks[0] web > custom_url_categories[0] games > name is the name of a predefined URL category",
        "rulestacks[0] web > file_blocking[0] pdf > action is 'stop'",
        "rulestacks[0] web > rules[0] one > priority is 0, not between 1 and 1000000.",
        "rulestacks[0] web > rules[1] one repeats the security rule 'one' of rulestacks[0] web > rules[0] one.",
        "rulestacks[0] web > rules[1] one > protocol is 'tcp': it is not one of application-default, any",
        "rulestacks[0] web > rules[1] one > prot_port_list must not be set together with 'protocol'.",
        "rulestacks[0] web > rules[1] one > prot_port_list[0] is 'tcp'",
        "rulestacks[0] web > rules[2] two > priority repeats the priority '7' of rulestacks[0] web > rules[1] one > priority.",
        "rulestacks[0] web > rules[2] two > source > countries[0] is 'USA'",
        "rulestacks[0] web > rules[2] two > source has 'any' together with other values.",
        "rulestacks[0] web > rules[3] three > applications has 'any' together with other values.",
        "rulestacks[0] web > rules[3] three > action is 'Drop'",
        "rulestacks[0] web > rules[3] three > priority is missing: either all rules of a list have a priority",
        "rulestacks[0] web > pre_rules is not possible in a local rulestack.",
        "rulestacks[1] web repeats the rulestack 'web' of rulestacks[0] web.",
        "rulestacks[2] all > rules is not possible in a global rulestack.",
        "rulestacks[3] > name is missing.",
        "rulestacks[3] > scope is 'both', not one of Local, Global.",
    ]
    assert [text for text in expected if not any(one.startswith(text) for one in found)] == []
    assert [one for one in found if not any(one.startswith(text) for text in expected)] == []


def test_valid_documents_have_no_problems_whatever_the_letter_case() -> None:
    feed = {"name": "f", "url": "https://example.com", "type": "ip_list", "frequency": "daily", "time": 3}
    rule = {"name": "one", "source": {"cidrs": ["ANY"]}, "destination": {}, "applications": ["Any"], "action": "allow"}
    assert problems({"name": "web", "scope": "LOCAL", "feeds": [feed], "rules": [rule], "pre_rules": []}) == []


def test_omitted_and_empty_sections_differ() -> None:
    (document,) = parse([{"name": "web", "rules": [], "tags": {}, "description": None}])
    assert document.sections == {"rules": []}
    assert document.values == {"scope": "local", "tags": {}}
    assert document.address == ("web",)


def test_references_are_found_at_every_depth() -> None:
    rule = {
        "name": "one",
        "source": {"prefix_lists": ["a", "b"]},
        "category": {"feeds": ["f"]},
        "inbound_inspection_certificate": "c",
    }
    (document,) = parse([{"name": "web", "profiles": {"outbound_trust_certificate": "t"}, "rules": [rule]}])
    place = "rulestacks[0] web > rules[0] one"
    assert list(references(document)) == [
        ("certificates", "t", "rulestacks[0] web > profiles > outbound_trust_certificate"),
        ("prefix_lists", "a", f"{place} > source > prefix_lists"),
        ("prefix_lists", "b", f"{place} > source > prefix_lists"),
        ("feeds", "f", f"{place} > category > feeds"),
        ("certificates", "c", f"{place} > inbound_inspection_certificate"),
    ]


def test_rules_have_a_priority_and_objects_have_none() -> None:
    options = document_spec()
    assert [section for section, option in options.items() if "priority" in (option.get("options") or {})] == [
        "rules",
        "pre_rules",
        "post_rules",
    ]
