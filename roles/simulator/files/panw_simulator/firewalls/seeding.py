# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Firewalls of the seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ..documents import update_token
from .endpoints import default_prefixes, endpoint_id
from .model import DEVICE, Commit, Entry, Firewall, LogProfile

Value = Mapping[str, Any]
COMMITTED = int(datetime(2026, 10, 1, 8, tzinfo=UTC).timestamp())
METRICS = ["Dataplane_CPU_Utilization"]


def firewalls(seed: Sequence[Value], region: str) -> list[Firewall]:
    """The firewalls of a seed.

    :param region: of a firewall that has no region in the seed.
    """
    return [_firewall({**value, "region": value["region"] or region}) for value in seed]


def _firewall(value: Value) -> Firewall:
    firewall = Firewall(
        id=value["id"],
        name=value["name"],
        version=None,
        account_id=value["account_id"],
        region=value["region"],
        description=value["description"],
        tags={**value["tags"]},
        link_id=value["link_id"],
        status=value["status"],
        failure_reason=value["failure_reason"],
        update_token=update_token(value),
        deployment_token=update_token([value, "deployment"]),
    )
    firewall.v1 = {
        "AppIdVersion": value["app_id_version"],
        "AutomaticUpgradeAppIdVersion": True,
        "EndpointMode": value["endpoint_mode"],
        "SubnetMappings": [{"SubnetId": s["id"], "AvailabilityZoneId": s["zone_id"]} for s in value["subnets"]],
        "VpcId": value["vpc_id"],
    }
    firewall.deployment = {
        "AllowListAccounts": [value["account_id"]],
        "CustomerZoneIdList": [subnet["zone_id"] for subnet in value["subnets"]],
        "EgressNAT": {"Enabled": False},
    }
    firewall.endpoints = [_endpoint(value, subnet) for subnet in value["subnets"]]
    firewall.logs = _logs(value)
    firewall.commits[DEVICE] = Commit("Success", moment=COMMITTED)
    states = {"RuleStack": value["rulestack_status"], "GlobalRuleStack": "Success"}
    for kind, key in (("RuleStack", "rulestack"), ("GlobalRuleStack", "global_rulestack")):
        if value[key]:
            firewall.rulestacks[kind] = value[key]
            firewall.commits[kind] = Commit(states[kind], moment=COMMITTED)
    return firewall


def _endpoint(value: Value, subnet: Value) -> Entry:
    return {
        "AccountId": value["account_id"],
        "EgressNATEnabled": False,
        "EndpointId": endpoint_id(subnet["id"]),
        "Mode": value["endpoint_mode"],
        "Prefixes": default_prefixes(),
        "RejectedReason": "",
        "Status": "Accepted",
        "SubnetId": subnet["id"],
        "VpcId": value["vpc_id"],
        "ZoneId": subnet["zone_id"],
    }


def _logs(value: Value) -> LogProfile:
    account, namespace = value["account_id"], value["log_namespace"]
    metrics = {"AccountId": account, "CloudWatchMetricNamespace": namespace, "CloudWatchMetricsFields": METRICS}
    return LogProfile(
        destinations=[
            {
                "LogDestination": target["destination"],
                "LogDestinationType": target["type"],
                "LogType": target["log_type"],
            }
            for target in value["log_destinations"]
        ],
        role={"RoleType": "IamBased", "AccountId": account},
        metrics=metrics if namespace else {},
        advanced_threat=False,
        update_token=update_token(value["log_destinations"]),
    )
