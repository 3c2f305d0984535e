# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Firewalls of both versions in memory: what the modules for a part of a firewall read and write, and faults that a test schedules."""

from __future__ import annotations

import copy
import itertools
import json
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import requests
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.client import FirewallClient
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.versions import V1, V1_ON_V2, V2
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import (
    LOST_BEFORE,
    STALE,
    FakeRulestacks,
    Fault,
    refused,
)
from ansible_collections.panw.cloud.tests.helpers.fakes import HELD, MISSING_ROUTE, Reply, Server, api, success
from ansible_collections.panw.cloud.tests.helpers.run_module import Cloud
from ansible_collections.panw.cloud.tests.helpers.servers import Peer, Received, answering

V2_BASE, SDK_BASE, V1_BASE = "/v2/ngfirewalls", "/v2/config/ngfirewalls", "/v1/config/ngfirewalls"
ACCOUNT = "123456789012"
_NAMES = {"rulestack": ("RuleStackName", "RuleStack"), "globalrulestack": ("GlobalRuleStackName", "GlobalRuleStack")}


def status(
    rulestack: str, time: str = "", *messages: str, scope: str = "", device: str | None = None
) -> dict[str, Any]:
    """The status of a commit. :param scope: C(Global) for a global rulestack."""
    info = {"CommitTS": time, "CommitMessages": list(messages)}
    own = {f"{scope}RuleStackStatus": rulestack, f"{scope}RuleStackCommitInfo": info}
    return {**own, "DeviceRuleStackCommitStatus": rulestack if device is None else device}


