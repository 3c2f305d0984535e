# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Firewalls as results: all keys always, whatever the answer lacks."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.client import Firewall
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.versions import V1, V2, Version
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.views import described
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources import codec

NOTHING = {"status": None, "commit_ts": None, "messages": []}


def view(version: Version, raw: dict[str, Any], **status: Any) -> dict[str, Any]:
    values = codec.values_of(version.resource.fields, raw)
    found = described(
        Firewall(("web",), "web", raw, values, id="fw-1", status=status, version=version.number, region="us-east-1")
    )
    assert found is not None
    return found


@pytest.mark.parametrize("version", [V1, V2])
def test_empty_answer_has_all_keys(version: Version) -> None:
    found = view(version, {})
    assert found == {
        "name": "web",
        "firewall_id": "fw-1",
        "version": version.number,
        "region": "us-east-1",
        **codec.values_of(version.resource.fields, {}),
        **dict.fromkeys(("endpoint_service_name", "link_status", "user_id_status", "status", "failure_reason")),
        "commits": {"rulestack": NOTHING, "global_rulestack": NOTHING, "device": NOTHING},
        "public_ips": [],
    }
    assert described(None) is None


def test_status_commits_and_endpoints_are_shown() -> None:
    info = {"CommitTS": "2026-11-26T21:49:00 UTC", "CommitMessages": ["one"]}
    endpoint = {
        "EndpointId": "e-1",
        "SubnetId": "s1",
        "Status": "Rejected",
        "RejectedReason": "no",
        "Mode": "CustomerManaged",
    }
    raw = {
        "EndpointServiceName": "service",
        "LinkStatus": "Active",
        "DeviceRuleStackCommitStatus": "Committing",
        "Endpoints": [endpoint],
        "UserID": {"Enabled": True, "UserIDStatus": "Enabled"},
    }
    status = {
        "FirewallStatus": "UPDATE_FAIL",
        "FailureReason": "no capacity",
        "RuleStackStatus": "Success",
        "RuleStackCommitInfo": info,
        "GlobalRuleStackStatus": "Failed",
        "GlobalRuleStackCommitInfo": {"CommitMessages": None},
        "DeviceRuleStackCommitInfo": info,
        "PublicIPs": [{"IPAddress": "198.51.100.1", "IPStatus": "Active"}],
    }
    found = view(V2, raw, **status)
    assert found["commits"] == {
        "rulestack": {"status": "Success", "commit_ts": "2026-11-26T21:49:00 UTC", "messages": ["one"]},
        "global_rulestack": {"status": "Failed", "commit_ts": None, "messages": []},
        "device": {"status": "Committing", "commit_ts": "2026-11-26T21:49:00 UTC", "messages": ["one"]},
    }
    assert (found["status"], found["failure_reason"], found["user_id_status"]) == (
        "UPDATE_FAIL",
        "no capacity",
        "Enabled",
    )
    assert (found["endpoint_service_name"], found["link_status"]) == ("service", "Active")
    assert found["public_ips"] == ["198.51.100.1"]
    (shown,) = found["endpoints"]
    assert (shown["endpoint_id"], shown["status"], shown["rejected_reason"]) == ("e-1", "rejected", "no")
    assert (shown["mode"], shown["subnet_id"], shown["egress_nat_enabled"]) == ("CustomerManaged", "s1", False)


def test_attachments_of_version_1_are_endpoints() -> None:
    (shown,) = view(V1, {}, Attachments=[{"EndpointId": "e-1", "Status": "ACCEPTED"}])["endpoints"]
    assert (shown["endpoint_id"], shown["status"], shown["subnet_id"]) == ("e-1", "accepted", "")
