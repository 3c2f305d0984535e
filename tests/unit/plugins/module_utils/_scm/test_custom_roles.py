# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A custom role is created once, has exactly the desired permissions, and can be removed."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    Conflict,
    InvalidInput,
    InvalidResponse,
    RouteNotFound,
)
from ansible_collections.panw.cloud.plugins.module_utils._scm.custom_roles import CustomRole, CustomRoles, desired
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply
from ansible_collections.panw.cloud.tests.helpers.tenants import CUSTOM_ROLES, MISSING, TSG, Tenant, client, error

CREATE, UPDATE, DELETE = f"POST {CUSTOM_ROLES}", f"PUT {CUSTOM_ROLES}/api", f"DELETE {CUSTOM_ROLES}/api"
OPTIONS: dict[str, Any] = {
    "name": "api",
    "state": "present",
    "description": None,
    "permissions": ["iam.service_account.get"],
    "permission_sets": [{"id": "iam.custom_role", "access_types": ["write", "read"]}],
}
ROLE = desired(OPTIONS)


def present(tenant: Tenant, role: CustomRole = ROLE, *, check: bool = False) -> dict[str, Any]:
    return CustomRoles(client(tenant)).present(role, check_mode=check)


def absent(tenant: Tenant, *, check: bool = False) -> dict[str, Any]:
    return CustomRoles(client(tenant)).absent("api", check_mode=check)


@pytest.mark.parametrize("wrapped", [False, True])
def test_role_is_created_changed_and_removed(wrapped: bool) -> None:
    tenant = Tenant()
    tenant.wrapped = wrapped
    first = present(tenant)
    assert (first["changed"], first["id"]) == (True, f"api:{TSG}")
    assert first["diff"] == {"before": {}, "after": ROLE.as_json()}
    assert present(tenant)["changed"] is False
    other = desired({**OPTIONS, "description": "For programs", "permissions": []})
    assert present(tenant, other)["diff"]["before"] == ROLE.as_json()
    assert present(tenant, other)["changed"] is False
    assert absent(tenant)["changed"] is True
    assert absent(tenant)["changed"] is False
    assert tenant.changes == [CREATE, UPDATE, DELETE]


def test_check_mode_predicts_without_change() -> None:
    tenant = Tenant()
    assert present(tenant, check=True) == {"changed": True, "id": None, "diff": {"before": {}, "after": ROLE.as_json()}}
    assert absent(tenant, check=True)["changed"] is False
    assert tenant.changes == []
    present(tenant)
    assert absent(tenant, check=True)["changed"] is True
    assert tenant.changes == [CREATE]


def test_inherited_role_is_a_different_role() -> None:
    tenant = Tenant()
    tenant.custom_roles.append({"id": "api:1700000009", "tsg_id": "1700000009", **ROLE.as_json()})
    assert absent(tenant)["changed"] is False
    assert present(tenant)["id"] == f"api:{TSG}"


def test_role_with_lost_response_is_created_once() -> None:
    tenant = Tenant()
    tenant.lost = {CREATE}
    assert present(tenant)["id"] == f"api:{TSG}"
    assert tenant.changes == [CREATE]


def test_assigned_role_is_not_removed() -> None:
    tenant = Tenant()
    present(tenant)
    tenant.instead = {DELETE: [error(409, "the role is assigned")]}
    with pytest.raises(Conflict, match="the role is assigned"):
        absent(tenant)


def test_role_removed_meanwhile_is_no_error() -> None:
    tenant = Tenant()
    present(tenant)
    tenant.instead = {DELETE: [MISSING, Reply(404, b"<html>no such page</html>")]}
    assert absent(tenant)["changed"] is True
    with pytest.raises(RouteNotFound):
        absent(tenant)


@pytest.mark.parametrize("item", [{}, {"id": "a", "name": "api", "permission_sets": [{"id": 1}]}])
def test_response_not_a_role_raises_error(item: dict[str, Any]) -> None:
    tenant = Tenant()
    tenant.instead = {CREATE: [Reply(201, item)] * 2}
    with pytest.raises(InvalidResponse, match="is not a custom role"):
        present(tenant)


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({"name": "a/b"}, "name"),
        ({"name": ""}, "name"),
        ({"permissions": [], "permission_sets": []}, "permission_sets"),
        ({"permission_sets": [{"id": "iam.custom_role", "access_types": []}]}, "permission_sets.access_types"),
    ],
)
def test_options_invalid_are_rejected(given: dict[str, Any], option: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        desired({**OPTIONS, **given})
    assert caught.value.option == option
