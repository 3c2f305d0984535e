# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations on whole rulestacks."""

from __future__ import annotations

import base64
import binascii
import gzip
import zlib
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from ..documents import check_update_token, compact, lookup, tag_list
from ..envelope import ServiceError, not_authorized
from ..routing import READERS, Call, Caller, Content, Route
from ..tokens import AdminRole
from .bodies import NAME, RULESTACK, RULESTACK_XML
from .fields import text
from .kinds import RULE_LISTS, RULESTACK_ADMINS
from .model import Configuration, Rulestack
from .object_api import ONE
from .store import RulestackStore, exists_for, missing

BASE = "/v1/config/rulestacks"
STACK_NAME = text(NAME, 128)


class RulestackApi:
    """Handlers of the routes of rulestacks."""

    def __init__(self, store: RulestackStore) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """The routes with their handlers."""
        return [
            Route("GET", BASE, self.list, roles=READERS),
            Route("POST", BASE, self.create, roles=RULESTACK_ADMINS),
            Route("GET", ONE, self.describe, roles=READERS),
            Route("PUT", ONE, self.update, roles=RULESTACK_ADMINS),
            Route("DELETE", ONE, self.delete, roles=RULESTACK_ADMINS),
            Route("GET", f"{ONE}/export", self.export, roles=READERS),
            Route("POST", f"{ONE}/xml", self.save_xml, roles=RULESTACK_ADMINS),
            Route("POST", f"{ONE}/scm", self.save_xml, roles=RULESTACK_ADMINS),
        ]

    def list(self, call: Call, caller: Caller) -> Content:
        """Names of rulestacks, filtered by scope and tag."""
        scope = (call.text("scope") or "All").capitalize()
        if scope not in ("All", "Local", "Global"):
            raise ServiceError("InvalidRequestException", "invalid request: Scope must be Global, Local or All")
        stacks = [s for s in self._store.visible(caller) if scope in ("All", s.scope) and _tagged(s, call)]
        filters = f"{scope}/{call.text('tagkey')}/{call.text('tagvalue')}"
        page, token = self._store.page(call, caller, stacks, filters)
        content: dict[str, Any] = {}
        if call.flag("candidate", True):
            content["RuleStackCandidate"] = [stack.name for stack in page if stack.candidate]
        if call.flag("running", False):
            content["RuleStackRunning"] = [stack.name for stack in page if stack.running]
        if call.flag("uncommitted", False):
            content["RuleStackUncommitted"] = [
                {"RuleStackName": stack.name, "Operation": operation}
                for stack in page
                if (operation := stack.operation())
            ]
        if call.flag("describe", False):
            content.update(_descriptions(page, content))
        return compact({**content, "NextToken": token})

    def describe(self, call: Call, caller: Caller) -> Content:
        """One rulestack, with tags in both fields that clients read."""
        stack = self._store.find(call, caller)
        call.integer("maxresults", 100, 1, 100)
        content: dict[str, Any] = {"RuleStackName": stack.name}
        wants_running = call.flag("running", False)
        if call.flag("candidate", True) and stack.candidate:
            content["RuleStackCandidate"] = _entry(stack, stack.candidate)
        elif stack.candidate is None and not wants_running:
            raise missing(stack.name)
        if wants_running and stack.running:
            content["RuleStackRunning"] = _entry(stack, stack.running)
        return {**content, "RuleStackState": stack.state, "Tags": tag_list(stack.tags)}

    def create(self, call: Call, caller: Caller) -> Content:
        """Create a rulestack without a running configuration."""
        name = lookup(call.document, "RuleStackName")
        if name is None:
            raise ServiceError("InvalidRequestException", "invalid request: RuleStackName is required")
        sent = _sent_entry(call)
        stack = self._created(STACK_NAME(name, "RuleStackName"), sent, caller)
        return _written(stack, stack.candidate)

    def update(self, call: Call, caller: Caller) -> Content:
        """Replace the entry of a rulestack; objects, rules and, unless they are sent, tags stay."""
        stack, candidate = self._store.candidate(call, caller)
        check_update_token(lookup(_sent(call), "UpdateToken"), candidate.entry["UpdateToken"])
        entry = _sent_entry(call)
        for field, value in (("Scope", stack.scope), ("AccountId", stack.account_id)):
            if entry.pop(field, value) != value:
                raise ServiceError("InvalidRequestException", f"invalid request: {field} cannot be changed")
        tags = entry.pop("Tags", None)
        if tags is not None:
            stack.tags = {tag["Key"]: tag["Value"] for tag in tags}
        candidate.entry = self._store.stamped(entry)
        return _written(stack, candidate)

    def delete(self, call: Call, caller: Caller) -> Content:
        """Delete a rulestack: one that was never committed at once, any other at the next commit."""
        stack, candidate = self._store.candidate(call, caller)
        firewalls = self._store.associated(stack.name)
        if firewalls:
            used = f'rulestack "{stack.name}" is associated with the firewall {", ".join(firewalls)}'
            raise ServiceError("InvalidOperationException", used)
        check_update_token(lookup(call.document, "UpdateToken"), candidate.entry["UpdateToken"])
        stack.candidate = None
        if stack.running is None:
            del self._store.rulestacks[stack.name]
        return _written(stack, candidate)

    def export(self, call: Call, caller: Caller) -> Content:
        """The XML document that was saved, or a small one: the real format is not public."""
        stack = self._store.find(call, caller)
        configuration = stack.running if call.flag("running", False) else stack.candidate
        if configuration and configuration.xml is not None:
            return configuration.xml
        rules = [
            f'<entry list="{name}" priority="{priority}" name={quoteattr(rule["RuleName"])}/>'
            for name in RULE_LISTS
            for priority, rule in (sorted(configuration.tables[name].items()) if configuration else ())
        ]
        return f"<rulestack name={quoteattr(stack.name)}><rules>{''.join(rules)}</rules></rulestack>"

    def save_xml(self, call: Call, caller: Caller) -> Content:
        """Save the XML document of Panorama or Strata Cloud Manager in the candidate; creates the rulestack if needed."""
        sent = lookup(call.document, "RuleStackEntryXml")
        document = _decoded(RULESTACK_XML.parse(sent if isinstance(sent, dict) else {}, "RuleStackEntryXml")["Xml"])
        name = call.path["rulestackname"]
        if name not in self._store.rulestacks:
            self._created(STACK_NAME(name, "RuleStackName"), RULESTACK.parse({}), caller)
        stack, candidate = self._store.candidate(call, caller)
        candidate.xml = document
        candidate.entry = self._store.stamped(candidate.entry)
        return {"RuleStackName": stack.name}

    def _created(self, name: str, entry: dict[str, Any], caller: Caller) -> Rulestack:
        """Add a rulestack to the store. Without a Scope it has that of the token's admin role."""
        own = "Global" if caller.admin_role is AdminRole.GLOBAL_RULESTACK else "Local"
        if entry.pop("Scope", own) != own:
            raise not_authorized()
        account = entry.pop("AccountId", caller.account_id)
        if own == "Local" and account != caller.account_id:
            raise ServiceError("AccessDeniedException", f"AccountId of a local rulestack must be {caller.account_id}")
        old = self._store.rulestacks.get(name)
        if old and (old.candidate or not exists_for(old, caller)):
            raise ServiceError("InvalidRequestException", f'rulestack "{name}" already exists')
        tags = {tag["Key"]: tag["Value"] for tag in entry.pop("Tags", [])}
        candidate = Configuration(self._store.stamped(entry))
        if old:
            old.candidate, old.tags = candidate, tags
            return old
        self._check_limit(own, account)
        self._store.rulestacks[name] = Rulestack(name, own, account, tags, candidate)
        return self._store.rulestacks[name]

    def _check_limit(self, scope: str, account: str) -> None:
        limit = self._store.settings.max_unassociated
        unused = [
            stack
            for stack in self._store.rulestacks.values()
            if (stack.scope, stack.account_id) == (scope, account) and not self._store.associated(stack.name)
        ]
        if len(unused) >= limit:
            what = f"{limit} {scope.lower()} rulestacks without a firewall"
            raise ServiceError("LimitExceededException", f"the account {account} already has {what}, the maximum")


