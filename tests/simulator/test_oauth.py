# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token server."""

from __future__ import annotations

import jwt
import pytest

PATHS = ["/oauth2/access_token", "/auth/v1/oauth2/access_token", "/am/oauth2/access_token"]
USERINFO = "/auth/v1/oauth2/userinfo"
CLIENT_FAILED = {"error_description": "Client authentication failed", "error": "invalid_client"}


@pytest.mark.parametrize("path", PATHS)
def test_token_is_issued_on_each_documented_path(tenant, path):
    answer = tenant.ask_token(path=path)
    document = answer.json()
    assert (answer.status_code, document["token_type"], document["expires_in"]) == (200, "Bearer", 899)
    assert document["scope"] == f"profile tsg_id:{tenant.tsg_id} email"
    claims = jwt.decode(document["access_token"], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 899
    assert answer.headers["Cache-Control"] == "no-store"


def test_credentials_in_the_body(tenant):
    own = tenant.credentials
    form = {
        "grant_type": "client_credentials",
        "scope": f"tsg_id:{tenant.tsg_id}",
        "client_id": own["client_id"],
        "client_secret": own["client_secret"],
    }
    assert tenant.call("oauth", "POST", PATHS[0], data=form).json()["expires_in"] == 899
    wrong = tenant.call("oauth", "POST", PATHS[0], data={**form, "client_secret": "x"})
    assert (wrong.status_code, wrong.json()) == (401, CLIENT_FAILED)


@pytest.mark.parametrize("header", ["Basic !", "Basic ZQ", "Basic /w==", "Basic \xe9", "Bearer x", "Basic eDp5"])
def test_wrong_credentials_are_rejected(tenant, header):
    form = {"grant_type": "client_credentials", "scope": f"tsg_id:{tenant.tsg_id}"}
    answer = tenant.call("oauth", "POST", PATHS[0], data=form, headers={"Authorization": header.encode("latin-1")})
    assert (answer.status_code, answer.json()) == (401, CLIENT_FAILED)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "tsg_id:123"}, "invalid_scope"),
        ({"scope": "tsg_id:1999999999"}, "invalid_scope"),
        ({"scope": "tsg_id:1700000001 tsg_id:1700000002"}, "invalid_scope"),
        ({"scope": "everything"}, "invalid_scope"),
    ],
)
def test_invalid_requests_are_rejected(tenant, change, error):
    own = tenant.credentials
    form = {"grant_type": "client_credentials", "scope": f"tsg_id:{tenant.tsg_id}", **change}
    answer = tenant.call("oauth", "POST", PATHS[0], data=form, auth=(own["client_id"], own["client_secret"]))
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_account_needs_a_role_in_the_tenant_of_the_scope(tenant):
    account = tenant.account(role=None)
    assert tenant.ask_token(account).json()["error"] == "invalid_scope"
    tenant.bind(account["client_id"], "auditor", "1700000002")
    assert tenant.ask_token(account).json()["error"] == "invalid_scope"
    assert tenant.ask_token(account, scope="tsg_id:1700000002").status_code == 200
    assert tenant.ask_token(scope="tsg_id:1700000002").status_code == 200  # a role also applies below its group


def test_userinfo(tenant):
    token = tenant.token()
    expected = {
        "sub": tenant.credentials["client_id"],
        "name": "tenant-admin",
        "email": tenant.credentials["client_id"],
    }
    assert tenant.call("oauth", "GET", USERINFO, token).json() == expected
    assert tenant.call("oauth", "POST", USERINFO, data={"access_token": token}).json() == expected
    tenant.world.admin("PUT", "/clock", {"offset_seconds": 900})
    for answer in (tenant.call("oauth", "GET", USERINFO, token), tenant.call("oauth", "GET", USERINFO)):
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")


def test_unknown_paths_and_methods(tenant):
    assert tenant.call("oauth", "GET", PATHS[0]).status_code == 405
    assert tenant.call("oauth", "POST", "/oauth2/token").status_code == 404
