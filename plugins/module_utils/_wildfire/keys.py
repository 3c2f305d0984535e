# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lifecycle of a WildFire key in a registry: a tenant has one live key per product, bound to one service account.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from typing import Protocol

from .._common.errors import Conflict, ErrorContext, InvalidResponse, PanwCloudError
from .._common.polling import Poller
from .._scm.create_once import create_once
from .._scm.service_accounts import ServiceAccount
from .errors import KeyNotReady
from .registry import Key

KNOWN = ("pending", "valid", "revoked", "expired")


class KeyRegistry(Protocol):
    """The interface of a registry, see L(Registry)."""

    @property
    def has_apply(self) -> bool: ...

    def keys(self) -> list[Key]: ...

    def create(self, product: str, client_id: str) -> None: ...

    def revoke(self, key: Key) -> None: ...

    def apply(self) -> None: ...

    def warn(self, text: str) -> None: ...


@dataclasses.dataclass(frozen=True)
class KeyOwner:
    """The service account that a key is bound to.

    :param words: all identifiers that a registry may use for it.
    """

    client_id: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, account: ServiceAccount | None, reference: str | None) -> KeyOwner | None:
        """The referenced account; if it is deleted, only the reference; None without a reference."""
        if account is not None:
            return cls(account.client_id, (account.name, account.client_id, account.id))
        return None if reference is None else cls(reference, (reference,))

    def holds(self, key: Key) -> bool:
        """Whether a key is bound to it."""
        return key.service_account.casefold() in (word.casefold() for word in self.words)

    def __str__(self) -> str:
        return " ".join([self.words[0], *([f"({self.client_id})"] if self.client_id != self.words[0] else [])])


@dataclasses.dataclass(frozen=True)
class KeyResult:
    """The result of reconciling a product's key.

    :param before: None without a live key before. :param after: None without one afterwards.
    """

    changed: bool
    before: Key | None
    after: Key | None


