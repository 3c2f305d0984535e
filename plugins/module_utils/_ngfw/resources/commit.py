# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Validate, commit and revert a rulestack, and wait for the end.

The calls are asynchronous: the answer to each says that it began, and the status says how it ended. The words of the status are those of the
vendor's Go SDK (v2.0.5).

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ..._common.errors import AuthorizationError, Conflict, ErrorContext, NotFound, PanwCloudError, RouteNotFound
from ..._common.polling import Poller
from ..codec import lookup
from ..rulestack_calls import COMMIT, RULESTACK
from .catalog import EVERY_RESOURCE, sections_of
from .catalog.rulestack import RULESTACK_RESOURCE
from .catalog.security_rule import RULE_SECTIONS, RULES
from .client import CANDIDATE, RUNNING, ResourceClient
from .descriptor import Resource, Values
from .planner import Address, Key, Observed, shown, title
from .reader import CONCURRENCY

WAITING = Poller(timeout=600, interval=2)
SHOWN = 10  # changes of others in a message
SUCCESS, UNCOMMITTED = "success", "uncommitted"
# The states of a commit or validation that has not ended.
UNDER_WAY = ("pending", "committing", "precommit", "precommitdone", "prevalidatedone", "validating")


class CommitFailed(PanwCloudError):
    """A commit or validation ended without success."""

    kind = "commit_failed"
    advice = "Correct what the messages name, then run again. The candidate keeps the changes; the running configuration is unchanged."

    def __init__(self, attempted: str, context: ErrorContext, messages: Iterable[Any]) -> None:
        super().__init__(attempted, context)
        self.messages = list(mapped(messages))

    def as_result(self) -> dict[str, Any]:
        """The failure as C(fail_json) arguments, with each message and what it is about."""
        result = super().as_result()
        result["error"]["messages"] = self.messages
        return result


@dataclasses.dataclass(frozen=True)
class Uncommitted:
    """A change of the candidate since the last commit. :param operation: C(add), C(update) or C(delete)."""

    resource: Resource
    address: Address
    name: str
    operation: str

    @property
    def key(self) -> Key:
        """What the change is about."""
        return (self.resource.section, self.name)

    @property
    def report(self) -> dict[str, str]:
        """The change for results."""
        return {"section": self.resource.section or "rulestack", "name": self.name, "operation": self.operation}

    @property
    def title(self) -> str:
        """The change in words."""
        return f"{self.operation} of {title(self.resource, self.address, self.name)}"


