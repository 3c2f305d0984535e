# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""YAML as a tree of nodes that know their file and line.

Refused is what readers of the file and other YAML libraries understand differently, or what hides where a value is from: anchors, aliases, merge keys, tags,
duplicate keys, several documents, and integers with a leading zero.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..resources.validation import Problem, describe

try:  # noqa: SIM105 - as everywhere else
    import yaml
except ImportError:  # ansible-core needs it on the controller, where this runs
    pass

DEEPEST = 20
"""How many levels a file can have."""
GREATEST = 2**63 - 1
"""The greatest integer. Python refuses to print those with some thousand digits."""
_LEADING_ZERO = re.compile(r"[-+]?0[0-9][0-9_]*")
_INT, _FLOAT, _BOOL, _NULL = (f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null"))
_MERGE = "<<"


class _Invalid:
    """The value of a node whose problem is reported."""


INVALID = _Invalid()


class Node(NamedTuple):
    """A value in a file.

    :param value: a text, a number, a boolean or None; a list of nodes; a dictionary of nodes; or L(INVALID).
    :param file: relative to the policy directory. :param line: from 1; of a value in a mapping, that of its key.
    :param computed: whether it is the result of a template.
    """

    value: Any
    file: str
    line: int
    computed: bool = False

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"


def plain(node: Node) -> Any:
    """The value of a node without places. L(INVALID) if a part of it is."""
    if isinstance(node.value, list):
        items = [plain(item) for item in node.value]
        return INVALID if INVALID in items else items
    if isinstance(node.value, dict):
        values = {key: plain(item) for key, item in node.value.items()}
        return INVALID if INVALID in values.values() else values
    return node.value


def place_of(node: Node, label: str, way: str) -> str:
    """A place in messages. :param label: the name of the rulestack, object or rule. :param way: within that."""
    return " > ".join(filter(None, (f"{node.place} {label}".rstrip(), way)))


@functools.lru_cache(maxsize=1024)
def read_yaml(content: bytes, file: str) -> tuple[Node, tuple[Problem, ...]]:
    """The only document of a file, and all its problems. It is parsed once for all targets, so it must not be changed.

    :param file: relative to the policy directory.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Node(INVALID, file, 1), (Problem(f"{file}:{line}", "is not UTF-8."),)
    builder = _Builder(file)
    try:
        node = builder.document(text)
    except yaml.reader.ReaderError as error:
        unprintable = yaml.reader.Reader.NON_PRINTABLE.search(text)
        line = text.count("\n", 0, unprintable.start()) + 1 if unprintable else 1
        node = builder.refused(line, f"is not YAML: {error.reason}.")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = ", ".join(filter(None, (error.context, error.problem)))
        node = builder.refused(mark.line + 1 if mark else 1, f"is not YAML: {said}.")
    return node, tuple(dict.fromkeys(builder.problems))


class _Builder:
    """Builds nodes from the events of the parser: anchors are gone in what PyYAML composes."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._depth = 0
        self._loader: Any = None
        self.problems: list[Problem] = []

    def document(self, text: str) -> Node:
        """The document of a file. :raises YAMLError: the file is not YAML."""
        self._loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        node = Node(None, self._file, 1)
        number = 0
        while True:
            event = self._loader.get_event()
            if isinstance(event, yaml.StreamEndEvent):
                return node
            if isinstance(event, yaml.DocumentStartEvent):
                number += 1
                if number == 2:
                    self.refused(_line(event), "begins a second document; a file has one.")
            elif isinstance(event, yaml.NodeEvent):
                read = self._node(event, _line(event))
                node = read if number == 1 else node

    def refused(self, line: int, text: str) -> Node:
        """Add a problem. :return: what stands for the value."""
        self.problems.append(Problem(f"{self._file}:{line}", text))
        return Node(INVALID, self._file, line)

    def _node(self, event: Any, line: int) -> Node:
        """The node that begins with an event. :param line: of the node."""
        here = _line(event)
        if isinstance(event, yaml.AliasEvent):
            return self.refused(here, f"has the alias *{event.anchor}: use 'include' or a variable.")
        if event.anchor is not None:
            self.refused(here, f"has the anchor &{event.anchor}: use 'include' or a variable.")
        if event.tag is not None:
            self.refused(here, f"has the tag {event.tag}: tags are not possible.")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, line)
        self._depth += 1
        if self._depth > DEEPEST:
            raise yaml.MarkedYAMLError(
                problem=f"it is nested more than {DEEPEST} levels deep", problem_mark=event.start_mark
            )
        value = self._list() if isinstance(event, yaml.SequenceStartEvent) else self._mapping()
        self._depth -= 1
        return Node(value, self._file, line)

    def _events(self, end: type) -> Iterator[Any]:
        while not isinstance(event := self._loader.get_event(), end):
            yield event

    def _list(self) -> list[Node]:
        return [self._node(event, _line(event)) for event in self._events(yaml.SequenceEndEvent)]

    def _mapping(self) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for event in self._events(yaml.MappingEndEvent):
            line = _line(event)
            key = self._key(event, line)
            node = self._node(self._loader.get_event(), line)
            if key in found:
                self.refused(line, f"repeats the key '{key}' of line {found[key].line}.")
            elif key is not None:
                found[key] = node
        return found

    def _key(self, event: Any, line: int) -> str | None:
        """A key as it is written, None if it is refused."""
        node = self._node(event, line)
        if not isinstance(event, yaml.ScalarEvent):
            if node.value is not INVALID:
                hint = " Quote a value that begins with a template." if isinstance(node.value, dict) else ""
                self.refused(line, f"has {describe(node.value)} as a key.{hint}")
            return None
        key: str = event.value
        if key == _MERGE and not event.style:
            self.refused(line, "has the merge key '<<': use 'include' or a variable.")
            return None
        if "{{" in key:
            self.refused(line, f"has a template in the key '{key}': only values can have templates.")
        return key

    def _scalar(self, event: Any, line: int) -> Node:
        value = event.value
        if event.style or event.tag is not None:
            return Node(value, self._file, line)
        if _LEADING_ZERO.fullmatch(value):
            return self.refused(
                line, f"has the number {value} with a leading zero, which YAML can read as octal: quote it, '{value}'."
            )
        tag = self._loader.resolve(yaml.ScalarNode, value, (True, False))
        if tag == _NULL:
            return Node(None, self._file, line)
        if tag in (_INT, _FLOAT, _BOOL):
            return self._constructed(tag, value, line)
        return Node(value, self._file, line)

    def _constructed(self, tag: str, value: str, line: int) -> Node:
        """A number or boolean."""
        construct = getattr(self._loader, f"construct_yaml_{tag.rpartition(':')[2]}")
        try:
            found = construct(yaml.ScalarNode(tag, value))
        except (OverflowError, ValueError):
            found = None
        if found is None or (isinstance(found, int) and abs(found) > GREATEST):
            return self.refused(line, f"has the invalid number {value[:40]}.")
        return Node(found, self._file, line)


def _line(event: Any) -> int:
    """The line where an event of the parser begins, from 1."""
    return int(event.start_mark.line) + 1
