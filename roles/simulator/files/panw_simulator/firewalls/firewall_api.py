# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creation and deletion of firewalls, and the update and link of V2 firewalls."""

from __future__ import annotations

import secrets

from ..envelope import ServiceError
from ..routing import Call, Caller, Content, Route
from ..tokens import AdminRole
from . import bodies, endpoints, states
from .association_api import AssociationApi
from .deployment import check_nat, deploy
from .forms import V1, V2, creates_v1, is_v1, written
from .model import Entry, Firewall, named
from .store import FirewallStore, check_idle, check_tokens
from .v1_api import create_v1
from .views import NAME_TAG

ADMIN = frozenset({AdminRole.FIREWALL})
DEPLOYED = tuple(field.name for field in bodies.DEPLOYED)


class FirewallApi:
    """Handlers of the routes."""

    def __init__(self, store: FirewallStore, associations: AssociationApi) -> None:
        self._store = store
        self._associations = associations

    def routes(self) -> list[Route]:
        """The routes with their handlers."""
        routes = [
            Route("POST", V1, self.create, roles=ADMIN),
            Route("DELETE", f"{V1}/{{ngfirewallname}}", self.delete, roles=ADMIN),
        ]
        for base in V2:
            one = f"{base}/{{firewall_id}}"
            routes += [
                Route("POST", base, self.create, roles=ADMIN),
                Route("POST", f"{base}/", self.create, roles=ADMIN),
                Route("PATCH", one, self.update, roles=ADMIN),
                Route("DELETE", one, self.delete, roles=ADMIN),
                Route("POST", f"{one}/link", self.link, roles=ADMIN),
                Route("DELETE", f"{one}/link", self.unlink, roles=ADMIN),
            ]
        return routes

    def create(self, call: Call, caller: Caller) -> Content:
        """Start to create a firewall, with its associations and endpoints."""
        v1 = creates_v1(call)
        sent = bodies.parsed(bodies.FIREWALL_V1 if v1 else bodies.FIREWALL_V2, call.document)
        region = call.text("region") or call.place.region
        make = create_v1 if v1 else _create_v2
        firewall = make(f"fw-{secrets.token_hex(6)}", sent, caller.account_id, region)
        firewall.description = bodies.description(call.document) or ""
        self._store.check_name(firewall.name, firewall.account_id, region)
        check_nat(firewall, firewall.deployment)
        stacks = self._associations.named(sent, caller)
        states.start(firewall, "create", self._store.clock.time(), self._store.settings)
        for stack in stacks:
            self._associations.associate(firewall, stack)
        self._store.stamp(firewall, deployment=True)
        self._store.firewalls[firewall.id] = firewall
        return written(firewall, v1=v1)

    def update(self, call: Call, caller: Caller) -> Content:
        """Change the fields that are sent; fields of the deployment take effect after ``update_seconds``."""
        firewall = self._store.writable(call, caller, v1=False)
        sent = bodies.parsed(bodies.FIREWALL_V2, call.document)
        check_idle(firewall)
        check_tokens(firewall, sent)
        deployment = {**firewall.deployment, **named(sent, *DEPLOYED)}
        listed = firewall.endpoints
        if "Endpoints" in sent:
            listed = endpoints.merged(firewall, sent["Endpoints"], deployment.get("CustomerZoneIdList", []))
        name, tags = _tags(sent, firewall.name, firewall.tags)
        if name != firewall.name:
            self._store.check_name(name, firewall.account_id, firewall.region)
        check_nat(firewall, deployment)
        described = bodies.description(call.document)
        firewall.name, firewall.tags = name, tags
        firewall.description = firewall.description if described is None else described
        firewall.change_protection = sent.get("ChangeProtection", firewall.change_protection)
        deploy(self._store, firewall, deployment, listed)
        return written(firewall, v1=False)

    def delete(self, call: Call, caller: Caller) -> Content:
        """Start to delete a firewall; it exists until the deletion ends."""
        v1 = is_v1(call)
        firewall = self._store.writable(call, caller, v1=v1, deleting=True)
        if firewall.status != "DELETING":
            firewall.jobs.clear()
            states.start(firewall, "delete", self._store.clock.time(), self._store.settings)
            self._store.stamp(firewall)
        return {**written(firewall, v1=v1), "FirewallStatus": firewall.status}

    def link(self, call: Call, caller: Caller) -> Content:
        """Link a firewall to Panorama or Strata Cloud Manager."""
        firewall = self._store.writable(call, caller, v1=False)
        sent = bodies.parsed(bodies.LINK, call.document)
        check_tokens(firewall, sent)
        firewall.link_id = sent["LinkId"]
        self._store.stamp(firewall)
        names = {"FirewallId": firewall.id, "LinkId": firewall.link_id, "LinkStatus": "Active"}
        return {**names, "UpdateToken": firewall.update_token}

    def unlink(self, call: Call, caller: Caller) -> Content:
        """Remove the link."""
        firewall = self._store.writable(call, caller, v1=False)
        sent = bodies.parsed(bodies.LINK, call.document)
        check_tokens(firewall, sent)
        if sent["LinkId"] != firewall.link_id:
            raise ServiceError("ResourceNotFoundException", f'link "{sent["LinkId"]}" does not exist')
        firewall.link_id = None
        self._store.stamp(firewall)
        return {"FirewallId": firewall.id, "UpdateToken": firewall.update_token}


def _create_v2(firewall_id: str, sent: Entry, account: str, region: str) -> Firewall:
    if "CustomerZoneIdList" not in sent:
        raise ServiceError("InvalidRequestException", "invalid request: CustomerZoneIdList is required")
    name, tags = _tags(sent, sent.get("FirewallName", firewall_id), {})
    firewall = Firewall(firewall_id, name, "V2", account, region, tags=tags, link_id=sent.get("LinkId"))
    firewall.change_protection = sent.get("ChangeProtection", [])
    firewall.deployment = {
        "AllowListAccounts": [account],
        "EgressNAT": {"Enabled": False},
        **named(sent, *DEPLOYED),
    }
    listed = sent.get("Endpoints", [])
    firewall.endpoints = endpoints.merged(firewall, listed, sent["CustomerZoneIdList"])
    return firewall


def _tags(sent: Entry, name: str, tags: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Name and other tags after a request: the tag FirewallName is the name of a V2 firewall."""
    if "Tags" not in sent:
        return name, tags
    given = {tag["Key"]: tag["Value"] for tag in sent["Tags"]}
    name = given.pop(NAME_TAG, name)
    bodies.FIREWALL_NAME(name, f"tag {NAME_TAG}")
    return name, given
