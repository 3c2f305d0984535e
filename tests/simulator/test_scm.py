# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Identity, tenancy and subscriptions of Strata Cloud Manager."""

from __future__ import annotations

import pytest

ACCOUNTS = "/iam/v1/service_accounts"
PREDEFINED = "/iam/v1/roles"
ROLES = "/iam/v1/custom_roles"
POLICIES = "/iam/v1/access_policies"
GROUPS = "/tenancy/v1/tenant_service_groups"
SHOP = "1700000002"
FORBIDDEN = {"error": "Forbidden", "message": "Forbidden", "statusCode": 403}


def test_service_account_lifecycle(tenant):
    created = tenant.scm("POST", ACCOUNTS, {"name": "wildfire", "contact_email": "a@example.com", "description": "d"})
    account = created.json()
    assert created.status_code == 201
    assert account["client_id"] == f"wildfire@{tenant.tsg_id}.iam.panserviceaccount.com"
    shown = {name: value for name, value in account.items() if name != "client_secret"}
    one = f"{ACCOUNTS}/{account['id']}"
    assert tenant.scm("GET", one).json() == shown
    assert shown in tenant.scm("GET", ACCOUNTS).json()
    updated = tenant.scm("PUT", one, {"description": "other"})
    assert (updated.status_code, updated.json()) == (202, {**shown, "description": "other"})
    gone = tenant.scm("DELETE", one)
    assert (gone.status_code, gone.content) == (204, b"")
    assert tenant.scm("GET", one).status_code == 404


def test_reset_invalidates_the_old_secret_immediately(tenant):
    account = tenant.account()
    token = tenant.token(account)
    answer = tenant.scm("POST", f"{ACCOUNTS}/{account['id']}/operations/reset")
    assert (answer.status_code, answer.json()["client_id"]) == (201, account["client_id"])
    assert tenant.ask_token(account).status_code == 401
    assert tenant.ask_token(answer.json()).status_code == 200
    assert tenant.scm("GET", ACCOUNTS, token=token).status_code == 200  # issued before, stays valid


def test_deleting_an_account_deletes_its_policies_and_tokens(tenant):
    account = tenant.account()
    token = tenant.token(account)
    tenant.scm("DELETE", f"{ACCOUNTS}/{account['id']}")
    assert tenant.scm("GET", f"{POLICIES}?principal={account['client_id']}").json() == {"count": 0, "items": []}
    answer = tenant.scm("GET", ACCOUNTS, token=token)
    assert (answer.status_code, answer.text) == (401, "Jwt verification fails")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"name": ""}, 400),
        ({"name": "a b"}, 400),
        ({"name": 1}, 400),
        ({"name": "x", "secret": "y"}, 400),
        ([], 400),
        ({"name": "auditor"}, 409),
        ({"name": "Auditor"}, 409),
    ],
)
def test_invalid_accounts_are_rejected(tenant, body, status):
    answer = tenant.scm("POST", ACCOUNTS, body)
    assert (answer.status_code, answer.json()["statusCode"]) == (status, status)


@pytest.mark.parametrize(
    ("shape", "account_list", "policy_list"),
    [("documented", list, dict), ("array", list, list), ("items", dict, dict)],
)
def test_both_shapes_of_lists(tenant, shape, account_list, policy_list):
    tenant.switch(list_shape=shape)
    for path, kind in ((ACCOUNTS, account_list), *((path, policy_list) for path in (POLICIES, ROLES, PREDEFINED))):
        document = tenant.scm("GET", path).json()
        assert isinstance(document, kind)
        assert kind is list or document["count"] == len(document["items"])


def test_custom_role_lifecycle(tenant):
    body = {"name": "wildfire", "description": "d", "permissions": ["iam.service_account.list"]}
    created = tenant.scm("POST", ROLES, body)
    assert (created.status_code, created.json()["id"]) == (201, f"wildfire:{tenant.tsg_id}")
    assert tenant.scm("POST", ROLES, body).status_code == 409
    account = tenant.account(role=created.json()["id"])
    token = tenant.token(account)
    assert tenant.scm("GET", ACCOUNTS, token=token).status_code == 200
    assert tenant.scm("POST", ACCOUNTS, {"name": "x"}, token=token).json() == FORBIDDEN
    sets = [{"id": "iam.service_account", "access_types": ["write"]}]
    updated = tenant.scm("PUT", f"{ROLES}/wildfire", {"description": "d", "permission_sets": sets, "permissions": []})
    assert (updated.status_code, updated.json()["permission_sets"]) == (202, sets)
    assert tenant.scm("GET", ACCOUNTS, token=token).json() == FORBIDDEN
    assert tenant.scm("POST", ACCOUNTS, {"name": "x"}, token=token).status_code == 201
    assert tenant.scm("DELETE", f"{ROLES}/wildfire").status_code == 409
    policy = tenant.scm("GET", f"{POLICIES}?role=wildfire:{tenant.tsg_id}").json()["items"][0]
    assert tenant.scm("DELETE", f"{POLICIES}/{policy['id']}").json() == policy
    assert tenant.scm("DELETE", f"{ROLES}/wildfire").status_code == 204
    assert tenant.scm("GET", f"{ROLES}/wildfire").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x"},
        {"name": "a/b", "description": ""},
        {"name": "x", "description": "", "permissions": "all"},
        {"name": "x", "description": "", "permission_sets": [{"id": "x"}]},
        {"name": "x", "description": "", "tsg_id": "1"},
    ],
)
def test_invalid_custom_roles_are_rejected(tenant, body):
    assert tenant.scm("POST", ROLES, body).status_code == 400


