# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many targets of a fleet are in progress at the same time.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from ..._transport.latencies import Latencies

FEWEST = 16
LEAST_REQUESTS = 16  # of a measurement
# Twice as many targets as keep the processor busy on average, because requests do not come at even intervals, and the first ones take more CPU time.
HEADROOM = 2
# The parts of the time that requests wait for a turn: up to the first, more targets can help; from the second, there are too many.
FREE, CROWDED = 0.25, 0.5
TICKS_TO_RECOVER = 20  # without growth after throttling


class Concurrency:
    """A limit that grows while more targets at the same time mean more throughput.

    By Little's law, that is while fewer are in progress than keep the processor busy as the others wait for the network: the latency of a request,
    divided by its CPU time, plus one. Python runs one thread at a time, so more than these only wait for the processor. Both are measured so that other
    programs on the machine do not distort them: the latency is the least of each kind of request, as congestion control estimates the delay of an empty
    network (TCP Vegas, BBR), and the CPU time is that of this process, without connecting.

    Up to there the limit doubles, as in TCP's slow start. It shrinks by a quarter while most of the time is waiting for a turn of a rate or quota.
    Throttling halves it.

    :param most: the cap. :param cpu: CPU seconds of this process. :ivar limit: the current limit.
    """

    def __init__(self, latencies: Latencies, most: int, cpu: Callable[[], float] = time.process_time) -> None:
        self._latencies, self._most, self._cpu = latencies, most, cpu
        self._throttled = self._rest = self._count = 0
        self._spent = cpu()
        self._each = float("inf")  # CPU seconds of a request
        self.limit = min(FEWEST, most)

    def update(self, throttled: int) -> int:
        """Decide. Called at each tick of the run.

        :param throttled: the number of requests that servers have throttled so far. :return: the new limit.
        """
        self._rest = max(0, self._rest - 1)
        if throttled > self._throttled:
            if not self._rest:  # the requests in flight are throttled, too
                self._change(self.limit // 2)
            self._throttled, self._rest = throttled, TICKS_TO_RECOVER
        elif self._measure():
            waiting = self._latencies.waiting()
            if waiting > CROWDED:
                self._change(self.limit * 3 // 4)
            elif waiting < FREE and not self._rest:
                self._change(max(self.limit, min(self.limit * 2, self._useful())))
        return self.limit

    def _measure(self) -> bool:
        """Measure the CPU time of a request. The least measurement counts, because a new connection takes more. :return: whether there were enough."""
        count = self._latencies.count
        if count < self._count + LEAST_REQUESTS:
            return False
        spent = self._cpu()
        self._each = min(self._each, (spent - self._spent) / (count - self._count))
        self._count, self._spent = count, spent
        return True

    def _useful(self) -> int:
        """The number of targets beyond which throughput does not grow."""
        return int(HEADROOM * (self._latencies.least / self._each + 1)) if self._each > 0 else self._most

    def _change(self, limit: int) -> None:
        self.limit = min(self._most, max(FEWEST, limit))
