# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The thread pool, tested with barriers and events instead of sleeps."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.pool import Pool

SECONDS = 30


def pool(groups: Iterable[list[int]], work: Any, stopping: Any = lambda: False, **more: Any) -> Pool[int]:
    return Pool(groups, more.get("prepare", list), work, more.get("crashed", lambda _job, _error: None), stopping)


def run(made: Pool[int], threads: int) -> None:
    made.resize(threads)
    assert made.done.wait(SECONDS)


def test_every_job_runs_once() -> None:
    done: list[int] = []
    run(pool([[1, 2, 3], [4], [5, 6]], lambda job: bool(done.append(job))), 4)
    assert sorted(done) == [1, 2, 3, 4, 5, 6]


def test_jobs_run_in_parallel_on_all_threads() -> None:
    together = threading.Barrier(5)
    run(pool([list(range(10))], lambda _job: bool(together.wait(SECONDS) < 0)), 5)
    assert not together.broken


def test_parallel_jobs_never_exceed_threads() -> None:
    lock, now, most = threading.Lock(), [0], [0]

    def work(_job: int) -> bool:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        with lock:
            now[0] -= 1
        return False

    run(pool([list(range(50))], work), 3)
    assert most[0] <= 3


def test_retried_job_runs_after_all_others_started() -> None:
    done: list[int] = []

    def work(job: int) -> bool:
        done.append(job)
        return done.count(job) == 1 and job == 1

    run(pool([[1, 2], [3]], work), 1)
    assert done == [1, 2, 3, 1]


def test_idle_thread_waits_for_possible_retry() -> None:
    """Both attempts run although the second thread has long been idle."""
    first, attempts = threading.Event(), []

    def work(job: int) -> bool:
        attempts.append(threading.current_thread().name)
        if job == 2:
            return bool(first.wait(0))
        first.set()
        return len(attempts) < 5

    run(pool([[1]], work), 4)
    assert len(attempts) == 5


def test_stop_starts_no_job_and_finishes_running_jobs() -> None:
    stop, started, finished = threading.Event(), [], []

    def work(job: int) -> bool:
        started.append(job)
        stop.set()
        finished.append(job)
        return True

    made = pool([[1, 2, 3], [4]], work, stop.is_set)
    run(made, 1)
    assert started == finished == [1]
    assert made.under_way == []


def test_hanging_jobs_are_reported() -> None:
    release, started = threading.Event(), threading.Event()

    def work(_job: int) -> bool:
        started.set()
        return not release.wait(SECONDS)

    made = pool([[7]], work)
    made.resize(2)
    assert started.wait(SECONDS)
    assert made.under_way == [7]
    assert not made.done.is_set()
    release.set()
    assert made.done.wait(SECONDS)


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("kind", [RuntimeError, OSError, MemoryError, SystemExit, KeyboardInterrupt])
def test_job_exception_does_not_end_other_jobs(kind: type[BaseException], threads: int) -> None:
    done: list[int] = []
    crashes: list[tuple[int, type[BaseException]]] = []

    def work(job: int) -> bool:
        if job == 2:
            raise kind
        return bool(done.append(job))

    made = pool([[1, 2], [3], [4]], work, crashed=lambda job, error: crashes.append((job, type(error))))
    run(made, threads)
    assert (sorted(done), crashes, made.under_way) == ([1, 3, 4], [(2, kind)], [])


@pytest.mark.parametrize("kind", [RuntimeError, OSError, KeyError])
def test_group_with_failed_preparation_still_runs(kind: type[Exception]) -> None:
    done: list[int] = []

    def prepare(group: Any) -> None:
        if 2 in group:
            raise kind

    run(pool([[1], [2, 3], [4]], lambda job: bool(done.append(job)), prepare=prepare), 2)
    assert sorted(done) == [1, 2, 3, 4]


def test_groups_are_consumed_one_by_one() -> None:
    """Ten thousand targets do not create all jobs up front."""
    asked, done = [], []

    def groups() -> Any:
        for number in range(3):
            asked.append(number)
            yield [number]

    def work(job: int) -> bool:
        done.append(len(asked))
        return bool(job < 0)

    run(pool(groups(), work), 1)
    assert done == [1, 2, 3]


def test_more_threads_start_while_jobs_run() -> None:
    together = threading.Barrier(3)
    made = pool([list(range(3))], lambda _job: bool(together.wait(SECONDS) < 0))
    made.resize(1)
    assert not made.done.is_set()
    made.resize(3)
    assert made.done.wait(SECONDS)
    assert not together.broken


def test_surplus_threads_end_after_their_job() -> None:
    together, names = threading.Barrier(4), list[str]()

    def work(job: int) -> bool:
        if job < 4:
            if together.wait(SECONDS) == 0:
                made.resize(1)
            together.wait(SECONDS)
        else:
            names.append(threading.current_thread().name)
        return False

    made = pool([list(range(20))], work)
    run(made, 4)
    assert names == ["rotation-0"] * 16


def test_ended_pool_starts_no_thread() -> None:
    made = pool([[1]], lambda _job: False)
    run(made, 2)
    made.resize(5)
    assert not made._alive


def test_stopping_pool_starts_no_thread() -> None:
    stop, started, released = threading.Event(), threading.Event(), threading.Event()

    def work(_job: int) -> bool:
        started.set()
        return not released.wait(SECONDS)

    made = pool([[1], [2]], work, stop.is_set)
    made.resize(1)
    assert started.wait(SECONDS)
    stop.set()
    made.resize(5)
    assert made._alive == {0}
    released.set()
    assert made.done.wait(SECONDS)


def test_pool_that_never_starts_a_job_is_done() -> None:
    run(pool([[1]], lambda _job: False, lambda: True), 3)
