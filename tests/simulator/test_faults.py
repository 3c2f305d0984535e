# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fault injection, and the rest of the administrative interface."""

from __future__ import annotations

import pytest
import requests
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError
from panw_simulator.faults import FaultBoard
from panw_simulator.messages import Headers, Request, Response

MINT = "/v1/mgmt/tokens/cloudrulestackadmin"
LIST = "/v1/config/rulestacks"


@pytest.fixture
def credentials(world):
    return world.assume(world.role("rulestack"))


@pytest.mark.parametrize("after", [False, True])
def test_fault_triggers_before_or_after_execution(world, credentials, after):
    issued = world.state()["issued"]
    world.fault("status", status=503, times=1, after_acting=after)
    assert world.signed("GET", MINT, credentials).status_code == 503
    assert world.state()["issued"] == issued + after
    assert world.signed("GET", MINT, credentials).status_code == 200
    assert world.admin("GET", "/faults").json()["faults"][0]["hits"] == 1


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "Bad Request"),
        (403, "Forbidden"),
        (429, "Too Many Requests"),
        (500, "Internal server error"),
        (502, "Internal server error"),
        (503, "Service Unavailable"),
        (504, "Endpoint request timed out"),
    ],
)
def test_status_with_the_gateways_own_body(world, status, message):
    world.fault("status", status=status, route="*", retry_after=3)
    answer = world.send("GET", LIST)
    assert (answer.status_code, answer.json()) == (status, {"message": message})
    assert answer.headers["Retry-After"] == "3"


def test_status_with_a_given_body_and_date(world):
    world.fault("status", status=429, retry_after="Wed, 21 Oct 2026 07:28:00 GMT", body={"message": "Limit Exceeded"})
    answer = world.send("GET", LIST)
    assert answer.json() == {"message": "Limit Exceeded"}
    assert answer.headers["Retry-After"] == "Wed, 21 Oct 2026 07:28:00 GMT"


@pytest.mark.parametrize("kind", ["reset", "close", "truncate"])
@pytest.mark.parametrize("after", [False, True])
def test_broken_connections(world, kind, after):
    world.fault(kind, times=1, after_acting=after)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        world.send("GET", LIST)
    assert world.send("GET", LIST).status_code == 401


def test_invalid_bodies_replace_the_response(world):
    for kind, more in [("not_json", {}), ("empty", {}), ("oversize", {"bytes": 2_000_000})]:
        world.admin("DELETE", "/faults")
        world.fault(kind, **more)
        answer = world.send("GET", LIST)
        assert answer.status_code == 200
        expected = {"not_json": answer.text.startswith("<!DOCTYPE"), "empty": answer.content == b""}
        assert expected.get(kind, len(answer.content) == 2_000_000)


def test_redirect_and_error_code(world):
    world.fault("redirect", url="https://elsewhere.example.com/", times=1)
    world.fault("error_code", code=429, reason="ThrottlingException: slow down", status=200)
    answer = world.send("GET", LIST)
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://elsewhere.example.com/")
    assert world.send("GET", LIST).json()["ResponseStatus"] == {
        "ErrorCode": 429,
        "Reason": "ThrottlingException: slow down",
    }


@pytest.mark.parametrize(
    ("kind", "more", "check"),
    [
        ("key_case", {"case": "lower"}, lambda d: "tokenid" in d["response"]),
        ("key_case", {"case": "upper"}, lambda d: "TOKENID" in d["RESPONSE"]),
        ("key_case", {"case": "camel"}, lambda d: "tokenId" in d["response"]),
        ("null_response", {}, lambda d: d["Response"] is None),
        ("string_numbers", {}, lambda d: d["Response"]["ExpiryTime"] == "30" and d["Response"]["Enabled"] is True),
        ("no_expiry", {}, lambda d: "ExpiryTime" not in d["Response"]),
        ("no_subscription_key", {}, lambda d: "SubscriptionKey" not in d["Response"]),
        ("no_token", {}, lambda d: "TokenId" not in d["Response"]),
    ],
)
def test_changed_responses_still_execute_the_call(world, credentials, kind, more, check):
    issued = world.state()["issued"]
    world.fault(kind, route=MINT, **more)
    assert check(world.signed("GET", MINT, credentials).json())
    assert world.state()["issued"] == issued + 1


