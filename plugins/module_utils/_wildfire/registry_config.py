# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration of a registry of WildFire keys: an API that the vendor does not publish, described by the user.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any

from .._common.errors import InvalidInput
from .._common.urls import require_tls, segment
from .manual_steps import PRODUCTS

READS = ("GET", "POST")
WRITES = ("POST", "PUT", "PATCH", "DELETE")
REQUIRED_FIELDS = ("id", "product", "service_account", "status")
MORE_FIELDS = ("api_key", "expires_at", "remaining_uploads", "remaining_queries")
STATUSES = ("pending", "valid", "revoked", "expired")
# The allowed and the required placeholders of each request.
_KNOWN = {
    "list": {"tsg_id"},
    "create": {"tsg_id", "product", "service_account"},
    "revoke": {"tsg_id", "product", "service_account", "id"},
    "apply": {"tsg_id"},
}
_NEEDED = {"create": ("product", "service_account"), "revoke": ("id",)}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclasses.dataclass(frozen=True)
class Request:
    """A request with placeholders in braces, in its path and in the strings of its body."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None

    def fill(self, values: Mapping[str, str]) -> Request:
        """The request with placeholders replaced by values, which are encoded in the path."""
        path = _PLACEHOLDER.sub(lambda found: segment(values[found.group(1)]), self.path)
        return Request(self.method, path, _filled(self.body, values))

    def placeholders(self) -> set[str]:
        """The names of all placeholders."""
        return {name for text in (self.path, *_texts(self.body)) for name in _PLACEHOLDER.findall(text)}


@dataclasses.dataclass(frozen=True)
class RegistryConfig:
    """How to call a registry, and how to map its values.

    :param items: the path of the list of keys in the response, names separated by dots; empty for the response itself.
    :param apply: sent after each change; None if changes take effect immediately.
    :param fields: our names to the registry's, nested ones with dots.
    :param statuses: our names to the registry's; C(products) likewise.
    """

    base_url: str
    listing: Request
    items: str
    create: Request
    revoke: Request
    apply: Request | None
    fields: Mapping[str, str]
    statuses: Mapping[str, str]
    products: Mapping[str, str]


def read_registry_config(given: Mapping[str, Any] | None) -> RegistryConfig | None:
    """The configuration from the option, None if not set.

    :raises InvalidInput: parts are missing or contradictory; all of them are listed.
    """
    if given is None:
        return None
    missing = list(_missing(given))
    if missing:
        raise InvalidInput("registry", f"lacks {', '.join(missing)}.")
    wrong = list(_wrong(given))
    if wrong:
        raise InvalidInput("registry", f"is invalid: {'; '.join(wrong)}.")
    try:
        require_tls("registry.base_url", given["base_url"])
    except InvalidInput as error:
        raise InvalidInput("registry.base_url", error.problem) from None
    fields, products = (_given(given.get(name)) for name in ("fields", "products"))
    return RegistryConfig(
        base_url=str(given["base_url"]).rstrip("/"),
        listing=_request(given["list"]),
        items=given["list"].get("items") or "",
        create=_request(given["create"]),
        revoke=_request(given["revoke"]),
        apply=_request(given["apply"]) if given.get("apply") else None,
        fields=fields,
        statuses=_given(given["statuses"]),
        products={name: products.get(name, name) for name in PRODUCTS},
    )


def _missing(given: Mapping[str, Any]) -> Iterator[str]:
    if not given.get("base_url"):
        yield "base_url"
    for name in ("list", "create", "revoke", *(["apply"] if given.get("apply") else [])):
        yield from (f"{name}.{part}" for part in ("method", "path") if not (given.get(name) or {}).get(part))
    for name, parts in (("fields", REQUIRED_FIELDS), ("statuses", STATUSES)):
        yield from (f"{name}.{part}" for part in parts if not (given.get(name) or {}).get(part))


def _wrong(given: Mapping[str, Any]) -> Iterator[str]:
    for name, known in _KNOWN.items():
        if not given.get(name):
            continue
        request = _request(given[name])
        if not re.fullmatch(r"/[^\s\\#]*", request.path):
            yield f"{name}.path must start with a slash and contain no white space: {request.path!r}"
        found = request.placeholders()
        yield from (f"{name} has the unknown placeholder {{{word}}}" for word in sorted(found - known))
        yield from (f"{name} does not use {{{word}}}" for word in _NEEDED.get(name, ()) if word not in found)
    for name in ("statuses", "products"):
        words = [word.casefold() for word in _given(given.get(name)).values()]
        if len(set(words)) < len(words):
            yield f"{name} has a duplicate value"


def _request(given: Mapping[str, Any]) -> Request:
    return Request(given["method"], given["path"], given.get("body"))


def _given(part: Mapping[str, Any] | None) -> dict[str, str]:
    return {name: str(value) for name, value in (part or {}).items() if value}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, Mapping)):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(item)


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda found: values[found.group(1)], value)
    if isinstance(value, Mapping):
        return {key: _filled(item, values) for key, item in value.items()}
    return [_filled(item, values) for item in value] if isinstance(value, list) else value
