# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Custom roles: permissions by a name that a tenant chooses.

Source: the vendor's OpenAPI document of custom roles. A name is a part of a URL, and unique among the tenant service groups above and below.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from .._common.errors import InvalidInput, NotFound, RouteNotFound
from .._common.urls import segment
from .client import ScmClient
from .create_once import created_once
from .roles import CUSTOM as PATH

ACCESS_TYPES = ("read", "write")
_NAME = re.compile(r"[A-Za-z0-9._~-]{1,128}")


@dataclasses.dataclass(frozen=True)
class CustomRole:
    """A custom role.

    :param permissions: such as C(iam.service_account.create). :param sets: permission sets such as C(iam.service_account), each with its types of
        access, C(read) and C(write).
    """

    name: str
    description: str
    permissions: frozenset[str] = frozenset()
    sets: Mapping[str, frozenset[str]] = dataclasses.field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The role as the API and the module's options write it."""
        sets = [{"id": name, "access_types": sorted(types)} for name, types in sorted(self.sets.items())]
        return {
            "name": self.name,
            "description": self.description,
            "permissions": sorted(self.permissions),
            "permission_sets": sets,
        }


def wanted(params: Mapping[str, Any]) -> CustomRole:
    """The role that the options ask for. :raises InvalidInput: one of them cannot be right."""
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
    """The custom roles of the calling account's tenant service group itself, without those that it inherits."""

    def __init__(self, client: ScmClient) -> None:
        self._client = client

    def named(self, name: str) -> tuple[str, CustomRole] | None:
        """The id and the role of a name, None where there is none."""
        attempted = "list custom roles"
        for item in self._client.objects(attempted, PATH):
            if (item.get("name"), item.get("tsg_id", self._client.tsg_id)) == (name, self._client.tsg_id):
                return self._read(attempted, "GET", item)
        return None

    def present(self, role: CustomRole, *, check_mode: bool) -> dict[str, Any]:
        """See that a role is there and allows what it shall, as the keys that the module returns."""
        held = self.named(role.name)
        identifier, found = held or (None, None)
        if found != role and not check_mode:
            identifier = self._update(identifier, role) if identifier else self._create(role)
        return _result(identifier, found, role)

    def absent(self, name: str, *, check_mode: bool) -> dict[str, Any]:
        """See that a role is gone. :raises Conflict: somebody has it."""
        held = self.named(name)
        if held and not check_mode:
            attempted = f"delete custom role {name}"
            try:
                self._client.ask(attempted, "DELETE", _path(name))
            except RouteNotFound:
                raise
            except NotFound:
                pass
        return _result(None, held[1] if held else None, None)

    def _create(self, role: CustomRole) -> str:
        attempted = f"create custom role {role.name}"

        def create() -> tuple[str, CustomRole]:
            answer = self._client.ask(attempted, "POST", PATH, body=role.as_json(), unknown_limit=1)
            return self._read(attempted, "POST", answer)

        return created_once(create, lambda: self.named(role.name), self._client.http.warnings.append)[0]

    def _update(self, identifier: str, role: CustomRole) -> str:
        body = {key: value for key, value in role.as_json().items() if key != "name"}
        self._client.ask(f"update custom role {role.name}", "PUT", _path(role.name), body=body)
        return identifier

    def _read(self, attempted: str, method: str, item: Any) -> tuple[str, CustomRole]:
        fields = item if isinstance(item, dict) else {}
        sets = fields.get("permission_sets") or []
        try:
            read = {entry["id"]: frozenset(entry["access_types"]) for entry in sets}
            permissions = frozenset(fields.get("permissions") or [])
            return fields["id"], CustomRole(fields["name"], fields.get("description") or "", permissions, read)
        except (KeyError, TypeError):
            raise self._client.malformed(attempted, method, PATH, "the answer is no custom role") from None


def _path(name: str) -> str:
    return f"{PATH}/{segment(name)}"


def _result(identifier: str | None, found: CustomRole | None, role: CustomRole | None) -> dict[str, Any]:
    return {
        "changed": found != role,
        "id": identifier,
        "diff": {"before": found.as_json() if found else {}, "after": role.as_json() if role else {}},
    }
