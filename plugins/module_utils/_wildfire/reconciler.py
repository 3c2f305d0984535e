# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reconcile the WildFire key of a product: bound to a service account, or revoked; with a registry API or manual steps.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from .._common.errors import Conflict, ErrorContext, InvalidInput, NotFound
from .._common.polling import Poller
from .._scm.client import ScmClient
from .._scm.oauth import AccessTokens
from .._scm.service_accounts import ServiceAccount, ServiceAccounts
from . import manual_steps
from .client import WildfireClient
from .credential_check import ProbeResult, try_key
from .errors import KeyNotReady, ManualStep
from .keys import KeyOwner, KeyResult, KeyService
from .registry import Key, Registry
from .registry_config import RegistryConfig


@dataclasses.dataclass(frozen=True)
class DesiredKey:
    """The desired state.

    :param service_account: name, client ID or UUID. :param wait_for_person: whether to wait for the manual steps in the console.
    :param check_mode: only predict changes.
    """

    product: str
    service_account: str | None
    poller: Poller
    wait_for_person: bool = False
    check_mode: bool = False


@dataclasses.dataclass(frozen=True)
class Bound:
    """The WildFire client of the bound service account, with its credentials."""

    tokens: AccessTokens
    client: WildfireClient

    @property
    def client_id(self) -> str:
        """The client ID of the account."""
        return self.tokens.credentials.client_id


class RegistryStrategy:
    """Manages keys with the API that the option C(registry) describes.

    :param bound: to verify a valid key; None to trust the registry.
    """

    def __init__(
        self, scm: ScmClient, desired: DesiredKey, registry_config: RegistryConfig, bound: Bound | None
    ) -> None:
        self._keys = KeyService(Registry(scm, registry_config), desired.product, desired.poller)
        self._desired, self._bound = desired, bound

    def present(self, owner: KeyOwner) -> dict[str, Any]:
        """Ensure that a valid key is bound to the account."""
        if self._bound is None or self._desired.check_mode:
            return _result(self._keys.present(owner, predict=self._desired.check_mode))
        self._bound.tokens.get()  # check its credentials before any change
        outcome = self._keys.present(owner)
        return _result(outcome, self._proven(self._bound, outcome.after))

    def absent(self, owner: KeyOwner | None) -> dict[str, Any]:
        """Ensure that the product has no live key."""
        return _result(self._keys.absent(owner, predict=self._desired.check_mode))

    def _proven(self, bound: Bound, key: Key | None) -> ProbeResult:
        tried = self._desired.poller.until(lambda: try_key(bound.client), lambda now: now.works)
        if not tried.works:
            raise KeyNotReady(
                f"use the WildFire key {key.id if key else ''} as {bound.client_id}, although the WildFire key registry reports it as valid",
                tried.context,
                "Run again: the key may not have reached the cloud of 'wildfire_region' yet.",
            )
        return tried


class ManualStrategy:
    """Manages keys without an API: checks the account, and requests manual steps if needed."""

    def __init__(self, tsg_id: str, desired: DesiredKey, bound: Bound) -> None:
        self._tsg_id, self._desired, self._bound = tsg_id, desired, bound

    def present(self, owner: KeyOwner) -> dict[str, Any]:
        """Ensure that the account works as a key."""
        manual = manual_steps.create(self._tsg_id, self._desired.product, str(owner))
        return self._see(f"find {owner} bound to a valid WildFire key", manual, works=True)

    def absent(self, owner: KeyOwner | None) -> dict[str, Any]:
        """Ensure that the account does not work as a key."""
        named = str(owner or self._bound.client_id)
        manual = manual_steps.revoke(self._tsg_id, self._desired.product, named)
        return self._see(f"find the WildFire key of {named} revoked", manual, works=False)

    def _see(self, attempted: str, manual: list[str], *, works: bool) -> dict[str, Any]:
        def look() -> ProbeResult:
            return try_key(self._bound.client)

        if self._desired.wait_for_person and self._desired.check_mode:
            tried = look()
            changed = tried.works is not works
        else:
            poller = self._desired.poller if self._desired.wait_for_person else None
            changed, tried = assist(attempted, manual, look, desired=works, poller=poller)
        return {
            "changed": changed,
            "key": None,
            "verified": tried.works,
            "quota_exhausted": tried.quota_exhausted,
            "manual_steps": manual if changed else [],
            "diff": {"before": {"works": works is not changed}, "after": {"works": works}},
        }


