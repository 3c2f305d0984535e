# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies of objects and rules: defaults, and what the service refuses."""

from __future__ import annotations

import pytest

STACK = "/v1/config/rulestacks/lab-draft"
COMMITTED = "/v1/config/rulestacks/web-egress"
RULES = "rulelists/LocalRule"
RULE = {"RuleName": "first", "Source": {"Cidrs": ["10.0.0.0/8"]}, "Action": "Allow"}
FEED = {"FeedURL": "https://feeds.example.com/a", "Type": "IP_LIST", "Frequency": "DAILY"}


def test_defaults_of_a_rule(world, access):
    world.write("POST", f"{STACK}/{RULES}", access["r"], {"Priority": 7, "RuleEntry": {"RuleName": "x"}})
    stored = world.content(f"{STACK}/{RULES}/priorities/7", access["r"])["RuleEntryCandidate"]
    del stored["UpdateToken"]
    assert stored == {
        "RuleName": "x",
        "Enabled": True,
        "Source": {"Cidrs": ["any"]},
        "NegateSource": False,
        "Destination": {"Cidrs": ["any"]},
        "NegateDestination": False,
        "Applications": ["any"],
        "Category": {},
        "Protocol": "application-default",
        "Action": "Allow",
        "Logging": False,
    }


def test_rule_with_ports_has_no_default_protocol(world, access):
    entry = {"RuleName": "x", "ProtPortList": ["TCP:90"]}
    world.write("POST", f"{STACK}/{RULES}", access["r"], {"Priority": 7, "RuleEntry": entry})
    stored = world.content(f"{STACK}/{RULES}/priorities/7", access["r"])["RuleEntryCandidate"]
    assert (stored["ProtPortList"], "Protocol" in stored) == (["TCP:90"], False)


INVALID = [
    ("prefixlists", {}, "Name is required"),
    ("prefixlists", {"Name": "a_b"}, "Name must be a string that matches ^[a-zA-Z0-9-]+$"),
    ("prefixlists", {"Name": "a" * 59}, "Name must be at most 58 characters long"),
    ("prefixlists", {"Name": "x"}, "PrefixList is required"),
    ("prefixlists", {"Name": "x", "PrefixList": []}, "PrefixList must be a list of at least 1 item"),
    ("prefixlists", {"Name": "x", "PrefixList": "10.0.0.0/8"}, "PrefixList must be a list"),
    ("prefixlists", {"Name": "x", "PrefixList": [7]}, "PrefixList[0] must be an IPv4 address or CIDR block"),
    *(
        ("prefixlists", {"Name": "x", "PrefixList": ["10.0.0.0/8", bad]}, "PrefixList[1] must be an IPv4 address or")
        for bad in ("10.0.0.0/33", "10.0.0/8", "2001:db8::/32", "10.0.0.0/255.0.0.0", "10.0.0.0/", "any", "")
    ),
    ("prefixlists", {"Name": "x", "PrefixList": ["10.0.0.0/8"], "Description": "a" * 513}, "Description must be at m"),
    ("fqdnlists", {"Name": "x", "FqdnList": ["*.example.com"]}, "FqdnList[0] must be a string that matches"),
    ("fqdnlists", {"Name": "x", "FqdnList": ["a" * 256]}, "FqdnList[0] must be at most 255"),
    ("feeds", {"Name": "x", **FEED, "FeedURL": "ftp://x"}, "FeedURL must be a string that matches"),
    ("feeds", {"Name": "x", **FEED, "Time": 24}, "Time must be a whole number from 0 to 23"),
    ("feeds", {"Name": "x", **FEED, "Time": True}, "Time must be a whole number from 0 to 23"),
    ("feeds", {"Name": "x", **FEED, "Type": "DOMAIN_LIST"}, "Type must be one of IP_LIST, URL_LIST"),
    ("feeds", {"Name": "x", **FEED, "Frequency": ""}, "Frequency is required"),
    ("certificates", {"Name": "x", "CertificateSelfSigned": "yes"}, "CertificateSelfSigned must be true or false"),
    ("urlcustomcategories", {"Name": "1x", "UrlTargets": []}, "Name must be a string that matches"),
    ("urlcustomcategories", {"Name": "a" * 30, "UrlTargets": []}, "Name must be at most 29"),
    ("urlcustomcategories", {"Name": "x", "UrlTargets": [], "Action": "drop"}, "Action must be one of none, allow"),
    (RULES, {"RuleEntry": RULE}, "Priority is required"),
    (RULES, {"Priority": 0, "RuleEntry": RULE}, "Priority must be a whole number from 1 to 1000000"),
    (RULES, {"Priority": "7", "RuleEntry": RULE}, "Priority must be a whole number from 1 to 1000000"),
    (RULES, {"Priority": 7}, "RuleEntry is required"),
    (RULES, {"Priority": 7, "RuleEntry": {}}, "RuleName is required"),
    (RULES, {"Priority": 7, "RuleEntry": {**RULE, "Action": "allow"}}, "Action must be one of Allow"),
    (RULES, {"Priority": 7, "RuleEntry": {**RULE, "Source": {"Cidrs": ["x"]}}}, "Source.Cidrs[0] must be an IPv4"),
    (RULES, {"Priority": 7, "RuleEntry": {**RULE, "Category": []}}, "Category must be an object"),
    (
        RULES,
        {"Priority": 7, "RuleEntry": {**RULE, "Tags": [{"Key": "a", "Value": "b"}] * 201}},
        "Tags must be a list of at most 200 items",
    ),
    ("rulelists/NoList", {"Priority": 7, "RuleEntry": RULE}, "rule list must be one of LocalRule"),
]


@pytest.mark.parametrize(("segment", "body", "reason"), INVALID)
def test_invalid_objects_are_refused(world, access, segment, body, reason):
    expected = f"InvalidRequestException: invalid request: {reason}"
    assert world.refused("POST", f"{COMMITTED}/{segment}", access["r"], body).startswith(expected)
    assert world.content(COMMITTED, access["r"])["RuleStackState"] == "Running"
