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

GROWTH = 1.25

Seen = TypeVar("Seen")


@dataclasses.dataclass(frozen=True)
class Poller:
    """A timeout and a polling interval, both in seconds.

    :param longest: the interval grows by a quarter up to this one, so that a wait ends soon after what it waits for; None if it stays the same.
    """

    timeout: float
    interval: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    longest: float | None = None

    def until(self, look: Callable[[], Seen], good: Callable[[Seen], bool]) -> Seen:
        """Poll immediately, then after each interval and at the timeout; return the last result, good or not."""
        deadline = self.clock() + self.timeout
        interval = self.interval
        while True:
            seen = look()
            left = deadline - self.clock()
            if good(seen) or left <= 0:
                return seen
            self.sleep(min(interval, left))
            interval = min(interval * GROWTH, self.longest) if self.longest else interval
