# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life of a WildFire key, by a registry: there is one live key per product of a tenant, and it is bound to one service account.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from typing import Protocol

from .._common.errors import Conflict, Evidence, MalformedAnswer, PanwCloudError
from .._scm.create_once import created_once
from .._scm.service_accounts import ServiceAccount
from .errors import KeyNotReady
from .registry import Key
from .waiting import Patience

KNOWN = ("pending", "valid", "revoked", "expired")


class KeyRegistry(Protocol):
    """What is asked of a registry, see L(Registry)."""

    @property
    def has_apply(self) -> bool: ...

    def keys(self) -> list[Key]: ...

    def create(self, product: str, client_id: str) -> None: ...

    def revoke(self, key: Key) -> None: ...

    def apply(self) -> None: ...

    def warn(self, text: str) -> None: ...


@dataclasses.dataclass(frozen=True)
class Holder:
    """The service account that a key is bound to.

    :param words: all by which a registry may call it.
    """

    client_id: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, account: ServiceAccount | None, reference: str | None) -> Holder | None:
        """The account that somebody referred to; where it is deleted, its reference alone. None where nobody referred to one."""
        if account is not None:
            return cls(account.client_id, (account.name, account.client_id, account.id))
        return None if reference is None else cls(reference, (reference,))

    def holds(self, key: Key) -> bool:
        """Whether a key is bound to it."""
        return key.service_account.casefold() in (word.casefold() for word in self.words)

    def __str__(self) -> str:
        return " ".join([self.words[0], *([f"({self.client_id})"] if self.client_id != self.words[0] else [])])


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of a product's key.

    :param before: None where there was no live key. :param after: None where there is none any more.
    """

    changed: bool
    before: Key | None
    after: Key | None


class KeyService:
    """Brings a product's key where it shall be."""

    def __init__(self, registry: KeyRegistry, product: str, patience: Patience) -> None:
        self._registry, self._product, self._patience = registry, product, patience

    def present(self, holder: Holder, *, predict: bool = False) -> Outcome:
        """See that there is a valid key that is bound to the account: create one once, and wait until it is valid.

        :param predict: only tell what would be.
        :raises Conflict: the product's key is bound to another account, or the account carries another key.
        :raises KeyNotReady: the key is not valid within the time, or became something else.
        """
        before = self._own_live(holder)
        if before is not None and before.status == "valid":
            return Outcome(False, before, before)
        changed = before is None or self._registry.has_apply
        if predict:
            return Outcome(changed, before, before or Key(None, self._product, holder.client_id, "pending"))
        key = before or self._create(holder)
        after = self._settle(key, ("valid",))
        if after is None or after.status != "valid":
            raise self._not_ready(key, after, "valid")
        return Outcome(changed, before, after)

    def absent(self, holder: Holder | None, *, predict: bool = False) -> Outcome:
        """See that the product has no live key: revoke it, and wait until it is revoked.

        :param holder: the account that the key has to be bound to; None for any.
        :raises Conflict: it is bound to another account.
        :raises KeyNotReady: it is not revoked within the time.
        """
        before = self._only(self._keys())
        if before is None:
            return Outcome(False, None, None)
        if holder is not None and not holder.holds(before):
            raise self._conflict(
                f"revoke the WildFire key of {holder}",
                f"the live key of {self._product}, {before.id}, is bound to {before.service_account}",
                "Name the account that the key is bound to, or leave 'service_account' out to revoke the key whoever it is bound to.",
            )
        if predict:
            return Outcome(True, before, None)
        refusal = self._revoke(before)
        after = self._settle(before, ("valid",) if refusal else ())
        if refusal and after and after.status == "valid":  # that is where it was on its way to
            refusal = self._revoke(after)
            after = self._settle(before, ())
        if after is not None and after.live:
            raise refusal or self._not_ready(before, after, "revoked")
        return Outcome(True, before, after)

    def _own_live(self, holder: Holder) -> Key | None:
        attempted = f"bind a WildFire key for {self._product} to {holder}"
        keys = self._keys()
        key = self._only(keys)
        if key is not None and not holder.holds(key):
            raise self._conflict(
                attempted,
                f"the tenant's key for it, {key.id}, is {key.status} and bound to {key.service_account}",
                "Name that account, or revoke the key with 'state: absent' first, which nobody can undo.",
            )
        other = next(
            (other for other in keys if other.live and other.product != self._product and holder.holds(other)), None
        )
        if key is None and other is not None:
            raise self._conflict(
                attempted,
                f"the account carries the key {other.id} for {other.product}, which is {other.status}, and an account carries one key",
                "Use another service account, or revoke its other key first, which nobody can undo.",
            )
        return key

    def _keys(self) -> list[Key]:
        keys = self._registry.keys()
        strange = next((key for key in keys if key.status not in KNOWN and key.product == self._product), None)
        if strange is not None:
            raise MalformedAnswer(
                f"tell whether the WildFire key {strange.id} is alive",
                Evidence(reason=f"its status is '{strange.status}', for which the contract has no name"),
                "Complete 'registry.statuses'.",
            )
        return keys

    def _only(self, keys: Sequence[Key]) -> Key | None:
        live = [key for key in keys if key.live and key.product == self._product]
        if len(live) > 1:
            raise self._conflict(
                f"find the WildFire key for {self._product}",
                f"the registry shows several live ones: {', '.join(f'{key.id} of {key.service_account}' for key in live)}",
                "Revoke in Strata Cloud Manager what should not be there.",
            )
        return live[0] if live else None

    def _find(self, key: Key) -> Key | None:
        return next((found for found in self._keys() if found.id == key.id), None)

    def _create(self, holder: Holder) -> Key:
        """Create the key, once: after a lost answer the list tells whether it is there."""
        create = functools.partial(self._registry.create, self._product, holder.client_id)
        created_once(create, functools.partial(self._own_live, holder), self._registry.warn)
        try:
            key = self._patience.until(lambda: self._own_live(holder), lambda found: found is not None)
        except PanwCloudError as error:
            error.add(f"A WildFire key for {self._product} was created; run again.")
            raise
        if key is None:
            raise KeyNotReady(
                f"find the new WildFire key for {self._product}",
                Evidence(reason=f"it is not in the list {self._patience.timeout:.0f} seconds after its creation"),
                "Run again: the list is asked before anything is created.",
            )
        return key

    def _revoke(self, key: Key) -> PanwCloudError | None:
        """Ask for the revocation; give the refusal where the key is pending, because it may be on its way to be revoked already."""
        for last in (False, True):
            try:
                self._registry.revoke(key)
                break
            except PanwCloudError as error:
                if error.may_have_acted:
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
        """Apply the changes, wait until a key is dead or has one of these statuses, and give it as it is then."""
        try:
            self._registry.apply()
            return self._patience.until(
                lambda: self._find(key), lambda now: now is None or not now.live or now.status in live_goals
            )
        except PanwCloudError as error:
            error.add(
                f"The WildFire key {key.id} for {self._product} was {key.status} when it was seen last; run again."
            )
            raise

    def _not_ready(self, key: Key, now: Key | None, goal: str) -> KeyNotReady:
        seen = "no longer in the list" if now is None else f"still {now.status}" if now.live else now.status
        return KeyNotReady(
            f"see the WildFire key {key.id} for {self._product} become {goal} within {self._patience.timeout:.0f} seconds",
            Evidence(reason=f"it is {seen}"),
            "Run again: a key that is pending is waited for, and what is revoked or expired does not count.",
        )

    @staticmethod
    def _conflict(attempted: str, reason: str, next_step: str) -> Conflict:
        return Conflict(attempted, Evidence(reason=reason), next_step)
