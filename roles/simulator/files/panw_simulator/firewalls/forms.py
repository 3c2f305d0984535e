# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The form of a firewall that a request is for, and the content of its response."""

from __future__ import annotations

from ..documents import lookup
from ..routing import Call
from .model import Entry, Firewall
from .views import firewall_v1, firewall_v2, status

V1 = "/v1/config/ngfirewalls"
V2 = ("/v2/ngfirewalls", "/v2/config/ngfirewalls")
"""The spelling of the specification, and that of the vendor's SDK."""
ONES = (f"{V1}/{{ngfirewallname}}", *(f"{base}/{{firewall_id}}" for base in V2))
"""The paths of one firewall."""
V1_ONLY = frozenset({"description", "subnets", "contentversion", "features", "globalrulestack", "tags"})


def is_v1(call: Call) -> bool:
    """Whether a request is for a V1 firewall: on V1 paths, and on V2 paths if the query asks for it, if the path ends in
    a slash, or if the operation exists only for V1 firewalls."""
    segments = call.place.segments
    if segments[0] == "v1" or call.route.template.endswith("/") or segments[-1] in V1_ONLY:
        return True
    return call.flag("v1route", False)


def creates_v1(call: Call) -> bool:
    """Whether a creation is of a V1 firewall: the vendor's SDK v2.0.5 sends it to the V2 path without ``v1route``."""
    fields = ("SubnetMappings", "CustomerZoneIdList")
    subnets, zones = (lookup(call.document, name) for name in fields)
    return is_v1(call) or (bool(subnets) and not zones)


def described(firewall: Firewall, *, v1: bool) -> Entry:
    """A firewall with its status."""
    return {"Firewall": written(firewall, v1=v1), "Status": status(firewall)}


def written(firewall: Firewall, *, v1: bool) -> Entry:
    """A firewall as the response to a write."""
    return firewall_v1(firewall) if v1 else firewall_v2(firewall)
