# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A thread pool for targets, which prefetches in batches and isolates failures.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import collections
import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Pool(Generic[T]):
    """Runs jobs on a bounded number of threads. An exception in one job ends neither another job nor the run.

    :param groups: of jobs. :param prepare: prefetches for a group; if it fails, the jobs run anyway.
    :param work: runs a job; returns whether to repeat it later.
    :param crashed: receives a job and the exception that C(work) raised.
    :param stopping: whether to start no more jobs.
    :ivar under_way: jobs in progress.
    """

    def __init__(
        self,
        groups: Iterable[Sequence[T]],
        prepare: Callable[[Sequence[T]], None],
        work: Callable[[T], bool],
        crashed: Callable[[T, BaseException], None],
        stopping: Callable[[], bool],
    ) -> None:
        self._groups: Iterator[Sequence[T]] = iter(groups)
        self._all_begun = False
        self._ready: collections.deque[T] = collections.deque()
        self._later: collections.deque[T] = collections.deque()
        self._prepare, self._work, self._crashed, self._stopping = prepare, work, crashed, stopping
        self._state = threading.Condition()
        self._busy = 0
        self._wanted = 0
        self._alive: set[int] = set()
        self.under_way: list[T] = []
        self.done = threading.Event()

    def resize(self, threads: int) -> None:
        """Set the number of threads, 1 or more. Missing ones start now, surplus ones end after their job; all end with the process, whatever they do."""
        with self._state:
            self._wanted = threads
            ending = self.done.is_set() or (self._alive and self._stopping())
            missing = [] if ending else [number for number in range(threads) if number not in self._alive]
            self._alive.update(missing)
        for number in missing:
            threading.Thread(target=self._run, args=(number,), name=f"rotation-{number}", daemon=True).start()

    def _run(self, number: int) -> None:
        try:
            while number < self._wanted and self._next():
                pass
        finally:
            with self._state:
                self._alive.remove(number)
                if not self._alive:
                    self.done.set()
                self._state.notify_all()

    def _next(self) -> bool:
        """Prepare a group, or run a job. :return: whether more can follow."""
        with self._state:
            while not self._stopping() and not self._ready and self._all_begun and not self._later and self._busy:
                self._state.wait(0.5)
            if self._stopping():
                return False
            group = None
            if not self._ready and not self._all_begun:
                group = next(self._groups, None)
                self._all_begun = group is None
            waiting = self._ready or (self._later if self._all_begun else None)
            if group is None and not waiting:
                return bool(self._busy)
            self._busy += 1
            job = waiting.popleft() if group is None and waiting else None
            if job is not None:
                self.under_way.append(job)
        if group is not None:
            self._prepared(group)
        elif job is not None:
            self._worked(job)
        return True

    def _prepared(self, group: Sequence[T]) -> None:
        try:
            with contextlib.suppress(Exception):
                self._prepare(group)
        finally:
            with self._state:
                self._busy -= 1
                self._ready.extend(group)
                self._state.notify_all()

    def _worked(self, job: T) -> None:
        again = False
        try:
            again = self._work(job)
        except BaseException as error:
            self._crashed(job, error)
        finally:
            with self._state:
                self._busy -= 1
                self.under_way.remove(job)
                if again:
                    self._later.append(job)
                self._state.notify_all()
