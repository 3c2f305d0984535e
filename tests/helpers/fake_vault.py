# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fake client of HashiCorp Vault, over the secrets of the server for tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._common.errors import ErrorContext, InvalidRequest, ServerError
from ansible_collections.panw.cloud.plugins.module_utils._stores.hashi_vault_client import VaultSecret

from .vault_server import Secret


class FakeVault:
    """Secrets in a dictionary.

    :ivar before: called with the name of each operation. :ivar lost: operations whose next response gets lost after they are done.
    """

    def __init__(self, secrets: dict[str, Secret] | None = None) -> None:
        self.secrets = secrets if secrets is not None else {}
        self.before: Callable[[str], None] = lambda operation: None
        self.lost: set[str] = set()
        self.calls: list[str] = []

    def read(self, path: str) -> VaultSecret:
        self._called("read")
        secret = self.secrets.get(path)
        data = secret.versions.get(secret.newest) if secret else None
        return VaultSecret(secret.newest if secret else 0, json.loads(json.dumps(data or {}, sort_keys=True)))

    def write(self, path: str, data: Mapping[str, Any], version: int) -> None:
        self._called("write")
        status, body = self._secret(path).write({"data": json.loads(json.dumps(data)), "options": {"cas": version}})
        if status != 200:
            raise InvalidRequest("write the secret", ErrorContext("vault", status, reason=body["errors"][0]))
        self._answer("write")

    def limit_versions(self, path: str) -> None:
        self._called("limit_versions")
        self._secret(path).settings["max_versions"] = 1
        self._answer("limit_versions")

    def keeps_old_versions(self, path: str) -> bool:
        self._called("keeps_old_versions")
        secret = self.secrets[path]
        return bool(secret.settings["max_versions"] != 1 or len(secret.versions) > 1)

    def require_version_2(self) -> None:
        self._called("require_version_2")

    def _secret(self, path: str) -> Secret:
        return self.secrets.setdefault(path, Secret())

    def _called(self, operation: str) -> None:
        self.before(operation)
        self.calls.append(operation)

    def _answer(self, operation: str) -> None:
        if operation in self.lost:
            self.lost.discard(operation)
            raise ServerError(operation, ErrorContext("vault", 500, reason="the answer was lost"))
