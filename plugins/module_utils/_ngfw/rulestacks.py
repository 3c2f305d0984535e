# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read rulestacks and their contents with a token.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from .._common.errors import NotFound, PanwCloudError, RouteNotFound
from .._common.token_pair import TokenPair
from .client import NgfwClient
from .resources.client import ResourceClient
from .resources.commit import UNCOMMITTED, Commits
from .rulestack_calls import COMMIT, LIST, OBJECT_KINDS, RULE, RULE_LIST, RULESTACK, TAGS, Calls, ObjectKind, Read

# The rule lists of a rulestack by its scope, as the vendor's Go SDK names them.
RULE_LISTS = {"local": ("LocalRule",), "global": ("PreRule", "PostRule")}
CONFIGURATIONS = {"candidate": ("candidate",), "running": ("running",), "both": ("candidate", "running")}
PARTS = ("tags", "commit_status", "rules", *OBJECT_KINDS)
GATHER = (*PARTS, "uncommitted")
THREADS = 8

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@dataclasses.dataclass(frozen=True)
class Selection:
    """Which rulestacks to read, and which parts of them.

    :param scope: C(local), C(global) or C(all). :param configurations: of C(candidate) and C(running). :param gather: of L(GATHER).
    """

    name: str | None = None
    scope: str = "all"
    configurations: tuple[str, ...] = ("candidate",)
    tag_key: str | None = None
    tag_value: str | None = None
    gather: tuple[str, ...] = ()


