# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations on the objects and rules of a rulestack: one set of handlers for all kinds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from ..documents import check_update_token, compact, lookup
from ..envelope import ServiceError
from ..routing import Call, Caller, Content, Route
from .kinds import CATEGORY_OVERRIDES, FEEDS, KINDS, Entry, Kind
from .model import Rulestack
from .store import RulestackStore

ONE = "/v1/config/rulestacks/{rulestackname}"

Table = Mapping[Any, Entry]


class ObjectApi:
    """Handlers of the routes of objects and rules.

    :param url_categories: names of the predefined URL categories.
    """

    def __init__(self, store: RulestackStore, url_categories: Collection[str]) -> None:
        self._store = store
        self._url_categories = url_categories

    def routes(self) -> list[Route]:
        """The routes with their handlers."""
        return [route for kind in KINDS for route in self._routes(kind)]

    def _routes(self, kind: Kind) -> list[Route]:
        many, one = f"{ONE}/{kind.segment}", f"{ONE}/{kind.item}"
        routes = [
            Route("GET", many, partial(self.list, kind), roles=kind.readers),
            Route("GET", one, partial(self.describe, kind), roles=kind.readers),
            Route("PUT", one + kind.update, partial(self.update, kind), roles=kind.roles),
        ]
        if kind.created:
            routes.append(Route("POST", many, partial(self.create, kind), roles=kind.roles))
            routes.append(Route("DELETE", one, partial(self.delete, kind), roles=kind.roles))
        return routes

    def list(self, kind: Kind, call: Call, caller: Caller) -> Content:
        """Names of the objects, or priorities and names of the rules."""
        stack = self._store.find(call, caller)
        candidate, running = _tables(stack, kind.table(call))
        if kind is FEEDS and call.text("type"):
            candidate, running = _of_type(candidate, call), _of_type(running, call)
        keys, token = self._store.page(call, caller, sorted({*candidate, *running}), call.text("type") or "")
        content = {"RuleStackName": stack.name, **kind.list_place(call), "NextToken": token}
        if call.flag("candidate", True):
            content[kind.lists[0]] = _briefs(kind, keys, candidate)
        if call.flag("running", False):
            content[kind.lists[1]] = _briefs(kind, keys, running)
        if call.flag("uncommitted", False):
            content[kind.lists[2]] = [
                kind.change(key, candidate.get(key) or running[key], operation)
                for key in keys
                if (operation := _operation(key, candidate, running))
            ]
        return compact(content)

    def describe(self, kind: Kind, call: Call, caller: Caller) -> Content:
        """One object or rule."""
        stack = self._store.find(call, caller)
        candidate, running = _tables(stack, kind.table(call))
        key = kind.key(call)
        found = {}
        if call.flag("candidate", kind.candidate_default) and key in candidate:
            found["Candidate"] = candidate[key]
        if call.flag("running", kind.running_default) and key in running:
            found["Running"] = running[key]
        if not found:
            raise _missing(kind, key)
        content = {"RuleStackName": stack.name, **kind.place(call, key)}
        return {**content, **{f"{kind.describes}{side}": kind.view(entry) for side, entry in found.items()}}

    def create(self, kind: Kind, call: Call, caller: Caller) -> Content:
        """Add an object or rule to the candidate configuration."""
        stack, candidate = self._store.candidate(call, caller)
        table, key = candidate.tables[kind.table(call)], kind.new_key(call)
        if key in table:
            raise ServiceError("InvalidRequestException", f"{kind.called(key)} already exists")
        table[key] = self._store.stamped(kind.entry(call))
        return _written(kind, stack, call, key, table[key])

    def update(self, kind: Kind, call: Call, caller: Caller) -> Content:
        """Replace an object or rule in the candidate configuration."""
        stack, candidate = self._store.candidate(call, caller)
        table, key = candidate.tables[kind.table(call)], kind.key(call)
        if key in table:
            check_update_token(lookup(kind.document(call), "UpdateToken"), table[key]["UpdateToken"])
        elif kind.created or (kind is CATEGORY_OVERRIDES and key not in self._url_categories):
            raise _missing(kind, key)
        table[key] = self._store.stamped(kind.entry(call))
        return _written(kind, stack, call, key, table[key])

    def delete(self, kind: Kind, call: Call, caller: Caller) -> Content:
        """Remove an object or rule from the candidate configuration; rules that name it fail at the commit."""
        stack, candidate = self._store.candidate(call, caller)
        table, key = candidate.tables[kind.table(call)], kind.key(call)
        if key not in table:
            raise _missing(kind, key)
        check_update_token(lookup(kind.document(call), "UpdateToken"), table[key]["UpdateToken"])
        return _written(kind, stack, call, key, table.pop(key))


def _tables(stack: Rulestack, name: str) -> tuple[Table, Table]:
    candidate, running = stack.candidate, stack.running
    return candidate.tables[name] if candidate else {}, running.tables[name] if running else {}


def _briefs(kind: Kind, keys: Sequence[Any], table: Table) -> list[Any]:
    return [kind.brief(key, table[key]) for key in keys if key in table]


def _operation(key: Any, candidate: Table, running: Table) -> str | None:
    if key not in running:
        return "add"
    if key not in candidate:
        return "delete"
    return None if candidate[key] == running[key] else "update"


def _of_type(feeds: Table, call: Call) -> dict[Any, Entry]:
    return {name: entry for name, entry in feeds.items() if entry["Type"] == call.text("type")}


def _missing(kind: Kind, key: Any) -> ServiceError:
    return ServiceError("ResourceNotFoundException", f"{kind.called(key)} does not exist")


def _written(kind: Kind, stack: Rulestack, call: Call, key: Any, entry: Entry) -> Content:
    return {"RuleStackName": stack.name, **kind.place(call, key), kind.entry_key: kind.view(entry)}
