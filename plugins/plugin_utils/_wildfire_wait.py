# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of a wait for WildFire verdicts, from the results of modules.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._common.errors import ErrorContext
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.errors import VerdictsPending

_UNDECIDED = ("pending", "unknown")  # a sample that was just submitted can still be unknown
_CONNECTION = (
    *("client_id", "client_secret", "tsg_id", "api_key", "agent", "wildfire_region", "wildfire_url"),
    *("scm_auth_url", "scm_url", "scm_ca_bundle", "scm_validate_certs"),
)


@dataclasses.dataclass(frozen=True)
class Wait:
    """A limit and an interval in seconds."""

    timeout: int
    interval: int


def waiting(result: dict[str, Any]) -> Wait | None:
    """What the options of the module ask for, None without a wait; taken out of the result."""
    given = result.pop("wait", None)
    return Wait(**given) if given else None


def connection(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a task that say how to reach WildFire."""
    return {name: arguments[name] for name in _CONNECTION if name in arguments}


class Pending:
    """The samples of a result that have no verdict yet. Empty, and so false, if there is none.

    :param result: of the module wildfire_submission; it is kept up to date.
    """

    def __init__(self, result: dict[str, Any]) -> None:
        self._result = result

    def __bool__(self) -> bool:
        return bool(self._samples)

    @property
    def _samples(self) -> list[dict[str, Any]]:
        return [
            sample
            for sample in self._result["samples"]
            if sample["verdict"] in _UNDECIDED and sample["status"] in ("known", "submitted")
        ]

    def progress(self, left: float) -> str:
        """The state in one line. :param left: seconds until the limit."""
        number, total = len(self._samples), len(self._result["samples"])
        return f"waiting for {number} of {total} verdicts, at most {left:.0f} more seconds"

    def query(self) -> dict[str, Any]:
        """The options of the module wildfire_verdict_info for these samples."""
        hashes = dict.fromkeys(sample["sha256"] for sample in self._samples if sample["kind"] != "link")
        urls = dict.fromkeys(sample["url"] for sample in self._samples if sample["kind"] == "link")
        return {name: list(given) for name, given in (("hashes", hashes), ("urls", urls)) if given}

    def take(self, queried: Mapping[str, Any]) -> dict[str, Any]:
        """The result with new verdicts, or with the failure of the query."""
        if queried.get("failed"):
            return {**self._result, **{name: queried[name] for name in ("failed", "msg", "error") if name in queried}}
        found = {one["hash"]: one for one in queried["verdicts"]} | {one["url"]: one for one in queried["url_verdicts"]}
        for sample in self._samples:
            new = found.get(sample["url"] if sample["kind"] == "link" else sample["sha256"])
            if new is not None:
                sample.update(verdict=new["verdict"], code=new["code"])
        self._result["queries"] += queried["queries"]
        self._result["pending"] = len(self._samples)
        return self._result

    def timed_out(self, seconds: int) -> dict[str, Any]:
        """The result with the failure of a wait that ended at its limit."""
        number, total = len(self._samples), len(self._result["samples"])
        context = ErrorContext(reason=f"{number} are still missing after {seconds} seconds")
        error = VerdictsPending(f"get {total} WildFire verdicts", context)
        return {**self._result, "failed": True, **error.as_result()}
