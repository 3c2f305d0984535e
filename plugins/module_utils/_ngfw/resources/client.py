# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read, list and write resources of any kind with one token.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ..._common.errors import ErrorContext, InvalidResponse, NotFound
from ..._common.token_pair import TokenPair
from ..._transport.http import REPEATABLE
from ..client import NgfwClient, Operation
from ..codec import by_name, lookup
from ..paging import PAGE_SIZE, each_page
from ..rulestack_calls import Read
from . import codec
from .descriptor import Resource
from .planner import Address, Change, Observed, title

CANDIDATE, RUNNING = "candidate", "running"


@dataclasses.dataclass(frozen=True)
class Listed:
    """An entry of a list: the name of a resource and its address. :param operation: of an uncommitted change: add, update or delete."""

    name: str
    address: Address
    operation: str | None = None


def request_for(change: Change) -> tuple[str, str, Mapping[str, Any] | None]:
    """The method, path and JSON of a change. That of a move creates the resource at its new address."""
    resource, address = change.resource, change.address
    if change.operation in ("create", "move") and resource.creates:
        return "POST", resource.list.at(address[:-1]), change.body
    if change.operation == "delete" and resource.reset is None:
        return "DELETE", resource.describe.at(address), None
    return "PUT", resource.describe.at(address) + resource.suffix, change.body


def tag_requests(
    resource: Resource, address: Address, before: Mapping[str, str], after: Mapping[str, Any]
) -> list[tuple[str, str, Mapping[str, Any]]]:
    """The method, path and JSON of each call that changes tags which are a resource of their own."""
    path = resource.tags.at(address) if resource.tags else ""
    changed = [{"Key": key, "Value": str(value)} for key, value in after.items() if before.get(key) != str(value)]
    gone = [key for key in before if key not in after]
    calls: list[tuple[str, str, Mapping[str, Any]]] = []
    if changed:
        calls.append(("POST", path, {"Tags": changed}))
    if gone:
        calls.append(("DELETE", path, {"TagKeys": gone}))
    return calls