def test_repeated_page_tokens(world):
    access = world.token()
    world.fault("repeat_page_token", route=LIST)
    token = world.content(LIST, access)["NextToken"]
    assert world.content(f"{LIST}?nexttoken={token}", access)["NextToken"] == token


@pytest.mark.parametrize("after", [False, True])
def test_latency_before_or_after_acting(after):
    done = []
    board = FaultBoard(done.append)
    board.order({"kind": "latency", "seconds": 7, "after_acting": after, "times": 1})
    request = Request("GET", LIST, Headers())
    for _index in range(2):
        board.serve("ngfw", f"GET {LIST}", request, lambda: done.append("acted") or Response(200))
    assert done == (["acted", 7.0, "acted"] if after else [7.0, "acted", "acted"])


def hits(*orders, calls):
    """The status of each of these calls: that of the fault that triggered, or 200."""
    board = FaultBoard(lambda seconds: None)
    for order in orders:
        board.order({"kind": "status", **order})
    request = Request("GET", LIST, Headers())
    return [board.serve("ngfw", f"GET {LIST}", request, lambda: Response(200)).status for _index in range(calls)]


def test_chance_hits_some_calls_and_a_seed_repeats_them():
    orders = [{"status": 429, "chance": 0.05, "seed": 1}, {"status": 503, "chance": 0.02, "seed": 2}]
    first = hits(*orders, calls=10_000)
    assert 400 < first.count(429) < 600
    assert 130 < first.count(503) < 270
    assert hits(*orders, calls=10_000) == first
    assert hits({**orders[0], "seed": 3}, orders[1], calls=10_000) != first


def test_chance_zero_hits_no_call_and_one_hits_all():
    assert hits({"status": 429, "chance": 0}, calls=100) == [200] * 100
    assert hits({"status": 429, "chance": 1}, calls=100) == [429] * 100


def test_chance_and_times_together():
    seen = hits({"status": 429, "chance": 0.5, "seed": 1, "times": 3}, calls=100)
    assert seen.count(429) == 3
    assert seen[:3] != [429] * 3


def test_fault_skips_calls_before_it_triggers():
    assert hits({"status": 503, "skip": 2, "times": 1}, calls=5) == [200, 200, 503, 200, 200]
    assert hits({"status": 503, "skip": 1}, {"status": 429, "times": 2}, calls=4) == [429, 503, 503, 503]


def test_announced_cut_keeps_the_connection_and_the_length(world):
    world.fault("truncate", announced=True, times=1)
    answer = world.send("GET", LIST)
    assert int(answer.headers["Content-Length"]) == len(answer.content) > 0
    with pytest.raises(ValueError, match="char"):
        answer.json()


def test_route_limits_a_fault(world, credentials):
    world.fault("status", status=500, route=f"GET {MINT}")
    assert world.signed("GET", "/v1/mgmt/tokens", credentials).status_code == 200
    assert world.signed("GET", MINT, credentials).status_code == 500


