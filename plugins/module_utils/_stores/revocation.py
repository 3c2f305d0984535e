# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""End secrets when they are due; the store lists them until that is done.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Generic

from .._common.errors import PanwCloudError, RouteNotFound
from .base import PendingRevocation, Store
from .documents import InvalidDocument, K, Reservation


class Revocation(Generic[K]):
    """Ends the secrets that were readable in one store; no other code does.

    :param now: the current time in UTC.
    :ivar waiting: secrets pending revocation. :ivar ended: whether any was ended. :ivar repaired: sentences on those that are no longer pending.
    """

    def __init__(self, store: Store[K], now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now
        self._displaced: PendingRevocation | None = None
        self.waiting: list[PendingRevocation] = []
        self.ended = False
        self.repaired: list[str] = []

    def add(self, entry: PendingRevocation | None, *, displaced: bool = False) -> None:
        """Add a secret that is now pending revocation. :param displaced: whether another one has just replaced it as the current one."""
        if entry:
            self.waiting.append(entry)
            self._displaced = entry if displaced else self._displaced

    def end_due(self, end: Callable[[K], None], *, everything: bool = False, own: str = "") -> list[PanwCloudError]:
        """End secrets that are due, and keep the others pending.

        :param end: ends a secret for good, such as by revoking a token. Not an attribute: the reference cycle with its owner would delay the release of
            each target's memory.
        :param own: the fingerprint of a secret that is always due. :return: why secrets could not be ended.
        """
        failures: list[PanwCloudError] = []
        try:
            waiting = self._reread(everything=everything, own=own)
        except PanwCloudError as error:
            error.add(
                "No token was revoked, because the store does not show which ones are in use; the next run tries again."
            )
            return [error]
        self.waiting = []
        for entry in waiting:
            left: PendingRevocation | None = entry
            if self._is_due(entry, everything=everything, own=own):
                left, failure = self._try(entry, end)
                failures += [failure] if failure else []
            self.waiting += [left] if left else []
        return failures

    def has_due(self, *, everything: bool = False, own: str = "") -> bool:
        """Whether L(end_due) has anything to do."""
        return any(self._is_due(entry, everything=everything, own=own) for entry in self.waiting)

    def _is_due(self, entry: PendingRevocation, *, everything: bool, own: str) -> bool:
        return everything or entry.fingerprint == own or entry.due <= self._now()

    def _reread(self, *, everything: bool, own: str) -> list[PendingRevocation]:
        """The secrets pending revocation, from a fresh read of the store if any is due; those that the store uses are left out.

        The secret that this run has just replaced needs no read: the store's compare-and-swap is equivalent.
        """
        due = [entry for entry in self.waiting if self._is_due(entry, everything=everything, own=own)]
        if due in ([], [self._displaced]):
            return self.waiting
        contents = self._store.load()
        if contents.damage:
            raise contents.damage
        current, pending = contents.current, contents.pending
        waiting = []
        for entry in contents.pending_revocations:
            if pending and not isinstance(pending, Reservation) and entry.fingerprint == pending.fingerprint:
                continue  # left to the run that takes it over
            if current and entry.fingerprint == current.fingerprint:
                self._store.forget(entry)
                self.repaired.append(
                    f"The current token (fingerprint {entry.fingerprint}) was pending revocation, and no longer is."
                )
            else:
                waiting.append(entry)
        return waiting

    def _try(
        self, entry: PendingRevocation, end: Callable[[K], None]
    ) -> tuple[PendingRevocation | None, PanwCloudError | None]:
        """End a secret and forget it. :return: its entry if that stays, and the failure."""
        name = f"The token (fingerprint {entry.fingerprint})"
        try:
            secret = self._store.read(entry)
            end(secret)
            self.ended = True
            self._store.forget(entry)
        except RouteNotFound as error:
            due = getattr(secret, "expires_at", entry.due)
            self._store.postpone(entry, due)
            error.add(f"{name} stays pending in the store until it has expired.")
            return dataclasses.replace(entry, due=due), error
        except InvalidDocument as error:
            self._store.forget(entry)
            error.add(f"{name} cannot be revoked without it, and is no longer pending.")
            return None, error
        except PanwCloudError as error:
            error.add(f"{name} stays pending revocation in the store; the next run tries again.")
            return entry, error
        return None, None
