# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An in-memory store, for tokens that only the play uses.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from datetime import datetime
from typing import Generic

from .base import Contents, PendingRevocation, lock_conflict
from .documents import K, Reservation


class MemoryStore(Generic[K]):
    """Implements L(Store) for one run, without locking."""

    fences = True
    version = None

    def __init__(self) -> None:
        self.location = {"store": "none", "name": "none"}
        self._current: K | None = None
        self._pending: K | Reservation | None = None
        self._retiring: dict[str, tuple[K, PendingRevocation]] = {}

    def load(self) -> Contents[K]:
        waiting = tuple(entry for _kept, entry in self._retiring.values())
        exists = bool(self._current or self._pending or waiting)
        return Contents(self._current, self._pending, waiting, exists)

    def drift(self) -> list[str]:
        return []

    def settle(self) -> None:
        """Do nothing: the store has no settings."""

    def reserve(self, reservation: Reservation) -> None:
        self._pending = reservation

    def stage(self, token: K, staged_by: str) -> None:
        self._pending = token

    def promote(self, due: datetime | None) -> PendingRevocation | None:
        token = self._pending
        if token is None or isinstance(token, Reservation):
            raise lock_conflict("none", "no token is pending")
        reported = self._displace(self._current, due)
        self._current, self._pending = token, None
        return reported

    def unlock(self) -> None:
        """Do nothing: the store has no lock."""

    def withdraw(self) -> PendingRevocation | None:
        reported, self._current = self._displace(self._current, None), None
        return reported

    def drop_pending(self, due: datetime | None = None) -> PendingRevocation | None:
        token, self._pending = self._pending, None
        return None if isinstance(token, Reservation) else self._displace(token, due)

    def read(self, pending_revocations: PendingRevocation) -> K:
        return self._retiring[pending_revocations.handle][0]

    def postpone(self, pending_revocations: PendingRevocation, due: datetime) -> None:
        self._displace(self.read(pending_revocations), due)

    def forget(self, pending_revocations: PendingRevocation) -> None:
        self._retiring.pop(pending_revocations.handle, None)

    def remove(self) -> None:
        self._current = self._pending = None
        self._retiring.clear()

    def _displace(self, token: K | None, due: datetime | None) -> PendingRevocation | None:
        if token is None:
            return None
        name = token.fingerprint
        entry = PendingRevocation(name, due or token.issued_at, name)
        self._retiring[name] = token, entry
        return entry