class ResourceClient:
    """Calls the API for resources. Thread-safe."""

    def __init__(self, client: NgfwClient, pair: TokenPair) -> None:
        self._client, self._pair = client, pair

    @property
    def connection(self) -> tuple[NgfwClient, TokenPair]:
        """The API, and the token to call it with."""
        return self._client, self._pair

    def send(
        self, attempted: str, method: str, path: str, body: Mapping[str, Any] | None = None, *, repeatable: bool = True
    ) -> dict[str, Any]:
        """Send a request; return the C(Response) as the server wrote it.

        :param repeatable: whether it may be sent again after a lost answer.
        """
        operation = Operation(
            attempted, method, path, body=body, may_be_empty=True, unknown_limit=REPEATABLE if repeatable else 1
        )
        return self._client.raw(operation, self._pair)

    def read(self, resource: Resource, address: Address, name: str, configuration: str = CANDIDATE) -> Observed | None:
        """Read a resource; None if it does not exist in the configuration."""
        attempted = f"read {title(resource, address, name)}"
        content = self.describe(resource, address, attempted, (configuration,))
        described = by_name(content)
        raw = described.get(f"{resource.described}_{configuration}")
        if resource.nested:
            inner = lookup(raw, resource.nested)
            raw = inner if isinstance(inner, Mapping) else raw
        if not raw:
            return None
        if not isinstance(raw, Mapping):
            raise self._malformed(attempted, resource.describe, address, f"its {configuration} is not an object")
        values = codec.values_of(resource.fields, raw)
        if resource.tags and configuration == CANDIDATE and lookup(raw, "tags") is None:
            values["tags"] = self.tags(resource, address)
        named = lookup(raw, resource.name.key) if resource.name_wrapped else None
        state = described.get(f"{resource.described}_state")
        found = Observed(address, str(named or name), raw, values, lookup(raw, "update_token"), state)
        return None if resource.is_reset(found.values) and not found.update_token else found

    def describe(
        self, resource: Resource, address: Address, attempted: str, configurations: Collection[str]
    ) -> dict[str, Any] | None:
        """The whole description of a resource, None if it does not exist."""
        flags = {"Candidate": CANDIDATE in configurations, "Running": RUNNING in configurations}
        try:
            return self._client.raw(resource.describe.operation(attempted, address, flags), self._pair)
        except NotFound:
            return None

    def list(self, resource: Resource, place: Address, which: str = CANDIDATE) -> list[Listed]:
        """All resources of a kind at a place: a rulestack, or a rule list of it.

        :param which: C(candidate), C(running), or C(uncommitted) for the changes since the last commit.
        :raises RouteNotFound: the API has no such list.
        """
        attempted = f"list each {resource.kind} of {' '.join(reversed(place)) or 'the tenant'}"
        flags = {"Candidate": which == CANDIDATE, "Running": which == RUNNING}
        if which == "uncommitted":
            flags["Uncommitted"] = True
        found = []
        try:
            for page in self.pages(resource.list, place, attempted, flags):
                entries = lookup(page, resource.list_key(which))
                for entry in entries or ():
                    found.append(self._listed(resource, place, attempted, entry))
        except NotFound:
            return []
        return found

    def write(self, change: Change) -> None:
        """Send one change.

        :raises PanwCloudError: it failed; C(outcome_unknown) says whether it may have been made.
        """
        method, path, body = request_for(change)
        self.send(f"{change.operation} {change.title}", method, path, body, repeatable=method != "POST")

    def tags(self, resource: Resource, address: Address) -> dict[str, str]:
        """The tags of a resource that has them as a resource of their own."""
        found: dict[str, str] = {}
        if resource.tags:
            for page in self.pages(resource.tags, address, f"list the tags of {resource.kind} '{address[0]}'", {}):
                for tag in lookup(page, "tags") or ():
                    found[str(lookup(tag, "key"))] = str(lookup(tag, "value") or "")
        return found

    def write_tags(
        self, resource: Resource, address: Address, before: Mapping[str, str], after: Mapping[str, Any]
    ) -> None:
        """Set the tags that differ, then remove those that are not desired. A tag that changes is never missing."""
        for method, path, body in tag_requests(resource, address, before, after):
            verb = "set" if method == "POST" else "remove"
            self.send(f"{verb} tags of {resource.kind} '{address[0]}'", method, path, body)

    def pages(
        self, call: Read, place: Address, attempted: str, flags: Mapping[str, bool], size: int = PAGE_SIZE
    ) -> Iterator[dict[str, Any]]:
        """All pages of a list. :param size: of a page. :raises InvalidResponse: a page token is repeated, or the list does not end."""
        return each_page(
            lambda asked: self._client.raw(call.operation(attempted, place, asked), self._pair),
            {**flags, "MaxResults": size},
            lambda reason: self._malformed(attempted, call, place, reason),
        )

    def _listed(self, resource: Resource, place: Address, attempted: str, entry: Any) -> Listed:
        if isinstance(entry, str):
            return Listed(entry, (*place, entry))
        name = lookup(entry, resource.name.key) or lookup(entry, "name")
        operation = lookup(entry, "operation")
        if resource.addressed_by == "name":
            if name:
                return Listed(str(name), (*place, str(name)), operation)
        else:
            priority = lookup(entry, "priority")
            if priority is not None:
                return Listed(str(name or ""), (*place, str(priority)), operation)
        raise self._malformed(attempted, resource.list, place, "an entry of the list has no name or priority")

    def _malformed(self, attempted: str, call: Read, place: Address, reason: str) -> InvalidResponse:
        return InvalidResponse(
            attempted, ErrorContext(f"GET {self._client.endpoint.join(call.at(place))}", reason=reason)
        )
