# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The AWS client: assumes roles over one session, and turns AWS errors into errors without secrets."""

from __future__ import annotations

import contextlib
import json
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import botocore.config
import botocore.exceptions
import pytest
from ansible_collections.panw.cloud.plugins.module_utils._aws.assumed_role import AssumedRole
from ansible_collections.panw.cloud.plugins.module_utils._aws.client import AwsClient, Connection, Credentials
from ansible_collections.panw.cloud.plugins.module_utils._common import errors
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import PanwCloudError
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import MASK, Scrubber
from ansible_collections.panw.cloud.plugins.module_utils._transport.rate_limiter import RateLimits
from ansible_collections.panw.cloud.tests.helpers.fakes import CREDENTIALS, ROLE_ARN, Clock
from ansible_collections.panw.cloud.tests.helpers.servers import Loopback, answering, hanging_up
from botocore.stub import Stubber

ROLE = AssumedRole(ROLE_ARN, "panw.cloud")
SECRET, SESSION = "the-secret-key-of-the-session", "the-session-token-of-the-session//=="
ISSUED = {
    "AccessKeyId": "ASIAEXAMPLEEXAMPLE1",
    "SecretAccessKey": SECRET,
    "SessionToken": SESSION,
    "Expiration": datetime(2026, 5, 19, 13, tzinfo=UTC),
}
KEYS = {"aws_access_key_id": "AKIAEXAMPLEEXAMPLE1", "aws_secret_access_key": "the-secret-key-of-the-caller"}
ASSUMED = f"""<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIAEXAMPLEEXAMPLE1</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey><SessionToken>{SESSION}</SessionToken>
<Expiration>2026-05-19T13:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>""".encode()
IDENTITY = (
    b'<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
    b"<GetCallerIdentityResult><Account>210987654321</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
)


def aws(region: str | None = "eu-west-1", url: str | None = None, **parameters: Any) -> AwsClient:
    return AwsClient(Connection(region, url, {**KEYS, **parameters}), Scrubber())


@pytest.fixture
def stubbed() -> Iterator[tuple[AwsClient, Stubber]]:
    made = aws()
    with Stubber(made.client("sts")) as stubber:
        yield made, stubber


def failure(work: Any, *arguments: Any) -> PanwCloudError:
    """Return the error; assert that it chains no botocore exception and shows no secret."""
    with pytest.raises(PanwCloudError) as caught:
        work(*arguments)
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    shown = "".join(traceback.format_exception(error)) + repr(error) + str(error.as_result())
    for secret in (SECRET, SESSION, KEYS["aws_secret_access_key"]):
        assert secret not in shown
    return error


def test_error_text_of_aws_is_quoted_without_secret_fields() -> None:
    response = {
        "Error": {"Code": "Bad-Zq7-new", "Message": "no \x1b[31mZq7-new, please"},
        "ResponseMetadata": {"HTTPStatusCode": 400, "RequestId": "of Zq7-new"},
        "Details": [{"SecretAccessKey": "Zq7-new"}],
    }
    made = AwsClient(Connection("us-east-1", "https://user:word@aws.example", {}), Scrubber())
    error = made._failure("sts", "try", botocore.exceptions.ClientError(response, "Try"), "")
    assert "Zq7" not in json.dumps(error.as_result())
    assert error.context.reason == f"no [31m{MASK}, please"
    assert error.context.target == "https://aws.example"


def test_assume_role_returns_credentials(stubbed: tuple[AwsClient, Stubber]) -> None:
    made, stubber = stubbed
    stubber.add_response("assume_role", {"Credentials": ISSUED}, {"RoleArn": ROLE_ARN, "RoleSessionName": "panw.cloud"})
    found = made.credentials(ROLE)
    assert found == Credentials("ASIAEXAMPLEEXAMPLE1", SECRET, SESSION, "123456789012")
    assert SECRET not in repr(found)
    assert SESSION not in repr(found)
    stubber.assert_no_pending_responses()


def test_assume_role_passes_session_options(stubbed: tuple[AwsClient, Stubber]) -> None:
    made, stubber = stubbed
    expected = {
        "RoleArn": ROLE_ARN,
        "RoleSessionName": "audit",
        "ExternalId": "id-1",
        "DurationSeconds": 900,
        "Policy": "{}",
    }
    stubber.add_response("assume_role", {"Credentials": ISSUED}, expected)
    made.credentials(AssumedRole(ROLE_ARN, "audit", "id-1", 900, "{}"))
    stubber.assert_no_pending_responses()


def test_static_keys_are_redacted(stubbed: tuple[AwsClient, Stubber]) -> None:
    made, stubber = stubbed
    made.credentials(None)
    secret = KEYS["aws_secret_access_key"]
    stubber.add_client_error("assume_role", "AccessDenied", f"said {secret}", 403)
    assert failure(made.credentials, ROLE).context.reason == f"said {MASK}"


