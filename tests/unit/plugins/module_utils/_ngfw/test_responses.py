# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the answers of the service and of the gateway in front of it mean."""

from __future__ import annotations

import json
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common import errors
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import Evidence, PanwCloudError
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import Scrubber
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.responses import judge, read
from ansible_collections.panw.cloud.plugins.module_utils._transport.http import Answer
from ansible_collections.panw.cloud.tests.helpers.fakes import CREDENTIALS, KEY, NOW, TOKEN

SIGNATURE = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method."
INVOKE = "User: arn:aws:sts::123456789012:assumed-role/R/s is not authorized to perform: execute-api:Invoke on resource: arn:x"
EXPIRED = "The security token included in the request is expired"
# What the API Gateway answers: status, message, error, a word of the next step.
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
# The service's own exceptions and texts: reason, error, a word of the next step.
SERVICE = [
    ("InvalidOperationException", "InvalidRequest", "Correct"),
    ("InvalidRequestException: bad name", "InvalidRequest", "Correct"),
    ("LimitExceededException: 10 rulestacks", "InvalidRequest", "limit of the tenant"),
    ("ResourceNotFoundException", "NotFound", "name"),
    ("ThrottlingException", "Throttled", "later"),
    ("AccessDeniedException", "AuthorizationError", "tags"),
    ("InternalServerError", "ServerError", "later"),
    ("InsufficientCapacityException", "ServerError", "later"),
    ("rs-1 does not exist", "NotFound", "name"),
    ("invalid request", "InvalidRequest", "Correct"),
    ("please provide latest token", "InvalidRequest", "read it again"),
    ("rulestack does not exist", "NotFound", "name"),
    ("Rulestack does not exist", "NotFound", "name"),
    ("rulestack association does not exist", "NotFound", "name"),
    ("could not find an associated rulestack", "NotFound", "name"),
    ("unsupported provider version, please use provider version 2.0.20 or below", "InvalidRequest", "Correct"),
]
CODES = [(1, "1"), (400, "400"), ("400", "400"), (400.0, "400"), ("400.0", "400"), (-1, "-1"), ("E77", "E77")]


def answer(status: int, body: Any, **headers: str) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, headers, raw, NOW)


def envelope(reason: str, code: Any = 400) -> dict[str, Any]:
    return {"Response": None, "ResponseStatus": {"ErrorCode": code, "Reason": reason}}


def failure(given: Answer, scrubber: Scrubber | None = None) -> PanwCloudError:
    with pytest.raises(PanwCloudError) as caught:
        read("try", given, Evidence("GET https://h/v1", given.status), scrubber or Scrubber())
    assert caught.value.attempted == "try"
    assert caught.value.evidence.target == "GET https://h/v1"
    return caught.value


@pytest.mark.parametrize("key", ["message", "Message", "MESSAGE"])
@pytest.mark.parametrize(("status", "message", "error", "next_step"), GATEWAY)
def test_gateways_answers(status: int, message: str, error: str, next_step: str, key: str) -> None:
    found = failure(answer(status, {key: message}))
    assert found.__class__ is getattr(errors, error)
    assert (found.evidence.status, found.evidence.reason) == (status, message)
    assert next_step in found.next_step


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(("reason", "error", "next_step"), SERVICE)
def test_services_exceptions(status: int, reason: str, error: str, next_step: str) -> None:
    found = failure(answer(status, envelope(reason)))
    assert found.__class__ is getattr(errors, error)
    assert (found.evidence.status, found.evidence.error_code, found.evidence.reason) == (status, "400", reason)
    assert next_step in found.next_step


@pytest.mark.parametrize("reason", ["InternalServerError", "InsufficientCapacityException"])
def test_services_exceptions_at_500(reason: str) -> None:
    assert failure(answer(500, envelope(reason, 500))).__class__ is errors.ServerError


@pytest.mark.parametrize(("code", "shown"), CODES)
@pytest.mark.parametrize("status", [200, 400])
def test_error_code_in_any_form_is_a_failure(status: int, code: Any, shown: str) -> None:
    found = failure(answer(status, envelope("something", code)))
    assert found.evidence.error_code == shown
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
def test_error_code_that_is_an_http_status_tells_the_kind(code: Any, error: str) -> None:
    assert failure(answer(200, envelope("something", code))).__class__ is getattr(errors, error)


