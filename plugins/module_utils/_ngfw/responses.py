# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Interpret the responses of Cloud NGFW and of the API Gateway in front of it.

The gateway's texts are those of AWS's documentation of gateway responses; the service's envelope and exceptions those of the vendor's OpenAPI
documents of 2022 to 2026 and of its Go SDK. An C(ErrorCode) other than 0 is a failure at any HTTP status.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

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
    StaleUpdateToken,
    Throttled,
)
from .._common.redaction import Scrubber, read_json
from .._transport.http import Response
from .._transport.statuses import UNUSUAL, by_status, shape, with_answer
from .codec import decode, decode_name

SIGNATURE_ADVICE = (
    "Check the secret key, that the region of the URL and of the signature are the same, and this host's clock. "
    "A proxy must not change the request."
)
CLOCK_TOLERANCE = 300


@dataclasses.dataclass(frozen=True)
class ErrorRule:
    """An error text of the servers, the error type for it, and the next step (None for the type's own advice)."""

    text: re.Pattern[str]
    error: type[PanwCloudError]
    next_step: str | None = None


def _meaning(text: str, error: type[PanwCloudError], next_step: str | None = None) -> ErrorRule:
    return ErrorRule(re.compile(text, re.IGNORECASE), error, next_step)


_MEANINGS = (
    _meaning(r"missing authentication token", RouteNotFound),
    _meaning(
        r"security token included in the request is expired",
        AuthenticationError,
        "The session of the assumed role has expired: run again for a new one. Without 'role_arn', get new AWS credentials first.",
    ),
    _meaning(
        r"security token included in the request is invalid",
        AuthenticationError,
        "Check the AWS keys: the server does not recognize them.",
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
        "without this permission. The panw.cloud.ngfw_access_info module shows which admin roles the IAM role has.",
    ),
    _meaning(r"^(?:forbidden|unauthorized)$", AuthenticationError),
    _meaning(r"throttl|too many requests", Throttled),
    _meaning(r"^limit exceeded$", Throttled, "The quota of the subscription key is used up."),
    _meaning(r"accessdenied", AuthorizationError),
    _meaning(r"resourcenotfound|does not exist|could not find an associated", NotFound),
    _meaning(
        r"limitexceeded",
        InvalidRequest,
        "The tenant has reached a limit: delete unused objects, or ask the vendor to raise it.",
    ),
    _meaning(r"please provide latest token", StaleUpdateToken),
    _meaning(r"already exists", Conflict),
    _meaning(
        r"is associated with|still in use|in use by",
        InvalidRequest,
        "Disassociate the rulestack from the firewall first. Nothing was removed.",
    ),
    _meaning(r"invalidoperation|invalidrequest|invalid request", InvalidRequest),
    _meaning(r"internalservererror|internal server error|insufficientcapacity|endpoint request timed out", ServerError),
)
_BARE_REFUSALS = {
    # The meaning of these words depends on what the request carried: see L(Sent).
    (
        "forbidden",
        False,
    ): "The gateway, or a firewall in front of it, rejected the signed request: check the role's permission policy, its "
    "boundary, and the policies of the AWS organization.",
    (
        "forbidden",
        True,
    ): "The subscription key is missing or belongs to another token, or a firewall in front rejected the request.",
    (
        "unauthorized",
        False,
    ): "The gateway does not accept the signature: check the AWS credentials, and that a proxy passes the header "
    "Authorization on unchanged.",
    ("unauthorized", True): "The token is missing, expired or not of this tenant: get a new one.",
}
_SILENT = "no reason"
_NO_REASON = ("", "success", "ok", "none", "null")
_TOKEN_ID = re.compile(r'"token_?id"\s*:\s*("(?:[^"\\]|\\.)+")', re.IGNORECASE)
_KEY = re.compile(r'"subscription_?key"\s*:\s*("(?:[^"\\]|\\.)+")', re.IGNORECASE)
_LENIENT = json.JSONDecoder(strict=False)


@dataclasses.dataclass(frozen=True)
class Sent:
    """The credentials that a request carried in addition to a signature."""

    token: bool = True
    subscription_key: bool = True

    def advice(self, reason: str) -> str | None:
        """The next step after a rejection without details."""
        word = reason.strip().lower()
        return _BARE_REFUSALS.get((word, self.token if word == "unauthorized" else self.subscription_key))


@dataclasses.dataclass(frozen=True)
class _Refusal:
    """A failure as the response reports it. :param wrong: the part of the response that has an unexpected type."""

    code: str | None
    reason: str
    wrong: str | None = None


def classify(response: Response) -> type[PanwCloudError] | None:
    """The error type if a retry may help, L(Throttled) or L(ServerError); else None."""
    refusal = _refusal(response.status, read_json(response.body))
    if refusal is None or refusal.wrong:
        return None
    error = _classify(response.status, refusal)[0]
    return error if error in (Throttled, ServerError) else None


def read(
    attempted: str,
    response: Response,
    context: Callable[[], ErrorContext],
    scrubber: Scrubber,
    sent: Sent | None = None,
    *,
    may_be_empty: bool = False,
) -> dict[str, Any]:
    """Decode the response of a success: C(response) holds its content. Takes and raises the same as L(read_raw)."""
    document = read_raw(attempted, response, context, scrubber, sent, may_be_empty=may_be_empty)
    content(attempted, document, context)
    decoded = _decoded(document)
    if not isinstance(decoded, dict):
        raise _unreadable(attempted, response, context)
    return decoded


