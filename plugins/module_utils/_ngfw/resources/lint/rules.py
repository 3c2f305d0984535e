# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings on rules: those that can never match, that repeat others, or that allow everything.

The vendor's guide "Create Security Rules on Cloud NGFW for AWS" says that the first rule whose criteria a session meets decides, from top to bottom, and
"About Rulestacks and Rules" that pre-rules come before local rules, and post-rules after these.

A rule is called shadowed only if earlier rules of the document match each of its sessions for certain: one of them, or several that are as wide in
all options but one. Combinations that need more than one option are not found.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from ..document import Document, Item
from .findings import ANY_TO_ANY, DUPLICATE, SHADOWED, UNDECIDED, UNMATCHABLE, Finding, Other
from .matches import OPTIONS, Match, gaps, together
from .translation import Translation

EVALUATED = ("pre_rules", "rules", "post_rules")  # in this order
OTHERS_SHOWN = 3  # in a message
_NEEDED = ("source", "destination", "applications", "action")
_EFFECT = ("action", "decryption_rule_type", "inbound_inspection_certificate")


@dataclasses.dataclass(frozen=True)
class Rule:
    """An enabled rule with what it matches. :param effect: what it does with a session."""

    section: str
    item: Item
    match: Match
    effect: tuple[str, ...]


def rule_findings(document: Document) -> Iterator[Finding]:
    """The findings on the rules of a document, in the order of evaluation. Disabled rules have none, and shadow none."""
    translation = Translation(document)
    earlier: list[Rule] = []
    for section, item in evaluated(document):
        if not item.values.get("enabled", True):
            continue
        missing = [option for option in _NEEDED if option not in item.values]
        if missing:
            yield _finding(UNDECIDED, document, section, item, f"cannot be compared: it lacks {', '.join(missing)}.")
            continue
        effect = tuple(str(item.values.get(option) or "").lower() for option in _EFFECT)
        rule = Rule(section, item, translation.match(item.values), effect)
        if rule.match.is_empty:
            text = "can never match: its source or destination negates every address."
            yield _finding(UNMATCHABLE, document, section, item, text)
            continue
        if rule.effect[0] == "allow" and rule.match.is_everything:
            text = "allows any application from any source to any destination."
            yield _finding(ANY_TO_ANY, document, section, item, text)
        yield from _shadowing(document, rule, earlier)
        earlier.append(rule)


def evaluated(document: Document) -> Iterator[tuple[str, Item]]:
    """The rules with their sections, in the order of evaluation."""
    for section in EVALUATED:
        for item in sorted(document.sections.get(section, ()), key=lambda item: item.priority or 0):
            yield section, item


def _shadowing(document: Document, rule: Rule, earlier: Sequence[Rule]) -> Iterator[Finding]:
    undecided: list[Other] = []
    nearly: dict[str, list[Rule]] = {option: [] for option in OPTIONS}
    for other in earlier:
        found = gaps(other.match, rule.match)
        if not found:
            yield _shadowed(document, rule, other)
            return
        first, *more = found
        if not more:
            nearly[first].append(other)
        if False not in found.values():
            undecided.append(Other(other.section, other.item.name, tuple(sorted(found))))
    for option, others in nearly.items():
        if together(option, [other.match for other in others], rule.match):
            needed = _needed(option, others, rule)
            text = f"can never match: all its sessions match rule {_names(needed)} before it."
            yield _finding(SHADOWED, document, rule.section, rule.item, text, needed)
            return
    if undecided:
        options = ", ".join(sorted({option for other in undecided for option in other.undecided}))
        text = (
            f"may never match: depending on {options}, all its sessions may match rule {_names(undecided)} before it."
        )
        yield _finding(UNDECIDED, document, rule.section, rule.item, text, undecided)


def _shadowed(document: Document, rule: Rule, other: Rule) -> Finding:
    others = [Other(other.section, other.item.name)]
    if rule.effect == other.effect and not gaps(rule.match, other.match):
        text = f"repeats rule {_names(others)}: both match the same sessions and do the same."
        return _finding(DUPLICATE, document, rule.section, rule.item, text, others)
    text = f"can never match: all its sessions match rule {_names(others)} before it."
    return _finding(SHADOWED, document, rule.section, rule.item, text, others)


def _needed(option: str, others: Sequence[Rule], rule: Rule) -> list[Other]:
    """The rules without which the others do not cover a rule."""
    needed = list(others)
    for other in reversed(others):
        fewer = [one for one in needed if one is not other]
        if together(option, [one.match for one in fewer], rule.match):
            needed = fewer
    return [Other(one.section, one.item.name) for one in needed]


def _names(others: Sequence[Other]) -> str:
    names = [f"'{other.name}'" for other in others[:OTHERS_SHOWN]]
    names += [f"{len(others) - OTHERS_SHOWN} more"] if len(others) > OTHERS_SHOWN else []
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _finding(
    id_: str, document: Document, section: str, item: Item, text: str, others: Sequence[Other] = ()
) -> Finding:
    return Finding(id_, document.name, section, item.name, item.place, text, tuple(others))
