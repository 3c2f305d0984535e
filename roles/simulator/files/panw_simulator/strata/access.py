# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles, access policies, and the users that policies create."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from typing import Any

from .groups import Groups

READS = frozenset({"get", "list"})
EVERYTHING = ("superuser", "msp_superuser")
IDENTITY = ("iam_admin", "msp_iam_admin")
READERS = ("auditor", "business_admin", "view_only_admin")
OTHERS = (
    "adem_tier_1_support",
    "data_security_admin",
    "deployment_admin",
    "dlp_incident_admin",
    "dlp_policy_admin",
    "mt_manage_user",
    "mt_monitor_user",
    "network_admin",
    "project_admin",
    "project_admin_push",
    "security_admin",
    "soc_admin",
    "soc_analyst",
    "tier_1_support",
    "tier_2_support",
    "web_security_admin",
)
PREDEFINED = frozenset({*EVERYTHING, *IDENTITY, *READERS, *OTHERS})
"""Predefined roles from the vendor's list (August 2026), except those of the Prisma Access Browser."""


@dataclass
class CustomRole:
    """A role that a tenant created. A permission is ``service.resource.action``, a permission set ``service.resource``."""

    name: str
    tsg_id: str
    label: str
    description: str
    permissions: list[str] = field(default_factory=list)
    permission_sets: list[dict[str, Any]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The role's identifier in access policies."""
        return f"{self.name}:{self.tsg_id}"

    def grants(self, permission: str) -> bool:
        """Whether the role has a permission, directly or in a permission set."""
        resource, _dot, action = permission.rpartition(".")
        wanted = "read" if action in READS else "write"
        in_set = any(item["id"] == resource and wanted in item["access_types"] for item in self.permission_sets)
        return in_set or permission in self.permissions

    def view(self) -> dict[str, Any]:
        """The role in the identity API's format."""
        return {
            "id": self.id,
            "name": self.name,
            "label": self.label,
            "description": self.description,
            "permissions": self.permissions,
            "permission_sets": self.permission_sets,
            "aggregated_permissions": self.permissions,
            "tsg_id": self.tsg_id,
        }


@dataclass(frozen=True)
class AccessPolicy:
    """A role for a principal, in a tenant service group and everything under it."""

    id: str
    role: str
    principal: str
    tsg_id: str

    @property
    def resource(self) -> str:
        """The group as a platform resource name."""
        return f"prn:{self.tsg_id}::::"


class Access:
    """Custom roles, access policies and users; thread-safe."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups
        self._lock = threading.Lock()
        self._roles: dict[str, CustomRole] = {}
        self._policies: dict[str, AccessPolicy] = {}
        self.users: list[str] = []

    def permits(self, principal: str, tsg_id: str, permission: str = "") -> bool:
        """Whether a principal has a permission in a group; without a permission, whether it has any role there."""
        return any(self._grants(policy.role, permission) for policy in self.policies(tsg_id, principal=principal))

    def _grants(self, role: str, permission: str) -> bool:
        if not permission or role in EVERYTHING:
            return True
        custom = self.role(role)
        if custom is not None:
            return custom.grants(permission)
        reads = permission.rpartition(".")[2] in READS
        return (role in IDENTITY and permission.startswith("iam.")) or (role in READERS and reads)

    def knows_role(self, role: str, tsg_id: str) -> bool:
        """Whether a role can be assigned in a group: a predefined one, or the id of a custom role of it or a parent group."""
        custom = self.role(role)
        return role in PREDEFINED or (custom is not None and custom.tsg_id in (tsg_id, *self._groups.ancestors(tsg_id)))

    def role(self, role_id: str) -> CustomRole | None:
        """The custom role with this id."""
        with self._lock:
            return self._roles.get(role_id)

    def roles(self, tsg_id: str) -> list[CustomRole]:
        """The custom roles available in a group."""
        usable = (tsg_id, *self._groups.ancestors(tsg_id))
        with self._lock:
            return [role for role in self._roles.values() if role.tsg_id in usable]

    def add_role(self, role: CustomRole) -> bool:
        """Add a role; False if its name is taken in the hierarchy above or below."""
        groups = self._groups
        family = {role.tsg_id, *groups.ancestors(role.tsg_id), *groups.descendants(role.tsg_id)}
        with self._lock:
            if any(other.name == role.name and other.tsg_id in family for other in self._roles.values()):
                return False
            self._roles[role.id] = role
            return True

    def delete_role(self, role: CustomRole) -> bool:
        """Delete a role; False if a policy uses it."""
        with self._lock:
            if any(policy.role == role.id for policy in self._policies.values()):
                return False
            self._roles.pop(role.id, None)
            return True

    def policies(self, tsg_id: str, principal: str | None = None, role: str | None = None) -> list[AccessPolicy]:
        """The effective policies of a group: its own and those of its parent groups; none for an unknown group."""
        holding = (tsg_id, *self._groups.ancestors(tsg_id)) if tsg_id in self._groups else ()
        with self._lock:
            return [
                policy
                for policy in self._policies.values()
                if policy.tsg_id in holding
                and (principal is None or policy.principal.lower() == principal.lower())
                and (role is None or policy.role == role)
            ]

    def add_policy(self, role: str, principal: str, tsg_id: str) -> AccessPolicy | None:
        """Create a policy; None if an identical one exists."""
        policy = AccessPolicy(str(uuid.uuid4()), role, principal, tsg_id)
        with self._lock:
            same = (role, principal.lower(), tsg_id)
            if any((item.role, item.principal.lower(), item.tsg_id) == same for item in self._policies.values()):
                return None
            self._policies[policy.id] = policy
        return policy

    def delete_policy(self, policy: AccessPolicy) -> None:
        """Delete a policy."""
        with self._lock:
            self._policies.pop(policy.id, None)

    def forget_principal(self, principal: str) -> None:
        """Delete every policy of a deleted principal."""
        with self._lock:
            left = [item for item in self._policies.values() if item.principal.lower() != principal.lower()]
            self._policies = {item.id: item for item in left}

    def add_user(self, email: str) -> None:
        """Add a user that a policy for an unknown address created."""
        with self._lock:
            if email not in self.users:
                self.users.append(email)

    def clear(self) -> None:
        """Delete all roles, policies and users."""
        with self._lock:
            self._roles.clear()
            self._policies.clear()
            self.users.clear()

    def describe(self) -> dict[str, Any]:
        """Roles, policies and users."""
        with self._lock:
            roles = [role.view() for role in self._roles.values()]
            policies = [
                {"id": item.id, "role": item.role, "principal": item.principal, "resource": item.resource}
                for item in self._policies.values()
            ]
            return {"custom_roles": roles, "access_policies": policies, "users": list(self.users)}
