# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of the three kinds of report.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True)
class Words:
    """The words of one kind of report.

    :param operations: what is said of an object or a rule, by operation of the change. :param states: the same of a rulestack; C("") without a change.
    :param nothing: the verdict without changes, without its end. :param added: what the sign + before a value means. :param removed: what the sign - means.
    :param gone: what is said before the names of rulestacks that the changes remove. :param uncommitted: the same of uncommitted changes.
    """

    title: str
    operations: Mapping[str, str]
    states: Mapping[str, str]
    nothing: str
    added: str
    removed: str
    gone: str
    uncommitted: str


_CHANGES = {"create": "added", "update": "changed", "move": "moved", "delete": "removed"}
_STATES = {"create": "new", "delete": "removed", "update": "changed", "unmanaged": "unmanaged", "": "unchanged"}
KINDS = {
    "plan": Words(
        title="Rulestack plan",
        operations=_CHANGES,
        states=_STATES,
        nothing="Nothing to do",
        added="is added",
        removed="is removed",
        gone="To be removed as a whole",
        uncommitted="Uncommitted changes, which a commit includes",
    ),
    "drift": Words(
        title="Rulestack drift",
        operations={"create": "missing", "update": "different", "move": "misplaced", "delete": "unexpected"},
        states={
            "create": "missing",
            "delete": "unexpected",
            "update": "drifted",
            "unmanaged": "unmanaged",
            "": "as the policy",
        },
        nothing="No drift",
        added="is the policy",
        removed="was found",
        gone="Unexpected as a whole",
        uncommitted="Uncommitted changes",
    ),
    "apply": Words(
        title="Rulestack changes",
        operations=_CHANGES,
        states=_STATES,
        nothing="Nothing was changed",
        added="was added",
        removed="was removed",
        gone="Removed as a whole",
        uncommitted="Changes that were not committed before",
    ),
}
