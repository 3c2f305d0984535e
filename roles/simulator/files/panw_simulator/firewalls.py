# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read operations for firewalls, in the V1 format (by name) and the V2 format (by id).

V2 paths have two spellings: ``/v2/ngfirewalls`` in the specification, ``/v2/config/ngfirewalls`` in the vendor's SDK.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .documents import compact, tag_list
from .envelope import ServiceError
from .firewall_views import firewall_v1, firewall_v2, log_profile_v1, log_profile_v2, status
from .pagination import Pager
from .routing import READERS, Call, Caller, Content, Route
from .tokens import AdminRole

V1 = "/v1/config/ngfirewalls"
V2 = ("/v2/ngfirewalls", "/v2/config/ngfirewalls")
PAGE = 1024
FIREWALL_ADMIN = frozenset({AdminRole.FIREWALL})

Firewall = Mapping[str, Any]


class Firewalls:
    """Handlers of the firewall routes.

    :param region: of a firewall that has no region in the seed.
    """

    def __init__(self, firewalls: Sequence[Firewall], region: str, pager: Pager) -> None:
        resolved = [{**firewall, "region": firewall["region"] or region} for firewall in firewalls]
        self._firewalls = sorted(resolved, key=lambda firewall: str(firewall["name"]))
        self._pager = pager

    def routes(self) -> list[Route]:
        """The routes with their handlers."""
        one = V1 + "/{ngfirewallname}"
        routes = [
            Route("GET", V1, self.list, roles=READERS),
            Route("GET", one, self.describe, roles=READERS),
            Route("GET", f"{one}/logprofile", self.log_profile, roles=READERS),
            Route("GET", f"{one}/tags", self.tags, roles=FIREWALL_ADMIN),
        ]
        for base in V2:
            routes += [
                Route("GET", base, self.list, roles=READERS),
                Route("GET", f"{base}/", self.list, roles=READERS),
                Route("GET", f"{base}/{{firewall_id}}", self.describe, roles=READERS),
                Route("GET", f"{base}/{{firewall_id}}/logprofile", self.log_profile, roles=READERS),
            ]
        return routes

    def associated(self, rulestack: str) -> Sequence[str]:
        """Names of the firewalls that use a rulestack."""
        return [
            str(firewall["name"])
            for firewall in self._firewalls
            if rulestack in (firewall["rulestack"], firewall["global_rulestack"])
        ]

    def list(self, call: Call, caller: Caller) -> Content:
        """Names or ids of firewalls, filtered by VPC and rulestack; ``describe`` adds the details."""
        rulestack, global_rulestack = call.text("rulestackname"), call.text("globalrulestackname")
        vpcs = _vpc_ids(call)
        found = [
            firewall
            for firewall in self._visible(call, caller)
            if (not vpcs or firewall["vpc_id"] in vpcs)
            and rulestack in (None, firewall["rulestack"])
            and global_rulestack in (None, firewall["global_rulestack"])
        ]
        filters = f"?{rulestack}/{global_rulestack}/{','.join(vpcs)}"
        page, token = self._page(call, caller, found, filters)
        content: dict[str, Any] = {"Firewalls": [_brief(call, firewall) for firewall in page], "NextToken": token}
        if call.flag("describe", False):
            content["FirewallsDescribe"] = [_described(call, firewall) for firewall in page]
        return compact(content)

    def describe(self, call: Call, caller: Caller) -> Content:
        """One firewall with its status."""
        return _described(call, self._firewall(call, caller))

    def log_profile(self, call: Call, caller: Caller) -> Content:
        """The log destinations of a firewall."""
        firewall = self._firewall(call, caller)
        return log_profile_v2(firewall) if _is_v2(call) else log_profile_v1(firewall)

    def tags(self, call: Call, caller: Caller) -> Content:
        """Tags; the name of the firewall under both keys that clients read."""
        firewall = self._firewall(call, caller)
        page, token = self._page(call, caller, tag_list(firewall["tags"]))
        name = firewall["name"]
        names = {"FirewallName": name, "ResourceName": name, "AccountId": firewall["account_id"]}
        return compact({**names, "Tags": [*page], "NextToken": token})

    def _visible(self, call: Call, caller: Caller) -> Sequence[Firewall]:
        region = call.text("region") or call.place.region
        account = call.text("accountid") or caller.account_id
        return [
            firewall
            for firewall in self._firewalls
            if firewall["account_id"] == caller.account_id == account and firewall["region"] == region
        ]

    def _firewall(self, call: Call, caller: Caller) -> Firewall:
        wanted = call.path.get("ngfirewallname") or call.path["firewall_id"]
        key = "id" if _is_v2(call) else "name"
        for firewall in self._visible(call, caller):
            if firewall[key] == wanted:
                return firewall
        raise ServiceError("ResourceNotFoundException", f'firewall "{wanted}" does not exist')

    def _page(
        self, call: Call, caller: Caller, items: Sequence[Any], filters: str = ""
    ) -> tuple[Sequence[Any], str | None]:
        listing = f"{caller.account_id}/{call.place.region}/{'/'.join(call.place.segments)}{filters}"
        size = call.integer("maxresults", PAGE, 1, PAGE)
        return self._pager.cut(items, listing, call.text("nexttoken"), size)


def _is_v2(call: Call) -> bool:
    """V2 paths return V1 firewalls if the query asks for them or the path ends in a slash."""
    if call.place.segments[0] != "v2" or call.route.template.endswith("/"):
        return False
    return not call.flag("v1route", False)


def _vpc_ids(call: Call) -> list[str]:
    value = call.parameters.get("vpcids") or []
    values = value.split(",") if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
        raise ServiceError("InvalidRequestException", "invalid request: VpcIds must be a list of strings")
    return values


def _brief(call: Call, firewall: Firewall) -> dict[str, Any]:
    if _is_v2(call):
        ids = {"FirewallId": firewall["id"], "Region": firewall["region"]}
        return {**ids, "FirewallName": firewall["name"], "AccountId": firewall["account_id"]}
    return {"FirewallName": firewall["name"], "AccountId": firewall["account_id"]}


def _described(call: Call, firewall: Firewall) -> dict[str, Any]:
    view = firewall_v2 if _is_v2(call) else firewall_v1
    return {"Firewall": view(firewall), "Status": status(firewall)}
