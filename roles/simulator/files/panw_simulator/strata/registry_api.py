# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP API of the key registry. The vendor publishes none: this one is specific to the simulator, see ``registry.yml``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ..clock import Clock, iso8601
from ..messages import Response, json_response
from .auth import Auth, Caller
from .keys import Key, KeyRefused, Keys
from .responses import Refusal, platform_error
from .seed import PRODUCTS
from .service import Call, Operation
from .service_account_api import checked
from .service_accounts import ServiceAccounts

CONTRACT = Path(__file__).parents[1] / "registry.yml"
BASE = "/console/wildfire/keys"


def contract(base_url: str) -> dict[str, Any]:
    """The API description for a registry at a base URL."""
    return {"base_url": base_url, **yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))}


class RegistryApi:
    """Handlers of the registry."""

    def __init__(self, keys: Keys, accounts: ServiceAccounts, clock: Clock) -> None:
        self._keys = keys
        self._accounts = accounts
        self._clock = clock

    def operations(self, auth: Auth) -> list[Operation]:
        """The operations with their handlers. Permissions are specific to the simulator: only a superuser has write permissions."""
        return [
            auth.operation("GET", BASE, "", self.list_keys),
            auth.operation("POST", BASE, "wildfire.api_key.create", self.create),
            auth.operation("POST", f"{BASE}/{{id}}/revocation", "wildfire.api_key.revoke", self.revoke),
            auth.operation("POST", "/console/wildfire/changes", "wildfire.api_key.create", self.apply),
        ]

    def list_keys(self, call: Call, caller: Caller) -> Response:
        """All keys of the tenant, including revoked and expired ones."""
        keys = [self._view(key) for key in self._keys.of_tenant(caller.tsg_id)]
        return json_response(200, {"result": {"keys": keys}})

    def create(self, call: Call, caller: Caller) -> Response:
        """Create a key for a product, bound to a service account."""
        document = checked(call, required=("productType", "boundAccount"))
        key = self.make(caller.tsg_id, document["productType"], document["boundAccount"])
        return json_response(201, self._view(key))

    def revoke(self, call: Call, caller: Caller) -> Response:
        """Revoke a key permanently."""
        key = self._keys.find(call.path["id"])
        if key is None or key.tsg_id != caller.tsg_id:
            raise Refusal(platform_error(404))
        try:
            self._keys.revoke(key)
        except KeyRefused as refused:
            raise Refusal(platform_error(refused.status, refused.message)) from None
        return json_response(202, self._view(key))

    def apply(self, call: Call, caller: Caller) -> Response:
        """Apply the pending changes, like the button in the console."""
        self._keys.apply(caller.tsg_id)
        return json_response(202, {})

    def make(self, tsg_id: str, product: str, client_id: str) -> Key:
        """Create a key after all checks.

        :raises Refusal: the product or the account does not exist, or a rule prevents it.
        """
        if product not in PRODUCTS:
            raise Refusal(platform_error(400, f"unknown product; allowed: {', '.join(PRODUCTS)}"))
        account = self._accounts.find(client_id)
        if account is None or account.tsg_id != tsg_id:
            raise Refusal(platform_error(404, "the service account does not exist"))
        try:
            return self._keys.create(tsg_id, product, account.client_id)
        except KeyRefused as refused:
            raise Refusal(platform_error(refused.status, refused.message)) from None

    def _view(self, key: Key) -> dict[str, Any]:
        return {
            "keyId": key.id,
            "apiKey": key.text,
            "productType": key.product,
            "boundAccount": key.client_id,
            "state": key.status(self._clock.time()),
            "validUntil": iso8601(key.expires_at),
            "uploadsLeft": self._keys.remaining(key, "uploads"),
            "queriesLeft": self._keys.remaining(key, "queries"),
        }
