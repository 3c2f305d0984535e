# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a target's entry says after an attempt that failed or was given up: what its store says.

The answer to a write can be lost, or still be on its way, although the write was done. So a fresh read decides. If a new token may have become the current
one and no read can tell, the entry is C(unknown), never C(failed).

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._stores.base import Taken
from ..._stores.documents import StoredToken
from ..tokens.spec import Outcome
from .shutdown import Interrupted

if TYPE_CHECKING:
    from ..._stores.base import Contents, Store
    from .worker import Fate

# What can make another token the current one, and what changes the store in any way.
PROMOTION = "promote"
WRITES = {"reserve", "stage", PROMOTION, "drop_pending", "postpone", "forget", "unlock"}
_UNKNOWN = "The store may hold a new token. Run again: the next run finishes or takes back what is half-done."


class Noted:
    """A store that takes note of the tokens that an attempt can make the current one.

    :param tokens: their fingerprints.
    """

    def __init__(self, store: Store[StoredToken], tokens: set[str]) -> None:
        self._store, self._tokens = store, tokens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def load(self) -> Contents[StoredToken]:
        contents = self._store.load()
        if isinstance(contents.pending, StoredToken):
            self._tokens.add(contents.pending.fingerprint)
        return contents

    def stage(self, token: StoredToken, staged_by: str) -> None:
        self._tokens.add(token.fingerprint)
        self._store.stage(token, staged_by)


def needs_reading(fate: Fate) -> bool:
    """Whether the store can hold something else than the attempt has seen."""
    return fate.member.store != "none" and bool(fate.begun & WRITES)


def conclude(fate: Fate, contents: Contents[StoredToken] | None, *, in_flight: bool = False) -> None:
    """Set the state of a target that has an error, or has not come to its end.

    :param contents: what its store holds, None if it was not read. :param in_flight: whether a promotion may still happen.
    """
    error = fate.error or Interrupted()
    may_be_promoted = fate.member.store != "none" and PROMOTION in fate.begun
    if contents is not None:
        _take_over(fate, contents, may_be_promoted)
    unknown = not fate.made and may_be_promoted and (contents is None or in_flight)
    if fate.made or unknown:
        error.notes.clear()  # they say what was believed of the store
    if fate.made:
        fate.state = "rotated"
        fate.warnings = [*fate.warnings, f"The new token is in place, but its rotation is not finished. {error}"]
        fate.error = fate.step = None
    elif unknown:
        fate.state, fate.changed, error.next_step = "unknown", True, _UNKNOWN
    elif isinstance(error, Interrupted):
        fate.state = "failed" if "issue" in fate.begun else "not_started"
    else:
        fate.state = "busy" if error.kind == Taken.kind else "failed"
    if contents is not None and not in_flight:
        fate.begun.clear()  # what was begun is settled


def _take_over(fate: Fate, contents: Contents[StoredToken], may_be_promoted: bool) -> None:
    current = contents.current
    fate.retiring = Outcome(retiring=list(contents.retiring)).as_result()["retiring"]
    if may_be_promoted and current and current.fingerprint in fate.candidates:
        fate.previous, fate.made, fate.changed = fate.previous or fate.before, True, True
    fate.token = current
