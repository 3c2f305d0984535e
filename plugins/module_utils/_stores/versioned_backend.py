# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stores without version labels: a slot for the current document, which also holds the tokens pending revocation, and one for the pending document.

=====================  ====================================================  =======================================
after                  current slot                                          pending slot
=====================  ====================================================  =======================================
reserve                old token                                             reservation
stage                  old token                                             new token
promote                new token, and the old one pending revocation         new token (the same one: the lock)
forget                 new token                                             new token
unlock                 new token                                             empty
=====================  ====================================================  =======================================

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Generic, Optional, Protocol

from .._common.errors import ErrorContext, InvalidRequest, PanwCloudError
from .base import Contents, LockConflict, PendingRevocation, lock_conflict
from .documents import InvalidDocument, K, Record, Reservation, load

Beside = Optional[tuple[str, Optional[str]]]
"""Another slot and the mark that it must have during a write, None for no condition."""


@dataclasses.dataclass(frozen=True)
class Slotted:
    """The contents of a slot, and the slot's mark of them."""

    text: str
    mark: str


class Slots(Protocol):
    """Reads and writes whole texts by name."""

    @property
    def atomic(self) -> bool:
        """Whether L(create) and L(replace) check the marks and write in one step."""

    def read(self, name: str) -> Slotted | None:
        """The contents of a slot, None if it is empty."""

    def create(self, name: str, text: str, beside: Beside = None) -> str:
        """Fill an empty slot and return its mark. :raises LockConflict: it is not empty, or the slot beside it has another mark."""

    def replace(self, name: str, text: str, mark: str, beside: Beside = None) -> str:
        """Replace the contents with this mark and return the new mark.

        :raises LockConflict: it has another mark, or the slot beside it has.
        """

    def delete(self, name: str, mark: str | None = None) -> None:
        """Empty a slot, if it holds anything. :param mark: only if it still has this mark."""

    def drift(self, name: str) -> list[str]:
        """The settings of a filled slot that differ from the desired ones."""

    def settle(self, name: str) -> None:
        """Apply the desired settings."""