def test_faults_of_aws_services(world):
    world.fault("status", service="sts", route="AssumeRole", status=503, times=1)
    with pytest.raises(ClientError) as failure:
        world.assume(world.role())
    assert failure.value.response["Error"]["Code"] == "ServiceUnavailable"
    world.fault("status", service="ssm", status=429, times=1)
    with pytest.raises(ClientError) as failure:
        world.client("ssm").describe_parameters()
    assert failure.value.response["Error"]["Code"] == "ThrottlingException"
    conflict = {"__type": "InvalidParameterException", "message": "Staging label AWSPENDING is attached elsewhere"}
    world.fault("status", service="secretsmanager", route="ListSecrets", status=400, body=conflict, chance=1, times=1)
    with pytest.raises(ClientError, match="attached elsewhere") as failure:
        world.client("secretsmanager").list_secrets()
    assert failure.value.response["Error"]["Code"] == "InvalidParameterException"
    world.fault("reset", service="iam", route="iam:ListUsers", times=1)
    with pytest.raises((ConnectionClosedError, EndpointConnectionError)):
        world.client("iam").list_users()


@pytest.mark.parametrize(
    ("method", "path", "body", "text"),
    [
        ("POST", "/faults", {"kind": "magic"}, "one of latency, status"),
        ("POST", "/faults", {}, "'kind' is required"),
        ("POST", "/faults", {"kind": "reset", "seconds": 1}, "unknown field 'seconds'"),
        ("POST", "/faults", {"kind": "latency", "seconds": 61}, "from 0 to 60"),
        ("POST", "/faults", {"kind": "latency"}, "'seconds' for the kind latency is required"),
        ("POST", "/faults", {"kind": "reset", "times": 0}, "whole number"),
        ("POST", "/faults", {"kind": "reset", "chance": 1.5}, "from 0 to 1"),
        ("POST", "/faults", {"kind": "reset", "seed": "x"}, "whole number"),
        ("POST", "/faults", {"kind": "reset", "service": "s3"}, "one of ngfw, sts"),
        ("POST", "/faults", {"kind": "status", "status": 999}, "one of 400, 401"),
        (
            "POST",
            "/faults",
            {"kind": "reset", "route": "/v1/nothing"},
            "unknown route; allowed: *, GET /v1/mgmt/tokens",
        ),
        ("POST", "/faults", {"kind": "reset", "skip": -1}, "whole number"),
        ("POST", "/faults", {"kind": "reset", "service": "ssm", "having": []}, "parameters and their values"),
        ("POST", "/faults", {"kind": "reset", "having": {"Name": "a"}}, "needs a 'service' of AWS"),
        (
            "POST",
            "/faults",
            {"kind": "reset", "service": "ssm", "route": "PutParametr"},
            "unknown route; allowed: *, ssm:",
        ),
        ("POST", "/faults", [], "JSON object"),
        ("PUT", "/access", {"enabled": "yes"}, "true or false"),
        ("PUT", "/access", {"max": 1}, "allowed: application_error_status, describe"),
        ("PUT", "/accounts/000000000000", {}, "unknown account; allowed: 123456789012"),
        ("PUT", "/clock", {}, "'offset_seconds' is required"),
    ],
)
def test_invalid_faults_are_rejected_with_a_reason(world, method, path, body, text):
    answer = world.admin(method, path, body)
    assert answer.status_code == 400
    assert text in answer.json()["error"]


def test_state_counts_and_shows_no_secret(world):
    world.admin("DELETE", "/calls")
    access = world.token()
    state = world.admin("GET", "/state")
    assert state.json()["calls"] == {f"GET {MINT}": 1}
    assert state.json()["aws_calls"]["sts:AssumeRole"] == 1
    assert len(state.json()["tokens"][-1]["fingerprint"]) == 12
    secrets = world.admin("GET", "/secrets").json()
    assert access["Authorization"] in secrets["tokens"]
    assert access["x-api-key"] in secrets["subscription_keys"]
    assert world.user.secret_key in secrets["secret_access_keys"]
    assert secrets["session_tokens"]
    assert not [secret for kind in secrets.values() for secret in kind if secret in state.text]


def test_foreign_hosts_and_paths(world):
    assert world.admin("GET", "/nothing").status_code == 404
    rebound = world.session.get(
        world.endpoints.admin_url + "/secrets", headers={"Host": "evil.example.com"}, timeout=20
    )
    assert rebound.status_code == 403
