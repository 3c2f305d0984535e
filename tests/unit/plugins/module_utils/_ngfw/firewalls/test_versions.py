# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each part of a firewall changes with a request of its own, as the vendor's OpenAPI documents and Go SDK have it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.deviations import FIREWALL_DEVIATIONS
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.client import Firewall
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.versions import (
    V1,
    V1_ON_V2,
    V2,
    Call,
    Version,
    versions,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources import codec
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.planner import Desired, plan
from ansible_collections.panw.cloud.tests.helpers.fakes import success
from ansible_collections.panw.cloud.tests.helpers.firewall_runs import OLD as CREATED
from ansible_collections.panw.cloud.tests.helpers.firewall_runs import FirewallRun

OLD: dict[str, Any] = {
    "AccountId": "123456789012",
    "FirewallName": "web",
    "VpcId": "vpc-1",
    "Description": "one",
    "SubnetMappings": [{"SubnetId": "subnet-1"}, {"AvailabilityZone": "us-east-1a"}],
    "AppIdVersion": "1-1",
    "AutomaticUpgradeAppIdVersion": True,
    "EgressNAT": {"Enabled": True, "Settings": {"IPPoolType": "AWSService"}},
    "SecurityZones": [{"EndpointId": "e-1", "SubnetId": "subnet-1", "Mode": "ServiceManaged", "Status": "Accepted"}],
    "UserID": {"Enabled": False, "UserIDStatus": "Disabled"},
    "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}],
    "RuleStackName": "web",
    "GlobalRuleStackName": "global",
    "UpdateToken": "u-1",
}
NEW: dict[str, Any] = {
    "CustomerZoneIdList": ["use1-az1"],
    "Tags": [{"Key": "a", "Value": "1"}, {"Key": "FirewallName", "Value": "web"}],
    "RuleStackName": "web",
    "GlobalRuleStackName": "global",
    "LinkId": "link-1",
    "UpdateToken": "u-1",
    "DeploymentUpdateToken": "d-1",
}


def calls(version: Version, raw: dict[str, Any], values: dict[str, Any]) -> list[Call]:
    resource = version.resource
    observed = codec.values_of(resource.fields, raw)
    observed["tags"].pop("FirewallName", None)
    firewall = Firewall(("web",), "web", raw, observed, raw.get("UpdateToken"))
    change = plan(resource, firewall, Desired(("web",), "web", values))
    assert change is not None
    part = next(part for part in version.parts if part.options & set(change.options))
    return part.calls(change)


OWN = {"FirewallName": "web", "AccountId": "123456789012"}
TOKEN = {"UpdateToken": "u-1"}
V1_CALLS: list[tuple[dict[str, Any], tuple[str, ...], str, dict[str, Any]]] = [
    ({"description": ""}, ("PUT",), "/description", {**OWN, "Description": "", **TOKEN}),
    (
        {"subnet_mappings": [{"subnet_id": "subnet-1"}, {"availability_zone_id": "use1-az1"}]},
        ("PUT", "POST"),
        "/subnets",
        {
            **OWN,
            "AssociateSubnetMappings": [{"AvailabilityZoneId": "use1-az1"}],
            "DisassociateSubnetMappings": [{"AvailabilityZone": "us-east-1a"}],
            **TOKEN,
        },
    ),
    ({"multi_vpc": True}, ("PUT", "POST"), "/subnets", {**OWN, "MultiVpcEnable": True, **TOKEN}),
    (
        {"app_id_version": "2-2"},
        ("PUT",),
        "/contentversion",
        {**OWN, "AppIdVersion": "2-2", "AutomaticUpgradeAppIdVersion": True, **TOKEN},
    ),
    (
        {"egress_nat": {"enabled": False}},
        ("PUT",),
        "/features",
        {**OWN, "Features": {"EgressNAT": {"Enabled": False, "Settings": {"IPPoolType": "AWSService"}}}, **TOKEN},
    ),
    (
        {"user_id": {"enabled": True}, "private_access": {"type": "NetworkLoadBalancer", "resource_id": "lb"}},
        ("PUT",),
        "/features",
        {
            **OWN,
            "Features": {
                "PrivateAccess": {"Type": "NetworkLoadBalancer", "ResourceID": "lb"},
                "UserID": {"Enabled": True},
            },
            **TOKEN,
        },
    ),
    (
        {"endpoints": [{"mode": "ServiceManaged", "subnet_id": "subnet-1", "egress_nat_enabled": True}]},
        ("PUT",),
        "/features",
        {
            **OWN,
            "Features": {
                "SecurityZones": [
                    {"EndpointId": "e-1", "SubnetId": "subnet-1", "Mode": "ServiceManaged", "EgressNATEnabled": True}
                ]
            },
            **TOKEN,
        },
    ),
    (
        {"tags": {"a": "3", "b": "2", "c": 4}},
        ("POST",),
        "/tags",
        {**OWN, "Tags": [{"Key": "a", "Value": "3"}, {"Key": "c", "Value": "4"}]},
    ),
    ({"tags": {"b": "2"}}, ("DELETE",), "/tags", {**OWN, "TagKeys": ["a"]}),
    ({"rulestack": "new"}, ("POST", "PUT"), "/rulestack", {**OWN, "RuleStackName": "new", **TOKEN}),
    ({"rulestack": ""}, ("DELETE",), "/rulestack", {**OWN, **TOKEN}),
    ({"global_rulestack": "new"}, ("POST", "PUT"), "/globalrulestack", {**OWN, "RuleStackName": "new", **TOKEN}),
    ({"global_rulestack": ""}, ("DELETE",), "/globalrulestack", {**OWN, **TOKEN}),
]
V2_CALLS: list[tuple[dict[str, Any], tuple[str, ...], str, dict[str, Any]]] = [
    ({"rulestack": "new"}, ("POST",), "/rulestack", {"RuleStackName": "new", **TOKEN}),
    ({"rulestack": ""}, ("DELETE",), "/rulestack", {"RuleStackName": "web", **TOKEN}),
    ({"global_rulestack": "new"}, ("POST",), "/rulestack", {"RuleStackName": "new", **TOKEN}),
    ({"global_rulestack": ""}, ("DELETE",), "/rulestack", {"RuleStackName": "global", **TOKEN}),
    ({"link_id": "link-2"}, ("POST",), "/link", {"LinkId": "link-2", **TOKEN}),
    ({"link_id": ""}, ("DELETE",), "/link", {"LinkId": "link-1", **TOKEN}),
    (
        {"description": "two"},
        ("PATCH",),
        "",
        {
            "CustomerZoneIdList": ["use1-az1"],
            "Description": "two",
            "Tags": [{"Key": "FirewallName", "Value": "web"}, {"Key": "a", "Value": "1"}],
            "DeploymentUpdateToken": "d-1",
            **TOKEN,
        },
    ),
    (
        {"tags": {}},
        ("PATCH",),
        "",
        {
            "CustomerZoneIdList": ["use1-az1"],
            "Tags": [{"Key": "FirewallName", "Value": "web"}],
            "DeploymentUpdateToken": "d-1",
            **TOKEN,
        },
    ),
]


@pytest.mark.parametrize(
    ("version", "raw", "values", "methods", "suffix", "body"),
    [
        *((V1, OLD, *one) for one in V1_CALLS),
        *((V1_ON_V2, OLD, *one) for one in V1_CALLS),
        *((V2, NEW, *one) for one in V2_CALLS),
    ],
)
def test_part_has_its_request(
    version: Version,
    raw: dict[str, Any],
    values: dict[str, Any],
    methods: tuple[str, ...],
    suffix: str,
    body: dict[str, Any],
) -> None:
    assert calls(version, raw, values) == [Call(methods, suffix, body)]


def test_tags_of_version_1_are_set_before_others_are_removed() -> None:
    first, second = calls(V1, OLD, {"tags": {"b": "2", "c": "3"}})
    assert first == Call(("POST",), "/tags", {**OWN, "Tags": [{"Key": "c", "Value": "3"}]})
    assert second == Call(("DELETE",), "/tags", {**OWN, "TagKeys": ["a"]})


def test_answer_without_account_and_token_gives_neither() -> None:
    (call,) = calls(V1, {"FirewallName": "web", "Description": "one"}, {"description": "two"})
    assert call.body == {"FirewallName": "web", "Description": "two"}


@pytest.mark.parametrize("version", [V1, V1_ON_V2, V2])
def test_every_option_that_can_change_is_in_one_part(version: Version) -> None:
    fields = {field.option for field in version.resource.fields if field.mutable and field.compared}
    options = [option for part in version.parts for option in part.options]
    assert sorted(options) == sorted(fields)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("V1", (V1,)),
        ("v1", (V1,)),
        ("V2", (V2, V1_ON_V2)),
        ("V3", (V2, V1_ON_V2)),
        (None, (V2, V1_ON_V2, V1)),
        ("", (V2, V1_ON_V2, V1)),
    ],
)
def test_versions_follow_the_claim_of_the_token(claim: str | None, expected: tuple[Version, ...]) -> None:
    assert versions(claim) == expected


