# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the answers of Strata Cloud Manager mean.

Sources: the vendor's OpenAPI documents of tenancy (C(error), C(message), C(statusCode), and "Jwt is expired" as plain text), of subscriptions
(C(application_error) besides) and of configuration (C(_errors)). Those of identity document no error; they are taken to answer as their siblings.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from .._errors import (
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
)
from .._http import Answer
from .._secrets import Scrubber

_BY_STATUS: dict[int, type[PanwCloudError]] = {
    401: AuthenticationError,
    403: AuthorizationError,
    404: NotFound,
    409: Conflict,
    410: NotFound,
    429: Throttled,
}
_ADVICE: dict[type[PanwCloudError], str] = {
    AuthenticationError: "Check that 'scm_url' and 'scm_auth_url' belong together, and that the calling service account still exists.",
    AuthorizationError: "Give the calling service account a role that may do this in the tenant service group: 'superuser', 'iam_admin' or "
    "'msp_iam_admin' for service accounts and access policies, or a custom role with the permission.",
    NotFound: "Check the name or id, and that 'tsg_id' is the tenant service group that it is in.",
    RouteNotFound: "Check the host and the path in 'scm_url'.",
    MalformedAnswer: "Check that 'scm_url' is the API's and that no proxy or login page answers in its place.",
}
_NOTHING = object()


def judge(answer: Answer) -> type[PanwCloudError] | None:
    """Tell whether repeating a request may help: the error is L(Throttled) or L(ServerError)."""
    error = None if answer.status < 300 else _kind(answer.status)
    return error if error in (Throttled, ServerError) else None


def read(attempted: str, answer: Answer, evidence: Evidence, scrubber: Scrubber) -> Any:
    """The decoded JSON of a success, None where its body is empty.

    :param attempted: what the request was for, as the end of "Could not …".
    :raises PanwCloudError: the answer is a failure, or is not what the API promises.
    """
    decoded = _json(answer.body)
    said = scrubber.clean(answer.body.decode("utf-8", "replace"))[:200]
    if 200 <= answer.status < 300:
        if decoded is not _NOTHING or not answer.body.strip():
            return None if decoded is _NOTHING else decoded
        raise refused(MalformedAnswer, attempted, evidence, f"not JSON but {said}")
    fields = decoded if isinstance(decoded, dict) else {}
    code, reason = _told(fields)
    request_id = evidence.request_id or fields.get("_request_id")
    found = dataclasses.replace(evidence, error_code=code, request_id=request_id)
    error = _kind(answer.status)
    if error is NotFound and answer.body and not fields:
        error = RouteNotFound  # a web server's own page, which says nothing about what was asked for
    raise refused(error, attempted, found, scrubber.clean(reason) or said or "no reason")


def refused(error: type[PanwCloudError], attempted: str, evidence: Evidence, reason: str) -> PanwCloudError:
    """An error with what this API's users can do about it."""
    return error(attempted, dataclasses.replace(evidence, reason=reason), _ADVICE.get(error))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (RecursionError, ValueError):
        return _NOTHING


def _kind(status: int) -> type[PanwCloudError]:
    return ServerError if status >= 500 else _BY_STATUS.get(status, InvalidRequest)


def _told(fields: dict[str, Any]) -> tuple[str | None, str]:
    """The vendor's code and text of an error."""
    listed = fields.get("_errors")
    parts = [part for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []
    if parts:
        details = parts[0].get("details")
        extra = [json.dumps(details)] if details else []
        texts = [str(part["message"]) for part in parts if part.get("message")]
        return _code(parts[0].get("code")), "; ".join([*texts, *extra])
    texts = [str(fields[name]) for name in ("error", "message", "application_error") if fields.get(name)]
    return _code(fields.get("application_code")), ": ".join(dict.fromkeys(texts))


def _code(value: Any) -> str | None:
    return str(value) if value else None