def _sent(call: Call) -> Mapping[str, Any]:
    entry = lookup(call.document, "RuleStackEntry")
    if entry is not None and not isinstance(entry, dict):
        raise ServiceError("InvalidRequestException", "invalid request: RuleStackEntry must be an object")
    return entry or {}


def _sent_entry(call: Call) -> dict[str, Any]:
    sent = {key: value for key, value in _sent(call).items() if key.lower() != "updatetoken"}
    return RULESTACK.parse(sent, "RuleStackEntry")


def _entry(stack: Rulestack, configuration: Configuration) -> dict[str, Any]:
    owner = {"AccountId": stack.account_id, "Scope": stack.scope}
    return {**owner, **configuration.entry, "Tags": tag_list(stack.tags)}


def _written(stack: Rulestack, configuration: Configuration | None) -> Content:
    return {"RuleStackName": stack.name, "RuleStackEntry": _entry(stack, configuration) if configuration else None}


def _descriptions(page: Sequence[Rulestack], listed: Mapping[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for side in ("Candidate", "Running"):
        if f"RuleStack{side}" in listed:
            content[f"RuleStack{side}Describe"] = [
                {"RuleStackName": stack.name, "RuleStackState": stack.state, "RuleStack": _entry(stack, configuration)}
                for stack in page
                if (configuration := stack.candidate if side == "Candidate" else stack.running)
            ]
    return content


def _tagged(stack: Rulestack, call: Call) -> bool:
    key, value = call.text("tagkey"), call.text("tagvalue")
    if key is None:
        return value is None or value in stack.tags.values()
    return key in stack.tags and value in (None, stack.tags[key])


def _decoded(xml: str) -> str:
    """The text of a document that is sent as base64 of gzip."""
    try:
        return gzip.decompress(base64.b64decode(xml, validate=True)).decode()
    except (binascii.Error, OSError, EOFError, zlib.error, UnicodeDecodeError):
        expected = "invalid request: RuleStackEntryXml.Xml must be base64 of gzip of UTF-8 text"
        raise ServiceError("InvalidRequestException", expected) from None
