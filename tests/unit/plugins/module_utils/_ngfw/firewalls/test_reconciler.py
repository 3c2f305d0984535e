# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A firewall comes to its desired state in steps, each planned from a fresh read."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.versions import V1, V1_ON_V2, V2, Version
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.planner import Desired
from ansible_collections.panw.cloud.tests.helpers.firewall_runs import ENDPOINT, OLD, OTHER, SIMPLE, WHOLE, FirewallRun


def test_v2_firewall_is_created_in_steps() -> None:
    run = FirewallRun()
    firewall = run(WHOLE)
    assert run.fake.writes == ["POST ", "PATCH /fw-1", "PATCH /fw-1"]
    created, placed, natted = (body for call, _query, body in run.fake.requests if not call.startswith("GET"))
    assert created == {
        "CustomerZoneIdList": ["use1-az1", "use1-az2"],
        "AllowListAccounts": ["123456789012"],
        "ChangeProtection": ["GlobalFirewallAdmin"],
        "Description": "egress",
        "Tags": [{"Key": "FirewallName", "Value": "web"}, {"Key": "team", "Value": "network"}],
        "RuleStackName": "web",
        "GlobalRuleStackName": "global-base",
        "LinkId": "link-1",
    }
    assert placed["Endpoints"] == [
        {"Mode": "ServiceManaged", "ZoneId": f"use1-az{n}", "VpcId": "vpc-1", "SubnetId": f"subnet-{n}"} for n in (1, 2)
    ]
    assert "EgressNAT" not in placed
    assert natted["Endpoints"][0]["EgressNATEnabled"] is True
    assert natted["EgressNAT"] == {"Enabled": True, "Settings": {"IPPoolType": "AWSService"}}
    assert natted["PrivateAccess"] == {"Type": "NetworkLoadBalancer", "ResourceID": "lb-1"}
    assert natted["UserID"]["Port"] == 5007
    assert firewall is not None
    assert (firewall.state, firewall.id) == ("UPDATE_COMPLETE", "fw-1")
    assert run.shown[0] == "the firewall is in CREATING"
    assert "endpoint vpce-2 in use1-az1 in subnet-1 is pending" in "\n".join(run.shown)
    assert run.writes(WHOLE) == []


@pytest.mark.parametrize("version", [V1, V1_ON_V2])
def test_v1_firewall_is_created_in_steps(version: Version) -> None:
    run = FirewallRun(version)
    run(OLD)
    assert run.fake.writes == ["POST ", "PUT /web/contentversion", "PUT /web/features"]
    assert run.fake.sent("POST ") == {
        "FirewallName": "web",
        "VpcId": "vpc-1",
        "EndpointMode": "ServiceManaged",
        "SubnetMappings": [{"SubnetId": "subnet-1", "AvailabilityZoneId": "use1-az1"}, {"SubnetId": "subnet-2"}],
        "Description": "egress",
        "Tags": [{"Key": "team", "Value": "network"}, {"Key": "old", "Value": "yes"}],
        "RuleStackName": "web",
    }
    assert run.fake.sent("PUT /web/features")["Features"]["SecurityZones"][0]["EndpointId"] == "vpce-1"
    assert run.writes(OLD) == []


CHANGES: list[tuple[dict[str, Any], list[str]]] = [
    ({"description": "two"}, ["PATCH /fw-1"]),
    ({"zones": ["use1-az1", "use1-az2", "use1-az4"]}, ["PATCH /fw-1"]),
    ({"allowed_accounts": []}, ["PATCH /fw-1"]),
    ({"change_protection": []}, ["PATCH /fw-1"]),
    ({"tags": {}}, ["PATCH /fw-1"]),
    ({"rulestack": "other"}, ["POST /fw-1/rulestack"]),
    ({"rulestack": ""}, ["DELETE /fw-1/rulestack"]),
    ({"global_rulestack": "global-other"}, ["POST /fw-1/rulestack"]),
    ({"global_rulestack": ""}, ["DELETE /fw-1/rulestack"]),
    ({"link_id": "link-2"}, ["POST /fw-1/link"]),
    ({"link_id": ""}, ["DELETE /fw-1/link"]),
    ({"endpoints": [ENDPOINT]}, ["PATCH /fw-1"]),
    ({"endpoints": [OTHER, ENDPOINT]}, []),
    ({"endpoints": [OTHER, {**ENDPOINT, "egress_nat_enabled": False}]}, ["PATCH /fw-1"]),
    (
        {"egress_nat": {"enabled": False}, "description": "two", "rulestack": ""},
        ["PATCH /fw-1", "DELETE /fw-1/rulestack"],
    ),
    ({"private_access": {"resource_id": "lb-2"}}, ["PATCH /fw-1"]),
    ({"user_id": {"port": 5008}}, ["PATCH /fw-1"]),
]


