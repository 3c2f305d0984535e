# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tenant service groups: the tree of tenants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Groups:
    """The immutable tree from the seed."""

    def __init__(self, groups: Sequence[dict[str, Any]]) -> None:
        self._groups: dict[str, dict[str, Any]] = {group["id"]: group for group in groups}

    def __contains__(self, tsg_id: object) -> bool:
        return tsg_id in self._groups

    @property
    def first(self) -> str:
        """Id of the first group: the tenant administrator's."""
        return next(iter(self._groups))

    def view(self, tsg_id: str) -> dict[str, Any]:
        """A group in the tenancy API's format, without unset fields."""
        group = self._groups[tsg_id]
        view = {"id": tsg_id, "display_name": group["name"], **{key: group[key] for key in _OPTIONAL}}
        return {key: value for key, value in view.items() if value is not None}

    def children(self, tsg_id: str) -> list[str]:
        """Ids of the direct child groups."""
        return [name for name, group in self._groups.items() if group["parent_id"] == tsg_id]

    def descendants(self, tsg_id: str) -> list[str]:
        """Ids of all descendant groups."""
        return [name for child in self.children(tsg_id) for name in (child, *self.descendants(child))]

    def ancestors(self, tsg_id: str) -> list[str]:
        """Ids of all ancestor groups, nearest first."""
        parent = self._groups[tsg_id]["parent_id"]
        return [] if parent is None else [parent, *self.ancestors(parent)]


_OPTIONAL = ("parent_id", "support_contact", "vertical")
