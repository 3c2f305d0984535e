# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Firewalls in the API's formats: V1 by name, V2 by id."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ..documents import compact, tag_list
from .endpoints import digest
from .model import DEVICE, Commit, Entry, Firewall

NAME_TAG = "FirewallName"


def firewall_v1(firewall: Firewall) -> Entry:
    """The V1 format, with the multi-VPC setting in the specification's and the SDK's spelling."""
    multi_vpc = firewall.v1.get("MultiVpcEnable", False)
    return compact(
        {
            **_common(firewall),
            **firewall.v1,
            "AccountId": firewall.account_id,
            "FirewallName": firewall.name,
            "MultiVpcEnable": multi_vpc,
            "MultiVpc": multi_vpc,
            "SecurityZones": firewall.endpoints,
            "Tags": tag_list(firewall.tags),
        }
    )


def firewall_v2(firewall: Firewall) -> Entry:
    """The V2 format, with the name in a tag: the vendor's Terraform provider reads it only from there."""
    return compact(
        {
            **_common(firewall),
            "AllowListAccounts": firewall.deployment["AllowListAccounts"],
            "ChangeProtection": firewall.change_protection,
            "CustomerZoneIdList": firewall.deployment.get("CustomerZoneIdList", []),
            "DeploymentUpdateToken": firewall.deployment_token,
            "Endpoints": firewall.endpoints,
            "FirewallName": firewall.name,
            "GwlbTcpIdleTimeout": firewall.deployment.get("GwlbTcpIdleTimeout"),
            "Region": firewall.region,
            "Tags": tag_list({NAME_TAG: firewall.name, **firewall.tags}),
        }
    )


def status(firewall: Firewall) -> Entry:
    """The state of a firewall, its endpoints and its rulestacks; the vendor's SDK polls it after each commit."""
    states: Entry = {"FirewallStatus": firewall.status, "FailureReason": firewall.failure_reason}
    for kind in (*firewall.rulestacks, DEVICE):
        commit = firewall.commits.get(kind, Commit("Uncommitted"))
        states[f"{kind}{'CommitStatus' if kind == DEVICE else 'Status'}"] = commit.status
        states[f"{kind}CommitInfo"] = _commit_info(commit)
    return compact(
        {
            **states,
            "DeviceRuleStackCommitState": "Submitted" if DEVICE in firewall.jobs else "None",
            "PublicIPs": _public_addresses(firewall),
            "Attachments": [_attachment(endpoint) for endpoint in firewall.endpoints],
        }
    )


def log_profile_v1(firewall: Firewall) -> Entry:
    """One entry per type of log."""
    logs = firewall.logs
    return compact(
        {
            "AccountId": firewall.account_id,
            "FirewallName": firewall.name,
            "FirewallId": firewall.id,
            "AdvancedThreatLog": logs.advanced_threat,
            "CloudWatchMetricNamespace": logs.metrics.get("CloudWatchMetricNamespace"),
            "CloudWatchMetricsFields": logs.metrics.get("CloudWatchMetricsFields", []),
            "LogDestinationConfigs": logs.destinations,
        }
    )


def log_profile_v2(firewall: Firewall) -> Entry:
    """One destination for several types of log: the first, if a V1 profile has several. Metrics in both places that clients read."""
    logs = firewall.logs
    return compact(
        {
            "FirewallId": firewall.id,
            "Region": firewall.region,
            "AdvancedThreatLog": logs.advanced_threat,
            "CloudwatchMetrics": logs.metrics or None,
            "CloudWatchMetricNamespace": logs.metrics.get("CloudWatchMetricNamespace"),
            "CloudWatchMetricsFields": logs.metrics.get("CloudWatchMetricsFields"),
            "LogConfig": _log_config(firewall) if logs.destinations else None,
            "UpdateToken": logs.update_token,
        }
    )


def _log_config(firewall: Firewall) -> Entry:
    targets = firewall.logs.destinations
    place = ("LogDestination", "LogDestinationType")
    same = [t["LogType"] for t in targets if all(t[name] == targets[0][name] for name in place)]
    return {**firewall.logs.role, **{name: targets[0][name] for name in place}, "LogType": same}


def _common(firewall: Firewall) -> Entry:
    device = firewall.commits.get(DEVICE)
    return {
        "Description": firewall.description,
        "DeviceRuleStackCommitStatus": device.status if device else "Uncommitted",
        "EgressNAT": firewall.deployment["EgressNAT"],
        "EndpointServiceName": f"com.amazonaws.vpce.{firewall.region}.vpce-svc-{digest(firewall.id)}",
        "FirewallId": firewall.id,
        "GlobalRuleStackName": firewall.rulestacks.get("GlobalRuleStack"),
        "LinkId": firewall.link_id,
        "LinkStatus": "Active" if firewall.link_id else None,
        "PrivateAccess": firewall.deployment.get("PrivateAccess"),
        "RuleStackName": firewall.rulestacks.get("RuleStack"),
        "UpdateToken": firewall.update_token,
        "UserID": _user_id(firewall),
    }


def _user_id(firewall: Firewall) -> Entry | None:
    settings = firewall.deployment.get("UserID")
    if settings is None:
        return None
    state = "Enabled" if settings["Enabled"] else "Disabled"
    return {**settings, "UserIDStatus": "UpdatePending" if firewall.status == "UPDATING" else state}


def _commit_info(commit: Commit) -> Entry | None:
    """Time and messages of a commit; exactly one space before the zone, or the vendor's SDK crashes."""
    if commit.moment is None:
        return None
    moment = datetime.fromtimestamp(commit.moment, UTC)
    return {"CommitMessages": commit.messages, "CommitTS": f"{moment:%Y-%m-%dT%H:%M:%S} UTC"}


def _public_addresses(firewall: Firewall) -> list[dict[str, Any]]:
    """One address for each zone while egress NAT is on."""
    nat = firewall.deployment["EgressNAT"]
    if not nat["Enabled"]:
        return []
    source = nat.get("Settings", {}).get("IPPoolType", "AWSService")
    zones = firewall.deployment.get("CustomerZoneIdList", [])
    return [
        {"IPAddress": f"198.51.100.{number}", "IPSource": source, "IPStatus": "Active"}
        for number, _zone in enumerate(zones, 1)
    ]


def _attachment(endpoint: Entry) -> Entry:
    return {
        "EndpointId": endpoint["EndpointId"],
        "Status": endpoint["Status"].upper(),
        "RejectedReason": endpoint["RejectedReason"],
        "SubnetId": endpoint.get("SubnetId", ""),
    }
