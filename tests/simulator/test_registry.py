# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The WildFire key registry, called by its API description."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import requests

PRODUCT = "advanced_wildfire"


class Registry:
    """A client that knows only the API description."""

    def __init__(self, tenant):
        self._tenant = tenant
        self._contract = json.loads(Path(tenant.points.registry_contract).read_text(encoding="utf-8"))
        assert self._contract["base_url"] == tenant.points.registry_url

    def _send(self, name, token=None, **values):
        request = self._contract[name]
        body = {key: text.format(**values) for key, text in request.get("body", {}).items()}
        return self._tenant.registry(request["method"], request["path"].format(**values), body or None, token)

    def list(self):
        """Keys with the field names of the API description."""
        found = self._send("list").json()
        for name in self._contract["list"]["items"].split("."):
            found = found[name]
        fields = self._contract["fields"]
        return [{name: item[field] for name, field in fields.items()} for item in found]

    def create(self, account, product=PRODUCT, token=None):
        return self._send("create", token, product=product, service_account=account["client_id"])

    def revoke(self, key, token=None):
        return self._send("revoke", token, id=key["id"])

    def apply(self):
        return self._send("apply")

    def status(self, word):
        return self._contract["statuses"][word]


@pytest.fixture
def registry(tenant):
    return Registry(tenant)


def test_key_lifecycle_from_pending_to_revoked(tenant, registry):
    account = tenant.account()
    assert registry.list() == []
    assert registry.create(account).status_code == 201
    (key,) = registry.list()
    assert (key["status"], key["product"]) == (registry.status("pending"), PRODUCT)
    assert (key["service_account"], len(key["api_key"])) == (account["client_id"], 64)
    assert (key["expires_at"], key["remaining_queries"], key["remaining_uploads"]) == (
        "2035-12-31T23:59:59Z",
        1050,
        150,
    )
    tenant.world.admin("PUT", "/clock", {"offset_seconds": 60})
    assert registry.list()[0]["status"] == registry.status("pending")  # the change is not applied yet
    assert registry.apply().status_code == 202
    assert registry.list()[0]["status"] == registry.status("pending")
    tenant.world.admin("PUT", "/clock", {"offset_seconds": 62})
    assert registry.list()[0]["status"] == registry.status("valid")
    assert registry.revoke(key).status_code == 202
    assert registry.list()[0]["status"] == registry.status("pending")
    registry.apply()
    tenant.world.admin("PUT", "/clock", {"offset_seconds": 64})
    assert registry.list()[0]["status"] == registry.status("revoked")
    assert registry.revoke(key).status_code == 409
    assert registry.create(account).status_code == 201  # revoked keys stay listed and do not count
    assert [item["status"] for item in registry.list()] == [registry.status("revoked"), registry.status("pending")]


def test_pending_ends_when_the_administrator_settles_it(tenant, registry):
    tenant.switch(pending_seconds=None, apply_required=False)
    registry.create(tenant.account())
    tenant.world.admin("PUT", "/clock", {"offset_seconds": 1_000_000})
    (key,) = registry.list()
    assert key["status"] == registry.status("pending")
    assert tenant.world.admin("POST", f"/strata/keys/{key['id']}/settle").json()["status"] == "Valid"
    assert registry.list()[0]["status"] == registry.status("valid")


def test_key_is_valid_at_once_without_pending(tenant, registry):
    tenant.switch(pending_seconds=0, apply_required=False)
    registry.create(tenant.account())
    assert registry.list()[0]["status"] == registry.status("valid")


def test_key_expires_with_its_license(tenant, registry):
    key = tenant.key(tenant.account())
    tenant.world.admin("PUT", "/clock", {"offset_seconds": 315_000_000})
    assert registry.list()[0]["status"] == registry.status("expired")
    assert tenant.world.admin("DELETE", f"/strata/keys/{key['id']}").json()["error"] == "the API key is not valid"
    assert registry.create(tenant.account("other")).status_code == 403  # the license has expired, too


def test_second_key_for_a_product_or_account_is_rejected(tenant, registry):
    first, second = tenant.account("first"), tenant.account("second")
    assert registry.create(first).status_code == 201
    limit = registry.create(second)
    assert (limit.status_code, "license limit" in limit.json()["message"]) == (409, True)
    bound = registry.create(first, "prisma_access")
    assert (bound.status_code, "already associated" in bound.json()["message"]) == (409, True)
    assert registry.create(second, "prisma_access").status_code == 201


def test_key_without_prerequisites_is_rejected(tenant, registry):
    account = tenant.account()
    nobody = registry.create({"client_id": "nobody@example.com"})
    assert (nobody.status_code, nobody.json()["message"]) == (404, "the service account does not exist")
    foreign = registry.create({"client_id": "shop-admin@1700000002.iam.panserviceaccount.com"})
    assert foreign.status_code == 404
    assert registry.create(account, "cortex").status_code == 400
    tenant.switch(licensed=["prisma_access"])
    unlicensed = registry.create(account)
    assert (unlicensed.status_code, "no active license" in unlicensed.json()["message"]) == (403, True)
    tenant.world.admin("POST", "/strata/legacy-keys", {"product": "prisma_access"})
    unmigrated = registry.create(account, "prisma_access")
    assert (unmigrated.status_code, "not yet been migrated" in unmigrated.json()["message"]) == (409, True)
    assert tenant.world.admin("DELETE", "/strata/legacy-keys").json() == {"forgotten": 1}
    assert registry.create(account, "prisma_access").status_code == 201


def test_only_a_superuser_changes_keys(tenant, registry):
    account = tenant.account()
    token = tenant.token(account)
    assert registry.create(account, token=token).json()["statusCode"] == 403
    key = tenant.key(account)
    assert registry.revoke(key, token).status_code == 403
    assert tenant.registry("GET", "/console/wildfire/keys", token=token).status_code == 200
    assert tenant.call("registry", "GET", "/console/wildfire/keys").text == "Jwt is missing"
    below = tenant.ask_token(scope="tsg_id:1700000002").json()["access_token"]
    assert registry.revoke(key, below).status_code == 404
    assert tenant.registry("GET", "/console/wildfire/keys", token=below).json() == {"result": {"keys": []}}


def test_operator_gets_the_same_errors(tenant):
    account = tenant.account()
    body = {"product": PRODUCT, "service_account": account["client_id"]}
    assert tenant.world.admin("POST", "/strata/keys", body).json()["status"] == "Pending"
    for sent, text in ((body, "license limit"), ({**body, "service_account": "x"}, "does not exist")):
        answer = tenant.world.admin("POST", "/strata/keys", sent)
        assert (answer.status_code, text in answer.json()["error"]) == (400, True)
    assert tenant.world.admin("DELETE", "/strata/keys/x").json() == {"error": "unknown key"}


def test_lost_response_leaves_the_key(tenant, registry):
    account = tenant.account()
    tenant.world.fault("reset", service="registry", route="POST /console/wildfire/keys", times=1, after_acting=True)
    with pytest.raises(requests.ConnectionError):
        registry.create(account)
    assert [item["service_account"] for item in registry.list()] == [account["client_id"]]
