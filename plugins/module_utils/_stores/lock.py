# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run's care for one store: that nobody else is at it, and that its documents and settings are what they should be.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic

from .._common.dates import show
from .._common.errors import Evidence, PanwCloudError
from .._common.process_identity import has_ended, identity
from .base import Contents, Store, Taken
from .documents import K, Reservation


@dataclasses.dataclass(frozen=True)
class Guard(Generic[K]):
    """Watches over the store of one run.

    :param attempted: what the run is about, for errors: "keep the token".
    :param stale_after: the age at which somebody else's reservation is taken over; longer than a run can need between its reservation and
        what it puts in its place.
    :param replace_damaged: whether a document that cannot be read is replaced. :param now: the time of day in UTC.
    :param purpose: what reservations are for, where the next run has to know.
    :param run: an identifier of the run; a reservation that an earlier attempt of the same run has left behind is its own.
    """

    store: Store[K]
    attempted: str
    stale_after: timedelta
    replace_damaged: bool
    now: Callable[[], datetime]
    purpose: str | None = None
    run: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4()))

    def load(self) -> Contents[K]:
        """Read the store. :raises DamagedDocument: a document cannot be read, and is not to be replaced."""
        contents = self.store.load()
        if contents.damage and not self.replace_damaged:
            raise contents.damage
        return contents

    def settle(self, contents: Contents[K]) -> list[str]:
        """Put right what is wrong with the store itself. :return: sentences on what was."""
        repaired = []
        if contents.damage:
            repaired.append(f"A damaged document is replaced: {contents.damage.evidence.reason}.")
            if contents.pending is None:
                self.store.drop_pending()
        drift = self.store.drift()
        if drift:
            self.store.settle()
            repaired.append(f"Settings of the store were wrong or missing: {', '.join(drift)}.")
        return repaired

    def busy(self, contents: Contents[K]) -> Taken | None:
        """The error that another run holds the lock, None if none does.

        What another run has put in the pending place, a reservation or a token, is its lock. The lock is stale if its process has ended,
        or if it is older, or by a wrong clock newer, than a run can be.
        """
        found = contents.pending
        if found is None or self.is_abandoned(contents):
            return None
        reserved = isinstance(found, Reservation)
        since = found.reserved_at if isinstance(found, Reservation) else found.issued_at
        if abs(self.now() - since) >= self.stale_after:
            return None
        until = show(since + self.stale_after)
        reason = f"another run has {'reserved it' if reserved else 'staged a new one'} at {show(since)}"
        place = " ".join(self.store.location.values())
        advice = f"Let that run end. If it was killed, its {'reservation' if reserved else 'work'} is taken over from {until} on."
        return Taken(self.attempted, Evidence(place, reason=reason), advice)

    def is_abandoned(self, contents: Contents[K]) -> bool:
        """Whether what is pending is this run's own, or of a process that is known to have ended."""
        found = contents.pending
        owner = found.reserved_by if isinstance(found, Reservation) else contents.staged_by
        return owner is not None and (owner == self.identity or has_ended(owner.partition("#")[0]))

    def is_held(self, contents: Contents[K]) -> bool:
        """Whether this run's own reservation is in the pending place."""
        found = contents.pending
        return isinstance(found, Reservation) and found.reserved_by == self.identity

    def reserve(self) -> None:
        """Keep others away. :raises Taken: somebody else was quicker."""
        self.store.reserve(Reservation(self.now(), self.identity, self.purpose))

    def release(self, failure: PanwCloudError) -> None:
        """Let others go ahead after a failure."""
        try:
            self.store.drop_pending()
        except PanwCloudError as error:
            failure.add(f"The pending place of the store could not be emptied ({error.evidence.reason}).")

    @property
    def identity(self) -> str:
        """This run, as reservations and staged documents name it."""
        return f"{identity()}#{self.run}"
