# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What HTTP statuses mean where an answer tells no more, for all services alike.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses

from .._common.errors import (
    AuthenticationError,
    AuthorizationError,
    Conflict,
    Evidence,
    InvalidRequest,
    MalformedAnswer,
    NotFound,
    PanwCloudError,
    RouteNotFound,
    ServerError,
    Throttled,
    TransportError,
)
from .._common.redaction import Scrubber

_IN_BETWEEN = "Let the proxy or firewall between this host and the server pass the request on."
UNUSUAL = (
    "The server gives no reason that points to an option: check the URL, and what is between this host and the server."
)
_OF_OPTIONS = (400, 422)
_MEANINGS: dict[int, tuple[type[PanwCloudError], str | None]] = {
    401: (AuthenticationError, None),
    403: (AuthorizationError, None),
    404: (NotFound, None),
    405: (RouteNotFound, None),
    407: (
        TransportError,
        "The proxy asks for a user name and a password: set them in the proxy's URL, or let it pass this host on.",
    ),
    408: (ServerError, None),
    409: (Conflict, None),
    410: (NotFound, None),
    429: (Throttled, None),
    501: (RouteNotFound, None),
    511: (TransportError, "The network asks for a login first. " + _IN_BETWEEN),
}


def by_status(status: int) -> tuple[type[PanwCloudError], str | None]:
    """The error that a status other than 2xx stands for, and what to do then, None for the error's own advice."""
    if status in _MEANINGS:
        return _MEANINGS[status]
    if 500 <= status < 600:
        return ServerError, None
    if 400 <= status < 500:
        return InvalidRequest, None if status in _OF_OPTIONS else UNUSUAL
    return MalformedAnswer, None


def with_answer(evidence: Evidence, scrubber: Scrubber, code: str | None, reason: str) -> Evidence:
    """Evidence with what known error fields of an answer say, free of secrets."""
    return dataclasses.replace(
        evidence,
        error_code=scrubber.clean(code) if code else None,
        reason=scrubber.clean(reason),
        request_id=scrubber.clean(evidence.request_id) if evidence.request_id else None,
    )


def shape(body: bytes, content_type: str | None) -> str:
    """What kind of a thing an answer is, without a word of it: it could hold a secret."""
    if not body.strip():
        return "an empty body"
    kind = (content_type or "").partition(";")[0].strip().lower()
    known = (
        kind
        if kind in ("application/json", "application/xml", "text/html", "text/plain", "text/xml")
        else "unknown kind"
    )
    return f"{len(body)} bytes of {known}"
