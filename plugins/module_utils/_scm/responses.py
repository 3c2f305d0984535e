# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Interpret the responses of Strata Cloud Manager.

Sources: the vendor's OpenAPI documents of tenancy (C(error), C(message), C(statusCode), and "Jwt is expired" as plain text), of subscriptions
(also C(application_error)) and of configuration (C(_errors)). Those of identity document no errors; they are assumed to use the same formats.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from .._common.errors import (
    AuthenticationError,
    AuthorizationError,
    ErrorContext,
    InvalidResponse,
    NotFound,
    PanwCloudError,
    RouteNotFound,
    ServerError,
    Throttled,
)
from .._common.redaction import Scrubber, read_json
from .._transport.http import Response
from .._transport.statuses import by_status, shape, with_answer

_ADVICE: dict[type[PanwCloudError], str] = {
    AuthenticationError: "Check that 'scm_url' and 'scm_auth_url' belong together, and that the calling service account still exists.",
    AuthorizationError: "Assign the calling service account a role with this permission in the tenant service group: 'superuser', 'iam_admin' or "
    "'msp_iam_admin' for service accounts and access policies, or a custom role.",
    NotFound: "Check the name or ID, and that 'tsg_id' is its tenant service group.",
    RouteNotFound: "Check the host and the path in 'scm_url'.",
    InvalidResponse: "Check that 'scm_url' is that of the API, and that no proxy or login page responds instead.",
}
_TEXTS = (
    b"Jwt is expired",
    b"RBAC: access denied",
)  # the only known responses without JSON, from the proxy in front of the API


def classify(response: Response) -> type[PanwCloudError] | None:
    """Return L(Throttled) or L(ServerError) if a retry may help, otherwise None."""
    error = None if 200 <= response.status < 300 else by_status(response.status)[0]
    return error if error in (Throttled, ServerError) else None


def read(attempted: str, response: Response, context: Callable[[], ErrorContext], scrubber: Scrubber) -> Any:
    """The decoded JSON of a successful response, None if its body is empty.

    Only the error fields of a response are quoted, without any value under a secret's name elsewhere in it.

    :param attempted: the purpose of the request, as the end of "Could not …".
    :raises PanwCloudError: the response is a failure, or violates the API's contract.
    """
    decoded = read_json(response.body, scrubber)
    body = response.body.strip()
    if 200 <= response.status < 300:
        if decoded is not None or body in (b"", b"null"):
            return decoded
        raise refused(InvalidResponse, attempted, context(), f"not JSON but {_shape(response)}")
    fields = decoded if isinstance(decoded, dict) else {}
    code, reason = _reported(fields)
    if body in _TEXTS:
        reason = body.decode()
    named = fields.get("_request_id")
    known = context()
    known = dataclasses.replace(known, request_id=known.request_id or (named if isinstance(named, str) else None))
    error, next_step = by_status(response.status)
    if error is NotFound and body and not fields:
        error = RouteNotFound  # a web server's own page, which says nothing about the resource
    found = with_answer(known, scrubber, code, reason or f"no reason, with {_shape(response)}")
    raise error(attempted, found, _ADVICE.get(error) or next_step)


def _shape(response: Response) -> str:
    return shape(response.body, response.headers.get("content-type"))


def refused(error: type[PanwCloudError], attempted: str, context: ErrorContext, reason: str) -> PanwCloudError:
    """An error with this API's next step."""
    return error(attempted, dataclasses.replace(context, reason=reason), _ADVICE.get(error))


def _reported(fields: dict[str, Any]) -> tuple[str | None, str]:
    """The vendor's code and text of an error, if they are strings."""
    listed = fields.get("_errors")
    parts = [part for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []
    if parts:
        details = parts[0].get("details")
        entries = details if isinstance(details, list) else [details]
        texts = [*(part.get("message") for part in parts), *entries]
        return _code(parts[0].get("code")), "; ".join(text for text in texts if isinstance(text, str) and text)
    texts = [fields.get(name) for name in ("error", "message", "application_error")]
    reported = dict.fromkeys(text for text in texts if isinstance(text, str) and text)
    return _code(fields.get("application_code")), ": ".join(reported)


def _code(value: Any) -> str | None:
    return str(value) if value and isinstance(value, (str, int, float)) else None