class Commits:
    """The commits of one rulestack.

    :param scope: C(local) or C(global). :param poller: for the end of a commit or validation. :param concurrency: calls at the same time.
    """

    def __init__(
        self,
        client: ResourceClient,
        rulestack: str,
        scope: str,
        poller: Poller = WAITING,
        concurrency: int = CONCURRENCY,
    ) -> None:
        self._client, self.rulestack, self._poller, self._concurrency = client, rulestack, poller, concurrency
        self._sections = sections_of(scope)

    def status(self) -> dict[str, Any] | None:
        """The status of the last commit and validation, and their messages; None if the rulestack does not exist."""
        try:
            answer = self._client.send(
                f"read the commit status of rulestack '{self.rulestack}'", "GET", COMMIT.at((self.rulestack,))
            )
        except NotFound:
            return None
        words = {key: lookup(answer, key) for key in ("commit_status", "validate_status")}
        return words | {key: lookup(answer, key) or [] for key in ("commit_messages", "validate_messages")}

    def pending(self) -> bool:
        """Whether the rulestack has uncommitted changes, of which its removal is one."""
        attempted = f"read the state of rulestack '{self.rulestack}'"
        content = self._client.describe(RULESTACK_RESOURCE, (self.rulestack,), attempted, (CANDIDATE, RUNNING))
        return state_word(lookup(content, "rulestack_state")) == UNCOMMITTED

    def uncommitted(self) -> list[Uncommitted]:
        """The changes since the last commit, read at the same time from each list that the API has for the token."""
        with ThreadPoolExecutor(self._concurrency) as pool:
            candidate, running = (pool.submit(self._rulestack, which) for which in (CANDIDATE, RUNNING))
            found = [change for changes in pool.map(self._of_section, self._sections) for change in changes]
            return [*self._of_rulestack(candidate.result(), running.result()), *found]

    def _of_section(self, section: str) -> list[Uncommitted]:
        resource = self._sections[section]
        place = (self.rulestack, RULE_SECTIONS[section]) if section in RULES else (self.rulestack,)
        try:
            listed = self._client.list(resource, place, "uncommitted")
        except (AuthorizationError, RouteNotFound):
            return []
        return [Uncommitted(resource, one.address, one.name, str(one.operation or "update").lower()) for one in listed]

    def _rulestack(self, which: str) -> Observed | None:
        return self._client.read(RULESTACK_RESOURCE, (self.rulestack,), self.rulestack, which)

    def differences(self) -> list[dict[str, Any]]:
        """The changes since the last commit, each with its values in the running configuration and in the candidate."""
        return [
            {**change.report, **{which: self._values(change, which) for which in (RUNNING, CANDIDATE)}}
            for change in self.uncommitted()
        ]

    def _values(self, change: Uncommitted, configuration: str) -> Values | None:
        observed = self._client.read(change.resource, change.address, change.name, configuration)
        return None if observed is None else shown(change.resource, observed.address, observed.values)

    def refuse_others(self, own: Collection[Key] | None, uncommitted: Iterable[Uncommitted]) -> None:
        """Check that a commit includes changes of the task only.

        :param own: what the task manages; None for everything. :raises Conflict: there are other changes.
        """
        others = [] if own is None else [change for change in uncommitted if change.key not in own]
        if others:
            shown = ", ".join(change.title for change in others[:SHOWN])
            more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
            raise Conflict(
                f"commit rulestack '{self.rulestack}'",
                ErrorContext(reason=f"its candidate has changes that this task did not make: {shown}{more}"),
                "Commit or revert them first, or set 'include_other_changes: true'.",
            )

    def _of_rulestack(self, candidate: Observed | None, running: Observed | None) -> list[Uncommitted]:
        """The uncommitted change of the rulestack's own options."""
        if _committed_values(candidate) == _committed_values(running):
            return []
        operation = "add" if running is None else "delete" if candidate is None else "update"
        return [Uncommitted(RULESTACK_RESOURCE, (self.rulestack,), self.rulestack, operation)]

    def commit(self, *, deleted: bool = False) -> dict[str, Any]:
        """Commit the candidate and wait for the end. Parameters and errors are those of L(start) and L(wait)."""
        self.start(deleted=deleted)
        return self.wait()

    def start(self, *, deleted: bool = False) -> None:
        """Start to commit the candidate.

        :param deleted: whether the rulestack was deleted, which takes effect at once if it was never committed.
        """
        try:
            self._send("commit")
        except NotFound:
            if not deleted:
                raise

    def wait(self) -> dict[str, Any]:
        """Wait for the end of the commit. :raises CommitFailed: it failed, or did not end in time."""
        return self._end("commit", "commit_status", "commit_messages")

    def validate(self) -> dict[str, Any]:
        """Validate the candidate and wait for the end. :raises CommitFailed: it failed, or did not end in time."""
        self._send("validate")
        return self._end("validate", "validate_status", "validate_messages")

    def revert(self) -> None:
        """Replace the candidate by the running configuration."""
        self._send("revert")

    def _send(self, verb: str) -> None:
        path = RULESTACK.at((self.rulestack,))
        self._client.send(f"{verb} rulestack '{self.rulestack}'", "POST", f"{path}/{verb}")

    def _end(self, verb: str, status: str, messages: str) -> dict[str, Any]:
        last = self._poller.until(self.status, lambda seen: seen is None or state_word(seen[status]) not in UNDER_WAY)
        if last is None:  # a committed deletion
            return {status: "Success", messages: []}
        word = state_word(last[status])
        if word == SUCCESS:
            return last
        said = " | ".join(map(str, last[messages])) or "no messages"
        if word in UNDER_WAY:
            said = f"it is still {last[status]} after {self._poller.timeout:g} seconds"
        context = ErrorContext(reason=f"{last[status]}: {said}")
        raise CommitFailed(f"{verb} rulestack '{self.rulestack}'", context, last[messages])


def mapped(messages: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Each message of a commit with the rule or object that it is about, if it names one in quotes or after its kind."""
    kinds = {resource.kind.lower(): resource.kind for resource in EVERY_RESOURCE}
    pattern = re.compile(rf"({'|'.join(map(re.escape, kinds))}|rule)\s+['\"]?([\w.-]+)['\"]?", re.IGNORECASE)
    for message in messages:
        found = pattern.search(str(message))
        kind = found and kinds.get(found.group(1).lower(), "security rule")
        yield {"text": str(message), "kind": kind, "name": found and found.group(2)}


def _committed_values(rulestack: Observed | None) -> Values | None:
    """The options of a rulestack that a commit is about: all but its tags, which are a resource of their own and take effect at once."""
    if rulestack is None:
        return None
    return {option: value for option, value in rulestack.values.items() if option != "tags"}


def state_word(status: Any) -> str:
    """A state without spaces, underscores, hyphens and capitals."""
    return re.sub(r"[\s_-]", "", str(status or "")).lower()