def test_policy_for_an_unknown_address_creates_a_user_silently(tenant):
    answer = tenant.bind("nobody@example.com", "superuser")
    assert answer.status_code == 201
    assert tenant.scm("GET", f"{POLICIES}/{answer.json()['id']}").json()["principal_type"] == "user"
    assert tenant.world.state()["strata"]["users"] == ["nobody@example.com"]
    assert tenant.bind("nobody@example.com", "superuser").status_code == 409


@pytest.mark.parametrize(
    "change",
    [{"role": "nothing"}, {"role": "x:1"}, {"principal": "name"}, {"resource": "prn:1::::"}, {"resource": None}],
)
def test_invalid_policies_are_rejected(tenant, change):
    policy = {"role": "auditor", "principal": "a@example.com", "resource": f"prn:{tenant.tsg_id}::::", **change}
    assert tenant.scm("POST", POLICIES, policy).status_code == 400


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [("superuser", 200, 201), ("iam_admin", 200, 201), ("auditor", 200, 403), ("soc_analyst", 403, 403)],
)
def test_predefined_roles(tenant, role, reads, writes):
    token = tenant.token(tenant.account(role=role))
    assert tenant.scm("GET", ACCOUNTS, token=token).status_code == reads
    assert tenant.scm("POST", ACCOUNTS, {"name": "x"}, token=token).status_code == writes


def test_predefined_roles_are_listed_and_assignable(tenant):
    names = [role["name"] for role in tenant.scm("GET", PREDEFINED).json()["items"]]
    assert {"superuser", "auditor", "view_only_admin"} <= set(names)
    assert tenant.bind("nobody@example.com", names[0]).status_code == 201


def test_child_tenant_lists_only_own_and_inherited_objects(tenant):
    token = tenant.ask_token(scope=f"tsg_id:{SHOP}").json()["access_token"]
    assert [item["name"] for item in tenant.scm("GET", ACCOUNTS, token=token).json()] == ["shop-admin"]
    policies = tenant.scm("GET", POLICIES, token=token).json()["items"]
    assert {item.get("inherited_from") for item in policies} == {tenant.tsg_id, None}
    answer = tenant.scm("POST", POLICIES, None, token=token)
    assert answer.status_code == 400
    above = {"role": "auditor", "principal": "a@example.com", "resource": f"prn:{tenant.tsg_id}::::"}
    assert tenant.scm("POST", POLICIES, above, token=token).status_code == 400


def test_invalid_tokens_are_rejected(tenant):
    token = tenant.token()
    cases = {"Jwt is missing": None, "Jwt verification fails": token + "x"}
    for text, sent in cases.items():
        answer = tenant.call("scm", "GET", ACCOUNTS, sent)
        assert (answer.status_code, answer.text, answer.headers["Content-Type"]) == (401, text, "text/plain")
    assert tenant.world.admin("POST", "/strata/access-tokens/expire").json()["expired"] >= 1
    assert tenant.call("scm", "GET", ACCOUNTS, token).text == "Jwt is expired"


def test_tenant_service_groups(tenant):
    root, shop = tenant.scm("GET", GROUPS).json()["items"]
    assert (root["id"], shop) == (tenant.tsg_id, {"id": SHOP, "display_name": "Example Shop", "parent_id": root["id"]})
    assert tenant.scm("GET", f"{GROUPS}/{SHOP}").json() == shop
    children = f"{GROUPS}/{tenant.tsg_id}/operations/list_children"
    assert tenant.scm("POST", children).json() == {"count": 1, "items": [shop]}
    assert tenant.scm("POST", f"{children}?hierarchy=true&include_self=true").json()["items"] == [root, shop]
    below = tenant.ask_token(scope=f"tsg_id:{SHOP}").json()["access_token"]
    ancestors = f"{GROUPS}/{SHOP}/operations/list_ancestors"
    assert tenant.scm("POST", f"{ancestors}?include_self=true", token=below).json()["items"] == [root, shop]
    assert tenant.scm("POST", f"{ancestors}?sort=desc&include_self=true", token=below).json()["items"] == [shop, root]
    assert tenant.scm("POST", ancestors).json() == FORBIDDEN
    assert tenant.scm("GET", f"{GROUPS}/{tenant.tsg_id}", token=below).status_code == 404


def test_licenses_and_instances(tenant):
    licenses = tenant.scm("GET", "/subscription/v1/licenses").json()
    assert [item["licenses"][0]["app_id"] for item in licenses] == ["advanced_wildfire", "prisma_access"]
    number = licenses[1]["license_id"]
    assert tenant.scm("GET", f"/subscription/v1/licenses?license_id={number}").json() == licenses[1:]
    tenant.switch(licensed=["prisma_access"])
    assert tenant.scm("GET", "/subscription/v1/licenses").json() == licenses[1:]
    key = tenant.world.admin("POST", "/strata/legacy-keys", {"product": "prisma_access"}).json()["api_key"]
    instances = tenant.scm("GET", "/subscription/v1/instances").json()
    assert [item["extra"].get("wildfire_api_key") for item in instances] == [key, None]
    assert len(tenant.scm("GET", "/subscription/v1/instances?with_children=true").json()) == 3


def test_unknown_paths_and_methods(tenant):
    assert tenant.scm("GET", "/iam/v1/nothing").json()["statusCode"] == 404
    assert tenant.scm("DELETE", ACCOUNTS).json()["statusCode"] == 405
