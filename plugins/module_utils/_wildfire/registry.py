# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A registry of WildFire keys, called as the user's contract says.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from .._common.errors import (
    AuthorizationError,
    Conflict,
    Evidence,
    InvalidRequest,
    MalformedAnswer,
    NotFound,
)
from .._common.redaction import fingerprint
from .._scm.client import ScmClient
from .registry_config import Contract, Request

LIVE = ("pending", "valid")
DEAD = ("revoked", "expired")
_LISTING = "list the WildFire keys"
# What a registry says when it creates no key, and the way out. The vendor's rules are not repeated here: the registry is asked.
_WAYS_OUT = (
    (
        r"migrat",
        "Migrate the old keys in Strata Cloud Manager (Configuration > WildFire Setting, Keys List), or revoke them, then run again.",
    ),
    (
        r"limit",
        "A licence gives one key. Use the key that is there, or revoke it with 'state: absent', then run again.",
    ),
    (r"licen[cs]e", "The tenant needs an active licence of the product: Advanced WildFire or Prisma Access."),
    (r"associat|bound", "A service account carries one key. Use another account, or revoke its other key first."),
)


@dataclasses.dataclass(frozen=True)
class Key:
    """A key of the registry, without its text.

    :param product: our name, or the registry's where the contract has none for it.
    :param service_account: in the registry's words.
    :param status: C(pending), C(valid), C(revoked), C(expired), or the registry's word where the contract has none for it.
    :param expires_at: in the registry's words. :param fingerprint: of the key's text.
    """

    id: str | None
    product: str
    service_account: str
    status: str
    fingerprint: str | None = None
    expires_at: str | None = None
    remaining_uploads: int | None = None
    remaining_queries: int | None = None

    @property
    def live(self) -> bool:
        """Whether it counts: revoked and expired keys stay in the list for ever and do not."""
        return self.status in LIVE


class Registry:
    """Reads and changes keys.

    :param scm: as the tenant's administrator calls it; the registry is called with the same access tokens.
    """

    def __init__(self, scm: ScmClient, contract: Contract) -> None:
        self._client = ScmClient(scm.http, contract.base_url, scm.tokens)
        self._contract = contract
        self._statuses = {word.casefold(): name for name, word in contract.statuses.items()}
        self._products = {word.casefold(): name for name, word in contract.products.items()}

    @property
    def has_apply(self) -> bool:
        """Whether changes wait until they are applied."""
        return self._contract.apply is not None

    def keys(self) -> list[Key]:
        """All keys of the tenant, those of the past included.

        :raises PanwCloudError: the registry refuses, or its answer is not what the contract says.
        """
        answer = self._ask(_LISTING, self._contract.listing, {})
        items = _dig(answer, self._contract.items)
        if not isinstance(items, list):
            where = f"at '{self._contract.items}'" if self._contract.items else "as the whole answer"
            raise self._malformed(f"there is no list {where}")
        return [self._key(item) for item in items]

    def create(self, product: str, client_id: str) -> None:
        """Create a key, once. The answer is not looked at: whether there is a key, the list tells.

        :raises PanwCloudError: C(may_have_acted) tells whether the key may be there all the same.
        """
        values = {"product": self._contract.products[product], "service_account": client_id}
        try:
            self._ask(f"create a WildFire key for {product}", self._contract.create, values, unknown_limit=1)
        except (AuthorizationError, Conflict, InvalidRequest, NotFound) as error:
            error.next_step = _way_out(error.evidence.reason) or error.next_step
            raise

    def revoke(self, key: Key) -> None:
        """Revoke a key, for ever. :raises PanwCloudError: C(may_have_acted) tells whether it may be revoked all the same."""
        product = self._contract.products.get(key.product, key.product)
        values = {"id": key.id or "", "product": product, "service_account": key.service_account}
        self._ask(f"revoke the WildFire key {key.id}", self._contract.revoke, values, unknown_limit=1)

    def apply(self) -> None:
        """Apply changes, where the contract has a request for it."""
        if self._contract.apply is not None:
            self._ask("apply the changes of WildFire keys", self._contract.apply, {})

    def warn(self, text: str) -> None:
        """Let the user know of something that is no failure."""
        self._client.http.warnings.append(text)

    def _ask(
        self, attempted: str, request: Request, values: Mapping[str, str], *, unknown_limit: int | None = None
    ) -> Any:
        filled = request.fill({"tsg_id": self._client.tsg_id, **values})
        try:
            return self._client.ask(
                attempted, filled.method, filled.path, body=filled.body, unknown_limit=unknown_limit
            )
        except (AuthorizationError, MalformedAnswer, NotFound) as error:
            error.next_step = "Check 'registry': it has to be the API's base_url, methods and paths, and the service account needs the right to call it."
            raise

    def _key(self, item: Any) -> Key:
        found = {name: _dig(item, path) for name, path in self._contract.fields.items()}
        texts = {name: str(value) for name, value in found.items() if value not in (None, "")}
        status = self._statuses.get(texts.get("status", "").casefold(), texts.get("status"))
        needed = {"id", "product", "status", *(() if status in DEAD else ("service_account",))}
        missing = [path for name, path in self._contract.fields.items() if name in needed - texts.keys()]
        if missing:
            raise self._malformed(f"a key in the list lacks {', '.join(missing)}")
        self._client.http.scrubber.learn(texts.get("api_key"))
        return Key(
            id=texts["id"],
            product=self._products.get(texts["product"].casefold(), texts["product"]),
            service_account=texts.get("service_account", ""),  # that of a dead key may be gone
            status=status or "",
            fingerprint=fingerprint(texts["api_key"]) if "api_key" in texts else None,
            expires_at=texts.get("expires_at"),
            remaining_uploads=_number(texts.get("remaining_uploads")),
            remaining_queries=_number(texts.get("remaining_queries")),
        )

    def _malformed(self, reason: str) -> MalformedAnswer:
        evidence = Evidence(target=self._contract.base_url, reason=reason)
        return MalformedAnswer(
            _LISTING, evidence, "Check 'registry': its list.items and its fields have to fit what the API answers."
        )


def _way_out(reason: str | None) -> str | None:
    return next((way for words, way in _WAYS_OUT if re.search(words, reason or "", re.IGNORECASE)), None)


def _dig(value: Any, path: str) -> Any:
    """What lies at a path of names with dots between them; None for nothing."""
    for name in path.split(".") if path else []:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
