# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Polling until a condition is met, or a timeout.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from typing import TypeVar

SHARE = 0.05  # of the time since the start

Seen = TypeVar("Seen")


@dataclasses.dataclass(frozen=True)
class Poller:
    """A timeout and a polling interval, both in seconds.

    :param longest: the interval grows up to this one; None if it stays the same. It is a twentieth of the time since the start, so that a wait is a
        twentieth longer than necessary at most.
    """

    timeout: float
    interval: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    longest: float | None = None

    def until(self, look: Callable[[], Seen], good: Callable[[Seen], bool]) -> Seen:
        """Poll immediately, then after each interval and at the timeout; return the last result, good or not."""
        start = self.clock()
        while True:
            seen = look()
            passed = self.clock() - start
            if good(seen) or passed >= self.timeout:
                return seen
            self.sleep(min(self._interval(passed), self.timeout - passed))

    def _interval(self, passed: float) -> float:
        return self.interval if self.longest is None else min(max(self.interval, passed * SHARE), self.longest)
