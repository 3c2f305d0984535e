# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rotation of a fleet: all targets, at a bounded pace, to one result.

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
from .models import Member, Plan
from .pool import Pool
from .prefetch import BATCHES, Ahead
from .progress import Snapshot
from .settling import conclude
from .shared_clients import Access
from .shutdown import PATIENCE, SETTLING, Stop
from .timings import summary
from .worker import Fate, Unexpected, Worker

TICK = 0.2  # seconds between two looks at the run


@dataclasses.dataclass
class Job:
    """A target, its store where that was opened and read ahead, and how often it was begun."""

    fate: Fate
    store: Store[StoredToken] | None = None
    begun: int = 0


class Rotation:
    """One run over a fleet.

    :param now: the time of day in UTC. :param clock: seconds that only grow.
    """

    def __init__(
        self,
        members: Sequence[Member],
        plan: Plan,
        access: Access,
        stop: Stop,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._plan, self._access, self._stop, self._now, self._clock = plan, access, stop, now, clock
        self._worker = Worker(access, plan, stop, now, clock)
        self._ahead = Ahead()
        self._lock = threading.Lock()
        self._done = self._failed = 0
        self._fates = {member.name: Fate(member) for member in members}
        self.stopped = False

    def run(self, watch: Callable[[Snapshot], None] = lambda _snapshot: None) -> dict[str, Any]:
        """Rotate what has to be.

        :param watch: is told several times a second how far it is, and may stop the run.
        :return: what became of each target, without secrets.
        """
        begun_at, begun = self._now(), self._clock()
        pool = Pool(self._groups(), self._prepare, self._attend, self._crashed, self._ending)
        pool.start(min(self._plan.concurrency, len(self._fates)))
        try:
            while not pool.done.wait(TICK) and not self._stop.tick():
                watch(self._snapshot(begun))
        except BaseException:  # such as the end of the time that the task was given
            self._stop.interrupt()
            pool.done.wait(PATIENCE)
            raise
        self._give_up(pool)
        watch(self._snapshot(begun))
        return self._result(begun_at, self._clock() - begun)

    @property
    def tokens(self) -> dict[str, StoredToken]:
        """The current tokens by the names of their targets, where no store keeps them."""
        return {name: fate.token for name, fate in self._fates.items() if fate.token and fate.member.store == "none"}

    @property
    def warnings(self) -> list[str]:
        """What the user should know, though it is no failure."""
        refused = [
            f"Targets are read one by one: {operation} is refused ({reason})."
            for operation, reason in self._ahead.refused.items()
        ]
        told = [f"{name}: {warning}" for name, fate in self._fates.items() for warning in fate.warnings]
        return refused + told

    def _groups(self) -> Iterator[list[Job]]:
        """The targets in groups that can be read at once; neighbours are of different accounts where possible."""
        places: dict[tuple[Any, str], list[Member]] = {}
        for fate in self._fates.values():
            places.setdefault((fate.member.account, fate.member.store), []).append(fate.member)
        pieces = []
        for (_account, kind), members in places.items():
            size = BATCHES.get(kind, 1)
            pieces.append([members[start : start + size] for start in range(0, len(members), size)])
        for piece in itertools.chain.from_iterable(itertools.zip_longest(*pieces)):
            if piece:
                yield [Job(self._fates[member.name]) for member in piece]

    def _prepare(self, jobs: Sequence[Job]) -> None:
        first = jobs[0].fate.member
        aws = self._access.aws(first.account)
        for job in jobs:
            with contextlib.suppress(Exception):  # it comes again, and is told, in the target's own turn
                job.store = job.fate.member.open(aws)
        self._ahead.read(first.store, aws, [job.store for job in jobs if job.store])

    def _store(self, job: Job) -> Store[StoredToken]:
        """A store of its own for each attempt, the first one with what was read ahead."""
        member, (ahead, job.store) = job.fate.member, (job.store, None)
        return ahead or member.open(self._access.aws(member.account))

    def _attend(self, job: Job) -> bool:
        """One attempt. :return: whether to make another one later."""
        fate = job.fate
        passing = self._worker.attend(fate, lambda: self._store(job))
        job.begun += 1
        if passing and job.begun <= self._plan.retries and not self._ending():
            return True
        self._count(fate)
        return False

    def _crashed(self, job: Job, error: BaseException) -> None:
        """Make what no attempt expects the failure of its target."""
        job.fate.error, job.fate.state = Unexpected(error), "failed"
        self._count(job.fate)

    def _count(self, fate: Fate) -> None:
        with self._lock:
            if fate.state != "not_started":
                self._done += 1
            if fate.state in ("failed", "unknown"):
                self._failed += 1
                most = self._plan.most_failed
                if most is not None and self._failed * 100 > most * len(self._fates):
                    self.stopped = True

    def _give_up(self, pool: Pool[Job]) -> None:
        """Let what is still under way take no further step, and find out in the time that is left how far it came."""
        self._stop.given_up = True
        left = [found for job in list(pool.under_way) if (found := self._worker.give_up(job.fate))]
        contents: dict[str, Contents[StoredToken] | None] = {}

        def read(fate: Fate) -> None:
            contents[fate.member.name] = self._worker.read(fate)

        readers = [threading.Thread(target=read, args=(fate,), daemon=True) for fate, _in_flight in left]
        for reader in readers:
            reader.start()
        over = time.monotonic() + SETTLING
        for reader in readers:
            reader.join(max(0.0, over - time.monotonic()))
        for fate, in_flight in left:
            conclude(fate, contents.get(fate.member.name), in_flight=in_flight)
            self._fates[fate.member.name] = fate

    def _ending(self) -> bool:
        return self.stopped or self._stop.asked

    def _snapshot(self, begun: float) -> Snapshot:
        seconds = self._clock() - begun
        return Snapshot(len(self._fates), self._done, self._failed, seconds, self._ending())

    def _result(self, begun_at: datetime, duration: float) -> dict[str, Any]:
        fates = list(self._fates.values())
        states = [fate.state for fate in fates]
        done = "due" if self._plan.dry_run else "rotated"
        counts = {state: states.count(state) for state in ("fresh", done, "failed", "unknown", "busy", "not_started")}
        handled = len(fates) - counts["not_started"]
        return {
            "changed": any(fate.changed for fate in fates),
            "dry_run": self._plan.dry_run,
            "interrupted": self._stop.interrupted,
            "stopped": self.stopped,
            "started_at": show(begun_at),
            "ended_at": show(self._now()),
            "duration": round(duration, 3),
            "counts": {"targets": len(fates), **counts, "repaired": sum(bool(fate.repaired) for fate in fates)},
            "rate": round(handled / duration, 2) if duration > 0 else 0.0,
            "steps": summary(fate.spent for fate in fates if fate.state != "not_started"),
            "throttled": self._access.rates.throttled,
            "requests": self._access.rates.requests,
            "targets": [fate.as_json() for fate in fates],
        }
