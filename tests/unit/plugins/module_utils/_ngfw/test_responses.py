# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Meaning of responses from the service and from its API gateway."""

from __future__ import annotations

import json
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common import errors
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import ErrorContext, PanwCloudError
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import Scrubber
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.responses import classify, read
from ansible_collections.panw.cloud.plugins.module_utils._transport.http import Response
from ansible_collections.panw.cloud.tests.helpers.fakes import CREDENTIALS, KEY, NOW, TOKEN

SIGNATURE = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method."
INVOKE = "User: arn:aws:sts::123456789012:assumed-role/R/s is not authorized to perform: execute-api:Invoke on resource: arn:x"
EXPIRED = "The security token included in the request is expired"
# API Gateway responses: status, message, error, a word of the next step.
GATEWAY = [
    (403, "Missing Authentication Token", "RouteNotFound", "stage path"),
    (403, "Forbidden", "AuthenticationError", "subscription key"),
    (403, EXPIRED, "AuthenticationError", "run again for a new one"),
    (403, "The security token included in the request is invalid.", "AuthenticationError", "AWS keys"),
    (403, SIGNATURE, "AuthenticationError", "clock"),
    (403, "Signature expired: 20260519T110000Z is now earlier than 20260519T115500Z", "AuthenticationError", "clock"),
    (403, "Credential should be scoped to a valid region.", "AuthenticationError", "region"),
    (403, INVOKE, "AuthorizationError", "permission policy"),
    (403, f"{INVOKE} with an explicit deny", "AuthorizationError", "permission policy"),
    (403, "User is not authorized to access this resource", "AuthorizationError", "tag"),
    (403, "User is not authorized to access this resource with an explicit deny", "AuthorizationError", "tag"),
    (401, "Unauthorized", "AuthenticationError", "new one"),
    (429, "Too Many Requests", "Throttled", "later"),
    (429, "Limit Exceeded", "Throttled", "quota"),
    (400, "Invalid request body", "InvalidRequest", "Correct"),
    (500, "Internal server error", "ServerError", "later"),
    (502, "Internal server error", "ServerError", "later"),
    (504, "Endpoint request timed out", "ServerError", "later"),
    (403, "User: x is not authorized to perform: sts:AssumeRole on resource: y", "AuthorizationError", "trust policy"),
]
# The service's exceptions and texts: reason, error, a word of the next step.
SERVICE = [
    ("InvalidOperationException", "InvalidRequest", "Correct"),
    ("InvalidRequestException: bad name", "InvalidRequest", "Correct"),
    ("LimitExceededException: 10 rulestacks", "InvalidRequest", "tenant has reached a limit"),
    ("ResourceNotFoundException", "NotFound", "name"),
    ("ThrottlingException", "Throttled", "later"),
    ("AccessDeniedException", "AuthorizationError", "tags"),
    ("InternalServerError", "ServerError", "later"),
    ("InsufficientCapacityException", "ServerError", "later"),
    ("rs-1 does not exist", "NotFound", "name"),
    ("invalid request", "InvalidRequest", "Correct"),
    ("please provide latest token", "StaleUpdateToken", "run again"),
    ("rulestack does not exist", "NotFound", "name"),
    ("Rulestack does not exist", "NotFound", "name"),
    ("rulestack association does not exist", "NotFound", "name"),
    ("could not find an associated rulestack", "NotFound", "name"),
    ("unsupported provider version, please use provider version 2.0.20 or below", "InvalidRequest", "Correct"),
]
CODES = [(1, "1"), (400, "400"), ("400", "400"), (400.0, "400"), ("400.0", "400"), (-1, "-1"), ("E77", "E77")]


def response(status: int, body: Any, **headers: str) -> Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, headers, raw, NOW)


def envelope(reason: str, code: Any = 400) -> dict[str, Any]:
    return {"Response": None, "ResponseStatus": {"ErrorCode": code, "Reason": reason}}


def failure(given: Response, scrubber: Scrubber | None = None) -> PanwCloudError:
    with pytest.raises(PanwCloudError) as caught:
        read("try", given, lambda: ErrorContext("GET https://h/v1", given.status), scrubber or Scrubber())
    assert caught.value.operation == "try"
    assert caught.value.context.target == "GET https://h/v1"
    return caught.value


@pytest.mark.parametrize("key", ["message", "Message", "MESSAGE"])
@pytest.mark.parametrize(("status", "message", "error", "next_step"), GATEWAY)
def test_gateway_response_raises_error(status: int, message: str, error: str, next_step: str, key: str) -> None:
    found = failure(response(status, {key: message}))
    assert found.__class__ is getattr(errors, error)
    assert (found.context.status, found.context.reason) == (status, message)
    assert next_step in found.next_step


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(("reason", "error", "next_step"), SERVICE)
def test_service_exception_raises_error(status: int, reason: str, error: str, next_step: str) -> None:
    found = failure(response(status, envelope(reason)))
    assert found.__class__ is getattr(errors, error)
    assert (found.context.status, found.context.error_code, found.context.reason) == (status, "400", reason)
    assert next_step in found.next_step


@pytest.mark.parametrize("reason", ["InternalServerError", "InsufficientCapacityException"])
def test_service_exception_at_500_raises_same_error(reason: str) -> None:
    assert failure(response(500, envelope(reason, 500))).__class__ is errors.ServerError


