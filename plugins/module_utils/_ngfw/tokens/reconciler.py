# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep a valid token in a store, safe to be killed at any moment.

The states and the steps are those of L(Reconciler). A kill can lose only a token that was issued and not yet stored; it is valid until it expires. The
store's current token works at all times: the old one stays valid until the new one has replaced it and the old one is revoked.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from ..._common.dates import show
from ..._common.errors import ErrorContext, PanwCloudError
from ..._common.redaction import is_header_value
from ..._common.token_pair import TokenPair
from ..._stores.base import Contents, Store
from ..._stores.documents import StoredToken
from ..._stores.lock import StoreLock
from ..._stores.reconciler import Reconciler
from .issuing import shortened
from .spec import StoredTokenResult, TokenApi, TokenSpec, remaining_life


class TokenRejected(PanwCloudError):
    """The API issued a token but does not accept it."""

    kind = "token_rejected"
    advice = "Run again; if it persists, ask the vendor's support."


class TokenReconciler(Reconciler[StoredToken]):
    """Brings one token in one store to the desired state.

    :param now: the current time in UTC. :param run: an identifier that all attempts of the same run share.
    """

    NOUN = "token"
    FALLBACK = "The old one stays."

    def __init__(
        self,
        target: TokenSpec,
        store: Store[StoredToken],
        api: TokenApi,
        now: Callable[[], datetime],
        run: str | None = None,
    ) -> None:
        self._target, self._api = target, api
        self.outcome = StoredTokenResult()
        run = run or str(uuid.uuid4())
        guard = StoreLock(store, "keep the token", target.lock_timeout, target.replace_invalid, now, run=run)
        super().__init__(store, guard, self.outcome, now)

    def run(self, state: str, *, revoke_pending: bool = False) -> StoredTokenResult:
        """Bring the store to a state: C(present), C(rotated), or C(absent), which revokes all tokens of the store and removes it.

        :param revoke_pending: also revoke the tokens whose grace period has not ended yet.
        :raises PanwCloudError: a token could not be issued, stored or revoked; what could not be revoked stays pending in the store.
        """
        if state == "absent":
            self._remove()
            return self.outcome
        self._keep(rotate=state == "rotated")
        if revoke_pending and self.outcome.pending_revocations:
            self._revoke_pending()
        return self.outcome

    def predict(self, state: str, *, revoke_pending: bool = False) -> StoredTokenResult:
        """What L(run) would do, without any change."""
        if state == "absent":
            self.outcome.changed = self._load().exists
            self.outcome.current = None
            return self.outcome
        self._predict(rotate=state == "rotated")
        self.outcome.changed = self.outcome.changed or (revoke_pending and bool(self.outcome.pending_revocations))
        return self.outcome

    def _revoke_pending(self) -> None:
        """Revoke all pending tokens.

        :raises LockConflict: another run holds the lock. :raises PanwCloudError: a token could not be revoked; it stays pending.
        """
        conflict = self._store_lock.conflict(self._load())
        if conflict:
            raise conflict
        failures = self._end_due(everything=True)
        if failures:
            raise failures[0]

    def is_fresh(self, token: StoredToken | None) -> bool:
        """Whether a token stays valid for longer than C(renew_before)."""
        return token is not None and remaining_life(token, self._target, self._now()) > self._target.renew_before

    def _is_usable(self, secret: StoredToken | None) -> bool:
        return secret is not None and remaining_life(secret, self._target, self._now()) > timedelta()

    def _is_good(self, secret: StoredToken | None, *, doubtful: bool) -> bool:
        if secret is None or not self.is_fresh(secret):
            return False
        if not doubtful and not self._target.verify:
            return True
        if self._api.alive(secret):
            return True
        self._outcome.repair(f"The API no longer accepts the stored token (fingerprint {secret.fingerprint}).")
        return False

    def _is_finishable(self, secret: StoredToken) -> bool:
        return self.is_fresh(secret) and self._api.alive(secret)

    def _accepts(self, secret: StoredToken) -> bool:
        return self._api.alive(secret)

    def _prepare(self, contents: Contents[StoredToken], *, rotate: bool) -> Callable[[], StoredToken]:
        source = self._target.source
        service, account = self._api.service(source), self._api.account(source)

        def create() -> StoredToken:
            try:
                issued = service.issue(self._target.admin_role, self._target.expiry_time)
            except PanwCloudError as error:
                self._store_lock.release(error)
                raise
            renew_before = self._target.renew_before // timedelta(minutes=1)
            self.outcome.warnings += shortened(issued.expiry_time, self._target.expiry_time, renew_before)
            return StoredToken(
                pair=issued.pair,
                expires_at=issued.expires_at,
                issued_at=self._now(),
                admin_role=self._target.admin_role.option,
                region=source.endpoint.region,
                url=source.endpoint.url,
                role_arn=source.role_arn,
                account_id=account,
            )

        return create

    def _refused(self, secret: StoredToken) -> PanwCloudError:
        failure = TokenRejected("use the new token", ErrorContext(secret.url, reason="the API does not accept it"))
        self._abandon(secret, failure)
        return failure

    def _abandon(self, secret: StoredToken, failure: PanwCloudError) -> None:
        """Revoke an unusable new token unless the store uses it, and add the result to the failure."""
        name = f"The new token (fingerprint {secret.fingerprint})"
        try:
            contents = self._store.load()
            if contents.current and contents.current.fingerprint == secret.fingerprint:
                failure.add(f"{name} is not revoked: another run has made it the current one.")
                return
            shown = contents.pending if isinstance(contents.pending, StoredToken) else None
            if shown and shown.fingerprint == secret.fingerprint:
                self._store.drop_pending()
                self._is_locked = False
                contents = self._store.load()
            waits = any(entry.fingerprint == secret.fingerprint for entry in contents.pending_revocations)
            self._revocation.waiting = list(contents.pending_revocations)
            failures = self._end_due(own=secret.fingerprint) if waits else self._ended_now(secret)
        except PanwCloudError as error:
            failure.add(
                f"{name} is not revoked, because the store does not show whether it is in use ({error.context.reason}): the next run finishes or "
                f"revokes it if the store holds it, else it expires at {show(secret.expires_at)}."
            )
            return
        reason = f" ({failures[0].context.reason})" if failures else ""
        if any(entry.fingerprint == secret.fingerprint for entry in self._revocation.waiting):
            failure.add(f"{name} is pending revocation in the store{reason}: the next run revokes it.")
        elif failures:
            failure.add(f"{name} could not be revoked either{reason}: it expires at {show(secret.expires_at)}.")
        else:
            failure.add("The new token is revoked.")
        if self._store_lock.is_held(contents):
            self._store_lock.release(failure)

    def _ended_now(self, secret: StoredToken) -> list[PanwCloudError]:
        """End a secret that was never readable in a store. :return: why it could not be ended."""
        try:
            self._end(secret)
        except PanwCloudError as error:
            return [error]
        return []

    def _end(self, secret: StoredToken) -> None:
        """Revoke a token if it can still be valid, with the role that it was issued to."""
        if secret.expires_at > self._now():
            key = secret.subscription_key if is_header_value(secret.subscription_key) else ""
            held = TokenPair(secret.token, key)
            self._api.service(self._target.source.of(secret)).revoke(held)

    def _grace_ends(self, previous: StoredToken) -> datetime | None:
        return min(self._now() + self._target.grace, previous.expires_at) if self._target.grace else None

    def _ends_by_itself(self, secret: StoredToken) -> datetime | None:
        return secret.expires_at
