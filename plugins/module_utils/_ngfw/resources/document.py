# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole rulestacks as documents: their parts, and the problems that show without a call to the API.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .catalog import IN_RULESTACK, RULESTACK_RESOURCE, sections_of
from .catalog.security_rule import HIGHEST_PRIORITY, LOWEST_PRIORITY
from .descriptor import Field, Resource, Values
from .planner import Address
from .validation import Problem, name_problems, value_problems

SCOPES = ("local", "global")


@dataclasses.dataclass(frozen=True)
class Item:
    """An object or rule of a document. :param place: for messages. :param priority: of a rule, if it is given."""

    name: str
    values: Values
    place: str
    priority: int | None = None


@dataclasses.dataclass(frozen=True)
class Document:
    """A rulestack as given.

    :param values: its own options. :param sections: the objects and rules of the sections that are given.
    :param place: for messages.
    """

    name: str
    scope: str
    values: Values
    sections: Mapping[str, Sequence[Item]]
    place: str

    @property
    def address(self) -> Address:
        """The names in its path."""
        return (self.name,)


def item_spec(resource: Resource) -> dict[str, Any]:
    """The options of one object or rule in a document."""
    spec: dict[str, Any] = {resource.name.option: {"type": "str", "required": True}, **resource.argument_spec()}
    if resource.addressed_by == "priority":
        spec["priority"] = {"type": "int"}
    return spec


def document_spec() -> dict[str, Any]:
    """The options of one rulestack in a document."""
    own = {option: spec for option, spec in RULESTACK_RESOURCE.argument_spec().items() if option != "scope"}
    sections = {
        section: {"type": "list", "elements": "dict", "options": item_spec(resource)}
        for section, resource in IN_RULESTACK.items()
    }
    return {
        "name": {"type": "str", "required": True},
        "scope": {"type": "str", "choices": list(SCOPES), "default": "local"},
        **own,
        **sections,
    }


def lenient(spec: dict[str, Any]) -> dict[str, Any]:
    """A specification that only converts types: L(document_problems) reports the rest, all of it and with its place."""
    own = {key: value for key, value in spec.items() if key not in ("choices", "required", "options")}
    if "options" in spec:
        own["options"] = {option: lenient(inner) for option, inner in spec["options"].items()}
    return own


def parse(rulestacks: Sequence[Mapping[str, Any]]) -> list[Document]:
    """The documents in the option C(rulestacks), whose types Ansible has checked."""
    return [_document(entry, f"rulestacks[{index}]") for index, entry in enumerate(rulestacks)]


def document_problems(documents: Sequence[Document]) -> Iterator[Problem]:
    """All problems of the documents, each with its place."""
    yield from _repeated("rulestack", ((document.name, document.place) for document in documents))
    for document in documents:
        place = document.place
        yield from name_problems(RULESTACK_RESOURCE, document.name, f"{document.place} > name")
        yield from value_problems(RULESTACK_RESOURCE, document.values, place)
        possible = sections_of(document.scope) if document.scope in SCOPES else IN_RULESTACK
        for section, items in document.sections.items():
            if section not in possible and items:
                yield Problem(f"{place} > {section}", f"is not possible in a {document.scope} rulestack.")
            yield from _section_problems(IN_RULESTACK[section], items)
        yield from _category_problems(document)


def references(document: Document) -> Iterator[tuple[str, str, str]]:
    """Each reference of a document to an object of the same rulestack, as section, name and place."""
    yield from _references(RULESTACK_RESOURCE.fields, document.values, document.place)
    for section, items in document.sections.items():
        for item in items:
            yield from _references(IN_RULESTACK[section].fields, item.values, item.place)


def _document(entry: Mapping[str, Any], place: str) -> Document:
    name = str(entry["name"] or "")
    place = f"{place} {name}".rstrip()
    values = {
        option: entry[option]
        for option in RULESTACK_RESOURCE.by_option
        if option != "scope" and entry.get(option) is not None
    }
    sections = {
        section: [_item(resource, item, f"{place} > {section}[{index}]") for index, item in enumerate(entry[section])]
        for section, resource in IN_RULESTACK.items()
        if entry.get(section) is not None
    }
    scope = str(entry["scope"]).lower()
    return Document(name, scope, {"scope": scope, **values}, sections, place)


def _item(resource: Resource, entry: Mapping[str, Any], place: str) -> Item:
    name = str(entry[resource.name.option] or "")
    values = {option: entry[option] for option in resource.by_option if entry.get(option) is not None}
    return Item(name, values, f"{place} {name}".rstrip(), entry.get("priority"))


def _section_problems(resource: Resource, items: Sequence[Item]) -> Iterator[Problem]:
    yield from _repeated(resource.kind, ((item.name, item.place) for item in items))
    for item in items:
        yield from name_problems(resource, item.name, f"{item.place} > {resource.name.option}")
        yield from value_problems(resource, item.values, item.place)
    with_priority = [item for item in items if item.priority is not None]
    if not with_priority:
        return
    for item in items:
        if item.priority is None:
            yield Problem(
                f"{item.place} > priority",
                "is missing: either all rules of a list have a priority, or none has, and their order counts.",
            )
        elif not LOWEST_PRIORITY <= item.priority <= HIGHEST_PRIORITY:
            yield Problem(
                f"{item.place} > priority", f"is {item.priority}, not between {LOWEST_PRIORITY} and {HIGHEST_PRIORITY}."
            )
    yield from _repeated("priority", ((str(item.priority), f"{item.place} > priority") for item in with_priority))


def _category_problems(document: Document) -> Iterator[Problem]:
    overrides = {item.name.lower() for item in document.sections.get("predefined_url_category_overrides", ())}
    for item in document.sections.get("custom_url_categories", ()):
        if item.name.lower() in overrides:
            yield Problem(
                f"{item.place} > name", "is the name of a predefined URL category that the document overrides."
            )


def _repeated(kind: str, named: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    entries = list(named)
    counts = Counter(name for name, _place in entries)
    seen: set[str] = set()
    for name, place in entries:
        if counts[name] > 1 and name in seen:
            yield Problem(place, f"repeats the {kind} '{name}'.")
        seen.add(name)


def _references(fields: Iterable[Field], values: Values, place: str) -> Iterator[tuple[str, str, str]]:
    for field in fields:
        value = values.get(field.option)
        if not value:
            continue
        if field.fields:
            yield from _references(field.fields, value, f"{place} > {field.option}")
        elif field.references:
            for name in value if isinstance(value, list) else [value]:
                yield field.references, str(name), f"{place} > {field.option}"
