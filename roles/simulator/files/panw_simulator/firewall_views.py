# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Firewalls of the seed in the API's format."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from .documents import compact, tag_list, update_token

Firewall = Mapping[str, Any]
NAME_TAG = "FirewallName"
COMMITTED = "2026-10-01T08:00:00 UTC"  # one space before the zone, or the SDK crashes
PRIVATE_PREFIXES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]


def firewall_v1(firewall: Firewall) -> dict[str, Any]:
    """The V1 format, with the multi-VPC setting in the specification's and the SDK's spelling."""
    multi_vpc = False
    return compact(
        {
            **_common(firewall),
            "AccountId": firewall["account_id"],
            "AppIdVersion": firewall["app_id_version"],
            "AutomaticUpgradeAppIdVersion": True,
            "EndpointMode": firewall["endpoint_mode"],
            "FirewallName": firewall["name"],
            "MultiVpcEnable": multi_vpc,
            "MultiVpc": multi_vpc,
            "SecurityZones": _endpoints(firewall),
            "SubnetMappings": [
                {"SubnetId": subnet["id"], "AvailabilityZoneId": subnet["zone_id"]} for subnet in firewall["subnets"]
            ],
            "VpcId": firewall["vpc_id"],
            "Tags": tag_list(firewall["tags"]),
        }
    )


def firewall_v2(firewall: Firewall) -> dict[str, Any]:
    """The V2 format, with the name in a tag: the vendor's Terraform provider reads it only from there."""
    return compact(
        {
            **_common(firewall),
            "AllowListAccounts": [firewall["account_id"]],
            "ChangeProtection": [],
            "CustomerZoneIdList": [subnet["zone_id"] for subnet in firewall["subnets"]],
            "DeploymentUpdateToken": update_token([firewall, "deployment"]),
            "Endpoints": _endpoints(firewall),
            "FirewallName": firewall["name"],
            "Region": firewall["region"],
            "Tags": tag_list({NAME_TAG: firewall["name"], **firewall["tags"]}),
        }
    )


def _endpoints(firewall: Firewall) -> list[dict[str, Any]]:
    return [
        {
            "AccountId": firewall["account_id"],
            "EgressNATEnabled": False,
            "EndpointId": _endpoint_id(subnet["id"]),
            "Mode": firewall["endpoint_mode"],
            "Prefixes": {"PrivatePrefix": {"Cidrs": PRIVATE_PREFIXES}, "PublicPrefix": {"Cidrs": []}},
            "RejectedReason": "",
            "Status": "Accepted",
            "SubnetId": subnet["id"],
            "VpcId": firewall["vpc_id"],
            "ZoneId": subnet["zone_id"],
        }
        for subnet in firewall["subnets"]
    ]


def status(firewall: Firewall) -> dict[str, Any]:
    """The state of a firewall, its endpoints and its rulestacks; the vendor's SDK polls it after each commit."""
    committed = {"CommitMessages": [], "CommitTS": COMMITTED}
    return compact(
        {
            "FirewallStatus": firewall["status"],
            "FailureReason": firewall["failure_reason"],
            "RuleStackStatus": firewall["rulestack_status"] if firewall["rulestack"] else None,
            "RuleStackCommitInfo": committed if firewall["rulestack"] else None,
            "GlobalRuleStackStatus": "Success" if firewall["global_rulestack"] else None,
            "GlobalRuleStackCommitInfo": committed if firewall["global_rulestack"] else None,
            "DeviceRuleStackCommitStatus": "Success",
            "DeviceRuleStackCommitState": "None",
            "DeviceRuleStackCommitInfo": committed,
            "PublicIPs": [],
            "Attachments": [
                {
                    "EndpointId": _endpoint_id(subnet["id"]),
                    "Status": "ACCEPTED",
                    "RejectedReason": "",
                    "SubnetId": subnet["id"],
                }
                for subnet in firewall["subnets"]
            ],
        }
    )


def log_profile_v1(firewall: Firewall) -> dict[str, Any]:
    """One entry per kind of log."""
    return compact(
        {
            "AccountId": firewall["account_id"],
            "FirewallName": firewall["name"],
            "FirewallId": firewall["id"],
            "AdvancedThreatLog": False,
            "CloudWatchMetricNamespace": firewall["log_namespace"],
            "CloudWatchMetricsFields": ["Dataplane_CPU_Utilization"] if firewall["log_namespace"] else [],
            "LogDestinationConfigs": [
                {
                    "LogDestination": target["destination"],
                    "LogDestinationType": target["type"],
                    "LogType": target["log_type"],
                }
                for target in firewall["log_destinations"]
            ],
        }
    )


def log_profile_v2(firewall: Firewall) -> dict[str, Any]:
    """One destination for several kinds of log: the first in the seed."""
    targets = firewall["log_destinations"]
    metrics = {
        "AccountId": firewall["account_id"],
        "CloudWatchMetricNamespace": firewall["log_namespace"],
        "CloudWatchMetricsFields": ["Dataplane_CPU_Utilization"],
    }
    return compact(
        {
            "FirewallId": firewall["id"],
            "Region": firewall["region"],
            "AdvancedThreatLog": False,
            "CloudwatchMetrics": metrics if firewall["log_namespace"] else None,
            "LogConfig": _log_config(firewall, targets) if targets else None,
            "UpdateToken": update_token(targets),
        }
    )


def _log_config(firewall: Firewall, targets: Any) -> dict[str, Any]:
    first = targets[0]
    same = [t["log_type"] for t in targets if (t["type"], t["destination"]) == (first["type"], first["destination"])]
    return {
        "AccountId": firewall["account_id"],
        "LogDestination": first["destination"],
        "LogDestinationType": first["type"],
        "LogType": same,
        "RoleType": "IamBased",
    }


def _common(firewall: Firewall) -> dict[str, Any]:
    return {
        "Description": firewall["description"],
        "DeviceRuleStackCommitStatus": "Success",
        "EgressNAT": {"Enabled": False},
        "EndpointServiceName": f"com.amazonaws.vpce.{firewall['region']}.vpce-svc-{_digest(firewall['id'])}",
        "FirewallId": firewall["id"],
        "GlobalRuleStackName": firewall["global_rulestack"],
        "LinkId": firewall["link_id"],
        "LinkStatus": "Active" if firewall["link_id"] else None,
        "RuleStackName": firewall["rulestack"],
        "UpdateToken": update_token(firewall),
    }


def _endpoint_id(subnet: str) -> str:
    return f"vpce-{_digest(subnet)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:17]
