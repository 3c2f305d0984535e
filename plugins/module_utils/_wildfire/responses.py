# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Interpret the responses of the WildFire public API.

Sources: the vendor's "WildFire API Error Codes", and more status codes from pan-python and Cortex XSOAR's integration.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from .._common.errors import (
    ErrorContext,
    InvalidRequest,
    InvalidResponse,
    NotFound,
    PanwCloudError,
    RouteNotFound,
    ServerError,
    Throttled,
)
from .._common.redaction import Scrubber, is_secret_name
from .._transport.http import Response
from .._transport.statuses import by_status, with_answer
from .errors import KeyRefused, NotPermitted, QuotaExceeded

LARGEST_ANSWER = 1024 * 1024
NO_ADVICE: Mapping[int, str] = MappingProxyType({})
DEEPEST = 16


@dataclasses.dataclass(frozen=True)
class ErrorRule:
    """The meaning of a status code.

    :param words: the vendor's text, for a response without a message.
    :param next_step: None for the error's own advice.
    """

    error: type[PanwCloudError]
    words: str
    next_step: str | None = None


_HOST_ADVICE = "Check 'wildfire_url': it must be the URL of the API without the path /publicapi."
_DEFECT = "The collection sends all required parts: check that no proxy changes requests, and report this as a defect otherwise."
_MEANINGS = {
    401: ErrorRule(KeyRefused, "invalid API key"),
    403: ErrorRule(NotPermitted, "permission denied"),
    404: ErrorRule(NotFound, "not found", _HOST_ADVICE),
    405: ErrorRule(RouteNotFound, "method other than POST", _HOST_ADVICE),
    413: ErrorRule(InvalidRequest, "the request is too large", "Send a smaller file; the limit is WildFire's."),
    415: ErrorRule(InvalidRequest, "unsupported media type", _DEFECT),
    418: ErrorRule(
        InvalidRequest,
        "unsupported file type",
        "WildFire does not analyze files of this type. It recognizes scripts by the extension of their file name.",
    ),
    419: ErrorRule(QuotaExceeded, "quota exceeded"),
    420: ErrorRule(InvalidRequest, "insufficient arguments", _DEFECT),
    421: ErrorRule(
        InvalidRequest, "invalid argument", "Correct the hash, URL or other value that the server's message is about."
    ),
    422: ErrorRule(
        InvalidRequest,
        "unprocessable",
        "Check that the file is not damaged, and that WildFire can download the URL: it must be reachable from the internet.",
    ),
    429: ErrorRule(Throttled, "too many requests"),
    456: ErrorRule(InvalidRequest, "invalid request", _DEFECT),
    513: ErrorRule(
        ServerError, "file upload failed", "Check that the file is neither empty nor damaged, then run again."
    ),
}


class Unreadable(Exception):
    """A response that is not XML of the API."""


def classify(response: Response) -> type[PanwCloudError] | None:
    """Return L(Throttled) or L(ServerError) if a retry may help, otherwise None."""
    error = _meaning(response.status).error
    return error if error in (Throttled, ServerError) else None


def read(
    attempted: str,
    response: Response,
    context: Callable[[], ErrorContext],
    scrubber: Scrubber,
    *,
    largest: int = LARGEST_ANSWER,
) -> Element:
    """The root element of a successful response.

    :param attempted: the purpose of the request, as the end of "Could not …".
    :param largest: the maximum size in bytes.
    :raises PanwCloudError: the response is a failure, or violates the API's contract.
    """
    check(attempted, response, context, scrubber)
    try:
        return parse(response.body, largest)
    except Unreadable as error:  # its text is from this file
        raise InvalidResponse(attempted, dataclasses.replace(context(), reason=str(error))) from None


def check(
    attempted: str,
    response: Response,
    context: Callable[[], ErrorContext],
    scrubber: Scrubber,
    advice: Mapping[int, str] = NO_ADVICE,
) -> None:
    """Check that a response is a success.

    :param advice: next steps by status, for statuses that mean something special for this request.
    :raises PanwCloudError: it is a failure.
    """
    if response.status == 200:
        return
    meaning = _meaning(response.status)
    _learn(response.body, scrubber)
    found = with_answer(context(), scrubber, None, _said(response.body) or meaning.words)
    raise meaning.error(attempted, found, advice.get(response.status, meaning.next_step))


def parse(body: bytes, largest: int = LARGEST_ANSWER) -> Element:
    """Parse a document without a document type declaration, and so without entities other than XML's predefined five.

    :param largest: the maximum size in bytes.
    :raises Unreadable: it is not XML, has a declaration, or is larger or deeper than any response of the API.
    """
    if len(body) > largest:
        raise Unreadable(f"the response is larger than {largest} bytes")
    builder, parser = TreeBuilder(), expat.ParserCreate()
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise Unreadable(f"the response is XML of more than {DEEPEST} levels")
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def refuse(*_declaration: Any) -> None:
        raise Unreadable(
            "the response is XML with a document type declaration, which is not allowed because it can define entities"
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError):
        raise Unreadable("the response is not XML") from None
    return builder.close()


def _meaning(status: int) -> ErrorRule:
    if status in _MEANINGS:
        return _MEANINGS[status]
    error, next_step = by_status(status)
    if error is ServerError:
        return ErrorRule(error, "the server failed")
    if 200 <= status < 300:
        return ErrorRule(error, "an unknown success status")
    return ErrorRule(error, "no reason", next_step)


def _learn(body: bytes, scrubber: Scrubber) -> None:
    """Register values under secrets' names, in elements and attributes, with the scrubber."""
    try:
        elements = list(parse(body).iter())
    except Unreadable:
        return
    for element in elements:
        named = {element.tag: "".join(element.itertext()), **element.attrib}
        scrubber.learn(*(text for name, text in named.items() if is_secret_name(name)))


def _said(body: bytes) -> str | None:
    """The message of an error response, without the API's quotation marks."""
    try:
        text = parse(body).findtext("error-message")
    except Unreadable:
        return None
    return text.strip().strip("'") if text else None
