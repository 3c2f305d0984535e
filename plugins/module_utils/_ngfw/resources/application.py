# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Apply the plans of whole rulestacks: write, commit, and take it back if the task says so.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..._common.errors import ErrorContext, PanwCloudError
from ..._common.polling import Poller
from .client import ResourceClient
from .commit import UNCOMMITTED, Commits, Uncommitted, state_word
from .engine import Engine, Result, report
from .planner import Desired, Key, plan
from .rulestack_plan import Plan

SHOWN = 20  # failures in a message


@dataclasses.dataclass(frozen=True)
class Settings:
    """How plans are applied.

    :param commit: whether to commit. :param include_others: whether a commit may include changes of others.
    :param revert_on_failure: whether a failure puts the candidate back, unless it had uncommitted changes before.
    """

    commit: bool
    include_others: bool
    revert_on_failure: bool
    poller: Poller
    concurrency: int


class NotApplied(PanwCloudError):
    """Some changes were not made, or a commit failed. :param rulestacks: the outcome of each rulestack."""

    kind = "not_applied"
    advice = "Correct the cause, then run again: the next run goes on from here."

    def __init__(self, failures: list[tuple[str, PanwCloudError]], rulestacks: list[dict[str, Any]]) -> None:
        self.failures, self.rulestacks = failures, rulestacks
        texts = [f"{what}: {error.summary}" for what, error in failures[:SHOWN]]
        more = [f"and {len(failures) - SHOWN} more"] if len(failures) > SHOWN else []
        super().__init__("apply the rulestacks", ErrorContext(reason="; ".join(texts + more)))
        self._texts = [*texts, *more]

    @property
    def summary(self) -> str:
        """All failures, one a line, and what is applied."""
        done = " ".join(_done(entry) for entry in self.rulestacks)
        return "\n- ".join(["Could not apply all changes:", *self._texts]) + f"\n{done}"

    def as_result(self) -> dict[str, Any]:
        """The failure as C(fail_json) arguments, with the outcome of each rulestack."""
        result = super().as_result()
        result["error"]["failures"] = [{"change": what, **error.as_result()["error"]} for what, error in self.failures]
        changed = any(entry["applied"] for entry in self.rulestacks)
        return {**result, "rulestacks": self.rulestacks, "changed": changed}


class Application:
    """Applies the plan of one rulestack."""

    def __init__(self, client: ResourceClient, planned: Plan, settings: Settings) -> None:
        self._client, self._plan, self._settings = client, planned, settings
        document = planned.document
        self._commits = Commits(client, document.name, document.scope, settings.poller, settings.concurrency)
        self._pending: list[Uncommitted] = []
        self.results: list[Result] = []
        self.failures: list[tuple[str, PanwCloudError]] = []
        self._is_committing = False
        self.committed: dict[str, Any] | None = None
        self.reverted = False

    def prepare(self) -> None:
        """Look for changes that are not committed yet. :raises Conflict: a commit would include changes of others."""
        settings = self._settings
        if (settings.commit or settings.revert_on_failure) and self._has_uncommitted():
            self._pending = self._commits.uncommitted()
        if self.commits and not settings.include_others:
            self._commits.refuse_others(self._own, self._pending)

    def _has_uncommitted(self) -> bool:
        """Whether there are uncommitted changes that matter. If everything is committed, they only do if nothing else is."""
        planned = self._plan
        if planned.own is None and not self._settings.revert_on_failure:
            if planned.changes:
                return False
            if planned.state is not None:
                return state_word(planned.state) == UNCOMMITTED
        return self._commits.pending()

    @property
    def commits(self) -> bool:
        """Whether there is something to commit, and the task commits."""
        own = self._own
        everything = self._settings.include_others or own is None
        uncommitted = any(everything or one.key in (own or ()) for one in self._pending)
        return self._settings.commit and bool(self._plan.changes or uncommitted)

    @property
    def _own(self) -> set[Key] | None:
        """What the document manages, and the creation of its rulestack, which an interrupted run may have made."""
        own = self._plan.own
        created = {one.key for one in self._pending if not one.resource.section and one.operation == "add"}
        return None if own is None else own | created

    def write(self, done: Callable[[Result], object]) -> None:
        """Write the changes. Failures are collected in C(failures)."""
        self.results = Engine(self._client).run(self._plan.levels, done, self._settings.concurrency)
        self.failures = [(result.change.title, result.error) for result in self.results if result.error]

    def start_commit(self) -> None:
        """Start to commit what was written, unless a write failed."""
        if self.commits and not self.failures:
            with self._collected("commit"):
                own = self._own
                if own is not None and not self._settings.include_others:
                    self._commits.refuse_others(own, self._commits.uncommitted())
                self._commits.start(deleted=self._deletes)
                self._is_committing = True

    def finish(self) -> None:
        """Wait for the end of the commit. After a failure, put the candidate back if the task says so."""
        if self._is_committing:
            with self._collected("commit"):
                self.committed = self._commits.wait()
        if self.failures and self._settings.revert_on_failure and not self._pending:
            self._revert()

    def outcome(self) -> dict[str, Any]:
        """The rulestack in results."""
        applied = [result.change for result in self.results if not result.error]
        planned = self._plan.changes
        return {
            "name": self._plan.document.name,
            "scope": self._plan.document.scope,
            "counts": dict(Counter(change.operation for change in planned)),
            "changes": [report(change) for change in planned],
            "applied": [change.title for change in applied] if self.failures else len(applied),
            "failed": [what for what, _error in self.failures],
            "not_attempted": [change.title for change in planned[len(self.results) :]] if self.failures else [],
            "committed": self.committed is not None,
            "commit": self.committed,
            "reverted": self.reverted,
        }

    @contextlib.contextmanager
    def _collected(self, what: str) -> Iterator[None]:
        """Add a failure of the block to C(failures). :param what: failed."""
        try:
            yield
        except PanwCloudError as error:
            self.failures.append((f"{what} of rulestack '{self._plan.document.name}'", error))

    @property
    def _deletes(self) -> bool:
        return any(change.resource.section == "" and change.operation == "delete" for change in self._plan.changes)

    def _revert(self) -> None:
        """Put the candidate back: the running configuration, or nothing if the task created the rulestack."""
        creation = next(
            (result.change for result in self.results if not result.change.key[0] and result.change.before is None),
            None,
        )
        with self._collected("revert"):
            if creation is None:
                self._commits.revert()
            else:
                observed = self._client.read(creation.resource, creation.address, creation.desired.name)
                removal = plan(creation.resource, observed, Desired(creation.address, creation.desired.name, None))
                if removal is not None:
                    self._client.write(removal)
            self.reverted = True


def apply_all(applications: Sequence[Application], done: Callable[[Result], object]) -> list[dict[str, Any]]:
    """Apply the plans of rulestacks that do not depend on each other. Their commits run at the same time.

    :raises NotApplied: some changes were not made.
    """
    for application in applications:
        application.write(done)
        application.start_commit()
    for application in applications:
        application.finish()
    outcomes = [application.outcome() for application in applications]
    failures = [failure for application in applications for failure in application.failures]
    if failures:
        raise NotApplied(failures, outcomes)
    return outcomes


def _done(entry: dict[str, Any]) -> str:
    applied = entry["applied"] if isinstance(entry["applied"], int) else len(entry["applied"])
    made = f"Rulestack '{entry['name']}': {applied} of {len(entry['changes'])} changes were made"
    if entry["reverted"]:
        return f"{made} and reverted."
    return f"{made} and {'committed' if entry['committed'] else 'are in the candidate, not committed'}."
