# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Firewalls as desired, and runs of the reconciler on a fake API."""

from __future__ import annotations

import copy
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._common.polling import Poller
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.client import Firewall
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.reconciler import Reconciler
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.versions import V2, Version
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.planner import Desired
from ansible_collections.panw.cloud.tests.helpers.fake_firewalls import FakeFirewalls
from ansible_collections.panw.cloud.tests.helpers.fakes import Clock

ENDPOINT = {"mode": "ServiceManaged", "zone_id": "use1-az1", "subnet_id": "subnet-1", "vpc_id": "vpc-1"}
OTHER = {**ENDPOINT, "zone_id": "use1-az2", "subnet_id": "subnet-2"}
SIMPLE: dict[str, Any] = {"zones": ["use1-az1", "use1-az2"], "description": "egress"}
WHOLE: dict[str, Any] = {
    **SIMPLE,
    "allowed_accounts": ["123456789012"],
    "change_protection": ["GlobalFirewallAdmin"],
    "tags": {"team": "network"},
    "rulestack": "web",
    "global_rulestack": "global-base",
    "link_id": "link-1",
    "endpoints": [
        {**ENDPOINT, "egress_nat_enabled": True, "prefixes": {"private_prefix": {"cidrs": ["10.0.0.0/8"]}}},
        OTHER,
    ],
    "egress_nat": {"enabled": True, "settings": {"ip_pool_type": "AWSService"}},
    "private_access": {"type": "NetworkLoadBalancer", "resource_id": "lb-1"},
    "user_id": {"enabled": True, "port": 5007, "secret_key_arn": "arn:aws:secretsmanager:us-east-1:1:secret:a"},
}
OLD: dict[str, Any] = {
    "vpc_id": "vpc-1",
    "endpoint_mode": "ServiceManaged",
    "subnet_mappings": [{"subnet_id": "subnet-1", "availability_zone_id": "use1-az1"}, {"subnet_id": "subnet-2"}],
    "description": "egress",
    "tags": {"team": "network", "old": "yes"},
    "rulestack": "web",
    "app_id_version": "8433-6838",
    "automatic_upgrade_app_id_version": False,
    "endpoints": [{"mode": "ServiceManaged", "subnet_id": "subnet-1", "egress_nat_enabled": True}],
    "egress_nat": {"enabled": True},
}


class FirewallRun:
    """Runs on one fake API, with a fake clock."""

    def __init__(self, version: Version = V2, timeout: float | None = 600, **options: Any) -> None:
        self.fake, self.clock, self.version = FakeFirewalls(**options), Clock(), version
        self.waits = timeout and Poller(timeout, 0.5, self.clock, self.clock.sleep, 15.0)
        self.shown: list[str] = []
        self.reconciler: Reconciler

    def __call__(self, values: dict[str, Any] | None) -> Firewall | None:
        client = self.fake.client(self.version)
        self.reconciler = Reconciler(client, self.waits or None, self.shown.append)
        found = client.named("web")
        for one in found:
            client.choose(one)
        desired = Desired(("web",), "web", copy.deepcopy(values))
        return self.reconciler.run(found[0] if found else None, desired)

    def writes(self, values: dict[str, Any] | None) -> list[str]:
        """The writes of a run."""
        before = len(self.fake.writes)
        self(values)
        assert self.reconciler.changed is (len(self.fake.writes) > before)
        return self.fake.writes[before:]
