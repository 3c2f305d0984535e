# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reconcile one secret in one store with the desired state, safe against concurrent runs, kills, and lost, late or repeated responses.

The invariant: the current secret of a store is never one that this collection has ended. Four rules enforce it, each in one place:

1. A secret that was readable in a store is ended only by L(Revocation): after a fresh read has shown that it is neither current nor pending, or right
   after the store itself has replaced it by compare-and-swap.
2. What another run has put in the pending place, a reservation or a new secret, is its lock while that run can be alive (L(StoreLock.conflict)): it is
   left alone.
3. A promotion succeeds only if the store has not changed since the secret was read as pending, and a secret leaves the pending place only by promotion,
   or by L(Store.drop_pending), after which a promotion that was prepared earlier fails. A store that cannot guarantee that (C(fences)) keeps the secret
   of a possibly active run until it expires.
4. A lost response is settled by reading before anything is undone: in the stores for each write, here for all of them (L(Reconciler._reread)). What
   cannot be read is left unchanged, and the failure says so.

Every step writes one thing:

==========  ==============================================  ==============================================================================
killed at   the store holds                                 the next run
==========  ==============================================  ==============================================================================
reserve     the old secret; a reservation                   takes it over, at once if the process is known to have ended, else when stale
create      the same; a secret that no store has recorded   the same: a token is lost and expires, the secret of an account is reset once more
stage       the old secret; the new one, pending            takes it over: if it is accepted and valid long enough, it is promoted
prove       the same                                        the same
promote     the new secret; the old one pending revocation  ends the old one as soon as it is due
end         the same, but the old one has ended             finds it ended, and forgets it
forget      the new secret
==========  ==============================================  ==============================================================================

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import abc
import contextlib
import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Generic

from .._common.dates import show
from .._common.errors import PanwCloudError
from .base import Contents, LockConflict, PendingRevocation, Store, lock_conflict
from .documents import K, Reservation
from .lock import StoreLock
from .revocation import Revocation


@dataclasses.dataclass
class StoreResult(Generic[K]):
    """The result of a run on a store.

    :param created: whether a new secret was put in place.
    :param observed: the secret that was current at the start of the run. :param previous: that one, if another has replaced it.
    :param pending_revocations: secrets that are still to be ended.
    :param repaired: sentences on what an interrupted run had left behind, or what was wrong, and was repaired.
    """

    changed: bool = False
    created: bool = False
    current: K | None = None
    observed: K | None = None
    previous: K | None = None
    pending_revocations: list[PendingRevocation] = dataclasses.field(default_factory=list)
    repaired: list[str] = dataclasses.field(default_factory=list)
    warnings: list[str] = dataclasses.field(default_factory=list)

    def repair(self, sentence: str) -> None:
        """Record a repair."""
        self.repaired.append(sentence)
        self.changed = True