@pytest.mark.parametrize(("code", "shown"), CODES)
@pytest.mark.parametrize("status", [200, 400])
def test_error_code_in_any_form_is_a_failure(status: int, code: Any, shown: str) -> None:
    found = failure(response(status, envelope("something", code)))
    assert found.context.error_code == shown
    assert found.__class__ is errors.InvalidRequest


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (401, "AuthenticationError"),
        (403, "AuthorizationError"),
        ("404", "NotFound"),
        (429.0, "Throttled"),
        ("500", "ServerError"),
        (503, "ServerError"),
    ],
)
def test_error_code_equal_to_http_status_sets_error_kind(code: Any, error: str) -> None:
    assert failure(response(200, envelope("something", code))).__class__ is getattr(errors, error)


@pytest.mark.parametrize("code", [0, "0", 0.0, "0.0", "00", None, "", False])
def test_error_code_of_success_is_accepted(code: Any) -> None:
    body = {"Response": {"Enabled": True}, "ResponseStatus": {"ErrorCode": code, "Reason": ""}}
    assert read("try", response(200, body), ErrorContext, Scrubber())["response"] == {"enabled": True}


@pytest.mark.parametrize(
    "body",
    [
        {"Response": None},
        {"Response": {}},
        {"Response": None, "ResponseStatus": None},
        {"ResponseStatus": {"ErrorCode": 0}},
        {"response": {}, "responsestatus": {"errorcode": 0}},
        {"RESPONSE": {}, "RESPONSESTATUS": {"ERRORCODE": "0"}},
        {"Response": {}, "message": "fine"},
        {},
    ],
)
def test_success_with_missing_parts_has_no_response(body: dict[str, Any]) -> None:
    assert not read("try", response(200, body), ErrorContext, Scrubber()).get("response")


def test_bare_message_at_any_status_is_a_failure() -> None:
    assert failure(response(200, {"message": "Forbidden"})).__class__ is errors.AuthenticationError


def test_lower_case_envelope_is_a_failure() -> None:
    body = {"response": None, "responsestatus": {"errorcode": "404", "reason": "rs does not exist"}}
    assert failure(response(200, body)).__class__ is errors.NotFound


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b'["x"]', b'"text"', b"7", b"<html>Login</html>", b'{"Resp', b"\xff\xfe\x00", b"[" * 100_000],
)
def test_success_not_an_object_is_invalid_response(body: bytes) -> None:
    found = failure(response(200, body))
    assert found.__class__ is errors.InvalidResponse
    assert str(found.context.reason).startswith("not a JSON object but ")
    assert "proxy or login page" in found.next_step


def test_huge_number_raises_no_traceback() -> None:
    body = b'{"Response": {"ExpiryTime": 1%s}}' % (b"0" * 400)
    assert read("try", response(200, body), ErrorContext, Scrubber())["response"]["expiry_time"] == 10**400


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, "InvalidResponse"),
        (400, "InvalidRequest"),
        (401, "AuthenticationError"),
        (403, "AuthorizationError"),
        (410, "NotFound"),
        (418, "InvalidRequest"),
        (429, "Throttled"),
        (500, "ServerError"),
        (503, "ServerError"),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html>Error</html>", b"[]", b"{}", b'{"ResponseStatus": null}'])
def test_failure_without_text_is_classified_by_status(status: int, error: str, body: bytes) -> None:
    found = failure(response(status, body))
    foreign = error == "NotFound" and body in (b"<html>Error</html>", b"[]")  # not from the API
    assert isinstance(found, errors.RouteNotFound if foreign else getattr(errors, error))
    assert found.context.reason == "no reason"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"message": "Not Found"}', "NotFound"),
        (b"", "NotFound"),
        (b"<html>404</html>", "RouteNotFound"),
        (b"404 page not found", "RouteNotFound"),
    ],
)
def test_status_404_of_service_and_of_web_server_differ(body: bytes, error: str) -> None:
    assert failure(response(404, body)).__class__ is getattr(errors, error)


@pytest.mark.parametrize("secret", [TOKEN, str(CREDENTIALS.token), CREDENTIALS.secret_key, KEY])
@pytest.mark.parametrize("status", [200, 400, 403, 500])
def test_secret_in_server_text_is_masked(secret: str, status: int) -> None:
    scrubber = Scrubber(secret)
    page = f"<html>{'x' * 150} {secret}</html>".encode()
    for body in ({"message": f"no {secret} here"}, envelope(f"bad {secret}"), page):
        found = failure(response(status, body), scrubber)
        for text in (str(found), repr(found), str(found.as_result())):
            assert secret not in text
            assert secret[:20] not in text


@pytest.mark.parametrize("difference", [301, -3600])
def test_clock_difference_is_reported(difference: int) -> None:
    date = format_datetime(NOW + timedelta(seconds=difference), usegmt=True)
    found = failure(response(403, {"message": SIGNATURE}, date=date))
    assert f"The server's clock differs from this host's by {difference} seconds; signatures allow 300." in str(found)


@pytest.mark.parametrize("headers", [{}, {"date": "Tue, 19 May 2026 12:05:00 GMT"}, {"date": "nonsense"}])
def test_clock_in_sync_is_not_reported(headers: dict[str, str]) -> None:
    assert failure(response(403, {"message": SIGNATURE}, **headers)).notes == []


def test_clock_difference_is_reported_for_authentication_only() -> None:
    late = {"date": "Tue, 19 May 2026 13:00:00 GMT"}
    assert failure(response(403, {"message": INVOKE}, **late)).notes == []


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (response(429, b""), errors.Throttled),
        (response(200, envelope("ThrottlingException")), errors.Throttled),
        (response(503, b"<html>"), errors.ServerError),
        (response(200, envelope("x", 500)), errors.ServerError),
        (response(403, {"message": SIGNATURE}), None),
        (response(404, b""), None),
        (response(200, b"<html>"), None),
        (response(200, {"Response": {}}), None),
    ],
)
def test_classify_response_returns_retry_decision(given: Response, error: type[PanwCloudError] | None) -> None:
    assert classify(given) is error
