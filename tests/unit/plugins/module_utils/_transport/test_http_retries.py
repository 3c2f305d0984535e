# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Retries: which calls, how often, after which pause; with a fake network, clock and random source."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from email.utils import format_datetime

import pytest
import requests
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import PanwCloudError, TransportError
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import Scrubber
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.responses import classify, read
from ansible_collections.panw.cloud.plugins.module_utils._transport.http import Call, HttpClient, Limits, Response
from ansible_collections.panw.cloud.plugins.module_utils._transport.rate_limiter import RateLimits
from ansible_collections.panw.cloud.tests.helpers.fakes import (
    HELD,
    NOW,
    URL,
    Clock,
    Reply,
    Server,
    http,
    refusal,
    session,
    success,
)

BROKEN = requests.exceptions.ConnectionError("reset")
LIMITS = Limits(attempts=5, seconds=1000, first_pause=1, longest_pause=8)


def call(*, repeatable: bool = True) -> Call:
    limit = None if repeatable else 1
    return Call("try", "POST" if not repeatable else "GET", f"{URL}/v1", HELD, unknown_limit=limit)


def attempts(*script: Reply | BaseException, repeatable: bool = True) -> int:
    """How often a call is sent for this script of replies."""
    server = Server(*script)
    with contextlib.suppress(TransportError):
        http(server).send(call(repeatable=repeatable), classify)
    return len(server.requests)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 599])
def test_retryable_status_is_retried(status: int) -> None:
    server = Server(Reply(status), success())
    response, context = http(server).send(call(), classify)
    assert (response.status, context().attempts, len(server.requests)) == (200, 2, 2)


@pytest.mark.parametrize("status", [200, 201, 400, 401, 402, 403, 404, 409, 410, 422])
def test_other_status_is_not_retried(status: int) -> None:
    assert attempts(Reply(status, "{}")) == 1


@pytest.mark.parametrize(
    "message",
    [
        "The request signature we calculated does not match the signature you provided.",
        "The security token included in the request is expired",
        "User: x is not authorized to perform: execute-api:Invoke on resource: y",
        "Missing Authentication Token",
        "Forbidden",
    ],
)
def test_denial_is_not_retried(message: str) -> None:
    assert attempts(refusal(403, message)) == 1


@pytest.mark.parametrize("reason", ["ThrottlingException", "InternalServerError", "InsufficientCapacityException"])
def test_throttling_envelope_is_retried_at_any_status(reason: str) -> None:
    body = {"Response": None, "ResponseStatus": {"ErrorCode": 400, "Reason": reason}}
    assert attempts(Reply(200, body), success()) == 2
    assert attempts(Reply(400, body), success()) == 2


@pytest.mark.parametrize(
    ("script", "sent"),
    [
        ([Reply(429), success()], 2),
        ([Reply(503), success()], 1),
        ([BROKEN, success()], 1),
        ([requests.exceptions.ReadTimeout("late"), success()], 1),
        ([requests.exceptions.ConnectTimeout("late"), success()], 2),
    ],
    ids=["throttled", "server", "broken", "no-response", "never-sent"],
)
def test_call_with_side_effect_is_retried_only_if_not_executed(script: list[Reply | BaseException], sent: int) -> None:
    assert attempts(*script, repeatable=False) == sent


def test_attempts_are_limited_and_counted() -> None:
    clock = Clock()
    server = Server(Reply(503))
    client = http(server, clock=clock, limits=LIMITS)
    response, context = client.send(call(), classify)
    assert len(server.requests) == context().attempts == 5
    assert clock.pauses == [1, 2, 4, 8]
    with pytest.raises(PanwCloudError, match="after 5 attempts"):
        read("try", response, context, client.scrubber)


def test_total_time_is_limited() -> None:
    clock = Clock()
    server = Server(Reply(503))
    http(server, clock=clock, limits=Limits(attempts=100, seconds=10, first_pause=4, longest_pause=4)).send(
        call(), classify
    )
    assert clock.pauses == [4, 4]
    assert clock.seconds < 10
    assert len(server.requests) == 3


def test_timeouts_shrink_with_remaining_time() -> None:
    clock = Clock()
    server = Server(Reply(503))
    limits = Limits(attempts=3, seconds=30, connect_timeout=10, read_timeout=20, first_pause=12, longest_pause=12)
    http(server, clock=clock, limits=limits).send(call(), classify)
    assert [sent["timeout"] for sent in server.settings] == [(10, 20), (10, 18), (6, 6)]


def test_pauses_are_random_up_to_doubling_limit() -> None:
    drawn: list[tuple[float, float]] = []

    def draw(low: float, high: float) -> float:
        drawn.append((low, high))
        return 0.25

    clock = Clock()
    http(Server(Reply(503)), clock=clock, limits=LIMITS, draw=draw).send(call(), classify)
    assert drawn[:4] == [(0, 1), (0, 2), (0, 4), (0, 8)]
    assert clock.pauses == [0.25] * 4


def test_pauses_are_random_by_default() -> None:
    clock = Clock()
    client = HttpClient(
        True,
        Scrubber(),
        ca_option="ngfw_ca_bundle",
        limits=LIMITS,
        session=session(Server(Reply(503))),
        clock=clock,
        sleep=clock.sleep,
    )
    client.send(call(), classify)
    assert all(0 <= pause <= bound for pause, bound in zip(clock.pauses, (1, 2, 4, 8), strict=True))
    assert len(set(clock.pauses)) == 4


