# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rate limiting: a hard cap for all requests of a kind, below it a rate per place that adapts to the server's responses, and the place's known quotas.

The rate of a place grows by a fixed amount per second, and is halved when the server throttles ("additive increase, multiplicative decrease").

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from .latencies import Latencies

LOWEST = 1.0  # requests per second, the minimum after any number of decreases
SECONDS_TO_RECOVER = 10  # from 0 to the cap
LONGEST_WAIT = 30.0  # seconds, caps Retry-After
# The used part of a quota: delays on the way bunch requests, so that more arrive in the server's second than left in ours.
USED = 0.9


class TokenBucket:
    """Requests at a fixed rate.

    :param rate: requests per second.
    """

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._next = 0.0
        self._lock = threading.Lock()

    def turn(self, earliest: float) -> float:
        """Take the next turn, not before a given time; return its time."""
        with self._lock:
            turn = max(earliest, self._next)
            self._next = turn + 1 / self.rate
        return turn


class RateLimiter:
    """The rate of requests to one place. Safe to share between threads.

    :param line: the token bucket of all places of this kind; its rate is the cap.
    :param clock: seconds that only grow. :param sleep: waits, and ends early if no time is left. :param latencies: learns those of all requests.
    :ivar requests: the number of requests. :ivar throttled: the number that the server throttled.
    """

    def __init__(
        self,
        line: TokenBucket,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Any] = time.sleep,
        latencies: Latencies | None = None,
    ) -> None:
        self._all, self._own = line, TokenBucket(line.rate)
        self._latencies = latencies or Latencies()
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._grown = self._cut = clock()
        self._closed_until = 0.0
        self._window, self._sent, self._measured = self._grown, 0, 0.0
        self.requests = self.throttled = 0

    @property
    def rate(self) -> float:
        """Requests per second that are allowed now."""
        return self._own.rate

    @property
    def now(self) -> float:
        """The time, in seconds that only grow."""
        return self._clock()

    def took(self, kind: str, sent: float) -> None:
        """Note that a response came. :param kind: as in L(Latencies.note). :param sent: the time when the request was sent."""
        self._latencies.note(kind, self._clock() - sent)

    def wait(self) -> float:
        """Wait for a turn. :return: seconds that it took."""
        now = self._clock()
        with self._lock:
            self.requests += 1
            self._own.rate = min(
                self._all.rate, self._own.rate + (now - self._grown) * self._all.rate / SECONDS_TO_RECOVER
            )
            self._grown = now
            self._measure(now)
            earliest = max(now, self._closed_until)
        return self._pause(self._all.turn(self._own.turn(earliest)) - now)

    def wait_for(self, bucket: TokenBucket) -> float:
        """Wait for a turn of a quota only. :return: seconds that it took."""
        now = self._clock()
        return self._pause(bucket.turn(now) - now)

    def answered(self, *, throttled: bool, retry_after: float | None = None) -> None:
        """Adapt to a response. :param retry_after: seconds of the header Retry-After."""
        if not throttled:
            return
        now = self._clock()
        with self._lock:
            self.throttled += 1
            self._closed_until = max(self._closed_until, now + min(retry_after or 0.0, LONGEST_WAIT))
            if now - self._cut >= 1:  # requests in flight were sent at the old rate
                self._cut = now
                self._own.rate = max(LOWEST, min(self._own.rate, max(self._measured, self._sent)) / 2)

    def _pause(self, seconds: float) -> float:
        if seconds <= 0:
            return 0.0
        self._sleep(seconds)
        self._latencies.wait(seconds)
        return seconds

    def _measure(self, now: float) -> None:
        if now - self._window >= 1:
            self._measured, self._sent, self._window = self._sent / (now - self._window), 0, now
        self._sent += 1


class ServiceLimiter:
    """The requests to one service of one account: its rate limiter, and the quotas that its operations share.

    :param quotas: requests per second by the operations that share them.
    """

    def __init__(self, limiter: RateLimiter, quotas: Mapping[tuple[str, ...], float]) -> None:
        self._limiter = limiter
        shared = [(operations, TokenBucket(rate)) for operations, rate in quotas.items()]
        self._buckets = {operation: bucket for operations, bucket in shared for operation in operations}

    def wait(self, operation: str) -> float:
        """Wait for a turn. :return: seconds that it took."""
        bucket = self._buckets.get(operation)
        # First, and on its own: a turn of the limiter is not taken far ahead, where it would hold up operations of other quotas.
        spent = self._limiter.wait_for(bucket) if bucket else 0.0
        return spent + self._limiter.wait()

    @property
    def now(self) -> float:
        """As L(RateLimiter.now)."""
        return self._limiter.now

    def took(self, kind: str, sent: float) -> None:
        """As L(RateLimiter.took)."""
        self._limiter.took(kind, sent)

    def answered(self, *, throttled: bool, retry_after: float | None = None) -> None:
        """As L(RateLimiter.answered)."""
        self._limiter.answered(throttled=throttled, retry_after=retry_after)


@dataclasses.dataclass
class RateLimits:
    """The rate limiters of a run by kind of request and place.

    :param caps: requests per second by kind. :param share: the part of each quota that this run may use, 0 to ignore quotas.
    :ivar latencies: of all requests.
    """

    caps: Mapping[str, float]
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Any] = time.sleep
    share: float = 0.0
    latencies: Latencies = dataclasses.field(default_factory=Latencies, init=False)
    _lines: dict[str, TokenBucket] = dataclasses.field(default_factory=dict, init=False)
    _paces: dict[tuple[str, str], RateLimiter] = dataclasses.field(default_factory=dict, init=False)
    _lock: threading.Lock = dataclasses.field(default_factory=threading.Lock, init=False)

    def of(self, kind: str, place: str) -> RateLimiter:
        """The rate limiter for requests of a kind to a place."""
        with self._lock:
            line = self._lines.setdefault(kind, TokenBucket(self.caps[kind]))
            if (kind, place) not in self._paces:
                self._paces[kind, place] = RateLimiter(line, self.clock, self.sleep, self.latencies)
            return self._paces[kind, place]

    def service(self, kind: str, place: str, quotas: Mapping[tuple[str, ...], float]) -> ServiceLimiter:
        """The limiter for requests of a kind to a service at a place, which the caller keeps. :param quotas: of the service, in full."""
        mine = {operations: rate * USED * self.share for operations, rate in quotas.items()} if self.share else {}
        return ServiceLimiter(self.of(kind, place), mine)

    @property
    def requests(self) -> int:
        """The number of requests."""
        return sum(pace.requests for pace in list(self._paces.values()))

    @property
    def throttled(self) -> int:
        """The number of requests that servers throttled."""
        return sum(pace.throttled for pace in list(self._paces.values()))
