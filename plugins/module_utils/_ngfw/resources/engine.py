# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Apply planned changes.

A write whose answer is lost, or that the server refuses because the resource has changed, is settled by reading: if the resource is as desired, the
write is done; if it is as planned before, it is sent again; if another client changed the same options to other values, nothing is overwritten
and the conflict shows both sides.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from ..._common.errors import Conflict, ErrorContext, NotFound, PanwCloudError
from .codec import canonical
from .comparison import part
from .descriptor import Resource, Values
from .planner import Address, Change, Observed, changed_options, plan, wanted_values
from .reader import CONCURRENCY, values_without_defaults

WRITES = 3  # of one change, each after a new read


@dataclasses.dataclass(frozen=True)
class Result:
    """The result of a change. :param error: why it was not made; None if it was."""

    change: Change
    error: PanwCloudError | None = None


class Client(Protocol):
    """What reads and writes resources."""

    def read(self, resource: Resource, address: Address, name: str) -> Observed | None:
        """Read a resource, None if it does not exist."""

    def write(self, change: Change) -> None:
        """Send one change."""

    def tags(self, resource: Resource, address: Address) -> dict[str, str]:
        """The tags of a resource that has them as a resource of their own."""

    def write_tags(
        self, resource: Resource, address: Address, before: Mapping[str, str], after: Mapping[str, Any]
    ) -> None:
        """Set the tags that differ, then remove those that are not desired."""


class Engine:
    """Applies changes with one token. Thread-safe."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._unique_names = False  # whether the server refused a second rule of the same name

    def apply(self, change: Change) -> None:
        """Make one change, and settle it by reading if its outcome is unknown.

        :raises Conflict: another client changed the same options. :raises PanwCloudError: the API refuses it, or its outcome stays unknown.
        """
        if change.operation == "move":
            self._move(change)
        else:
            self._write(change)

    def _write(self, change: Change) -> None:
        sent: Change | None = change
        for left in reversed(range(WRITES)):
            try:
                if sent is not None and not sent.only_tags:
                    self._client.write(sent)
                self._apply_tags(change)
                return
            except PanwCloudError as error:
                gone = isinstance(error, NotFound) and change.operation == "delete"
                if not left or not (error.outcome_unknown or gone or isinstance(error, Conflict)):
                    raise
                sent = self._settled(change, error)

    def _move(self, change: Change) -> None:
        """Create the resource at its new address, then delete it at the old one, so that nothing is lost in between.

        If the server accepts a name only once, the order is the other way round.
        """
        observed = change.observed
        if observed is None:
            raise ValueError("a move has no observed resource")
        old = dataclasses.replace(change.desired, address=observed.address, values=None)
        deletion = dataclasses.replace(change, operation="delete", desired=old, body=None, after=None)
        creation = dataclasses.replace(change, operation="create", before=None)
        if not self._unique_names:
            try:
                self._write(creation)
            except Conflict:
                if self._client.read(change.resource, change.address, change.desired.name):
                    raise
                self._unique_names = True  # other moves may be under way
            else:
                self._write(deletion)
                return
        self._write(deletion)
        self._write(creation)

    def run(
        self, levels: Iterable[Sequence[Change]], done: Callable[[Result], object], concurrency: int = CONCURRENCY
    ) -> list[Result]:
        """Apply changes level by level, those of a level at the same time. After a failure, the rest of its level is finished and the next is not begun.

        :param done: called with each result, from one thread.
        """
        results: list[Result] = []
        with ThreadPoolExecutor(concurrency) as pool:
            for level in levels:
                for result in pool.map(self._result, level):
                    results.append(result)
                    done(result)
                if any(result.error for result in results):
                    break
        return results

    def _result(self, change: Change) -> Result:
        try:
            self.apply(change)
        except PanwCloudError as error:
            return Result(change, error)
        return Result(change)

    def _settled(self, change: Change, error: PanwCloudError) -> Change | None:
        """Read again: the change that is still to be made, None if none is.

        :raises Conflict: another client changed the same options.
        """
        observed = self._client.read(change.resource, change.address, change.desired.name)
        if observed is not None and observed.name != change.desired.name:
            raise error  # another rule has the priority now
        if theirs := _theirs(change, observed):
            raise _conflict(change, theirs, observed) from None
        if observed is None and change.operation == "create":
            return change
        if observed is None and change.operation == "update":
            raise error
        return plan(change.resource, observed, change.desired)

    def _apply_tags(self, change: Change) -> None:
        resource = change.resource
        tags = wanted_values(resource, change.desired).get("tags") if resource.tags else None
        if tags or (tags is not None and change.operation == "update"):
            before = self._client.tags(resource, change.address)
            self._client.write_tags(resource, change.address, before, tags)


def _theirs(change: Change, observed: Observed | None) -> list[str]:
    """The options of the change that another client set to other values than ours since it was planned."""
    if observed is None or change.desired.values is None:
        return []
    wanted = wanted_values(change.resource, change.desired)
    ours = list(changed_options(change.resource, observed.values, wanted))
    if change.before is None:
        return ours
    theirs = []
    for option in ours:
        field = change.resource.by_option[option]
        target = canonical(field, wanted[option])
        if part(field, observed.values[option], target) != part(field, change.before[option], target):
            theirs.append(option)
    return theirs


def _conflict(change: Change, options: Sequence[str], observed: Observed | None) -> Conflict:
    theirs = observed.values if observed else {}
    sides = "; ".join(
        f"'{option}' was {_shown(change.before, option)}, is now {theirs.get(option)!r}, and would become {_shown(change.after, option)}"
        for option in sorted(options)
    )
    return Conflict(
        f"{change.operation} {change.title}",
        ErrorContext(reason=f"another client changed it in the meantime: {sides}"),
        "Nothing was overwritten. Decide which is right, then run again.",
    )


def _shown(values: Values | None, option: str) -> Any:
    return "absent" if values is None else repr(values.get(option))


def report(change: Change) -> dict[str, Any]:
    """A change for results: what it is about, and the options that change, before and after."""
    return {
        "section": change.resource.section or "rulestack",
        "name": change.desired.name,
        "operation": change.operation,
        "options": sorted(change.options),
        "before": change.before and {option: change.before.get(option) for option in change.options},
        "after": change.after and {option: change.after.get(option) for option in change.options},
    }


def diff(change: Change) -> dict[str, Any]:
    """A change for Ansible's diff mode."""
    return {
        "before_header": change.title,
        "after_header": change.title,
        "before": _without_noise(change, change.before),
        "after": _without_noise(change, change.after),
    }


def _without_noise(change: Change, values: Values | None) -> Values:
    """The values that a reviewer has to see: no defaults of the server, but each option that changes."""
    if values is None:
        return {}
    shown = values_without_defaults(change.resource, values)
    changing = {option: values[option] for option in change.options if option in values}
    priority = {"priority": values["priority"]} if "priority" in values else {}
    return {**priority, **shown, **changing}
