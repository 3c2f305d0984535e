# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validation, commit and revert of a rulestack.

A commit takes the candidate as it is when it is requested; its result is visible after ``commit_seconds`` of the settings.
"""

from __future__ import annotations

from collections.abc import Collection

from ..envelope import accepted
from ..messages import Response
from ..routing import READERS, Call, Caller, Content, Route
from .kinds import RULESTACK_ADMINS
from .model import Job, Rulestack
from .object_api import ONE
from .references import problems
from .store import RulestackStore


class CommitApi:
    """Handlers of the routes.

    :param url_categories: names of the predefined URL categories. :param countries: codes that rules may name.
    """

    def __init__(self, store: RulestackStore, url_categories: Collection[str], countries: Collection[str]) -> None:
        self._store = store
        self._url_categories = url_categories
        self._countries = countries

    def routes(self) -> list[Route]:
        """The routes with their handlers."""
        return [
            Route("GET", f"{ONE}/commit", self.status, roles=READERS),
            Route("POST", f"{ONE}/commit", self.commit, roles=RULESTACK_ADMINS),
            Route("POST", f"{ONE}/validate", self.validate, roles=RULESTACK_ADMINS),
            Route("POST", f"{ONE}/revert", self.revert, roles=RULESTACK_ADMINS),
        ]

    def status(self, call: Call, caller: Caller) -> Content:
        """State of the last commit and validation."""
        stack = self._store.find(call, caller)
        return {"RuleStackName": stack.name, **stack.commit}

    def commit(self, call: Call, caller: Caller) -> Response:
        """Start a commit of the candidate, or of the deletion of the rulestack."""
        return self._start("Commit", self._store.find(call, caller))

    def validate(self, call: Call, caller: Caller) -> Response:
        """Start a validation of the candidate."""
        stack, _candidate = self._store.candidate(call, caller)
        return self._start("Validate", stack)

    def revert(self, call: Call, caller: Caller) -> Response:
        """Discard all uncommitted changes. For a rulestack that was never committed this includes its creation."""
        stack = self._store.find(call, caller)
        stack.candidate = stack.running.copy() if stack.running else None
        if stack.candidate is None:
            del self._store.rulestacks[stack.name]
        return _accepted(stack)

    def _start(self, kind: str, stack: Rulestack) -> Response:
        snapshot = stack.candidate.copy() if stack.candidate else None
        messages = problems(snapshot, self._url_categories, self._countries) if snapshot else []
        stack.start(kind, Job(self._store.clock.time(), messages, snapshot))
        return _accepted(stack)


def _accepted(stack: Rulestack) -> Response:
    """The documented response: the name beside ``ResponseStatus`` instead of in ``Response``."""
    return accepted(RuleStackName=stack.name)
