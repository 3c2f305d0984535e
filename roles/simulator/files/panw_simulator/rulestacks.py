# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read operations for rulestacks and everything inside them.

Scope: a rulestack-admin token has access to the local rulestacks of its account, a global token to the global ones, a
firewall token to both. Objects outside the scope do not exist for the token.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from xml.sax.saxutils import quoteattr

from .envelope import ServiceError
from .pagination import Pager
from .routing import READERS, Call, Caller, Content, Route
from .rulestack_views import COLLECTIONS, Collection, compact, rule, rulestack_entry, tag_list
from .tokens import AdminRole

BASE = "/v1/config/rulestacks"
ONE = BASE + "/{rulestackname}"
RULESTACK_ADMINS = frozenset({AdminRole.RULESTACK, AdminRole.GLOBAL_RULESTACK})
LOCAL_ADMIN = frozenset({AdminRole.RULESTACK})
RULE_LISTS = ("LocalRule", "PreRule", "PostRule")
PAGE = 1024

Objects = Mapping[Any, Any]


class Rulestacks:
    """Handlers of the rulestack routes over the seed's rulestacks."""

    def __init__(self, stacks: Sequence[Mapping[str, Any]], pager: Pager) -> None:
        self._stacks = sorted(stacks, key=lambda stack: str(stack["name"]))
        self._pager = pager

    def routes(self) -> list[Route]:
        """The routes with their handlers."""
        routes = [
            Route("GET", BASE, self.list, roles=READERS),
            Route("GET", ONE, self.describe, roles=READERS),
            Route("GET", f"{ONE}/commit", self.commit_status, roles=READERS),
            Route("GET", f"{ONE}/tags", self.tags, roles=RULESTACK_ADMINS),
            Route("GET", f"{ONE}/export", self.export, roles=READERS),
            Route("GET", f"{ONE}/rulelists/{{rulelistname}}", self.list_rules, roles=READERS),
            Route(
                "GET", f"{ONE}/rulelists/{{rulelistname}}/priorities/{{priority}}", self.describe_rule, roles=READERS
            ),
        ]
        for kind in COLLECTIONS:
            roles = LOCAL_ADMIN if kind.key == "url_category_overrides" else READERS
            path = f"{ONE}/{kind.segment}"
            routes.append(Route("GET", path, partial(self.list_objects, kind), roles=roles))
            routes.append(Route("GET", f"{path}/{{{kind.variable}}}", partial(self.describe_object, kind), roles=roles))
        return routes

    def list(self, call: Call, caller: Caller) -> Content:
        """Names of rulestacks, filtered by scope and tag."""
        scope = (call.text("scope") or "All").capitalize()
        if scope not in ("All", "Local", "Global"):
            raise ServiceError("InvalidRequestException", "invalid request: Scope must be Global, Local or All")
        stacks = [stack for stack in self._visible(caller) if scope in ("All", stack["scope"]) and _tagged(stack, call)]
        filters = f"{scope}/{call.text('tagkey')}/{call.text('tagvalue')}"
        page, token = self._page(call, caller, stacks, filters)
        content: dict[str, Any] = {}
        if call.flag("candidate", True):
            content["RuleStackCandidate"] = [stack["name"] for stack in page]
        if call.flag("running", False):
            content["RuleStackRunning"] = [stack["name"] for stack in page if stack["running"] != "none"]
        if call.flag("uncommitted", False):
            content["RuleStackUncommitted"] = [
                {"RuleStackName": stack["name"], "Operation": "add" if stack["running"] == "none" else "update"}
                for stack in page
                if _state(stack) == "Uncommitted"
            ]
        if call.flag("describe", False):
            content.update(_descriptions(page, content))
        return compact({**content, "NextToken": token})

    def describe(self, call: Call, caller: Caller) -> Content:
        """One rulestack, with tags in both fields that clients read."""
        stack = self._stack(call, caller)
        call.integer("maxresults", 100, 1, 100)
        running = _running(stack)
        content: dict[str, Any] = {"RuleStackName": stack["name"]}
        if call.flag("candidate", True):
            content["RuleStackCandidate"] = rulestack_entry(stack, stack["candidate"])
        if call.flag("running", False) and running is not None:
            content["RuleStackRunning"] = rulestack_entry(stack, running)
        return {**content, "RuleStackState": _state(stack), "Tags": tag_list(stack["tags"])}

    def commit_status(self, call: Call, caller: Caller) -> Content:
        """State of the last commit and validation."""
        stack = self._stack(call, caller)
        commit = stack["commit"]
        return {
            "RuleStackName": stack["name"],
            "CommitStatus": commit["commit_status"],
            "ValidateStatus": commit["validate_status"],
            "CommitMessages": commit["commit_messages"],
            "ValidateMessages": commit["validate_messages"],
        }

    def tags(self, call: Call, caller: Caller) -> Content:
        """Tags; the name of the rulestack under both keys that clients read."""
        stack = self._stack(call, caller)
        page, token = self._page(call, caller, tag_list(stack["tags"]))
        name = stack["name"]
        return compact({"RuleStackName": name, "ResourceName": name, "Tags": [*page], "NextToken": token})

    def export(self, call: Call, caller: Caller) -> Content:
        """A small XML document; the real format is not public."""
        stack = self._stack(call, caller)
        wants_running = call.flag("running", False)
        configuration = _running(stack) if wants_running else stack["candidate"]
        rules = [
            f'<entry list="{name}" priority="{entry["priority"]}" name={quoteattr(entry["name"])}/>'
            for name in RULE_LISTS
            for entry in (configuration or {"rules": {}})["rules"].get(name, [])
        ]
        return f"<rulestack name={quoteattr(stack['name'])}><rules>{''.join(rules)}</rules></rulestack>"

    def list_rules(self, call: Call, caller: Caller) -> Content:
        """Priorities and names of the rules of one list."""
        stack = self._stack(call, caller)
        name = _rule_list(call)
        candidate, running = _rules(stack["candidate"], name), _rules(_running(stack), name)
        priorities, token = self._page(call, caller, sorted({*candidate, *running}))
        content = {"RuleStackName": stack["name"], "RuleListName": name, "NextToken": token}
        if call.flag("candidate", True):
            content["RuleEntryCandidate"] = [_brief(candidate[key]) for key in priorities if key in candidate]
        if call.flag("running", False):
            content["RuleEntryRunning"] = [_brief(running[key]) for key in priorities if key in running]
        if call.flag("uncommitted", False):
            content["RuleEntryUncommitted"] = [
                {**_brief(candidate.get(key) or running[key]), "Operation": operation}
                for key in priorities
                if (operation := _operation(key, candidate, running))
            ]
        return compact(content)

    def describe_rule(self, call: Call, caller: Caller) -> Content:
        """One rule by its priority."""
        stack = self._stack(call, caller)
        name, text = _rule_list(call), call.path["priority"]
        candidate, running = _rules(stack["candidate"], name), _rules(_running(stack), name)
        if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 1_000_000:
            raise ServiceError("InvalidRequestException", "invalid request: priority must be from 1 to 1000000")
        content = {"RuleStackName": stack["name"], "RuleListName": name, "Priority": int(text)}
        found = _chosen(call, int(text), candidate, running, True, False)
        if not found:
            raise ServiceError("ResourceNotFoundException", f"rule with priority {text} does not exist")
        return {**content, **{f"RuleEntry{side}": rule(value) for side, value in found.items()}}

    def list_objects(self, kind: Collection, call: Call, caller: Caller) -> Content:
        """Names of the objects of one kind."""
        stack = self._stack(call, caller)
        candidate, running = stack["candidate"][kind.key], (_running(stack) or {}).get(kind.key, {})
        if kind.key == "feeds" and call.text("type"):
            candidate, running = _of_type(candidate, call), _of_type(running, call)
        names, token = self._page(call, caller, sorted({*candidate, *running}), call.text("type") or "")
        content = {"RuleStackName": stack["name"], "NextToken": token}
        if call.flag("candidate", True):
            content[kind.lists[0]] = [name for name in names if name in candidate]
        if call.flag("running", False):
            content[kind.lists[1]] = [name for name in names if name in running]
        if call.flag("uncommitted", False):
            content[kind.lists[2]] = [
                {"Name": name, kind.operation_field: operation}
                for name in names
                if (operation := _operation(name, candidate, running))
            ]
        return compact(content)

    def describe_object(self, kind: Collection, call: Call, caller: Caller) -> Content:
        """One object by its name."""
        stack = self._stack(call, caller)
        name = call.path[kind.variable]
        candidate, running = stack["candidate"][kind.key], (_running(stack) or {}).get(kind.key, {})
        found = _chosen(call, name, candidate, running, kind.candidate_default, kind.running_default)
        if not found:
            raise ServiceError("ResourceNotFoundException", f'{kind.kind} "{name}" does not exist')
        content = {"RuleStackName": stack["name"], kind.name_field: name}
        return {**content, **{f"{kind.describes}{side}": kind.view(value) for side, value in found.items()}}

    def _visible(self, caller: Caller) -> Sequence[Mapping[str, Any]]:
        role = caller.token.admin_role if caller.token else None
        scopes = {AdminRole.RULESTACK: ("Local",), AdminRole.GLOBAL_RULESTACK: ("Global",)}.get(
            role or AdminRole.FIREWALL, ("Local", "Global")
        )
        return [
            stack
            for stack in self._stacks
            if stack["scope"] in scopes and (stack["scope"] == "Global" or stack["account_id"] == caller.account_id)
        ]

    def _stack(self, call: Call, caller: Caller) -> Mapping[str, Any]:
        name = call.path["rulestackname"]
        for stack in self._visible(caller):
            if stack["name"] == name:
                return stack
        raise ServiceError("ResourceNotFoundException", f'rulestack "{name}" does not exist')

    def _page(
        self, call: Call, caller: Caller, items: Sequence[Any], filters: str = ""
    ) -> tuple[Sequence[Any], str | None]:
        role = caller.token.admin_role.value if caller.token else ""
        listing = f"{caller.account_id}/{role}/{call.place.region}/{'/'.join(call.place.segments)}?{filters}"
        size = call.integer("maxresults", PAGE, 1, PAGE)
        return self._pager.cut(items, listing, call.text("nexttoken"), size)


