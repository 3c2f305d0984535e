# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Request rates, on a clock that only the test advances."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._transport.rate_limiter import LOWEST, RateLimits
from ansible_collections.panw.cloud.tests.helpers.fakes import Clock


def rates(clock: Clock, **caps: float) -> RateLimits:
    return RateLimits(caps, clock, clock.sleep)


def sent(clock: Clock, pace: Any, seconds: float) -> int:
    """How many requests are sent in a period."""
    end, number = clock.seconds + seconds, 0
    while clock.seconds < end:
        pace.wait()
        number += 1
    return number


def test_cap_applies_to_all_places_together() -> None:
    clock = Clock()
    found = rates(clock, api=10)
    one, other = found.of("api", "one"), found.of("api", "other")
    for _turn in range(20):
        one.wait()
        other.wait()
    assert clock.seconds == pytest.approx(3.9)


def test_request_kinds_have_separate_budgets() -> None:
    clock = Clock()
    found = rates(clock, api=1, sts=1)
    found.of("api", "x").wait()
    found.of("sts", "x").wait()
    assert clock.seconds == 0


def test_place_has_one_rate_limiter() -> None:
    found = rates(Clock(), api=1)
    assert found.of("api", "x") is found.of("api", "x")
    assert found.of("api", "x") is not found.of("api", "y")


def test_throttling_halves_rate_and_time_restores_it() -> None:
    clock = Clock()
    pace = rates(clock, api=100).of("api", "x")
    sent(clock, pace, 3)
    pace.answered(throttled=True)
    assert pace.rate == pytest.approx(50, rel=0.1)
    sent(clock, pace, 3)
    assert pace.rate == pytest.approx(80, rel=0.1), "a tenth of the cap in each second"
    sent(clock, pace, 20)
    assert pace.rate == 100


def test_throttling_within_a_second_counts_once() -> None:
    clock = Clock()
    pace = rates(clock, api=100).of("api", "x")
    sent(clock, pace, 3)
    for _refusal in range(20):
        pace.answered(throttled=True)
    assert pace.rate == pytest.approx(50, rel=0.1)
    assert pace.throttled == 20


def test_rate_never_drops_to_zero() -> None:
    clock = Clock()
    pace = rates(clock, api=100).of("api", "x")
    for _second in range(20):
        clock.seconds += 1.01
        pace.answered(throttled=True)
    assert pace.rate == LOWEST


@pytest.mark.parametrize(("asked", "waited"), [(7.0, 7.0), (4000.0, 30.0)])
def test_retry_after_applies_to_all_requests_of_a_server(asked: float, waited: float) -> None:
    clock = Clock()
    found = rates(clock, api=100)
    pace = found.of("api", "x")
    pace.wait()
    pace.answered(throttled=True, retry_after=asked)
    assert pace.wait() == pytest.approx(waited)
    before = clock.seconds
    found.of("api", "y").wait()
    assert clock.seconds - before < 0.1


def test_requests_are_counted() -> None:
    found = rates(Clock(), api=100, sts=100)
    for kind, number in (("api", 3), ("sts", 2)):
        for _turn in range(number):
            found.of(kind, "x").wait()
    found.of("sts", "x").answered(throttled=True)
    found.of("sts", "x").answered(throttled=False)
    assert (found.requests, found.throttled) == (5, 1)


QUOTAS = {("Put", "Update"): 10, ("Batch",): 100}


def test_operations_share_nine_tenths_of_their_quota() -> None:
    clock = Clock()
    found = RateLimits({"store": 1e6}, clock, clock.sleep, share=1).service("store", "one", QUOTAS)
    spent = sum(found.wait(operation) for _turn in range(10) for operation in ("Put", "Update"))
    assert clock.seconds == pytest.approx(19 / 9, rel=1e-3)
    assert spent == pytest.approx(clock.seconds, rel=1e-3)


def test_quota_is_divided_among_slices_and_can_be_ignored() -> None:
    for share, seconds in ((0.5, 1 / 4.5), (0.0, 0.0)):
        clock = Clock()
        found = RateLimits({"store": 1e6}, clock, clock.sleep, share=share).service("store", "one", QUOTAS)
        for _turn in range(2):
            found.wait("Put")
        assert clock.seconds == pytest.approx(seconds, abs=1e-5)


def test_exhausted_quota_holds_up_no_other_operation() -> None:
    clock = Clock()
    asleep: list[float] = []
    found = RateLimits({"store": 1e6}, clock, asleep.append, share=1).service("store", "one", QUOTAS)
    for _turn in range(100):
        found.wait("Put")  # as many threads that sleep at the same time
    assert max(asleep) == pytest.approx(11)
    asleep.clear()
    found.wait("Batch")
    found.wait("Get")
    assert max(asleep, default=0) < 0.01


def test_service_limiter_learns_from_responses() -> None:
    clock = Clock()
    rates = RateLimits({"store": 100}, clock, clock.sleep)
    rates.service("store", "one", {}).answered(throttled=True, retry_after=5)
    assert (rates.throttled, rates.of("store", "one").wait()) == (1, 5)
