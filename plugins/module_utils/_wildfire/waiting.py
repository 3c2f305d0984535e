# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looking again and again until something is so, or the time is over.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")


@dataclasses.dataclass(frozen=True)
class Patience:
    """How long to wait and how often to look, both in seconds."""

    timeout: float
    interval: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep

    def until(self, look: Callable[[], Seen], good: Callable[[Seen], bool]) -> Seen:
        """Look at once, then at each interval and when the time is over; give what was seen last, good or not."""
        deadline = self.clock() + self.timeout
        while True:
            seen = look()
            left = deadline - self.clock()
            if good(seen) or left <= 0:
                return seen
            self.sleep(min(self.interval, left))
