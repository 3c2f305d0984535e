# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WildFire keys: registry keys, each bound to a service account, and legacy keys."""

from __future__ import annotations

import secrets
import string
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ..clock import Clock, iso8601
from ..recorder import Recorder, fingerprint
from ..sigv4 import same_text
from .tenant_settings import TenantSettings

ALPHANUMERIC = string.ascii_letters + string.digits
HEXADECIMAL = string.digits + "abcdef"
KEY_LENGTH = 64
AGENTLESS_LENGTH = 32
"""A longer key works only with the form field ``agent``. Source: Cortex XSOAR's WildFire integration."""


class KeyRefused(Exception):
    """The registry rejects a change; ``status`` is the HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass
class Usage:
    """The usage of a key on one UTC day."""

    day: str = ""
    used: dict[str, int] = field(default_factory=dict)


@dataclass
class LegacyKey:
    """A key from before service accounts; ``product`` is None for an API-only subscription."""

    text: str
    tsg_id: str
    product: str | None
    usage: Usage = field(default_factory=Usage)


@dataclass
class Key:
    """A key of the registry.

    :param goal: the current or pending target status: ``Valid`` or ``Revoked``.
    :param due_at: when it reaches that status, by the simulator's clock; None until it is applied or settled.
    """

    id: str
    text: str
    tsg_id: str
    product: str
    client_id: str
    created_at: float
    expires_at: float
    goal: str = "Valid"
    applied: bool = False
    due_at: float | None = None
    usage: Usage = field(default_factory=Usage)

    def status(self, now: float) -> str:
        """``Pending``, ``Valid``, ``Revoked`` or ``Expired``."""
        if self.due_at is None or now < self.due_at:
            return "Pending"
        return "Expired" if self.goal == "Valid" and self.expires_at <= now else self.goal


class Keys:
    """All keys with their rules; thread-safe."""

    def __init__(
        self, clock: Clock, recorder: Recorder, tenant_settings: TenantSettings, licenses: Sequence[dict[str, Any]]
    ) -> None:
        self._clock = clock
        self._recorder = recorder
        self._tenant_settings = tenant_settings
        self._licenses = licenses
        self._lock = threading.Lock()
        self._keys: dict[str, Key] = {}
        self._legacy: list[LegacyKey] = []

    def licenses(self, tsg_id: str) -> list[dict[str, Any]]:
        """Current licenses of a tenant."""
        licensed = self._tenant_settings.licensed
        return [item for item in self._licenses if item["tsg_id"] == tsg_id and item["product"] in licensed]

    def of_tenant(self, tsg_id: str) -> list[Key]:
        """All keys of a tenant, including revoked and expired ones, in order of creation."""
        with self._lock:
            return [key for key in self._keys.values() if key.tsg_id == tsg_id]

    def find(self, key_id: str) -> Key | None:
        """The key with this id."""
        with self._lock:
            return self._keys.get(key_id)

    def create(self, tsg_id: str, product: str, client_id: str) -> Key:
        """Create a key in status Pending.

        :raises KeyRefused: no license, unmigrated legacy keys, or the product or the account already has a key.
        """
        now = self._clock.time()
        with self._lock:
            expires_at = self._entitled(tsg_id, product, now)
            self._check_limits(tsg_id, product, client_id, now)
            text = "".join(secrets.choice(ALPHANUMERIC) for _index in range(KEY_LENGTH))
            key = Key(str(uuid.uuid4()), text, tsg_id, product, client_id, now, expires_at)
            self._keys[key.id] = key
            self._change(key, "Valid")
        self._recorder.keep_secret("wildfire_keys", text)
        return key

    def _entitled(self, tsg_id: str, product: str, now: float) -> float:
        ends = [_end_of(item["expires"]) for item in self.licenses(tsg_id) if item["product"] == product]
        if not ends or max(ends) <= now:
            raise KeyRefused(403, f"no active license for the product {product} is available in this tenant")
        return max(ends)

    def _check_limits(self, tsg_id: str, product: str, client_id: str, now: float) -> None:
        if any(key.tsg_id == tsg_id and key.product is not None for key in self._legacy):
            raise KeyRefused(409, "existing API keys have not yet been migrated: first migrate or revoke them")
        live = [key for key in self._keys.values() if key.status(now) in ("Pending", "Valid")]
        if any(key.tsg_id == tsg_id and key.product == product for key in live):
            raise KeyRefused(409, f"license limit: one API key per tenant for the product {product}")
        if any(key.client_id == client_id for key in live):
            raise KeyRefused(409, "the service account is already associated with another API key")

    def revoke(self, key: Key) -> None:
        """Start the revocation of a key, which is rejected from now on.

        :raises KeyRefused: it is already revoked or has expired.
        """
        with self._lock:
            if key.goal == "Revoked" or key.status(self._clock.time()) == "Expired":
                raise KeyRefused(409, "the API key is not valid")
            self._change(key, "Revoked")

    def apply(self, tsg_id: str) -> None:
        """Apply the pending changes of a tenant."""
        with self._lock:
            for key in self._keys.values():
                if key.tsg_id == tsg_id and not key.applied:
                    self._apply(key)

    def settle(self, key: Key) -> None:
        """Give a Pending key its target status now."""
        with self._lock:
            key.applied, key.due_at = True, self._clock.time()

    def _change(self, key: Key, goal: str) -> None:
        key.goal, key.applied, key.due_at = goal, False, None
        if not self._tenant_settings.apply_required:
            self._apply(key)

    def _apply(self, key: Key) -> None:
        key.applied = True
        pending = self._tenant_settings.pending_seconds
        key.due_at = None if pending is None else self._clock.time() + pending

    def of_account(self, client_id: str, tsg_id: str) -> Key | None:
        """The valid key of an account in a tenant."""
        now = self._clock.time()
        for key in self.of_tenant(tsg_id):
            if key.client_id == client_id and key.status(now) == "Valid":
                return key
        return None

    def of_text(self, text: str, agent: str) -> Key | LegacyKey | None:
        """The valid key that a client sends as ``apikey``; a long one requires a known agent."""
        if len(text) > AGENTLESS_LENGTH and agent not in ("pcc", "prismaaccessapi"):
            return None
        now = self._clock.time()
        with self._lock:
            valid: list[Key | LegacyKey] = [key for key in self._keys.values() if key.status(now) == "Valid"]
            return next((key for key in [*valid, *self._legacy] if same_text(text, key.text)), None)

    def remaining(self, key: Key | LegacyKey, kind: str) -> int:
        """How many ``queries`` or ``uploads`` are left today."""
        limits = {"queries": self._tenant_settings.queries_per_day, "uploads": self._tenant_settings.uploads_per_day}
        today = key.usage.day == self._today()
        return max(0, limits[kind] - (key.usage.used.get(kind, 0) if today else 0))

    def spend(self, key: Key | LegacyKey, kind: str) -> None:
        """Count one query or upload."""
        with self._lock:
            if key.usage.day != self._today():
                key.usage = Usage(self._today())
            key.usage.used[kind] = key.usage.used.get(kind, 0) + 1

    def _today(self) -> str:
        return self._clock.now().date().isoformat()

    def add_legacy(self, tsg_id: str, product: str | None, length: int) -> LegacyKey:
        """Create a legacy key."""
        alphabet = HEXADECIMAL if length == AGENTLESS_LENGTH else ALPHANUMERIC
        key = LegacyKey("".join(secrets.choice(alphabet) for _index in range(length)), tsg_id, product)
        with self._lock:
            self._legacy.append(key)
        self._recorder.keep_secret("wildfire_keys", key.text)
        return key

    def forget_legacy(self) -> int:
        """Delete all legacy keys, as a migration does, and return their number."""
        with self._lock:
            count = len(self._legacy)
            self._legacy.clear()
        return count

    def clear(self) -> None:
        """Delete all keys."""
        with self._lock:
            self._keys.clear()
            self._legacy.clear()

    def legacy_text(self, tsg_id: str, product: str) -> str | None:
        """The legacy key of a product of a tenant."""
        with self._lock:
            fitting = (key.text for key in self._legacy if (key.tsg_id, key.product) == (tsg_id, product))
            return next(fitting, None)

    def describe(self) -> dict[str, Any]:
        """All keys; fingerprints only."""
        with self._lock:
            keys, legacy = list(self._keys.values()), list(self._legacy)
        return {"keys": [self.entry(key) for key in keys], "legacy_keys": [self._legacy_entry(key) for key in legacy]}

    def entry(self, key: Key) -> dict[str, Any]:
        """One key for the administrator; fingerprint only."""
        return {
            "id": key.id,
            "fingerprint": fingerprint(key.text),
            "tsg_id": key.tsg_id,
            "product": key.product,
            "service_account": key.client_id,
            "status": key.status(self._clock.time()),
            "applied": key.applied,
            "expires_at": iso8601(key.expires_at),
            **self._left(key),
        }

    def _legacy_entry(self, key: LegacyKey) -> dict[str, Any]:
        known = {"fingerprint": fingerprint(key.text), "tsg_id": key.tsg_id, "product": key.product}
        return {**known, **self._left(key)}

    def _left(self, key: Key | LegacyKey) -> dict[str, int]:
        return {f"remaining_{kind}": self.remaining(key, kind) for kind in ("uploads", "queries")}


def _end_of(day: str) -> float:
    return datetime.fromisoformat(f"{day}T23:59:59").replace(tzinfo=UTC).timestamp()