@pytest.mark.parametrize(("values", "writes"), CHANGES)
def test_v2_options_change_with_their_calls_and_nothing_else(values: dict[str, Any], writes: list[str]) -> None:
    run = FirewallRun()
    run(WHOLE)
    before = {**copy.deepcopy(run.fake.firewalls["fw-1"]["raw"])}
    assert run.writes(values) == writes
    after = run.fake.firewalls["fw-1"]["raw"]
    touched = {run.reconciler.resource.by_option[option].wire for option in values}
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    assert changed <= {*touched, "UpdateToken", "DeploymentUpdateToken"}
    assert run.writes(values) == []


def test_v2_endpoint_replaced_and_other_added_take_two_changes() -> None:
    run = FirewallRun()
    run(WHOLE)
    third = {**ENDPOINT, "subnet_id": "subnet-3", "egress_nat_enabled": True}
    assert run.writes({"endpoints": [OTHER, third]}) == ["PATCH /fw-1", "PATCH /fw-1"]
    (kept, new) = run.fake.firewalls["fw-1"]["raw"]["Endpoints"]
    assert (kept["SubnetId"], new["SubnetId"], new["EgressNATEnabled"]) == ("subnet-2", "subnet-3", True)


@pytest.mark.parametrize(
    ("values", "writes"),
    [
        ({"description": "two"}, ["PUT /web/description"]),
        ({"subnet_mappings": [{"subnet_id": "subnet-2"}]}, ["PUT /web/subnets"]),
        ({"subnet_mappings": [{"subnet_id": "subnet-2"}, {"availability_zone_id": "use1-az1"}]}, []),
        ({"multi_vpc": True}, ["PUT /web/subnets"]),
        ({"app_id_version": "8500-1"}, ["PUT /web/contentversion"]),
        ({"automatic_upgrade_app_id_version": True}, ["PUT /web/contentversion"]),
        ({"egress_nat": {"enabled": False}}, ["PUT /web/features"]),
        ({"user_id": {"enabled": True, "secret_key_arn": "arn:aws:s:r:1:a"}}, ["PUT /web/features"]),
        ({"endpoints": []}, []),
        ({"tags": {"team": "security"}}, ["POST /web/tags", "DELETE /web/tags"]),
        ({"tags": {}}, ["DELETE /web/tags"]),
        ({"rulestack": "other"}, ["POST /web/rulestack"]),
        ({"rulestack": ""}, ["DELETE /web/rulestack"]),
        ({"global_rulestack": "global-base"}, ["POST /web/globalrulestack"]),
        (
            {"description": "two", "tags": {}, "rulestack": ""},
            ["PUT /web/description", "DELETE /web/tags", "DELETE /web/rulestack"],
        ),
    ],
)
def test_v1_options_change_with_their_calls_and_nothing_else(values: dict[str, Any], writes: list[str]) -> None:
    run = FirewallRun(V1)
    run(OLD)
    assert run.writes(values) == writes
    assert run.writes(values) == []


@pytest.mark.parametrize("shown", [True, False])
@pytest.mark.parametrize(("version", "values", "key"), [(V2, SIMPLE, "fw-1"), (V1, OLD, "web")])
def test_deletion_ends_when_the_firewall_is_gone(
    version: Version, values: dict[str, Any], key: str, shown: bool
) -> None:
    run = FirewallRun(version, deleted_shown=shown)
    run(values)
    old = run.fake.firewalls[key]["status"]["FirewallStatus"]
    run.fake.ends["delete"] = [old, old, "DELETING"]
    assert run.writes(None) == [f"DELETE /{key}"]
    assert run.writes(None) == []


def test_without_waiting_each_run_makes_one_step() -> None:
    run = FirewallRun(timeout=None)
    firewall = run(WHOLE)
    assert firewall is not None
    assert (firewall.state, run.fake.writes) == ("CREATING", ["POST "])
    steps = 0
    while run.reconciler.plan(firewall, Desired(("web",), "web", WHOLE)):
        firewall = run(WHOLE)
        steps += 1
        assert steps < 20
    assert run.fake.writes == ["POST ", "PATCH /fw-1", "PATCH /fw-1"]
    run(None)
    run(None)
    assert run.fake.writes[3:] == ["DELETE /fw-1"]


def test_firewall_that_is_being_deleted_is_created_again() -> None:
    run = FirewallRun()
    run(SIMPLE)
    run.fake.firewalls["fw-1"].update(next=["DELETING"], status={"FirewallStatus": "DELETING"})
    firewall = run(SIMPLE)
    assert firewall is not None
    assert firewall.id == "fw-2"
