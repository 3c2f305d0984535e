# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read calls for rulestacks: the place of each parameter, pagination, and type checks of responses.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from .._common.errors import ErrorContext, InvalidResponse, NotFound
from .._common.token_pair import TokenPair
from .._common.urls import segment
from .._transport.http import REPEATABLE
from .client import NgfwClient, Operation
from .paging import PAGE_SIZE, each_page
from .responses import named_type

BASE = "/v1/config/rulestacks"

_Kind = TypeVar("_Kind")


@dataclasses.dataclass(frozen=True)
class Read:
    """A read call of the API. L(deviations) lists what its sources say about each.

    :param path: with C({}) for each name. :param query: whether parameters go into the URL: None, C(lower), or C(capital) if they keep their capitals.
    :param body: whether they go into the JSON body.
    """

    path: str
    query: str | None = None
    body: bool = False
    base: str = BASE

    def at(self, place: tuple[str, ...]) -> str:
        """The path for these names, each as one segment."""
        return self.base + self.path.format(*(segment(name) for name in place))

    def operation(self, attempted: str, place: tuple[str, ...], parameters: Mapping[str, Any]) -> Operation:
        """The request with these parameters, named as in a body."""
        query = {}
        if self.query:
            query = {key if self.query == "capital" else key.lower(): _text(value) for key, value in parameters.items()}
        return Operation(
            attempted, "GET", self.at(place), query, dict(parameters) if self.body else None, unknown_limit=REPEATABLE
        )


LIST = Read("", "lower", body=True)
RULESTACK = Read("/{}", "lower", body=True)
TAGS = Read("/{}/tags", "lower")
COMMIT = Read("/{}/commit")
RULE_LIST = Read("/{}/rulelists/{}", "lower", body=True)
RULE = Read("/{}/rulelists/{}/priorities/{}", "capital", body=True)


@dataclasses.dataclass(frozen=True)
class ObjectKind:
    """A kind of security object of a rulestack.

    :param listed: the prefix of its list's fields. :param described: the prefix of its description's fields.
    """

    list: Read
    describe: Read
    listed: str
    described: str


def _kind(path: str, listed: str, described: str, queries: tuple[str | None, str | None], body: bool) -> ObjectKind:
    list_query, describe_query = queries
    return ObjectKind(
        Read(f"/{{}}/{path}", list_query, body),
        Read(f"/{{}}/{path}/{{}}", describe_query, body),
        listed,
        described,
    )


OBJECT_KINDS = {
    "prefix_lists": _kind("prefixlists", "prefix_list", "prefix_list", ("lower", None), True),
    "fqdn_lists": _kind("fqdnlists", "fqdn_list", "fqdn_list", ("lower", None), True),
    "feeds": _kind("feeds", "feed", "feed", (None, None), True),
    "certificates": _kind("certificates", "certificate_object", "certificate_object", ("lower", None), True),
    "custom_url_categories": _kind("urlcustomcategories", "categories", "url_category", ("lower", "lower"), True),
    "file_blocking": _kind(
        "fileblockingprofiles/custom/filetypes", "file_blocking", "file_blocking", ("lower", "lower"), False
    ),
}

URL_CATEGORY_OVERRIDES = _kind("urlfilteringprofiles/custom/urlcategories", "", "url_category", (None, None), True)

COUNTRIES = Read("/countries", body=True, base="/v1/config")
APP_ID_VERSIONS = Read("/appidversions", body=True, base="/v1/config")
APPLICATIONS = Read("/appidversions/{}", body=True, base="/v1/config")
URL_CATEGORIES = Read("/urlcategories", "lower", base="/v1/config")


class Calls:
    """Sends read calls with one token."""

    def __init__(self, client: NgfwClient, held: TokenPair) -> None:
        self._client, self._held = client, held

    def found(
        self, attempted: str, read: Read, place: tuple[str, ...], parameters: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        """The content of the response, None if the object does not exist. :raises RouteNotFound: the API has no such route."""
        try:
            return self._client.with_token(read.operation(attempted, place, parameters), self._held)
        except NotFound:
            return None

    def pages(
        self, attempted: str, read: Read, place: tuple[str, ...], parameters: Mapping[str, Any]
    ) -> Iterator[dict[str, Any]]:
        """All pages of a list. :raises InvalidResponse: a page token is repeated, or the list does not end."""
        return each_page(
            lambda asked: self._client.with_token(read.operation(attempted, place, asked), self._held),
            {**parameters, "MaxResults": PAGE_SIZE},
            lambda reason: self.malformed(attempted, read, place, reason),
            lambda page: self.field(attempted, read, place, page, "next_token", str),
        )

    def field(
        self,
        attempted: str,
        read: Read,
        place: tuple[str, ...],
        content: Mapping[str, Any],
        name: str,
        kind: type[_Kind],
    ) -> _Kind | None:
        """A field of a response, None if it is missing or null. :raises InvalidResponse: it has another type."""
        value = content.get(name)
        if value is None or isinstance(value, kind):
            return value
        raise self.malformed(attempted, read, place, f"its {name} is {named_type(value)}")

    def malformed(self, attempted: str, read: Read, place: tuple[str, ...], reason: str) -> InvalidResponse:
        """The error for a response with unusable content."""
        return InvalidResponse(
            attempted, ErrorContext(f"GET {self._client.endpoint.join(read.at(place))}", reason=reason)
        )


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
