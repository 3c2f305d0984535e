# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The firewalls of the tenant, with the checks that apply to all writes."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from ..clock import Clock
from ..documents import check_update_token, update_token
from ..envelope import ServiceError
from ..pagination import Pager
from ..routing import Call, Caller
from ..settings import Settings
from ..tokens import AdminRole
from ..validation import Invalid, Shape
from . import seeding, states
from .model import KINDS, UNCHANGEABLE, Commit, Entry, Firewall

PAGE = 1024
RULESTACKS = ("rulestack", "globalrulestack")
"""Operations whose AccountId is that of the rulestack."""
PROTECTED = {
    AdminRole.FIREWALL: ("FirewallAdmin", "LocalFirewallAdmin"),
    AdminRole.RULESTACK: ("RulestackAdmin", "LocalRulestackAdmin"),
    AdminRole.GLOBAL_RULESTACK: ("GlobalRulestackAdmin",),
}
"""Values of ChangeProtection that exclude a token's admin role. GlobalFirewallAdmin, which the vendor's Terraform provider
sets by default, is a role of the console only."""


def _texts(value: Any) -> str | None:
    valid = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return None if valid else "a list of strings"


CHANGE = Shape({"change_protection": _texts}, required=("change_protection",))


class FirewallStore:
    """Firewalls by id. ``lock`` is held while a handler runs.

    :param seed: the firewalls of the seed. :param region: of a firewall that has no region there.
    """

    def __init__(
        self, seed: Sequence[Mapping[str, Any]], region: str, clock: Clock, settings: Settings, pager: Pager
    ) -> None:
        self._seed = seed
        self._region = region
        self.clock = clock
        self.settings = settings.firewalls
        self._pager = pager
        self.lock = threading.RLock()
        self._revisions = count(1)
        self.firewalls: dict[str, Firewall] = {}
        self.reset()

    def reset(self) -> dict[str, Any]:
        """Restore the firewalls of the seed; returns the empty response of the administrative interface."""
        with self.lock:
            self.firewalls = {firewall.id: firewall for firewall in seeding.firewalls(self._seed, self._region)}
        return {}

    def settle(self, everything: bool = False) -> int:
        """Finish what has run long enough, or everything, remove deleted firewalls, and return the number of jobs."""
        with self.lock:
            now = self.clock.time()
            finished = [states.settle(f, now, self.settings, everything) for f in self.firewalls.values()]
            self.firewalls = {key: f for key, f in self.firewalls.items() if not f.deleted}
        return sum(finished)

    def change(self, firewall_id: str, document: Any) -> dict[str, Any]:
        """Apply an administrator's change to a firewall, as the console does, and return what changed.

        :raises Invalid: an unknown firewall, field or value.
        """
        CHANGE.check(document)
        with self.lock:
            firewall = self.firewalls.get(firewall_id)
            if firewall is None:
                raise Invalid(f"unknown firewall; allowed: {', '.join(self.firewalls)}")
            firewall.change_protection = document["change_protection"]
            self.stamp(firewall)
        return {"id": firewall.id, "change_protection": firewall.change_protection}

    def associated(self, rulestack: str) -> Sequence[str]:
        """Names of the firewalls that use a rulestack."""
        with self.lock:
            self.settle()
            return sorted(f.name for f in self.firewalls.values() if rulestack in f.rulestacks.values())

    def committed(self, rulestack: str, moment: float) -> None:
        """Start the commit of a rulestack on the firewalls that use it.

        :param moment: when the rulestack itself was committed, in seconds of the simulator's clock.
        """
        with self.lock:
            self.settle()
            for firewall in self.firewalls.values():
                for kind, name in firewall.rulestacks.items():
                    if name == rulestack:
                        states.start_commit(firewall, kind, moment, self.settings)

    def associate(self, firewall: Firewall, scope: str, rulestack: str, *, committed: bool) -> None:
        """Associate a rulestack; one that was never committed has nothing to commit on the device until then.

        :param scope: ``Local`` or ``Global``. :param committed: whether the rulestack was ever committed.
        """
        kind = KINDS[scope]
        firewall.rulestacks[kind] = rulestack
        firewall.jobs.pop(kind, None)
        firewall.commits[kind] = Commit("Uncommitted", moment=None)
        if committed:
            states.start_commit(firewall, kind, self.clock.time(), self.settings)

    def disassociate(self, firewall: Firewall, kind: str) -> str:
        """Remove an association and return the name of the rulestack."""
        firewall.jobs.pop(kind, None)
        firewall.commits.pop(kind, None)
        return firewall.rulestacks.pop(kind)

    def visible(self, call: Call, caller: Caller, *, v1: bool) -> list[Firewall]:
        """The firewalls of the caller's account in the called region that have this form, by name."""
        region = call.text("region") or call.place.region
        account = call.text("accountid") if v1 and call.place.segments[-1] not in RULESTACKS else None
        if account not in (None, caller.account_id):
            return []
        place = (caller.account_id, region)
        versions = (None, "V1" if v1 else "V2")
        found = [f for f in self.firewalls.values() if (f.account_id, f.region) == place and f.version in versions]
        return sorted(found, key=lambda firewall: firewall.name)

    def find(self, call: Call, caller: Caller, *, v1: bool) -> Firewall:
        """The called firewall, by name in the V1 form and by id in the V2 form.

        :raises ServiceError: it does not exist for the caller.
        """
        wanted = call.path.get("ngfirewallname") or call.path["firewall_id"]
        for firewall in self.visible(call, caller, v1=v1):
            if wanted == (firewall.name if v1 else firewall.id):
                return firewall
        raise ServiceError("ResourceNotFoundException", f'firewall "{wanted}" does not exist')

    def writable(self, call: Call, caller: Caller, *, v1: bool, deleting: bool = False) -> Firewall:
        """The called firewall, to change it.

        :param deleting: accept one that is being deleted.
        :raises ServiceError: it does not exist, is being deleted, or is protected against changes by the caller's role.
        """
        firewall = self.find(call, caller, v1=v1)
        excluded = [role for role in PROTECTED.get(caller.admin_role, ()) if role in firewall.change_protection]
        if excluded:
            reason = f'firewall "{firewall.name}" has change protection against {excluded[0]}'
            raise ServiceError("AccessDeniedException", reason)
        if firewall.status == "DELETING" and not deleting:
            raise busy(firewall)
        return firewall

    def check_name(self, name: str, account: str, region: str) -> None:
        """Check that no firewall of an account in a region has a name, in whatever form.

        :raises ServiceError: one has it.
        """
        for other in self.firewalls.values():
            if (other.name, other.account_id, other.region) == (name, account, region):
                raise ServiceError("InvalidRequestException", f'firewall "{name}" already exists')

    def stamp(self, firewall: Firewall, *, deployment: bool = False) -> None:
        """Give a firewall a new UpdateToken, and a new DeploymentUpdateToken if its deployment changed."""
        firewall.update_token = self.new_token(firewall)
        if deployment:
            firewall.deployment_token = self.new_token(firewall)

    def new_token(self, firewall: Firewall) -> str:
        """A token that no firewall had before."""
        return update_token([next(self._revisions), firewall.id])

    def page(
        self, call: Call, caller: Caller, items: Sequence[Any], filters: str = ""
    ) -> tuple[Sequence[Any], str | None]:
        """The requested page of a list, and the token of the next page."""
        listing = f"{caller.account_id}/{call.place.region}/{'/'.join(call.place.segments)}{filters}"
        size = call.integer("maxresults", PAGE, 1, PAGE)
        return self._pager.cut(items, listing, call.text("nexttoken"), size)


def check_tokens(firewall: Firewall, sent: Entry) -> None:
    """Check the tokens of a write; clients may omit them.

    :raises ServiceError: one is outdated.
    """
    check_update_token(sent.get("UpdateToken"), firewall.update_token)
    check_update_token(sent.get("DeploymentUpdateToken"), firewall.deployment_token)


def check_idle(firewall: Firewall) -> None:
    """Check that a firewall is neither changing nor one whose creation failed, which can only be deleted.

    :raises ServiceError: it is.
    """
    if firewall.status in UNCHANGEABLE:
        raise busy(firewall)


def busy(firewall: Firewall) -> ServiceError:
    """The error for a change of a firewall in a state that permits none."""
    return ServiceError(
        "InvalidOperationException", f'firewall "{firewall.name}" cannot be changed in state {firewall.status}'
    )
