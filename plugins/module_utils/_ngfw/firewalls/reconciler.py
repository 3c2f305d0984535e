# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bring a firewall to a desired state, one call at a time, each planned from a fresh read.

The API cannot do everything at once: endpoints are added when the firewall is complete, egress NAT and prefixes when the endpoint is accepted, and each part has a
call of its own. So the reconciler reads, plans what is missing, sends the first step of it, waits for the service, and begins again. A run that was killed is
continued in the same way by the next one.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from typing import Any

from ..._common.errors import AuthorizationError, ErrorContext, InvalidRequest
from ..._common.polling import Poller
from ..resources import codec
from ..resources.descriptor import Values
from ..resources.engine import Engine
from ..resources.planner import Change, Desired, plan
from .client import Firewall, FirewallClient
from .status import (
    ACCEPTED,
    CREATE_FAIL,
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
OLD_STATES = 3
"""How often an unchanged state is taken for an old one after a deployment was begun."""
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

Progress = Callable[[str], object]


class Reconciler:
    """Creates, changes and deletes one firewall.

    :param waits: None to return as soon as the service must be waited for. :param progress: called with each state that is waited in.
    """

    def __init__(self, client: FirewallClient, waits: Poller | None, progress: Progress = lambda text: None) -> None:
        self._client, self._waits, self._progress = client, waits, progress
        self._engine = Engine(client)
        self.resource = client.version.resource

    def plan(self, observed: Firewall | None, desired: Desired) -> Change | None:
        """The whole change, None if nothing is to be done."""
        return plan(self.resource, observed, desired)

    def run(self, observed: Firewall | None, desired: Desired) -> Firewall | None:
        """Make the change in its steps; return the firewall as it is then, None if it does not exist.

        :raises FirewallFailed: the service reports a failure. :raises WaitTimeout: a wait ended at its limit.
        :raises PanwCloudError: the API refuses a step.
        """
        before: Firewall | None = None  # the last write
        for _step in range(MOST_STEPS):
            if observed is not None and not self._is_settled(observed, before, desired):
                if self._waits is None:
                    return observed
                observed = self._settled(observed, before, desired)
            change = self.plan(observed, desired)
            if observed is not None and (
                change is None or before or (desired.values and state_of(observed) == CREATE_FAIL)
            ):
                raise_failures(f"update firewall '{desired.name}'", observed)
            if change is None:
                return observed
            self._apply(self._first_step(change, observed))
            before, observed = observed, self._client.read(self.resource, desired.address, desired.name)
        raise WaitTimeout(
            f"update firewall '{desired.name}'",
            ErrorContext(
                reason=f"it is still not as desired after {MOST_STEPS} steps: another client may be changing it"
            ),
        )

    def _apply(self, step: Change) -> None:
        try:
            self._engine.apply(step)
        except (AuthorizationError, InvalidRequest) as error:
            protection = (step.before or {}).get("change_protection")
            if protection:
                error.add(
                    f"The firewall has change protection ({', '.join(protection)}): only these roles may change or delete it, or the change protection."
                )
            raise

    def _first_step(self, change: Change, observed: Firewall | None) -> Change:
        """The part of a change that the API takes now."""
        values = change.desired.values
        if values is None:
            return change
        if observed is None:
            now = {option: value for option, value in values.items() if option not in AFTER_CREATION}
        else:
            part = next(part for part in self._client.version.parts if part.options & set(change.options))
            now = {option: value for option, value in values.items() if option in part.options}
            now = self._possible(change, observed, now)
        step = plan(self.resource, observed, dataclasses.replace(change.desired, values=now))
        return step or change

    def _possible(self, change: Change, observed: Firewall, values: Values) -> Values:
        """The values without those that wait for an endpoint that is added now."""
        field = self.resource.by_option["endpoints"]
        wanted = codec.canonical(field, values.get("endpoints") or [])
        if "endpoints" not in change.options or None not in (
            found := codec.matched(field, wanted, observed.values["endpoints"])
        ):
            return values
        accepted = any(endpoint_state(endpoint) == ACCEPTED for endpoint in endpoints_of(observed))
        kept = {option: value for option, value in values.items() if accepted or option not in NEEDS_ENDPOINT}
        endpoints = copy.deepcopy(wanted)
        for endpoint, index in zip(endpoints, found):
            if index is None:
                for feature in ENDPOINT_FEATURES:
                    endpoint.pop(feature, None)
        return {**kept, "endpoints": endpoints}

    def _is_settled(self, firewall: Firewall, before: Firewall | None, desired: Desired) -> bool:
        """Whether the service is done, as far as one answer can tell: after a deployment, an old state may still be shown."""
        ready = is_complete(firewall) and (desired.values is None or not pending_endpoints(firewall))
        return ready and not (before and is_deployed_anew(before, firewall) and state_of(before) == state_of(firewall))

    def _settled(self, firewall: Firewall, before: Firewall | None, desired: Desired) -> Firewall | None:
        """Wait until the service has done what it is doing; None if the firewall is gone. :raises WaitTimeout: at the limit."""
        if self._waits is None:
            raise ValueError("nothing is to be waited for")
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

        seen = self._waits.until(look, good)
        if seen is None or good(seen):
            return seen
        raise WaitTimeout(
            f"wait for firewall '{desired.name}'",
            ErrorContext(reason=f"after {self._waits.timeout:.0f} seconds {doing(seen)}"),
        )


def doing(firewall: Firewall) -> str:
    """What a firewall is waiting for, in words."""
    return "; ".join([f"the firewall is in {state_of(firewall) or 'an unknown state'}", *pending_endpoints(firewall)])


def described(firewall: Firewall | None) -> dict[str, Any] | None:
    """A firewall for results, None if it does not exist."""
    if firewall is None:
        return None
    return {
        "name": firewall.name,
        "firewall_id": firewall.id or None,
        **firewall.values,
        "status": state_of(firewall) or None,
    }
