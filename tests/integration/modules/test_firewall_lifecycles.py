# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Firewalls of both versions are created, changed and removed with the fewest writes, and with none the second time or in check mode."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._module import firewall

from ..harness.openapi import violations
from ..harness.rulestack_tenant import RulestackTenant, simulated_tenant

ACCOUNT = "123456789012"
ENDPOINT = {
    "mode": "ServiceManaged",
    "zone_id": "use1-az1",
    "vpc_id": "vpc-0a11b22c33d44e550",
    "subnet_id": "subnet-0a11b22c33d44e551",
    "account_id": ACCOUNT,
}
OTHER = {**ENDPOINT, "zone_id": "use1-az2", "subnet_id": "subnet-0a11b22c33d44e552"}
NAT = {"enabled": True, "settings": {"ip_pool_type": "AWSService"}}
USER_ID = {"enabled": True, "port": 5007, "secret_key_arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:a"}
PRIVATE = {"private_prefix": {"cidrs": ["10.0.0.0/8"]}, "public_prefix": {"cidrs": ["192.0.2.0/24"]}}
NETWORK = {"name": "one", "network_address": "10.0.0.0/8", "enabled": True, "discovery_include": True}
NEW: dict[str, Any] = {
    "zones": ["use1-az1", "use1-az2"],
    "allowed_accounts": [ACCOUNT],
    "description": "one",
    "tags": {"team": "network"},
    "rulestack": "web-egress",
    "global_rulestack": "company-baseline",
    "link_id": "link-1",
    "endpoints": [{**ENDPOINT, "egress_nat_enabled": True, "prefixes": PRIVATE}, OTHER],
    "egress_nat": NAT,
    "user_id": USER_ID,
    "private_access": {"type": "NetworkLoadBalancer", "resource_id": "lb-1"},
}
OLD: dict[str, Any] = {
    "account_id": ACCOUNT,
    "vpc_id": "vpc-0a11b22c33d44e550",
    "endpoint_mode": "ServiceManaged",
    "subnet_mappings": [{"subnet_id": "subnet-0a11b22c33d44e551", "availability_zone_id": "use1-az1"}],
    "description": "one",
    "tags": {"team": "network", "stage": "test"},
    "rulestack": "web-egress",
    "automatic_upgrade_app_id_version": False,
    "endpoints": [{"mode": "ServiceManaged", "subnet_id": "subnet-0a11b22c33d44e551", "egress_nat_enabled": True}],
    "egress_nat": NAT,
}
# What is changed, one after the other, with the number of writes.
NEW_CHANGES: list[tuple[dict[str, Any], int]] = [
    ({"zones": ["use1-az1", "use1-az2", "use1-az4"]}, 1),
    ({"allowed_accounts": [ACCOUNT, "210987654321"]}, 1),
    ({"change_protection": ["GlobalFirewallAdmin"]}, 1),
    ({"description": ""}, 1),
    ({"tags": {"team": "security"}}, 1),
    ({"rulestack": ""}, 1),
    ({"rulestack": "web-egress"}, 1),
    ({"global_rulestack": ""}, 1),
    ({"link_id": "link-2"}, 1),
    ({"link_id": ""}, 1),
    ({"endpoints": [OTHER, {**ENDPOINT, "egress_nat_enabled": False}]}, 1),
    ({"endpoints": [{**ENDPOINT, "prefixes": {"private_prefix": {"cidrs": ["10.1.0.0/16"]}}}]}, 1),
    ({"egress_nat": {"settings": {"ip_pool_type": "BYOIP", "ipam_pool_id": "ipam-pool-1"}}}, 1),
    ({"egress_nat": {"enabled": False}}, 1),
    ({"private_access": {"resource_id": "lb-2"}}, 1),
    ({"user_id": {"port": 5008, "custom_include_exclude_network": [NETWORK]}}, 1),
    ({"user_id": {"enabled": False}}, 1),
    ({"endpoints": []}, 1),
]
OLD_CHANGES: list[tuple[dict[str, Any], int]] = [
    ({"description": ""}, 1),
    ({"subnet_mappings": [{"subnet_id": "subnet-0a11b22c33d44e551"}, {"availability_zone": "us-east-1b"}]}, 1),
    ({"multi_vpc": True}, 1),
    ({"app_id_version": "8433-6838"}, 1),
    ({"automatic_upgrade_app_id_version": True}, 1),
    ({"endpoints": [{**OLD["endpoints"][0], "prefixes": PRIVATE}]}, 1),
    ({"egress_nat": {"enabled": False}}, 1),
    ({"user_id": USER_ID}, 1),
    ({"private_access": {"type": "NetworkLoadBalancer", "resource_id": "lb-1"}}, 1),
    ({"tags": {"team": "security"}}, 2),
    ({"tags": {}}, 1),
    ({"rulestack": ""}, 1),
    ({"rulestack": "web-egress"}, 1),
    ({"global_rulestack": "company-baseline"}, 1),
    ({"global_rulestack": ""}, 1),
]
# Tenant, options at creation with the number of writes, the changes, and other options that mean the same in the end.
LIFECYCLES: dict[str, tuple[str, dict[str, Any], int, list[tuple[dict[str, Any], int]], dict[str, Any]]] = {
    "version 2": (
        "V2",
        NEW,
        3,
        NEW_CHANGES,
        {"zones": ["use1-az4", "use1-az2", "use1-az1"], "tags": {"team": "security"}},
    ),
    "version 1 on a tenant of version 2": ("V2", OLD, 3, OLD_CHANGES, {"vpc_id": OLD["vpc_id"]}),
    "version 1": ("V1", OLD, 3, OLD_CHANGES, {"endpoints": []}),
}


@pytest.fixture(scope="module")
def tenant(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RulestackTenant]:
    directory = tmp_path_factory.mktemp("tenant") / "state"
    with simulated_tenant(directory, {"local": "firewall"}, request.param) as running:
        waits = ("create", "update", "delete", "endpoint", "commit")
        running.admin("PUT", "/firewalls", **{f"{wait}_seconds": 0.05 for wait in waits})
        yield running


@pytest.mark.parametrize(("tenant", "kind"), [(one[0], kind) for kind, one in LIFECYCLES.items()], indirect=["tenant"])
def test_lifecycle_takes_the_fewest_writes(tenant: RulestackTenant, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firewall, "POLL_INTERVALS", (0.05, 0.1))
    _version, created, creations, changes, same = LIFECYCLES[kind]

    def run(changed: bool, writes: int, **options: Any) -> dict[str, Any]:
        before = tenant.counts()[1]
        with tenant.recorded() as sent:
            result = tenant.firewall(name="lifecycle", **options)
        assert result.get("msg") is None
        assert [problem for request in sent for problem in violations(request)] == []
        assert (result["changed"], tenant.counts()[1] - before) == (changed, writes), options
        assert bool(result["diff"]) is changed
        assert result["remaining"] == []
        return result

    for options, writes in ((created, creations), *changes):
        predicted = run(True, 0, **options, check=True)
        made = run(True, writes, **options)
        for key in ("operation", "before", "after", "diff"):
            assert predicted[key] == made[key], (key, options)
        run(False, 0, **options)
        run(False, 0, **options, check=True)
    run(False, 0, **same)
    predicted = run(True, 0, state="absent", check=True)
    assert predicted["diff"] == run(True, 1, state="absent")["diff"]
    run(False, 0, state="absent")
    run(False, 0, state="absent", check=True)
