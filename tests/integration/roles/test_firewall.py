# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role firewall: VPC endpoints for customer-managed mode, in check mode too, and bad input. The scenario inspected_traffic has the rest."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

VPC, SUBNET = "vpc-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60711"
WRITES = ("POST", "PUT", "PATCH", "DELETE")


def task(**variables: Any) -> dict[str, Any]:
    """A task that runs the role."""
    return {
        "ansible.builtin.include_role": {"name": "panw.cloud.firewall"},
        "vars": {f"firewall_{name}": value for name, value in variables.items()},
    }


def writes(services: Any) -> int:
    """How many calls have changed firewalls."""
    calls = services.state["calls"]
    return sum(count for call, count in calls.items() if call.startswith(WRITES) and "ngfirewalls" in call)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"name": ""}, "firewall_name is empty"),
        ({"options": {"rulestack": "a", "zone": []}}, "firewall_options holds rulestack, zone"),
        ({"log_profile": {"destination": "a"}}, "firewall_log_profile holds destination"),
        (
            {
                "create_log_destinations": True,
                "log_profile": {"destinations": [{"type": "KinesisDataFirehose", "destination": "stream"}]},
            },
            "cannot create the stream stream",
        ),
        ({"create_log_destinations": True, "log_retention": 0}, "firewall_log_retention is 0"),
        ({"wait_timeout": "80001"}, "firewall_wait_timeout is 80001"),
        ({"vpc_endpoints": [{"vpc_id": VPC, "subnet_id": SUBNET}] * 2}, "holds a subnet twice"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_input_is_refused_before_any_call(
    services: Any, controller: Any, variables: dict[str, Any], message: str
) -> None:
    before = services.calls()
    run = controller.play(task(**{"name": "refused", **variables}))
    assert run.returncode != 0
    assert message in " ".join(run.output.split())
    assert services.calls() == before


@pytest.fixture
def network(services: Any) -> dict[str, str]:
    """A VPC with a subnet and a route table."""
    cloudformation, name = services.aws("cloudformation"), f"network-{uuid.uuid4().hex[:8]}"
    resources = {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24"}},
        "Routes": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
    }
    outputs = {key: {"Value": {"Ref": key}} for key in resources}
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": resources, "Outputs": outputs}))
    (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def test_only_log_groups_that_do_not_exist_get_the_retention(services: Any, controller: Any) -> None:
    name = f"logs-{uuid.uuid4().hex[:8]}"
    logs, old, new = services.aws("logs"), f"/cloudngfw/{name}", f"/cloudngfw/{name}-new"
    logs.create_log_group(logGroupName=old)
    logs.put_retention_policy(logGroupName=old, retentionInDays=365)
    given = {"name": name, "role_arn": services.role_arn, "options": {"zones": ["use1-az1"]}}
    for group in (new, old):  # the name of the second is a prefix of the first
        destination = {"type": "CloudWatchLogs", "destination": group, "log_types": ["TRAFFIC"]}
        run = controller.play(task(**given, create_log_destinations=True, log_profile={"destinations": [destination]}))
        assert run.returncode == 0, run.output
    found = logs.describe_log_groups(logGroupNamePrefix=old)["logGroups"]
    assert {group["logGroupName"]: group["retentionInDays"] for group in found} == {old: 365, new: 90}
    gone = controller.play(task(**given, state="absent"))
    assert gone.returncode == 0, gone.output


def test_vpc_endpoints_lead_to_the_firewall_and_go_before_it(
    services: Any, controller: Any, network: dict[str, str]
) -> None:
    name = f"own-{uuid.uuid4().hex[:8]}"
    stack, cloudformation = f"cloudngfw-endpoints-{name}", services.aws("cloudformation")
    place = {"vpc_id": network["Vpc"], "subnet_id": network["Subnet"]}
    endpoint = {"mode": "CustomerManaged", "zone_id": "use1-az1", "vpc_id": network["Vpc"]}
    given = {
        "name": name,
        "role_arn": services.role_arn,
        "options": {"zones": ["use1-az1"], "endpoints": [endpoint]},
        "vpc_endpoints": [
            {**place, "routes": [{"route_table_id": network["Routes"], "destination": "198.51.100.0/24"}]}
        ],
    }
    before = writes(services)
    predicted = controller.play(task(**given), arguments=("--check",))
    assert predicted.returncode == 0, predicted.output
    assert writes(services) == before

    made = controller.play(task(**given), {"name": "fact", "ansible.builtin.debug": {"var": "ngfw_firewall"}})
    assert made.returncode == 0, made.output
    firewall = made.results["fact"]["ngfw_firewall"]
    assert [one["status"] for one in firewall["endpoints"]] == ["accepted"]
    resources = cloudformation.get_template(StackName=stack)["TemplateBody"]["Resources"]
    (described,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    assert described["Parameters"] == [
        {"ParameterKey": "ServiceName", "ParameterValue": firewall["endpoint_service_name"]}
    ]
    (created,) = (key for key, one in resources.items() if one["Type"] == "AWS::EC2::VPCEndpoint")
    assert resources[created]["Properties"] == {
        "VpcEndpointType": "GatewayLoadBalancer",
        "ServiceName": {"Ref": "ServiceName"},
        "VpcId": place["vpc_id"],
        "SubnetIds": [place["subnet_id"]],
    }
    assert [one["Properties"] for one in resources.values() if one["Type"] == "AWS::EC2::Route"] == [
        {
            "RouteTableId": network["Routes"],
            "DestinationCidrBlock": "198.51.100.0/24",
            "VpcEndpointId": {"Ref": created},
        }
    ]

    before = writes(services)
    again = controller.play(task(**given))
    assert again.returncode == 0, again.output
    assert "changed=0 " in again.output, again.output
    assert writes(services) == before

    gone = controller.play(task(**given, state="absent"))
    assert gone.returncode == 0, gone.output
    assert stack not in [one["StackName"] for one in cloudformation.describe_stacks()["Stacks"]]