def later(seconds: int) -> str:
    return format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"Retry-After": "5"}, 5),
        ({"retry-after": " 3 "}, 3),
        ({"Retry-After": "0"}, 0),
        ({"Retry-After": later(6)}, 6),
        ({"Retry-After": later(-60)}, 0),
        ({"Retry-After": later(3606), "Date": later(3600)}, 6),
        ({"Retry-After": "999999999999"}, 8),
        ({"Retry-After": "9" * 5000}, 8),
        ({"Retry-After": later(10**6)}, 8),
    ],
    ids=["seconds", "spaces", "zero", "date", "past", "by-the-server's-clock", "absurd", "endless", "far"],
)
def test_retry_after_is_honored_up_to_limit(headers: dict[str, str], pause: float) -> None:
    clock = Clock()
    limits = Limits(attempts=2, seconds=1000, first_pause=0.5, longest_pause=8)
    http(Server(Reply(429, b"", headers), success()), clock=clock, limits=limits).send(call(), classify)
    assert clock.pauses == [pause + 0.5]


@pytest.mark.parametrize("text", ["", "soon", "-5", "1.5", "٣", "Tue, 99 Foo 2026 12:00:00 GMT", "Tue"])
def test_retry_after_unreadable_is_ignored(text: str) -> None:
    clock = Clock()
    server = Server(Reply(503, b"", {"Retry-After": text}), success())
    http(server, clock=clock, limits=LIMITS).send(call(), classify)
    assert clock.pauses == [1]


def test_pause_longer_than_remaining_time_is_skipped() -> None:
    clock = Clock()
    server = Server(Reply(429, b"", {"Retry-After": "20"}), success())
    response, _rest = http(server, clock=clock, limits=Limits(seconds=10, longest_pause=30)).send(call(), classify)
    assert (response.status, clock.pauses) == (429, [])


@pytest.mark.parametrize("name", ["x-amzn-RequestId", "x-amz-apigw-id", "X-Amz-Request-Id", "X-Request-ID"])
def test_request_id_is_kept_for_error(name: str) -> None:
    _rest, context = http(Server(Reply(200, {}, {name: "id-1"}))).send(call(), classify)
    assert context().request_id == "id-1"


def test_context_has_no_secret_that_only_the_response_revealed() -> None:
    client = http(Server(success()))
    _rest, context = client.send(Call("try", "GET", f"{URL}/v1/revealed", HELD), classify)
    client.scrubber.learn("revealed")
    assert context().target == f"GET {URL}/v1/********"


def test_clock_difference_is_measured() -> None:
    response, _rest = http(Server(Reply(200, {}, {"Date": later(90)}))).send(call(), classify)
    assert response.clock_difference == 90
    assert Response(200, {}, b"", NOW).clock_difference is None
    assert Response(200, {"date": "Tue, 19 May 2026 12:01:00 -0000"}, b"", NOW).clock_difference == 60


def test_each_attempt_takes_rate_limiter_turn_and_reports_outcome() -> None:
    clock = Clock()
    rates = RateLimits({"api": 1}, clock, clock.sleep)
    server = Server(refusal(429, "Too Many Requests", **{"Retry-After": "7"}), Reply(503), BROKEN, success())
    client = http(server, clock=clock, limits=LIMITS).with_limiter(Scrubber(), rates.of("api", "x"))
    response, _evidence = client.send(call(), classify)
    assert response.status == 200
    assert (rates.requests, rates.throttled, rates.latencies.count) == (4, 1, 3), "one request got no response"
    assert clock.seconds >= 7 + 3


def test_waiting_for_turn_does_not_count_as_call_time() -> None:
    clock = Clock()
    pace = RateLimits({"api": 0.001}, clock, clock.sleep).of("api", "x")
    client = http(Server(success()), clock=clock, limits=Limits(seconds=5)).with_limiter(Scrubber(), pace)
    for _turn in range(2):
        assert client.send(call(), classify)[0].status == 200
    assert clock.seconds >= 1000


def test_latency_is_measured_without_waiting_for_turn() -> None:
    clock = Clock()
    rates = RateLimits({"api": 0.1}, clock, clock.sleep)
    server = Server(handler=lambda _request: clock.sleep(2) or success())
    client = http(server, clock=clock).with_limiter(Scrubber(), rates.of("api", "x"))
    for _turn in range(2):
        client.send(call(), classify)
    assert rates.latencies.least == pytest.approx(2)
    assert rates.latencies.waiting() == pytest.approx(8 / 12), "of ten seconds between turns, two were over"


def test_shared_clients_have_separate_secrets_and_common_connections() -> None:
    server = Server(success())
    client = http(server)
    pace = RateLimits({"api": 100}).of("api", "x")
    one, other = client.with_limiter(Scrubber(), pace), client.with_limiter(Scrubber(), pace)
    one.scrubber.learn("very-secret")
    assert one.scrubber.clean("very-secret") != "very-secret" == other.scrubber.clean("very-secret")
    one.send(call(), classify)
    other.send(call(), classify)
    assert len(server.requests) == 2