def _running(stack: Mapping[str, Any]) -> Mapping[str, Any] | None:
    running = stack["running"]
    if running == "none":
        return None
    configuration: Mapping[str, Any] = stack["candidate"] if running == "same" else running
    return configuration


def _state(stack: Mapping[str, Any]) -> str:
    return "Running" if _running(stack) == stack["candidate"] else "Uncommitted"


def _descriptions(page: Sequence[Mapping[str, Any]], listed: Mapping[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for side in ("Candidate", "Running"):
        if f"RuleStack{side}" not in listed:
            continue
        entries = []
        for stack in page:
            configuration = stack["candidate"] if side == "Candidate" else _running(stack)
            if configuration is not None:
                entry = rulestack_entry(stack, configuration)
                entries.append({"RuleStackName": stack["name"], "RuleStackState": _state(stack), "RuleStack": entry})
        content[f"RuleStack{side}Describe"] = entries
    return content


def _tagged(stack: Mapping[str, Any], call: Call) -> bool:
    key, value = call.text("tagkey"), call.text("tagvalue")
    tags = stack["tags"]
    if key is None:
        return value is None or value in tags.values()
    return key in tags and value in (None, tags[key])


def _rule_list(call: Call) -> str:
    name = call.path["rulelistname"]
    if name not in RULE_LISTS:
        raise ServiceError(
            "InvalidRequestException", f"invalid request: rule list must be one of {', '.join(RULE_LISTS)}"
        )
    return name


def _rules(configuration: Mapping[str, Any] | None, name: str) -> dict[int, Any]:
    return {entry["priority"]: entry for entry in configuration["rules"][name]} if configuration else {}


def _brief(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"Priority": entry["priority"], "RuleName": entry["name"]}


def _operation(key: Any, candidate: Objects, running: Objects) -> str | None:
    if key not in running:
        return "add"
    if key not in candidate:
        return "delete"
    return None if candidate[key] == running[key] else "update"


def _chosen(
    call: Call, key: Any, candidate: Objects, running: Objects, candidate_default: bool, running_default: bool
) -> dict[str, Any]:
    found = {}
    if call.flag("candidate", candidate_default) and key in candidate:
        found["Candidate"] = candidate[key]
    if call.flag("running", running_default) and key in running:
        found["Running"] = running[key]
    return found


def _of_type(feeds: Objects, call: Call) -> dict[Any, Any]:
    return {name: value for name, value in feeds.items() if value["type"] == call.text("type")}
