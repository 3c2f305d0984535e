# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Direct requests return what botocore returns, in one request, and leave retries to botocore."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import botocore.config
import botocore.credentials
import pytest
from ansible_collections.panw.cloud.plugins.module_utils._aws.assumed_role import AssumedRole
from ansible_collections.panw.cloud.plugins.module_utils._aws.client import AwsClient, Connection
from ansible_collections.panw.cloud.plugins.module_utils._aws.fast_client import DirectCalls
from ansible_collections.panw.cloud.plugins.module_utils._aws.quotas import QUOTAS
from ansible_collections.panw.cloud.plugins.module_utils._common import errors
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import Scrubber
from ansible_collections.panw.cloud.plugins.module_utils._transport.rate_limiter import RateLimits, ServiceLimiter
from ansible_collections.panw.cloud.tests.helpers.fakes import ROLE_ARN
from ansible_collections.panw.cloud.tests.helpers.servers import (
    Behavior,
    Loopback,
    answering,
    hanging_up,
    in_turn,
)

KEYS = {"aws_access_key_id": "AKIAEXAMPLEEXAMPLE1", "aws_secret_access_key": "the-secret-key-of-the-caller"}
DESCRIBED = {"ARN": "a", "Name": "n", "VersionIdsToStages": {"v": ["AWSCURRENT"]}, "DeletedDate": None}
ASSUMED = b"""<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIAEXAMPLEEXAMPLE1</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken>
</Credentials></AssumeRoleResult></AssumeRoleResponse>"""


def aws(url: str, *, pace: ServiceLimiter | None = None, **parameters: Any) -> AwsClient:
    connection = Connection("eu-west-1", url, {**KEYS, **parameters})
    return AwsClient(connection, Scrubber(), pace=(lambda _service: pace) if pace else None, direct=True)


def refusing(code: str, status: str = "400 Bad Request") -> Behavior:
    return answering(json.dumps({"__type": code, "message": "no"}).encode(), status)


def describe(made: AwsClient) -> Any:
    return made.ask("secretsmanager", "look", "describe_secret", SecretId="n")


def test_response_equals_botocores() -> None:
    with Loopback(answering(json.dumps(DESCRIBED).encode())) as server:
        found = describe(aws(server.url))
        [request] = server.received
    assert found == {"ARN": "a", "Name": "n", "VersionIdsToStages": {"v": ["AWSCURRENT"]}}
    assert request.headers["X-Amz-Target"] == "secretsmanager.DescribeSecret"
    assert "/eu-west-1/secretsmanager/aws4_request" in request.headers["Authorization"]
    assert json.loads(request.body) == {"SecretId": "n"}


def test_assume_role_returns_credentials() -> None:
    with Loopback(answering(ASSUMED)) as server:
        credentials = aws(server.url).credentials(AssumedRole(ROLE_ARN, "panw.cloud", external_id="a b", duration=900))
        [request] = server.received
    assert (credentials.access_key, credentials.secret_key, credentials.token) == (
        "ASIAEXAMPLEEXAMPLE1",
        "secret",
        "session",
    )
    assert b"ExternalId=a+b" in request.body
    assert b"DurationSeconds=900" in request.body


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ResourceNotFoundException", errors.NotFound),
        ("com.amazonaws.secretsmanager#ResourceNotFoundException", errors.NotFound),
        ("AccessDeniedException", errors.AuthorizationError),
        ("InvalidParameterException", errors.InvalidRequest),
    ],
)
def test_final_error_costs_one_request(code: str, kind: type[Exception]) -> None:
    with Loopback(refusing(code)) as server:
        with pytest.raises(kind) as caught:
            describe(aws(server.url))
        assert len(server.received) == 1
    assert isinstance(caught.value, errors.PanwCloudError)
    assert (caught.value.context.status, caught.value.context.reason) == (400, "no")


@pytest.mark.parametrize(
    "first",
    [
        refusing("ThrottlingException"),
        refusing("InternalServiceError", "500 Internal Server Error"),
        answering(b"<html>", "503 Service Unavailable"),
        answering(b'{"Name"', length=20),
        answering(b"[]"),
        hanging_up,
    ],
)
def test_retryable_error_falls_back_to_botocore(first: Behavior) -> None:
    with Loopback(in_turn(first, answering(json.dumps(DESCRIBED).encode()))) as server:
        assert describe(aws(server.url))["Name"] == "n"
        assert len(server.received) == 2


def test_rate_limiter_records_every_response() -> None:
    rates = RateLimits({"store": 1000.0})
    pace = rates.service("store", "here", {})
    with Loopback(in_turn(refusing("ThrottlingException"), answering(json.dumps(DESCRIBED).encode()))) as server:
        describe(aws(server.url, pace=pace))
    assert (rates.requests, rates.throttled) == (2, 1)
    assert rates.latencies.count == 1, "botocore's own requests are not measured"


def test_quota_counts_operation_by_its_name_whoever_sends_it() -> None:
    waited: list[str] = []

    class Recorder(ServiceLimiter):
        def wait(self, operation: str) -> float:
            waited.append(operation)
            return 0.0

    pace = Recorder(RateLimits({"store": 1000.0}).of("store", "here"), {})
    busy = refusing("ThrottlingException")
    with Loopback(in_turn(busy, answering(json.dumps(DESCRIBED).encode()))) as server:
        describe(aws(server.url, pace=pace))
    assert waited == ["DescribeSecret", "DescribeSecret"], "the direct request, and botocore's"


@pytest.mark.parametrize("service", QUOTAS)
def test_quotas_name_operations_of_the_service(service: str) -> None:
    known = AwsClient(Connection("eu-west-1", None, KEYS), Scrubber()).client(service).meta.service_model
    named = [operation for operations in QUOTAS[service] for operation in operations]
    assert set(named) <= set(known.operation_names)
    assert len(set(named)) == len(named)


def test_user_botocore_settings_disable_direct_path() -> None:
    own = botocore.config.Config(user_agent_extra="mine")
    with Loopback(answering(json.dumps(DESCRIBED).encode())) as server:
        describe(aws(server.url, aws_config=own))
        assert "mine" in server.received[0].headers["User-Agent"]


def test_botocore_with_unknown_connection_layout_sends_request() -> None:
    with Loopback(answering(json.dumps(DESCRIBED).encode())) as server:
        made = aws(server.url)
        client = made.client("secretsmanager")
        calls = DirectCalls(SimpleNamespace(meta=client.meta), "secretsmanager", lambda: KEYS, None)
        assert calls.ask("describe_secret", {"SecretId": "n"}) is None
        assert server.received == []


def test_missing_credentials_raise_error() -> None:
    made = AwsClient(Connection("eu-west-1", "http://127.0.0.1:9", {}), Scrubber(), direct=True)
    with pytest.raises(errors.AuthenticationError):
        describe(made)


def test_caller_keys_changed_during_run_are_used() -> None:
    with Loopback(answering(json.dumps(DESCRIBED).encode())) as server:
        made = aws(server.url)
        describe(made)
        made._caller._found = botocore.credentials.Credentials("AKIAEXAMPLEEXAMPLE2", "another-secret-key")
        describe(made)
        names = [request.headers["Authorization"].split("/")[0] for request in server.received]
        first, second = (request.headers["Authorization"].rpartition("=")[2] for request in server.received)
    assert [name[-1] for name in names] == ["1", "2"]
    assert first != second
