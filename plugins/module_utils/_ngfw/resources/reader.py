# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the resources of a rulestack, many at a time.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

from ..._common.errors import AuthorizationError, RouteNotFound
from .catalog import IN_RULESTACK, RULESTACK_RESOURCE, sections_of
from .catalog.security_rule import RULE_SECTIONS
from .client import Listed, ResourceClient
from .descriptor import Resource, Values
from .planner import Address, Observed

CONCURRENCY = 16
PARTS = 8  # of a list for each thread


def collection(rulestack: str, section: str) -> Address:
    """The names in the path of a section's list."""
    return (rulestack, RULE_SECTIONS[section]) if section in RULE_SECTIONS else (rulestack,)


class Contents(NamedTuple):
    """What a section of a rulestack has. :param observed: the resources of the list that were read."""

    listed: Sequence[Listed] = ()
    observed: Sequence[Observed] = ()


class Reader:
    """Reads resources, many at a time."""

    def __init__(self, client: ResourceClient | None, concurrency: int = CONCURRENCY) -> None:
        self.client, self._concurrency = client, concurrency
        self.warnings: list[str] = []

    def one(self, resource: Resource, address: Address, name: str) -> Observed | None:
        """A resource, None if it does not exist."""
        return self.client.read(resource, address, name) if self.client else None

    def listed(self, resource: Resource, place: Address, named: Iterable[str]) -> list[Listed]:
        """The list of a section. If the token or the API has none, those that are named."""
        client = self.client
        return [] if client is None else self._listed(lambda: client.list(resource, place), resource, place, named)

    def rulestack(
        self,
        name: str,
        sections: Iterable[str],
        named: Callable[[str], Iterable[str]],
        wanted: Callable[[str, Listed], bool],
        progress: Callable[[int], object],
    ) -> tuple[Observed | None, dict[str, Contents]]:
        """A rulestack, None if it does not exist, and the contents of its sections. What depends on no other answer is read at the same time.

        :param named: the names that a document has in a section. :param wanted: whether a resource of a section's list is read, too.
        """
        client = self.client
        if client is None:
            return None, {}
        places = {section: collection(name, section) for section in sections}
        ended = threading.Event()

        def read(resource: Resource, part: Iterable[Listed]) -> list[Observed | None]:
            return [client.read(resource, one.address, one.name) for one in part if not ended.is_set()]

        with ThreadPoolExecutor(self._concurrency) as pool:
            try:
                own = pool.submit(self.one, RULESTACK_RESOURCE, (name,), name)
                lists = {
                    section: pool.submit(client.list, IN_RULESTACK[section], place) for section, place in places.items()
                }
                observed = own.result()
                if observed is None:
                    return None, {}
                listed, reads = {}, {}
                for section, place in places.items():
                    resource = IN_RULESTACK[section]
                    listed[section] = self._listed(lists[section].result, resource, place, named(section))
                    chosen = [one for one in listed[section] if wanted(section, one)]
                    reads[section] = [pool.submit(read, resource, part) for part in self._parts(chosen)]
                return observed, {
                    section: Contents(listed[section], list(_present(reads[section], progress))) for section in places
                }
            finally:  # after a failure, nothing more is read
                ended.set()
                pool.shutdown(wait=False, cancel_futures=True)

    def _parts(self, listed: Sequence[Listed]) -> Iterator[Sequence[Listed]]:
        """The list in parts, of which each thread reads several. Handing over each entry would take as long as a near server's answer."""
        size = max(1, len(listed) // (self._concurrency * PARTS))
        return (listed[start : start + size] for start in range(0, len(listed), size))

    def _listed(
        self, read: Callable[[], list[Listed]], resource: Resource, place: Address, named: Iterable[str]
    ) -> list[Listed]:
        try:
            return read()
        except (AuthorizationError, RouteNotFound) as error:
            self.warnings.append(
                f"The list of each {resource.kind} of rulestack '{place[0]}' cannot be read: only those in the document are managed. {error.summary}"
            )
            return [Listed(name, (*place, name)) for name in named]


def _present(reads: Iterable[Future[list[Observed | None]]], progress: Callable[[int], object]) -> Iterator[Observed]:
    """The resources that were read, without those that have disappeared since they were listed."""
    for read in reads:
        part = read.result()
        progress(len(part))
        yield from (observed for observed in part if observed is not None)


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """A rulestack as read. :param sections: the objects and rules of all its sections."""

    rulestack: Observed
    scope: str
    sections: Mapping[str, Sequence[Observed]]

    @property
    def document(self) -> Values:
        """The rulestack as a document, which changes nothing if it is given back."""
        return document_of(self.rulestack, self.scope, self.sections)


def snapshot(
    reader: Reader, name: str, scope: str, progress: Callable[[int], object] = lambda count: None
) -> Snapshot | None:
    """Read a whole rulestack, None if it does not exist. :param progress: called with the number of resources that were read."""
    observed, contents = reader.rulestack(
        name, sections_of(scope), lambda section: (), lambda section, one: True, progress
    )
    if observed is None:
        return None
    return Snapshot(observed, scope, {section: found.observed for section, found in contents.items()})


def gather(
    reader: Reader, name: str, scope: str, progress: Callable[[int], object] = lambda count: None
) -> Values | None:
    """A rulestack as a document, None if it does not exist."""
    found = snapshot(reader, name, scope, progress)
    return found.document if found else None


def document_of(rulestack: Observed, scope: str, sections: Mapping[str, Iterable[Observed]]) -> Values:
    """A rulestack with everything in it as a document, without defaults: rules in the order of evaluation, the rest by name."""
    own = values_without_defaults(RULESTACK_RESOURCE, rulestack.values)
    own.pop("scope", None)
    document: Values = {"name": rulestack.name, "scope": scope, **own}
    for section, resource in sections_of(scope).items():
        entries = [one for one in sections.get(section, ()) if not resource.is_reset(one.values)]
        by_priority = resource.addressed_by == "priority"
        entries.sort(key=lambda one: int(one.address[-1]) if by_priority else one.name)
        if entries:
            document[section] = [_item(resource, entry) for entry in entries]
    return document


def _item(resource: Resource, observed: Observed) -> Values:
    item = {resource.name.option: observed.name, **values_without_defaults(resource, observed.values)}
    return {**item, "priority": int(observed.address[-1])} if resource.addressed_by == "priority" else item


def values_without_defaults(resource: Resource, values: Mapping[str, Any]) -> Values:
    """What a document has to say about a resource: values that have a meaning, and that an omitted option would not get."""
    shown: Values = {}
    for field in resource.fields:
        value = values.get(field.option)
        if field.type == "object":
            value = {option: item for option, item in value.items() if item} if value else {}
        if (
            field.compared
            and field.has_meaning(values)
            and value is not None
            and (field.required or value != field.restored)
        ):
            shown[field.option] = value
    for field in resource.fields:
        if field.type == "list" and shown.get(field.option):
            for other in field.excludes:
                shown.pop(other, None)
    return shown
