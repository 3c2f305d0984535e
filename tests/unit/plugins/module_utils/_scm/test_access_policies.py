# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles by name, and access policies, which are assigned to existing accounts only."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidResponse, NotFound, RouteNotFound
from ansible_collections.panw.cloud.plugins.module_utils._scm.access_policies import AccessPolicies, AccessPolicy
from ansible_collections.panw.cloud.plugins.module_utils._scm.roles import role_id
from ansible_collections.panw.cloud.plugins.module_utils._scm.service_accounts import ServiceAccount
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply
from ansible_collections.panw.cloud.tests.helpers.tenants import ACCOUNTS, POLICIES, TSG, Tenant, client

A = ServiceAccount("id-a", "a", f"a@{TSG}.iam.panserviceaccount.com", TSG)
RESOURCE = f"prn:{TSG}::::"
CREATE, LIST = f"POST {POLICIES}", f"GET {POLICIES}"
GIVEN = AccessPolicy("policy-0", "auditor", A.client_id, RESOURCE)


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize(
    ("reference", "expected"),
    [("auditor", "auditor"), ("wildfire", f"wildfire:{TSG}"), (f"wildfire:{TSG}", f"wildfire:{TSG}")],
)
def test_role_is_found_by_name_and_id(wrapped: bool, reference: str, expected: str) -> None:
    tenant = Tenant()
    tenant.wrapped = wrapped
    assert role_id(client(tenant), reference) == expected


def test_predefined_role_precedes_custom_role_of_same_name() -> None:
    tenant = Tenant()
    tenant.custom_roles.append({"name": "auditor", "id": f"auditor:{TSG}"})
    assert role_id(client(tenant), "auditor") == "auditor"
    assert role_id(client(tenant), f"auditor:{TSG}") == f"auditor:{TSG}"


@pytest.mark.parametrize(("roles", "known"), [([], "none"), ([{"name": "b"}, {"name": "a"}, {}], "a, b")])
def test_unknown_role_lists_existing_roles(roles: list[Any], known: str) -> None:
    tenant = Tenant()
    tenant.custom_roles = roles
    with pytest.raises(NotFound, match=f"its custom roles: {known}"):
        role_id(client(tenant), "nothing")


def test_role_is_assigned() -> None:
    tenant = Tenant("a")
    assert AccessPolicies(client(tenant)).bind("auditor", A) == GIVEN
    assert json.loads(tenant.bodies[-1]) == {"role": "auditor", "principal": A.client_id, "resource": RESOURCE}
    assert AccessPolicies(client(tenant)).held("auditor", A) == GIVEN
    assert AccessPolicies(client(tenant)).held("superuser", A) is None


@pytest.mark.parametrize("change", [{"client_id": "other@x"}, None])
def test_role_is_not_assigned_to_unknown_principal(change: dict[str, str] | None) -> None:
    """The vendor would create a user with that address."""
    tenant = Tenant("a")
    if change:
        tenant.accounts["id-a"].update(change)
    else:
        tenant.accounts.clear()
    with pytest.raises(NotFound, match="would create a user with it"):
        AccessPolicies(client(tenant)).bind("auditor", A)
    assert tenant.changes == []


def test_policy_with_lost_response_is_created_once() -> None:
    tenant = Tenant("a")
    tenant.lost = {CREATE}
    assert AccessPolicies(client(tenant)).bind("auditor", A) == GIVEN
    assert tenant.changes == [CREATE]


def test_policies_of_other_principals_and_groups_are_ignored() -> None:
    tenant = Tenant("a")
    listed = [
        {"id": "1", "role": "auditor", "principal": "b@x", "resource": RESOURCE},
        {"id": "2", "role": "auditor", "principal": A.client_id, "resource": "prn:1700000009::::"},
        {"id": "3", "role": "auditor", "principal": A.client_id.upper(), "resource": RESOURCE},
    ]
    tenant.instead = {LIST: [Reply(200, listed)]}
    assert [policy.id for policy in AccessPolicies(client(tenant)).of(A)] == ["3"]


def test_policy_with_missing_fields_raises_error() -> None:
    tenant = Tenant("a")
    tenant.instead = {LIST: [Reply(200, [{"id": "1", "principal": A.client_id}])]}
    with pytest.raises(InvalidResponse, match="lacks role, resource of an access policy"):
        AccessPolicies(client(tenant)).of(A)


def test_policy_is_deleted() -> None:
    tenant = Tenant("a")
    policies = AccessPolicies(client(tenant))
    given = policies.bind("auditor", A)
    policies.delete(given)
    assert not tenant.policies
    policies.delete(given)
    tenant.instead = {f"DELETE {POLICIES}/policy-0": [Reply(404, "<html>")]}
    with pytest.raises(RouteNotFound):
        policies.delete(given)


def test_ids_are_encoded_in_paths() -> None:
    tenant = Tenant()
    AccessPolicies(client(tenant)).delete(AccessPolicy("../a?b", "r", "p", RESOURCE))
    assert tenant.changes == [f"DELETE {POLICIES}/..%2Fa%3Fb"]
    assert ACCOUNTS not in str(tenant.calls)
