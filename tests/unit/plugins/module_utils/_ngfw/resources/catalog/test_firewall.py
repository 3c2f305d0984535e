# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Firewalls as data: keys, problems of values, and options of the module."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources import codec
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog.firewall import (
    FIREWALL_V1,
    FIREWALL_V2,
    feature_problems,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.descriptor import Resource
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.planner import (
    Desired,
    Observed,
    plan,
    refusals,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.validation import name_problems, value_problems

# The keys of a change, and of an endpoint in it, in the OpenAPI document of 2026.
PATCH_KEYS = {
    *(
        "AllowListAccounts",
        "ChangeProtection",
        "CustomerZoneIdList",
        "DeploymentUpdateToken",
        "Description",
        "EgressNAT",
    ),
    *("Endpoints", "GwlbTcpIdleTimeout", "PrivateAccess", "Tags", "UpdateToken", "UserID"),
}
ENDPOINT_KEYS = {"AccountId", "EgressNATEnabled", "EndpointId", "Mode", "Prefixes", "SubnetId", "VpcId", "ZoneId"}
USER_ID_KEYS = {"AgentName", "CollectorName", "CustomIncludeExcludeNetwork", "Enabled", "Port", "SecretKeyARN"}
# All that a description of version 2 can have.
READ = {
    "AdvancedThreatLog": True,
    "AllowListAccounts": ["123456789012"],
    "ChangeProtection": ["GlobalFirewallAdmin"],
    "CloudwatchMetrics": {"AccountId": "123456789012"},
    "CustomerZoneIdList": ["use1-az1"],
    "DeploymentUpdateToken": "d-1",
    "Description": "one",
    "DeviceRuleStackCommitStatus": "Success",
    "EgressNAT": {"Enabled": False},
    "EndpointServiceName": "service",
    "Endpoints": [
        {
            **dict.fromkeys(("AccountId", "EndpointId", "SubnetId", "VpcId"), "x"),
            "Mode": "ServiceManaged",
            "ZoneId": "use1-az1",
            "Status": "Accepted",
            "RejectedReason": "",
            "EgressNATEnabled": False,
            "Prefixes": {"PrivatePrefix": {"Cidrs": ["10.0.0.0/8"]}, "PublicPrefix": {"Cidrs": []}},
        }
    ],
    "FirewallId": "fw-1",
    "FirewallName": "web",
    "GWLB": {"TCPIdleTimeout": 350},
    "GlobalRuleStackName": "global",
    "GwlbTcpIdleTimeout": 350,
    "Ipv6": {"Enabled": False},
    "LinkId": "link",
    "LinkStatus": "Active",
    "LogConfig": {"LogDestination": "x"},
    "Notifications": [],
    "PrivateAccess": {"Type": "NetworkLoadBalancer", "ResourceID": "lb-1"},
    "Region": "us-east-1",
    "RuleStackName": "web",
    "Tags": [{"Key": "FirewallName", "Value": "web"}],
    "UpdateToken": "u-1",
    "UserID": {"Enabled": True, "Port": 5007, "UserIDStatus": "Enabled", "CFTURLLink": "x", "EndpointDNS": "x"},
}


def observed(resource: Resource, raw: dict[str, Any]) -> Observed:
    return Observed(("web",), "web", raw, codec.values_of(resource.fields, raw), "u-1")


def test_change_has_all_keys_of_the_documents_and_no_others() -> None:
    change = plan(FIREWALL_V2, observed(FIREWALL_V2, READ), Desired(("web",), "web", {"description": "two"}))
    assert change is not None
    body = dict(change.body or {})
    assert body.keys() == PATCH_KEYS
    assert body["Endpoints"][0].keys() == ENDPOINT_KEYS
    assert set(body["UserID"]) <= USER_ID_KEYS
    assert (body["UpdateToken"], body["DeploymentUpdateToken"]) == ("u-1", "d-1")
    assert {**READ, **body, "Description": "one"}["Tags"] == READ["Tags"]


ENDPOINT = {"mode": "ServiceManaged", "zone_id": "use1-az1", "subnet_id": "subnet-1"}


@pytest.mark.parametrize(
    ("resource", "values", "problem"),
    [
        (FIREWALL_V2, {"zones": []}, "zones is empty: the API requires at least one."),
        (FIREWALL_V2, {"zones": ["us-east-1a"]}, "zones[0] is 'us-east-1a': it is not a zone ID such as use1-az1"),
        (
            FIREWALL_V2,
            {"zones": ["use1-az2"], "endpoints": [ENDPOINT]},
            "endpoints[0] > zone_id is 'use1-az1', which 'zones'",
        ),
        (FIREWALL_V2, {"endpoints": [{"mode": "CustomerManaged"}]}, "endpoints[0] needs 'zone_id' or 'subnet_id'."),
        (
            FIREWALL_V2,
            {"endpoints": [{**ENDPOINT, "subnet_id": None}]},
            "endpoints[0] > subnet_id is required with 'mode: S",
        ),
        (FIREWALL_V2, {"endpoints": [{**ENDPOINT, "mode": "Other"}]}, "endpoints[0] > mode is 'Other', not one of"),
        (FIREWALL_V2, {"endpoints": [ENDPOINT, {**ENDPOINT}]}, "endpoints[1] is the same as endpoints[0]."),
        (
            FIREWALL_V2,
            {"endpoints": [{**ENDPOINT, "account_id": "1"}]},
            "endpoints[0] > account_id is '1': it is not an AWS",
        ),
        (
            FIREWALL_V2,
            {"endpoints": [{**ENDPOINT, "prefixes": {"private_prefix": {"cidrs": ["10.0.0.1/8"]}}}]},
            "endpoints[0] > prefixes > private_prefix > cidrs[0] is '10.0.0.1/8': it has host bits set",
        ),
        (
            FIREWALL_V2,
            {"allowed_accounts": ["123456789012"] * 301},
            "allowed_accounts has 301 accounts; 300 are allowed.",
        ),
        (
            FIREWALL_V2,
            {"tags": {"FirewallName": "x"}},
            "tags > FirewallName is the firewall's name in version 2: set 'name'.",
        ),
        (FIREWALL_V2, {"tags": {str(n): "x" for n in range(50)}}, "tags has 50 tags; 49 are allowed."),
        (FIREWALL_V1, {"tags": {str(n): "x" for n in range(51)}}, "tags has 51 tags; 50 are allowed."),
        (FIREWALL_V1, {"tags": {"a": ""}}, "tags > a has no key of 1 to 128 characters, or no value of 1 to 256."),
        (FIREWALL_V2, {"user_id": {"port": 70000}}, "user_id > port is 70000, not between 0 and 65535."),
        (FIREWALL_V2, {"description": "x" * 513}, "description has 513 characters; 512 are allowed."),
        (FIREWALL_V2, {"rulestack": "a b"}, "rulestack is 'a b': it has other characters"),
        (FIREWALL_V1, {"vpc_id": "web"}, "vpc_id is 'web': it is not a VPC ID"),
        (FIREWALL_V1, {"subnet_mappings": []}, "subnet_mappings is empty"),
        (FIREWALL_V1, {"subnet_mappings": [{}]}, "subnet_mappings[0] needs one of 'subnet_id', 'availability_zone'"),
        (FIREWALL_V1, {"endpoints": [{"mode": "ServiceManaged"}]}, "endpoints[0] needs 'zone_id' or 'subnet_id'."),
    ],
)
def test_invalid_values_are_named_with_their_place(resource: Resource, values: dict[str, Any], problem: str) -> None:
    (found,) = map(str, value_problems(resource, values))
    assert found.startswith(problem)


@pytest.mark.parametrize(
    "values", [{"endpoints": [ENDPOINT]}, {"tags": {"a": 1}}, {"rulestack": ""}, {"description": ""}]
)
def test_valid_values_have_no_problem(values: dict[str, Any]) -> None:
    assert list(value_problems(FIREWALL_V2, values)) == []


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        (
            {"egress_nat": {"settings": {"ip_pool_type": "BYOIP"}}},
            ("egress_nat > settings > ipam_pool_id", "is required with"),
        ),
        (
            {"egress_nat": {"settings": {"ip_pool_type": "AWSService", "ipam_pool_id": "p"}}},
            ("egress_nat > settings > ipam_pool_id", "is only valid with"),
        ),
        ({"user_id": {"enabled": True}}, ("user_id > secret_key_arn", "is required with 'enabled: true'")),
        ({"private_access": {"type": "NetworkLoadBalancer"}}, ("private_access", "needs both")),
        ({"private_access": {"resource_id": "lb"}}, ("private_access", "needs both")),
    ],
)
def test_features_without_what_they_need_are_problems(values: dict[str, Any], problem: tuple[str, str]) -> None:
    ((place, text),) = feature_problems(values)
    assert (place, text[: len(problem[1])]) == problem