class RulestackReader:
    """Reads rulestacks with one token.

    :ivar warnings: which parts could not be read.
    """

    def __init__(self, client: NgfwClient, held: TokenPair) -> None:
        self._calls = Calls(client, held)
        self._resources = ResourceClient(client, held)
        self.warnings: list[str] = []

    def read(self, selection: Selection) -> list[dict[str, Any]]:
        """Read the selected rulestacks, sorted by name; an empty list if the named one does not exist.

        A part that cannot be read is None, with a warning; if it is the only requested part, the read fails.

        :raises PanwCloudError: the read failed; the subclass names the cause.
        """
        names = [selection.name] if selection.name else self.names(selection)
        with ThreadPoolExecutor(THREADS) as pool:

            def each(work: Callable[[_Item], _Result | None], items: Iterable[_Item]) -> list[_Result]:
                return [result for result in pool.map(work, items) if result is not None]

            rulestacks = each(lambda name: self._rulestack(name, selection.configurations), names)
            desired = [found for found in rulestacks if selection.scope in ("all", found["scope"] or selection.scope)]
            for part in selection.gather:
                self._gather(part, desired, selection, each)
        return desired

    def _gather(
        self, part: str, rulestacks: list[dict[str, Any]], selection: Selection, each: Callable[..., list[Any]]
    ) -> None:
        """Read a part of all rulestacks. If the API has no such route, skip the rest after the first failure."""
        failures: list[PanwCloudError] = []
        unread = 0
        for rulestack in rulestacks:
            rulestack[part] = None
            unread += 1
            if any(isinstance(error, RouteNotFound) for error in failures):
                continue
            try:
                rulestack[part] = self._part(part, rulestack, selection.configurations, each)
                unread -= 1
            except PanwCloudError as error:
                if len(selection.gather) == 1:
                    raise
                failures.append(error)
        if failures:
            self.warnings.append(f"'{part}' is null in {unread} of {len(rulestacks)} rulestacks. {failures[0].summary}")

    def names(self, selection: Selection) -> list[str]:
        """The names of all rulestacks of a scope, or of those with a tag."""
        parameters: dict[str, Any] = {"Scope": selection.scope.capitalize(), **_flags(selection.configurations)}
        if selection.tag_key:
            parameters["TagKey"] = selection.tag_key
        if selection.tag_value:
            parameters["TagValue"] = selection.tag_value
        return self._listed("list rulestacks", LIST, (), parameters, "rulestack", selection.configurations)

    def _rulestack(self, name: str, configurations: tuple[str, ...]) -> dict[str, Any] | None:
        attempted = f"describe rulestack '{name}'"
        content = self._described(attempted, RULESTACK, (name,), configurations)
        if content is None:
            return None
        entries = self._entries(attempted, RULESTACK, (name,), content, "rulestack", configurations)
        scopes = [str(entry["scope"]).lower() for entry in entries.values() if entry and entry.get("scope")]
        summary = {
            field: self._calls.field(attempted, RULESTACK, (name,), content, field, str)
            for field in ("rulestack_name", "rulestack_state")
        }
        return {
            "name": summary["rulestack_name"] or name,
            "scope": scopes[0] if scopes else None,
            "state": summary["rulestack_state"],
            **entries,
        }

    def _part(
        self,
        part: str,
        rulestack: Mapping[str, Any],
        configurations: tuple[str, ...],
        each: Callable[[Callable[[Any], Any], Iterable[Any]], list[Any]],
    ) -> Any:
        name = str(rulestack["name"])
        if part == "tags":
            return self._tags(name)
        if part == "commit_status":
            return self._commit_status(name)
        if part == "uncommitted":
            if str(rulestack["state"]).lower() != UNCOMMITTED:
                return []
            return Commits(self._resources, name, str(rulestack["scope"] or "local")).differences()
        if part == "rules":
            lists = RULE_LISTS.get(str(rulestack["scope"]), sum(RULE_LISTS.values(), ()))
            places = [
                (rule_list, priority)
                for rule_list in lists
                for priority in self._priorities(name, rule_list, configurations)
            ]
            return each(lambda place: self._rule(name, place[0], place[1], configurations), places)
        kind = OBJECT_KINDS[part]
        attempted = f"list {part} of rulestack '{name}'"
        listed = self._listed(attempted, kind.list, (name,), _flags(configurations), kind.listed, configurations)
        return each(lambda item: self._object(name, kind, item, configurations), listed)

    def _tags(self, name: str) -> dict[str, str]:
        attempted, tags = f"list the tags of rulestack '{name}'", dict[str, str]()
        for page in self._calls.pages(attempted, TAGS, (name,), {}):
            tags.update(self._calls.field(attempted, TAGS, (name,), page, "tags", dict) or {})
        return tags

    def _commit_status(self, name: str) -> dict[str, Any] | None:
        attempted = f"read the commit status of rulestack '{name}'"
        content = self._calls.found(attempted, COMMIT, (name,), {})
        if content is None:
            return None

        def field(key: str, kind: type[_Result]) -> _Result | None:
            return self._calls.field(attempted, COMMIT, (name,), content, key, kind)

        status = {key: field(key, str) for key in ("commit_status", "validate_status")}
        return status | {key: field(key, list) or [] for key in ("commit_messages", "validate_messages")}

    def _priorities(self, name: str, rule_list: str, configurations: tuple[str, ...]) -> list[int]:
        attempted, place = f"list the rules in {rule_list} of rulestack '{name}'", (name, rule_list)
        try:
            entries = [
                entry
                for page in self._calls.pages(attempted, RULE_LIST, place, _flags(configurations))
                for which in configurations
                for entry in self._calls.field(attempted, RULE_LIST, place, page, f"rule_entry_{which}", list) or []
            ]
        except NotFound:
            return []
        summary = [entry.get("priority") if isinstance(entry, dict) else None for entry in entries]
        priorities = {priority for priority in summary if isinstance(priority, int)}
        if not all(isinstance(priority, int) for priority in summary):
            raise self._calls.malformed(attempted, RULE_LIST, place, "a rule in the list has no priority")
        return sorted(priorities)

    def _rule(self, name: str, rule_list: str, priority: int, configurations: tuple[str, ...]) -> dict[str, Any] | None:
        attempted = f"describe rule {priority} in {rule_list} of rulestack '{name}'"
        place = (name, rule_list, str(priority))
        content = self._described(attempted, RULE, place, configurations)
        if content is None:
            return None
        entries = self._entries(attempted, RULE, place, content, "rule_entry", configurations)
        return {"rule_list": rule_list, "priority": priority, **entries}

    def _object(self, name: str, kind: ObjectKind, item: str, configurations: tuple[str, ...]) -> dict[str, Any] | None:
        attempted = f"describe {kind.described} '{item}' of rulestack '{name}'"
        content = self._described(attempted, kind.describe, (name, item), configurations)
        if content is None:
            return None
        entries = self._entries(attempted, kind.describe, (name, item), content, kind.described, configurations)
        return {"name": item, **{which: _flat(entry) for which, entry in entries.items()}}

    def _entries(
        self,
        attempted: str,
        read: Read,
        place: tuple[str, ...],
        content: Mapping[str, Any],
        field: str,
        configurations: tuple[str, ...],
    ) -> dict[str, dict[str, Any] | None]:
        """The requested configurations, each None if it does not exist."""
        return {
            which: self._calls.field(attempted, read, place, content, f"{field}_{which}", dict) or None
            for which in configurations
        }

    def _described(
        self, attempted: str, read: Read, place: tuple[str, ...], configurations: tuple[str, ...]
    ) -> dict[str, Any] | None:
        return self._calls.found(attempted, read, place, _flags(configurations))

    def _listed(
        self,
        attempted: str,
        read: Read,
        place: tuple[str, ...],
        parameters: Mapping[str, Any],
        field: str,
        configurations: tuple[str, ...],
    ) -> list[str]:
        names: set[str] = set()
        for page in self._calls.pages(attempted, read, place, parameters):
            for which in configurations:
                listed = page.get(f"{field}_{which}")
                listed = [] if listed is None else listed
                if not (isinstance(listed, list) and all(isinstance(name, str) for name in listed)):
                    raise self._calls.malformed(attempted, read, place, "the list holds other values than names")
                names.update(listed)
        return sorted(names)


def _flags(configurations: tuple[str, ...]) -> dict[str, bool]:
    return {"Candidate": "candidate" in configurations, "Running": "running" in configurations}


def _flat(described: dict[str, Any] | None) -> dict[str, Any] | None:
    """An object's fields; those of custom URL categories are nested one level deeper in the vendor's specification, but flat in its SDK."""
    nested = (described or {}).get("url_category_entry")
    if described is None or not isinstance(nested, dict):
        return described
    return {**nested, **{key: described[key] for key in described if key in ("operation",)}}