class KeyReconciler:
    """Reconciles a key.

    :param scm: the API client of the tenant's administrator. :param registry_config: None for manual steps.
    :param bound: for the check; optional only with a registry.
    :raises InvalidInput: both C(registry) and the bound account's credentials are missing.
    """

    def __init__(
        self, scm: ScmClient, desired: DesiredKey, registry_config: RegistryConfig | None, bound: Bound | None
    ) -> None:
        self._accounts, self._tsg_id = ServiceAccounts(scm), scm.tsg_id
        self._desired, self._bound = desired, bound
        self._way: RegistryStrategy | ManualStrategy
        if registry_config is not None:
            self._way = RegistryStrategy(scm, desired, registry_config, bound)
        elif bound is not None:
            self._way = ManualStrategy(scm.tsg_id, desired, bound)
        else:
            raise InvalidInput(
                "bound_client_id",
                "is missing. Palo Alto Networks publishes no API for keys: without 'registry', only the bound service account's "
                "client ID and secret can verify whether it works as one.",
            )

    def present(self) -> dict[str, Any]:
        """Ensure that a key of the product is bound to the account.

        :raises NotFound: the account does not exist.
        """
        account, reference = self._account()
        owner = KeyOwner.of(account, reference)
        if account is None or owner is None:
            raise NotFound(
                f"bind a WildFire key for {self._desired.product} to service account {reference}",
                ErrorContext(reason=f"tenant service group {self._tsg_id} has no such service account"),
                "Create it with panw.cloud.scm_service_account, or check the name and 'tsg_id'.",
            )
        return self._way.present(owner)

    def absent(self) -> dict[str, Any]:
        """Ensure that the product has no live key. A deleted account can have left one behind."""
        return self._way.absent(KeyOwner.of(*self._account()))

    def _account(self) -> tuple[ServiceAccount | None, str | None]:
        """The referenced account, and the reference. :raises Conflict: the credentials for the check belong to another account."""
        reference = self._desired.service_account
        account = None if reference is None else self._accounts.find(reference)
        if (
            account is not None
            and self._bound is not None
            and self._bound.client_id.lower() != account.client_id.lower()
        ):
            raise Conflict(
                f"verify the WildFire key of service account {reference}",
                ErrorContext(
                    reason=f"its client ID is {account.client_id}, but 'bound_client_id' is {self._bound.client_id}"
                ),
                "Set the client ID and secret of the account in 'service_account'.",
            )
        return account, reference


def _result(outcome: KeyResult, tried: ProbeResult | None = None) -> dict[str, Any]:
    return {
        "changed": outcome.changed,
        "key": None if outcome.after is None else dataclasses.asdict(outcome.after),
        "verified": None if tried is None else tried.works,
        "quota_exhausted": None if tried is None else tried.quota_exhausted,
        "manual_steps": [],
        "diff": {"before": _difference(outcome.before), "after": _difference(outcome.after)},
    }


def _difference(key: Key | None) -> dict[str, Any]:
    return (
        {}
        if key is None
        else {"id": key.id, "product": key.product, "service_account": key.service_account, "status": key.status}
    )


def assist(
    attempted: str, steps: Sequence[str], try_key: Callable[[], ProbeResult], *, desired: bool, poller: Poller | None
) -> tuple[bool, ProbeResult]:
    """Ensure that the account works as a key, or does not, with manual steps if needed.

    :param attempted: the goal, as the end of "Could not …". :param steps: the manual steps.
    :param poller: how to wait for the manual steps; None to fail immediately.
    :return: whether a change was needed, and the last result.
    :raises ManualStep: a change is needed, and waiting is disabled or timed out.
    """
    tried = try_key()
    if tried.works is desired:
        return False, tried
    if poller is not None:
        tried = poller.until(try_key, lambda now: now.works is desired)
        if tried.works is desired:
            return True, tried
    error = ManualStep(attempted, tried.context, steps)
    if poller is not None:
        error.add(f"The manual steps were not done within {poller.timeout:.0f} seconds.")
    raise error
