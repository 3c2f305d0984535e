# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep working client credentials of a service account in a store; crash-safe at every step.

The states and steps are those of L(Reconciler). A service account has one secret: a reset invalidates the old one before the new one can be stored. So
readers find an invalid secret from the reset until the promotion, two writes and one check later; or, if the run is killed in between, until the next run:

* * killed after the reset and before the new secret is staged: the next run finds the stored secret invalid and resets it again;
* killed after that: it checks the staged secret and promotes it.

The reservation comes first: it shows the next run that no store holds the secret of an account that is unknown to the store. The only working secret
is never dropped: a staged secret that is not checked yet stays staged until a check finds it invalid.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from .._common.errors import Conflict, ErrorContext, PanwCloudError
from .._stores.base import Contents, Store
from .._stores.documents import Reservation, StoredCredentials
from .._stores.lock import StoreLock
from .._stores.reconciler import Reconciler
from .credential_check import CredentialStatus
from .desired_state import DesiredCredentials, StoredCredentialsResult

if TYPE_CHECKING:
    from .service_accounts import ServiceAccount


class Accounts(Protocol):
    """The calls of the identity API that the reconciler needs."""

    def named(self, name: str) -> ServiceAccount | None:
        """The account with a name, None if it does not exist."""

    def create(self, name: str) -> ServiceAccount:
        """Create an account; return it with its secret."""

    def reset(self, account: ServiceAccount) -> ServiceAccount:
        """Reset the secret; return the account with the new one. The old one is invalid immediately."""


class Prover(Protocol):
    """The check at the token endpoint that the reconciler needs."""

    def status(self, credentials: StoredCredentials) -> CredentialStatus:
        """The status of credentials."""


class UnmanagedSecret(Conflict):
    """The account has a secret that is not in the store."""

    advice = (
        "That secret may be in use elsewhere. Use its store if it is kept in one, or set 'adopt' to reset the secret; the "
        "old one is invalid immediately."
    )


class StoreInUse(Conflict):
    """The place in the store belongs to another service account."""

    advice = "Choose another place for each service account."


class SecretRejected(PanwCloudError):
    """The API issued a secret and rejects it."""

    kind = "secret_rejected"
    advice = "Run again: the secret stays staged, is checked again, and reset if it is still rejected."


class CredentialReconciler(Reconciler[StoredCredentials]):
    """Reconciles the credentials of one service account in one store with the desired state.

    :param now: the current time in UTC.
    """

    NOUN = "secret"
    FALLBACK = "The old one is invalid."

    def __init__(
        self,
        desired: DesiredCredentials,
        store: Store[StoredCredentials],
        accounts: Accounts,
        prover: Prover,
        now: Callable[[], datetime],
    ) -> None:
        self._desired, self._accounts, self._prover = desired, accounts, prover
        self._attempted = f"store the credentials of service account {desired.name}"
        self.outcome = StoredCredentialsResult()
        guard = StoreLock(store, self._attempted, desired.lock_timeout, desired.replace_invalid, now, desired.subject)
        super().__init__(store, guard, self.outcome, now)

    def run(self, state: str) -> StoredCredentialsResult:
        """Apply the state C(present), C(rotated) or C(absent), which empties the store and does not change the account."""
        if state == "absent":
            self._remove()
        else:
            self._keep(rotate=state == "rotated")
        return self.outcome

    def predict(self, state: str) -> StoredCredentialsResult:
        """Predict the result of a run without changes. Checks the stored secret, and looks up the account if a run would change its secret."""
        if state == "absent":
            self.outcome.changed, self.outcome.current = self._load().exists, None
            return self.outcome
        if not self._predict(rotate=state == "rotated"):
            contents = self._load()
            if not isinstance(contents.pending, StoredCredentials):
                self._check_known(self._accounts.named(self._desired.name), contents)
            self.outcome.current = None
        return self.outcome

    def _is_usable(self, secret: StoredCredentials | None) -> bool:
        return secret is not None and self._standing(secret) is not CredentialStatus.DEAD

    def _is_good(self, secret: StoredCredentials | None, *, doubtful: bool) -> bool:
        return self._is_usable(secret)

    def _is_finishable(self, secret: StoredCredentials) -> bool:
        return self._is_usable(secret)

    def _accepts(self, secret: StoredCredentials) -> bool:
        return self._is_usable(secret)

    def _prepare(self, contents: Contents[StoredCredentials], *, rotate: bool) -> Callable[[], StoredCredentials]:
        account = self._accounts.named(self._desired.name)
        self._check_known(account, contents)

        def create() -> StoredCredentials:
            if contents.current and not rotate:
                again = "the secret of the account is reset" if account else "the account is created"
                self.outcome.repair(f"The stored secret was rejected: {again}.")
            try:
                renewed = self._accounts.reset(account) if account else self._accounts.create(self._desired.name)
            except PanwCloudError as error:
                if error.outcome_unknown:
                    error.add("The secret may have changed. The reservation stays: the next run resets the secret.")
                else:
                    self._store_lock.release(error)
                raise
            return self._credentials(renewed)

        return create

    def _credentials(self, account: ServiceAccount) -> StoredCredentials:
        return StoredCredentials(
            issued_at=self._now(),
            client_id=account.client_id,
            client_secret=account.client_secret or "",
            tsg_id=self._desired.tsg_id,
            auth_url=self._desired.auth_url,
            name=self._desired.name,
            service_account_id=account.id,
        )

    def _refused(self, secret: StoredCredentials) -> PanwCloudError:
        context = ErrorContext(secret.auth_url, reason=CredentialStatus.DEAD.value)
        return SecretRejected(f"use the new secret of {secret.client_id}", context)

    def _abandon(self, secret: StoredCredentials, failure: PanwCloudError) -> None:
        """Leave it in place: if the store holds it, it is the only working secret; otherwise it is lost."""
        failure.add(
            "The account has a new secret. If the store holds it, the next run completes the rotation; otherwise it is lost, and the next run resets it."
        )

    def _end(self, secret: StoredCredentials) -> None:
        """Nothing to revoke: the reset that created the next secret invalidated this one."""

    def _grace_ends(self, previous: StoredCredentials) -> datetime | None:
        return None

    def _ends_by_itself(self, secret: StoredCredentials) -> datetime | None:
        return None

    def _load(self) -> Contents[StoredCredentials]:
        """Read the store. :raises StoreInUse: it belongs to another account."""
        contents = super()._load()
        for found in (contents.current, contents.pending):
            subject = found.reserved_for if isinstance(found, Reservation) else found and f"{found.name}@{found.tsg_id}"
            if subject and subject != self._desired.subject:
                place = " ".join(self._store.location.values())
                raise StoreInUse(self._attempted, ErrorContext(place, reason=f"it belongs to {subject}"))
        return contents

    def _check_known(self, account: ServiceAccount | None, contents: Contents[StoredCredentials]) -> None:
        """:raises UnmanagedSecret: the account has a secret that is not in the store."""
        if account is None or self._desired.adopt or isinstance(contents.pending, Reservation):
            return
        known = [found.service_account_id for found in (contents.current, contents.pending) if found]
        if account.id not in known:
            reason = f"the account exists ({account.client_id}), but its secret is not in the store"
            raise UnmanagedSecret(self._attempted, ErrorContext(reason=reason))

    def _standing(self, credentials: StoredCredentials) -> CredentialStatus:
        status = self._prover.status(credentials)
        self.outcome.authorized = status is CredentialStatus.GOOD
        return status
