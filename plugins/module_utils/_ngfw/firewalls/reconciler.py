# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bring a firewall to a desired state, one call at a time, each planned from a fresh read.

The API cannot do everything at once: endpoints are added when the firewall is complete, egress NAT and prefixes when the endpoint is accepted, and each part
has a separate call. So the reconciler reads, plans what is missing, sends the first step of it, waits for the service, and begins again. A run that was
killed is continued in the same way by the next one.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable

from ..._common.errors import AuthorizationError, ErrorContext, InvalidRequest, PanwCloudError
from ..._common.polling import Poller
from ..resources import codec
from ..resources.catalog.firewall import FIREWALL_V1
from ..resources.descriptor import Values
from ..resources.engine import Engine
from ..resources.planner import Change, Desired, plan
from .client import Firewall, FirewallClient
from .status import (
    ACCEPTED,
    CREATE_FAIL,
    DELETE_FAIL,
    DELETING,
    FAILURES,
    WaitTimeout,
    endpoint_state,
    endpoints_of,
    is_complete,
    is_deployed_anew,
    pending_endpoints,
    raise_failures,
    state_of,
)

MOST_STEPS = 20
OLD_STATES = 5
"""How often an unchanged state is taken for an old one after a change that the service has to deploy."""
AFTER_CREATION = (
    "endpoints",
    "egress_nat",
    "private_access",
    "user_id",
    "app_id_version",
    "automatic_upgrade_app_id_version",
)
"""Options that the API takes only for a firewall that is complete."""
NEEDS_ENDPOINT = ("egress_nat", "private_access", "user_id")
"""Options that need an accepted endpoint."""
ENDPOINT_FEATURES = ("egress_nat_enabled", "prefixes")

PROTECTED = "The firewall has change protection ({}): use a token, or a user of the console, that these roles allow to change it or the protection."
Progress = Callable[[str], object]


