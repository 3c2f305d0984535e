# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The interface of all stores. "Token" stands for any stored secret; the credentials of service accounts are stored in the same way.

A store has three places: the current token, which readers use; a pending one, which is being created; and tokens pending revocation
("pending_revocation"). Each write replaces one thing atomically, so that a process can be killed between any two of them. A store remembers what it has
loaded, and does not overwrite what another run has changed since then.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any, Generic, Protocol

from .._common.dates import show
from .._common.errors import ErrorContext, PanwCloudError
from .documents import InvalidDocument, K, Reservation


class LockConflict(PanwCloudError):
    """Another run is changing, or has changed, the same place in the store."""

    kind = "conflict"
    advice = "Wait for the other run to end, then run again."


@dataclasses.dataclass(frozen=True)
class PendingRevocation:
    """A token pending revocation.

    :param due: when to revoke it; for one that is due at once, the time of its issue. :param handle: the store's identifier for it.
    """

    fingerprint: str
    due: datetime
    handle: str


@dataclasses.dataclass(frozen=True)
class Contents(Generic[K]):
    """The contents of a store.

    :param exists: whether there is anything to remove.
    :param damage: why the current or the pending document is invalid, None if both are valid.
    :param staged_by: the run that has staged the pending token, None if unknown.
    :param abandoned: whether the pending document belongs to the reading run, or to a process that had ended before this was read.
    """

    current: K | None = None
    pending: K | Reservation | None = None
    pending_revocations: tuple[PendingRevocation, ...] = ()
    exists: bool = False
    damage: InvalidDocument | None = None
    staged_by: str | None = None
    abandoned: bool = False


class Store(Protocol[K]):
    """A place for one token. All methods raise L(PanwCloudError) if the store fails, and L(LockConflict) if another run was quicker.

    A write whose response is lost is settled by reading: it raises an error only if it was not done, or if the store cannot be read either.
    """

    @property
    def fences(self) -> bool:
        """Whether a promotion that another run has prepared fails after L(drop_pending) has dropped its token."""

    @property
    def location(self) -> dict[str, str]:
        """The place, as the keys of a result."""

    @property
    def version(self) -> str | None:
        """The store's identifier of the current document, if it has one."""

    def load(self) -> Contents[K]:
        """Read the store."""

    def drift(self) -> list[str]:
        """The settings of the place (key, tags, policy, mode) that differ from the desired ones; empty if the place does not exist yet."""

    def settle(self) -> None:
        """Apply the desired settings."""

    def reserve(self, reservation: Reservation) -> None:
        """Put a reservation in the pending place, replacing what was loaded; proves that the caller may write, and locks out other runs."""

    def stage(self, token: K, staged_by: str) -> None:
        """Put a token in the pending place, replacing this run's reservation. :param staged_by: the run that does it."""

    def promote(self, due: datetime | None) -> PendingRevocation | None:
        """Make the pending token current, and the previous one, if any, pending revocation; return that one.

        :param due: when to revoke it, None for at once.
        """

    def unlock(self) -> None:
        """Release the lock after a promotion."""

    def withdraw(self) -> PendingRevocation | None:
        """Make the current token, if any, pending revocation, due at once, and leave no current one; return it. The caller holds a reservation."""

    def drop_pending(self, due: datetime | None = None) -> PendingRevocation | None:
        """Empty the pending place; a token in it becomes pending revocation, and is returned. :param due: when to revoke it, None for at once."""

    def read(self, pending_revocations: PendingRevocation) -> K:
        """The document of a token pending revocation."""

    def postpone(self, pending_revocations: PendingRevocation, due: datetime) -> None:
        """Postpone the revocation of a token."""

    def forget(self, pending_revocations: PendingRevocation) -> None:
        """Remove a token from those pending revocation."""

    def remove(self) -> None:
        """Delete the place itself."""


def lock_conflict(place: str, reason: str) -> LockConflict:
    """The error if another run was quicker."""
    return LockConflict("write to the store", ErrorContext(target=place, reason=reason))


def describe_pending(pending: K | Reservation | None) -> dict[str, Any] | None:
    """A rotation that is in progress or was interrupted, without its secret; None without such a rotation."""
    if pending is None:
        return None
    if isinstance(pending, Reservation):
        return {"step": "reserved", "since": show(pending.reserved_at), "fingerprint": None}
    return {"step": "staged", "since": show(pending.issued_at), "fingerprint": pending.fingerprint}
