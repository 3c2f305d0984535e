# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""wildfire_verdict_info, run as a module against servers on loopback."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.panw.cloud.tests.helpers.factories import (
    API_KEY,
    entry,
    listed,
    refusal,
    registry_config,
    wildfire,
)
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply
from ansible_collections.panw.cloud.tests.helpers.run_module import failed, run
from ansible_collections.panw.cloud.tests.helpers.tenants import Strata, Tenant

BOUND_SECRET = "the-client-secret-of-the-bound-account"
PROOF = "POST /publicapi/get/verdict"
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


def test_verdicts_are_read_by_account_and_by_key() -> None:
    with Cloud() as cloud:
        file = {"verdict": "benign", "code": 0, "sha256": EMPTY, "md5": None}
        expected = [{"hash": EMPTY, **file, "files": [file]}]
        assert run("wildfire_verdict_info", {**cloud.options, "hashes": [EMPTY]})["verdicts"] == expected
        place = {"wildfire_url": f"{cloud.url}/publicapi", "api_key": API_KEY, "agent": "pcc"}
        before = len(cloud.keyed.calls)
        assert run("wildfire_verdict_info", {**place, "hashes": [EMPTY]})["verdicts"] == expected
        assert cloud.keyed.calls[before:] == [PROOF]
        cloud.keyed.works = False
        failed(run("wildfire_verdict_info", {**place, "hashes": [EMPTY]}), cloud.secrets)


def test_explicit_key_overrides_account_of_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with Cloud() as cloud:
        for variable in ("SCM_CLIENT_ID", "SCM_CLIENT_SECRET"):
            monkeypatch.setenv(variable, "somebody")
        monkeypatch.setenv("WILDFIRE_URL", cloud.url)
        run("wildfire_verdict_info", {"api_key": API_KEY, "hashes": [EMPTY]})
        assert cloud.keyed.calls == [PROOF]
