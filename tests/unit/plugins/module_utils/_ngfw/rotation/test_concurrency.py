# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The number of concurrent targets, on a model of a network and a processor."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.concurrency import (
    FEWEST,
    HEADROOM,
    LEAST_REQUESTS,
    TICKS_TO_RECOVER,
    Concurrency,
)
from ansible_collections.panw.cloud.plugins.module_utils._transport.latencies import Latencies

MOST = 128


class World:
    """A run whose requests take a time of the network, and one of the processor, which serves one request at a time.

    :param stolen: how many times longer everything takes, because other programs use the processor, too.
    """

    def __init__(self, network: float, processor: float, most: int = MOST, stolen: float = 1.0) -> None:
        self._network, self._processor, self._stolen = network, processor, stolen
        self.latencies, self.throttled, self.waited, self._spent = Latencies(), 0, 0.0, 0.0
        self.latencies.note("read", network + processor)
        self.concurrency = Concurrency(self.latencies, most, lambda: self._spent)

    def seconds(self, threads: int) -> float:
        """The latency of a request."""
        return max(self._network + self._processor, threads * self._processor * self._stolen)

    def throughput(self, threads: int) -> float:
        """Requests per second."""
        return threads / self.seconds(threads)

    def tick(self, requests: int | None = None) -> int:
        """Let each thread, or some, send a request, then decide."""
        for _request in range(self.concurrency.limit if requests is None else requests):
            self.latencies.wait(self.waited)
            self.latencies.note("read", self.seconds(self.concurrency.limit))
            self._spent += self._processor
        return self.concurrency.update(self.throttled)


@pytest.mark.parametrize("stolen", [1.0, 10.0])
@pytest.mark.parametrize("network", [0.0, 0.001, 0.005, 0.02, 0.05, 0.1, 0.2])
def test_throughput_is_that_of_the_best_fixed_setting(network: float, stolen: float) -> None:
    world = World(network, processor=0.0008, stolen=stolen)
    for _tick in range(20):
        world.tick()
    best = max(world.throughput(threads) for threads in range(1, MOST + 1))
    assert world.throughput(world.concurrency.limit) == pytest.approx(best, rel=0.001)
    crowded = 1.1 * HEADROOM * (network / 0.0008 + 2)
    assert world.concurrency.limit <= max(FEWEST, crowded), "more would only wait for the processor"


def test_limit_doubles_while_requests_only_wait_for_the_network() -> None:
    world = World(0.2, processor=0.0)
    assert [world.tick() for _tick in range(5)] == [32, 64, 128, 128, 128]


def test_limit_stays_at_the_least_if_the_processor_is_busy() -> None:
    world = World(0.0, processor=0.001)
    assert {world.tick() for _tick in range(20)} == {FEWEST}


def test_connecting_does_not_count_as_cpu_time_of_requests() -> None:
    world = World(0.2, processor=0.001)
    world._processor = 0.05
    assert world.tick() == FEWEST
    world._processor = 0.001
    assert [world.tick() for _tick in range(4)] == [32, 64, 128, 128]


def test_limit_shrinks_while_requests_wait_for_a_turn() -> None:
    world = World(0.2, processor=0.0)
    for _tick in range(3):
        world.tick()
    world.waited = 0.3
    assert [world.tick() for _tick in range(3)] == [96, 72, 54]
    world.waited = 0.1
    assert [world.tick() for _tick in range(3)] == [54, 54, 54], "a third of the time"
    world.waited = 0.3
    for _tick in range(10):
        world.tick()
    assert world.concurrency.limit == FEWEST


@pytest.mark.parametrize(("most", "limits"), [(100, [32, 64, 100]), (20, [20, 20, 20]), (3, [3, 3, 3])])
def test_limit_never_exceeds_the_cap(most: int, limits: list[int]) -> None:
    world = World(0.2, processor=0.0, most=most)
    assert world.concurrency.limit == min(FEWEST, most)
    assert [world.tick(LEAST_REQUESTS) for _tick in range(3)] == limits


def test_measurement_takes_several_requests() -> None:
    world = World(0.2, processor=0.0)
    assert world.tick(requests=LEAST_REQUESTS - 2) == FEWEST
    assert world.tick(requests=1) == 2 * FEWEST


def test_throttling_halves_the_limit_once_and_stops_growth_for_a_while() -> None:
    world = World(0.2, processor=0.0)
    for _tick in range(3):
        world.tick()
    world.throttled += 5
    assert world.tick() == 64
    world.throttled += 5
    assert world.tick() == 64, "the requests in flight"
    assert {world.tick() for _tick in range(TICKS_TO_RECOVER - 1)} == {64}
    assert world.tick() == 128
