# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoints of a firewall: what a request makes of them, and why one is rejected.

Reasons: the documentation of the vendor's Terraform provider v4 (account that is not allowed, conflict of CIDR blocks in a
zone); the wording is not public. The account of the firewall is always allowed: the provider's examples do not list it.
Blocks conflict if endpoints of different VPCs in a zone have overlapping prefixes other than the private ones that each has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Network, ip_network
from typing import Any

from ..envelope import ServiceError
from .model import Entry, Firewall, named

PRIVATE_PREFIXES = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
SETTABLE = ("EgressNATEnabled", "Mode", "Prefixes", "AccountId", "VpcId", "SubnetId", "ZoneId")
PLACE = ("AccountId", "VpcId", "SubnetId")
RELEVANT = ("EgressNATEnabled", "Mode", "AccountId", "VpcId", "SubnetId", "ZoneId")


def endpoint_id(text: str) -> str:
    """The id of an endpoint, always the same for the same text."""
    return f"vpce-{digest(text)}"


def digest(text: str) -> str:
    """Seventeen hexadecimal digits, as many as AWS's ids have."""
    return hashlib.sha256(text.encode()).hexdigest()[:17]


def default_prefixes() -> Entry:
    """The prefixes of an endpoint for which none were sent."""
    return {"PrivatePrefix": {"Cidrs": [*PRIVATE_PREFIXES]}, "PublicPrefix": {"Cidrs": []}}


def merged(firewall: Firewall, sent: Sequence[Mapping[str, Any]], zones: Sequence[str]) -> list[Entry]:
    """The endpoints after a request that lists all of them: known by EndpointId, or by account, VPC and subnet.

    :raises ServiceError: an EndpointId does not exist, or egress NAT is requested for an endpoint that is not accepted.
    """
    endpoints: list[Entry] = []
    for wanted in sent:
        old = _known(firewall, wanted)
        endpoint = _changed(old, wanted) if old else _new(firewall, wanted)
        if "ZoneId" not in endpoint:
            endpoint["ZoneId"] = _zone(endpoint, endpoints, zones)
        if endpoint["EgressNATEnabled"] and endpoint["Status"] != "Accepted":
            needed = f"endpoint {endpoint['EndpointId']} must be accepted before egress NAT is enabled on it"
            raise ServiceError("InvalidOperationException", needed)
        endpoints.append(endpoint)
    return endpoints


def differ(before: Sequence[Entry], after: Sequence[Entry]) -> bool:
    """Whether a request changes endpoints; the order of endpoints and of prefixes is irrelevant."""
    return _comparable(before) != _comparable(after)


def rejection(firewall: Firewall, endpoint: Entry) -> str | None:
    """Why an endpoint is rejected, None if it is accepted."""
    account, zone = endpoint["AccountId"], endpoint.get("ZoneId")
    zones = firewall.deployment.get("CustomerZoneIdList")
    if account not in (firewall.account_id, *firewall.deployment["AllowListAccounts"]):
        return f"account {account} is not in AllowListAccounts"
    if zones and zone not in zones:
        return f"zone {zone} is not in CustomerZoneIdList"
    for other in firewall.endpoints:
        if other is endpoint:
            break
        if other.get("ZoneId") == zone and other.get("VpcId") != endpoint.get("VpcId") and _overlap(other, endpoint):
            return f"CIDR conflict in zone {zone} with endpoint {other['EndpointId']}"
    return None


def _known(firewall: Firewall, wanted: Mapping[str, Any]) -> Entry | None:
    if "EndpointId" in wanted:
        for endpoint in firewall.endpoints:
            if endpoint["EndpointId"] == wanted["EndpointId"]:
                return endpoint
        raise ServiceError("ResourceNotFoundException", f'endpoint "{wanted["EndpointId"]}" does not exist')
    place = {"AccountId": firewall.account_id, **wanted}
    return next((e for e in firewall.endpoints if _place(e) == _place(place) and _same_zone(e, wanted)), None)


def _place(endpoint: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(endpoint.get(name) for name in PLACE)


def _same_zone(endpoint: Entry, wanted: Mapping[str, Any]) -> bool:
    return wanted.get("ZoneId") in (None, endpoint.get("ZoneId"))


def _changed(old: Entry, wanted: Mapping[str, Any]) -> Entry:
    prefixes = {**old["Prefixes"], **wanted.get("Prefixes", {})}
    endpoint = {**old, **named(wanted, *SETTABLE), "Prefixes": prefixes}
    if _comparable([old]) == _comparable([endpoint]):
        return old
    return endpoint if _place(old) == _place(endpoint) else {**endpoint, "Status": "Pending", "RejectedReason": ""}


def _new(firewall: Firewall, wanted: Mapping[str, Any]) -> Entry:
    sent = named(wanted, *SETTABLE)
    place = "/".join(str(sent.get(name)) for name in (*PLACE, "ZoneId"))
    return {
        "AccountId": firewall.account_id,
        "EgressNATEnabled": False,
        "EndpointId": endpoint_id(f"{firewall.id}/{place}"),
        "RejectedReason": "",
        "Status": "Pending",
        **sent,
        "Prefixes": {**default_prefixes(), **sent.get("Prefixes", {})},
    }


def _zone(endpoint: Entry, before: Sequence[Entry], zones: Sequence[str]) -> str | None:
    """A zone for a subnet whose zone was not sent: the first in which the VPC has no endpoint yet."""
    used = [other.get("ZoneId") for other in before if other.get("VpcId") == endpoint.get("VpcId")]
    return next((zone for zone in zones if zone not in used), zones[0] if zones else None)


def _comparable(endpoints: Iterable[Entry]) -> list[Any]:
    return sorted(
        (
            endpoint["EndpointId"],
            [str(endpoint.get(name)) for name in RELEVANT],
            *(sorted(endpoint["Prefixes"][kind]["Cidrs"]) for kind in ("PrivatePrefix", "PublicPrefix")),
        )
        for endpoint in endpoints
    )


def _overlap(one: Entry, other: Entry) -> bool:
    return any(a.overlaps(b) for a in _own_networks(one) for b in _own_networks(other))


def _own_networks(endpoint: Entry) -> list[IPv4Network]:
    """The networks of an endpoint without the private ones that every endpoint has."""
    prefixes = endpoint["Prefixes"]
    cidrs = [*prefixes["PrivatePrefix"]["Cidrs"], *prefixes["PublicPrefix"]["Cidrs"]]
    return [IPv4Network(ip_network(cidr, strict=False)) for cidr in cidrs if cidr not in PRIVATE_PREFIXES]
