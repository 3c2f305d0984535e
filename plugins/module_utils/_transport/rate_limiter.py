# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How fast requests may go: a hard cap for all of a kind, and below it a rate for each place that adapts to the server's answers.

The rate of a place grows by a fixed amount per second, and is halved when the server throttles ("additive increase, multiplicative decrease").

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

LOWEST = 1.0  # requests per second that are left after any number of decreases
SECONDS_TO_RECOVER = 10  # from nothing to the cap
LONGEST_WAIT = 30.0  # seconds that a server can ask for


class Line:
    """Turns at a fixed rate.

    :param rate: per second.
    """

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._next = 0.0
        self._lock = threading.Lock()

    def turn(self, earliest: float) -> float:
        """Take the next turn, not before a time; return its time."""
        with self._lock:
            turn = max(earliest, self._next)
            self._next = turn + 1 / self.rate
        return turn


class Pace:
    """The rate of requests to one place. Safe to share between threads.

    :param line: the turns of all places of this kind; its rate is the cap.
    :param clock: seconds that only grow. :param sleep: waits, and ends early where there is no time left.
    :ivar requests: how many there were. :ivar throttled: how many the server refused as too many.
    """

    def __init__(
        self, line: Line, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], Any] = time.sleep
    ) -> None:
        self._all, self._own = line, Line(line.rate)
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
        pause = self._all.turn(self._own.turn(earliest)) - now
        if pause > 0:
            self._sleep(pause)
        return max(0.0, pause)

    def answered(self, *, throttled: bool, retry_after: float | None = None) -> None:
        """Learn from an answer. :param retry_after: seconds for which the server wants no request."""
        if not throttled:
            return
        now = self._clock()
        with self._lock:
            self.throttled += 1
            self._closed_until = max(self._closed_until, now + min(retry_after or 0.0, LONGEST_WAIT))
            if now - self._cut >= 1:  # what is under way was sent at the old rate
                self._cut = now
                self._own.rate = max(LOWEST, min(self._own.rate, max(self._measured, self._sent)) / 2)

    def _measure(self, now: float) -> None:
        if now - self._window >= 1:
            self._measured, self._sent, self._window = self._sent / (now - self._window), 0, now
        self._sent += 1


@dataclasses.dataclass
class Rates:
    """The paces of a run by the kind of request and the place that it goes to.

    :param caps: requests per second by kind.
    """

    caps: Mapping[str, float]
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Any] = time.sleep
    _lines: dict[str, Line] = dataclasses.field(default_factory=dict, init=False)
    _paces: dict[tuple[str, str], Pace] = dataclasses.field(default_factory=dict, init=False)
    _lock: threading.Lock = dataclasses.field(default_factory=threading.Lock, init=False)

    def of(self, kind: str, place: str) -> Pace:
        """The pace of requests of a kind to a place."""
        with self._lock:
            line = self._lines.setdefault(kind, Line(self.caps[kind]))
            if (kind, place) not in self._paces:
                self._paces[kind, place] = Pace(line, self.clock, self.sleep)
            return self._paces[kind, place]

    @property
    def requests(self) -> int:
        """How many requests there were."""
        return sum(pace.requests for pace in list(self._paces.values()))

    @property
    def throttled(self) -> int:
        """How many of them the servers refused as too many."""
        return sum(pace.throttled for pace in list(self._paces.values()))
