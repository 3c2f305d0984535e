# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeping the client credentials of a service account in a store: there, accepted, and safe to be killed at any moment.

A service account has one secret: a reset kills the old one before anybody can store the new one. So a reader finds a dead secret from the reset
until the promotion, which are two writes and one proof apart; or after a kill between the two, until the next run. What a kill after each
step leaves behind, and what the next run makes of it:

=================  ==================================================  =====================================================================
killed at          the store holds                                     the next run
=================  ==================================================  =====================================================================
reserve            the old secret, which works; a reservation          takes it over, at once where it sees that the process has ended, else
                                                                       when it is stale: the secret works, so there is nothing to do; a
                                                                       rotation resets it
create or reset    the old secret, dead; a reservation                 takes it over: the secret is dead, so it is reset once more
stage              the old secret, dead; the new one, pending          proves the new one and promotes it
prove              the same                                            the same
promote            the new secret; the old one, dead                   forgets the old one
forget             the new secret
=================  ==================================================  =====================================================================

The reservation comes first, so that the next run may know that the secret of an account which the store does not know is nobody's. The only
secret that works is never dropped: what is staged and not proven stays staged until a proof says that it is dead.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from .._dates import show
from .._errors import Conflict, Evidence, PanwCloudError
from .._stores import store as stores
from .._stores.documents import Reservation, StoredCredentials
from .._stores.guard import Guard
from .proof import Standing
from .wanted import Outcome, Wanted

if TYPE_CHECKING:
    from .service_accounts import ServiceAccount


class Accounts(Protocol):
    """What the keeper asks of the identity API."""

    def named(self, name: str) -> ServiceAccount | None:
        """The account of a name."""

    def create(self, name: str) -> ServiceAccount:
        """A new account, with its secret."""

    def reset(self, account: ServiceAccount) -> ServiceAccount:
        """The account with a new secret; the old one is dead at once."""


class Prover(Protocol):
    """What the keeper asks of the token endpoint."""

    def standing(self, credentials: StoredCredentials) -> Standing:
        """What credentials are worth."""


class UnknownSecret(Conflict):
    """The account has a secret that the store knows nothing of."""

    advice = (
        "Somebody else may use that secret. Take another place if it is kept elsewhere, or set 'adopt': the secret is "
        "reset then, and the old one dead at once."
    )


class OtherAccount(Conflict):
    """The place is another service account's."""

    advice = "Choose another place for each service account."


class UselessSecret(PanwCloudError):
    """The API gave a secret and does not accept it."""

    kind = "useless_secret"
    advice = "Run again: the secret stays staged, is proven again, and reset if it is still not accepted."


