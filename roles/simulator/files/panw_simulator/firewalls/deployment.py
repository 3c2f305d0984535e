# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of a firewall that are deployed to its device."""

from __future__ import annotations

from ..envelope import ServiceError
from . import endpoints, states
from .model import Entry, Firewall
from .store import FirewallStore


def check_nat(firewall: Firewall, deployment: Entry) -> None:
    """Check that egress NAT has an endpoint to start from.

    :raises ServiceError: it is to be enabled, and no endpoint is accepted (documentation of the vendor's Terraform
        provider v4).
    """
    if deployment["EgressNAT"]["Enabled"] and not any(e["Status"] == "Accepted" for e in firewall.endpoints):
        raise ServiceError("InvalidOperationException", "egress NAT needs an endpoint that is accepted")


def deploy(
    store: FirewallStore, firewall: Firewall, deployment: Entry, listed: list[Entry], *, other: bool = False
) -> None:
    """Store a deployment; if it differs, start the update, which also decides again about endpoints that were rejected.

    :param listed: the endpoints. :param other: whether something else that is deployed was changed, too.
    """
    changed = other or deployment != firewall.deployment or endpoints.differ(firewall.endpoints, listed)
    firewall.deployment, firewall.endpoints = deployment, listed
    if changed:
        for endpoint in firewall.endpoints:
            if endpoint["Status"] == "Rejected":
                endpoint.update(Status="Pending", RejectedReason="")
        states.start(firewall, "update", store.clock.time(), store.settings)
    store.stamp(firewall, deployment=changed)
