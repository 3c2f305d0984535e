# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The end of secrets: ended when they are due, and remembered in the store until that is done.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Generic

from .._common.errors import PanwCloudError, RouteNotFound
from .base import Retiring, Store
from .documents import DamagedDocument, K, Reservation


class Retirement(Generic[K]):
    """Ends the secrets of one store; the only place that does.

    :param end: ends a secret for good: revokes a token. :param now: the time of day in UTC.
    :ivar waiting: what waits for its end. :ivar ended: whether anything was ended. :ivar repaired: sentences on what does not wait any more.
    """

    def __init__(self, store: Store[K], end: Callable[[K], None], now: Callable[[], datetime]) -> None:
        self._store, self._end, self._now = store, end, now
        self._displaced: Retiring | None = None
        self.waiting: list[Retiring] = []
        self.ended = False
        self.repaired: list[str] = []

    def add(self, entry: Retiring | None, *, displaced: bool = False) -> None:
        """Take note of a secret that has just begun to wait. :param displaced: another one has just taken its place as the current one."""
        if entry:
            self.waiting.append(entry)
            self._displaced = entry if displaced else self._displaced

    def end_due(self, *, everything: bool = False, own: str = "") -> list[PanwCloudError]:
        """End what is due, and remember the rest.

        :param own: the fingerprint of a secret that is due in any case. :return: why secrets could not be ended.
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
            left: Retiring | None = entry
            if self._is_due(entry, everything=everything, own=own):
                left, failure = self._try(entry)
                failures += [failure] if failure else []
            self.waiting += [left] if left else []
        return failures

    def end_now(self, secret: K) -> None:
        """End a secret that no store has ever shown."""
        self._end(secret)

    def has_due(self, *, everything: bool = False, own: str = "") -> bool:
        """Whether L(end_due) has anything to do."""
        return any(self._is_due(entry, everything=everything, own=own) for entry in self.waiting)

    def _is_due(self, entry: Retiring, *, everything: bool, own: str) -> bool:
        return everything or entry.fingerprint == own or entry.due <= self._now()

    def _reread(self, *, everything: bool, own: str) -> list[Retiring]:
        """What waits, by a fresh look at the store if anything is due; what is in use there does not wait.

        Nothing is read for the secret that this run has just displaced: the store has compared and swapped, which is as good as a look.
        """
        due = [entry for entry in self.waiting if self._is_due(entry, everything=everything, own=own)]
        if due in ([], [self._displaced]):
            return self.waiting
        contents = self._store.load()
        if contents.damage:
            raise contents.damage
        current, pending = contents.current, contents.pending
        waiting = []
        for entry in contents.retiring:
            if pending and not isinstance(pending, Reservation) and entry.fingerprint == pending.fingerprint:
                continue  # for the run to settle that finds it there
            if current and entry.fingerprint == current.fingerprint:
                self._store.forget(entry)
                self.repaired.append(
                    f"The current token (fingerprint {entry.fingerprint}) waited for revocation; it does not any more."
                )
            else:
                waiting.append(entry)
        return waiting

    def _try(self, entry: Retiring) -> tuple[Retiring | None, PanwCloudError | None]:
        """End a secret and forget it. :return: what is left of it, and why."""
        name = f"The token (fingerprint {entry.fingerprint})"
        try:
            secret = self._store.read(entry)
            self._end(secret)
            self.ended = True
            self._store.forget(entry)
        except RouteNotFound as error:
            due = getattr(secret, "expires_at", entry.due)
            self._store.postpone(entry, due)
            error.add(f"{name} stays in the store as one to forget when it has expired.")
            return dataclasses.replace(entry, due=due), error
        except DamagedDocument as error:
            self._store.forget(entry)
            error.add(f"{name} cannot be revoked without it, and is forgotten.")
            return None, error
        except PanwCloudError as error:
            error.add(f"{name} stays in the store as one to revoke; the next run tries again.")
            return entry, error
        return None, None
