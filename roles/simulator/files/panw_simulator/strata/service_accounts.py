# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service accounts and their client secrets."""

from __future__ import annotations

import secrets
import string
import threading
import uuid
from dataclasses import dataclass
from typing import Any

from ..recorder import Recorder
from ..sigv4 import same_text

ALPHANUMERIC = string.ascii_letters + string.digits
SECRET_LENGTH = 36
DOMAIN = "iam.panserviceaccount.com"


@dataclass
class ServiceAccount:
    """One service account; ``client_id`` has the form of an e-mail address."""

    id: str
    name: str
    client_id: str
    contact_email: str
    description: str
    tsg_id: str
    secret: str

    def view(self) -> dict[str, Any]:
        """The account in the identity API's format."""
        return {
            "id": self.id,
            "name": self.name,
            "client_id": self.client_id,
            "contact_email": self.contact_email,
            "description": self.description,
            "tsg_id": self.tsg_id,
        }


def client_id(name: str, tsg_id: str) -> str:
    """The client id of an account: an address under its tenant service group."""
    return f"{name}@{tsg_id}.{DOMAIN}"


class ServiceAccounts:
    """All service accounts; thread-safe."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._lock = threading.Lock()
        self._accounts: dict[str, ServiceAccount] = {}

    def create(self, name: str, tsg_id: str, contact_email: str = "", description: str = "") -> ServiceAccount | None:
        """Create an account with a secret; None if the tenant has one of this name."""
        address = client_id(name, tsg_id)
        with self._lock:
            if any(account.client_id.lower() == address.lower() for account in self._accounts.values()):
                return None
            account_id = str(uuid.uuid4())
            account = ServiceAccount(account_id, name, address, contact_email, description, tsg_id, self._new_secret())
            self._accounts[account_id] = account
        return account

    def reset(self, account: ServiceAccount) -> None:
        """Generate a new secret; the old one becomes invalid."""
        with self._lock:
            account.secret = self._new_secret()

    def delete(self, account: ServiceAccount) -> None:
        """Delete an account."""
        with self._lock:
            self._accounts.pop(account.id, None)

    def of_tenant(self, tsg_id: str) -> list[ServiceAccount]:
        """The accounts of a tenant service group."""
        return [account for account in self.all() if account.tsg_id == tsg_id]

    def find(self, address: str) -> ServiceAccount | None:
        """The account with this client id, case-insensitive like e-mail addresses."""
        return next((account for account in self.all() if account.client_id.lower() == address.lower()), None)

    def prove(self, address: str, secret: str) -> ServiceAccount | None:
        """The account if the secret is correct."""
        account = self.find(address)
        return account if account is not None and same_text(secret, account.secret) else None

    def all(self) -> list[ServiceAccount]:
        """Every account of every tenant."""
        with self._lock:
            return list(self._accounts.values())

    def describe(self) -> list[dict[str, Any]]:
        """All accounts without their secrets."""
        return [account.view() for account in self.all()]

    def _new_secret(self) -> str:
        secret = "".join(secrets.choice(ALPHANUMERIC) for _index in range(SECRET_LENGTH))
        self._recorder.keep_secret("client_secrets", secret)
        return secret
