# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rotate a fleet: all targets, with rate limits, into one result.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timezone
from typing import Any

from ..._common.dates import show
from ..._stores.base import Contents, Store
from ..._stores.documents import StoredToken
from .concurrency import Concurrency
from .models import FleetTarget, RotationPlan
from .pool import Pool
from .prefetch import BATCHES, Prefetcher
from .progress import Snapshot
from .settling import conclude
from .shared_clients import SharedClients
from .shutdown import PATIENCE, SETTLING, Shutdown
from .timings import summary
from .worker import TargetResult, Unexpected, Worker

TICK = 0.1  # seconds between two checks of the run


@dataclasses.dataclass
class Job:
    """A target, its store if that was opened and prefetched, and the number of its attempts."""

    result: TargetResult
    store: Store[StoredToken] | None = None
    attempts: int = 0


class Rotation:
    """One run over a fleet.

    :param now: the current time in UTC. :param clock: monotonic, in seconds.
    """

    def __init__(
        self,
        members: Sequence[FleetTarget],
        plan: RotationPlan,
        access: SharedClients,
        stop: Shutdown,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._plan, self._clients, self._stop, self._now, self._clock = plan, access, stop, now, clock
        self._worker = Worker(access, plan, stop, now, clock)
        self._ahead = Prefetcher()
        self._lock = threading.Lock()
        self._done = self._failed = 0
        self._results = {member.name: TargetResult(member) for member in members}
        self.stopped = False

    def run(self, watch: Callable[[Snapshot], None] = lambda _snapshot: None) -> dict[str, Any]:
        """Process all targets.

        :param watch: called with the progress several times a second; may stop the run.
        :return: the result of each target, without secrets.
        """
        started_at, attempts = self._now(), self._clock()
        pool = Pool(self._groups(), self._prepare, self._process, self._crashed, self._ending)
        concurrency = Concurrency(self._clients.rates.latencies, min(self._plan.concurrency, len(self._results)))
        pool.resize(concurrency.limit)
        try:
            while not pool.done.wait(TICK) and not self._stop.tick():
                watch(self._snapshot(attempts))
                pool.resize(concurrency.update(self._clients.rates.throttled))
        except BaseException:  # such as the task's timeout
            self._stop.interrupt()
            pool.done.wait(PATIENCE)
            raise
        self._give_up(pool)
        watch(self._snapshot(attempts))
        return self._result(started_at, self._clock() - attempts)

    @property
    def tokens(self) -> dict[str, StoredToken]:
        """The current tokens by target name, for targets without a store."""
        return {
            name: result.token
            for name, result in self._results.items()
            if result.token and result.member.store == "none"
        }

    @property
    def warnings(self) -> list[str]:
        """Warnings for the user."""
        refused = [
            f"Targets are read one by one: {operation} is denied ({reason})."
            for operation, reason in self._ahead.refused.items()
        ]
        names: dict[str, list[str]] = {}
        for name, result in self._results.items():
            for warning in result.warnings:
                names.setdefault(warning, []).append(name)
        return refused + [f"{_several(found)}: {warning}" for warning, found in names.items()]

    def _groups(self) -> Iterator[list[Job]]:
        """The targets in groups that one request can read; adjacent groups belong to different accounts if possible."""
        places: dict[tuple[Any, str], list[FleetTarget]] = {}
        for result in self._results.values():
            places.setdefault((result.member.account, result.member.store), []).append(result.member)
        pieces = []
        for (_account, kind), members in places.items():
            size = BATCHES.get(kind, 1)
            pieces.append([members[start : start + size] for start in range(0, len(members), size)])
        for piece in itertools.chain.from_iterable(itertools.zip_longest(*pieces)):
            if piece:
                yield [Job(self._results[member.name]) for member in piece]

    def _prepare(self, jobs: Sequence[Job]) -> None:
        first = jobs[0].result.member
        aws = self._clients.aws(first.account)
        for job in jobs:
            with contextlib.suppress(Exception):  # it recurs, and is reported, when the target is processed
                job.store = job.result.member.open(aws)
        self._ahead.read(first.store, aws, [job.store for job in jobs if job.store])

    def _store(self, job: Job) -> Store[StoredToken]:
        """Open a new store for each attempt; the first attempt gets the prefetched one."""
        member, (ahead, job.store) = job.result.member, (job.store, None)
        return ahead or member.open(self._clients.aws(member.account))

    def _process(self, job: Job) -> bool:
        """Make one attempt. :return: whether to retry later."""
        result = job.result
        passing = self._worker.process(result, lambda: self._store(job))
        job.attempts += 1
        if passing and job.attempts <= self._plan.retries and not self._ending():
            return True
        self._count(result)
        return False

    def _crashed(self, job: Job, error: BaseException) -> None:
        """Record an unexpected exception as the failure of its target."""
        job.result.error, job.result.state = Unexpected(error), "failed"
        self._count(job.result)

    def _count(self, result: TargetResult) -> None:
        with self._lock:
            if result.state != "not_started":
                self._done += 1
            if result.state in ("failed", "unknown"):
                self._failed += 1
                most = self._plan.max_failed
                if most is not None and self._failed * 100 > most * len(self._results):
                    self.stopped = True

    def _give_up(self, pool: Pool[Job]) -> None:
        """Abandon the attempts in progress, and determine from their stores, in the remaining time, how far they got."""
        self._stop.given_up = True
        left = [found for job in list(pool.under_way) if (found := self._worker.give_up(job.result))]
        contents: dict[str, Contents[StoredToken] | None] = {}

        def read(result: TargetResult) -> None:
            contents[result.member.name] = self._worker.read(result)

        readers = [threading.Thread(target=read, args=(result,), daemon=True) for result, _in_flight in left]
        for reader in readers:
            reader.start()
        over = time.monotonic() + SETTLING
        for reader in readers:
            reader.join(max(0.0, over - time.monotonic()))
        for result, in_flight in left:
            conclude(result, contents.get(result.member.name), in_flight=in_flight)
            self._results[result.member.name] = result

    def _ending(self) -> bool:
        return self.stopped or self._stop.asked

    def _snapshot(self, attempts: float) -> Snapshot:
        seconds = self._clock() - attempts
        return Snapshot(len(self._results), self._done, self._failed, seconds, self._ending())

    def _result(self, started_at: datetime, duration: float) -> dict[str, Any]:
        results = list(self._results.values())
        states = [result.state for result in results]
        done = "due" if self._plan.dry_run else "rotated"
        counts = {state: states.count(state) for state in ("fresh", done, "failed", "unknown", "locked", "not_started")}
        handled = len(results) - counts["not_started"]
        return {
            "changed": any(result.changed for result in results),
            "dry_run": self._plan.dry_run,
            "interrupted": self._stop.interrupted,
            "stopped": self.stopped,
            "started_at": show(started_at),
            "ended_at": show(self._now()),
            "duration": round(duration, 3),
            "counts": {"targets": len(results), **counts, "repaired": sum(bool(result.repaired) for result in results)},
            "rate": round(handled / duration, 2) if duration > 0 else 0.0,
            "steps": summary(result.spent for result in results if result.state != "not_started"),
            "throttled": self._clients.rates.throttled,
            "requests": self._clients.rates.requests,
            "targets": [result.as_json() for result in results],
        }


def _several(names: Sequence[str]) -> str:
    """The targets of one warning: a setting of the tenant gives thousands of targets the same one."""
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more targets"
