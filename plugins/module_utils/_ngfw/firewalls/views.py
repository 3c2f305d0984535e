# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Firewalls as results.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..codec import lookup
from ..resources import codec
from ..resources.catalog.firewall import FIREWALL_V1, FIREWALL_V2
from .client import Firewall
from .status import endpoint_state, endpoints_of, state_of

_COMMITS = {
    "rulestack": ("rulestack_status", "rulestack_commit_info"),
    "global_rulestack": ("global_rulestack_status", "global_rulestack_commit_info"),
    "device": ("device_rulestack_commit_status", "device_rulestack_commit_info"),
}
"""The keys of the status of each commit, and of its details."""


def described(firewall: Firewall | None) -> dict[str, Any] | None:
    """A firewall for results, None if it does not exist. What the server does not say is null, or the default of its option."""
    if firewall is None:
        return None
    raw, status = firewall.raw, firewall.status
    return {
        "name": firewall.name,
        "firewall_id": firewall.id or None,
        "version": firewall.version,
        "region": firewall.region,
        **firewall.values,
        "endpoints": [_endpoint(endpoint, firewall.version) for endpoint in endpoints_of(firewall)],
        "endpoint_service_name": lookup(raw, "endpoint_service_name"),
        "link_status": lookup(raw, "link_status"),
        "user_id_status": lookup(lookup(raw, "user_id"), "user_id_status"),
        "status": state_of(firewall) or None,
        "failure_reason": lookup(status, "failure_reason") or None,
        "commits": {name: _commit(keys, status, raw) for name, keys in _COMMITS.items()},
        "public_ips": [lookup(one, "ip_address") for one in lookup(status, "public_ips") or ()],
    }


def _endpoint(endpoint: Mapping[str, Any], version: int) -> dict[str, Any]:
    field = (FIREWALL_V1 if version == 1 else FIREWALL_V2).by_option["endpoints"]
    return {
        "endpoint_id": lookup(endpoint, "endpoint_id"),
        "status": endpoint_state(endpoint) if lookup(endpoint, "status") else None,
        "rejected_reason": lookup(endpoint, "rejected_reason") or None,
        **codec.values_of(field.fields, endpoint),
    }


def _commit(keys: tuple[str, str], status: Mapping[str, Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    state, details = keys
    info = lookup(status, details)
    return {
        "status": lookup(status, state) or lookup(raw, state) or None,
        "commit_ts": lookup(info, "commit_ts"),
        "messages": lookup(info, "commit_messages") or [],
    }
