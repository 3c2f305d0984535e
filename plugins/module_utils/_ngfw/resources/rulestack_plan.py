# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan whole rulestacks: read what the documents are about, compare, and put the changes into the order of their dependencies.

Objects are written before what refers to them, and removed after it:

1. the rulestack, without references to certificates, 2. certificates, 3. other objects, 4. the rulestack's options, 5. rules that are removed,
6. rules, 7. objects that are removed, 8. certificates that are removed.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from . import ordering
from .catalog import IN_RULESTACK, RULESTACK_RESOURCE, sections_of
from .catalog.security_rule import RULE_SECTIONS
from .client import Listed
from .descriptor import Field, Resource, Values
from .document import Document, Item, references
from .planner import Change, Desired, Key, Observed, plan, refusals
from .reader import Contents, Reader, collection
from .rule_moves import move_levels, one_per_name
from .validation import Problem

MERGED, REPLACED, OVERRIDDEN, DELETED = "merged", "replaced", "overridden", "deleted"
CATEGORIES = "custom_url_categories"
STATES = (MERGED, REPLACED, OVERRIDDEN, DELETED)


@dataclasses.dataclass
class Plan:
    """The changes of one rulestack, in levels. :param own: what the document manages; None for everything. :param warnings: what could not be read.

    :param categories: the names of the custom URL categories, as far as they were read. :param state: of the rulestack as read, None if it is unknown.
    """

    document: Document
    levels: list[list[Change]]
    own: set[Key] | None
    problems: list[Problem] = dataclasses.field(default_factory=list)
    warnings: list[str] = dataclasses.field(default_factory=list)
    categories: frozenset[str] = frozenset()
    state: str | None = None

    @property
    def changes(self) -> list[Change]:
        """All changes in the order of their levels."""
        return [change for level in self.levels for change in level]


def plan_rulestack(
    reader: Reader, document: Document, state: str, progress: Callable[[int], object] = lambda count: None
) -> Plan:
    """Read a rulestack and plan its changes.

    :param state: one of L(STATES). :param progress: called with the number of resources that were read.
    """
    return _Planning(reader, document, state, progress).plan()


