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
from collections.abc import Iterable, Iterator
from typing import Any

from ..._common.errors import ErrorContext, PanwCloudError, RouteNotFound
from ..._common.polling import Poller
from ..rulestack_calls import COMMIT
from . import codec
from .catalog import EVERY_RESOURCE
from .catalog.rulestack import RULESTACK_RESOURCE
from .catalog.security_rule import RULE_SECTIONS, RULES
from .client import ResourceClient
from .descriptor import Resource
from .planner import title

SUCCESS, UNCOMMITTED = "success", "uncommitted"
# The states of a commit or validation that has not ended.
UNDER_WAY = ("pending", "committing", "precommit", "precommitdone", "prevalidatedone", "validating")


class CommitFailed(PanwCloudError):
    """A commit or validation ended without success."""

    kind = "commit_failed"
    advice = "Correct what the messages name, then run again. The candidate keeps the changes; the running configuration is unchanged."


@dataclasses.dataclass(frozen=True)
class Uncommitted:
    """A change of the candidate since the last commit. :param operation: C(add), C(update) or C(delete)."""

    resource: Resource
    address: tuple[str, ...]
    name: str
    operation: str

    @property
    def title(self) -> str:
        """The change in words."""
        return f"{self.operation} of {title(self.resource, self.address, self.name)}"


class Commits:
    """The commits of one rulestack. :param poller: for the end of a commit or validation."""

    def __init__(self, client: ResourceClient, rulestack: str, poller: Poller) -> None:
        self._client, self.rulestack, self._poller = client, rulestack, poller

    def status(self) -> dict[str, Any]:
        """The status of the last commit and validation, and their messages."""
        answer = self._client.send(
            f"read the commit status of rulestack '{self.rulestack}'", "GET", COMMIT.at((self.rulestack,))
        )
        return {
            key: codec.lookup(answer, key) or empty
            for key, empty in (
                ("commit_status", None),
                ("commit_messages", []),
                ("validate_status", None),
                ("validate_messages", []),
            )
        }

    def state(self) -> str | None:
        """The state of the rulestack, such as C(Uncommitted) or C(Running); None if it does not exist."""
        attempted = f"read the state of rulestack '{self.rulestack}'"
        content = self._client.describe(RULESTACK_RESOURCE, (self.rulestack,), attempted, "candidate")
        return None if content is None else str(codec.lookup(content, "rulestack_state") or "")

    def uncommitted(self) -> list[Uncommitted]:
        """The changes since the last commit, read from each list that the API has."""
        found = []
        for resource in EVERY_RESOURCE:
            places = (
                [(self.rulestack, RULE_SECTIONS[resource.section])]
                if resource.section in RULES
                else [(self.rulestack,)]
            )
            for place in places:
                try:
                    listed = self._client.list(resource, place, "uncommitted")
                except RouteNotFound:
                    continue
                found += [
                    Uncommitted(resource, one.address, one.name, str(one.operation or "update").lower())
                    for one in listed
                ]
        return found

    def commit(self) -> dict[str, Any]:
        """Commit the candidate and wait for the end. :raises CommitFailed: it failed, or did not end in time."""
        return self._end("commit", "commit_status", "commit_messages")

    def validate(self) -> dict[str, Any]:
        """Validate the candidate and wait for the end. :raises CommitFailed: it failed, or did not end in time."""
        return self._end("validate", "validate_status", "validate_messages")

    def revert(self) -> None:
        """Replace the candidate by the running configuration."""
        self._send("revert")

    def _send(self, verb: str) -> None:
        self._client.send(
            f"{verb} rulestack '{self.rulestack}'", "POST", f"/v1/config/rulestacks/{self.rulestack}/{verb}"
        )

    def _end(self, verb: str, status: str, messages: str) -> dict[str, Any]:
        self._send(verb)
        last = self._poller.until(self.status, lambda seen: _word(seen[status]) not in UNDER_WAY)
        word = _word(last[status])
        if word == SUCCESS:
            return last
        about = [message["text"] for message in mapped(last[messages])]
        said = " | ".join(about) or "no messages"
        if word in UNDER_WAY:
            said = f"it is still {last[status]} after {self._poller.timeout:g} seconds"
        raise CommitFailed(
            f"{verb} rulestack '{self.rulestack}'", ErrorContext(f"rulestack {self.rulestack}", reason=said)
        )


def mapped(messages: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Each message of a commit with the rule or object that it is about, if it names one in quotes or after its kind."""
    kinds = {resource.kind.lower(): resource.kind for resource in EVERY_RESOURCE}
    pattern = re.compile(rf"({'|'.join(map(re.escape, kinds))}|rule)\s+['\"]?([\w.-]+)['\"]?", re.IGNORECASE)
    for message in messages:
        found = pattern.search(str(message))
        kind = found and kinds.get(found.group(1).lower(), "security rule")
        yield {"text": str(message), "kind": kind, "name": found and found.group(2)}


def _word(status: Any) -> str:
    return re.sub(r"[\s_-]", "", str(status or "")).lower()