REFUSALS = [
    ("AccessDenied", 403, "AuthorizationError", "trust policy"),
    ("AccessDeniedException", 400, "AuthorizationError", "trust policy"),
    ("UnauthorizedOperation", 403, "AuthorizationError", "trust policy"),
    ("RegionDisabledException", 403, "AuthorizationError", "Activate STS"),
    ("ExpiredToken", 403, "AuthenticationError", "AWS keys"),
    ("ExpiredTokenException", 400, "AuthenticationError", "AWS keys"),
    ("IncompleteSignature", 400, "AuthenticationError", "AWS keys"),
    ("InvalidClientTokenId", 403, "AuthenticationError", "AWS keys"),
    ("InvalidSignatureException", 403, "AuthenticationError", "AWS keys"),
    ("MissingAuthenticationToken", 403, "AuthenticationError", "AWS keys"),
    ("RequestExpired", 400, "AuthenticationError", "clock"),
    ("SignatureDoesNotMatch", 403, "AuthenticationError", "clock"),
    ("SignatureDoesNotMatch", 403, "AuthenticationError", "in eu-west-1, for which the request was signed"),
    ("InvalidClientTokenId", 403, "AuthenticationError", "they are valid in eu-west-1"),
    ("UnrecognizedClientException", 400, "AuthenticationError", "AWS keys"),
    ("Throttling", 400, "Throttled", "later"),
    ("ThrottlingException", 400, "Throttled", "later"),
    ("RequestLimitExceeded", 503, "Throttled", "later"),
    ("TooManyRequestsException", 429, "Throttled", "later"),
    ("SlowDown", 503, "Throttled", "later"),
    ("ServiceUnavailable", 503, "ServerError", "later"),
    ("InternalFailure", 500, "ServerError", "later"),
    ("ValidationError", 400, "InvalidRequest", "Correct"),
    ("MalformedPolicyDocument", 400, "InvalidRequest", "session_policy"),
    ("PackedPolicyTooLarge", 400, "InvalidRequest", "session_policy"),
]


@pytest.mark.parametrize(("code", "status", "kind", "next_step"), REFUSALS)
def test_assume_role_rejected_raises_error(
    stubbed: tuple[AwsClient, Stubber], code: str, status: int, kind: str, next_step: str
) -> None:
    made, stubber = stubbed
    meta = {"RequestId": "id-1", "RetryAttempts": 2}
    stubber.add_client_error("assume_role", code, "no", status, response_meta=meta)
    error = failure(made.credentials, ROLE)
    assert error.__class__ is getattr(errors, kind)
    assert error.operation == f"assume role {ROLE_ARN}"
    assert (error.context.status, error.context.error_code, error.context.reason) == (status, code, "no")
    assert (error.context.request_id, error.context.attempts) == ("id-1", 3)
    assert next_step in error.next_step


def test_assume_role_session_too_long_raises_error(stubbed: tuple[AwsClient, Stubber]) -> None:
    made, stubber = stubbed
    said = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
    stubber.add_client_error("assume_role", "ValidationError", said, 400)
    assert "'session_duration'" in failure(made.credentials, ROLE).next_step


def test_assume_role_invalid_parameters_raise_error(stubbed: tuple[AwsClient, Stubber]) -> None:
    made, _rest = stubbed
    assert failure(made.credentials, AssumedRole("too short", "x")).__class__ is errors.InvalidRequest


def test_calls_share_one_client_and_connection() -> None:
    with Loopback(answering(ASSUMED)) as server:
        made = aws(url=server.url)
        client = made.client("sts")
        for _rest in range(3):
            made.credentials(ROLE)
        assert made.client("sts") is client
        assert (server.connections, len(server.received)) == (1, 3)
        body = parse_qs(server.received[0].body.decode())
    assert body["Action"] == ["AssumeRole"]
    assert "/eu-west-1/sts/aws4_request" in server.received[0].headers["Authorization"]


@pytest.mark.parametrize("legacy", [True, False])
@pytest.mark.parametrize(
    ("region", "host"), [("eu-west-1", "sts.eu-west-1"), ("us-east-1", "sts.us-east-1"), (None, "sts.us-east-1")]
)
def test_sts_endpoint_is_regional(monkeypatch: pytest.MonkeyPatch, region: str | None, host: str, legacy: bool) -> None:
    if legacy:
        monkeypatch.setenv("AWS_STS_REGIONAL_ENDPOINTS", "legacy")
    assert aws(region).client("sts").meta.endpoint_url == f"https://{host}.amazonaws.com"