@pytest.mark.parametrize("code", [0, "0", 0.0, "0.0", "00", None, "", False])
def test_error_code_of_a_success(code: Any) -> None:
    body = {"Response": {"Enabled": True}, "ResponseStatus": {"ErrorCode": code, "Reason": ""}}
    assert read("try", answer(200, body), Evidence(), Scrubber())["response"] == {"enabled": True}


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
def test_success_with_parts_missing(body: dict[str, Any]) -> None:
    assert not read("try", answer(200, body), Evidence(), Scrubber()).get("response")


def test_bare_message_is_a_failure_at_any_status() -> None:
    assert failure(answer(200, {"message": "Forbidden"})).__class__ is errors.AuthenticationError


def test_lower_case_envelope_is_a_failure_too() -> None:
    body = {"response": None, "responsestatus": {"errorcode": "404", "reason": "rs does not exist"}}
    assert failure(answer(200, body)).__class__ is errors.NotFound


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b'["x"]', b'"text"', b"7", b"<html>Login</html>", b'{"Resp', b"\xff\xfe\x00", b"[" * 100_000],
)
def test_success_that_is_no_object(body: bytes) -> None:
    found = failure(answer(200, body))
    assert found.__class__ is errors.MalformedAnswer
    assert str(found.evidence.reason).startswith("not a JSON object but ")
    assert "proxy or login page" in found.next_step


def test_number_beyond_all_bounds_is_no_traceback() -> None:
    body = b'{"Response": {"ExpiryTime": 1%s}}' % (b"0" * 400)
    assert read("try", answer(200, body), Evidence(), Scrubber())["response"]["expiry_time"] == 10**400


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, "MalformedAnswer"),
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
def test_failure_without_a_text_goes_by_its_status(status: int, error: str, body: bytes) -> None:
    found = failure(answer(status, body))
    assert isinstance(found, getattr(errors, error))
    assert found.evidence.reason == "no reason"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"message": "Not Found"}', "NotFound"),
        (b"", "NotFound"),
        (b"<html>404</html>", "RouteNotFound"),
        (b"404 page not found", "RouteNotFound"),
    ],
)
def test_404_of_the_service_and_of_a_web_server(body: bytes, error: str) -> None:
    assert failure(answer(404, body)).__class__ is getattr(errors, error)


@pytest.mark.parametrize("secret", [TOKEN, str(CREDENTIALS.token), CREDENTIALS.secret_key, KEY])
@pytest.mark.parametrize("status", [200, 400, 403, 500])
def test_secrets_that_a_server_repeats_are_masked(secret: str, status: int) -> None:
    scrubber = Scrubber(secret)
    page = f"<html>{'x' * 150} {secret}</html>".encode()
    for body in ({"message": f"no {secret} here"}, envelope(f"bad {secret}"), page):
        found = failure(answer(status, body), scrubber)
        for text in (str(found), repr(found), str(found.as_result())):
            assert secret not in text
            assert secret[:20] not in text


@pytest.mark.parametrize("difference", [301, -3600])
def test_clock_that_differs_is_told(difference: int) -> None:
    date = format_datetime(NOW + timedelta(seconds=difference), usegmt=True)
    found = failure(answer(403, {"message": SIGNATURE}, date=date))
    assert f"The server's clock differs from this host's by {difference} seconds; signatures allow 300." in str(found)


@pytest.mark.parametrize("headers", [{}, {"date": "Tue, 19 May 2026 12:05:00 GMT"}, {"date": "nonsense"}])
def test_clock_that_agrees_is_not_told(headers: dict[str, str]) -> None:
    assert failure(answer(403, {"message": SIGNATURE}, **headers)).notes == []


def test_clock_is_told_of_authentication_only() -> None:
    late = {"date": "Tue, 19 May 2026 13:00:00 GMT"}
    assert failure(answer(403, {"message": INVOKE}, **late)).notes == []


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (answer(429, b""), errors.Throttled),
        (answer(200, envelope("ThrottlingException")), errors.Throttled),
        (answer(503, b"<html>"), errors.ServerError),
        (answer(200, envelope("x", 500)), errors.ServerError),
        (answer(403, {"message": SIGNATURE}), None),
        (answer(404, b""), None),
        (answer(200, b"<html>"), None),
        (answer(200, {"Response": {}}), None),
    ],
)
def test_judge(given: Answer, error: type[PanwCloudError] | None) -> None:
    assert judge(given) is error
