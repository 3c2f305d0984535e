# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lint rulestacks: find what is valid, but does not do what it seems to.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..document import Document
from .findings import Finding
from .objects import object_findings
from .rules import rule_findings


def findings(documents: Iterable[Document]) -> Iterator[Finding]:
    """The findings on valid documents, each of which is read as a whole rulestack: what it omits has the default."""
    for document in documents:
        yield from rule_findings(document)
        yield from object_findings(document)
