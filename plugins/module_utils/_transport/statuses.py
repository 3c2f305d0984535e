# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What HTTP statuses mean if a response has no more details, for all services.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses

from .._common.errors import (
    AuthenticationError,
    AuthorizationError,
    Conflict,
    ErrorContext,
    InvalidRequest,
    InvalidResponse,
    NotFound,
    PanwCloudError,
    RouteNotFound,
    ServerError,
    Throttled,
    TransportError,
)
from .._common.redaction import Scrubber

_IN_BETWEEN = "Allow the request in the proxy or firewall between this host and the server."
UNUSUAL = "The server's reason does not point to an option: check the URL, and proxies and firewalls between this host and the server."
_OF_OPTIONS = (400, 422)
_MEANINGS: dict[int, tuple[type[PanwCloudError], str | None]] = {
    401: (AuthenticationError, None),
    403: (AuthorizationError, None),
    404: (NotFound, None),
    405: (RouteNotFound, None),
    407: (
        TransportError,
        "The proxy requires a user name and a password: set them in the proxy's URL, or exempt this host.",
    ),
    408: (ServerError, None),
    409: (Conflict, None),
    410: (NotFound, None),
    429: (Throttled, None),
    501: (RouteNotFound, None),
    511: (TransportError, "The network requires a login first. " + _IN_BETWEEN),
}


def by_status(status: int) -> tuple[type[PanwCloudError], str | None]:
    """The error class for a status other than 2xx, and the next step, None for the advice of the class."""
    if status in _MEANINGS:
        return _MEANINGS[status]
    if 500 <= status < 600:
        return ServerError, None
    if 400 <= status < 500:
        return InvalidRequest, None if status in _OF_OPTIONS else UNUSUAL
    return InvalidResponse, None


def with_answer(context: ErrorContext, scrubber: Scrubber, code: str | None, reason: str) -> ErrorContext:
    """The context with the content of a response's known error fields, free of secrets."""
    return dataclasses.replace(
        context,
        error_code=scrubber.clean(code) if code else None,
        reason=scrubber.clean(reason),
        request_id=scrubber.clean(context.request_id) if context.request_id else None,
    )


def shape(body: bytes, content_type: str | None) -> str:
    """The size and type of a response, without its content, which could hold a secret."""
    if not body.strip():
        return "an empty body"
    kind = (content_type or "").partition(";")[0].strip().lower()
    known = (
        kind
        if kind in ("application/json", "application/xml", "text/html", "text/plain", "text/xml")
        else "unknown kind"
    )
    return f"{len(body)} bytes of {known}"
