# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A world of credentials: a store and a fake of Strata Cloud Manager."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar

from ansible_collections.panw.cloud.plugins.module_utils._scm.credential_check import CredentialStatus
from ansible_collections.panw.cloud.plugins.module_utils._scm.credential_reconciler import CredentialReconciler
from ansible_collections.panw.cloud.plugins.module_utils._scm.desired_state import DesiredCredentials
from ansible_collections.panw.cloud.plugins.module_utils._scm.service_accounts import ServiceAccount
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import StoredCredentials

from .secret_worlds import FakeService, SecretWorld

ACCOUNT, TSG_ID, AUTH_URL = "wildfire", "1234567890", "https://auth.example.com/oauth2/access_token"
WANTED = DesiredCredentials(ACCOUNT, TSG_ID, AUTH_URL)


class FakePlatform(FakeService):
    """The identity API and the token endpoint. Implements L(Accounts) and L(Prover).

    :ivar accounts: by name. :ivar secrets: by client ID. :ivar roles: whether accounts have a role.
    """

    def __init__(self) -> None:
        super().__init__()
        self.accounts: dict[str, ServiceAccount] = {}
        self.secrets: dict[str, str] = {}
        self.roles = True

    def named(self, name: str) -> ServiceAccount | None:
        self.called("list")
        return self.accounts.get(name)

    def create(self, name: str) -> ServiceAccount:
        self.called("create")
        assert name not in self.accounts
        number = next(self.numbers)
        self.accounts[name] = ServiceAccount(f"id-{number}", name, f"{name}@{TSG_ID}.example.com", TSG_ID)
        return self._secret(self.accounts[name])

    def reset(self, account: ServiceAccount) -> ServiceAccount:
        self.called("reset")
        return self._secret(account)

    def status(self, credentials: StoredCredentials) -> CredentialStatus:
        self.called("prove")
        assert credentials.auth_url == AUTH_URL
        if self.rejects or self.secrets.get(credentials.client_id) != credentials.client_secret:
            return CredentialStatus.DEAD
        return CredentialStatus.GOOD if self.roles else CredentialStatus.UNAUTHORIZED

    def _secret(self, account: ServiceAccount) -> ServiceAccount:
        self.secrets[account.client_id] = f"a-made-up-secret-{next(self.numbers)}"
        return dataclasses.replace(account, client_secret=self.secrets[account.client_id])


class CredentialsWorld(SecretWorld):
    """A world of credentials. :ivar platform: its service."""

    STORED = StoredCredentials
    RECONCILER = CredentialReconciler
    CREATE: ClassVar[set[str]] = {"create", "reset"}
    PREPARE = "list"
    PROVE = "prove"
    KEEPING: ClassVar[list[str]] = ["prove"]
    ADOPTING: ClassVar[dict[str, Any]] = {"adopt": True}

    def __init__(self, kind: str) -> None:
        self.platform = FakePlatform()
        super().__init__(kind, self.platform)

    def reconciler(self, **changes: Any) -> CredentialReconciler:
        desired = dataclasses.replace(WANTED, **changes)
        return CredentialReconciler(desired, self.store(), self.platform, self.platform, lambda: self.platform.now)

    def valid(self) -> list[str]:
        return list(self.platform.secrets.values())

    def invalidate(self, secret: StoredCredentials) -> None:
        self.platform.reset(self.platform.accounts[secret.name])

    def confidential(self, secret: StoredCredentials) -> list[str]:
        return [secret.client_secret]
