# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of a rulestack in the order of evaluation, and its changed objects, as rows of tables.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .._report.wording import visible
from .differences import Difference, differences, singular, words

RULE_SECTIONS = {"pre_rules": "Rules before local rules", "rules": "Rules", "post_rules": "Rules after local rules"}
RULESTACK = "rulestack"
"""The section of the changes of the rulestack itself."""
COLUMNS = {
    "Source": ("source", "negate_source"),
    "Destination": ("destination", "negate_destination"),
    "Applications": ("applications", "category", "protocol", "prot_port_list"),
    "Action": ("action", "logging", "decryption_rule_type", "inbound_inspection_certificate"),
}
"""The options of a rule by column. The others are notes."""
FOLDED = 4  # fewer unchanged rules are not worth folding
_PLAIN = ("cidrs", "applications", "action")
_NAMES = ("name", "file_type")
_IN_COLUMNS = {*_NAMES, "priority", *itertools.chain.from_iterable(COLUMNS.values())}

Place = tuple[str, str]
"""The section and the name of an object or a rule."""


@dataclasses.dataclass(frozen=True)
class Finding:
    """What the lint found on a rule or an object."""

    severity: str
    id: str
    message: str


@dataclasses.dataclass(frozen=True)
class Row:
    """A rule or an object.

    :param kind: what it is, in words. :param operation: of its change, or empty. :param options: those that change, in words.
    :param comment: who or what wrote the state that was found. :param notes: the other options of a rule, and all of an object.
    :param cells: the options of a rule by column. :param order: the priority of a rule, or its number if the document has no priorities.
    """

    kind: str
    name: str
    operation: str
    options: Sequence[str]
    findings: Sequence[Finding]
    comment: str
    notes: Sequence[Difference]
    cells: Sequence[Sequence[Difference]] = ()
    order: Difference | None = None

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to say about it."""
        return not self.operation and not self.findings


@dataclasses.dataclass(frozen=True)
class RuleTable:
    """The rules of one section. :param rows: in the order of evaluation, removed ones in their old place."""

    title: str
    rows: Sequence[Row]

    @property
    def folded(self) -> int:
        """The number of rules that are hidden at first: unchanged ones, unless all are or they are few."""
        quiet = sum(row.quiet for row in self.rows)
        return quiet if FOLDED <= quiet < len(self.rows) else 0

    @property
    def groups(self) -> Iterator[tuple[bool, list[Row]]]:
        """Successive rows, and whether they are hidden at first."""
        for quiet, rows in itertools.groupby(self.rows, key=lambda row: row.quiet):
            yield quiet and bool(self.folded), list(rows)


class Rows:
    """The rows of one rulestack.

    :param rulestack: of a plan. :param findings: those on the rulestack, by place.
    """

    def __init__(self, rulestack: Mapping[str, Any], findings: Mapping[Place, Sequence[Finding]]) -> None:
        self._before, self._after = rulestack["before"], rulestack["after"]
        self._changes = {(change["section"], change["name"]): change for change in rulestack["changes"]}
        self._findings = findings
        tables = [RuleTable(title, list(self._rules(section))) for section, title in RULE_SECTIONS.items()]
        self.tables = [table for table in tables if table.rows]
        rules = {(section, name) for section in RULE_SECTIONS for name in self._rule_names(section)}
        places = dict.fromkeys(place for place in (*self._changes, *findings) if place not in rules)
        self.objects = [self._object(*place) for place in sorted(places, key=lambda place: place[0] != RULESTACK)]

    def _rule_names(self, section: str) -> Iterable[str]:
        return itertools.chain(_items(self._before, section), _items(self._after, section))

    def _rules(self, section: str) -> Iterator[Row]:
        """The rules of C(after), and those that are removed, each behind the rule that was evaluated before it and stays in its place."""
        before, after = _items(self._before, section), _items(self._after, section)
        removed: dict[str, list[str]] = {}
        anchor = ""
        for name in before:
            if name not in after:
                removed.setdefault(anchor, []).append(name)
            elif not self._moves(section, name):
                anchor = name
        old, new = _orders(before), _orders(after)
        for name in ("", *after):
            if name:
                order = Difference("", kept=(new[name],))
                if name in old and self._moves(section, name):
                    order = Difference("", removed=(old[name],), added=(new[name],))
                yield self._rule(section, name, after[name], order)
            for gone in removed.get(name, ()):
                yield self._rule(section, gone, before[gone], Difference("", kept=(old[gone],)))

    def _moves(self, section: str, name: str) -> bool:
        change = self._changes.get((section, name))
        return change is not None and change["operation"] == "move"

    def _rule(self, section: str, name: str, rule: Mapping[str, Any], order: Difference) -> Row:
        old, new = self._states(section, name, rule)
        rest = [option for option in dict.fromkeys([*new, *old]) if option not in _IN_COLUMNS]
        cells = [
            differences(_only(old, options), _only(new, options), _PLAIN, options[0]) for options in COLUMNS.values()
        ]
        notes = differences(_only(old, rest), _only(new, rest))
        return self._row(section, name, notes, cells, order)

    def _object(self, section: str, name: str) -> Row:
        """An object: all options if it comes or goes, otherwise those that change."""
        documents = (self._after, self._before)
        found = documents if section == RULESTACK else (_items(document, section).get(name) for document in documents)
        item: Mapping[str, Any] = next(filter(None, found), {})
        old, new = self._states(section, name, {key: value for key, value in item.items() if _is_option(value)})
        change = self._changes.get((section, name))
        if not change:
            return self._row(section, name, [])
        whole = change["operation"] in ("create", "delete")
        options = [option for option in (new if whole else change["options"]) if option not in _NAMES]
        return self._row(section, name, differences(_only(old, options), _only(new, options), ("prefixes", "fqdns")))

    def _states(self, section: str, name: str, item: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """All options of a rule or an object before and after; the same if it comes or goes as a whole."""
        change = self._changes.get((section, name))
        if not change:
            return item, item
        if change["operation"] in ("create", "delete"):
            whole = {**item, **(change["before"] or {}), **(change["after"] or {})}
            return whole, whole
        rest = {option: value for option, value in item.items() if option not in change["options"]}
        return {**rest, **(change["before"] or {})}, {**rest, **(change["after"] or {})}

    def _row(
        self,
        section: str,
        name: str,
        notes: Sequence[Difference],
        cells: Sequence[Sequence[Difference]] = (),
        order: Difference | None = None,
    ) -> Row:
        change = self._changes.get((section, name)) or {}
        removed = self._after is None or (cells and name not in _items(self._after, section))
        return Row(
            kind=singular(section),
            name=visible(name),
            operation="delete" if removed else change.get("operation", ""),
            options=[words(option) for option in change.get("options", ())],
            findings=self._findings.get((section, name), ()),
            comment=visible(change.get("audit_comment")),
            notes=notes,
            cells=cells,
            order=order,
        )


def _items(document: Mapping[str, Any] | None, section: str) -> dict[str, Mapping[str, Any]]:
    """The objects or rules of a section by name."""
    return {name_of(item): item for item in (document or {}).get(section) or ()}


def name_of(item: Mapping[str, Any]) -> str:
    """The name of an object or a rule; a file blocking profile has file types."""
    return str(next((item[key] for key in _NAMES if key in item), ""))


def _orders(rules: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The priority of each rule, or its number if it has none."""
    return {name: visible(rule.get("priority", number)) for number, (name, rule) in enumerate(rules.items(), 1)}


def _only(values: Mapping[str, Any], options: Iterable[str]) -> dict[str, Any]:
    return {option: values[option] for option in options if option in values}


def _is_option(value: Any) -> bool:
    """Whether a value of a document is not a section."""
    return not (isinstance(value, list) and any(isinstance(element, dict) for element in value))
