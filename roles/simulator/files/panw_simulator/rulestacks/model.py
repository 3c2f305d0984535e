# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rulestack: its candidate and running configurations, and the state of its last commit and validation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .kinds import TABLES, Entry


def _tables() -> dict[str, dict[Any, Entry]]:
    return {name: {} for name in TABLES}


@dataclass
class Configuration:
    """A candidate or running configuration.

    :param entry: the RuleStackEntry without scope, account and tags.
    :param tables: objects by kind and name, and rules by list and priority.
    :param xml: the document that Panorama or Strata Cloud Manager saved.
    """

    entry: Entry
    tables: dict[str, dict[Any, Entry]] = field(default_factory=_tables)
    xml: str | None = None

    def copy(self) -> Configuration:
        """A copy that does not change with this configuration. Entries are shared: they are never changed."""
        return Configuration(self.entry, {name: {**table} for name, table in self.tables.items()}, self.xml)


@dataclass
class Job:
    """A commit or validation that runs.

    :param started: seconds of the simulator's clock. :param messages: the problems; empty means success.
    :param snapshot: the configuration that is committed, None to delete the rulestack.
    """

    started: float
    messages: list[str]
    snapshot: Configuration | None


def _never_committed() -> dict[str, Any]:
    return {"CommitStatus": "Uncommitted", "ValidateStatus": "Unknown", "CommitMessages": [], "ValidateMessages": []}


@dataclass
class Rulestack:
    """One rulestack.

    :param candidate: None after a deletion that is not committed. :param running: None before the first commit.
    :param commit: the response to GET commit. :param jobs: what runs, by ``Commit`` and ``Validate``.
    """

    name: str
    scope: str
    account_id: str
    tags: dict[str, str]
    candidate: Configuration | None
    running: Configuration | None = None
    commit: dict[str, Any] = field(default_factory=_never_committed)
    jobs: dict[str, Job] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """``Running``, or ``Uncommitted`` if the candidate differs."""
        return "Running" if self.candidate == self.running else "Uncommitted"

    def operation(self) -> str | None:
        """The uncommitted change of the rulestack itself."""
        if self.running is None:
            return "add"
        if self.candidate is None:
            return "delete"
        return None if self.state == "Running" else "update"

    def start(self, kind: str, job: Job) -> None:
        """Start a commit or validation; it replaces one of its kind that runs. A commit includes a validation."""
        self.jobs[kind] = job
        for name in dict.fromkeys(("Validate", kind)):
            self.commit[f"{name}Status"] = "Pending"
            self.commit[f"{name}Messages"] = []

    def finish(self, kind: str) -> None:
        """End a commit or validation; a successful commit makes its snapshot the running configuration."""
        job = self.jobs.pop(kind)
        for name in dict.fromkeys(("Validate", kind)):
            self.commit[f"{name}Status"] = "Failed" if job.messages else "Success"
            self.commit[f"{name}Messages"] = job.messages
        if kind == "Commit" and not job.messages:
            self.running = job.snapshot
