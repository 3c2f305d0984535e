# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Association of rulestacks with firewalls. A firewall has at most one local and one global rulestack."""

from __future__ import annotations

from collections.abc import Iterable

from ..envelope import ServiceError
from ..routing import READERS, Call, Caller, Content, Route
from ..rulestacks import RulestackStore
from ..rulestacks.model import Rulestack
from ..rulestacks.store import missing
from ..tokens import AdminRole
from . import bodies
from .forms import ONES, is_v1
from .model import KINDS, Entry, Firewall
from .store import FirewallStore, check_tokens

LOCAL = frozenset({AdminRole.FIREWALL, AdminRole.RULESTACK})
GLOBAL = frozenset({AdminRole.FIREWALL, AdminRole.GLOBAL_RULESTACK})


class AssociationApi:
    """Handlers of the routes. The specification allows ``globalrulestack`` to global rulestack admins only; the vendor's SDK
    sends the token of the firewall admin."""

    def __init__(self, store: FirewallStore, rulestacks: RulestackStore) -> None:
        self._store = store
        self._rulestacks = rulestacks

    def routes(self) -> list[Route]:
        """The routes with their handlers."""
        routes = []
        for one in ONES:
            for segment, roles in (("rulestack", READERS), ("globalrulestack", GLOBAL)):
                routes += [
                    Route("POST", f"{one}/{segment}", self.add, roles=roles),
                    Route("PUT", f"{one}/{segment}", self.add, roles=roles),
                    Route("DELETE", f"{one}/{segment}", self.remove, roles=roles),
                ]
        return routes

    def add(self, call: Call, caller: Caller) -> Content:
        """Associate the named rulestack, in place of one of the same scope; on V2 paths, the name decides the scope."""
        firewall = self._store.writable(call, caller, v1=is_v1(call))
        sent = bodies.parsed(bodies.ASSOCIATION, call.document)
        check_tokens(firewall, sent)
        stack = self._stack(sent["RuleStackName"], caller, _scopes(call))
        self.associate(firewall, stack)
        self._store.stamp(firewall)
        return _response(firewall, stack.name)

    def remove(self, call: Call, caller: Caller) -> Content:
        """Remove the association of the named rulestack, without a name that of the local one, else of the global one."""
        firewall = self._store.writable(call, caller, v1=is_v1(call))
        sent = bodies.parsed(bodies.DISASSOCIATION, call.document)
        check_tokens(firewall, sent)
        name = sent.get("RuleStackName")
        for scope in _scopes(call):
            kind = KINDS[scope]
            if kind in firewall.rulestacks and name in (None, firewall.rulestacks[kind]):
                removed = self._store.disassociate(firewall, kind)
                self._store.stamp(firewall)
                return _response(firewall, removed)
        raise ServiceError("ResourceNotFoundException", "rulestack association does not exist")

    def named(self, sent: Entry, caller: Caller) -> list[Rulestack]:
        """The rulestacks that the body of a creation names.

        :raises ServiceError: one does not exist.
        """
        keys = {"RuleStackName": ("Local",), "GlobalRuleStackName": ("Global",)}
        return [self._stack(sent[key], caller, scopes) for key, scopes in keys.items() if key in sent]

    def associate(self, firewall: Firewall, stack: Rulestack) -> None:
        """Associate a rulestack and start its commit on the device."""
        self._store.associate(firewall, stack.scope, stack.name, committed=stack.running is not None)

    def _stack(self, name: str, caller: Caller, scopes: Iterable[str]) -> Rulestack:
        for stack in self._rulestacks.visible(caller):
            if stack.name == name and stack.scope in scopes and stack.candidate is not None:
                return stack
        raise missing(name)


def _scopes(call: Call) -> tuple[str, ...]:
    if call.place.segments[-1] == "globalrulestack":
        return ("Global",)
    return ("Local",) if call.place.segments[0] == "v1" else ("Local", "Global")


def _response(firewall: Firewall, rulestack: str) -> Entry:
    names = {"FirewallId": firewall.id, "FirewallName": firewall.name, "AccountId": firewall.account_id}
    return {**names, "RuleStackName": rulestack, "UpdateToken": firewall.update_token}