class CredentialsKeeper:
    """Brings the credentials of one service account in one store to the state that is wanted.

    :param now: the time of day in UTC.
    """

    def __init__(
        self,
        wanted: Wanted,
        store: stores.Store[StoredCredentials],
        accounts: Accounts,
        prover: Prover,
        now: Callable[[], datetime],
    ) -> None:
        self._wanted, self._store, self._accounts, self._prover, self._now = wanted, store, accounts, prover, now
        attempted = f"keep the credentials of service account {wanted.name}"
        self._attempted = attempted
        self._guard = Guard(store, attempted, wanted.stale_after, wanted.replace_damaged, now, wanted.subject)
        self.outcome = Outcome()

    def run(self, state: str) -> Outcome:
        """Bring it about: C(present), C(rotated) or C(absent)."""
        return self._absent() if state == "absent" else self._keep(rotate=state == "rotated")

    def predict(self, state: str) -> Outcome:
        """What a run would do, without doing any of it. Proves what is stored, and looks for the account where a run would change its secret."""
        contents, outcome = self._load(), self.outcome
        if state == "absent":
            outcome.changed, outcome.current = contents.exists, None
            return outcome
        rotate = state == "rotated"
        if self._left_to_other(contents, rotate=rotate):
            return outcome
        kept = not rotate and self._works(contents.current)
        if not kept and not isinstance(contents.pending, StoredCredentials):
            self._check_known(self._accounts.named(self._wanted.name), contents)
        unsettled = contents.pending or contents.retiring or contents.damage or self._store.drift()
        outcome.changed = bool(not kept or unsettled)
        outcome.current = contents.current if kept else None
        return outcome

    def _absent(self) -> Outcome:
        """Empty the store, and leave the account alone."""
        contents = self._load()
        if not contents.exists:
            return self.outcome
        busy = self._guard.busy(contents)
        if busy:
            raise busy
        self._guard.reserve()
        self._store.remove()
        self.outcome.current, self.outcome.changed = None, True
        return self.outcome

    def _keep(self, *, rotate: bool) -> Outcome:
        contents = self._load()
        if self._left_to_other(contents, rotate=rotate):
            return self.outcome
        for sentence in self._guard.settle(contents):
            self.outcome.repair(sentence)
        self._forget(contents.retiring)
        if isinstance(contents.pending, StoredCredentials) and self._finish(contents.pending, contents.current):
            return self.outcome
        if not rotate and self._works(contents.current):
            if isinstance(contents.pending, Reservation):
                self._store.drop_pending()
                self.outcome.repair(f"{_stale(contents.pending)} was taken back: the stored secret works.")
            return self.outcome
        if self._renew(contents, rotate=rotate):
            return self.outcome
        return self._yield_to_other(contents, rotate=rotate)

    def _left_to_other(self, contents: stores.Contents[StoredCredentials], *, rotate: bool) -> bool:
        """Whether another run is at it and has not come to the reset. :raises Taken: it is, and this one would need it to have ended."""
        busy = self._guard.busy(contents)
        if busy and (rotate or not self._works(contents.current)):
            raise busy
        return bool(busy)

    def _renew(self, contents: stores.Contents[StoredCredentials], *, rotate: bool) -> bool:
        """Reserve, create or reset, stage, prove, promote. :return: False where somebody else was quicker with the reservation."""
        account = self._accounts.named(self._wanted.name)
        self._check_known(account, contents)
        try:
            self._guard.reserve()
        except stores.Taken:
            return False
        again = "the secret of the account is reset" if account else "the account is created"
        if isinstance(contents.pending, Reservation):
            self.outcome.repair(f"{_stale(contents.pending)} was taken over: {again}.")
        elif contents.current and not rotate:
            self.outcome.repair(f"The stored secret was not accepted any more: {again}.")
        try:
            renewed = self._accounts.reset(account) if account else self._accounts.create(self._wanted.name)
        except PanwCloudError as error:
            if error.may_have_acted:
                error.add("The secret may be another one now. The reservation stays: the next run resets the secret.")
            else:
                self._guard.release(error)
            raise
        credentials = self._credentials(renewed)
        try:
            self._store.stage(credentials)
        except PanwCloudError as error:
            error.add("The account has a new secret, which could not be stored and is lost: the next run resets it.")
            raise
        self._prove(credentials)
        self._promote(credentials, contents.current)
        return True

    def _credentials(self, account: ServiceAccount) -> StoredCredentials:
        return StoredCredentials(
            issued_at=self._now(),
            client_id=account.client_id,
            client_secret=account.client_secret or "",
            tsg_id=self._wanted.tsg_id,
            auth_url=self._wanted.auth_url,
            name=self._wanted.name,
            service_account_id=account.id,
        )

    def _prove(self, credentials: StoredCredentials) -> None:
        try:
            standing = self._standing(credentials)
        except PanwCloudError as error:
            error.add("The new secret is staged but not proven; the next run finishes. The old one is dead.")
            raise
        if standing is Standing.DEAD:
            evidence = Evidence(credentials.auth_url, reason=standing.value)
            raise UselessSecret(f"use the new secret of {credentials.client_id}", evidence)

    def _promote(self, credentials: StoredCredentials, previous: StoredCredentials | None) -> None:
        try:
            old = self._store.promote(None)
        except stores.Taken:
            current = self._store.load().current
            if current is None or current.fingerprint != credentials.fingerprint:  # else another run has promoted it
                raise
            old = None
        except PanwCloudError as error:
            error.add("The new secret is staged; the next run finishes. The old one is dead.")
            raise
        self.outcome.changed, self.outcome.previous, self.outcome.current = True, previous, credentials
        self._forget([old] if old else [])

    def _finish(self, pending: StoredCredentials, current: StoredCredentials | None) -> bool:
        """Finish what somebody left half-done: promote a pending secret that is accepted, else drop it. Tell which."""
        name = f"A secret (fingerprint {pending.fingerprint}) of {show(pending.issued_at)} was found half-done"
        if self._standing(pending) is Standing.DEAD:
            dropped = self._store.drop_pending()
            self._forget([dropped] if dropped else [])
            self.outcome.repair(f"{name} and not accepted any more; it is dropped.")
            return False
        self._promote(pending, current)
        self.outcome.repair(f"{name}, proven and promoted.")
        return True

    def _forget(self, retiring: Iterable[stores.Retiring]) -> None:
        """Drop secrets that are dead."""
        for entry in retiring:
            self._store.forget(entry)
            self.outcome.changed = True

    def _yield_to_other(self, before: stores.Contents[StoredCredentials], *, rotate: bool) -> Outcome:
        """Another run has reserved or written meanwhile: take what it has made, or leave it alone."""
        contents = self._load()
        made = contents.current != before.current
        if (made or not rotate) and self._works(contents.current):
            return self.outcome
        raise self._guard.busy(contents) or stores.taken("store", "another run was quicker")

    def _load(self) -> stores.Contents[StoredCredentials]:
        """Read the store. :raises OtherAccount: it is another account's."""
        contents = self._guard.load()
        for found in (contents.current, contents.pending):
            subject = found.reserved_for if isinstance(found, Reservation) else found and f"{found.name}@{found.tsg_id}"
            if subject and subject != self._wanted.subject:
                place = " ".join(self._store.location.values())
                raise OtherAccount(self._attempted, Evidence(place, reason=f"it is the place of {subject}"))
        self.outcome.current = contents.current
        self.outcome.found = self.outcome.found or contents.current
        return contents

    def _check_known(self, account: ServiceAccount | None, contents: stores.Contents[StoredCredentials]) -> None:
        """:raises UnknownSecret: the account has a secret that is not the store's to reset."""
        if account is None or self._wanted.adopt or isinstance(contents.pending, Reservation):
            return
        known = [found.service_account_id for found in (contents.current, contents.pending) if found]
        if account.id not in known:
            reason = f"it exists, {account.client_id}, and the store knows nothing of its secret"
            raise UnknownSecret(self._attempted, Evidence(reason=reason))

    def _works(self, credentials: StoredCredentials | None) -> bool:
        return credentials is not None and self._standing(credentials) is not Standing.DEAD

    def _standing(self, credentials: StoredCredentials) -> Standing:
        standing = self._prover.standing(credentials)
        self.outcome.authorised = standing is Standing.GOOD
        return standing


def _stale(reservation: Reservation) -> str:
    return f"A stale reservation of {show(reservation.reserved_at)}"
