# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rulestack API in memory: JSON entries by path, update tokens, references, commits, and faults that a test schedules."""

from __future__ import annotations

import copy
import itertools
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Union
from urllib.parse import unquote, urlsplit

import requests
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.client import ResourceClient
from ansible_collections.panw.cloud.tests.helpers.fakes import HELD, MISSING_ROUTE, Reply, Server, api, success

BASE = "/v1/config/rulestacks"
# Keys of the answers to a list and to a description, by the path of a list.
KINDS = {
    "": ("RuleStack", "RuleStack"),
    "certificates": ("CertificateObject", "CertificateObject"),
    "prefixlists": ("PrefixList", "PrefixList"),
    "fqdnlists": ("FqdnList", "FqdnList"),
    "feeds": ("Feed", "Feed"),
    "urlcustomcategories": ("Categories", "URLCategory"),
    "urlfilteringprofiles/custom/urlcategories": ("", "URLCategory"),
    "fileblockingprofiles/custom/filetypes": ("FileBlocking", "FileBlocking"),
    **{f"rulelists/{name}": ("RuleEntry", "RuleEntry") for name in ("LocalRule", "PreRule", "PostRule")},
}
REFERENCES = {
    "PrefixLists": "prefixlists",
    "FqdnLists": "fqdnlists",
    "Feeds": "feeds",
    "IntelligentFeeds": "feeds",
    "Certificate": "certificates",
    "OutboundTrustCertificate": "certificates",
    "OutboundUnTrustCertificate": "certificates",
    "InboundInspectionCertificate": "certificates",
}
LOST_BEFORE, LOST_AFTER = "the request is lost", "the answer is lost"
Fault = Union[str, Reply, Callable[[], Any]]  # noqa: UP007 - pylint mistakes the classes for values
"""A lost request or answer, a response instead of any action, or a function that is called before the request is served."""


def refused(reason: str, code: int = 400) -> Reply:
    """A failure in the vendor's envelope."""
    return Reply(200, {"Response": None, "ResponseStatus": {"ErrorCode": code, "Reason": reason}})


STALE = refused("please provide latest token")