def test_complete_features_have_no_problem() -> None:
    complete = {
        "egress_nat": {"settings": {"ip_pool_type": "BYOIP", "ipam_pool_id": "p"}},
        "user_id": {"enabled": True, "secret_key_arn": "arn"},
        "private_access": {"type": "NetworkLoadBalancer", "resource_id": "lb"},
    }
    assert list(feature_problems(complete)) == []
    assert list(feature_problems({"user_id": {"enabled": False}, "egress_nat": {"enabled": True}})) == []


@pytest.mark.parametrize(
    ("values", "option"),
    [
        ({"vpc_id": "vpc-2"}, "vpc_id"),
        ({"endpoint_mode": "CustomerManaged"}, "endpoint_mode"),
        ({"link_id": "x"}, "link_id"),
    ],
)
def test_what_cannot_change_is_refused(values: dict[str, Any], option: str) -> None:
    raw = {"VpcId": "vpc-1", "EndpointMode": "ServiceManaged", "AccountId": "123456789012"}
    values = {**values, "account_id": "210987654321"}
    ((place, text),) = refusals(FIREWALL_V1, observed(FIREWALL_V1, raw), Desired(("web",), "web", values))
    assert (place, text[:28]) == (option, "cannot change after creation")


@pytest.mark.parametrize(
    ("resource", "missing"), [(FIREWALL_V2, ["zones"]), (FIREWALL_V1, ["vpc_id", "endpoint_mode", "subnet_mappings"])]
)
def test_what_a_creation_needs_is_required(resource: Resource, missing: list[str]) -> None:
    assert [option for option, _text in refusals(resource, None, Desired(("web",), "web", {}))] == missing


def test_names_are_as_the_documents_say() -> None:
    assert list(name_problems(FIREWALL_V2, "branch-egress", "name")) == []
    for name in ("", "a_b", "a/b", "x" * 129):
        assert len(list(name_problems(FIREWALL_V2, name, "name"))) == 1


def test_both_versions_have_the_same_options_where_they_share_them() -> None:
    first, second = FIREWALL_V1.argument_spec(), FIREWALL_V2.argument_spec()
    for option in first.keys() & second.keys():
        assert first[option] == second[option], option
    assert first["endpoints"]["options"]["mode"]["required"] is True
    assert "required" not in first["endpoints"]["options"]["zone_id"]
    assert first["user_id"]["options"]["secret_key_arn"]["no_log"] is False
