# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pool: barriers and events in place of sleeps."""

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
    made.start(threads)
    assert made.done.wait(SECONDS)


def test_every_job_is_done_once() -> None:
    done: list[int] = []
    run(pool([[1, 2, 3], [4], [5, 6]], lambda job: bool(done.append(job))), 4)
    assert sorted(done) == [1, 2, 3, 4, 5, 6]


def test_as_many_jobs_as_threads_are_under_way() -> None:
    together = threading.Barrier(5)
    run(pool([list(range(10))], lambda _job: bool(together.wait(SECONDS) < 0)), 5)
    assert not together.broken


def test_no_more_jobs_than_threads_are_under_way() -> None:
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


def test_a_job_is_done_again_after_all_others_were_begun() -> None:
    done: list[int] = []

    def work(job: int) -> bool:
        done.append(job)
        return done.count(job) == 1 and job == 1

    run(pool([[1, 2], [3]], work), 1)
    assert done == [1, 2, 3, 1]


def test_idle_threads_wait_for_a_job_that_may_come_back() -> None:
    """Both attempts are made although the second thread has long found nothing to do."""
    first, attempts = threading.Event(), []

    def work(job: int) -> bool:
        attempts.append(threading.current_thread().name)
        if job == 2:
            return bool(first.wait(0))
        first.set()
        return len(attempts) < 5

    run(pool([[1]], work), 4)
    assert len(attempts) == 5


def test_a_stop_begins_nothing_more_and_finishes_what_is_under_way() -> None:
    stop, begun, finished = threading.Event(), [], []

    def work(job: int) -> bool:
        begun.append(job)
        stop.set()
        finished.append(job)
        return True

    made = pool([[1, 2, 3], [4]], work, stop.is_set)
    run(made, 1)
    assert begun == finished == [1]
    assert made.under_way == []


def test_jobs_that_hang_are_told() -> None:
    release, begun = threading.Event(), threading.Event()

    def work(_job: int) -> bool:
        begun.set()
        return not release.wait(SECONDS)

    made = pool([[7]], work)
    made.start(2)
    assert begun.wait(SECONDS)
    assert made.under_way == [7]
    assert not made.done.is_set()
    release.set()
    assert made.done.wait(SECONDS)


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("kind", [RuntimeError, OSError, MemoryError, SystemExit, KeyboardInterrupt])
def test_what_is_raised_for_one_job_ends_no_other(kind: type[BaseException], threads: int) -> None:
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
def test_a_group_that_cannot_be_prepared_is_done_all_the_same(kind: type[Exception]) -> None:
    done: list[int] = []

    def prepare(group: Any) -> None:
        if 2 in group:
            raise kind

    run(pool([[1], [2, 3], [4]], lambda job: bool(done.append(job)), prepare=prepare), 2)
    assert sorted(done) == [1, 2, 3, 4]


def test_groups_are_asked_for_one_by_one() -> None:
    """The jobs of ten thousand targets are not made before they are needed."""
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
