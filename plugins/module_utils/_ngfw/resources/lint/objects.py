# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings on objects: lists without entries, and objects that nothing uses.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..catalog import IN_RULESTACK
from ..catalog.security_rule import RULE_SECTIONS
from ..document import Document, Item, references
from .findings import EMPTY, UNUSED, Finding

LISTS = {"prefix_lists": "prefixes", "fqdn_lists": "fqdns", "custom_url_categories": "urls"}
"""The entries of each section of lists."""
REFERRED = ("certificates", "prefix_lists", "fqdn_lists", "feeds", "custom_url_categories")
"""The sections that have no effect unless something refers to them."""


def object_findings(document: Document) -> Iterator[Finding]:
    """The findings on the objects of a document. A document without any rules says nothing about what they use."""
    used = {(section, name) for section, name, _place in references(document)}
    has_rules = any(section in document.sections for section in RULE_SECTIONS)
    for section in REFERRED:
        kind = IN_RULESTACK[section].kind
        for item in document.sections.get(section, ()):
            place = (document.name, section, item.name, item.place)
            if section in LISTS and not item.values.get(LISTS[section]):
                yield Finding(EMPTY, *place, f"is a {kind} without '{LISTS[section]}'.")
            if has_rules and (section, item.name) not in used and not _acts(section, item):
                yield Finding(UNUSED, *place, f"is a {kind} that nothing in the document uses.")


def _acts(section: str, item: Item) -> bool:
    """Whether URL filtering applies the action of a category, whatever the rules say."""
    return section == "custom_url_categories" and item.values.get("action", "none").lower() != "none"
