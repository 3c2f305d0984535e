# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of a target, and what templates make of them.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..._aws.regions import REGION
from ..resources.texts import ACCOUNT
from ..resources.validation import Problem, describe
from .files import VARIABLES, PolicyFiles, Refused
from .nodes import INVALID, Node, plain
from .sandbox import Budget, TemplateProblem
from .templates import MARK, Expression, template

BUILT_IN = ("account_id", "region")
LONGEST_CHAIN = 20
_ALL = f"{VARIABLES}/all.yml"


class Variables:
    """Variables by name. Those of files can use others.

    :param given: values that are used as they are. :param nodes: the variables of files; C(given) wins. :param problems: where problems are added.
    """

    def __init__(self, given: Mapping[str, Any], nodes: Mapping[str, Node], problems: list[Problem]) -> None:
        self._values = dict(given)
        self._nodes = nodes
        self._problems = problems
        self._open: list[str] = []
        self._results: dict[str, Any] = {}
        self._budget = Budget()
        for name in nodes:
            self._value(name)

    def render(self, node: Node) -> Node:
        """A node with the results of its templates. A template alone keeps the type of its value; one that is invalid becomes C(INVALID)."""
        value = node.value
        if isinstance(value, str):
            return self._result(node) if MARK in value else node
        if isinstance(value, list):
            return node._replace(value=[self.render(item) for item in value])
        if isinstance(value, dict):
            return node._replace(value={key: self.render(item) for key, item in value.items()})
        return node

    def _result(self, node: Node) -> Node:
        try:
            parts = template(node.value.strip())
            single = len(parts) == 1 and isinstance(parts[0], Expression)
            results = list(self._evaluated(node, parts if single else template(node.value)))
        except TemplateProblem as problem:
            self._problems.append(Problem(node.place, str(problem)))
            results = [INVALID]
            single = True
        if INVALID in results:
            return node._replace(value=INVALID)
        return _node(results[0] if single else "".join(map(str, results)), node)

    def _evaluated(self, node: Node, parts: tuple[str | Expression, ...]) -> Iterator[Any]:
        """The literal parts and the values of the expressions of a template, C(INVALID) for one that has none."""
        for part in parts:
            if isinstance(part, str):
                yield part
                continue
            try:
                if part.source not in self._results:
                    self._results[part.source] = self._value_of(part)
                self._budget.take_for(self._results[part.source])
                yield self._results[part.source]
            except TemplateProblem as problem:
                self._problems.append(Problem(node.place, str(problem)))
                yield INVALID

    def _value_of(self, expression: Expression) -> Any:
        """The value of an expression, C(INVALID) if the problem of a variable is reported. :raises TemplateProblem: it has none."""
        used = [name for name in sorted(expression.names) if name in self._values or name in self._nodes]
        known = {name: self._value(name) for name in used}
        return INVALID if INVALID in known.values() else expression.evaluate(known, self._budget)

    def _value(self, name: str) -> Any:
        """The value of a variable, C(INVALID) if its problem is reported. :raises TemplateProblem: it uses itself, or too many others."""
        if name not in self._values:
            if name in self._open:
                cycle = [*self._open[self._open.index(name) :], name]
                raise TemplateProblem(f"uses itself: {' -> '.join(cycle)}.")
            if len(self._open) == LONGEST_CHAIN:
                raise TemplateProblem(
                    f"is used through more than {LONGEST_CHAIN} variables: {' -> '.join(self._open)}."
                )
            self._open.append(name)
            self._values[name] = plain(self.render(self._nodes[name]))
            self._open.pop()
        return self._values[name]


def read_variables(
    files: PolicyFiles, built_in: Mapping[str, str], given: Mapping[str, Any], problems: list[Problem]
) -> Variables:
    """The variables of a target.

    :param built_in: C(account_id) and C(region). :param given: further ones, which win over those of files. :param problems: where problems are added.
    """
    paths = [
        _ALL,
        f"{VARIABLES}/regions/{built_in['region']}.yml",
        f"{VARIABLES}/accounts/{built_in['account_id']}.yml",
    ]
    nodes: dict[str, Node] = {}
    for path in files.under(VARIABLES):
        problems.extend(_name_problems(path))
    for path in filter(files.exists, paths):
        try:
            nodes.update(_variables_of(files.load(path), problems))
        except Refused as refused:
            problems.append(Problem(f"{path}:1", str(refused)))
    for name in BUILT_IN:
        if name in given:
            problems.append(Problem(f"variables > {name}", "is built in, and cannot be set."))
        if name in nodes:
            problems.append(Problem(nodes[name].place, f"sets the variable '{name}', which is built in."))
    return Variables({**given, **built_in}, nodes, problems)


def _variables_of(node: Node, problems: list[Problem]) -> dict[str, Node]:
    if isinstance(node.value, dict):
        return node.value
    if node.value is not INVALID:
        problems.append(Problem(node.place, f"is {describe(node.value)}, not a mapping of variables."))
    return {}


def _name_problems(path: str) -> Iterator[Problem]:
    """A file of variables that no target reads is a mistake in its name."""
    folder, name = os.path.split(path)
    stem, suffix = os.path.splitext(name)
    read = suffix == ".yml" and (
        path == _ALL
        or (folder == f"{VARIABLES}/regions" and re.fullmatch(REGION, stem) is not None)
        or (folder == f"{VARIABLES}/accounts" and ACCOUNT.problem(stem) is None)
    )
    if not read:
        yield Problem(
            f"{path}:1",
            f"is read for no target: variables are in {_ALL}, {VARIABLES}/regions/<region>.yml and {VARIABLES}/accounts/<account ID>.yml.",
        )


def _node(value: Any, origin: Node) -> Node:
    """A result of a template as nodes, at the place of the template."""
    if isinstance(value, list):
        value = [_node(item, origin) for item in value]
    elif isinstance(value, dict):
        value = {key: _node(item, origin) for key, item in value.items()}
    return origin._replace(value=value, computed=True)
