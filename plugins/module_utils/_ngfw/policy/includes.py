# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Includes: sections of other files before those of a rulestack, and rules of other files in its lists.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from ..resources.catalog import IN_RULESTACK
from ..resources.catalog.security_rule import RULE_SECTIONS
from ..resources.validation import Problem, describe, unknown
from .files import PolicyFiles, Refused, invalid
from .nodes import INVALID, Node, place_of
from .variables import Variables

INCLUDE = "include"
LONGEST_CHAIN = 20


class Includer:
    """Puts together what a rulestack includes.

    :param files: where it is read. :param variables: for the templates in it. :param problems: where problems are added.
    """

    def __init__(self, files: PolicyFiles, variables: Variables, problems: list[Problem]) -> None:
        self._files = files
        self._variables = variables
        self._problems = problems
        self._rendered: dict[str, Node] = {}

    def complete(self, rulestack: Node) -> Node:
        """A rulestack with what it includes. :param rulestack: a mapping, without templates."""
        own = {key: node for key, node in rulestack.value.items() if key != INCLUDE}
        parts = [self._sections(include, rulestack.file) for include in self._includes(rulestack)]
        sections: dict[str, Node] = {}
        for part in (*parts, own):
            for key, node in part.items():
                before = sections.get(key)
                if before and isinstance(before.value, list) and isinstance(node.value, list):
                    node = node._replace(value=[*before.value, *node.value])
                sections[key] = node
        for section in RULE_SECTIONS:
            node = sections.get(section)
            if node and isinstance(node.value, list):
                sections[section] = node._replace(value=self._rules(node.value, (rulestack.file,), {}))
        return rulestack._replace(value=sections)

    def _includes(self, rulestack: Node) -> list[Node]:
        node = rulestack.value.get(INCLUDE)
        if node is None or node.value is INVALID:
            return []
        if not isinstance(node.value, list):
            self._refuse(node, f"has {describe(node.value)} as '{INCLUDE}', not a list of paths.")
            return []
        return node.value

    def _sections(self, include: Node, file: str) -> dict[str, Node]:
        """The sections of an included file."""
        node = self._load(include, (file,))
        if node.value is INVALID:
            return {}
        if not isinstance(node.value, dict):
            self._refuse(
                node, f"is {describe(node.value)}, not a mapping of sections, in a file that {include.place} includes."
            )
            return {}
        for key, section in node.value.items():
            if key not in IN_RULESTACK:
                self._refuse(section, unknown(key, IN_RULESTACK), key)
            elif section.value is not INVALID and not isinstance(section.value, list):
                self._refuse(section, f"is {describe(section.value)}, not a list.", key)
        return {
            key: section
            for key, section in node.value.items()
            if key in IN_RULESTACK and isinstance(section.value, list)
        }

    def _rules(self, rules: list[Node], chain: tuple[str, ...], seen: dict[str, Node]) -> list[Node]:
        """The rules of a list with those of the files that it includes.

        :param chain: the files that led here. :param seen: the files that the whole list includes, and where.
        """
        found: list[Node] = []
        for rule in rules:
            include = rule.value.get(INCLUDE) if isinstance(rule.value, dict) else None
            if include is None:
                found.append(rule)
            elif len(rule.value) > 1:
                self._refuse(
                    include, f"has '{INCLUDE}' together with other keys: an included file takes the place of the rule."
                )
            else:
                found += self._included_rules(include, chain, seen)
        return found

    def _included_rules(self, include: Node, chain: tuple[str, ...], seen: dict[str, Node]) -> list[Node]:
        node = self._load(include, chain)
        if node.value is INVALID:
            return []
        if node.file in seen:
            self._refuse(
                include, f"includes {node.file} again, after {seen[node.file].place}: its rules would be there twice."
            )
            return []
        seen[node.file] = include
        if not isinstance(node.value, list):
            self._refuse(
                node, f"is {describe(node.value)}, not a list of rules, in a file that {include.place} includes."
            )
            return []
        return self._rules(node.value, (*chain, node.file), seen)

    def _load(self, include: Node, chain: tuple[str, ...]) -> Node:
        """An included file without templates, C(INVALID) if its problem is reported."""
        path = include.value
        if not isinstance(path, str):
            if path is not INVALID:
                self._refuse(include, f"includes {describe(path)}, not a path.")
            return invalid(include.file)
        try:
            name = self._files.name_of(path)
            if name in chain:
                raise Refused(f"is included by itself: {' -> '.join([*chain, name])}.")
            if len(chain) > LONGEST_CHAIN:
                raise Refused(f"is included through more than {LONGEST_CHAIN} files: {' -> '.join(chain)}.")
            if name not in self._rendered:
                self._rendered[name] = self._variables.render(self._files.load(name))
        except Refused as refused:
            self._refuse(include, f"includes '{path}', which {refused}")
            return invalid(include.file)
        return self._rendered[name]

    def _refuse(self, node: Node, text: str, way: str = "") -> None:
        self._problems.append(Problem(place_of(node, "", way), text))
