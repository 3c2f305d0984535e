# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The effect of each kind of fault on a response."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from .aws_protocol import AwsError, error_response
from .messages import Delivery, Request, Response, json_response
from .pagination import FIRST_PAGE
from .strata.responses import XML, oauth_error, platform_error, wildfire_error

GATEWAY_MESSAGES = {
    400: "Bad Request",
    403: "Forbidden",
    429: "Too Many Requests",
    500: "Internal server error",
    502: "Internal server error",
    503: "Service Unavailable",
    504: "Endpoint request timed out",
}
AWS_CODES = {
    400: "ValidationError",
    403: "AccessDenied",
    429: "Throttling",
    500: "InternalFailure",
    502: "InternalFailure",
    503: "ServiceUnavailable",
    504: "InternalFailure",
}
OWN_ERRORS: dict[str, Callable[[int], Response]] = {
    "ngfw": lambda status: json_response(status, {"message": GATEWAY_MESSAGES.get(status, "Error")}),
    "oauth": lambda status: oauth_error(status, "server_error" if status >= 500 else "invalid_request", "Error"),
    "scm": platform_error,
    "registry": platform_error,
    "wildfire": wildfire_error,
}
"""The error response of each service for a status; all other services use AWS's."""
ENTITIES = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE wildfire [<!ENTITY benign "0"><!ENTITY file SYSTEM "file:///etc/hostname">]>
<wildfire><get-verdict-info><sha256>&file;</sha256><verdict>&benign;</verdict></get-verdict-info></wildfire>
"""
HTML = b"<!DOCTYPE html><html><head><title>Please sign in</title></head><body><h1>Sign in</h1></body></html>"

Parameters = Mapping[str, Any]


def retry_after(value: Any) -> str | None:
    """Validate Retry-After: whole seconds, or an HTTP date as a string."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return None
    return None if isinstance(value, str) and value.isprintable() and value else "seconds or an HTTP date"


def given_body(value: Any) -> str | None:
    """Validate a body: text, or a JSON object."""
    return None if isinstance(value, (str, dict)) else "a string or a JSON object"


def spoil(service: str, kind: str, parameters: Parameters, acted: Response | None) -> Response:
    """A response that replaces the real one.

    :param acted: the service's response if it processed the request first.
    """
    return _SPOILERS[kind](service, parameters, acted or json_response(200, {"Response": {}, "ResponseStatus": {}}))


def transform(kind: str, parameters: Parameters, request: Request, response: Response) -> Response:
    """The real response, changed; a response without a JSON object stays as it is."""
    document = response.json()
    if isinstance(document, dict):
        response.body = json.dumps(_TRANSFORMERS[kind](parameters, document)).encode()
    return response


def _status(service: str, parameters: Parameters, real: Response) -> Response:
    status = parameters["status"]
    given = parameters.get("body")
    if isinstance(given, str):
        response = Response(status, given.encode(), [("Content-Type", "application/json")])
    elif given is not None:
        response = json_response(status, given)
    elif service in OWN_ERRORS:
        response = OWN_ERRORS[service](status)
    else:
        error = AwsError(AWS_CODES.get(status, "ValidationError"), GATEWAY_MESSAGES.get(status, "Error"), status)
        response = error_response(service, error)
        response.status = status
    if "retry_after" in parameters:
        response.set_header("Retry-After", str(parameters["retry_after"]))
    return response


def _delivered(delivery: Delivery) -> Callable[[str, Parameters, Response], Response]:
    def spoiler(service: str, parameters: Parameters, real: Response) -> Response:
        real.delivery = delivery
        return real

    return spoiler


def _truncate(service: str, parameters: Parameters, real: Response) -> Response:
    real.delivery = Delivery.SHORT if parameters.get("announced") else Delivery.TRUNCATED
    return real


def _not_json(service: str, parameters: Parameters, real: Response) -> Response:
    return Response(200, HTML, [("Content-Type", "text/html")])


def _empty(service: str, parameters: Parameters, real: Response) -> Response:
    return Response(200, b"", [("Content-Type", "application/json")])


def _xml_entities(service: str, parameters: Parameters, real: Response) -> Response:
    return Response(200, ENTITIES, [("Content-Type", XML)])


def _oversize(service: str, parameters: Parameters, real: Response) -> Response:
    size = parameters["bytes"]
    filler = b'{"Response": {"Filler": "' + b"x" * size
    return Response(200, filler[: max(size - 3, 0)] + b'"}}'[:size], [("Content-Type", "application/json")])


def _error_code(service: str, parameters: Parameters, real: Response) -> Response:
    reason = parameters.get("reason", "InternalServerError: internal server error")
    status = {"ErrorCode": parameters["code"], "Reason": reason}
    return json_response(parameters.get("status", 200), {"Response": None, "ResponseStatus": status})


def _redirect(service: str, parameters: Parameters, real: Response) -> Response:
    return Response(302, b"", [("Location", parameters["url"])])


def _camel(key: str) -> str:
    return key[:1].lower() + key[1:]


_CASES: dict[str, Callable[[str], str]] = {"lower": str.lower, "upper": str.upper, "camel": _camel}


def _key_case(parameters: Parameters, document: dict[str, Any]) -> Any:
    change = _CASES[parameters["case"]]

    def changed(value: Any) -> Any:
        if isinstance(value, dict):
            return {change(key): changed(inner) for key, inner in value.items()}
        return [changed(inner) for inner in value] if isinstance(value, list) else value

    return changed(document)


def _null_response(parameters: Parameters, document: dict[str, Any]) -> Any:
    return {**document, "Response": None}


def _string_numbers(parameters: Parameters, document: dict[str, Any]) -> Any:
    def changed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: changed(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [changed(inner) for inner in value]
        return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value

    return changed(document)


def _without(name: str) -> Callable[[Parameters, dict[str, Any]], Any]:
    def transformer(parameters: Parameters, document: dict[str, Any]) -> Any:
        inner = document.get("Response")
        if isinstance(inner, dict):
            inner.pop(name, None)
        return document

    return transformer


def _without_field(parameters: Parameters, document: dict[str, Any]) -> Any:
    return {name: value for name, value in document.items() if name != parameters["field"]}


def _repeat_page_token(parameters: Parameters, document: dict[str, Any]) -> Any:
    inner = document.get("Response")
    if isinstance(inner, dict):
        inner["NextToken"] = FIRST_PAGE
    return document


_SPOILERS: dict[str, Callable[[str, Parameters, Response], Response]] = {
    "status": _status,
    "reset": _delivered(Delivery.RESET),
    "close": _delivered(Delivery.CLOSED),
    "truncate": _truncate,
    "not_json": _not_json,
    "empty": _empty,
    "oversize": _oversize,
    "xml_entities": _xml_entities,
    "error_code": _error_code,
    "redirect": _redirect,
}
_TRANSFORMERS: dict[str, Callable[[Parameters, dict[str, Any]], Any]] = {
    "key_case": _key_case,
    "null_response": _null_response,
    "string_numbers": _string_numbers,
    "no_expiry": _without("ExpiryTime"),
    "no_subscription_key": _without("SubscriptionKey"),
    "no_token": _without("TokenId"),
    "repeat_page_token": _repeat_page_token,
    "without": _without_field,
}
TRANSFORMS = frozenset(_TRANSFORMERS)