def requests_of(version: Version, place: str, listed: str) -> set[tuple[str, str, str, str]]:
    """What the calls for a firewall of version 1 have. :param place: its path in the documents. :param listed: that of the list."""
    run, zone = FirewallRun(version), {"availability_zone_id": "use1-az6"}
    run(CREATED)
    for mappings in ([*CREATED["subnet_mappings"], zone], CREATED["subnet_mappings"]):
        run({"subnet_mappings": mappings})
    run({"description": "two", "multi_vpc": True, "app_id_version": "9-9", "tags": {"a": "b"}})
    client = run.fake.client(version, "123456789012")
    client.named("web")
    run.fake.fail("GET ", success({"NextToken": "next"}))
    list(client.each(RuleStackName="web", VpcIds=["vpc-1"]))
    run(None)
    found = set()
    for call, query, body in run.fake.requests:
        method, _space, path = call.partition(" ")
        path = path.replace("/web", place) if path else listed
        found |= {(method, path, "path", ""), *((method, path, "query", name) for name in query)}
        for key, value in body.items():
            inner = (
                {name for item in value for name in item} if isinstance(value, list) and value != ["vpc-1"] else set()
            )
            found |= {(method, path, "body", name) for name in (key, *(f"{key}.{one}" for one in inner))}
    return found


def test_deviations_of_firewalls_are_sent_and_have_a_source() -> None:
    found = requests_of(V1, "/v1/config/ngfirewalls/{ngfirewallname}", "/v1/config/ngfirewalls")
    found |= requests_of(V1_ON_V2, "/v2/ngfirewalls/{firewall_name}", "/v2/ngfirewalls/")
    wanted = {(one.method, one.path, one.part, name) for one in FIREWALL_DEVIATIONS for name in one.names or ("",)}
    assert wanted - found == set(), "listed but not sent"
    assert all(one.source.strip() for one in FIREWALL_DEVIATIONS)
