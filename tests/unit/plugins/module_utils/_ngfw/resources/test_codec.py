# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Option values and JSON correspond in both directions, in every spelling that the vendor uses."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog import IN_RULESTACK, RULESTACK_RESOURCE
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.codec import canonical, encode, values_of
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.descriptor import Resource
from ansible_collections.panw.cloud.tests.helpers.resource_values import DISTINCT, options
from hypothesis import given, settings
from hypothesis import strategies as st

RULE = IN_RULESTACK["rules"]


def recased(value: Any, change: Any) -> Any:
    """JSON with all keys changed."""
    if isinstance(value, dict):
        return {change(key): recased(item, change) for key, item in value.items()}
    return value


@pytest.mark.parametrize("resource", DISTINCT, ids=lambda one: one.kind)
@settings(max_examples=40)
@given(data=st.data())
def test_decoded_json_has_the_encoded_values_in_any_letter_case(resource: Resource, data: st.DataObject) -> None:
    values = data.draw(options(resource))
    expected = {option: canonical(resource.by_option[option], value) for option, value in values.items()}
    entry = encode(resource.fields, values)
    for change in (str, str.lower, str.upper):
        decoded = values_of(resource.fields, recased(entry, change))
        for option, value in expected.items():
            seen = decoded[option]
            whole = resource.by_option[option].whole or not isinstance(value, dict) or option == "tags"
            assert (seen if whole else {inner: seen[inner] for inner in value}) == value


def test_missing_keys_mean_the_servers_defaults() -> None:
    """At every depth, and equal to what an empty value means."""
    for field in (field for resource in DISTINCT for field in resource.fields):
        decoded = values_of([field], {})
        assert decoded[field.option] == canonical(field, decoded[field.option])
        if field.type == "object":
            assert decoded[field.option] == values_of([field], {field.wire: {}})[field.option]
            assert decoded[field.option].keys() == {inner.option for inner in field.fields}


@pytest.mark.parametrize(
    ("section", "entry", "option", "expected", "documented"),
    [
        ("custom_url_categories", {"URLTargets": ["a.example/"]}, "urls", ["a.example/"], "UrlTargets"),
        ("rules", {"Category": {"Feeds": ["a"]}}, "category", {"url_categories": [], "feeds": ["a"]}, "Category"),
        ("rules", {"Category": {"Feeds": [], "IntelligentFeeds": ["a"]}}, "category", None, "Category"),
        ("rules", {"Category": {"IntelligentFeeds": ["a"], "Feeds": ["a"]}}, "category", None, "Category"),
        ("rules", {"Tags": [{"key": "a", "value": "1"}, {"Key": "b"}]}, "tags", {"a": "1", "b": ""}, "Tags"),
        ("rules", {"enabled": "False"}, "enabled", False, "Enabled"),
        ("rules", {"ProtPortList": "TCP:443"}, "prot_port_list", ["TCP:443"], "ProtPortList"),
        ("feeds", {"Time": "5", "Frequency": "DAILY"}, "time", 5, "Time"),
        ("feeds", {"time": "soon"}, "time", None, "Time"),
    ],
)
def test_vendors_spellings_are_read_and_the_documented_one_is_written(
    section: str, entry: dict[str, Any], option: str, expected: Any, documented: str
) -> None:
    fields = IN_RULESTACK[section].fields
    if option == "category":
        expected = {"url_categories": [], "feeds": ["a"]}
    assert values_of(fields, entry)[option] == expected
    sent = encode(fields, {}, entry)
    assert (len(sent), documented in sent) == (1 + ("Frequency" in entry), True)
    if option == "category":
        assert encode(fields, {option: {"feeds": ["b"]}}, entry) == {"Category": {"IntelligentFeeds": ["b"]}}


