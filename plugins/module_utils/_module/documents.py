# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option C(rulestacks): values are converted as Ansible converts options, and all problems are reported at once, each with its place.

Ansible's own check of nested options does not say in which rule a problem is, and fails at some values of another type.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.module_utils.common.validation import (
    check_type_bool,
    check_type_dict,
    check_type_int,
    check_type_list,
    check_type_str,
)

from .._ngfw.resources.catalog import IN_RULESTACK
from .._ngfw.resources.descriptor import Values
from .._ngfw.resources.document import (
    Document,
    Locate,
    document_problems,
    document_spec,
    label,
    locate_in_option,
    parse,
)
from .._ngfw.resources.validation import PLACEHOLDERS, Problem, lies_in, refuse, unknown, wrong_type

DOCUMENT: dict[str, Any] = {"type": "dict", "options": document_spec()}
_Place = Callable[[str], str]
_CONVERTERS: Mapping[str, tuple[type, Callable[[Any], Any]]] = {
    "bool": (bool, check_type_bool),
    "dict": (dict, check_type_dict),
    "int": (int, check_type_int),
    "list": (list, check_type_list),
    "str": (str, check_type_str),
}


def checked(rulestacks: Sequence[Any]) -> tuple[list[Values], list[Document]]:
    """The option with values of the documented types, and its documents. :raises InvalidOptions: there are problems, all of them."""
    reader = _Reader()
    values = [reader.rulestack(index, given) for index, given in enumerate(rulestacks)]
    documents = parse(values)
    wrong = {problem.place for problem in reader.problems}
    more = (problem for problem in document_problems(documents) if not lies_in(problem.place, wrong))
    refuse([*reader.problems, *more])
    return values, documents


class _Reader:
    """Converts rulestacks. A placeholder stands for a value that cannot be converted, which is a problem."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def rulestack(self, index: int, given: Any) -> Values:
        """The options of one rulestack."""
        locate = locate_in_option(index, given)
        at = functools.partial(locate, "", "")
        options: Values = self._typed(given, "dict", at, "")
        sections = {
            section: self._section(section, options[section], locate)
            for section in IN_RULESTACK
            if options.get(section) is not None
        }
        own = {option: value for option, value in options.items() if option not in sections}
        return {**self._options(own, DOCUMENT["options"], at, ""), **sections}

    def _section(self, section: str, given: Any, locate: Locate) -> list[Values]:
        """The objects or rules of a section."""
        spec, name = DOCUMENT["options"][section], IN_RULESTACK[section].name.option
        item_spec = {"type": spec["elements"], "options": spec["options"]}
        converted = []
        for index, item in enumerate(self._typed(given, "list", functools.partial(locate, "", ""), section)):
            at = functools.partial(locate, f"{section}[{index}]", label(item, name))
            converted.append(self._value(item, item_spec, at, ""))
        return converted

    def _options(self, given: Mapping[Any, Any], spec: Mapping[str, Any], at: _Place, way: str) -> Values:
        found = {}
        for key, value in given.items():
            inner = f"{way} > {key}" if way else str(key)
            if key not in spec:
                self.problems.append(Problem(at(inner), unknown(str(key), spec)))
            elif value is not None:
                found[key] = self._value(value, spec[key], at, inner)
        return found

    def _value(self, given: Any, spec: Mapping[str, Any], at: _Place, way: str) -> Any:
        value = self._typed(given, spec["type"], at, way)
        if spec["type"] == "list":
            element = {**spec, "type": spec["elements"]}
            return [self._value(item, element, at, f"{way}[{index}]") for index, item in enumerate(value)]
        if spec["type"] != "dict":
            return value
        if "options" in spec:
            return self._options(value, spec["options"], at, way)
        return {str(key): self._typed(item, "str", at, f"{way} > {key}") for key, item in value.items()}

    def _typed(self, given: Any, wanted: str, at: _Place, way: str) -> Any:
        value = _converted(given, wanted)
        if value is None:
            self.problems.append(Problem(at(way), wrong_type(given, wanted)))
            return PLACEHOLDERS[wanted]
        return value


def _converted(value: Any, wanted: str) -> Any:
    """A value in the type of an option, None if it cannot be converted. More strictly than Ansible: a list is no text, and a boolean no number."""
    kind, convert = _CONVERTERS[wanted]
    if isinstance(value, bool) and wanted == "int":
        return None
    if isinstance(value, kind):
        return value
    if value is None or (wanted == "str" and isinstance(value, (dict, list))):
        return None
    try:
        return convert(value)
    except (ArithmeticError, TypeError, ValueError):  # infinity is no whole number
        return None
