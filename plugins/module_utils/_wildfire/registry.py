# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A registry of WildFire keys, called as configured in the option C(registry).

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
    ErrorContext,
    InvalidRequest,
    InvalidResponse,
    NotFound,
    RouteNotFound,
)
from .._common.redaction import fingerprint
from .._scm.client import ScmClient
from .._transport.http import REPEATABLE
from .registry_config import RegistryConfig, Request

LIVE = ("pending", "valid")
DEAD = ("revoked", "expired")
_LISTING = "list the WildFire keys"
# Error texts of a registry that creates no key, and next steps. The vendor's rules are not duplicated here: the registry enforces them.
_WAYS_OUT = (
    (
        r"migrat",
        "Migrate the old keys in Strata Cloud Manager (Configuration > WildFire Setting, Keys List), or revoke them, then run again.",
    ),
    (
        r"limit",
        "A license allows one key. Use the existing key, or revoke it with 'state: absent', then run again.",
    ),
    (r"licen[cs]e", "The tenant needs an active license of the product: Advanced WildFire or Prisma Access."),
    (r"associat|bound", "A service account can have one key. Use another account, or revoke its other key first."),
)


@dataclasses.dataclass(frozen=True)
class Key:
    """A key in the registry, without the key itself.

    :param product: our name, or the registry's if it is not mapped.
    :param service_account: the registry's value.
    :param status: C(pending), C(valid), C(revoked), C(expired), or the registry's value if it is not mapped.
    :param expires_at: the registry's value. :param fingerprint: of the key.
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
        """Whether the key is usable or pending; revoked and expired keys stay in the list forever."""
        return self.status in LIVE


class Registry:
    """Reads and changes keys.

    :param scm: the API client of the tenant's administrator, whose access tokens are also used for the registry.
    """

    def __init__(self, scm: ScmClient, registry_config: RegistryConfig) -> None:
        self._client = ScmClient(scm.http, registry_config.base_url, scm.tokens)
        self._registry_config = registry_config
        self._statuses = {word.casefold(): name for name, word in registry_config.statuses.items()}
        self._products = {word.casefold(): name for name, word in registry_config.products.items()}

    @property
    def has_apply(self) -> bool:
        """Whether changes have to be applied."""
        return self._registry_config.apply is not None

    def keys(self) -> list[Key]:
        """All keys of the tenant, including dead ones.

        :raises PanwCloudError: the registry rejects the request, or its response does not match the configuration.
        """
        response = self._ask(_LISTING, self._registry_config.listing, {}, unknown_limit=REPEATABLE)
        items = _dig(response, self._registry_config.items)
        if not isinstance(items, list):
            where = f"at '{self._registry_config.items}'" if self._registry_config.items else "as the complete response"
            raise self._malformed(f"no list {where}")
        return [self._key(item) for item in items]

    def create(self, product: str, client_id: str) -> None:
        """Create a key, once. The response is ignored: the list shows whether the key exists.

        :raises PanwCloudError: with C(outcome_unknown) if the key may exist anyway.
        """
        values = {"product": self._registry_config.products[product], "service_account": client_id}
        try:
            self._ask(f"create a WildFire key for {product}", self._registry_config.create, values)
        except (AuthorizationError, Conflict, InvalidRequest, NotFound, RouteNotFound) as error:
            error.next_step = _way_out(error.context.reason) or error.next_step
            raise

    def revoke(self, key: Key) -> None:
        """Revoke a key permanently. :raises PanwCloudError: with C(outcome_unknown) if it may be revoked anyway."""
        product = self._registry_config.products.get(key.product, key.product)
        values = {"id": key.id or "", "product": product, "service_account": key.service_account}
        self._ask(f"revoke the WildFire key {key.id}", self._registry_config.revoke, values)

    def apply(self) -> None:
        """Apply changes, if the configuration has a request for it."""
        if self._registry_config.apply is not None:
            self._ask("apply the changes of WildFire keys", self._registry_config.apply, {}, unknown_limit=REPEATABLE)

    def warn(self, text: str) -> None:
        """Add a warning for the user."""
        self._client.http.warnings.append(text)

    def _ask(
        self, attempted: str, request: Request, values: Mapping[str, str], *, unknown_limit: int | None = 1
    ) -> Any:
        filled = request.fill({"tsg_id": self._client.tsg_id, **values})
        try:
            return self._client.ask(
                attempted, filled.method, filled.path, body=filled.body, unknown_limit=unknown_limit
            )
        except (AuthorizationError, InvalidResponse, NotFound, RouteNotFound) as error:
            error.next_step = "Check base_url, methods and paths in 'registry', and that the service account has permission to call the API."
            raise

    def _key(self, item: Any) -> Key:
        found = {name: _dig(item, path) for name, path in self._registry_config.fields.items()}
        texts = {name: str(value) for name, value in found.items() if value not in (None, "")}
        status = self._statuses.get(texts.get("status", "").casefold(), texts.get("status"))
        needed = {"id", "product", "status", *(() if status in DEAD else ("service_account",))}
        missing = [path for name, path in self._registry_config.fields.items() if name in needed - texts.keys()]
        if missing:
            raise self._malformed(f"an entry in the list of WildFire keys lacks {', '.join(missing)}")
        self._client.http.scrubber.learn(texts.get("api_key"))
        return Key(
            id=texts["id"],
            product=self._products.get(texts["product"].casefold(), texts["product"]),
            service_account=texts.get("service_account", ""),  # may be missing for a dead key
            status=status or "",
            fingerprint=fingerprint(texts["api_key"]) if "api_key" in texts else None,
            expires_at=texts.get("expires_at"),
            remaining_uploads=_number(texts.get("remaining_uploads")),
            remaining_queries=_number(texts.get("remaining_queries")),
        )

    def _malformed(self, reason: str) -> InvalidResponse:
        context = ErrorContext(target=self._registry_config.base_url, reason=reason)
        return InvalidResponse(
            _LISTING, context, "Check 'registry': list.items and fields must match the response of the API."
        )


def _way_out(reason: str | None) -> str | None:
    return next((way for words, way in _WAYS_OUT if re.search(words, reason or "", re.IGNORECASE)), None)


def _dig(value: Any, path: str) -> Any:
    """The value at a path of names separated by dots; None if missing."""
    for name in path.split(".") if path else []:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
