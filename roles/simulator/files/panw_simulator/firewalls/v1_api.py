# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations on V1 firewalls, which change one property each. They are addressed by name.

They are accepted during an update: the vendor's Go SDK v2.0.5 sends several in a row without waiting.
"""

from __future__ import annotations

from ..envelope import ServiceError
from ..routing import Call, Caller, Content, Route
from ..rulestacks.fields import Body
from ..tokens import AdminRole
from . import bodies, endpoints
from .deployment import check_nat, deploy
from .forms import ONES
from .model import UNBORN, Entry, Firewall, named
from .store import FirewallStore, busy, check_tokens

ADMIN = frozenset({AdminRole.FIREWALL})
FEATURES = tuple(field.name for field in bodies.FEATURES)


class V1Api:
    """Handlers of the routes."""

    def __init__(self, store: FirewallStore) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """The routes with their handlers, on all paths."""
        return [
            Route(method, f"{one}/{segment}", handler, roles=ADMIN)
            for one in ONES
            for method, segment, handler in (
                ("PUT", "description", self.describe),
                ("PUT", "subnets", self.map_subnets),
                ("POST", "subnets", self.map_subnets),
                ("PUT", "contentversion", self.set_content_version),
                ("PUT", "features", self.set_features),
            )
        ]

    def describe(self, call: Call, caller: Caller) -> Content:
        """Change the description."""
        firewall = self._store.writable(call, caller, v1=True)
        check_tokens(firewall, bodies.parsed(bodies.DESCRIPTION, call.document))
        firewall.description = bodies.description(call.document) or ""
        self._store.stamp(firewall)
        return _response(firewall, Description=firewall.description)

    def map_subnets(self, call: Call, caller: Caller) -> Content:
        """Remove and add subnet mappings; in service-managed mode, endpoints follow their subnets."""
        firewall, sent = self._changed(call, caller, bodies.SUBNETS)
        removed = sent["DisassociateSubnetMappings"]
        kept = [mapping for mapping in firewall.v1["SubnetMappings"] if not any(_within(r, mapping) for r in removed)]
        added = [mapping for mapping in sent["AssociateSubnetMappings"] if mapping not in kept]
        if not kept and not added:
            raise ServiceError("InvalidRequestException", "invalid request: a firewall needs a subnet mapping")
        firewall.v1 = {**firewall.v1, **named(sent, "MultiVpcEnable"), "SubnetMappings": [*kept, *added]}
        deploy(self._store, firewall, firewall.deployment, _endpoints(firewall), other=True)
        return _response(firewall, SubnetMappings=firewall.v1["SubnetMappings"])

    def set_content_version(self, call: Call, caller: Caller) -> Content:
        """Choose the version of App-ID."""
        firewall, sent = self._changed(call, caller, bodies.CONTENT_VERSION)
        version = named(sent, "AppIdVersion", "AutomaticUpgradeAppIdVersion")
        firewall.v1 = {**firewall.v1, **version}
        deploy(self._store, firewall, firewall.deployment, firewall.endpoints, other=True)
        return _response(firewall, **version)

    def set_features(self, call: Call, caller: Caller) -> Content:
        """Change egress NAT, private access, User-ID, and NAT and prefixes of endpoints."""
        firewall, body = self._changed(call, caller, bodies.FEATURES_V1)
        sent = body["Features"]
        deployment = {**firewall.deployment, **named(sent, *FEATURES)}
        check_nat(firewall, deployment)
        known = {endpoint["EndpointId"]: endpoint for endpoint in firewall.endpoints}
        changed = {e["EndpointId"]: e for e in endpoints.merged(firewall, sent.get("SecurityZones", []), [])}
        deploy(self._store, firewall, deployment, [*{**known, **changed}.values()])
        return _response(firewall, Features=named(sent, *FEATURES, "SecurityZones"))

    def _changed(self, call: Call, caller: Caller, body: Body) -> tuple[Firewall, Entry]:
        firewall = self._store.writable(call, caller, v1=True)
        sent = bodies.parsed(body, call.document)
        if firewall.status in UNBORN:
            raise busy(firewall)
        check_tokens(firewall, sent)
        return firewall, sent


def create_v1(firewall_id: str, sent: Entry, account: str, region: str) -> Firewall:
    """A new V1 firewall.

    :raises ServiceError: it is for another account.
    """
    if sent.get("AccountId", account) != account:
        raise ServiceError("AccessDeniedException", f"AccountId of a firewall must be {account}")
    tags = {tag["Key"]: tag["Value"] for tag in sent.get("Tags", [])}
    firewall = Firewall(firewall_id, sent["FirewallName"], "V1", account, region, tags=tags, link_id=sent.get("LinkId"))
    fields = (
        "AppIdVersion",
        "AutomaticUpgradeAppIdVersion",
        "EndpointMode",
        "MultiVpcEnable",
        "SubnetMappings",
        "VpcId",
    )
    firewall.v1 = {"AutomaticUpgradeAppIdVersion": True, **named(sent, *fields)}
    firewall.deployment = {"AllowListAccounts": [account], "EgressNAT": {"Enabled": False}, **named(sent, "EgressNAT")}
    firewall.endpoints = _endpoints(firewall)
    return firewall


def _endpoints(firewall: Firewall) -> list[Entry]:
    """The endpoints of a service-managed firewall: one for each subnet. The customer creates those of the other mode."""
    if firewall.v1["EndpointMode"] != "ServiceManaged":
        return [e for e in firewall.endpoints if e.get("SubnetId") in _subnets(firewall)]
    place = {"Mode": "ServiceManaged", "VpcId": firewall.v1["VpcId"]}
    wanted = [
        {
            **place,
            "SubnetId": m["SubnetId"],
            **({"ZoneId": m["AvailabilityZoneId"]} if "AvailabilityZoneId" in m else {}),
        }
        for m in firewall.v1["SubnetMappings"]
        if "SubnetId" in m
    ]
    return endpoints.merged(firewall, wanted, [])


def _subnets(firewall: Firewall) -> list[str]:
    return [mapping["SubnetId"] for mapping in firewall.v1["SubnetMappings"] if "SubnetId" in mapping]


def _within(removed: Entry, mapping: Entry) -> bool:
    return all(mapping.get(key) == value for key, value in removed.items())


def _response(firewall: Firewall, **fields: object) -> Entry:
    names = {"FirewallName": firewall.name, "AccountId": firewall.account_id}
    return {**names, **fields, "UpdateToken": firewall.update_token}
