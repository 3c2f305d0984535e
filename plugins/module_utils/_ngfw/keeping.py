# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeping a token in a store: there, alive, and safe to be killed at any moment.

Every step writes one thing. What a kill after each of them leaves behind, and what the next run makes of it:

==========  ==============================================  ==============================================================================
killed at   the store holds                                 the next run
==========  ==============================================  ==============================================================================
reserve     the old token; a reservation                    takes it over, at once where it sees that the process has ended, else when it is stale
issue       the same; a token that nobody has recorded,     the same; that token dies at its expiry
            the only one that can get lost
stage       the old token; the new one, pending             proves the new one: alive and good for use, it is promoted, else revoked
prove       the same                                        the same
promote     the new token; the old one, retiring            revokes the old one as soon as it is due
revoke      the same, but the old one is dead               finds it dead, and forgets it
forget      the new token
==========  ==============================================  ==============================================================================

The current token of the store works all the time. A revocation comes only after the revoked token has stopped to be the current one.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from .._dates import show
from .._errors import Evidence, PanwCloudError
from .._stores.documents import Reservation, StoredToken
from .._stores.guard import Guard
from .._stores.store import Contents, Store, Taken, taken
from .retirement import Retirement
from .targets import Api, Outcome, Target


class UselessToken(PanwCloudError):
    """The API issued a token and does not accept it."""

    kind = "useless_token"
    advice = "Run again; if it persists, ask the vendor's support."


class NoWorkingToken(PanwCloudError):
    """What readers of the store find is of no use to them."""

    kind = "no_working_token"
    advice = "Put a new one there with the state 'rotated'."


