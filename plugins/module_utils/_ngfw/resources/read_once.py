# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client that reads each resource and each list once, so that what is fingerprinted, shown and planned is one state of a rulestack.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from ..._common.token_pair import TokenPair
from ..client import NgfwClient
from .client import CANDIDATE, Listed, ResourceClient
from .descriptor import Resource
from .planner import Address, Observed


class ReadOnce(ResourceClient):
    """Keeps what it has read. Not for writing: a conflict has to be read again."""

    def __init__(self, client: NgfwClient, pair: TokenPair) -> None:
        super().__init__(client, pair)
        self._observed: dict[tuple[str, Address, str], Observed | None] = {}
        self._listed_before: dict[tuple[str, Address, str], list[Listed]] = {}

    @classmethod
    def like(cls, other: ResourceClient) -> ReadOnce:
        """A new client with the connection of another."""
        return cls(*other.connection)

    def read(self, resource: Resource, address: Address, name: str, configuration: str = CANDIDATE) -> Observed | None:
        """Read a resource; None if it does not exist in the configuration."""
        key = (resource.section, address, configuration)
        if key not in self._observed:
            self._observed[key] = super().read(resource, address, name, configuration)
        return self._observed[key]

    def list(self, resource: Resource, place: Address, which: str = CANDIDATE) -> list[Listed]:
        """All resources of a kind at a place. :raises RouteNotFound: the API has no such list."""
        key = (resource.section, place, which)
        if key not in self._listed_before:
            self._listed_before[key] = super().list(resource, place, which)
        return self._listed_before[key]
