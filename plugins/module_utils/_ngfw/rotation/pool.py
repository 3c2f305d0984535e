# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Threads that take targets one by one: read ahead in batches, and isolated from each other's failures.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import collections
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

G = TypeVar("G")
T = TypeVar("T")


class Pool(Generic[G, T]):
    """Works through jobs with a bounded number of threads.

    :param groups: of jobs. :param prepare: makes the jobs of a group.
    :param work: does a job; returns whether to do it again later. It raises nothing that it expects.
    :param stopping: whether to begin no more jobs.
    :ivar under_way: jobs that are being done now. :ivar crash: what C(work) or C(prepare) raised all the same, which ends everything.
    """

    def __init__(
        self,
        groups: Iterable[G],
        prepare: Callable[[G], list[T]],
        work: Callable[[T], bool],
        stopping: Callable[[], bool],
    ) -> None:
        self._groups: Iterator[G] = iter(groups)
        self._all_begun = False
        self._ready: collections.deque[T] = collections.deque()
        self._later: collections.deque[T] = collections.deque()
        self._prepare, self._work, self._stopping = prepare, work, stopping
        self._state = threading.Condition()
        self._busy = 0
        self._threads = 0
        self.under_way: list[T] = []
        self.crash: BaseException | None = None
        self.done = threading.Event()

    def start(self, threads: int) -> None:
        """Begin. The threads end with the process, whatever they are doing."""
        self._threads = threads
        for number in range(threads):
            threading.Thread(target=self._run, name=f"rotation-{number}", daemon=True).start()

    def _run(self) -> None:
        try:
            while self._next():
                pass
        except BaseException as error:
            self.crash = error
        finally:
            with self._state:
                self._threads -= 1
                if not self._threads:
                    self.done.set()
                self._state.notify_all()

    def _next(self) -> bool:
        """Prepare a group, or do a job. :return: whether there can be more."""
        with self._state:
            while not self._over() and not self._ready and self._all_begun and not self._later and self._busy:
                self._state.wait(0.5)
            if self._over():
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

    def _prepared(self, group: G) -> None:
        jobs: list[T] = []
        try:
            jobs = self._prepare(group)
        finally:
            with self._state:
                self._busy -= 1
                self._ready.extend(jobs)
                self._state.notify_all()

    def _worked(self, job: T) -> None:
        again = False
        try:
            again = self._work(job)
        finally:
            with self._state:
                self._busy -= 1
                self.under_way.remove(job)
                if again:
                    self._later.append(job)
                self._state.notify_all()

    def _over(self) -> bool:
        return self._stopping() or self.crash is not None
