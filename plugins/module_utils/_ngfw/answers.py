# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the answers of Cloud NGFW and of the API Gateway in front of it mean.

The gateway's texts are those of AWS's documentation of gateway responses; the service's envelope and exceptions those of the vendor's OpenAPI
documents of 2022 to 2026 and of its Go SDK. An C(ErrorCode) other than 0 is a failure at any HTTP status.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

from .._errors import (
    AuthenticationError,
    AuthorizationError,
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
from .decoding import decode, decode_name, section

SIGNATURE_ADVICE = (
    "Check the secret key, that the region of the URL and of the signature are the same, and this host's clock. "
    "A proxy must not change the request."
)
CLOCK_TOLERANCE = 300


@dataclasses.dataclass(frozen=True)
class Meaning:
    """A text that servers use, the error it stands for, and what to do then (None for the error's own advice)."""

    text: re.Pattern[str]
    error: type[PanwCloudError]
    next_step: str | None = None


def _meaning(text: str, error: type[PanwCloudError], next_step: str | None = None) -> Meaning:
    return Meaning(re.compile(text, re.IGNORECASE), error, next_step)


_MEANINGS = (
    _meaning(r"missing authentication token", RouteNotFound),
    _meaning(
        r"security token included in the request is expired",
        AuthenticationError,
        "The session of the assumed role is over: run again for a new one. Without 'role_arn', get new AWS credentials first.",
    ),
    _meaning(
        r"security token included in the request is invalid",
        AuthenticationError,
        "Check the AWS keys: the server does not know them.",
    ),
    _meaning(
        r"signature we calculated does not match|signature expired|signature not yet current|credential should be scoped|incompletesignature",
        AuthenticationError,
        SIGNATURE_ADVICE,
    ),
    _meaning(
        r"execute-api:invoke",
        AuthorizationError,
        "Allow the role 'execute-api:Invoke' in its permission policy, and in its boundary if it has one.",
    ),
    _meaning(
        r"not authorized to access this resource",
        AuthorizationError,
        "Either the IAM role lacks the admin role's tag with the value 'Yes', or its account is not onboarded, or the token is revoked or of an admin role "
        "that may not do this. The panw.cloud.ngfw_access_info module tells which admin roles the IAM role has.",
    ),
    _meaning(
        r"^forbidden$",
        AuthenticationError,
        "The subscription key is missing or not the token's own, or a firewall in front refused the request.",
    ),
    _meaning(
        r"^unauthorized$", AuthenticationError, "The token is missing, expired or not of this tenant: get a new one."
    ),
    _meaning(r"throttl|too many requests", Throttled),
    _meaning(r"^limit exceeded$", Throttled, "The quota of the subscription key is used up."),
    _meaning(r"accessdenied", AuthorizationError),
    _meaning(r"resourcenotfound|does not exist|could not find an associated", NotFound),
    _meaning(
        r"limitexceeded",
        InvalidRequest,
        "A limit of the tenant is reached: remove what is not needed, or ask the vendor to raise it.",
    ),
    _meaning(
        r"please provide latest token",
        InvalidRequest,
        "Somebody changed the object meanwhile: read it again, then repeat the change.",
    ),
    _meaning(r"invalidoperation|invalidrequest|invalid request", InvalidRequest),
    _meaning(r"internalservererror|internal server error|insufficientcapacity|endpoint request timed out", ServerError),
)
_BY_STATUS: dict[int, type[PanwCloudError]] = {
    400: InvalidRequest,
    401: AuthenticationError,
    403: AuthorizationError,
    404: NotFound,
    410: NotFound,
    429: Throttled,
}


def judge(answer: Answer) -> type[PanwCloudError] | None:
    """Tell whether repeating a request may help: the error is L(Throttled) or L(ServerError)."""
    refusal = _refusal(answer.status, _json(answer.body))
    if refusal is None:
        return None
    error = _classify(answer.status, *refusal)[0]
    return error if error in (Throttled, ServerError) else None


def read(attempted: str, answer: Answer, evidence: Evidence, scrubber: Scrubber) -> dict[str, Any]:
    """The decoded answer of a success: C(response) holds its content.

    :param attempted: what the request was for, as the end of "Could not …".
    :raises PanwCloudError: the answer is a failure, or is not what the API promises.
    """
    document = _json(answer.body)
    refusal = _refusal(answer.status, document)
    if refusal is None:
        decoded = _decoded(document)
        if isinstance(decoded, dict):
            return decoded
        said = scrubber.clean(answer.body.decode("utf-8", "replace"))[:200] or "an empty body"
        raise MalformedAnswer(attempted, dataclasses.replace(evidence, reason=f"not a JSON object but {said}"))
    code, reason = refusal
    error, next_step = _classify(answer.status, code, reason)
    if error is NotFound and answer.body and not isinstance(document, dict):
        error = RouteNotFound  # a web server's own page, which says nothing about what was asked for
    found = dataclasses.replace(evidence, error_code=code, reason=scrubber.clean(reason))
    failure = error(attempted, found, next_step)
    if error is AuthenticationError and abs(answer.clock_difference or 0) > CLOCK_TOLERANCE:
        failure.add(
            f"The server's clock differs from this host's by {answer.clock_difference:.0f} seconds; signatures allow {CLOCK_TOLERANCE}."
        )
    raise failure


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (RecursionError, ValueError):
        return None


def _decoded(value: Any) -> Any:
    try:
        return decode(value)
    except RecursionError:
        return None


def _refusal(status: int, document: Any) -> tuple[str | None, str] | None:
    """The error code and reason of a failure, None for a success. The gateway's own answers have a message in place of the envelope."""
    fields = {decode_name(key): value for key, value in document.items()} if isinstance(document, dict) else {}
    envelope = section({"envelope": _decoded(fields.get("response_status"))}, "envelope")
    code = str(envelope.get("error_code") or 0).strip()
    code = "" if re.fullmatch(r"0+(\.0+)?", code) else code
    bare_message = "response" not in fields and fields.get("message")
    if 200 <= status < 300 and not code and not bare_message:
        return None
    return code or None, str(envelope.get("reason") or fields.get("message") or "no reason")


def _classify(status: int, code: str | None, reason: str) -> tuple[type[PanwCloudError], str | None]:
    for meaning in _MEANINGS:
        if meaning.text.search(reason):
            return meaning.error, meaning.next_step
    number = int(float(code)) if code and re.fullmatch(r"\d{1,9}(\.0+)?", code) else 0
    if status >= 500 or 500 <= number < 600:
        return ServerError, None
    numbers = (429, number, status) if status == 429 else (number, status)
    return next((_BY_STATUS[known] for known in numbers if known in _BY_STATUS), InvalidRequest), None
