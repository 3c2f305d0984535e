# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings one secret in one store to the desired state, beside other runs, whatever is killed, lost, late or repeated.

The invariant: the current secret of a store is never one that this collection has ended. Four rules keep it, each of them in one place:

1. A secret that a store has shown is ended only by L(Retirement): after a fresh read has shown that it is neither current nor pending, or right after
   the store itself has replaced it by compare-and-swap.
2. What another run has put in the pending place, a reservation or a new secret, is its lock while that run can be alive (L(Guard.busy)): it is not judged.
3. A promotion succeeds only while the store is as it was when the secret was seen pending, and a secret leaves the pending place only by promotion,
   or by L(Store.drop_pending), after which a promotion that was prepared earlier fails. A store that cannot promise that (C(fences)) keeps a secret of a run
   that can be alive until it expires.
4. A lost answer is settled by reading before anything is undone: in the stores for each write, here for all of them (L(Reconciler._reread)). What cannot be
   read is left as it is, and the failure says so.

Every step writes one thing:

==========  ==============================================  ==============================================================================
killed at   the store holds                                 the next run
==========  ==============================================  ==============================================================================
reserve     the old secret; a reservation                   takes it over, at once if it sees that the process has ended, else when it is stale
create      the same; a secret that no store has recorded   the same: a token is lost and expires, the secret of an account is reset once more
stage       the old secret; the new one, pending            takes it over: if it is accepted and good for use, it is promoted
prove       the same                                        the same
promote     the new secret; the old one, retiring           ends the old one as soon as it is due
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
from .base import Contents, Retiring, Store, Taken, taken
from .documents import K, Reservation
from .lock import Guard
from .revocation import Retirement


@dataclasses.dataclass
class StoreOutcome(Generic[K]):
    """What a run did to a store.

    :param made: whether a new secret was put in place.
    :param found: the secret that was current when the run began. :param previous: that one, if another has taken its place.
    :param retiring: secrets that wait for their end.
    :param repaired: sentences on what an interrupted run had left, or what was wrong, and was put right.
    """

    changed: bool = False
    made: bool = False
    current: K | None = None
    found: K | None = None
    previous: K | None = None
    retiring: list[Retiring] = dataclasses.field(default_factory=list)
    repaired: list[str] = dataclasses.field(default_factory=list)
    warnings: list[str] = dataclasses.field(default_factory=list)

    def repair(self, sentence: str) -> None:
        """Note what was put right."""
        self.repaired.append(sentence)
        self.changed = True


