# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeping the client credentials of a service account in a store: there, accepted, and safe to be killed at any moment.

The states and the steps are those of L(Reconciler). A service account has one secret: a reset kills the old one before the new one can be stored. So a
reader finds a dead secret from the reset until the promotion, which are two writes and one proof apart; or after a kill between the two, until the next run:

* killed after the reset and before the new secret is staged, the next run finds the stored secret dead and resets it once more;
* killed after that, it proves the staged secret and promotes it.

The reservation comes first, so that the next run may know that no store holds the secret of an account which the store does not know. The only
secret that works is never dropped: what is staged and not proven stays staged until a proof says that it is dead.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from .._common.errors import Conflict, Evidence, PanwCloudError
from .._stores.base import Contents, Store
from .._stores.documents import Reservation, StoredCredentials
from .._stores.lock import Guard
from .._stores.reconciler import Reconciler
from .credential_check import Standing
from .desired_state import Outcome, Wanted

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


class CredentialsKeeper(Reconciler[StoredCredentials]):
    """Brings the credentials of one service account in one store to the desired state.

    :param now: the time of day in UTC.
    """

    NOUN = "secret"
    STAYS = "The old one is dead."

    def __init__(
        self,
        wanted: Wanted,
        store: Store[StoredCredentials],
        accounts: Accounts,
        prover: Prover,
        now: Callable[[], datetime],
    ) -> None:
        self._wanted, self._accounts, self._prover = wanted, accounts, prover
        self._attempted = f"keep the credentials of service account {wanted.name}"
        self.outcome = Outcome()
        guard = Guard(store, self._attempted, wanted.stale_after, wanted.replace_damaged, now, wanted.subject)
        super().__init__(store, guard, self.outcome, now)

    def run(self, state: str) -> Outcome:
        """Bring it about: C(present), C(rotated) or C(absent), which empties the store and leaves the account alone."""
        if state == "absent":
            self._remove()
        else:
            self._keep(rotate=state == "rotated")
        return self.outcome

    def predict(self, state: str) -> Outcome:
        """What a run would do, without doing any of it. Proves what is stored, and looks for the account if a run would change its secret."""
        if state == "absent":
            self.outcome.changed, self.outcome.current = self._load().exists, None
            return self.outcome
        if not self._predict(rotate=state == "rotated"):
            contents = self._load()
            if not isinstance(contents.pending, StoredCredentials):
                self._check_known(self._accounts.named(self._wanted.name), contents)
            self.outcome.current = None
        return self.outcome

    def _is_usable(self, secret: StoredCredentials | None) -> bool:
        return secret is not None and self._standing(secret) is not Standing.DEAD

    def _is_good(self, secret: StoredCredentials | None, *, doubtful: bool) -> bool:
        return self._is_usable(secret)

    def _is_finishable(self, secret: StoredCredentials) -> bool:
        return self._is_usable(secret)

    def _accepts(self, secret: StoredCredentials) -> bool:
        return self._is_usable(secret)

    def _prepare(self, contents: Contents[StoredCredentials], *, rotate: bool) -> Callable[[], StoredCredentials]:
        account = self._accounts.named(self._wanted.name)
        self._check_known(account, contents)

        def create() -> StoredCredentials:
            if contents.current and not rotate:
                again = "the secret of the account is reset" if account else "the account is created"
                self.outcome.repair(f"The stored secret was not accepted any more: {again}.")
            try:
                renewed = self._accounts.reset(account) if account else self._accounts.create(self._wanted.name)
            except PanwCloudError as error:
                if error.may_have_acted:
                    error.add(
                        "The secret may be another one now. The reservation stays: the next run resets the secret."
                    )
                else:
                    self._guard.release(error)
                raise
            return self._credentials(renewed)

        return create

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

    def _refused(self, secret: StoredCredentials) -> PanwCloudError:
        evidence = Evidence(secret.auth_url, reason=Standing.DEAD.value)
        return UselessSecret(f"use the new secret of {secret.client_id}", evidence)

    def _abandon(self, secret: StoredCredentials, failure: PanwCloudError) -> None:
        """Leave it where it is: if the store holds it, it is the only secret that works; if not, it is lost."""
        failure.add(
            "The account has a new secret. If the store holds it, the next run finishes; else it is lost, and the next run resets it."
        )

    def _end(self, secret: StoredCredentials) -> None:
        """There is nothing to end: the reset that made a later secret has ended this one."""

    def _grace_ends(self, previous: StoredCredentials) -> datetime | None:
        return None

    def _ends_by_itself(self, secret: StoredCredentials) -> datetime | None:
        return None

    def _load(self) -> Contents[StoredCredentials]:
        """Read the store. :raises OtherAccount: it is another account's."""
        contents = super()._load()
        for found in (contents.current, contents.pending):
            subject = found.reserved_for if isinstance(found, Reservation) else found and f"{found.name}@{found.tsg_id}"
            if subject and subject != self._wanted.subject:
                place = " ".join(self._store.location.values())
                raise OtherAccount(self._attempted, Evidence(place, reason=f"it is the place of {subject}"))
        return contents

    def _check_known(self, account: ServiceAccount | None, contents: Contents[StoredCredentials]) -> None:
        """:raises UnknownSecret: the account has a secret that is not the store's to reset."""
        if account is None or self._wanted.adopt or isinstance(contents.pending, Reservation):
            return
        known = [found.service_account_id for found in (contents.current, contents.pending) if found]
        if account.id not in known:
            reason = f"it exists, {account.client_id}, and the store knows nothing of its secret"
            raise UnknownSecret(self._attempted, Evidence(reason=reason))

    def _standing(self, credentials: StoredCredentials) -> Standing:
        standing = self._prover.standing(credentials)
        self.outcome.authorised = standing is Standing.GOOD
        return standing
