# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole rulestacks as documents: their parts, and the problems that show without a call to the API.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from .catalog import IN_RULESTACK, RULESTACK_RESOURCE, sections_of
from .catalog.security_rule import HIGHEST_PRIORITY, LOWEST_PRIORITY
from .descriptor import Field, Resource, Values
from .planner import Address
from .validation import Problem, name_problems, value_problems

SCOPES = ("local", "global")
Locate = Callable[[str, str, str], str]
"""The place of something in a document, for messages. Called with the section and index of an object or rule, such as C(rules[2]), with its name, and with the
way within it, such as C(source > cidrs[0]). The first two are empty for the document's own options, the last one for the whole."""


@dataclasses.dataclass(frozen=True)
class Item:
    """An object or rule of a document.

    :param at: the place of what a way such as C(source > cidrs[0]) leads to. :param priority: of a rule, if it is given.
    """

    name: str
    values: Values
    at: Callable[[str], str]
    priority: int | None = None

    @property
    def place(self) -> str:
        """Its place, for messages."""
        return self.at("")


@dataclasses.dataclass(frozen=True)
class Document:
    """A rulestack as given.

    :param values: its own options. :param sections: the objects and rules of the sections that are given.
    :param at: the place of what a way such as C(profiles > anti_virus) leads to.
    """

    name: str
    scope: str
    values: Values
    sections: Mapping[str, Sequence[Item]]
    at: Callable[[str], str]

    @property
    def place(self) -> str:
        """Its place, for messages."""
        return self.at("")

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
    """The documents in the option C(rulestacks), whose types are checked."""
    return [parse_one(entry, locate_in_option(index, entry)) for index, entry in enumerate(rulestacks)]


def locate_in_option(index: int, entry: Any) -> Locate:
    """How the places of a document in the option C(rulestacks) are named."""
    return functools.partial(_in_option, f"rulestacks[{index}] {label(entry, 'name')}".rstrip())


def label(entry: Any, option: str) -> str:
    """The name in an object for messages, empty if it has none."""
    name = entry.get(option) if isinstance(entry, Mapping) else None
    return str(name) if isinstance(name, (str, int)) else ""


def parse_one(entry: Mapping[str, Any], locate: Locate) -> Document:
    """A document whose types are checked. :param entry: may omit what is required."""
    sections = {
        section: [
            _item(resource, item, functools.partial(locate, f"{section}[{index}]"))
            for index, item in enumerate(entry[section])
        ]
        for section, resource in IN_RULESTACK.items()
        if entry.get(section) is not None
    }
    scope = str(entry.get("scope") or SCOPES[0]).lower()
    values = {option: entry[option] for option in RULESTACK_RESOURCE.by_option if entry.get(option) is not None}
    return Document(
        str(entry.get("name") or ""), scope, {**values, "scope": scope}, sections, functools.partial(locate, "", "")
    )


def document_problems(documents: Sequence[Document]) -> Iterator[Problem]:
    """All problems of the documents, each with its place."""
    yield from _repeated("rulestack", ((document.name, document.place) for document in documents))
    for document in documents:
        yield from _own_problems(RULESTACK_RESOURCE, document)
        possible = sections_of(document.scope) if document.scope in SCOPES else IN_RULESTACK
        for section, items in document.sections.items():
            if section not in possible and items:
                yield Problem(document.at(section), f"is not possible in a {document.scope} rulestack.")
            yield from _section_problems(IN_RULESTACK[section], items)
        yield from _category_problems(document)


def references(document: Document) -> Iterator[tuple[str, str, str]]:
    """Each reference of a document to an object of the same rulestack, as section, name and place."""
    yield from _references(RULESTACK_RESOURCE.fields, document.values, document.at)
    for section, items in document.sections.items():
        for item in items:
            yield from _references(IN_RULESTACK[section].fields, item.values, item.at)


def _in_option(document: str, part: str, name: str, way: str) -> str:
    """The place of something in the option C(rulestacks). :param document: the place of the document."""
    return " > ".join(filter(None, (document, f"{part} {name}".strip(), way)))


def _item(resource: Resource, entry: Mapping[str, Any], locate: Callable[[str, str], str]) -> Item:
    name = str(entry.get(resource.name.option) or "")
    values = {option: entry[option] for option in resource.by_option if entry.get(option) is not None}
    return Item(name, values, functools.partial(locate, name), entry.get("priority"))


def _own_problems(resource: Resource, part: Document | Item) -> Iterator[Problem]:
    """The problems of a name and the values beside it."""
    yield from name_problems(resource, part.name, part.at(resource.name.option))
    for problem in value_problems(resource, part.values):
        yield Problem(part.at(problem.place), problem.text)


def _section_problems(resource: Resource, items: Sequence[Item]) -> Iterator[Problem]:
    yield from _repeated(resource.kind, ((item.name, item.place) for item in items))
    for item in items:
        yield from _own_problems(resource, item)
    with_priority = [item for item in items if item.priority is not None]
    if not with_priority:
        return
    for item in items:
        if item.priority is None:
            yield Problem(
                item.at("priority"),
                "is missing: either all rules of a list have a priority, or none has, and their order counts.",
            )
        elif not LOWEST_PRIORITY <= item.priority <= HIGHEST_PRIORITY:
            yield Problem(
                item.at("priority"), f"is {item.priority}, not between {LOWEST_PRIORITY} and {HIGHEST_PRIORITY}."
            )
    yield from _repeated("priority", ((str(item.priority), item.at("priority")) for item in with_priority))


def _category_problems(document: Document) -> Iterator[Problem]:
    overrides = {item.name.lower() for item in document.sections.get("predefined_url_category_overrides", ())}
    for item in document.sections.get("custom_url_categories", ()):
        if item.name.lower() in overrides:
            yield Problem(item.at("name"), "is the name of a predefined URL category that the document overrides.")


def _repeated(kind: str, named: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name, place in named:
        if name in first:
            yield Problem(place, f"repeats the {kind} '{name}' of {first[name]}.")
        elif name:
            first[name] = place


def _references(
    fields: Iterable[Field], values: Values, at: Callable[[str], str], prefix: str = ""
) -> Iterator[tuple[str, str, str]]:
    for field in fields:
        value = values.get(field.option)
        if not value:
            continue
        way = f"{prefix}{field.option}"
        if field.fields:
            yield from _references(field.fields, value, at, f"{way} > ")
        elif field.references:
            for name in value if isinstance(value, list) else [value]:
                yield field.references, str(name), at(way)
