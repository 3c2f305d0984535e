# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Determine the result of a target from its store, after an attempt that failed or was abandoned.

The response to a write can be lost or late although the write was done. So a fresh read decides. If a new token may have become the current one and
no read can confirm it, the entry is C(unknown), never C(failed).

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._stores.base import LockConflict
from ..._stores.documents import StoredToken
from ..tokens.spec import StoredTokenResult
from .shutdown import Interrupted

if TYPE_CHECKING:
    from ..._stores.base import Contents, Store
    from .worker import TargetResult

# The method that can make another token current, and all methods that change the store.
PROMOTION = "promote"
WRITES = {"reserve", "stage", PROMOTION, "drop_pending", "postpone", "forget", "unlock"}
_UNKNOWN = "The store may hold a new token. Run again: the next run finishes or rolls back the rotation."


class CandidateRecorder:
    """A store that records which tokens an attempt can make current.

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


def needs_reading(result: TargetResult) -> bool:
    """Whether the store can differ from what the attempt has seen."""
    return result.member.store != "none" and bool(result.started & WRITES)


def conclude(result: TargetResult, contents: Contents[StoredToken] | None, *, in_flight: bool = False) -> None:
    """Set the state of a target that has an error, or is not finished.

    :param contents: of its store, None if it was not read. :param in_flight: whether a promotion may still happen.
    """
    error = result.error or Interrupted()
    may_be_promoted = result.member.store != "none" and PROMOTION in result.started
    if contents is not None:
        _take_over(result, contents, may_be_promoted)
    unknown = not result.created and may_be_promoted and (contents is None or in_flight)
    if result.created or unknown:
        error.notes.clear()  # they describe an outdated view of the store
    if result.created:
        result.state = "rotated"
        result.warnings = [*result.warnings, f"The new token is in place, but its rotation is not finished. {error}"]
        result.error = result.step = None
    elif unknown:
        result.state, result.changed, error.next_step = "unknown", True, _UNKNOWN
    elif isinstance(error, Interrupted):
        result.state = "failed" if "issue" in result.started else "not_started"
    else:
        result.state = "locked" if error.kind == LockConflict.kind else "failed"
    if contents is not None and not in_flight:
        result.started.clear()  # all started writes are settled


def _take_over(result: TargetResult, contents: Contents[StoredToken], may_be_promoted: bool) -> None:
    current = contents.current
    result.pending_revocations = StoredTokenResult(pending_revocations=list(contents.pending_revocations)).as_result()[
        "pending_revocation"
    ]
    if may_be_promoted and current and current.fingerprint in result.candidates:
        result.previous, result.created, result.changed = result.previous or result.before, True, True
    result.token = current