class FakeRulestacks:
    """The API. Paths are those below C(/v1/config/rulestacks), such as C(/web/prefixlists/offices).

    :ivar entries: the candidate. :ivar running: what is committed. :ivar tags: of each rulestack.
    :ivar requests: their methods with paths, and their bodies.
    :ivar commit_ends: the statuses that reads after a commit or validation return, the last one for good.
    :ivar unique_rule_names: whether a second rule of one name is refused.
    :ivar missing: paths of lists that the API does not have.
    """

    def __init__(self, entries: Mapping[str, Mapping[str, Any]] | None = None, **options: Any) -> None:
        self.entries: dict[str, dict[str, Any]] = {}
        self.running: dict[str, dict[str, Any]] = {}
        self.tags: dict[str, dict[str, str]] = {}
        self.requests: list[tuple[str, Any]] = []
        self.commit_ends = ["Success"]
        self.messages: list[str] = []
        self.unique_rule_names = False
        self.missing: set[str] = set()
        vars(self).update(options)
        self._tokens = itertools.count(1)
        self._faults: dict[str, list[Fault]] = {}
        self._ends: dict[str, list[str]] = {}
        self._committing: set[str] = set()
        self._lock = threading.RLock()
        self.client = ResourceClient(api(Server(handler=self._send)), HELD)
        for path, entry in (entries or {}).items():
            self.put(path, entry)

    def put(self, path: str, entry: Mapping[str, Any]) -> None:
        """Write an entry as another client does."""
        self.entries[path] = {**copy.deepcopy(dict(entry)), "UpdateToken": str(next(self._tokens))}

    def commit(self, name: str) -> None:
        """Commit a rulestack as another client does."""
        kept = {path: entry for path, entry in self.running.items() if not _within(path, name)}
        self.running = {**kept, **{path: self.entries[path] for path in self._paths(self.entries, name)}}

    def fail(self, call: str, *faults: Fault) -> None:
        """Let the next requests of a method and path fail, each with one fault."""
        self._faults.setdefault(call, []).extend(faults)

    @property
    def calls(self) -> list[str]:
        """The methods and paths of all requests."""
        return [call for call, _body in self.requests]

    @property
    def writes(self) -> list[str]:
        """Those of the requests that are no reads."""
        return [call for call in self.calls if not call.startswith("GET ")]

    def sent(self, call: str) -> Any:
        """The body of the last request of a method and path."""
        return next(body for one, body in reversed(self.requests) if one == call)

    def respond(self, method: str, target: str, body: bytes | None) -> Reply | BaseException:
        """Serve a request."""
        path = unquote(urlsplit(target).path.partition(BASE)[2])
        call = f"{method} {path}"
        with self._lock:
            self.requests.append((call, json.loads(body or b"{}")))
            waiting = self._faults.get(call) or [None]
            fault = waiting.pop(0)
        lost = requests.exceptions.ConnectionError("reset")
        if isinstance(fault, Reply) or fault == LOST_BEFORE:
            return fault if isinstance(fault, Reply) else lost
        if callable(fault):
            fault()
        with self._lock:
            reply = self._act(method, path, json.loads(body or b"{}"))
        return lost if fault == LOST_AFTER else reply

    def _send(self, request: requests.PreparedRequest) -> Reply | BaseException:
        body = request.body
        return self.respond(
            request.method or "", request.path_url, body if isinstance(body, bytes) else (body or "").encode()
        )

    def _act(self, method: str, path: str, body: dict[str, Any]) -> Reply:
        name, _slash, below = path.removeprefix("/").partition("/")
        verbs = {"commit": self._commit, "validate": self._validate, "revert": self._revert, "tags": self._tags}
        if below in verbs:
            return verbs[below](method, name, body)
        if below in KINDS and (not name or below):
            if method != "GET":
                return self._create(path, body)
            return MISSING_ROUTE if below in self.missing else self._list(path, below)
        path = path.removesuffix("/action")
        if method == "GET":
            return self._describe(path)
        return self._delete(path) if method == "DELETE" else self._update(path, body)

    def _list(self, path: str, below: str) -> Reply:
        prefix = KINDS[below][0]
        candidate, running = ({one: two for one, two in side.items() if _list_of(one) == path} for side in self._sides)
        changes = [
            {"Operation": "add" if one not in running else "delete" if one not in candidate else "update", **brief}
            for one, entry in {**running, **candidate}.items()
            if candidate.get(one) != running.get(one)
            for brief in [_brief(one, entry, in_objects=True)]
        ]
        return success(
            {
                f"{prefix}Candidate": [_brief(one, entry) for one, entry in candidate.items()],
                f"{prefix}Running": [_brief(one, entry) for one, entry in running.items()],
                f"{prefix or 'Categories'}Uncommitted": changes,
            }
        )

    def _describe(self, path: str) -> Reply:
        candidate, running = (side.get(path) for side in self._sides)
        if candidate is None and running is None:
            return _absent(path)
        prefix = KINDS[_kind(path)][1]
        name = path.split("/")[1]
        pending = any(
            self.entries.get(one) != self.running.get(one) for side in self._sides for one in self._paths(side, name)
        )
        answer = {f"{prefix}Candidate": candidate, f"{prefix}Running": running}
        return success({**answer, "RuleStackState": "Uncommitted" if pending else "Running"})

    def _create(self, place: str, body: dict[str, Any]) -> Reply:
        names = {key: body.pop(key) for key in ("RuleStackName", "Name", "Priority") if key in body}
        middle = "/priorities" if "Priority" in names else ""
        path = f"{place}{middle}/{next(iter(names.values()))}"
        entry = next((body[key] for key in ("RuleStackEntry", "RuleEntry") if key in body), body)
        if place and f"/{place.split('/')[1]}" not in self.entries:
            return _absent(place)
        namesakes = [
            one for one in self.entries if _list_of(one) == place and self._named(one) == entry.get("RuleName")
        ]
        if path in self.entries or (middle and self.unique_rule_names and namesakes):
            return refused(f"{path} already exists")
        return self._store(path, entry)

    def _update(self, path: str, body: dict[str, Any]) -> Reply:
        entry = next((body[key] for key in ("RuleStackEntry", "RuleEntry") if key in body), body)
        old = self.entries.get(path)
        if old is None and "custom/" not in path:
            return _absent(path)
        token = entry.pop("UpdateToken", None)
        return STALE if old and token not in (None, old["UpdateToken"]) else self._store(path, entry)

    def _store(self, path: str, entry: dict[str, Any]) -> Reply:
        root = f"/{path.split('/')[1]}"
        for segment, name in _references(entry):
            if f"{root}/{segment}/{name}" not in self.entries:
                return refused(f"invalid request: {segment} {name} is unknown")
        if "/" not in path[1:]:
            self.tags.setdefault(path[1:], {})
        self.put(path, entry)
        return success({})

    def _delete(self, path: str) -> Reply:
        root, below = f"/{path.split('/')[1]}", _kind(path)
        if path not in self.entries:
            return _absent(path)
        users = [one for one in self._paths(self.entries, root[1:]) if one != path]
        if any((below, path.rpartition("/")[2]) in _references(self.entries[one]) for one in users):
            return refused("invalid request: the object is still in use")
        for one in users if path == root else ():
            del self.entries[one]
        del self.entries[path]
        return success({})

    def _commit(self, method: str, name: str, body: dict[str, Any]) -> Reply:
        if not any(self._paths(side, name) for side in self._sides):
            return _absent(name)
        if method == "POST":
            self._committing.add(name)
            return self._validate(method, name, body)
        waiting = self._ends.get(name) or ["Success"]
        status = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if status == "Success" and name in self._committing:
            self._committing.discard(name)
            self.commit(name)
        if not any(self._paths(side, name) for side in self._sides):
            return _absent(name)
        return success(
            {
                **dict.fromkeys(("CommitStatus", "ValidateStatus"), status),
                **dict.fromkeys(("CommitMessages", "ValidateMessages"), self.messages),
            }
        )

    def _validate(self, method: str, name: str, body: dict[str, Any]) -> Reply:
        self._ends[name] = list(self.commit_ends)
        return success({})

    def _revert(self, method: str, name: str, body: dict[str, Any]) -> Reply:
        for path in self._paths(self.entries, name):
            del self.entries[path]
        self.entries.update({path: self.running[path] for path in self._paths(self.running, name)})
        return success({})

    def _tags(self, method: str, name: str, body: dict[str, Any]) -> Reply:
        tags = self.tags.setdefault(name, {})
        tags.update({tag["Key"]: tag["Value"] for tag in body.get("Tags", ())})
        for key in body.get("TagKeys", ()):
            tags.pop(key)
        return success({"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]})

    @property
    def _sides(self) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
        return self.entries, self.running

    def _named(self, path: str) -> Any:
        return self.entries[path].get("RuleName")

    def _paths(self, side: Mapping[str, Any], name: str) -> list[str]:
        return [path for path in side if _within(path, name)]


def _within(path: str, name: str) -> bool:
    return f"{path}/".startswith(f"/{name}/")


def _list_of(path: str) -> str:
    return re.sub(r"(/priorities)?/[^/]*$", "", path)


def _kind(path: str) -> str:
    return _list_of(path).removeprefix("/").partition("/")[2]


def _brief(path: str, entry: Mapping[str, Any], *, in_objects: bool = False) -> Any:
    last = path.rpartition("/")[2]
    if "/priorities/" in path:
        return {"Priority": int(last), "RuleName": entry["RuleName"]}
    return {"Name": last} if in_objects else last


def _absent(what: str) -> Reply:
    return refused(f"{what} does not exist", 404)


def _references(entry: Any) -> Iterator[tuple[str, str]]:
    """The objects that an entry refers to, as path of their list and name."""
    for key, value in entry.items() if isinstance(entry, Mapping) else ():
        if isinstance(value, Mapping):
            yield from _references(value)
        elif key in REFERENCES and value:
            yield from ((REFERENCES[key], name) for name in (value if isinstance(value, list) else [value]))