class SlotStore(Generic[K]):
    """A store with two slots: implements L(Store).

    :param name: of the slot of the current document. The pending one is beside it. :param kept: the type of the contents.
    :param largest: maximum bytes in a slot, None for no limit. :param suffix: of the name of the pending slot.
    """

    def __init__(
        self, slots: Slots, kind: str, name: str, kept: type[K], largest: int | None = None, suffix: str = ".pending"
    ) -> None:
        self._slots, self._kind, self._name, self._kept, self._largest = slots, kind, name, kept, largest
        self.fences = slots.atomic  # a promotion checks the pending slot as well
        self._pending_name = f"{name}{suffix}"
        self._record: Record[K] = Record()
        self._mark: str | None = None
        self._pending: Record[K] | None = None
        self._pending_mark: str | None = None
        self._lock: str | None = None  # the mark of this run's document in the pending slot
        self._ahead: dict[str, Slotted | None] = {}

    @property
    def names(self) -> tuple[str, str]:
        """The slots, in the order for reading them."""
        return self._pending_name, self._name

    def prime(self, ahead: Mapping[str, Slotted | None]) -> None:
        """Cache the contents of slots, so that the next load need not read them; every write checks that they are unchanged."""
        self._ahead = dict(ahead)

    @property
    def location(self) -> dict[str, str]:
        return {"store": self._kind, "path" if self._kind == "file" else "name": self._name}

    @property
    def version(self) -> str | None:
        return self._mark.partition("-")[0] if self._mark and self._kind == "ssm" else None

    def load(self) -> Contents[K]:
        damages: list[InvalidDocument] = []

        def parsed(slotted: Slotted | None, name: str) -> Record[K] | None:
            try:
                return load(slotted.text, f"{self._kind} {name}", self._kept) if slotted else None
            except InvalidDocument as damage:
                damages.append(damage)
                return Record()

        # In this order: a promotion between the two reads is seen whole or not at all.
        pending, current = [
            self._ahead.pop(name) if name in self._ahead else self._slots.read(name) for name in self.names
        ]
        self._mark = current.mark if current else None
        self._pending_mark = pending.mark if pending else None
        self._record = parsed(current, self._name) or Record()
        self._pending = parsed(pending, self._pending_name)
        waiting, staged_by = (self._pending.content, self._pending.staged_by) if self._pending else (None, None)
        if waiting in [token for token, _due in self._record.pending_revocations]:
            waiting = staged_by = None  # killed between two writes: it is already in its next place
        pending_revocations = tuple(
            PendingRevocation(token.fingerprint, due, token.fingerprint)
            for token, due in self._record.pending_revocations
        )
        exists = bool(current or pending)
        return Contents(
            self._record.kept, waiting, pending_revocations, exists, damages[0] if damages else None, staged_by
        )

    def drift(self) -> list[str]:
        return self._slots.drift(self._name) if self._mark else []

    def settle(self) -> None:
        if self._mark:
            self._slots.settle(self._name)

    def reserve(self, reservation: Reservation) -> None:
        self._check_room()
        self._lock = self._pending_mark = self._fill(self._pending_name, Record(reservation).dump(), self._pending_mark)
        self._pending = Record(reservation)
        current = self._slots.read(self._name)
        if (current and current.mark) != self._mark:
            self._empty_pending()
            raise lock_conflict(self._name, "another run has just ended")

    def stage(self, token: K, staged_by: str) -> None:
        record = Record(token, staged_by=staged_by)
        self._lock = self._pending_mark = self._fill(self._pending_name, record.dump(), self._pending_mark or "")
        self._pending = record

    def promote(self, due: datetime | None) -> PendingRevocation | None:
        token = self._pending.kept if self._pending else None
        if token is None:
            raise lock_conflict(self._pending_name, "no token is pending")
        self._lock = self._pending_mark
        return self._displace(self._record.kept, due, left=token, beside=(self._pending_name, self._pending_mark))

    def unlock(self) -> None:
        self._pending_mark = self._lock
        self._empty_pending()

    def withdraw(self) -> PendingRevocation | None:
        return self._displace(self._record.kept, None, left=None) if self._record.kept else None

    def drop_pending(self, due: datetime | None = None) -> PendingRevocation | None:
        token = self._pending.kept if self._pending else None
        reported = None
        if token and token != self._record.kept:
            reported = self._displace(token, due, left=self._record.content)
        self._empty_pending()
        return reported

    def read(self, pending_revocations: PendingRevocation) -> K:
        return next(
            token
            for token, _rest in self._record.pending_revocations
            if token.fingerprint == pending_revocations.handle
        )

    def postpone(self, pending_revocations: PendingRevocation, due: datetime) -> None:
        self._rewrite(pending_revocations, lambda token: [(token, due)])

    def forget(self, pending_revocations: PendingRevocation) -> None:
        self._rewrite(pending_revocations, lambda token: [])

    def remove(self) -> None:
        found = [self._slots.read(name) for name in (self._name, self._pending_name)]
        if [slotted and slotted.mark for slotted in found] != [self._mark, self._pending_mark]:
            raise lock_conflict(self._name, "another run has written to it")
        if self._mark is not None:
            self._slots.delete(self._name, self._mark)
        if self._slots.read(self._name) is not None:
            raise lock_conflict(self._name, "another run has written to it")
        self._empty_pending()

    def _displace(
        self,
        token: K | None,
        due: datetime | None,
        *,
        left: K | Reservation | None,
        beside: Beside = None,
    ) -> PendingRevocation | None:
        """Write the record with C(left) as its content, and with one more token pending revocation."""
        if token is None or (isinstance(left, self._kept) and left.fingerprint == token.fingerprint):
            self._write(dataclasses.replace(self._record, content=left), beside)
            return None
        due = due or token.issued_at
        others = (entry for entry in self._record.pending_revocations if entry[0].fingerprint != token.fingerprint)
        self._write(Record(left, (*others, (token, due))), beside)
        return PendingRevocation(token.fingerprint, due, token.fingerprint)

    def _empty_pending(self) -> None:
        if self._pending_mark is not None:
            try:
                self._slots.delete(self._pending_name, self._pending_mark)
            except PanwCloudError:
                if self._slots.read(self._pending_name) is not None:
                    raise
        self._pending = self._pending_mark = None

    def _rewrite(self, pending_revocations: PendingRevocation, change: Callable[[K], list[tuple[K, datetime]]]) -> None:
        if self._pending and self._pending.kept and self._pending.kept.fingerprint == pending_revocations.handle:
            self._empty_pending()  # left there by a kill: once the record no longer has it, it would look like a staged one
        kept = [
            entry
            for token, due in self._record.pending_revocations
            for entry in (change(token) if token.fingerprint == pending_revocations.handle else [(token, due)])
        ]
        self._write(
            dataclasses.replace(self._record, pending_revocations=tuple(kept)), (self._pending_name, self._pending_mark)
        )

    def _write(self, record: Record[K], beside: Beside = None) -> None:
        self._mark = self._fill(self._name, record.dump(), self._mark, beside)
        self._record = record

    def _fill(self, name: str, text: str, mark: str | None, beside: Beside = None) -> str:
        """Fill a slot, or replace the contents with this mark, and return the new mark. A failure is settled by reading."""
        try:
            if mark is None:
                return self._slots.create(name, text, beside)
            return self._slots.replace(name, text, mark, beside)
        except LockConflict:
            raise
        except PanwCloudError:
            with contextlib.suppress(PanwCloudError):
                held = self._slots.read(name)
                if held and held.text == text:
                    return held.mark
            raise

    def _check_room(self) -> None:
        """Check before a token is issued that the next write has room for one more."""
        current = self._record.kept
        if self._largest is None or current is None:
            return
        further = (*self._record.pending_revocations, (current, current.issued_at))
        size = len(Record(current, further).dump().encode())
        if size > self._largest:
            reason = f"it holds {len(self._record.pending_revocations)} tokens pending revocation, and {size} bytes exceed its limit of {self._largest}"
            advice = "Wait until they are revoked or expired, shorten 'grace_period', or use another store."
            raise InvalidRequest("write to the store", ErrorContext(target=self._name, reason=reason), advice)
