# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant with a key registry and a WildFire cloud, on loopback."""

from __future__ import annotations

import json
from typing import Any

from .factories import API_KEY, entry, listed, refusal, registry_config, wildfire
from .fakes import Reply
from .tenants import TSG, Strata, Tenant

ACCOUNT = f"scanner@{TSG}.iam.panserviceaccount.com"
BOUND_SECRET = "the-client-secret-of-the-bound-account"
BOUND = {"bound_client_id": ACCOUNT, "bound_client_secret": BOUND_SECRET}
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


class Keyed(Tenant):
    """A tenant with a registry and a WildFire cloud.

    :ivar works: whether WildFire accepts an account with a valid key.
    """

    def __init__(self) -> None:
        super().__init__("scanner")
        self.keys: list[dict[str, Any]] = []
        self.works = True

    def _act(self, method: str, path: str, query: dict[str, str], body: Any) -> Reply:
        if path.startswith("/publicapi"):
            return wildfire(entry(0, EMPTY)) if self.works else refusal(401, "Invalid API key")
        if path.startswith("/subscription"):
            instances = [{"app_id": "prisma_access", "extra": {"wildfire_api_key": API_KEY}}, {"app_id": "logs"}]
            return Reply(200, instances if path.endswith("instances") else [])
        if path == "/keys" and method == "GET":
            return Reply(200, listed(*self.keys))
        if path == "/keys":
            bound = json.loads(body)["binding"]["account"]
            self.keys.append(
                {"key": {"id": "k1", "text": API_KEY}, "type": "NGFW", "account": bound, "state": "ACTIVE"}
            )
            return Reply(201, self.keys[-1])
        if path == "/keys/k1":
            self.keys[-1]["state"] = "REVOKED"
            return Reply(202)
        return super()._act(method, path, query, body)


class Cloud(Strata):
    """That tenant on loopback."""

    def __init__(self) -> None:
        self.keyed = Keyed()
        super().__init__(self.keyed)

    @property
    def options(self) -> dict[str, Any]:
        return {**super().options, "wildfire_url": self.url}

    @property
    def registry_config(self) -> dict[str, Any]:
        return registry_config(base_url=self.url)

    @property
    def secrets(self) -> list[str]:
        return [*super().secrets, BOUND_SECRET, API_KEY]

    def count(self, call: str) -> int:
        return self.keyed.calls.count(call)
