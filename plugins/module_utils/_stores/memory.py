# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A store that ends with the process: for tokens that only the play is to have.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from datetime import datetime
from typing import Generic

from .base import Contents, Retiring, taken
from .documents import K, Reservation


class MemoryStore(Generic[K]):
    """Implements L(Store) for one run: nobody else can be at it."""

    fences = True
    version = None

    def __init__(self) -> None:
        self.location = {"store": "none", "name": "none"}
        self._current: K | None = None
        self._pending: K | Reservation | None = None
        self._retiring: dict[str, tuple[K, Retiring]] = {}

    def load(self) -> Contents[K]:
        waiting = tuple(entry for _kept, entry in self._retiring.values())
        exists = bool(self._current or self._pending or waiting)
        return Contents(self._current, self._pending, waiting, exists)

    def drift(self) -> list[str]:
        return []

    def settle(self) -> None:
        """There is nothing to settle."""

    def reserve(self, reservation: Reservation) -> None:
        self._pending = reservation

    def stage(self, token: K, staged_by: str) -> None:
        self._pending = token

    def promote(self, due: datetime | None) -> Retiring | None:
        token = self._pending
        if token is None or isinstance(token, Reservation):
            raise taken("none", "there is no pending token")
        told = self._retire(self._current, due)
        self._current, self._pending = token, None
        return told

    def unlock(self) -> None:
        """Nobody waits."""

    def withdraw(self) -> Retiring | None:
        told, self._current = self._retire(self._current, None), None
        return told

    def drop_pending(self, due: datetime | None = None) -> Retiring | None:
        token, self._pending = self._pending, None
        return None if isinstance(token, Reservation) else self._retire(token, due)

    def read(self, retiring: Retiring) -> K:
        return self._retiring[retiring.handle][0]

    def postpone(self, retiring: Retiring, due: datetime) -> None:
        self._retire(self.read(retiring), due)

    def forget(self, retiring: Retiring) -> None:
        self._retiring.pop(retiring.handle, None)

    def remove(self) -> None:
        self._current = self._pending = None
        self._retiring.clear()

    def _retire(self, token: K | None, due: datetime | None) -> Retiring | None:
        if token is None:
            return None
        name = token.fingerprint
        entry = Retiring(name, due or token.issued_at, name)
        self._retiring[name] = token, entry
        return entry
