# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait until a firewall has committed the rulestack that was associated with it.

An answer to an association says only that it began. The status of the firewall says how the commit ended, and its time
distinguishes the new commit from the previous one. The words are those of the vendor's OpenAPI document of 2026; that the end is C(Success) with
another C(CommitTS) is from its Go SDK (v2.0.5).

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from ..._common.errors import ErrorContext, NotFound
from ..._common.polling import Poller
from ..codec import lookup
from ..resources.commit import SUCCESS, UNDER_WAY, CommitFailed, state_word
from .client import Firewall, FirewallClient
from .reconciler import OLD_STATES, doing
from .status import WaitTimeout, is_complete

FAILED = "failed"
OPTIONS = {"local": "rulestack", "global": "global_rulestack"}
"""The option of a firewall that names its rulestack, by the scope of the rulestack."""
_KEYS = {
    "local": ("rulestack_status", "rulestack_commit_info"),
    "global": ("global_rulestack_status", "global_rulestack_commit_info"),
}


class DeviceCommitFailed(CommitFailed):
    """A firewall could not commit its rulestack."""

    advice = (
        "Correct what the messages name and commit the rulestack with panw.cloud.ngfw_rulestack_commit, then run again. "
        "The rulestack stays associated."
    )


@dataclasses.dataclass(frozen=True)
class DeviceCommit:
    """The commit of a rulestack on a firewall.

    :param status: of the rulestack. :param device_status: of the firewall as a whole; empty if the answer has none.
    :param time: when the last commit of the rulestack ended, as the server writes it; empty if the answer has none.
    :param device_time: the same for the firewall as a whole.
    """

    status: str
    device_status: str
    time: str
    device_time: str
    messages: tuple[str, ...]

    @property
    def words(self) -> tuple[str, str]:
        """Both states in small letters."""
        return state_word(self.status), state_word(self.device_status)

    @property
    def is_under_way(self) -> bool:
        """Whether it has not ended."""
        return any(one in UNDER_WAY for one in self.words)

    @property
    def failed(self) -> bool:
        """Whether the last commit ended badly."""
        return FAILED in self.words and not self.is_under_way

    @property
    def succeeded(self) -> bool:
        """Whether the last commit ended well."""
        rulestack, device = self.words
        return rulestack == SUCCESS and device in ("", SUCCESS)

    def is_another_than(self, before: DeviceCommit) -> bool | None:
        """Whether it is not the commit that was the last one before, None if the answers have no time."""
        if self.time or before.time:
            return self.time != before.time
        return self.device_time != before.device_time if self.device_time else None

    @property
    def report(self) -> dict[str, Any]:
        """The commit for results."""
        return {
            "status": self.status,
            "device_status": self.device_status or None,
            "time": self.time or self.device_time or None,
            "messages": list(self.messages),
        }


def device_commit(firewall: Firewall, scope: str) -> DeviceCommit:
    """The last commit of a firewall's rulestack. :param scope: C(local) or C(global)."""
    status_key, info_key = _KEYS[scope]
    device_key = "device_rulestack_commit_status"
    own, device = (lookup(firewall.status, key) for key in (info_key, "device_rulestack_commit_info"))
    messages = [str(message) for info in (own, device) for message in lookup(info, "commit_messages") or ()]
    return DeviceCommit(
        str(lookup(firewall.status, status_key) or ""),
        str(lookup(firewall.status, device_key) or lookup(firewall.raw, device_key) or ""),
        str(lookup(own, "commit_ts") or ""),
        str(lookup(device, "commit_ts") or ""),
        tuple(dict.fromkeys(messages)),
    )


class Association:
    """The wait for one rulestack of one firewall. :param scope: C(local) or C(global)."""

    def __init__(self, client: FirewallClient, firewall: Firewall, scope: str, poller: Poller) -> None:
        self._client, self._firewall, self._scope, self._poller = client, firewall, scope, poller
        self.before = device_commit(firewall, scope)

    def ready(self) -> Firewall:
        """Wait until no other operation on the firewall is under way. :raises WaitTimeout: at the limit."""
        if is_complete(self._firewall):
            return self._firewall
        seen = self._poller.until(self._read, is_complete)
        if not is_complete(seen):
            raise self._timeout(doing(seen))
        return seen

    def committed(self, rulestack: str, *, written: bool) -> Firewall:
        """Wait until the firewall has committed the rulestack.

        :param written: whether it was associated since the firewall was read, so that its commit is another one than before.
        :raises DeviceCommitFailed: the commit failed. :raises WaitTimeout: at the limit.
        """
        before = self.before
        looks, moved = 0, not written

        def look() -> Firewall:
            nonlocal looks, moved
            looks += 1
            found = self._read()
            moved = moved or device_commit(found, self._scope) != before
            return found

        def ended(found: Firewall) -> bool:
            now = device_commit(found, self._scope)
            if now.failed:
                return moved
            another = now.is_another_than(before)
            is_new = (moved or looks > OLD_STATES) if another is None else another
            return now.succeeded and (is_new or not written) and found.values[OPTIONS[self._scope]] == rulestack

        seen = self._poller.until(look, ended)
        now = device_commit(seen, self._scope)
        if now.failed and moved:
            raise self.failure(rulestack, now)
        if not ended(seen):
            old = " and that commit is older than the association" if now.succeeded else ""
            raise self._timeout(f"the commit of rulestack '{rulestack}' is {_described(now)}{old}; {doing(seen)}")
        return seen

    def gone(self) -> Firewall:
        """Wait until the firewall has no rulestack of the scope. :raises WaitTimeout: at the limit."""
        option = OPTIONS[self._scope]
        seen = self._poller.until(self._read, lambda found: not found.values[option])
        if seen.values[option]:
            raise self._timeout(f"rulestack '{seen.values[option]}' is still associated; {doing(seen)}")
        return seen

    def failure(self, rulestack: str, commit: DeviceCommit) -> DeviceCommitFailed:
        """The error for a commit that failed, with its messages."""
        said = " | ".join(commit.messages) or "the service gives no reason"
        context = ErrorContext(reason=f"{_described(commit)}: {said}")
        attempted = f"commit rulestack '{rulestack}' on firewall '{self._firewall.name}'"
        return DeviceCommitFailed(attempted, context, commit.messages)

    def _read(self) -> Firewall:
        found = self._client.read(self._client.version.resource, self._firewall.address, self._firewall.name)
        if found is None:
            raise NotFound(
                f"wait for firewall '{self._firewall.name}'", ErrorContext(reason="another client has deleted it")
            )
        return found

    def _timeout(self, what: str) -> WaitTimeout:
        return WaitTimeout(
            f"wait for firewall '{self._firewall.name}'",
            ErrorContext(reason=f"after {self._poller.timeout:.0f} seconds {what}"),
        )


def _described(commit: DeviceCommit) -> str:
    device = f", on the device {commit.device_status}" if commit.device_status else ""
    return f"{commit.status or 'unknown'}{device}"
