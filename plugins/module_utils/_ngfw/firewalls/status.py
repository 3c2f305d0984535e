# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The status of a firewall: what it is waiting for, and how it failed.

States are those of the vendor's OpenAPI documents of 2026; the API spells those of endpoints in capitals in version 1.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..._common.errors import ErrorContext, PanwCloudError
from ..codec import lookup
from .client import Firewall

CREATE_FAIL, DELETE_FAIL = "CREATE_FAIL", "DELETE_FAIL"
FAILURES = (CREATE_FAIL, "UPDATE_FAIL", DELETE_FAIL)
DELETING = "DELETING"
COMPLETE = "_COMPLETE"
ACCEPTED, REJECTED = "accepted", "rejected"

REMOVE_FIRST = "Correct the cause that the service names, remove the firewall with 'state: absent', then run again."


class FirewallFailed(PanwCloudError):
    """The service reports that a firewall or an endpoint of it failed."""

    kind = "firewall_failed"
    advice = "Correct the cause that the service names, then run again."


class WaitTimeout(PanwCloudError):
    """The wait ended at its limit. What was begun goes on in the service."""

    kind = "timeout"
    outcome_unknown = True
    advice = "Run again to wait on, or raise 'wait_timeout'."


def state_of(firewall: Firewall) -> str:
    """The state in capitals, such as C(CREATE_COMPLETE); empty if the answer has none."""
    return firewall.state


def is_complete(firewall: Firewall) -> bool:
    """Whether no operation on the firewall is under way. An answer without a state has none."""
    state = state_of(firewall)
    return not state or state.endswith(COMPLETE) or state in FAILURES


def is_deployed_anew(before: Firewall, after: Firewall) -> bool:
    """Whether the last change needs a deployment, which the service shows with a new token."""
    key = "deployment_update_token"
    return bool(lookup(after.raw, key) != lookup(before.raw, key))


def endpoints_of(firewall: Firewall) -> list[Mapping[str, Any]]:
    """The endpoints as the server describes them, with their status. Version 1 has them in up to two lists."""
    sources = ((firewall.raw, "endpoints"), (firewall.raw, "security_zones"), (firewall.status, "attachments"))
    known: dict[str, Mapping[str, Any]] = {}
    for source, key in sources:
        found = lookup(source, key)
        for index, endpoint in enumerate(found if isinstance(found, list) else ()):
            if isinstance(endpoint, Mapping):
                name = str(lookup(endpoint, "endpoint_id") or lookup(endpoint, "subnet_id") or f"{key} {index}")
                known.setdefault(name, {})
                known[name] = {
                    **known[name],
                    **{one: value for one, value in endpoint.items() if value not in ("", None)},
                }
    return list(known.values())


def endpoint_state(endpoint: Mapping[str, Any]) -> str:
    """The state of an endpoint in small letters. An answer without one says nothing against it."""
    return str(lookup(endpoint, "status") or ACCEPTED).lower()


def pending_endpoints(firewall: Firewall) -> list[str]:
    """The endpoints that are neither accepted nor rejected, with their states."""
    return [
        f"endpoint {_place(endpoint)} is {endpoint_state(endpoint)}"
        for endpoint in endpoints_of(firewall)
        if endpoint_state(endpoint) not in (ACCEPTED, REJECTED)
    ]


def failures(firewall: Firewall) -> Iterator[str]:
    """What failed, with the reason that the service gives."""
    state = state_of(firewall)
    if state in FAILURES:
        yield f"the firewall is in {state}: {lookup(firewall.status, 'failure_reason') or 'the service gives no reason'}"
    for endpoint in endpoints_of(firewall):
        if endpoint_state(endpoint) == REJECTED:
            reason = lookup(endpoint, "rejected_reason") or "the service gives no reason"
            yield f"endpoint {_place(endpoint)} is rejected: {reason}"


def raise_failures(attempted: str, firewall: Firewall) -> None:
    """:raises FirewallFailed: the firewall or an endpoint failed."""
    if found := list(failures(firewall)):
        remedy = REMOVE_FIRST if state_of(firewall) == CREATE_FAIL else None
        raise FirewallFailed(attempted, ErrorContext(reason="; ".join(found)), remedy)


def _place(endpoint: Mapping[str, Any]) -> str:
    keys = ("endpoint_id", "zone_id", "subnet_id")
    return " in ".join(str(lookup(endpoint, key)) for key in keys if lookup(endpoint, key)) or "without an ID"