class _Planning:
    def __init__(self, reader: Reader, document: Document, state: str, progress: Callable[[int], object]) -> None:
        self._reader, self._document, self._state, self._progress = reader, document, state, progress
        self._exact = state in (REPLACED, OVERRIDDEN)
        self._items = {
            section: {item.name: item for item in document.sections.get(section, ())} for section in IN_RULESTACK
        }
        self._problems: list[Problem] = []
        self._known: dict[str, set[str]] = {}  # names by section, after the changes

    def plan(self) -> Plan:
        document = self._document
        managed = [
            section
            for section in sections_of(document.scope)
            if section in document.sections or self._state == OVERRIDDEN
        ]
        observed, contents = self._reader.rulestack(
            document.name, managed, self._named, self._is_needed, self._progress
        )
        state = observed.rulestack_state if observed else None
        if self._state == DELETED and not document.sections:
            levels = [
                self._changes(
                    RULESTACK_RESOURCE, [(observed, Desired(document.address, document.name, None))], document.place
                )
            ]
            return Plan(document, levels, None, self._problems, self._reader.warnings, state=state)
        sections = {section: self._section(section, contents.get(section, Contents())) for section in managed}
        self._check_references(exists=observed is not None)
        options = document.values.keys() - {"scope"}
        own: set[Key] = {("", document.name)} if options or observed is None else set()
        own |= {change.key for changes in sections.values() for change in changes}
        own |= {(section, item.name) for section, items in document.sections.items() for item in items}
        levels = [level for level in self._levels(observed, sections) if level]
        everything = self._state == OVERRIDDEN
        categories = self._known.get(CATEGORIES, set())
        return Plan(
            document,
            levels,
            None if everything else own,
            self._problems,
            self._reader.warnings,
            frozenset(categories),
            state,
        )

    def _levels(self, observed: Observed | None, sections: Mapping[str, list[Change]]) -> Iterator[list[Change]]:
        creation, update = self._rulestack(observed)
        objects = {section: changes for section, changes in sections.items() if section not in RULE_SECTIONS}
        rules = [change for section in RULE_SECTIONS for change in sections.get(section, ())]
        yield creation
        yield [change for change in objects.get("certificates", ()) if change.operation != "delete"]
        yield [
            change
            for section, changes in objects.items()
            for change in changes
            if section != "certificates" and change.operation != "delete"
        ]
        yield update
        yield [change for change in rules if change.operation == "delete"]
        yield from move_levels([change for change in rules if change.operation != "delete"])
        yield [
            change
            for section, changes in objects.items()
            for change in changes
            if section != "certificates" and change.operation == "delete"
        ]
        yield [change for change in objects.get("certificates", ()) if change.operation == "delete"]

    def _rulestack(self, observed: Observed | None) -> tuple[list[Change], list[Change]]:
        """The creation and the update of the rulestack itself; a new one gets its references to certificates after these exist."""
        document, resource = self._document, RULESTACK_RESOURCE
        if self._state == DELETED:
            return [], []
        desired = Desired(document.address, document.name, document.values, exact=self._state == OVERRIDDEN)
        if observed is not None:
            return [], self._changes(resource, [(observed, desired)], document.place)
        plain = _without_references(resource.fields, document.values)
        creation = self._changes(resource, [(None, dataclasses.replace(desired, values=plain))], document.place)
        if plain == document.values or not creation:
            return creation, []
        change = creation[0]
        raw = (change.body or {}).get(resource.wrapper, {})
        created = Observed(document.address, document.name, raw, change.after or {})
        return creation, self._changes(resource, [(created, desired)], document.place)

    def _named(self, section: str) -> Mapping[str, Item]:
        """The items in a section of the document by name."""
        return self._items[section]

    def _is_needed(self, section: str, listed: Listed) -> bool:
        """Whether a plan needs to read a resource: those in the document, and those that it removes."""
        return listed.name in self._items[section] or (self._exact and IN_RULESTACK[section].deletes)

    def _section(self, section: str, contents: Contents) -> list[Change]:
        """The changes of a section. :param contents: what it has, nothing if the rulestack does not exist."""
        document, resource, items = self._document, IN_RULESTACK[section], self._items[section]
        place = collection(document.name, section)
        listed, observed = contents
        self._known[section] = {one.name for one in listed} | set(items)
        if section in RULE_SECTIONS:
            pairs = self._rules(section, items, listed, observed)
        else:
            found = {one.name: one for one in observed}
            pairs = [
                (found.pop(name, None), Desired((*place, name), name, self._values(item), self._exact))
                for name, item in items.items()
            ]
            pairs += [(one, Desired(one.address, one.name, None)) for one in found.values()]
        if self._exact:
            self._known[section] -= {desired.name for _one, desired in pairs if desired.values is None}
        places = {name: item.place for name, item in items.items()}
        changes = self._changes(resource, pairs, document.place, places)
        if self._exact and not resource.deletes:
            self._unremovable(resource, [one for one in listed if one.name not in items])
        return changes

    def _values(self, item: Item) -> Values | None:
        return None if self._state == DELETED else item.values

    def _rules(
        self, section: str, items: Mapping[str, Item], listed: Sequence[Listed], observed: Sequence[Observed]
    ) -> list[tuple[Observed | None, Desired]]:
        """Each rule as observed and desired, with its priority."""
        place = collection(self._document.name, section)
        kept, extra = one_per_name(observed, {name: item.priority for name, item in items.items()})
        existing = {name: int(one.address[-1]) for name, one in kept.items()}
        others = {} if self._exact else {one.name: int(one.address[-1]) for one in listed if one.name not in items}
        removed: list[tuple[Observed | None, Desired]] = [(one, Desired(one.address, one.name, None)) for one in extra]
        if self._state == DELETED:
            return [*removed, *((one, Desired(one.address, one.name, None)) for one in kept.values())]
        removed += [(one, Desired(one.address, name, None)) for name, one in kept.items() if name not in items]
        given = {name: item.priority for name, item in items.items() if item.priority is not None}
        for name, priority in given.items():
            for other, used in others.items():
                if used == priority:
                    self._problems.append(
                        Problem(
                            f"{items[name].place} > priority",
                            f"is that of rule '{other}', which is not in the document.",
                        )
                    )
        try:
            priorities = given or ordering.assign(list(items), existing, taken=list(others.values()))
        except ValueError as error:
            self._problems.append(Problem(f"{self._document.place} > {section}", str(error)))
            return []
        return removed + [
            (kept.get(name), Desired((*place, str(priorities[name])), name, item.values, self._exact))
            for name, item in items.items()
        ]

    def _changes(
        self,
        resource: Resource,
        pairs: Iterable[tuple[Observed | None, Desired]],
        place: str,
        places: Mapping[str, str] | None = None,
    ) -> list[Change]:
        changes = []
        for observed, desired in pairs:
            where = (places or {}).get(desired.name, place)
            self._problems += [
                Problem(f"{where} > {option}", text) for option, text in refusals(resource, observed, desired)
            ]
            change = plan(resource, observed, desired)
            if change is not None:
                changes.append(change)
        return changes

    def _unremovable(self, resource: Resource, entries: Sequence[Listed]) -> None:
        for one in entries:
            self._problems.append(
                Problem(
                    f"{self._document.place} > {resource.section}",
                    f"lacks '{one.name}', which exists. The API has no call that removes it: add it to the document.",
                )
            )

    def _check_references(self, *, exists: bool) -> None:
        """Report each reference to an object that neither the document nor the rulestack has."""
        if self._state == DELETED:
            return
        for section, name, place in references(self._document):
            if section not in self._known:
                resource = IN_RULESTACK[section]
                listed = self._reader.listed(resource, collection(self._document.name, section), ()) if exists else []
                self._known[section] = {one.name for one in listed}
            if section == CATEGORIES:
                continue  # also the names of predefined categories: see L(catalogs)
            if name not in self._known[section]:
                self._problems.append(
                    Problem(place, f"refers to the {IN_RULESTACK[section].kind} '{name}', which does not exist.")
                )


def _without_references(fields: Iterable[Field], values: Values) -> Values:
    plain: Values = {}
    by_option = {field.option: field for field in fields}
    for option, value in values.items():
        field = by_option[option]
        if field.type == "object" and value:
            plain[option] = _without_references(field.fields, value)
        elif not field.references:
            plain[option] = value
    return plain
