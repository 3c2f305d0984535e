# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""List and describe the firewalls of a region, in both versions.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from ..._common.errors import NotFound, PanwCloudError, RouteNotFound
from ..resources.catalog.log_profile import LOG_PROFILE
from .client import Firewall, FirewallClient
from .finder import Firewalls, Found, distinct
from .log_profiles import LogProfileClient
from .views import described


@dataclasses.dataclass(frozen=True)
class Selection:
    """Which firewalls to read. What is not set selects all.

    :param vpc_ids: of the firewall in version 1, of its endpoints in version 2. :param log_profile: whether to read log profiles, too.
    """

    name: str | None = None
    firewall_id: str | None = None
    rulestack: str | None = None
    global_rulestack: str | None = None
    vpc_ids: tuple[str, ...] = ()
    log_profile: bool = False

    def has(self, firewall: Firewall) -> bool:
        """Whether a firewall is selected. The API does not have all filters in each version."""
        values = firewall.values
        vpcs = {values.get("vpc_id"), *(endpoint["vpc_id"] for endpoint in values["endpoints"])}
        return (
            self.name in (None, firewall.name)
            and self.rulestack in (None, values["rulestack"])
            and self.global_rulestack in (None, values["global_rulestack"])
            and (not self.vpc_ids or not vpcs.isdisjoint(self.vpc_ids))
        )

    def filters(self, client: FirewallClient) -> dict[str, Any]:
        """The filters that the documents of a version have."""
        if client.version.query:
            return {}
        second = client.version.number == 2
        filters = {
            "RuleStackName": self.rulestack,
            "GlobalRuleStackName": self.global_rulestack if second else None,
            "VpcIds": None if second else list(self.vpc_ids),
        }
        return {key: value for key, value in filters.items() if value}


class FirewallReader:
    """Reads the firewalls of a region. :ivar warnings: about parts that could not be read."""

    def __init__(self, firewalls: Firewalls) -> None:
        self._firewalls = firewalls
        self.warnings: list[str] = []

    def read(self, selection: Selection) -> list[dict[str, Any]]:
        """The selected firewalls by name, as results. :raises PanwCloudError: they could not be read."""
        if selection.name or selection.firewall_id:
            found = self._firewalls.find(selection.name or "", selection.firewall_id)
        else:
            found = distinct(list(self._each(selection)))
        selected = [one for one in found if selection.has(one.firewall)]
        selected.sort(key=lambda one: (one.firewall.name, one.firewall.id))
        return [self._described(one, selection) for one in selected]

    def _each(self, selection: Selection) -> Iterator[Found]:
        missing: list[PanwCloudError] = []
        clients = self._firewalls.clients()
        for client in clients:
            try:
                yield from (Found(client, firewall) for firewall in client.each(**selection.filters(client)))
            except (NotFound, RouteNotFound) as error:
                missing.append(error)
        if len(missing) == len(clients):
            raise missing[0]

    def _described(self, one: Found, selection: Selection) -> dict[str, Any]:
        result = described(one.firewall) or {}
        if not selection.log_profile:
            return result
        name = one.firewall.name
        try:
            profile = LogProfileClient(one.client, one.firewall).read(LOG_PROFILE, (name,), name)
        except PanwCloudError as error:
            self.warnings.append(f"The log profile is null: {error}")
            return {**result, "log_profile": None}
        return {**result, "log_profile": profile.values}
