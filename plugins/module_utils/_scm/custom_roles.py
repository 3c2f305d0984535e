# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Custom roles: named sets of permissions, defined by a tenant.

Source: the vendor's OpenAPI document of custom roles. A name is part of a URL, and unique in the hierarchy of tenant service groups.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from .._common.errors import InvalidInput, NotFound
from .._common.urls import segment
from .._transport.http import REPEATABLE
from .client import ScmClient
from .create_once import create_once
from .roles import CUSTOM as PATH

ACCESS_TYPES = ("read", "write")
_NAME = re.compile(r"[A-Za-z0-9._~-]{1,128}")


@dataclasses.dataclass(frozen=True)
class CustomRole:
    """A custom role.

    :param permissions: such as C(iam.service_account.create). :param sets: permission sets such as C(iam.service_account), each with its access
        types, C(read) and C(write).
    """

    name: str
    description: str
    permissions: frozenset[str] = frozenset()
    sets: Mapping[str, frozenset[str]] = dataclasses.field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The role in the format of the API and of the module's options."""
        sets = [{"id": name, "access_types": sorted(types)} for name, types in sorted(self.sets.items())]
        return {
            "name": self.name,
            "description": self.description,
            "permissions": sorted(self.permissions),
            "permission_sets": sets,
        }


def desired(params: Mapping[str, Any]) -> CustomRole:
    """The role from the options. :raises InvalidInput: one of them is invalid."""
    name = params["name"]
    if not _NAME.fullmatch(name):
        raise InvalidInput("name", f"must have 1 to 128 letters, digits or characters of '._~-': {name!r}.")
    if params["state"] == "present" and not (params["permissions"] or params["permission_sets"]):
        raise InvalidInput("permission_sets", "and 'permissions' are empty: the role would allow nothing.")
    for entry in params["permission_sets"]:
        if not entry["access_types"]:
            raise InvalidInput("permission_sets.access_types", f"is empty for {entry['id']}.")
    sets = {entry["id"]: frozenset(entry["access_types"]) for entry in params["permission_sets"]}
    return CustomRole(name, params["description"] or "", frozenset(params["permissions"]), sets)


class CustomRoles:
    """The custom roles of the calling account's tenant service group, without inherited ones."""

    def __init__(self, client: ScmClient) -> None:
        self._client = client

    def named(self, name: str) -> tuple[str, CustomRole] | None:
        """The ID and the role with a name, None if it does not exist."""
        attempted = "list custom roles"
        for item in self._client.objects(attempted, PATH):
            if (item.get("name"), item.get("tsg_id", self._client.tsg_id)) == (name, self._client.tsg_id):
                return self._read(attempted, "GET", item)
        return None

    def present(self, role: CustomRole, *, check_mode: bool) -> dict[str, Any]:
        """Create or update a role; return the module's result keys."""
        held = self.named(role.name)
        identifier, found = held or (None, None)
        if found != role and not check_mode:
            identifier = self._update(identifier, role) if identifier else self._create(role)
        return _result(identifier, found, role)

    def absent(self, name: str, *, check_mode: bool) -> dict[str, Any]:
        """Delete a role; return the module's result keys. :raises Conflict: the role is assigned."""
        held = self.named(name)
        if held and not check_mode:
            attempted = f"delete custom role {name}"
            with contextlib.suppress(NotFound):
                self._client.ask(attempted, "DELETE", _path(name), unknown_limit=REPEATABLE)
        return _result(None, held[1] if held else None, None)

    def _create(self, role: CustomRole) -> str:
        attempted = f"create custom role {role.name}"

        def create() -> tuple[str, CustomRole]:
            response = self._client.ask(attempted, "POST", PATH, body=role.as_json())
            return self._read(attempted, "POST", response)

        return create_once(create, lambda: self.named(role.name), self._client.http.warnings.append)[0]

    def _update(self, identifier: str, role: CustomRole) -> str:
        body = {key: value for key, value in role.as_json().items() if key != "name"}
        self._client.ask(
            f"update custom role {role.name}", "PUT", _path(role.name), body=body, unknown_limit=REPEATABLE
        )
        return identifier

    def _read(self, attempted: str, method: str, item: Any) -> tuple[str, CustomRole]:
        fields = item if isinstance(item, dict) else {}
        sets = fields.get("permission_sets") or []
        try:
            read = {entry["id"]: frozenset(entry["access_types"]) for entry in sets}
            permissions = frozenset(fields.get("permissions") or [])
            return fields["id"], CustomRole(fields["name"], fields.get("description") or "", permissions, read)
        except (KeyError, TypeError):
            raise self._client.malformed(attempted, method, PATH, "the response is not a custom role") from None


def _path(name: str) -> str:
    return f"{PATH}/{segment(name)}"


def _result(identifier: str | None, found: CustomRole | None, role: CustomRole | None) -> dict[str, Any]:
    return {
        "changed": found != role,
        "id": identifier,
        "diff": {"before": found.as_json() if found else {}, "after": role.as_json() if role else {}},
    }
