# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists and descriptions of firewalls, in the V1 format (by name) and the V2 format (by id)."""

from __future__ import annotations

from typing import Any

from ..documents import compact
from ..envelope import ServiceError
from ..routing import READERS, Call, Caller, Content, Route
from .forms import V1, V2, described, is_v1
from .model import Entry, Firewall
from .store import FirewallStore


class ReadApi:
    """Handlers of the routes."""

    def __init__(self, store: FirewallStore) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """The routes with their handlers."""
        routes = [
            Route("GET", V1, self.list, roles=READERS),
            Route("GET", f"{V1}/{{ngfirewallname}}", self.describe, roles=READERS),
        ]
        for base in V2:
            routes += [
                Route("GET", base, self.list, roles=READERS),
                Route("GET", f"{base}/", self.list, roles=READERS),
                Route("GET", f"{base}/{{firewall_id}}", self.describe, roles=READERS),
            ]
        return routes

    def list(self, call: Call, caller: Caller) -> Content:
        """Names or ids of firewalls, filtered by VPC and rulestack; ``describe`` adds the details."""
        local, global_name, vpcs = call.text("rulestackname"), call.text("globalrulestackname"), _vpc_ids(call)
        v1 = is_v1(call)
        found = [
            firewall
            for firewall in self._store.visible(call, caller, v1=v1)
            if (not vpcs or firewall.v1.get("VpcId") in vpcs)
            and local in (None, firewall.rulestacks.get("RuleStack"))
            and global_name in (None, firewall.rulestacks.get("GlobalRuleStack"))
        ]
        filters = f"?{call.text('region')}/{local}/{global_name}/{','.join(vpcs)}"
        page, token = self._store.page(call, caller, found, filters)
        content: dict[str, Any] = {"Firewalls": [_brief(firewall, v1) for firewall in page], "NextToken": token}
        if call.flag("describe", False):
            content["FirewallsDescribe"] = [described(firewall, v1=v1) for firewall in page]
        return compact(content)

    def describe(self, call: Call, caller: Caller) -> Content:
        """One firewall with its status."""
        v1 = is_v1(call)
        return described(self._store.find(call, caller, v1=v1), v1=v1)


def _vpc_ids(call: Call) -> list[str]:
    value = call.parameters.get("vpcids") or []
    values = value.split(",") if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
        raise ServiceError("InvalidRequestException", "invalid request: VpcIds must be a list of strings")
    return values


def _brief(firewall: Firewall, v1: bool) -> Entry:
    names = {"FirewallName": firewall.name, "AccountId": firewall.account_id}
    return names if v1 else {"FirewallId": firewall.id, "Region": firewall.region, **names}
