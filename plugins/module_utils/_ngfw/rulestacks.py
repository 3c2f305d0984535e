# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rulestacks and what is in them, read with a token.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import quote

from .._errors import Evidence, MalformedAnswer, NotFound, RouteNotFound
from .client import Held, NgfwClient, Operation
from .decoding import section

RULESTACKS = "/v1/config/rulestacks"
PAGE_SIZE = 1024
MOST_PAGES = 1000
THREADS = 8
# The rule lists of a rulestack by its scope, as the vendor's Go SDK names them.
RULE_LISTS = {"local": ("LocalRule",), "global": ("PreRule", "PostRule")}
CONFIGURATIONS = {"candidate": ("candidate",), "running": ("running",), "both": ("candidate", "running")}

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@dataclasses.dataclass(frozen=True)
class ObjectKind:
    """A kind of security object of a rulestack.

    :param path: under the rulestack's own. :param listed: what its list's fields begin with. :param described: what its description's fields begin with.
    """

    path: str
    listed: str
    described: str


OBJECT_KINDS = {
    "prefix_lists": ObjectKind("prefixlists", "prefix_list", "prefix_list"),
    "fqdn_lists": ObjectKind("fqdnlists", "fqdn_list", "fqdn_list"),
    "feeds": ObjectKind("feeds", "feed", "feed"),
    "certificates": ObjectKind("certificates", "certificate_object", "certificate_object"),
    "custom_url_categories": ObjectKind("urlcustomcategories", "categories", "url_category"),
    "file_blocking": ObjectKind("fileblockingprofiles/custom/filetypes", "file_blocking", "file_blocking"),
}
GATHER = ("tags", "commit_status", "rules", *OBJECT_KINDS)


@dataclasses.dataclass(frozen=True)
class Selection:
    """Which rulestacks to read, and what of them.

    :param scope: C(local), C(global) or C(all). :param configurations: of C(candidate) and C(running). :param gather: of L(GATHER).
    """

    name: str | None = None
    scope: str = "all"
    configurations: tuple[str, ...] = ("candidate",)
    tag_key: str | None = None
    tag_value: str | None = None
    gather: tuple[str, ...] = ()