class KeyService:
    """Reconciles a product's key."""

    def __init__(self, registry: KeyRegistry, product: str, poller: Poller) -> None:
        self._registry, self._product, self._poller = registry, product, poller

    def present(self, owner: KeyOwner, *, predict: bool = False) -> KeyResult:
        """Ensure that a valid key is bound to the account: create one if needed, and wait until it is valid.

        :param predict: only predict the result.
        :raises Conflict: the product's key is bound to another account, or the account has another key.
        :raises KeyNotReady: the key is not valid in time, or has another status.
        """
        before = self._own_live(owner)
        if before is not None and before.status == "valid":
            return KeyResult(False, before, before)
        changed = before is None or self._registry.has_apply
        if predict:
            return KeyResult(changed, before, before or Key(None, self._product, owner.client_id, "pending"))
        key = before or self._create(owner)
        after = self._settle(key, ("valid",))
        if after is None or after.status != "valid":
            raise self._not_ready(key, after, "valid")
        return KeyResult(changed, before, after)

    def absent(self, owner: KeyOwner | None, *, predict: bool = False) -> KeyResult:
        """Revoke the product's live key, and wait until it is revoked.

        :param owner: the account that the key must be bound to; None for any.
        :raises Conflict: it is bound to another account.
        :raises KeyNotReady: it is not revoked in time.
        """
        before = self._only(self._keys())
        if before is None:
            return KeyResult(False, None, None)
        if owner is not None and not owner.holds(before):
            raise self._conflict(
                f"revoke the WildFire key of {owner}",
                f"the live key of {self._product}, {before.id}, is bound to {before.service_account}",
                "Name the account that the key is bound to, or leave 'service_account' out to revoke the key of any account.",
            )
        if predict:
            return KeyResult(True, before, None)
        refusal = self._revoke(before)
        after = self._settle(before, ("valid",) if refusal else ())
        if refusal and after and after.status == "valid":  # it was pending and has become valid
            refusal = self._revoke(after)
            after = self._settle(before, ())
        if after is not None and after.live:
            raise refusal or self._not_ready(before, after, "revoked")
        return KeyResult(True, before, after)

    def _own_live(self, owner: KeyOwner) -> Key | None:
        attempted = f"bind a WildFire key for {self._product} to {owner}"
        keys = self._keys()
        key = self._only(keys)
        if key is not None and not owner.holds(key):
            raise self._conflict(
                attempted,
                f"the tenant's key for it, {key.id}, is {key.status} and bound to {key.service_account}",
                "Name that account, or revoke the key with 'state: absent' first, which cannot be undone.",
            )
        other = next(
            (other for other in keys if other.live and other.product != self._product and owner.holds(other)), None
        )
        if key is None and other is not None:
            raise self._conflict(
                attempted,
                f"the account already has the key {other.id} for {other.product}, which is {other.status}, and can have only one",
                "Use another service account, or revoke its other key first, which cannot be undone.",
            )
        return key

    def _keys(self) -> list[Key]:
        keys = self._registry.keys()
        strange = next((key for key in keys if key.status not in KNOWN and key.product == self._product), None)
        if strange is not None:
            raise InvalidResponse(
                f"read the status of the WildFire key {strange.id}",
                ErrorContext(reason=f"its status is '{strange.status}', which is not in 'registry.statuses'"),
                "Add it to 'registry.statuses'.",
            )
        return keys

    def _only(self, keys: Sequence[Key]) -> Key | None:
        live = [key for key in keys if key.live and key.product == self._product]
        if len(live) > 1:
            raise self._conflict(
                f"find the WildFire key for {self._product}",
                f"the registry has several live ones: {', '.join(f'{key.id} of {key.service_account}' for key in live)}",
                "Revoke the superfluous ones in Strata Cloud Manager.",
            )
        return live[0] if live else None

    def _find(self, key: Key) -> Key | None:
        return next((found for found in self._keys() if found.id == key.id), None)

    def _create(self, owner: KeyOwner) -> Key:
        """Create the key once: after a lost response, check the list."""
        create = functools.partial(self._registry.create, self._product, owner.client_id)
        create_once(create, functools.partial(self._own_live, owner), self._registry.warn)
        try:
            key = self._poller.until(lambda: self._own_live(owner), lambda found: found is not None)
        except PanwCloudError as error:
            error.add(f"A WildFire key for {self._product} was created; run again.")
            raise
        if key is None:
            raise KeyNotReady(
                f"find the new WildFire key for {self._product}",
                ErrorContext(reason=f"it is not in the list {self._poller.timeout:.0f} seconds after its creation"),
                "Run again: the list is read before anything is created.",
            )
        return key

    def _revoke(self, key: Key) -> PanwCloudError | None:
        """Request the revocation; return the error if the key is pending, because a revocation may already be in progress."""
        for last in (False, True):
            try:
                self._registry.revoke(key)
                break
            except PanwCloudError as error:
                if error.outcome_unknown:
                    now = self._find(key)
                    if now is None or now.status != key.status:
                        break
                    if not last:
                        continue
                if key.status == "valid":
                    raise
                return error
        return None

    def _settle(self, key: Key, live_goals: Sequence[str]) -> Key | None:
        """Apply the changes, wait until the key is dead or has one of these statuses, and return its final state."""
        try:
            self._registry.apply()
            return self._poller.until(
                lambda: self._find(key), lambda now: now is None or not now.live or now.status in live_goals
            )
        except PanwCloudError as error:
            error.add(f"The WildFire key {key.id} for {self._product} was last seen {key.status}; run again.")
            raise

    def _not_ready(self, key: Key, now: Key | None, goal: str) -> KeyNotReady:
        seen = "no longer in the list" if now is None else f"still {now.status}" if now.live else now.status
        return KeyNotReady(
            f"confirm within {self._poller.timeout:.0f} seconds that the WildFire key {key.id} for {self._product} is {goal}",
            ErrorContext(reason=f"it is {seen}"),
            "Run again: the module waits for a pending key, and ignores revoked and expired ones.",
        )

    @staticmethod
    def _conflict(attempted: str, reason: str, next_step: str) -> Conflict:
        return Conflict(attempted, ErrorContext(reason=reason), next_step)