class Keeper:
    """Brings one token in one store to the state that is wanted.

    :param now: the time of day in UTC. :param run: an identifier that further attempts of the same run have in common.
    """

    def __init__(
        self,
        target: Target,
        store: Store[StoredToken],
        api: Api,
        now: Callable[[], datetime],
        run: str | None = None,
    ) -> None:
        self._target, self._store, self._api, self._now = target, store, api, now
        self._guard = Guard(
            store,
            "keep the token",
            target.stale_after,
            target.replace_damaged,
            now,
            run=run or str(uuid.uuid4()),
        )
        self.outcome = Outcome()
        self._retirement = Retirement(store, api, self.outcome, now)

    def present(self) -> Outcome:
        """See that a token with enough life is in the store."""
        return self._keep(rotate=False)

    def rotated(self) -> Outcome:
        """Put a new token in the store; a rotation that was found half-done is finished instead of begun again."""
        return self._keep(rotate=True)

    def revoked(self) -> Outcome:
        """Revoke all tokens of the store and take it away.

        :raises PanwCloudError: a token could not be revoked; it stays in the store as one that waits for revocation.
        """
        contents = self._load()
        if not contents.exists:
            return self.outcome
        busy = self._guard.busy(contents)
        if busy:
            raise busy
        if isinstance(contents.pending, StoredToken):
            self._retirement.add(self._store.drop_pending())
        self._guard.reserve()
        self._retirement.add(self._store.withdraw())
        failures = self._retirement.end_due(everything=True)
        if failures:
            self._guard.release(failures[0])
            raise failures[0]
        self._store.remove()
        self.outcome.current, self.outcome.changed = None, True
        return self.outcome

    def verified(self) -> Outcome:
        """See that readers of the store find a token that the API accepts; change nothing.

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
        busy = self._guard.busy(self._load())
        if busy:
            raise busy
        failures = self._retirement.end_due(everything=True)
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
        contents, outcome = self._load(), self.outcome
        if state == "revoked":
            outcome.changed, outcome.current = contents.exists, None
            return outcome
        if state == "retired":
            outcome.changed = bool(contents.retiring)
            return outcome
        kept = state == "present" and self._is_good(contents.current)
        due = [entry for entry in contents.retiring if entry.due <= self._now()]
        half_done = isinstance(contents.pending, StoredToken)
        outcome.changed = bool(not kept or half_done or due or contents.damage or self._store.drift())
        outcome.current = contents.current if kept else None
        return outcome

    def _keep(self, *, rotate: bool) -> Outcome:
        contents = self._load()
        busy = self._guard.busy(contents)
        if busy:
            if rotate or not self._is_usable(contents.current):
                raise busy
            return self.outcome  # somebody else is at it
        for sentence in self._guard.settle(contents):
            self._repaired(sentence)
        done = not rotate and self._is_good(contents.current)
        if isinstance(contents.pending, StoredToken):
            done = self._finish(contents.pending, contents.current) or done
        if done or self._renew(contents):
            self._retirement.end_due()
            return self.outcome
        return self._yield_to_other(contents, rotate=rotate)

    def _renew(self, contents: Contents[StoredToken]) -> bool:
        """Reserve, issue, stage, prove, promote. :return: False where somebody else was quicker with the reservation."""
        service, account = self._api.service(*self._target.place), self._api.account()
        try:
            self._guard.reserve()
        except Taken:
            return False
        if isinstance(contents.pending, Reservation):
            self._repaired(f"A stale reservation of {show(contents.pending.reserved_at)} was taken over.")
        try:
            issued = service.issue(self._target.admin_role, self._target.expiry_time)
        except PanwCloudError as error:
            self._guard.release(error)
            raise
        token = StoredToken(
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
        try:
            self._store.stage(token)
        except PanwCloudError as error:
            error.add("The new token could not be stored. The old one stays.")
            self._take_back(token, error)
            raise
        self._prove(token)
        self._promote(token, contents.current)
        return True

    def _yield_to_other(self, before: Contents[StoredToken], *, rotate: bool) -> Outcome:
        """Another run has reserved or written meanwhile: take what it has made, or leave it alone."""
        contents = self._load()
        made = contents.current is not None and contents.current != before.current
        if self._is_usable(contents.current) and (made or not rotate):
            return self.outcome
        raise self._guard.busy(contents) or taken("store", "another run was quicker")

    def _prove(self, token: StoredToken) -> None:
        try:
            alive = self._api.alive(token)
        except PanwCloudError as error:
            error.add("The new token is staged but not proven; the next run finishes or revokes it. The old one stays.")
            raise
        if not alive:
            failure = UselessToken("use the new token", Evidence(token.url, reason="the API does not accept it"))
            self._take_back(token, failure)
            raise failure

    def _promote(self, token: StoredToken, previous: StoredToken | None) -> None:
        due = min(self._now() + self._target.grace, previous.expires_at) if previous and self._target.grace else None
        try:
            old = self._store.promote(due)
        except Taken as error:
            current = self._store.load().current
            if current is None or current.fingerprint != token.fingerprint:  # else another run has promoted it
                self._take_back(token, error)
                raise
            old = None
        except PanwCloudError as error:
            error.add("The new token is staged; the next run finishes. The old one stays.")
            raise
        self._retirement.add(old)
        self.outcome.changed = self.outcome.made = True
        self.outcome.previous, self.outcome.current = previous, token

    def _finish(self, pending: StoredToken, current: StoredToken | None) -> bool:
        """Finish what somebody left half-done: promote the pending token where it is of use, else let it retire. Tell which."""
        name = f"A token (fingerprint {pending.fingerprint}) of {show(pending.issued_at)} was found half-done"
        if self._is_good(pending) and self._api.alive(pending):
            self._promote(pending, current)
            self._repaired(f"{name}, proven and promoted.")
            return True
        self._retirement.add(self._store.drop_pending())
        self._repaired(f"{name} and of no use; it is revoked.")
        return False

    def _take_back(self, token: StoredToken, failure: PanwCloudError) -> None:
        """Revoke a new token that cannot be used, and tell what became of it."""
        try:
            self._retirement.revoke(token)
        except PanwCloudError as error:
            failure.add(
                f"The new token (fingerprint {token.fingerprint}) could not be revoked either ({error.evidence.reason}): "
                f"it dies at {show(token.expires_at)}, if no later run finds it in the store."
            )
        else:
            failure.add("The new token is revoked.")
        self._guard.release(failure)

    def _load(self) -> Contents[StoredToken]:
        contents = self._guard.load()
        self.outcome.current, self.outcome.retiring = contents.current, list(contents.retiring)
        self.outcome.found = self.outcome.found or contents.current
        return contents

    def _repaired(self, sentence: str) -> None:
        self.outcome.repaired.append(sentence)
        self.outcome.changed = True

    def _is_good(self, token: StoredToken | None) -> bool:
        return self._is_usable(token, self._target.renew_before)

    def _is_usable(self, token: StoredToken | None, life: timedelta = timedelta()) -> bool:
        return token is not None and self._target.is_of(token) and token.expires_at - self._now() > life