class FakeFirewalls:
    """The API.

    :ivar entries: by name, each with C(Firewall), C(Status) and the log profile. :ivar requests: their methods with paths, and their bodies.
    :ivar ends: the statuses after an association: one at once, one more with each read, the last one for good.
    :ivar base: the path that the API has. :ivar methods: the methods that it has for associations and log profiles of version 1.
    :ivar merges: whether keys of a log profile that are not sent stay. :ivar ignored: keys of it that no request changes.
    :ivar global_names: the rulestacks that are global.
    """

    def __init__(self, **options: Any) -> None:
        self.entries: dict[str, dict[str, Any]] = {}
        self.requests: list[tuple[str, Any]] = []
        self.queries: list[dict[str, list[str]]] = []
        self.ends: list[dict[str, Any]] = []
        self.base = V2_BASE
        self.methods: tuple[str, ...] = ("PUT", "DELETE")
        self.merges = True
        self.ignored: tuple[str, ...] = ()
        self.global_names: tuple[str, ...] = ()
        vars(self).update(options)
        self._faults: dict[str, list[Fault]] = {}
        self._tokens = itertools.count(1)
        self._waiting: list[dict[str, Any]] = []
        self._lock = threading.RLock()

    def add(self, name: str, profile: Mapping[str, Any] | None = None, *, version: int = 2, **firewall: Any) -> None:
        """A firewall, as another client makes it."""
        own = {"FirewallId": f"fw-{name}", "Tags": [{"Key": "FirewallName", "Value": name}]}
        if version == 1:
            own = {"FirewallName": name, "AccountId": ACCOUNT}
        self.entries[name] = {
            "Firewall": {**own, **firewall},
            "Status": {"FirewallStatus": "CREATE_COMPLETE"},
            "profile": dict(profile or {}),
        }
        self.touch(name)

    def touch(self, name: str) -> None:
        """Give a firewall a new update token, as a write of another client does."""
        self.entries[name]["Firewall"]["UpdateToken"] = str(next(self._tokens))

    def fail(self, call: str, *faults: Fault) -> None:
        """Let the next requests of a method and path fail, each with one fault."""
        self._faults.setdefault(call, []).extend(faults)

    def client(self, number: int = 2) -> FirewallClient:
        """A client of a version."""
        version = V2 if number == 2 else V1 if self.base == V1_BASE else V1_ON_V2

        def send(request: requests.PreparedRequest) -> Reply | BaseException:
            body = request.body
            return self.respond(
                request.method or "", request.path_url, body if isinstance(body, bytes) else (body or "").encode()
            )

        return FirewallClient(api(Server(handler=send)), HELD, version)

    @property
    def calls(self) -> list[str]:
        """The methods and paths of all requests."""
        return [call for call, _body in self.requests]

    @property
    def writes(self) -> list[tuple[str, Any]]:
        """Those of the requests that are no reads and that the API has, with their bodies."""
        return [one for one in self.requests if not one[0].startswith("GET ")]

    def respond(self, method: str, target: str, body: bytes | None) -> Reply | BaseException:
        """Serve a request."""
        parts = urlsplit(target)
        path, query = unquote(parts.path), parse_qs(parts.query)
        found = next((base for base in (SDK_BASE, V2_BASE, V1_BASE) if base in path), "")
        if found != self.base:
            return MISSING_ROUTE
        below = path.partition(found)[2].strip("/")
        name, _slash, part = below.partition("/")
        if method not in ("GET", *(self.methods if self._version(name) == 1 else ("POST", "DELETE"))):
            return MISSING_ROUTE
        call, content = f"{method} /{below}", json.loads(body or b"{}")
        with self._lock:
            self.requests.append((call, content))
            self.queries.append(query)
            fault = (self._faults.get(call) or [None]).pop(0)
            lost = requests.exceptions.ConnectionError("reset")
            if isinstance(fault, Reply) or fault == LOST_BEFORE:
                return fault if isinstance(fault, Reply) else lost
            if callable(fault):
                fault()
            reply = self._act(method, name, part, content, "v1route" in query or self.base == V1_BASE)
        return lost if isinstance(fault, str) else reply

    def _version(self, key: str) -> int:
        return 1 if "FirewallName" in self.entries.get(key, {}).get("Firewall", {}) else 2

    def _act(self, method: str, key: str, part: str, body: dict[str, Any], v1: bool) -> Reply:
        if not key:
            every = [entry for name, entry in self.entries.items() if self._version(name) == 2 and not v1]
            return success({"FirewallsDescribe": [self._shown(entry) for entry in every]})
        name = key if v1 else key.removeprefix("fw-")
        entry = self.entries.get(name)
        if entry is None or self._version(name) != (1 if v1 else 2):
            return refused(f"firewall {key} does not exist", 404)
        if method == "GET":
            if part == "logprofile":
                token = {} if v1 else {"UpdateToken": entry["Firewall"]["UpdateToken"]}
                return success({**copy.deepcopy(entry["profile"]), **token})
            self._advance(entry)
            return success(self._shown(entry))
        if not v1 and body.pop("UpdateToken", "") != entry["Firewall"]["UpdateToken"]:
            return STALE
        self.touch(name)
        return self._write_profile(entry, body) if part == "logprofile" else self._associate(method, entry, part, body)

    def _write_profile(self, entry: dict[str, Any], body: dict[str, Any]) -> Reply:
        old = entry["profile"]
        kept = old if self.merges else {}
        entry["profile"] = {**kept, **body, **{key: old[key] for key in self.ignored if key in old}}
        return success({})

    def _associate(self, method: str, entry: dict[str, Any], part: str, body: dict[str, Any]) -> Reply:
        named = str(body.get("RuleStackName", ""))
        key = _NAMES["globalrulestack" if named in self.global_names else part][0]
        if method != "DELETE":
            entry["Firewall"][key] = named
            self._waiting = list(self.ends)
            self._advance(entry)
        elif entry["Firewall"].get(key) in (named, *([] if named else [entry["Firewall"].get(key)])):
            entry["Firewall"].pop(key, None)
        else:
            return refused("could not find an associated rulestack")
        return success({})

    def _advance(self, entry: dict[str, Any]) -> None:
        if self._waiting:
            entry["Status"].update(self._waiting[0])
            del self._waiting[: 1 if len(self._waiting) > 1 else 0]

    def _shown(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        return copy.deepcopy({key: entry[key] for key in ("Firewall", "Status")})


class FirewallCloud(Cloud):
    """STS and Cloud NGFW with firewalls and rulestacks."""

    def __init__(self, firewalls: FakeFirewalls, rulestacks: FakeRulestacks | None = None) -> None:
        self._firewalls = firewalls
        super().__init__(rulestacks=rulestacks)

    def _behave(self, peer: Peer, request: Received) -> bool:
        if "/ngfirewalls" not in request.target:
            return super()._behave(peer, request)
        served = self._firewalls.respond(request.method, request.target, request.body)
        return isinstance(served, Reply) and answering(served.body, f"{served.status} Status")(peer, request)
