# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the resources of a rulestack, many at a time.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ..._common.errors import AuthorizationError, RouteNotFound
from .catalog import IN_RULESTACK, RULESTACK_RESOURCE, sections_of
from .catalog.security_rule import RULE_SECTIONS
from .client import Listed, ResourceClient
from .descriptor import Resource, Values
from .planner import Address, Observed

CONCURRENCY = 16


def collection(rulestack: str, section: str) -> Address:
    """The names in the path of a section's list."""
    return (rulestack, RULE_SECTIONS[section]) if section in RULE_SECTIONS else (rulestack,)


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
        if self.client is None:
            return []
        try:
            return self.client.list(resource, place)
        except (AuthorizationError, RouteNotFound) as error:
            self.warnings.append(
                f"The list of each {resource.kind} of rulestack '{place[0]}' cannot be read: only those in the document are managed. {error.summary}"
            )
            return [Listed(name, (*place, name)) for name in named]

    def lists(
        self, rulestack: str, sections: Sequence[str], named: Callable[[str], Iterable[str]]
    ) -> dict[str, list[Listed]]:
        """The lists of several sections, read at the same time. :param named: the names that a document has in a section."""

        def read(section: str) -> list[Listed]:
            return self.listed(IN_RULESTACK[section], collection(rulestack, section), named(section))

        with ThreadPoolExecutor(self._concurrency) as pool:
            return dict(zip(sections, pool.map(read, sections)))

    def all(self, resource: Resource, entries: Sequence[Listed], progress: Callable[[int], object]) -> list[Observed]:
        """The resources of a list; without those that have disappeared in the meantime."""
        client = self.client
        if client is None or not entries:
            return []
        found = []
        with ThreadPoolExecutor(self._concurrency) as pool:
            for observed in pool.map(lambda one: client.read(resource, one.address, one.name), entries):
                progress(1)
                if observed is not None:
                    found.append(observed)
        return found


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
    observed = reader.one(RULESTACK_RESOURCE, (name,), name)
    if observed is None:
        return None
    lists = reader.lists(name, list(sections_of(scope)), lambda section: ())
    sections = {
        section: reader.all(resource, lists[section], progress) for section, resource in sections_of(scope).items()
    }
    return Snapshot(observed, scope, sections)


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
