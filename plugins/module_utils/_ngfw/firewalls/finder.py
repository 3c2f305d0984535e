# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find a firewall by its name or ID, in whichever version the tenant has it.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses

from ..._common.errors import NotFound, RouteNotFound
from ..._common.token_pair import TokenPair
from ..client import NgfwClient
from ..tokens.service import claims
from .client import Firewall, FirewallClient
from .versions import Version, versions


@dataclasses.dataclass(frozen=True)
class Found:
    """A firewall and the client of its version."""

    client: FirewallClient
    firewall: Firewall


class Firewalls:
    """The firewalls of a tenant in one region.

    :param account_id: the AWS account of firewalls of version 1, if it is not the caller's.
    """

    def __init__(self, client: NgfwClient, pair: TokenPair, account_id: str | None = None) -> None:
        version = claims(pair.token).get("tenant_version")
        self._clients = {one: FirewallClient(client, pair, one, account_id) for one in versions(version)}

    def client(self, number: int | None) -> FirewallClient | None:
        """The client for new firewalls of a version, None if the tenant has no such firewalls. :param number: None for the tenant's own."""
        return next((client for one, client in self._clients.items() if number in (None, one.number)), None)

    def find(self, name: str, firewall_id: str | None = None) -> list[Found]:
        """All firewalls of a name, or the one with an ID. A version that the API has no routes for has none. One that both versions show is of version 2.

        :raises RouteNotFound: the API has none of the versions.
        """
        found: list[Found] = []
        missing: list[RouteNotFound | NotFound] = []
        for version, client in self._clients.items():
            if firewall_id and version.number == 1:
                continue
            try:
                firewalls = [client.by_id(firewall_id)] if firewall_id else client.named(name)
            except (RouteNotFound, NotFound) as error:
                missing.append(error)
                self._forget(version)
                continue
            found += [Found(client, firewall) for firewall in firewalls if firewall]
        if missing and not self._clients:
            raise missing[0]
        return distinct(found)

    def clients(self) -> list[FirewallClient]:
        """A client for each version."""
        return list(self._clients.values())

    def _forget(self, version: Version) -> None:
        self._clients = {one: client for one, client in self._clients.items() if one is not version}


def distinct(found: list[Found]) -> list[Found]:
    """The firewalls without those of version 1 that are listed as version 2, too."""
    ids = {one.firewall.id for one in found if one.firewall.version == 2}
    return [one for one in found if one.firewall.version == 2 or one.firewall.id not in ids]
