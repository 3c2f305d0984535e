# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The identity API: roles and access policies."""

from __future__ import annotations

import re
from typing import Any

from ..messages import Response, json_response
from .access import PREDEFINED as PREDEFINED_ROLES
from .access import Access, AccessPolicy, CustomRole
from .auth import Auth, Caller
from .groups import Groups
from .responses import Refusal, platform_error
from .service import Call, Operation
from .service_account_api import checked, listing
from .service_accounts import ServiceAccounts
from .tenant_settings import TenantSettings

PREDEFINED = "/iam/v1/roles"
ROLES = "/iam/v1/custom_roles"
POLICIES = "/iam/v1/access_policies"
ROLE_NAME = re.compile(r"[A-Za-z0-9._~-]{1,128}")
ROLE_FIELDS = ("name", "label", "description", "permissions", "permission_sets")
RESOURCE = re.compile(r"prn:(1[0-9]{9})::::")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


class AccessApi:
    """Handlers of the role and access policy routes."""

    def __init__(
        self, access: Access, accounts: ServiceAccounts, groups: Groups, tenant_settings: TenantSettings
    ) -> None:
        self._access = access
        self._accounts = accounts
        self._groups = groups
        self._tenant_settings = tenant_settings

    def operations(self, auth: Auth) -> list[Operation]:
        """The operations with their handlers."""
        role, policy = "iam.custom_role", "iam.access_policy"
        one_role, one_policy = f"{ROLES}/{{name}}", f"{POLICIES}/{{id}}"
        return [
            auth.operation("GET", PREDEFINED, "iam.role.list", self.list_predefined),
            auth.operation("GET", ROLES, f"{role}.list", self.list_roles),
            auth.operation("POST", ROLES, f"{role}.create", self.create_role),
            auth.operation("GET", one_role, f"{role}.get", self.get_role),
            auth.operation("PUT", one_role, f"{role}.update", self.update_role),
            auth.operation("DELETE", one_role, f"{role}.delete", self.delete_role),
            auth.operation("GET", POLICIES, f"{policy}.list", self.list_policies),
            auth.operation("POST", POLICIES, f"{policy}.create", self.create_policy),
            auth.operation("GET", one_policy, f"{policy}.get", self.get_policy),
            auth.operation("DELETE", one_policy, f"{policy}.delete", self.delete_policy),
        ]

    def list_predefined(self, call: Call, caller: Caller) -> Response:
        """The vendor's predefined roles, without their permissions."""
        return self._listing([{"name": name, "label": name} for name in sorted(PREDEFINED_ROLES)])

    def list_roles(self, call: Call, caller: Caller) -> Response:
        """The custom roles that the caller's tenant can use."""
        return self._listing([role.view() for role in self._access.roles(caller.tsg_id)])

    def create_role(self, call: Call, caller: Caller) -> Response:
        """Create a custom role in the caller's tenant."""
        document = _role(call, required=("name", "description"))
        if not ROLE_NAME.fullmatch(document["name"]):
            raise Refusal(platform_error(400, "name must be URL-safe"))
        role = CustomRole(tsg_id=caller.tsg_id, **{"label": document["name"], **document})
        if not self._access.add_role(role):
            raise Refusal(platform_error(409, "a custom role of this name exists in the hierarchy"))
        return json_response(201, role.view())

    def get_role(self, call: Call, caller: Caller) -> Response:
        """One custom role by name."""
        return json_response(200, self._role(call, caller).view())

    def update_role(self, call: Call, caller: Caller) -> Response:
        """Replace label, description and permissions where given."""
        role = self._role(call, caller)
        for name, value in _role(call, required=("description",), fields=ROLE_FIELDS[1:]).items():
            setattr(role, name, value)
        return json_response(202, role.view())

    def delete_role(self, call: Call, caller: Caller) -> Response:
        """Delete a custom role that is not assigned."""
        if not self._access.delete_role(self._role(call, caller)):
            raise Refusal(platform_error(409, "the role is assigned"))
        return Response(204)

    def list_policies(self, call: Call, caller: Caller) -> Response:
        """The effective policies of the caller's tenant."""
        query = call.query
        policies = self._access.policies(caller.tsg_id, query.get("principal"), query.get("role"))
        return self._listing([self._view(policy, caller) for policy in policies])

    def create_policy(self, call: Call, caller: Caller) -> Response:
        """Assign a role to a principal. An unknown address silently becomes a user."""
        document = checked(call, required=("role", "principal", "resource"))
        match = RESOURCE.fullmatch(document["resource"])
        if match is None or match[1] not in (caller.tsg_id, *self._groups.descendants(caller.tsg_id)):
            raise Refusal(platform_error(400, "resource must be prn:<TSG_ID>:::: of this tenant or one under it"))
        if not EMAIL.fullmatch(document["principal"]):
            raise Refusal(platform_error(400, "principal must be an e-mail address"))
        if not self._access.knows_role(document["role"], match[1]):
            raise Refusal(platform_error(400, "role does not exist"))
        policy = self._access.add_policy(document["role"], document["principal"], match[1])
        if policy is None:
            raise Refusal(platform_error(409, "the access policy exists"))
        if self._accounts.find(policy.principal) is None:
            self._access.add_user(policy.principal)
        created = {"id": policy.id, "role": policy.role, "principal": policy.principal, "resource": policy.resource}
        return json_response(201, created)

    def get_policy(self, call: Call, caller: Caller) -> Response:
        """One policy."""
        return json_response(200, self._view(self._policy(call, caller), caller))

    def delete_policy(self, call: Call, caller: Caller) -> Response:
        """Delete a policy and return it."""
        policy = self._policy(call, caller)
        self._access.delete_policy(policy)
        return json_response(200, self._view(policy, caller))

    def _listing(self, items: list[dict[str, Any]]) -> Response:
        return listing(items, wrapped=self._tenant_settings.list_shape != "array")

    def _role(self, call: Call, caller: Caller) -> CustomRole:
        for role in self._access.roles(caller.tsg_id):
            if role.name == call.path["name"]:
                return role
        raise Refusal(platform_error(404))

    def _policy(self, call: Call, caller: Caller) -> AccessPolicy:
        for policy in self._access.policies(caller.tsg_id):
            if policy.id == call.path["id"]:
                return policy
        raise Refusal(platform_error(404))

    def _view(self, policy: AccessPolicy, caller: Caller) -> dict[str, Any]:
        account = self._accounts.find(policy.principal)
        inherited = {} if policy.tsg_id == caller.tsg_id else {"inherited_from": policy.tsg_id}
        return {
            "id": policy.id,
            "role": policy.role,
            "principal": policy.principal,
            "principal_display_name": account.name if account else policy.principal.partition("@")[0],
            "principal_type": "service_account" if account else "user",
            "resource": policy.resource,
            **inherited,
        }


def _role(call: Call, required: tuple[str, ...], fields: tuple[str, ...] = ROLE_FIELDS) -> dict[str, Any]:
    document = call.document()
    missing = [name for name in required if name not in document]
    if missing:
        raise Refusal(platform_error(400, f"{missing[0]} is required"))
    for name, value in document.items():
        if name not in fields:
            raise Refusal(platform_error(400, f"{name} is not allowed"))
        if not _ROLE_CHECKS.get(name, _is_text)(value):
            raise Refusal(platform_error(400, f"{name} is not valid"))
    return document


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_sets(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, dict)
        and set(item) == {"id", "access_types"}
        and _is_text(item["id"])
        and _are_texts(item["access_types"])
        for item in value
    )


_ROLE_CHECKS = {"permissions": _are_texts, "permission_sets": _are_sets}