class RulestackReader:
    """Reads rulestacks with one token."""

    def __init__(self, client: NgfwClient, held: Held) -> None:
        self._client = client
        self._held = held

    def read(self, selection: Selection) -> list[dict[str, Any]]:
        """The selected rulestacks in the order of their names; none where the named one does not exist.

        :raises PanwCloudError: of the kind that tells what went wrong.
        """
        names = [selection.name] if selection.name else self._names(selection)
        with ThreadPoolExecutor(THREADS) as pool:

            def each(work: Callable[[_Item], _Result | None], items: Iterable[_Item]) -> list[_Result]:
                return [result for result in pool.map(work, items) if result is not None]

            rulestacks = each(lambda name: self._rulestack(name, selection.configurations), names)
            wanted = [found for found in rulestacks if selection.scope in ("all", found["scope"] or selection.scope)]
            for rulestack in wanted:
                for part in selection.gather:
                    rulestack[part] = self._part(part, rulestack, selection.configurations, each)
        return wanted

    def _names(self, selection: Selection) -> list[str]:
        body: dict[str, Any] = {"Scope": selection.scope.capitalize(), **_flags(selection.configurations)}
        if selection.tag_key:
            body["TagKey"] = selection.tag_key
        if selection.tag_value:
            body["TagValue"] = selection.tag_value
        return self._listed("list rulestacks", RULESTACKS, body, "rulestack", selection.configurations)

    def _rulestack(self, name: str, configurations: tuple[str, ...]) -> dict[str, Any] | None:
        content = self._described(f"describe rulestack '{name}'", _path(name), configurations)
        if content is None:
            return None
        entries = {which: section(content, f"rulestack_{which}") or None for which in ("candidate", "running")}
        scopes = [str(entry["scope"]).lower() for entry in entries.values() if entry and entry.get("scope")]
        return {
            "name": content.get("rulestack_name") or name,
            "scope": scopes[0] if scopes else None,
            "state": content.get("rulestack_state"),
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
        if part == "rules":
            lists = RULE_LISTS.get(str(rulestack["scope"]), sum(RULE_LISTS.values(), ()))
            places = [
                (rule_list, priority)
                for rule_list in lists
                for priority in self._priorities(name, rule_list, configurations)
            ]
            return each(lambda place: self._rule(name, place[0], place[1], configurations), places)
        kind = OBJECT_KINDS[part]
        path = _path(name, kind.path)
        listed = self._listed(
            f"list {part} of rulestack '{name}'", path, _flags(configurations), kind.listed, configurations
        )
        return each(lambda item: self._object(name, kind, item, configurations), listed)

    def _tags(self, name: str) -> dict[str, str]:
        tags: dict[str, str] = {}
        for page in self._pages(f"list the tags of rulestack '{name}'", _path(name, "tags"), {}):
            tags.update(section(page, "tags"))
        return tags

    def _commit_status(self, name: str) -> dict[str, Any] | None:
        try:
            content = self._client.held(
                Operation(f"read the commit status of rulestack '{name}'", "GET", _path(name, "commit")), self._held
            )
        except RouteNotFound:
            raise
        except NotFound:
            return None
        status = {key: content.get(key) for key in ("commit_status", "validate_status")}
        return status | {key: content.get(key) or [] for key in ("commit_messages", "validate_messages")}

    def _priorities(self, name: str, rule_list: str, configurations: tuple[str, ...]) -> list[int]:
        attempted, path = f"list the rules in {rule_list} of rulestack '{name}'", _path(name, "rulelists", rule_list)
        try:
            entries = [
                entry
                for page in self._pages(attempted, path, _flags(configurations))
                for which in configurations
                for entry in page.get(f"rule_entry_{which}") or []
            ]
        except RouteNotFound:
            raise
        except NotFound:
            return []
        told = [entry.get("priority") if isinstance(entry, dict) else None for entry in entries]
        priorities = {priority for priority in told if isinstance(priority, int)}
        if not all(isinstance(priority, int) for priority in told):
            raise self._malformed(attempted, path, "a rule in the list has no priority")
        return sorted(priorities)

    def _rule(self, name: str, rule_list: str, priority: int, configurations: tuple[str, ...]) -> dict[str, Any] | None:
        attempted = f"describe rule {priority} in {rule_list} of rulestack '{name}'"
        path = _path(name, "rulelists", rule_list, "priorities", str(priority))
        content = self._described(attempted, path, configurations, capital_query=True)
        if content is None:
            return None
        entries = {which: section(content, f"rule_entry_{which}") or None for which in ("candidate", "running")}
        return {"rule_list": rule_list, "priority": priority, **entries}

    def _object(self, name: str, kind: ObjectKind, item: str, configurations: tuple[str, ...]) -> dict[str, Any] | None:
        content = self._described(
            f"describe {kind.path} '{item}' of rulestack '{name}'", _path(name, kind.path, item), configurations
        )
        if content is None:
            return None
        entries = {which: _entry(section(content, f"{kind.described}_{which}")) for which in ("candidate", "running")}
        return {"name": item, **entries}

    def _described(
        self, attempted: str, path: str, configurations: tuple[str, ...], *, capital_query: bool = False
    ) -> dict[str, Any] | None:
        body = _flags(configurations)
        query = {key: _text(value) for key, value in body.items()} if capital_query else _query(body)
        try:
            return self._client.held(Operation(attempted, "GET", path, query, body), self._held)
        except RouteNotFound:  # a wrong URL is no missing rulestack
            raise
        except NotFound:
            return None

    def _listed(
        self, attempted: str, path: str, body: Mapping[str, Any], field: str, configurations: tuple[str, ...]
    ) -> list[str]:
        names: set[str] = set()
        for page in self._pages(attempted, path, body):
            for which in configurations:
                listed = page.get(f"{field}_{which}") or []
                if not (isinstance(listed, list) and all(isinstance(name, str) for name in listed)):
                    raise self._malformed(attempted, path, "the list does not consist of names")
                names.update(listed)
        return sorted(names)

    def _malformed(self, attempted: str, path: str, reason: str) -> MalformedAnswer:
        return MalformedAnswer(attempted, Evidence(self._client.endpoint.join(path), reason=reason))

    def _pages(self, attempted: str, path: str, body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """All pages of a list. :raises MalformedAnswer: a page token comes twice, or the list does not end."""
        seen: set[str] = set()
        parameters: dict[str, Any] = {**body, "MaxResults": PAGE_SIZE}
        while len(seen) < MOST_PAGES:
            content = self._client.held(Operation(attempted, "GET", path, _query(parameters), parameters), self._held)
            yield content
            token = str(content.get("next_token") or "")
            if not token:
                return
            if token in seen:
                raise self._malformed(attempted, path, "the server sent a page token twice")
            seen.add(token)
            parameters["NextToken"] = token
        raise self._malformed(attempted, path, f"the list has more than {MOST_PAGES} pages")


def _path(name: str, *rest: str) -> str:
    return "/".join([RULESTACKS, quote(name, safe=""), *(quote(part, safe="/") for part in rest)])


def _flags(configurations: tuple[str, ...]) -> dict[str, bool]:
    return {"Candidate": "candidate" in configurations, "Running": "running" in configurations}


def _query(body: Mapping[str, Any]) -> dict[str, str]:
    return {key.lower(): _text(value) for key, value in body.items()}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _entry(described: dict[str, Any]) -> dict[str, Any] | None:
    """An object's fields; those of custom URL categories lie one level deeper in the vendor's specification, flat in its SDK."""
    nested = section(described, "url_category_entry")
    return (
        {**nested, **{key: described[key] for key in described if key in ("operation",)}}
        if nested
        else (described or None)
    )
