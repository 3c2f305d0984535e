# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent again, how often, after which pause, and what never is; with fakes of the network, the clock and chance."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from email.utils import format_datetime

import pytest
import requests
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import PanwCloudError, TransportError
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import Scrubber
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.responses import judge, read
from ansible_collections.panw.cloud.plugins.module_utils._transport.http import Answer, Call, HttpClient, Limits
from ansible_collections.panw.cloud.plugins.module_utils._transport.rate_limiter import Rates
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
    """How often a call is sent that meets this script."""
    server = Server(*script)
    with contextlib.suppress(TransportError):
        http(server).send(call(repeatable=repeatable), judge)
    return len(server.requests)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 599])
def test_status_that_is_repeated(status: int) -> None:
    server = Server(Reply(status), success())
    answer, evidence = http(server).send(call(), judge)
    assert (answer.status, evidence.attempts, len(server.requests)) == (200, 2, 2)


@pytest.mark.parametrize("status", [200, 201, 400, 401, 402, 403, 404, 409, 410, 422])
def test_status_that_is_never_repeated(status: int) -> None:
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
def test_refusal_is_never_repeated(message: str) -> None:
    assert attempts(refusal(403, message)) == 1


@pytest.mark.parametrize("reason", ["ThrottlingException", "InternalServerError", "InsufficientCapacityException"])
def test_envelope_that_asks_for_patience_is_repeated_at_any_status(reason: str) -> None:
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
    ids=["throttled", "server", "broken", "no-answer", "never-sent"],
)
def test_call_with_an_effect_is_repeated_only_if_it_had_none(script: list[Reply | BaseException], sent: int) -> None:
    assert attempts(*script, repeatable=False) == sent


def test_attempts_are_bounded_and_told() -> None:
    clock = Clock()
    server = Server(Reply(503))
    client = http(server, clock=clock, limits=LIMITS)
    answer, evidence = client.send(call(), judge)
    assert len(server.requests) == evidence.attempts == 5
    assert clock.pauses == [1, 2, 4, 8]
    with pytest.raises(PanwCloudError, match="after 5 attempts"):
        read("try", answer, evidence, client.scrubber)


def test_time_is_bounded() -> None:
    clock = Clock()
    server = Server(Reply(503))
    http(server, clock=clock, limits=Limits(attempts=100, seconds=10, first_pause=4, longest_pause=4)).send(
        call(), judge
    )
    assert clock.pauses == [4, 4]
    assert clock.seconds < 10
    assert len(server.requests) == 3


def test_timeouts_shrink_with_the_time_left() -> None:
    clock = Clock()
    server = Server(Reply(503))
    limits = Limits(attempts=3, seconds=30, connect_timeout=10, read_timeout=20, first_pause=12, longest_pause=12)
    http(server, clock=clock, limits=limits).send(call(), judge)
    assert [sent["timeout"] for sent in server.settings] == [(10, 20), (10, 18), (6, 6)]


def test_pauses_are_drawn_between_nothing_and_the_doubled_bound() -> None:
    drawn: list[tuple[float, float]] = []

    def draw(low: float, high: float) -> float:
        drawn.append((low, high))
        return 0.25

    clock = Clock()
    http(Server(Reply(503)), clock=clock, limits=LIMITS, draw=draw).send(call(), judge)
    assert drawn[:4] == [(0, 1), (0, 2), (0, 4), (0, 8)]
    assert clock.pauses == [0.25] * 4


def test_chance_is_real_by_default() -> None:
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
    client.send(call(), judge)
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
def test_retry_after_is_heeded_up_to_a_cap(headers: dict[str, str], pause: float) -> None:
    clock = Clock()
    limits = Limits(attempts=2, seconds=1000, first_pause=0.5, longest_pause=8)
    http(Server(Reply(429, b"", headers), success()), clock=clock, limits=limits).send(call(), judge)
    assert clock.pauses == [pause + 0.5]


@pytest.mark.parametrize("text", ["", "soon", "-5", "1.5", "٣", "Tue, 99 Foo 2026 12:00:00 GMT", "Tue"])
def test_retry_after_that_cannot_be_read_is_ignored(text: str) -> None:
    clock = Clock()
    server = Server(Reply(503, b"", {"Retry-After": text}), success())
    http(server, clock=clock, limits=LIMITS).send(call(), judge)
    assert clock.pauses == [1]


def test_pause_that_would_outlast_the_time_is_not_begun() -> None:
    clock = Clock()
    server = Server(Reply(429, b"", {"Retry-After": "20"}), success())
    answer, _rest = http(server, clock=clock, limits=Limits(seconds=10, longest_pause=30)).send(call(), judge)
    assert (answer.status, clock.pauses) == (429, [])


@pytest.mark.parametrize("name", ["x-amzn-RequestId", "x-amz-apigw-id", "X-Amz-Request-Id", "X-Request-ID"])
def test_request_id_is_kept_as_evidence(name: str) -> None:
    _rest, evidence = http(Server(Reply(200, {}, {name: "id-1"}))).send(call(), judge)
    assert evidence.request_id == "id-1"


def test_clock_difference() -> None:
    answer, _rest = http(Server(Reply(200, {}, {"Date": later(90)}))).send(call(), judge)
    assert answer.clock_difference == 90
    assert Answer(200, {}, b"", NOW).clock_difference is None
    assert Answer(200, {"date": "Tue, 19 May 2026 12:01:00 -0000"}, b"", NOW).clock_difference == 60


def test_each_attempt_takes_its_turn_and_tells_how_it_went() -> None:
    clock = Clock()
    rates = Rates({"api": 1}, clock, clock.sleep)
    server = Server(refusal(429, "Too Many Requests", **{"Retry-After": "7"}), Reply(503), BROKEN, success())
    client = http(server, clock=clock, limits=LIMITS).share(Scrubber(), rates.of("api", "x"))
    answer, _evidence = client.send(call(), judge)
    assert answer.status == 200
    assert (rates.requests, rates.throttled) == (4, 1)
    assert clock.seconds >= 7 + 3


def test_waiting_for_a_turn_is_no_part_of_a_call_s_time() -> None:
    clock = Clock()
    pace = Rates({"api": 0.001}, clock, clock.sleep).of("api", "x")
    client = http(Server(success()), clock=clock, limits=Limits(seconds=5)).share(Scrubber(), pace)
    for _turn in range(2):
        assert client.send(call(), judge)[0].status == 200
    assert clock.seconds >= 1000


def test_sharers_have_secrets_of_their_own_and_the_same_connections() -> None:
    server = Server(success())
    client = http(server)
    pace = Rates({"api": 100}).of("api", "x")
    one, other = client.share(Scrubber(), pace), client.share(Scrubber(), pace)
    one.scrubber.learn("very-secret")
    assert one.scrubber.clean("very-secret") != "very-secret" == other.scrubber.clean("very-secret")
    one.send(call(), judge)
    other.send(call(), judge)
    assert len(server.requests) == 2
