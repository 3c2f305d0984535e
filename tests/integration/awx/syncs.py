# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Updates of projects and inventory sources: when AWX runs one, and its result."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path
from typing import Any

from .inventories import import_file

# Project.FIELDS_TRIGGER_UPDATE: a change of one of these updates the project.
TRIGGERS = ("scm_url", "scm_branch", "scm_type", "scm_refspec")
_CACHE = {"projects": "scm_update_cache_timeout", "inventory_sources": "update_cache_timeout"}
_ON_LAUNCH = {"projects": "scm_update_on_launch", "inventory_sources": "update_on_launch"}


@dataclasses.dataclass
class Repository:
    """The git repository of all projects. :ivar revision: increases with each commit. :ivar reachable: whether AWX can clone it."""

    root: Path
    revision: int = 1
    reachable: bool = True

    def playbooks(self) -> list[str]:
        """Project.playbook_files after a checkout."""
        return sorted(str(path.relative_to(self.root)) for path in (self.root / "playbooks").glob("*.yml"))


@dataclasses.dataclass
class Sync:
    """One update. :ivar of: the id of the project or inventory source."""

    number: int
    of: int
    endpoint: str
    ok: bool
    revision: str
    ended: float

    def shown(self) -> dict[str, Any]:
        """A finished update as the API returns it."""
        status = "successful" if self.ok else "failed"
        about = {"id": self.number, "url": f"/api/v2/{self.endpoint}/{self.number}/", "status": status}
        return {**about, "failed": not self.ok, "finished": str(self.ended), "scm_revision": self.revision}


class Syncs:
    """All updates. :ivar clock: the time in seconds, which tests advance."""

    def __init__(self, repository: Repository) -> None:
        self.repository, self.clock = repository, 0.0
        self.done: list[Sync] = []
        self._numbers = itertools.count(1001)

    def project(self, project: dict[str, Any]) -> Sync:
        """Update a project. If that fails, it keeps its revision and its list of playbooks."""
        if self.repository.reachable:
            project["playbook_files"] = self.repository.playbooks()
            project["scm_revision"] = str(self.repository.revision)
        project["status"] = "successful" if self.repository.reachable else "failed"
        return self._record("project_updates", project, self.repository.reachable)

    def source(self, source: dict[str, Any], project: dict[str, Any], inventory: dict[str, Any]) -> Sync:
        """Update an inventory source, after its project if that is due (DependencyManager.gen_dep_for_inventory_update)."""
        ok = self.current(project) and self.repository.reachable and bool(project["scm_revision"])
        if ok:
            import_file(inventory, self.repository.root / source["source_path"])
        return self._record("inventory_updates", source, ok)

    def current(self, project: dict[str, Any]) -> bool:
        """Update a project that is due. :return: whether a job may run (Project.get_reason_if_failed, TaskManager.process_job_dep_failures)."""
        if self.is_due(project):
            self.project(project)
        return project["status"] == "successful"

    def is_due(self, made: dict[str, Any]) -> bool:
        """DependencyManager.should_update_again: not updated yet, last update failed, or older than the cache timeout."""
        if not made[_ON_LAUNCH[made["endpoint"]]]:
            return False
        last = next((sync for sync in reversed(self.done) if sync.of == made["id"]), None)
        return last is None or not last.ok or last.ended + made[_CACHE[made["endpoint"]]] < self.clock

    def get(self, number: int) -> Sync | None:
        """One update."""
        return next((sync for sync in self.done if sync.number == number), None)

    def _record(self, endpoint: str, made: dict[str, Any], ok: bool) -> Sync:
        self.clock += 1
        sync = Sync(next(self._numbers), made["id"], endpoint, ok, made.get("scm_revision", ""), self.clock)
        self.done.append(sync)
        return sync
