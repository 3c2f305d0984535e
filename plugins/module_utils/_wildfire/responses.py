# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the answers of the WildFire public API mean.

Sources: the vendor's "WildFire API Error Codes", and the status codes that pan-python and Cortex XSOAR's integration list besides.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from .._common.errors import (
    Evidence,
    InvalidRequest,
    MalformedAnswer,
    NotFound,
    PanwCloudError,
    RouteNotFound,
    ServerError,
    Throttled,
)
from .._common.redaction import Scrubber, is_secret_name
from .._transport.http import Answer
from .._transport.statuses import by_status, with_answer
from .errors import KeyRefused, NotPermitted, QuotaExceeded

LARGEST_ANSWER = 1024 * 1024
DEEPEST = 16


@dataclasses.dataclass(frozen=True)
class Meaning:
    """What a status code stands for.

    :param words: the vendor's, for an answer without any of its own.
    :param next_step: None for the error's own advice.
    """

    error: type[PanwCloudError]
    words: str
    next_step: str | None = None


_HOST_ADVICE = "Check the host in 'wildfire_url': it is the API's without the path /publicapi."
_MEANINGS = {
    401: Meaning(KeyRefused, "invalid API key"),
    403: Meaning(NotPermitted, "permission denied"),
    404: Meaning(NotFound, "not found", _HOST_ADVICE),
    405: Meaning(RouteNotFound, "method other than POST", _HOST_ADVICE),
    413: Meaning(InvalidRequest, "the request is too large"),
    415: Meaning(InvalidRequest, "unsupported media type"),
    418: Meaning(InvalidRequest, "unsupported file type"),
    419: Meaning(QuotaExceeded, "quota exceeded"),
    420: Meaning(InvalidRequest, "insufficient arguments"),
    421: Meaning(InvalidRequest, "invalid argument"),
    422: Meaning(InvalidRequest, "unprocessable"),
    429: Meaning(Throttled, "too many requests"),
    456: Meaning(InvalidRequest, "invalid request"),
    513: Meaning(ServerError, "file upload failed"),
}


class Unreadable(Exception):
    """Bytes that are not the XML that the API writes."""


def judge(answer: Answer) -> type[PanwCloudError] | None:
    """Tell whether repeating a request may help: the error is L(Throttled) or L(ServerError)."""
    error = _meaning(answer.status).error
    return error if error in (Throttled, ServerError) else None


def read(attempted: str, answer: Answer, evidence: Evidence, scrubber: Scrubber) -> Element:
    """The root element of a success.

    :param attempted: what the request was for, as the end of "Could not …".
    :raises PanwCloudError: the answer is a failure, or is not what the API promises.
    """
    if answer.status == 200:
        try:
            return parse(answer.body)
        except Unreadable as error:  # whose text is this file's own
            raise MalformedAnswer(attempted, dataclasses.replace(evidence, reason=str(error))) from None
    meaning = _meaning(answer.status)
    _learn(answer.body, scrubber)
    found = with_answer(evidence, scrubber, None, _said(answer.body) or meaning.words)
    raise meaning.error(attempted, found, meaning.next_step)


def parse(body: bytes) -> Element:
    """Read a document that has no type declaration, and so no entities but XML's own five.

    :raises Unreadable: it is no XML, has a declaration, or is larger or deeper than any answer of the API.
    """
    if len(body) > LARGEST_ANSWER:
        raise Unreadable(f"the answer is larger than {LARGEST_ANSWER} bytes")
    builder, parser = TreeBuilder(), expat.ParserCreate()
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise Unreadable(f"the answer is XML of more than {DEEPEST} levels")
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def refuse(*_declaration: Any) -> None:
        raise Unreadable("the answer is XML with a document type declaration, which can define entities and is refused")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError):
        raise Unreadable("the answer is not XML") from None
    return builder.close()


def _meaning(status: int) -> Meaning:
    if status in _MEANINGS:
        return _MEANINGS[status]
    error, next_step = by_status(status)
    if error is ServerError:
        return Meaning(error, "the server failed")
    if 200 <= status < 300:
        return Meaning(error, "a success of an unknown kind")
    return Meaning(error, "no reason", next_step)


def _learn(body: bytes, scrubber: Scrubber) -> None:
    """Let the scrubber know what stands under secrets' names, in elements and attributes."""
    try:
        elements = list(parse(body).iter())
    except Unreadable:
        return
    for element in elements:
        named = {element.tag: "".join(element.itertext()), **element.attrib}
        scrubber.learn(*(text for name, text in named.items() if is_secret_name(name)))


def _said(body: bytes) -> str | None:
    """The message of an error's answer, without the quotation marks that the API puts around it."""
    try:
        text = parse(body).findtext("error-message")
    except Unreadable:
        return None
    return text.strip().strip("'") if text else None