def test_client_settings_merge_with_user_settings() -> None:
    own = botocore.config.Config(read_timeout=7)
    config = aws(aws_config=own, verify="/ca.pem").client("sts").meta.config
    assert (config.read_timeout, config.connect_timeout) == (7, 10)
    assert config.retries["mode"] == "standard"


def test_static_keys_are_used_unchanged() -> None:
    made = aws(aws_session_token="the-session-token-of-the-caller")
    found = made.credentials(None)
    assert (found.access_key, found.secret_key, found.token) == (*KEYS.values(), "the-session-token-of-the-caller")
    assert made._scrubber.clean(f"{found.secret_key} {found.token}") == f"{MASK} {MASK}"


NO_RETRY = botocore.config.Config(retries={"total_max_attempts": 1})


def test_endpoint_unreachable_raises_error() -> None:
    with Loopback(hanging_up) as server:
        url = server.url
    error = failure(aws(url=url, aws_config=NO_RETRY).credentials, ROLE)
    assert error.__class__ is errors.TransportError
    assert error.context.target == url
    assert "'endpoint_url'" in error.next_step


def test_endpoint_closing_connection_raises_error() -> None:
    with Loopback(hanging_up) as server:
        assert failure(aws(url=server.url, aws_config=NO_RETRY).credentials, ROLE).__class__ is errors.TransportError


def test_endpoint_with_unknown_authority_raises_error(tls: Any, other_bundle: str) -> None:
    with Loopback(answering(ASSUMED), tls) as server:
        error = failure(aws(url=server.url, verify=other_bundle, aws_config=NO_RETRY).credentials, ROLE)
        assert server.received == []
    assert error.__class__ is errors.TransportError


@pytest.mark.parametrize("body", [b"<html>Login</html>", b"{}", b"no xml", b"", b"<AssumeRoleResponse/>"])
def test_endpoint_not_aws_raises_error(body: bytes) -> None:
    with Loopback(answering(body)) as server:
        error = failure(aws(url=server.url, aws_config=NO_RETRY).credentials, ROLE)
    assert error.__class__ is errors.InvalidResponse


def test_endpoint_not_a_url_raises_error() -> None:
    assert failure(aws(url="nonsense").credentials, ROLE).__class__ is errors.InvalidRequest


def test_key_invalid_in_header_is_not_shown() -> None:
    """The HTTP library's error holds the whole header; keys read from files end with a newline."""
    made = aws(url="http://127.0.0.1:9", aws_session_token=SESSION + "\n", aws_config=NO_RETRY)
    made._scrubber.learn(SESSION + "\n")
    assert isinstance(failure(made.credentials, ROLE), PanwCloudError)


def test_account_known_is_returned_without_call() -> None:
    assert aws(url="http://127.0.0.1:9").account_of(CREDENTIALS) == "123456789012"


def test_account_unknown_is_queried_from_sts() -> None:
    unknown = Credentials("AKIAEXAMPLE", "secret", None)
    with Loopback(answering(IDENTITY)) as server:
        assert aws(url=server.url).account_of(unknown) == "210987654321"


@pytest.mark.parametrize("status", ["200 OK", "403 Forbidden"])
@pytest.mark.parametrize("body", [b"<html>", b"<GetCallerIdentityResponse/>"])
def test_account_missing_in_sts_response_raises_error(body: bytes, status: str) -> None:
    with Loopback(answering(body, status)) as server:
        assert aws(url=server.url, aws_config=NO_RETRY).account_of(Credentials("AKIAEXAMPLE", "secret", None)) is None


THROTTLED = b"<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>"


@pytest.mark.parametrize(
    ("body", "status", "requests", "throttled"),
    [
        (ASSUMED, "200 OK", 1, 0),
        (THROTTLED, "400 Bad Request", 2, 2),
        (THROTTLED, "429 Too Many Requests", 2, 2),
        (b"", "503 Service Unavailable", 2, 0),
    ],
)
def test_each_attempt_takes_a_rate_limiter_turn(body: bytes, status: str, requests: int, throttled: int) -> None:
    clock = Clock()
    rates = RateLimits({"sts": 100}, clock, clock.sleep)
    with Loopback(answering(body, status)) as server:
        config = botocore.config.Config(retries={"mode": "standard", "total_max_attempts": 2})
        connection = Connection("eu-west-1", server.url, {**KEYS, "aws_config": config})
        made = AwsClient(connection, Scrubber(), pace=lambda service: rates.service(service, "here", {}))
        with contextlib.suppress(PanwCloudError):
            made.credentials(ROLE)
    assert (rates.requests, rates.throttled) == (requests, throttled)


def test_threads_share_one_client() -> None:
    made, together, found = aws(), threading.Barrier(4), []

    def ask() -> None:
        together.wait(30)
        found.append(made.client("sts"))

    threads = [threading.Thread(target=ask) for _rest in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 4
    assert len({id(client) for client in found}) == 1
