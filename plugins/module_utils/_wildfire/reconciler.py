# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The WildFire key of a product as it is wanted: there and bound to a service account, or revoked; by a contract or by a person.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from .._common.errors import Conflict, Evidence, InvalidInput, NotFound
from .._scm.client import ScmClient
from .._scm.oauth import AccessTokens
from .._scm.service_accounts import ServiceAccount, ServiceAccounts
from . import manual_steps
from .assisted import assist
from .client import WildfireClient
from .credential_check import Tried, try_key
from .errors import KeyNotReady
from .keys import Holder, KeyService, Outcome
from .registry import Key, Registry
from .registry_config import Contract
from .waiting import Patience


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What the user wants.

    :param service_account: name, client id or UUID. :param wait_for_person: whether to wait until a person has done the console's part.
    :param check_mode: find out what would change, and change nothing.
    """

    product: str
    service_account: str | None
    patience: Patience
    wait_for_person: bool = False
    check_mode: bool = False


@dataclasses.dataclass(frozen=True)
class Bound:
    """WildFire as the bound service account calls it, with its own credentials."""

    tokens: AccessTokens
    client: WildfireClient

    @property
    def client_id(self) -> str:
        """Of the account."""
        return self.tokens.credentials.client_id


class ByContract:
    """The whole job, by the API that the user's contract describes.

    :param bound: to prove a key when it is valid; None to believe the registry.
    """

    def __init__(self, scm: ScmClient, wanted: Wanted, contract: Contract, bound: Bound | None) -> None:
        self._keys = KeyService(Registry(scm, contract), wanted.product, wanted.patience)
        self._wanted, self._bound = wanted, bound

    def present(self, holder: Holder) -> dict[str, Any]:
        """See that there is a valid key that is bound to the account."""
        if self._bound is None or self._wanted.check_mode:
            return _result(self._keys.present(holder, predict=self._wanted.check_mode))
        self._bound.tokens.get()  # its credentials are tried before anything changes
        outcome = self._keys.present(holder)
        return _result(outcome, self._proven(self._bound, outcome.after))

    def absent(self, holder: Holder | None) -> dict[str, Any]:
        """See that the product has no live key."""
        return _result(self._keys.absent(holder, predict=self._wanted.check_mode))

    def _proven(self, bound: Bound, key: Key | None) -> Tried:
        tried = self._wanted.patience.until(lambda: try_key(bound.client), lambda now: now.works)
        if not tried.works:
            raise KeyNotReady(
                f"use the WildFire key {key.id if key else ''} as {bound.client_id}, although the registry calls it valid",
                tried.evidence,
                "Run again: the key may not have reached the cloud of 'wildfire_region' yet.",
            )
        return tried


class ByPerson:
    """What can be done without an API: prove the account, and where it is not as wanted, tell a person what to do."""

    def __init__(self, tsg_id: str, wanted: Wanted, bound: Bound) -> None:
        self._tsg_id, self._wanted, self._bound = tsg_id, wanted, bound

    def present(self, holder: Holder) -> dict[str, Any]:
        """See that the account works as a key."""
        manual = manual_steps.create(self._tsg_id, self._wanted.product, str(holder))
        return self._see(f"find {holder} bound to a valid WildFire key", manual, works=True)

    def absent(self, holder: Holder | None) -> dict[str, Any]:
        """See that the account does not work as a key."""
        named = str(holder or self._bound.client_id)
        manual = manual_steps.revoke(self._tsg_id, self._wanted.product, named)
        return self._see(f"find the WildFire key of {named} revoked", manual, works=False)

    def _see(self, attempted: str, manual: list[str], *, works: bool) -> dict[str, Any]:
        def look() -> Tried:
            return try_key(self._bound.client)

        if self._wanted.wait_for_person and self._wanted.check_mode:
            tried = look()
            changed = tried.works is not works
        else:
            patience = self._wanted.patience if self._wanted.wait_for_person else None
            changed, tried = assist(attempted, manual, look, wanted=works, patience=patience)
        return {
            "changed": changed,
            "key": None,
            "verified": tried.works,
            "quota_exhausted": tried.quota_exhausted,
            "manual_steps": manual if changed else [],
            "diff": {"before": {"works": works is not changed}, "after": {"works": works}},
        }


class Upkeep:
    """Brings a key where it is wanted.

    :param scm: as the tenant's administrator calls it. :param contract: None where a person has to do it.
    :param bound: for the proof; only a contract can do without.
    :raises InvalidInput: there is neither a contract nor a proof.
    """

    def __init__(self, scm: ScmClient, wanted: Wanted, contract: Contract | None, bound: Bound | None) -> None:
        self._accounts, self._tsg_id = ServiceAccounts(scm), scm.tsg_id
        self._wanted, self._bound = wanted, bound
        self._way: ByContract | ByPerson
        if contract is not None:
            self._way = ByContract(scm, wanted, contract, bound)
        elif bound is not None:
            self._way = ByPerson(scm.tsg_id, wanted, bound)
        else:
            raise InvalidInput(
                "bound_client_id",
                "is missing. Palo Alto Networks publishes no API that tells about keys: without 'registry', only the bound service account's own "
                "client id and secret can prove whether it works as one.",
            )

    def present(self) -> dict[str, Any]:
        """See that there is a key of the product that is bound to the account.

        :raises NotFound: the account does not exist.
        """
        account, reference = self._account()
        holder = Holder.of(account, reference)
        if account is None or holder is None:
            raise NotFound(
                f"bind a WildFire key for {self._wanted.product} to service account {reference}",
                Evidence(reason=f"tenant service group {self._tsg_id} has no such service account"),
                "Create it with panw.cloud.scm_service_account, or check the name and 'tsg_id'.",
            )
        return self._way.present(holder)

    def absent(self) -> dict[str, Any]:
        """See that there is no live key of the product. An account that was deleted can have left one behind."""
        return self._way.absent(Holder.of(*self._account()))

    def _account(self) -> tuple[ServiceAccount | None, str | None]:
        """The account that the user referred to, and how. :raises Conflict: the credentials for the proof are of another one."""
        reference = self._wanted.service_account
        account = None if reference is None else self._accounts.find(reference)
        if (
            account is not None
            and self._bound is not None
            and self._bound.client_id.lower() != account.client_id.lower()
        ):
            raise Conflict(
                f"prove the WildFire key of service account {reference}",
                Evidence(reason=f"it is {account.client_id}, and 'bound_client_id' is {self._bound.client_id}"),
                "Give the client id and secret of the account that 'service_account' names.",
            )
        return account, reference


def _result(outcome: Outcome, tried: Tried | None = None) -> dict[str, Any]:
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
