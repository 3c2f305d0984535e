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
from typing import Any

from .._common.errors import (
    AuthenticationError,
    AuthorizationError,
    Evidence,
    MalformedAnswer,
    NotFound,
    PanwCloudError,
    RouteNotFound,
    ServerError,
    Throttled,
)
from .._common.redaction import Scrubber, read_json
from .._transport.http import Answer
from .._transport.statuses import by_status, shape, with_answer

_ADVICE: dict[type[PanwCloudError], str] = {
    AuthenticationError: "Check that 'scm_url' and 'scm_auth_url' belong together, and that the calling service account still exists.",
    AuthorizationError: "Give the calling service account a role that may do this in the tenant service group: 'superuser', 'iam_admin' or "
    "'msp_iam_admin' for service accounts and access policies, or a custom role with the permission.",
    NotFound: "Check the name or id, and that 'tsg_id' is the tenant service group that it is in.",
    RouteNotFound: "Check the host and the path in 'scm_url'.",
    MalformedAnswer: "Check that 'scm_url' is the API's and that no proxy or login page answers in its place.",
}
_TEXTS = (
    b"Jwt is expired",
    b"RBAC: access denied",
)  # all that is known to come without JSON, from the proxy in front of the API


def judge(answer: Answer) -> type[PanwCloudError] | None:
    """Tell whether repeating a request may help: the error is L(Throttled) or L(ServerError)."""
    error = None if 200 <= answer.status < 300 else by_status(answer.status)[0]
    return error if error in (Throttled, ServerError) else None


def read(attempted: str, answer: Answer, evidence: Evidence, scrubber: Scrubber) -> Any:
    """The decoded JSON of a success, None where its body is empty.

    No text of an answer is quoted but those of the fields for errors, and those without what lies under a secret's name anywhere in it.

    :param attempted: what the request was for, as the end of "Could not …".
    :raises PanwCloudError: the answer is a failure, or is not what the API promises.
    """
    decoded = read_json(answer.body, scrubber)
    body = answer.body.strip()
    if 200 <= answer.status < 300:
        if decoded is not None or body in (b"", b"null"):
            return decoded
        raise refused(MalformedAnswer, attempted, evidence, f"not JSON but {_shape(answer)}")
    fields = decoded if isinstance(decoded, dict) else {}
    code, reason = _told(fields)
    if body in _TEXTS:
        reason = body.decode()
    named = fields.get("_request_id")
    known = dataclasses.replace(evidence, request_id=evidence.request_id or (named if isinstance(named, str) else None))
    error, next_step = by_status(answer.status)
    if error is NotFound and body and not fields:
        error = RouteNotFound  # a web server's own page, which says nothing about what was asked for
    found = with_answer(known, scrubber, code, reason or f"no reason, with {_shape(answer)}")
    raise error(attempted, found, _ADVICE.get(error) or next_step)


def _shape(answer: Answer) -> str:
    return shape(answer.body, answer.headers.get("content-type"))


def refused(error: type[PanwCloudError], attempted: str, evidence: Evidence, reason: str) -> PanwCloudError:
    """An error with what this API's users can do about it."""
    return error(attempted, dataclasses.replace(evidence, reason=reason), _ADVICE.get(error))


def _told(fields: dict[str, Any]) -> tuple[str | None, str]:
    """The vendor's code and text of an error, as far as they are texts."""
    listed = fields.get("_errors")
    parts = [part for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []
    if parts:
        details = parts[0].get("details")
        entries = details if isinstance(details, list) else [details]
        texts = [*(part.get("message") for part in parts), *entries]
        return _code(parts[0].get("code")), "; ".join(text for text in texts if isinstance(text, str) and text)
    texts = [fields.get(name) for name in ("error", "message", "application_error")]
    told = dict.fromkeys(text for text in texts if isinstance(text, str) and text)
    return _code(fields.get("application_code")), ": ".join(told)


def _code(value: Any) -> str | None:
    return str(value) if value and isinstance(value, (str, int, float)) else None
