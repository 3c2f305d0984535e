# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lock of one run on one store, with the repair of the store's documents and settings.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic

from .._common.dates import show
from .._common.errors import ErrorContext, PanwCloudError
from .._common.process_identity import has_ended, identity
from .base import Contents, LockConflict, Store
from .documents import K, Reservation


@dataclasses.dataclass(frozen=True)
class StoreLock(Generic[K]):
    """Locks the store for one run.

    :param attempted: the purpose of the run, for errors: "keep the token".
    :param lock_timeout: the age at which another run's reservation is taken over; longer than a run can need between its reservation and
        the secret that replaces it.
    :param replace_invalid: whether an invalid document is replaced. :param now: the current time in UTC.
    :param purpose: of reservations, if the next run has to know it.
    :param run: an identifier of the run; it also owns a reservation that an earlier attempt of the same run has left behind.
    """

    store: Store[K]
    attempted: str
    lock_timeout: timedelta
    replace_invalid: bool
    now: Callable[[], datetime]
    purpose: str | None = None
    run: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4()))

    def load(self) -> Contents[K]:
        """Read the store. If the owner of the pending document has ended, read it again: before its end, the owner may have promoted the document.

        :raises InvalidDocument: a document is invalid, and is not to be replaced.
        """
        contents, ended = self.store.load(), ""
        owner = _owner(contents)
        while owner and owner != ended and has_ended(owner.partition("#")[0]):
            contents, ended = self.store.load(), owner
            owner = _owner(contents)
        if contents.damage and not self.replace_invalid:
            raise contents.damage
        return dataclasses.replace(contents, abandoned=bool(owner) and owner in (self.identity, ended))

    def settle(self, contents: Contents[K]) -> list[str]:
        """Repair the store's documents and settings. :return: sentences on what was repaired."""
        repaired = []
        if contents.damage:
            repaired.append(f"An invalid document is replaced: {contents.damage.context.reason}.")
            if contents.pending is None:
                self.store.drop_pending()
        drift = self.store.drift()
        if drift:
            self.store.settle()
            repaired.append(f"Settings of the store were wrong or missing: {', '.join(drift)}.")
        return repaired

    def conflict(self, contents: Contents[K]) -> LockConflict | None:
        """The error if another run holds the lock, else None.

        What another run has put in the pending place, a reservation or a token, is its lock. The lock is stale if its process has ended,
        or if it is older, or because of a wrong clock newer, than a run can be.
        """
        found = contents.pending
        if found is None or contents.abandoned:
            return None
        reserved = isinstance(found, Reservation)
        since = found.reserved_at if isinstance(found, Reservation) else found.issued_at
        if abs(self.now() - since) >= self.lock_timeout:
            return None
        until = show(since + self.lock_timeout)
        reason = f"another run has {'reserved it' if reserved else 'staged a new one'} at {show(since)}"
        place = " ".join(self.store.location.values())
        advice = f"Wait for that run to end. If it was killed, its {'reservation' if reserved else 'work'} is taken over from {until} on."
        return LockConflict(self.attempted, ErrorContext(place, reason=reason), advice)

    def is_held(self, contents: Contents[K]) -> bool:
        """Whether this run's own reservation is in the pending place."""
        found = contents.pending
        return isinstance(found, Reservation) and found.reserved_by == self.identity

    def reserve(self) -> None:
        """Take the lock. :raises LockConflict: another run was quicker."""
        self.store.reserve(Reservation(self.now(), self.identity, self.purpose))

    def release(self, failure: PanwCloudError) -> None:
        """Release the lock after a failure."""
        try:
            self.store.drop_pending()
        except PanwCloudError as error:
            failure.add(f"The pending entry in the store could not be cleared ({error.context.reason}).")

    @property
    def identity(self) -> str:
        """This run, as reservations and staged documents name it."""
        return f"{identity()}#{self.run}"


def _owner(contents: Contents[K]) -> str:
    """The run that has put the pending document there; empty if there is none, or it is unknown."""
    found = contents.pending
    return (found.reserved_by if isinstance(found, Reservation) else contents.staged_by) or ""