class Reconciler:
    """Creates, changes and deletes one firewall.

    :param waits: None to return as soon as the service must be waited for; its timeout is for the whole run.
    :param progress: called with each state that is waited in.
    :ivar changed: whether something was written, or may have been.
    """

    def __init__(self, client: FirewallClient, waits: Poller | None, progress: Progress = lambda text: None) -> None:
        self._client, self._waits, self._progress = client, waits, progress
        self._engine = Engine(client)
        self._ends = 0.0
        self.resource = client.version.resource
        self.changed = False

    def plan(self, observed: Firewall | None, desired: Desired) -> Change | None:
        """The whole change, None if nothing is to be done. A firewall that is being deleted counts as absent."""
        going = observed is not None and state_of(observed) == DELETING
        return plan(self.resource, None if going else observed, desired)

    def run(self, observed: Firewall | None, desired: Desired) -> Firewall | None:
        """Make the change in its steps; return the firewall as it is then, None if it does not exist.

        :raises FirewallFailed: the service reports a failure. :raises WaitTimeout: a wait ended at its limit.
        :raises PanwCloudError: the API refuses a step.
        """
        if self._waits:
            self._ends = self._waits.clock() + self._waits.timeout
        before: Firewall | None = None  # the last write
        for _step in range(MOST_STEPS):
            if observed is not None and not self._is_settled(observed, before, desired):
                if self._waits is None:
                    return observed
                observed = self._settled(self._waits, observed, before, desired)
            change = self.plan(observed, desired)
            self.check(observed, desired, change, written=before is not None)
            if change is None:
                return observed
            self._apply(self._first_step(change, observed))
            before, observed = observed, self._client.read(self.resource, desired.address, desired.name)
        reason = f"it is still not as desired after {MOST_STEPS} steps: another client may be changing it"
        raise WaitTimeout(f"change firewall '{desired.name}'", ErrorContext(reason=reason))

    def check(
        self, observed: Firewall | None, desired: Desired, change: Change | None, *, written: bool = False
    ) -> None:
        """Check whether the service failed, unless the change may put it right.

        :param written: whether something was written before. :raises FirewallFailed: it failed.
        """
        if observed is None:
            return
        state = state_of(observed)
        if desired.values is None:
            failed = written and state == DELETE_FAIL
        else:
            failed = change is None or written or state == CREATE_FAIL
        if failed:
            verb = "delete" if desired.values is None else "change"
            raise_failures(f"{verb} firewall '{desired.name}'", observed)

    def _apply(self, step: Change) -> None:
        try:
            self._engine.apply(step)
        except PanwCloudError as error:
            self.changed = self.changed or error.outcome_unknown
            protection = (step.before or {}).get("change_protection")
            if protection and isinstance(error, (AuthorizationError, InvalidRequest)):
                error.add(PROTECTED.format(", ".join(protection)))
            raise
        self.changed = True

    def _first_step(self, change: Change, observed: Firewall | None) -> Change:
        """The part of a change that the API takes now. :raises FirewallFailed: it takes nothing because the service rejected an endpoint."""
        values = change.desired.values
        if values is None:
            return change
        if observed is None:
            now = {option: value for option, value in values.items() if option not in AFTER_CREATION}
        else:
            part = next(part for part in self._client.version.parts if part.options & set(change.options))
            now = {option: value for option, value in values.items() if option in part.options}
            now = self._possible(observed, now)
            if self._client.version.number == 1 and "tags" in now:
                now["tags"] = _first_tags(observed.values["tags"], now["tags"])
        step = plan(self.resource, observed, dataclasses.replace(change.desired, values=now))
        if step is None and observed is not None:
            raise_failures(f"change firewall '{change.desired.name}'", observed)
        return step or change

    def _possible(self, observed: Firewall, values: Values) -> Values:
        """The values without those that wait until an endpoint is accepted."""
        field = self.resource.by_option["endpoints"]
        accepted = [
            codec.values_of(field.fields, endpoint)
            for endpoint in endpoints_of(observed)
            if endpoint_state(endpoint) == ACCEPTED
        ]
        possible = {option: value for option, value in values.items() if accepted or option not in NEEDS_ENDPOINT}
        if "endpoints" in values:
            wanted = codec.canonical(field, copy.deepcopy(values["endpoints"]))
            for endpoint, index in zip(wanted, codec.matched(field, wanted, accepted)):
                for feature in ENDPOINT_FEATURES if index is None else ():
                    endpoint.pop(feature, None)
            possible["endpoints"] = wanted
        return possible

    def _is_settled(self, firewall: Firewall, before: Firewall | None, desired: Desired) -> bool:
        """Whether the service is done, as far as one answer shows. :param before: the last write, after which an old state may still be shown."""
        if not is_complete(firewall):
            return False
        expected = before is not None and (desired.values is None or is_deployed_anew(before, firewall))
        if before is not None and expected and state_of(before) == state_of(firewall):
            return False
        return desired.values is None or state_of(firewall) in FAILURES or not pending_endpoints(firewall)

    def _settled(self, waits: Poller, firewall: Firewall, before: Firewall | None, desired: Desired) -> Firewall | None:
        """Wait until the service has done what it is doing; None if the firewall is gone. :raises WaitTimeout: at the limit."""
        looks = 0

        def look() -> Firewall | None:
            nonlocal looks
            looks += 1
            found = self._client.read(self.resource, desired.address, desired.name)
            if found is not None:
                self._progress(doing(found))
            return found

        def good(found: Firewall | None) -> bool:
            return found is None or self._is_settled(found, before if looks <= OLD_STATES else None, desired)

        self._progress(doing(firewall))
        seen = dataclasses.replace(waits, timeout=max(0.0, self._ends - waits.clock())).until(look, good)
        if seen is None or good(seen):
            return seen
        reason = f"after {waits.timeout:.0f} seconds {doing(seen)}"
        raise WaitTimeout(f"wait for firewall '{desired.name}'", ErrorContext(reason=reason))


def _first_tags(before: Values, after: Values) -> Values:
    """The tags after the first call, which can set tags or remove them."""
    together = {**before, **codec.canonical(FIREWALL_V1.by_option["tags"], after)}
    return together if together != before else after


def doing(firewall: Firewall) -> str:
    """What a firewall is waiting for, in words."""
    return "; ".join([f"the firewall is in {state_of(firewall) or 'an unknown state'}", *pending_endpoints(firewall)])
