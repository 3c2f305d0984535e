# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeping a token in a store: there, alive, and safe to be killed at any moment.

The states and the steps are those of L(Reconciler). A token that was issued and that no store has recorded is the only one that a kill can lose; it dies at
its expiry. The current token of the store works all the time: the old one goes on working until the new one has taken its place and it is revoked.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from ..._common.dates import show
from ..._common.errors import Evidence, PanwCloudError
from ..._common.redaction import is_header_value
from ..._stores.base import Contents, Store
from ..._stores.documents import StoredToken
from ..._stores.lock import Guard
from ..._stores.reconciler import Reconciler
from ..admin_roles import LONGEST_EXPIRY
from ..client import Held
from .spec import Api, Outcome, Target

LONGEST_LIFE = timedelta(minutes=LONGEST_EXPIRY)
SKEW = timedelta(minutes=5)  # more than that, and AWS refuses a signature


class UselessToken(PanwCloudError):
    """The API issued a token and does not accept it."""

    kind = "useless_token"
    advice = "Run again; if it persists, ask the vendor's support."


class NoWorkingToken(PanwCloudError):
    """What readers of the store find is of no use to them."""

    kind = "no_working_token"
    advice = "Put a new one there with the state 'rotated'."


class Keeper(Reconciler[StoredToken]):
    """Brings one token in one store to the desired state.

    :param now: the time of day in UTC. :param run: an identifier that further attempts of the same run have in common.
    """

    NOUN = "token"
    STAYS = "The old one stays."

    def __init__(
        self,
        target: Target,
        store: Store[StoredToken],
        api: Api,
        now: Callable[[], datetime],
        run: str | None = None,
    ) -> None:
        self._target, self._api = target, api
        self.outcome = Outcome()
        run = run or str(uuid.uuid4())
        guard = Guard(store, "keep the token", target.stale_after, target.replace_damaged, now, run=run)
        super().__init__(store, guard, self.outcome, now)

    def present(self) -> Outcome:
        """Ensure that a token with enough life is in the store."""
        self._keep(rotate=False)
        return self.outcome

    def rotated(self) -> Outcome:
        """Put a new token in the store; an interrupted rotation is finished instead of begun again."""
        self._keep(rotate=True)
        return self.outcome

    def revoked(self) -> Outcome:
        """Revoke all tokens of the store and take it away.

        :raises PanwCloudError: a token could not be revoked; it stays in the store as one that waits for revocation.
        """
        self._remove()
        return self.outcome

    def verified(self) -> Outcome:
        """Prove that readers of the store find a token that the API accepts; change nothing.

        :raises NoWorkingToken: there is none, or it is one of another place, has expired or is refused.
        """
        current = self._load().current
        reason = "the store holds no token" if current is None else "it has expired, or is not the one that is wanted"
        if current is not None and self._is_usable(current):
            if self._api.alive(current):
                return self.outcome
            reason = f"the API does not accept it (fingerprint {current.fingerprint})"
        raise NoWorkingToken("verify the token", Evidence(self._target.url, reason=reason))

    def retired(self) -> Outcome:
        """Revoke the tokens that wait for revocation, before they are due; the current one stays.

        :raises PanwCloudError: a token could not be revoked; it goes on waiting.
        """
        conflict = self._guard.busy(self._load())
        if conflict:
            raise conflict
        failures = self._end_due(everything=True)
        if failures:
            raise failures[0]
        return self.outcome

    def run(self, state: str) -> Outcome:
        """Bring it about: C(present), C(rotated), C(verified), C(retired) or C(revoked)."""
        doings = {
            "present": self.present,
            "rotated": self.rotated,
            "verified": self.verified,
            "retired": self.retired,
            "revoked": self.revoked,
        }
        return doings[state]()

    def predict(self, state: str) -> Outcome:
        """What a run would do, without doing any of it."""
        if state == "verified":  # it changes nothing anyway
            return self.verified()
        if state in ("present", "rotated"):
            self._predict(rotate=state == "rotated")
            return self.outcome
        contents, outcome = self._load(), self.outcome
        outcome.changed = bool(contents.retiring) if state == "retired" else contents.exists
        if state == "revoked":
            outcome.current = None
        return outcome

    def is_fresh(self, token: StoredToken | None) -> bool:
        """Whether a token is good for use for longer than it has to be."""
        return token is not None and self._life(token) > self._target.renew_before

    def _is_usable(self, secret: StoredToken | None) -> bool:
        return secret is not None and self._life(secret) > timedelta()

    def _is_good(self, secret: StoredToken | None, *, doubtful: bool) -> bool:
        if secret is None or not self.is_fresh(secret):
            return False
        if not doubtful and not self._target.verify:
            return True
        if self._api.alive(secret):
            return True
        self._outcome.repair(f"The API does not accept the stored token (fingerprint {secret.fingerprint}) any more.")
        return False

    def _life(self, token: StoredToken) -> timedelta:
        """How long readers can use a token; not at all if it is for another place, if no header can carry it, or if the API cannot have granted its dates."""
        now = self._now()
        sendable = is_header_value(token.token) and is_header_value(token.subscription_key)
        if not sendable or not self._target.is_of(token) or token.issued_at > now + SKEW:
            return timedelta()
        return min(token.expires_at, token.issued_at + LONGEST_LIFE) - now

    def _is_finishable(self, secret: StoredToken) -> bool:
        return self.is_fresh(secret) and self._api.alive(secret)

    def _accepts(self, secret: StoredToken) -> bool:
        return self._api.alive(secret)

    def _prepare(self, contents: Contents[StoredToken], *, rotate: bool) -> Callable[[], StoredToken]:
        service, account = self._api.service(*self._target.place), self._api.account()

        def create() -> StoredToken:
            try:
                issued = service.issue(self._target.admin_role, self._target.expiry_time)
            except PanwCloudError as error:
                self._guard.release(error)
                raise
            return StoredToken(
                token=issued.held.token,
                subscription_key=issued.held.subscription_key,
                expires_at=issued.expires_at,
                issued_at=self._now(),
                admin_role=self._target.admin_role.option,
                region=self._target.region,
                url=self._target.url,
                role_arn=self._target.role_arn,
                account_id=account,
            )

        return create

    def _refused(self, secret: StoredToken) -> PanwCloudError:
        failure = UselessToken("use the new token", Evidence(secret.url, reason="the API does not accept it"))
        self._abandon(secret, failure)
        return failure

    def _abandon(self, secret: StoredToken, failure: PanwCloudError) -> None:
        """Revoke a new token that cannot be used, after a look at what the store makes of it, and say what became of it."""
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
            waits = any(entry.fingerprint == secret.fingerprint for entry in contents.retiring)
            self._retirement.waiting = list(contents.retiring)
            failures = self._end_due(own=secret.fingerprint) if waits else self._ended_now(secret)
        except PanwCloudError as error:
            failure.add(
                f"{name} is not revoked, because the store does not show whether it is in use ({error.evidence.reason}): the next run finishes or "
                f"revokes it if the store holds it, else it dies at {show(secret.expires_at)}."
            )
            return
        reason = f" ({failures[0].evidence.reason})" if failures else ""
        if any(entry.fingerprint == secret.fingerprint for entry in self._retirement.waiting):
            failure.add(f"{name} waits in the store for its revocation{reason}: the next run revokes it.")
        elif failures:
            failure.add(f"{name} could not be revoked either{reason}: it dies at {show(secret.expires_at)}.")
        else:
            failure.add("The new token is revoked.")
        if self._guard.is_held(contents):
            self._guard.release(failure)

    def _ended_now(self, secret: StoredToken) -> list[PanwCloudError]:
        try:
            self._retirement.end_now(secret)
        except PanwCloudError as error:
            return [error]
        return []

    def _end(self, secret: StoredToken) -> None:
        """Revoke a token if it can still be alive, with the role that it was issued to."""
        if secret.expires_at > self._now():
            key = secret.subscription_key if is_header_value(secret.subscription_key) else ""
            held = Held(secret.token, key)
            self._api.service(secret.role_arn, secret.region, secret.url).revoke(held)

    def _grace_ends(self, previous: StoredToken) -> datetime | None:
        return min(self._now() + self._target.grace, previous.expires_at) if self._target.grace else None

    def _ends_by_itself(self, secret: StoredToken) -> datetime | None:
        return secret.expires_at