def read_raw(
    attempted: str,
    response: Response,
    context: Callable[[], ErrorContext],
    scrubber: Scrubber,
    sent: Sent | None = None,
    *,
    may_be_empty: bool = False,
) -> dict[str, Any]:
    """The JSON object in the response of a success, with the keys that the server wrote.

    Errors quote only the fields Reason and message, without the values of fields anywhere in the response that are named like a secret.

    :param attempted: the purpose of the request, as the end of "Could not …".
    :param sent: the credentials that it carried; a token and its key by default.
    :param may_be_empty: whether a success may have no body, as for a deletion.
    :raises PanwCloudError: the response is a failure, or not what the API promises.
    """
    document = read_json(response.body, scrubber)
    if may_be_empty and 200 <= response.status < 300 and response.body.strip() in (b"", b"null"):
        return {}
    refusal = _refusal(response.status, document)
    if refusal is None:
        if not isinstance(document, dict):
            raise _unreadable(attempted, response, context)
        return document
    if refusal.wrong and 200 <= response.status < 300:
        raise _malformed(attempted, context(), refusal.wrong)
    error, next_step = _classify(response.status, refusal)
    if error is NotFound and response.body and not isinstance(document, dict):
        error = RouteNotFound  # a web server's own page, which says nothing about the requested object
    found = with_answer(context(), scrubber, refusal.code, refusal.reason)
    failure = error(attempted, found, (sent or Sent()).advice(refusal.reason) or next_step)
    if error is AuthenticationError and abs(response.clock_difference or 0) > CLOCK_TOLERANCE:
        failure.add(
            f"The server's clock differs from this host's by {response.clock_difference:.0f} seconds; signatures allow {CLOCK_TOLERANCE}."
        )
    raise failure


def content(attempted: str, document: Mapping[str, Any], context: Callable[[], ErrorContext]) -> dict[str, Any]:
    """The C(Response) of an answer, empty if it has none. :raises InvalidResponse: it is not an object."""
    found = next((value for key, value in document.items() if decode_name(key) == "response"), None)
    if not isinstance(found, (dict, type(None))):
        raise _malformed(attempted, context(), f"its Response is {named_type(found)}, not an object")
    return found or {}


def carried_tokens(body: bytes) -> list[tuple[str, str]]:
    """Each token in a response of any shape, even truncated JSON, with the subscription key if the response has one."""
    text = body.decode(json.detect_encoding(body), "replace")
    if not _TOKEN_ID.search(text):
        text = text.replace('\\"', '"')  # JSON inside a string
    tokens, keys = ([_unquoted(found) for found in pattern.findall(text)] for pattern in (_TOKEN_ID, _KEY))
    key = keys[-1] if keys else ""
    return [(token, key) for token in dict.fromkeys(tokens) if token]


def named_type(value: Any) -> str:
    """The type of a JSON value in words."""
    if isinstance(value, bool):
        return "a boolean"
    kinds = {str: "a string", list: "a list", dict: "an object", int: "a number", float: "a number"}
    return kinds.get(type(value), "null")


def _unreadable(attempted: str, response: Response, context: Callable[[], ErrorContext]) -> InvalidResponse:
    found = shape(response.body, response.headers.get("content-type"))
    return _malformed(attempted, context(), f"not a JSON object but {found}")


def _malformed(attempted: str, context: ErrorContext, reason: str) -> InvalidResponse:
    return InvalidResponse(attempted, dataclasses.replace(context, reason=reason))


def _unquoted(text: str) -> str:
    try:
        return str(_LENIENT.decode(text))
    except ValueError:
        return ""


def _decoded(value: Any) -> Any:
    try:
        return decode(value)
    except RecursionError:
        return None


def _refusal(status: int, document: Any) -> _Refusal | None:
    """The failure in a response, None for a success. The gateway's own responses have a message instead of the envelope."""
    fields = {decode_name(key): value for key, value in document.items()} if isinstance(document, dict) else {}
    envelope = _decoded(fields.get("response_status"))
    parts: Mapping[str, Any] = envelope if isinstance(envelope, dict) else {}
    code, wrong = parts.get("error_code"), None
    if envelope is not None and not isinstance(envelope, dict):
        wrong = f"its ResponseStatus is {named_type(envelope)}, not an object"
    elif code is True or isinstance(code, (list, dict)):
        wrong = f"its ErrorCode is {named_type(code)}, not a number"
    shown = "" if wrong else str(code or 0).strip()
    shown = "" if re.fullmatch(r"0+(\.0+)?", shown) else shown
    bare_message = "response" not in fields and fields.get("message")
    if 200 <= status < 300 and not shown and not bare_message and not wrong:
        return None
    reported = (text for text in (parts.get("reason"), fields.get("message")) if isinstance(text, str))
    reason = next((text for text in reported if text.strip().lower() not in _NO_REASON), _SILENT)
    return _Refusal(shown or None, reason, wrong)


def _classify(status: int, refusal: _Refusal) -> tuple[type[PanwCloudError], str | None]:
    for meaning in _MEANINGS:
        if meaning.text.search(refusal.reason):
            return meaning.error, meaning.next_step
    if refusal.reason == _SILENT and status == 400:
        return InvalidRequest, UNUSUAL
    code = refusal.code
    number = int(float(code)) if code and re.fullmatch(r"\d{1,9}(\.0+)?", code) else 0
    if status == 429 or 500 <= status < 600 or not 400 <= number < 600:
        # The vendor's own code at HTTP 2xx rejects the request's content.
        return (InvalidRequest, None) if 200 <= status < 300 else by_status(status)
    return by_status(number)
