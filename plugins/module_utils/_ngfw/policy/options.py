# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a rulestack file: their types, unknown keys, and the place of each in the files.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..resources.catalog import IN_RULESTACK
from ..resources.document import document_spec, lenient
from ..resources.lint.findings import suppression_spec
from ..resources.validation import PLACEHOLDERS, Problem, describe, unknown, wrong_type
from .includes import INCLUDE
from .nodes import INVALID, Node, place_of

Spec = Mapping[str, Any]
_TEXTS = {"type": "list", "elements": "str"}
_DEPLOY_TO = {"groups": _TEXTS, "accounts": _TEXTS, "regions": _TEXTS}
_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_STEP = re.compile(r"([^\[\]]+)(?:\[(\d+)\])?")


def own_spec() -> dict[str, Any]:
    """The options of a rulestack file that the API does not get."""
    suppression = {name: spec for name, spec in suppression_spec().items() if name != "rulestack"}
    return {
        INCLUDE: _TEXTS,
        "deploy_to": {"type": "dict", "options": _DEPLOY_TO},
        "suppress": {"type": "list", "elements": "dict", "options": suppression},
        "templates": {"type": "bool"},
    }


def file_spec() -> dict[str, Any]:
    """The options of a rulestack file. Those of the document are only checked for types; L(document_problems) does the rest."""
    document = {"type": "dict", "options": document_spec()}
    return {**lenient(document)["options"], **own_spec()}


def locate(root: Node, part: str, name: str, way: str) -> str:
    """The place of something in a rulestack, as L(Locate) describes it. :param root: the rulestack, with what it includes."""
    node = root
    for step in filter(None, (part, *way.split(" > "))):
        found = _STEP.fullmatch(step)
        inner = node.value.get(found.group(1)) if found and isinstance(node.value, dict) else None
        if inner is None:
            break
        node = inner
        if found and found.group(2) and isinstance(node.value, list) and int(found.group(2)) < len(node.value):
            node = node.value[int(found.group(2))]
    return place_of(node, name or part or _name_of(root, "name"), way)


class Converter:
    """Converts the nodes of a rulestack to values of the documented types.

    :param problems: where problems are added. :ivar invalid: the places whose value only stands for one that is wrong.
    """

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems
        self.invalid: set[str] = set()

    def rulestack(self, root: Node, spec: Spec) -> dict[str, Any]:
        """The options of a rulestack. :param root: a mapping. :param spec: its options, as L(file_spec) has them."""
        label = _name_of(root, "name")
        return self._options(root, spec, label, "")

    def _options(self, node: Node, spec: Spec, label: str, way: str) -> dict[str, Any]:
        found = {}
        for key, inner in node.value.items():
            inner_way = f"{way} > {key}" if way else key
            if key not in spec:
                self._refuse(inner, label, inner_way, unknown(key, spec))
                continue
            if not way and key in IN_RULESTACK:
                value: Any = self._section(inner, spec[key], label, key)
            else:
                value = self._value(inner, spec[key], label, inner_way)
            if value is not None:
                found[key] = value
        for key, inner_spec in spec.items():
            if inner_spec.get("required") and key not in node.value:
                self._refuse(node, label, f"{way} > {key}", "is missing.")
        return found

    def _section(self, node: Node, spec: Spec, label: str, section: str) -> Any:
        """The objects or rules of a section, each of which has its own label."""
        if not isinstance(node.value, list):
            return self._value(node, spec, label, section)
        name = IN_RULESTACK[section].name.option
        items = []
        for index, item in enumerate(node.value):
            own = _name_of(item, name) or f"{section}[{index}]"
            if isinstance(item.value, dict):
                items.append(self._options(item, spec["options"], own, ""))
            else:
                items.append(self._element(item, {"type": "dict"}, own, ""))
        return items

    def _value(self, node: Node, spec: Spec, label: str, way: str) -> Any:
        """The value of an option, None if it is omitted."""
        wanted, value = spec["type"], node.value
        if value is INVALID:
            self.invalid.add(place_of(node, label, way))
        elif value is None and node.computed:
            return None
        elif wanted == "list" and isinstance(value, list):
            inner = {**spec, "type": spec["elements"]}
            return [self._element(item, inner, label, f"{way}[{index}]") for index, item in enumerate(value)]
        elif wanted == "dict" and isinstance(value, dict):
            if "options" in spec:
                return self._options(node, spec["options"], label, way)
            texts = {key: self._value(item, {"type": "str"}, label, f"{way} > {key}") for key, item in value.items()}
            return {key: text for key, text in texts.items() if text is not None}
        else:
            return self._scalar(node, spec, label, way)
        return PLACEHOLDERS[wanted]

    def _element(self, node: Node, spec: Spec, label: str, way: str) -> Any:
        value = self._value(node, spec, label, way)
        if value is None:
            self._refuse(node, label, way, "is empty: the list would have nothing there.")
            return PLACEHOLDERS[spec["type"]]
        return value

    def _scalar(self, node: Node, spec: Spec, label: str, way: str) -> Any:
        """A text, a number or a boolean. The result of a template may be the text of a number or boolean: extra variables are texts."""
        wanted, value = spec["type"], node.value
        if wanted == "str" and isinstance(value, str):
            if value not in spec.get("choices", (value,)):
                self._refuse(node, label, way, f"is '{value}', not one of {', '.join(spec['choices'])}.")
            return value
        if wanted == "int" and isinstance(value, int) and not isinstance(value, bool):
            return value
        if wanted == "int" and node.computed and isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
            return int(value)
        if wanted == "bool" and isinstance(value, bool):
            return value
        if wanted == "bool" and node.computed and isinstance(value, str) and value.lower() in _BOOLEANS:
            return _BOOLEANS[value.lower()]
        self._refuse(node, label, way, _wrong_type(value, wanted))
        return str(value) if wanted == "str" and isinstance(value, (bool, int, float)) else PLACEHOLDERS[wanted]

    def _refuse(self, node: Node, label: str, way: str, text: str) -> None:
        place = place_of(node, label, way)
        self.invalid.add(place)
        self._problems.append(Problem(place, text))


def _wrong_type(value: Any, wanted: str) -> str:
    if value is None:
        return "is empty: give it a value, or remove the key."
    if wanted == "str" and isinstance(value, (bool, int, float)):
        return f"is {describe(value)}, not a text: quote it."
    return wrong_type(value, wanted)


def _name_of(node: Node, option: str) -> str:
    """The name in a mapping for messages, empty if it has none."""
    name = node.value.get(option) if isinstance(node.value, dict) else None
    return str(name.value) if name and isinstance(name.value, (str, int)) else ""