class Reconciler(abc.ABC, Generic[K]):
    """What the reconcilers of tokens and of credentials have in common. A subclass says what a secret is worth, and how to make and end one.

    :param outcome: is worked on. :param now: the time of day in UTC. :cvar NOUN: what is kept, for sentences. :cvar STAYS: what a failure says of the old one.
    """

    NOUN: str
    STAYS: str

    def __init__(self, store: Store[K], guard: Guard[K], outcome: StoreOutcome[K], now: Callable[[], datetime]) -> None:
        self._store, self._guard, self._now, self._outcome = store, guard, now, outcome
        self._retirement: Retirement[K] = Retirement(store, self._end, now)
        self._is_locked = False

    @abc.abstractmethod
    def _is_usable(self, secret: K | None) -> bool:
        """Whether readers of the store can use a secret."""

    @abc.abstractmethod
    def _is_good(self, secret: K | None, *, doubtful: bool) -> bool:
        """Whether a secret needs no renewal. :param doubtful: whether there is reason to ask the API."""

    @abc.abstractmethod
    def _is_finishable(self, secret: K) -> bool:
        """Whether a secret that an interrupted run has staged is accepted and good for use."""

    @abc.abstractmethod
    def _accepts(self, secret: K) -> bool:
        """Whether the API accepts a new secret."""

    @abc.abstractmethod
    def _prepare(self, contents: Contents[K], *, rotate: bool) -> Callable[[], K]:
        """Get ready to make a secret, before the store is reserved. :return: makes it; if that fails, sees to the reservation."""

    @abc.abstractmethod
    def _refused(self, secret: K) -> PanwCloudError:
        """The failure for a new secret that the API does not accept, after doing with it what is to be done."""

    @abc.abstractmethod
    def _abandon(self, secret: K, failure: PanwCloudError) -> None:
        """Do with a new secret, which is not current, what is to be done after a failure to store it."""

    @abc.abstractmethod
    def _end(self, secret: K) -> None:
        """End a secret for good."""

    @abc.abstractmethod
    def _grace_ends(self, previous: K) -> datetime | None:
        """When a secret that another one displaces is to be ended, None for at once."""

    @abc.abstractmethod
    def _ends_by_itself(self, secret: K) -> datetime | None:
        """When a secret ends though nobody ends it, None for never."""

    def _keep(self, *, rotate: bool) -> None:
        """Bring the store to a good secret, or with C(rotate) to a new one; finish an interrupted rotation instead of beginning another."""
        contents = self._load()
        if self._is_left_alone(contents, rotate=rotate):
            return
        for sentence in self._guard.settle(contents):
            self._outcome.repair(sentence)
        try:
            done = self._finish(contents)
        except Taken:
            self._yield_to_other(contents, rotate=rotate)
            return
        done = done or (not rotate and self._is_kept(contents))
        if done or self._renew(contents, rotate=rotate):
            self._end_due()
            self._unlock()
        else:
            self._yield_to_other(contents, rotate=rotate)

    def _predict(self, *, rotate: bool) -> bool:
        """What L(_keep) would do, without doing any of it. :return: whether it would keep the current secret."""
        contents = self._load()
        if self._is_left_alone(contents, rotate=rotate):
            return True
        kept = not rotate and self._is_good(contents.current, doubtful=False)
        due = [entry for entry in contents.retiring if entry.due <= self._now()]
        pending = None if self._is_left_lying(contents) else contents.pending
        unsettled = pending or due or contents.damage or self._store.drift()
        self._outcome.changed = bool(not kept or unsettled)
        self._outcome.current = contents.current if kept else None
        return kept

    def _is_left_alone(self, contents: Contents[K], *, rotate: bool) -> bool:
        """Whether another run holds the lock, and readers have what they need. :raises Taken: it does, and this run needs the lock."""
        conflict = self._guard.busy(contents)
        if conflict and (rotate or not self._is_usable(contents.current)):
            raise conflict
        return bool(conflict)

    def _finish(self, contents: Contents[K]) -> bool:
        """Promote what an interrupted run has staged if it is good for use, else drop it. :raises Taken: another run was quicker."""
        pending, current = contents.pending, contents.current
        if pending is None or isinstance(pending, Reservation):
            return False
        if not self._store.fences:  # two runs can find it: only one of them can stage it again
            self._store.stage(pending, self._guard.identity)
        self._is_locked = True
        name = f"A {self.NOUN} (fingerprint {pending.fingerprint}) of {show(pending.issued_at)} was left staged by an interrupted run"
        if _same(pending, current):
            name = f"The current {self.NOUN} (fingerprint {pending.fingerprint}) was staged as well, as after a change by hand"
        elif self._is_finishable(pending):
            self._promote(pending, current)
            self._outcome.repair(f"{name}; it is proven and promoted.")
            return True
        self._is_locked = False
        can_be_promoted = not self._store.fences and not self._guard.is_abandoned(contents)
        due = self._ends_by_itself(pending) if can_be_promoted else None
        self._retirement.add(self._store.drop_pending(due))
        self._outcome.repair(f"{name}; it is dropped.")
        return False

    def _is_kept(self, contents: Contents[K]) -> bool:
        """Whether the current secret needs no renewal; then a stale reservation is taken away."""
        current = contents.current
        doubtful = bool(self._outcome.repaired) or any(_named(entry, current) for entry in contents.retiring)
        if not self._is_good(current, doubtful=doubtful):
            return False
        if isinstance(contents.pending, Reservation) and not self._is_left_lying(contents):
            with contextlib.suppress(Taken):  # another run has taken it over
                self._store.drop_pending()
                self._outcome.repair(f"{_stale(contents.pending)} was removed: the stored {self.NOUN} is good.")
        return True

    def _is_left_lying(self, contents: Contents[K]) -> bool:
        """Whether a stale reservation stays for the next rotation, because to remove it could remove that of another run."""
        return isinstance(contents.pending, Reservation) and not self._store.fences

    def _renew(self, contents: Contents[K], *, rotate: bool) -> bool:
        """Reserve, create, stage, prove, promote. :return: False if another run was quicker with the reservation."""
        create = self._prepare(contents, rotate=rotate)
        try:
            self._guard.reserve()
        except Taken:
            return False
        self._is_locked = True
        if isinstance(contents.pending, Reservation):
            self._outcome.repair(f"{_stale(contents.pending)} was taken over.")
        secret = create()
        self._stage(secret)
        self._prove(secret)
        try:
            self._promote(secret, contents.current)
        except Taken as error:
            self._abandon(secret, error)
            raise
        return True

    def _stage(self, secret: K) -> None:
        try:
            self._store.stage(secret, self._guard.identity)
        except PanwCloudError as error:
            contents = self._reread(error)
            if contents:
                if _same(contents.pending, secret) or _same(contents.current, secret):
                    return
                error.add(f"The new {self.NOUN} could not be stored. {self.STAYS}")
            self._abandon(secret, error)
            raise

    def _prove(self, secret: K) -> None:
        try:
            accepted = self._accepts(secret)
        except PanwCloudError as error:
            error.add(f"The new {self.NOUN} is staged but not proven; the next run finishes. {self.STAYS}")
            raise
        if not accepted:
            raise self._refused(secret)

    def _promote(self, secret: K, previous: K | None) -> None:
        """:raises Taken: the store has changed, and the secret is not current."""
        try:
            displaced = self._store.promote(self._grace_ends(previous) if previous else None)
        except PanwCloudError as error:
            contents = self._reread(error)
            if contents is None or not _same(contents.current, secret):
                if not isinstance(error, Taken):
                    stays = f" {self.STAYS}" if contents else ""
                    error.add(f"The new {self.NOUN} is staged; the next run finishes.{stays}")
                raise
            self._retirement.waiting = list(contents.retiring)
        else:
            self._retirement.add(displaced, displaced=not displaced or not _named(displaced, secret))
        outcome = self._outcome
        outcome.changed = outcome.made = True
        outcome.previous, outcome.current = previous, secret

    def _yield_to_other(self, before: Contents[K], *, rotate: bool) -> None:
        """Another run has reserved or written meanwhile: take what it has made, or leave it alone."""
        contents = self._load()
        made = contents.current is not None and contents.current != before.current
        if not (made or not rotate) or not self._is_usable(contents.current):
            raise self._guard.busy(contents) or taken("store", "another run was quicker")

    def _remove(self) -> None:
        """End all secrets of the store and take it away.

        :raises PanwCloudError: a secret could not be ended; it stays in the store as one that waits for that.
        """
        contents = self._load()
        if not contents.exists:
            return
        conflict = self._guard.busy(contents)
        if conflict:
            raise conflict
        if contents.pending and not isinstance(contents.pending, Reservation):
            self._retirement.add(self._store.drop_pending())
        self._guard.reserve()
        self._is_locked = True
        self._retirement.add(self._store.withdraw())
        failures = self._end_due(everything=True)
        if failures:
            self._guard.release(failures[0])
            raise failures[0]
        if not self._guard.is_held(self._store.load()):
            raise taken("store", "another run has taken the reservation over")
        self._store.remove()
        self._outcome.current, self._outcome.changed = None, True

    def _end_due(self, *, everything: bool = False, own: str = "") -> list[PanwCloudError]:
        """As L(Retirement.end_due), with note of what became of it."""
        locks = not (self._store.fences or self._is_locked) and self._retirement.has_due(everything=everything, own=own)
        if locks:  # what waits lies beside what is current, which is written blindly
            try:
                self._guard.reserve()
            except Taken as error:
                return [error] if everything else []
        failures = self._retirement.end_due(everything=everything, own=own)
        if locks:
            self._is_locked = True
            self._unlock()
        outcome = self._outcome
        outcome.warnings += [str(failure) for failure in failures]
        outcome.retiring = list(self._retirement.waiting)
        outcome.changed = outcome.changed or self._retirement.ended
        while self._retirement.repaired:
            outcome.repair(self._retirement.repaired.pop())
        return failures

    def _unlock(self) -> None:
        if not self._is_locked:
            return
        try:
            self._store.unlock()
        except PanwCloudError as error:
            error.add(
                "The lock stays; the next run takes it over when it is stale, or when it sees that this one has ended."
            )
            self._outcome.warnings.append(str(error))
        self._is_locked = False

    def _load(self) -> Contents[K]:
        contents = self._guard.load()
        self._retirement.waiting = list(contents.retiring)
        outcome = self._outcome
        outcome.current, outcome.retiring = contents.current, list(contents.retiring)
        outcome.found = outcome.found or contents.current
        return contents

    def _reread(self, failure: PanwCloudError) -> Contents[K] | None:
        """What the store holds after a failed write, None if it cannot be read; then the failure says so."""
        try:
            return self._store.load()
        except PanwCloudError as error:
            failure.add(
                f"What the store holds now is not known, because it cannot be read either ({error.evidence.reason})."
            )
            return None


def _same(one: K | Reservation | None, other: K | None) -> bool:
    """Whether both are the same secret."""
    if one is None or other is None or isinstance(one, Reservation):
        return False
    return one.fingerprint == other.fingerprint


def _named(entry: Retiring, secret: K | None) -> bool:
    return secret is not None and entry.fingerprint == secret.fingerprint


def _stale(reservation: Reservation) -> str:
    return f"A stale reservation of {show(reservation.reserved_at)}"