class Reconciler(abc.ABC, Generic[K]):
    """The common part of the reconcilers of tokens and of credentials. A subclass validates, creates and ends secrets.

    :param outcome: updated in place. :param now: the current time in UTC. :cvar NOUN: what is stored, for sentences.
    :cvar FALLBACK: what a failure says about the old one.
    """

    NOUN: str
    FALLBACK: str

    def __init__(
        self, store: Store[K], guard: StoreLock[K], outcome: StoreResult[K], now: Callable[[], datetime]
    ) -> None:
        self._store, self._store_lock, self._now, self._outcome = store, guard, now, outcome
        self._revocation: Revocation[K] = Revocation(store, now)
        self._is_locked = False

    @abc.abstractmethod
    def _is_usable(self, secret: K | None) -> bool:
        """Whether readers of the store can use a secret."""

    @abc.abstractmethod
    def _is_good(self, secret: K | None, *, doubtful: bool) -> bool:
        """Whether a secret needs no renewal. :param doubtful: whether there is reason to check it against the API."""

    @abc.abstractmethod
    def _is_finishable(self, secret: K) -> bool:
        """Whether a secret that an interrupted run has staged is accepted and valid long enough."""

    @abc.abstractmethod
    def _accepts(self, secret: K) -> bool:
        """Whether the API accepts a new secret."""

    @abc.abstractmethod
    def _prepare(self, contents: Contents[K], *, rotate: bool) -> Callable[[], K]:
        """Prepare the creation of a secret, before the store is reserved. :return: creates it; if that fails, it handles the reservation."""

    @abc.abstractmethod
    def _refused(self, secret: K) -> PanwCloudError:
        """Clean up a new secret that the API does not accept, and return the failure."""

    @abc.abstractmethod
    def _abandon(self, secret: K, failure: PanwCloudError) -> None:
        """Clean up a new secret that could not be stored, and is not current."""

    @abc.abstractmethod
    def _end(self, secret: K) -> None:
        """End a secret for good."""

    @abc.abstractmethod
    def _grace_ends(self, previous: K) -> datetime | None:
        """When to end a secret that another one replaces, None for at once."""

    @abc.abstractmethod
    def _ends_by_itself(self, secret: K) -> datetime | None:
        """When a secret expires unless it is ended earlier, None for never."""

    def _keep(self, *, rotate: bool) -> None:
        """Ensure that the store has a good secret, or with C(rotate) a new one; finish an interrupted rotation instead of starting another."""
        contents = self._load()
        if self._is_left_alone(contents, rotate=rotate):
            return
        for sentence in self._store_lock.settle(contents):
            self._outcome.repair(sentence)
        try:
            done = self._finish(contents)
        except LockConflict:
            self._yield_to_other(contents, rotate=rotate)
            return
        done = done or (not rotate and self._is_kept(contents))
        if done or self._renew(contents, rotate=rotate):
            self._end_due()
            self._unlock()
        else:
            self._yield_to_other(contents, rotate=rotate)

    def _predict(self, *, rotate: bool) -> bool:
        """What L(_keep) would do, without any change. :return: whether it would keep the current secret."""
        contents = self._load()
        if self._is_left_alone(contents, rotate=rotate):
            return True
        kept = not rotate and self._is_good(contents.current, doubtful=False)
        due = [entry for entry in contents.pending_revocations if entry.due <= self._now()]
        pending = None if self._is_left_lying(contents) else contents.pending
        unsettled = pending or due or contents.damage or self._store.drift()
        self._outcome.changed = bool(not kept or unsettled)
        self._outcome.current = contents.current if kept else None
        return kept

    def _is_left_alone(self, contents: Contents[K], *, rotate: bool) -> bool:
        """Whether another run holds the lock, and readers have a usable secret. :raises LockConflict: it does, and this run needs the lock."""
        conflict = self._store_lock.conflict(contents)
        if conflict and (rotate or not self._is_usable(contents.current)):
            raise conflict
        return bool(conflict)

    def _finish(self, contents: Contents[K]) -> bool:
        """Promote what an interrupted run has staged if it is valid long enough, else drop it. :raises LockConflict: another run was quicker."""
        pending, current = contents.pending, contents.current
        if pending is None or isinstance(pending, Reservation):
            return False
        if not self._store.fences:  # two runs can find it: only one of them can stage it again
            self._store.stage(pending, self._store_lock.identity)
        self._is_locked = True
        name = f"A {self.NOUN} (fingerprint {pending.fingerprint}) of {show(pending.issued_at)} was left staged by an interrupted run"
        if _same(pending, current):
            name = f"A copy of the current {self.NOUN} (fingerprint {pending.fingerprint}) was staged as pending, possibly after a manual change"
        elif self._is_finishable(pending):
            self._promote(pending, current)
            self._outcome.repair(f"{name}; it is proven and promoted.")
            return True
        self._is_locked = False
        can_be_promoted = not self._store.fences and not contents.abandoned
        due = self._ends_by_itself(pending) if can_be_promoted else None
        self._revocation.add(self._store.drop_pending(due))
        self._outcome.repair(f"{name}; it is dropped.")
        return False

    def _is_kept(self, contents: Contents[K]) -> bool:
        """Whether the current secret needs no renewal; if so, a stale reservation is removed."""
        current = contents.current
        doubtful = bool(self._outcome.repaired) or any(_named(entry, current) for entry in contents.pending_revocations)
        if not self._is_good(current, doubtful=doubtful):
            return False
        if isinstance(contents.pending, Reservation) and not self._is_left_lying(contents):
            with contextlib.suppress(LockConflict):  # another run has taken it over
                self._store.drop_pending()
                self._outcome.repair(f"{_stale(contents.pending)} was removed: the stored {self.NOUN} is good.")
        return True

    def _is_left_lying(self, contents: Contents[K]) -> bool:
        """Whether a stale reservation stays for the next rotation, because its removal could hit that of another run."""
        return isinstance(contents.pending, Reservation) and not self._store.fences

    def _renew(self, contents: Contents[K], *, rotate: bool) -> bool:
        """Reserve, create, stage, prove, promote. :return: False if another run was quicker with the reservation."""
        create = self._prepare(contents, rotate=rotate)
        try:
            self._store_lock.reserve()
        except LockConflict:
            return False
        self._is_locked = True
        if isinstance(contents.pending, Reservation):
            self._outcome.repair(f"{_stale(contents.pending)} was taken over.")
        secret = create()
        self._stage(secret)
        self._prove(secret)
        try:
            self._promote(secret, contents.current)
        except LockConflict as error:
            self._abandon(secret, error)
            raise
        return True

    def _stage(self, secret: K) -> None:
        try:
            self._store.stage(secret, self._store_lock.identity)
        except PanwCloudError as error:
            contents = self._reread(error)
            if contents:
                if _same(contents.pending, secret) or _same(contents.current, secret):
                    return
                error.add(f"The new {self.NOUN} could not be stored. {self.FALLBACK}")
            self._abandon(secret, error)
            raise

    def _prove(self, secret: K) -> None:
        try:
            accepted = self._accepts(secret)
        except PanwCloudError as error:
            error.add(f"The new {self.NOUN} is staged but not proven; the next run finishes. {self.FALLBACK}")
            raise
        if not accepted:
            raise self._refused(secret)

    def _promote(self, secret: K, previous: K | None) -> None:
        """Make a staged secret current. :raises LockConflict: the store has changed, and the secret is not current."""
        try:
            displaced = self._store.promote(self._grace_ends(previous) if previous else None)
        except PanwCloudError as error:
            contents = self._reread(error)
            if contents is None or not _same(contents.current, secret):
                if not isinstance(error, LockConflict):
                    stays = f" {self.FALLBACK}" if contents else ""
                    error.add(f"The new {self.NOUN} is staged; the next run finishes.{stays}")
                raise
            self._revocation.waiting = list(contents.pending_revocations)
        else:
            self._revocation.add(displaced, displaced=not displaced or not _named(displaced, secret))
        outcome = self._outcome
        outcome.changed = outcome.created = True
        outcome.previous, outcome.current = previous, secret

    def _yield_to_other(self, before: Contents[K], *, rotate: bool) -> None:
        """Accept the secret of another run that was quicker, or leave its lock alone. :raises LockConflict: this run needs the lock."""
        contents = self._load()
        made = contents.current is not None and contents.current != before.current
        if not (made or not rotate) or not self._is_usable(contents.current):
            raise self._store_lock.conflict(contents) or lock_conflict("store", "another run was quicker")

    def _remove(self) -> None:
        """End all secrets of the store and delete it.

        :raises PanwCloudError: a secret could not be ended; it stays in the store as pending revocation.
        """
        contents = self._load()
        if not contents.exists:
            return
        conflict = self._store_lock.conflict(contents)
        if conflict:
            raise conflict
        if contents.pending and not isinstance(contents.pending, Reservation):
            self._revocation.add(self._store.drop_pending())
        self._store_lock.reserve()
        self._is_locked = True
        self._revocation.add(self._store.withdraw())
        failures = self._end_due(everything=True)
        if failures:
            self._store_lock.release(failures[0])
            raise failures[0]
        if not self._store_lock.is_held(self._store.load()):
            raise lock_conflict("store", "another run has taken the reservation over")
        self._store.remove()
        self._outcome.current, self._outcome.changed = None, True

    def _end_due(self, *, everything: bool = False, own: str = "") -> list[PanwCloudError]:
        """As L(Revocation.end_due), with the results recorded in the outcome."""
        locks = not (self._store.fences or self._is_locked) and self._revocation.has_due(everything=everything, own=own)
        if locks:  # pending revocations are stored with the current secret, which is written without compare-and-swap
            try:
                self._store_lock.reserve()
            except LockConflict as error:
                return [error] if everything else []
        failures = self._revocation.end_due(self._end, everything=everything, own=own)
        if locks:
            self._is_locked = True
            self._unlock()
        outcome = self._outcome
        outcome.warnings += [str(failure) for failure in failures]
        outcome.pending_revocations = list(self._revocation.waiting)
        outcome.changed = outcome.changed or self._revocation.ended
        while self._revocation.repaired:
            outcome.repair(self._revocation.repaired.pop())
        return failures

    def _unlock(self) -> None:
        if not self._is_locked:
            return
        try:
            self._store.unlock()
        except PanwCloudError as error:
            error.add(
                "The lock stays; the next run takes it over when it is stale, or if this run is known to have ended."
            )
            self._outcome.warnings.append(str(error))
        self._is_locked = False

    def _load(self) -> Contents[K]:
        contents = self._store_lock.load()
        self._revocation.waiting = list(contents.pending_revocations)
        outcome = self._outcome
        outcome.current, outcome.pending_revocations = contents.current, list(contents.pending_revocations)
        outcome.observed = outcome.observed or contents.current
        return contents

    def _reread(self, failure: PanwCloudError) -> Contents[K] | None:
        """The contents of the store after a failed write, None if it cannot be read; then the failure says so."""
        try:
            return self._store.load()
        except PanwCloudError as error:
            failure.add(
                f"The contents of the store are unknown, because it cannot be read either ({error.context.reason})."
            )
            return None


def _same(one: K | Reservation | None, other: K | None) -> bool:
    """Whether both are the same secret."""
    if one is None or other is None or isinstance(one, Reservation):
        return False
    return one.fingerprint == other.fingerprint


def _named(entry: PendingRevocation, secret: K | None) -> bool:
    return secret is not None and entry.fingerprint == secret.fingerprint


def _stale(reservation: Reservation) -> str:
    return f"A stale reservation of {show(reservation.reserved_at)}"