@pytest.mark.parametrize("key", ["OutboundUnTrustCertificate", "OutboundUntrustCertificate"])
def test_untrust_certificate_is_read_in_both_spellings(key: str) -> None:
    fields, entry = RULESTACK_RESOURCE.fields, {"Profiles": {key: "a"}}
    assert values_of(fields, entry)["profiles"]["outbound_untrust_certificate"] == "a"
    changed = encode(fields, {"profiles": {"outbound_untrust_certificate": "b"}}, entry)
    assert changed == {"Profiles": {"OutboundUnTrustCertificate": "b"}}


EQUAL = [
    (RULE.by_option["action"], "Allow", "allow"),
    (RULE.by_option["applications"], ["any"], ["ANY"]),
    (RULE.by_option["applications"], ["ssl", "dns"], ["dns", "ssl", "dns"]),
    (RULE.by_option["source"], {"cidrs": ["Any"]}, {}),
    (RULE.by_option["source"], {"cidrs": ["192.0.2.1/32"], "feeds": []}, {"cidrs": ["192.0.2.1"]}),
    (RULE.by_option["source"], None, {"cidrs": ["any"]}),
    (RULE.by_option["category"], None, {"feeds": []}),
    (RULE.by_option["tags"], {"b": 1, "a": "x"}, {"a": "x", "b": "1"}),
    (RULE.by_option["enabled"], None, True),
    (IN_RULESTACK["fqdn_lists"].by_option["fqdns"], ["Example.COM"], ["example.com"]),
    (IN_RULESTACK["prefix_lists"].by_option["prefixes"], ["10.0.0.0/8"], ["10.0.0.0/255.0.0.0"]),
]


def test_values_of_the_same_meaning_are_equal() -> None:
    different = [
        (field.option, one, other) for field, one, other in EQUAL if canonical(field, one) != canonical(field, other)
    ]
    assert different == []


def test_unknown_fields_and_those_without_a_new_value_are_kept() -> None:
    entry = {
        "RuleName": "a",
        "New": 1,
        "Source": {"New": [2], "cidrs": ["10.0.0.0/8"]},
        "logging": True,
        "Protocol": "any",
    }
    changes = {"source": {"countries": ["us"]}, "protocol": None, "prot_port_list": ["tcp:443"]}
    assert encode(RULE.fields, changes, entry) == {
        "RuleName": "a",
        "New": 1,
        "Source": {"New": [2], "Cidrs": [], "Countries": ["US"]},
        "Logging": True,
        "ProtPortList": ["TCP:443"],
    }


def test_nested_options_that_a_task_omits_are_kept() -> None:
    """Ansible gives them as None."""
    entry = {"Profiles": {"AntiVirusProfile": "custom", "URLFilteringProfile": "custom"}}
    changes = {"profiles": {"anti_virus": None, "anti_spyware": "custom", "url_filtering": "None"}}
    assert encode(RULESTACK_RESOURCE.fields, changes, entry) == {
        "Profiles": {"AntiVirusProfile": "custom", "AntiSpywareProfile": "custom", "URLFilteringProfile": "None"}
    }


def test_empty_values_are_sent_only_where_the_server_has_others() -> None:
    empty = {"description": "", "tags": {}, "prot_port_list": [], "enabled": False}
    assert encode(RULE.fields, empty) == {"Enabled": False}
    entry = {"Description": "x", "Tags": [{"Key": "a", "Value": "b"}], "ProtPortList": ["TCP:1"]}
    assert encode(RULE.fields, empty, entry) == {"Description": "", "Tags": [], "ProtPortList": [], "Enabled": False}


def test_empty_choice_is_left_out() -> None:
    """The API takes one of the words, or no key at all."""
    entry = {"DecryptionRuleType": "SSLOutboundInspection", "Logging": True}
    assert encode(RULE.fields, {"decryption_rule_type": ""}, entry) == {"Logging": True}


def test_match_without_criteria_is_any_in_requests() -> None:
    for source in ({}, {"cidrs": []}, {"cidrs": ["ANY"]}):
        assert encode(RULE.fields, {"source": source}) == {"Source": {"Cidrs": ["any"]}}
