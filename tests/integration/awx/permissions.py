# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Permissions: system administrators, organization administrators, and roles of teams on objects."""

from __future__ import annotations

import dataclasses
from typing import Any

from .schema import Refused

# The roles of an object by endpoint (ImplicitRoleField of the models).
ROLES = {
    "organizations": ("admin_role", "execute_role", "read_role"),
    "teams": ("admin_role", "member_role", "read_role"),
    "job_templates": ("admin_role", "execute_role", "read_role"),
    "workflow_job_templates": ("admin_role", "execute_role", "approval_role", "read_role"),
}
_EACH = 10  # IDs reserved for the roles of one object
# CredentialTypeAccess and OrganizationAccess: only a superuser creates these.
_SYSTEM = ("credential_types", "organizations")


@dataclasses.dataclass
class Person:
    """A user. :ivar administers: ids of organizations. :ivar teams: ids of teams."""

    name: str
    superuser: bool = False
    administers: set[int] = dataclasses.field(default_factory=set)
    teams: set[int] = dataclasses.field(default_factory=set)


class Roles:
    """The roles of all objects, and the teams that have them."""

    def __init__(self) -> None:
        self.granted: dict[int, list[int]] = {}

    def shown(self, made: dict[str, Any]) -> dict[str, Any]:
        """The roles of an object, as its summary fields name them."""
        names = ROLES.get(made["endpoint"], ())
        return {name: {"id": made["id"] * _EACH + place} for place, name in enumerate(names)}

    def of(self, made: dict[str, Any]) -> dict[str, list[int]]:
        """The teams by the roles that they have on an object."""
        roles = {name: sorted(self.granted.get(role["id"], [])) for name, role in self.shown(made).items()}
        return {name: teams for name, teams in roles.items() if teams}

    def change(self, role: int, team: int, *, take: bool) -> None:
        """Grant or revoke a role."""
        teams = self.granted.setdefault(role, [])
        if take:
            teams.remove(team)
        else:
            teams.append(team)

    def forget(self, number: int) -> None:
        """Remove the roles on a deleted object, and those granted to it."""
        self.granted = {
            role: [team for team in teams if team != number]
            for role, teams in self.granted.items()
            if role // _EACH != number
        }

    def has(self, person: Person, made: dict[str, Any], *names: str) -> bool:
        """Whether a user has one of these roles, or administers the object."""
        if person.superuser or made["organization"] in person.administers:
            return True
        granted = self.of(made)
        return any(person.teams & set(granted.get(name, [])) for name in ("admin_role", *names))


def check_change(person: Person, endpoint: str, organizations: set[int]) -> None:
    """Check a change. :raises Refused: the user may not create or change such an object in these organizations."""
    allowed = person.superuser or (endpoint not in _SYSTEM and organizations <= person.administers)
    if not allowed:
        raise Refused({"detail": "You do not have permission to perform this action."}, 403)
