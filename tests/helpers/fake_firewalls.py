# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The firewall API in memory, in both versions: states that advance with each read, endpoints, update tokens, and faults that a test schedules."""

from __future__ import annotations

import copy
import itertools
import json
import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import requests
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.client import FirewallClient
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.versions import Version
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import LOST_AFTER, LOST_BEFORE, STALE, Fault, refused
from ansible_collections.panw.cloud.tests.helpers.fakes import HELD, MISSING_ROUTE, Reply, Server, api, success

SDK, DOCUMENTED, OLD = "/v2/config/ngfirewalls", "/v2/ngfirewalls", "/v1/config/ngfirewalls"
PLACE = ("SubnetId", "ZoneId", "AccountId", "VpcId", "Mode")
SETTINGS = ("EgressNAT", "PrivateAccess", "UserID")
# Parts of a PATCH that the service deploys.
DEPLOYED = ("AllowListAccounts", "CustomerZoneIdList", "Endpoints", *SETTINGS)


class FakeFirewalls:
    """The API. Calls are methods with the path below the base, such as C(PATCH /fw-1/rulestack).

    :ivar firewalls: by ID in version 2, by name in version 1: C(raw), C(status), and what comes next.
    :ivar bases: the paths that the API has. :ivar missing: calls that it does not have, below all of them or with a whole path.
    :ivar ends: the states after C(create), C(update), C(delete) and of a new C(endpoint); each read goes one further, the last one stays.
    :ivar requests: the calls with their query and body. :ivar deleted_shown: whether deleted firewalls are shown in the state DELETE_COMPLETE.
    """

    def __init__(self, **options: Any) -> None:
        self.firewalls: dict[str, dict[str, Any]] = {}
        self.bases = {SDK, OLD}
        self.missing: set[str] = set()
        self.ends = {
            "create": ["CREATING", "CREATE_COMPLETE"],
            "update": ["UPDATING", "UPDATE_COMPLETE"],
            "delete": ["DELETING"],
            "endpoint": ["Pending", "Accepted"],
        }
        self.requests: list[tuple[str, dict[str, str], Any]] = []
        self.paths: list[str] = []
        self.deleted_shown = False
        self.reason = ""
        vars(self).update({name: value for name, value in options.items() if name != "ends"})
        self.ends |= options.get("ends", {})
        self._tokens, self._ids = itertools.count(1), itertools.count(1)
        self._faults: dict[str, list[Fault]] = {}
        self._lock = threading.RLock()
        self.api = api(Server(handler=self._send))

    def client(self, version: Version, account_id: str | None = None) -> FirewallClient:
        """A client of one version."""
        return FirewallClient(self.api, HELD, version, account_id)

    def put(self, key: str, raw: Mapping[str, Any], **status: Any) -> dict[str, Any]:
        """Write a firewall as another client does. :param key: its ID in version 2, its name in version 1."""
        v1 = "FirewallName" in raw
        names = {} if v1 else {"FirewallId": key}
        kept = self.firewalls.get(key, {"next": [], "v1": v1, "status": {"FirewallStatus": "CREATE_COMPLETE"}})
        kept["raw"] = {**copy.deepcopy(dict(raw)), **names, "UpdateToken": self._token()}
        kept["raw"].setdefault("DeploymentUpdateToken", self._token()) if not v1 else None
        kept["status"] = {**kept["status"], **status}
        self.firewalls[key] = kept
        return kept

    def fail(self, call: str, *faults: Fault) -> None:
        """Let the next requests of a call fail, each with one fault."""
        self._faults.setdefault(call, []).extend(faults)

    @property
    def calls(self) -> list[str]:
        """All calls."""
        return [call for call, _query, _body in self.requests]

    @property
    def writes(self) -> list[str]:
        """The calls that are no reads."""
        return [call for call in self.calls if not call.startswith("GET ")]

    def sent(self, call: str) -> Any:
        """The body of the last request of a call."""
        return next(body for one, _query, body in reversed(self.requests) if one == call)

    def respond(self, method: str, target: str, body: bytes | None) -> Reply | BaseException:
        """Serve a request."""
        parts = urlsplit(target)
        path = unquote(parts.path)
        base = next(one for one in (SDK, DOCUMENTED, OLD) if one in path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        call, document = f"{method} {path.partition(base)[2].rstrip('/')}", json.loads(body or b"{}")
        with self._lock:
            self.requests.append((call, query, document))
            self.paths.append(f"{method} {path}")
            if base not in self.bases or not self.missing.isdisjoint((call, f"{method} {path}")):
                return MISSING_ROUTE
            fault = (self._faults.get(call) or [None]).pop(0)
        lost = requests.exceptions.ConnectionError("reset")
        if isinstance(fault, Reply) or fault == LOST_BEFORE:
            return fault if isinstance(fault, Reply) else lost
        if callable(fault):
            fault()
        with self._lock:
            reply = self._act(call, base == OLD or "v1route" in query, document)
        return lost if fault == LOST_AFTER else reply

    def _send(self, request: requests.PreparedRequest) -> Reply | BaseException:
        body = request.body
        return self.respond(
            request.method or "", request.path_url, body if isinstance(body, bytes) else (body or "").encode()
        )

    def _act(self, call: str, v1: bool, body: dict[str, Any]) -> Reply:
        method, _space, path = call.partition(" ")
        key, _slash, below = path.removeprefix("/").partition("/")
        if not key:
            return self._list(v1) if method == "GET" else self._create(v1, body)
        firewall = self.firewalls.get(key)
        if firewall is None or firewall["v1"] is not v1:
            return refused(f"firewall {key} does not exist", 404)
        if method == "GET":
            return self._read(key, firewall)
        if body.get("UpdateToken") not in (None, firewall["raw"]["UpdateToken"]):
            return STALE
        handlers: dict[str, Callable[[dict[str, Any], str, dict[str, Any]], Reply | None]] = {
            "": self._change,
            "rulestack": self._associate,
            "globalrulestack": self._associate,
            "link": self._link,
            "description": self._describe,
            "subnets": self._subnets,
            "contentversion": self._contents,
            "features": self._features,
            "tags": self._tags,
        }
        refusal = handlers[below](firewall, f"{method} {below}", body)
        if refusal is None:
            firewall["raw"]["UpdateToken"] = self._token()
        return refusal or success({})

    def _list(self, v1: bool) -> Reply:
        listed = [firewall for firewall in self.firewalls.values() if firewall["v1"] is v1]
        return success({"FirewallsDescribe": [self._shown(firewall) for firewall in listed]})

    def _read(self, key: str, firewall: dict[str, Any]) -> Reply:
        if not firewall["next"] and firewall["status"]["FirewallStatus"] == "DELETING":
            if not self.deleted_shown:
                del self.firewalls[key]
                return refused(f"firewall {key} does not exist", 404)
            firewall["status"]["FirewallStatus"] = "DELETE_COMPLETE"
        return success(self._shown(firewall))

    def _shown(self, firewall: dict[str, Any]) -> dict[str, Any]:
        shown = copy.deepcopy({"Firewall": firewall["raw"], "Status": firewall["status"]})
        if firewall["next"]:
            self._advance(firewall)
        return shown

    def _advance(self, firewall: dict[str, Any]) -> None:
        state = firewall["next"].pop(0)
        if isinstance(state, list):
            for endpoint in firewall["raw"].get("SecurityZones" if firewall["v1"] else "Endpoints", ()):
                if endpoint["Status"] in ("Pending", "Creating"):
                    endpoint["Status"], endpoint["RejectedReason"] = state
        else:
            firewall["status"]["FirewallStatus"] = state
            firewall["status"]["FailureReason"] = self.reason if state.endswith("FAIL") else ""

    def _begin(self, firewall: dict[str, Any], job: str) -> None:
        states = list(self.ends[job])
        firewall["status"]["FirewallStatus"] = states.pop(0)
        firewall["next"] = states

    def _create(self, v1: bool, body: dict[str, Any]) -> Reply:
        key = body["FirewallName"] if v1 else f"fw-{next(self._ids)}"
        raw = {"AccountId": "123456789012", **body} if v1 else body
        if v1:
            raw["SecurityZones"] = [self._endpoint(mapping, "ServiceManaged") for mapping in body["SubnetMappings"]]
        firewall = self.put(key, raw)
        self._begin(firewall, "create")
        firewall["next"] += self._endpoint_states(firewall) if v1 else []
        return success({} if v1 else {"FirewallId": key})

    def _endpoint(self, sent: dict[str, Any], mode: str) -> dict[str, Any]:
        name = f"vpce-{next(self._ids)}"
        return {"EndpointId": name, "Mode": mode, "Status": self.ends["endpoint"][0], "RejectedReason": "", **sent}

    def _endpoint_states(self, _firewall: dict[str, Any]) -> list[Any]:
        return [[state, self.reason if state == "Rejected" else ""] for state in self.ends["endpoint"][1:]]

    def _change(self, firewall: dict[str, Any], call: str, body: dict[str, Any]) -> Reply | None:
        raw, state = firewall["raw"], firewall["status"]["FirewallStatus"]
        if call.startswith("DELETE"):
            self._begin(firewall, "delete")
            return None
        if not state.endswith(("COMPLETE", "FAIL")):
            return refused(f"InvalidOperationException: the firewall is in {state}")
        if body.get("DeploymentUpdateToken") != raw["DeploymentUpdateToken"]:
            return STALE
        after = {**raw, **{key: value for key, value in body.items() if not key.endswith("UpdateToken")}}
        known = {endpoint["EndpointId"]: endpoint for endpoint in raw.get("Endpoints", ())}
        after["Endpoints"] = [
            {**known[one["EndpointId"]], **one} if "EndpointId" in one else self._endpoint(one, one["Mode"])
            for one in after.get("Endpoints", ())
        ]
        waiting = [one for one in after["Endpoints"] if one["Status"] != "Accepted"]
        if any(one.get("EgressNATEnabled") or "Prefixes" in one for one in waiting):
            return refused("InvalidOperationException: the endpoint is not accepted")
        if after.get("EgressNAT", {}).get("Enabled") and len(waiting) == len(after["Endpoints"]):
            return refused("InvalidOperationException: egress NAT needs an accepted endpoint")
        if any(after.get(key, []) != raw.get(key, []) for key in DEPLOYED):
            after["DeploymentUpdateToken"] = self._token()
            self._begin(firewall, "update")
            firewall["next"] += self._endpoint_states(firewall) if waiting else []
        firewall["raw"] = after
        return None

    def _associate(self, firewall: dict[str, Any], call: str, body: dict[str, Any]) -> None:
        name = body.get("RuleStackName", "")
        key = "GlobalRuleStackName" if "global" in call or name.startswith("global") else "RuleStackName"
        firewall["raw"][key] = "" if call.startswith("DELETE") else name

    def _link(self, firewall: dict[str, Any], call: str, body: dict[str, Any]) -> None:
        firewall["raw"]["LinkId"] = body["LinkId"] if call.startswith("POST") else ""

    def _describe(self, firewall: dict[str, Any], _call: str, body: dict[str, Any]) -> None:
        firewall["raw"]["Description"] = body["Description"]

    def _subnets(self, firewall: dict[str, Any], _call: str, body: dict[str, Any]) -> None:
        raw, gone = firewall["raw"], body.get("DisassociateSubnetMappings", ())
        kept = [one for one in raw["SubnetMappings"] if not any(left.items() <= one.items() for left in gone)]
        raw["SubnetMappings"] = [*kept, *body.get("AssociateSubnetMappings", ())]
        raw["MultiVpcEnable"] = body.get("MultiVpcEnable", raw.get("MultiVpcEnable", False))
        self._begin(firewall, "update")

    def _contents(self, firewall: dict[str, Any], _call: str, body: dict[str, Any]) -> None:
        names = ("AppIdVersion", "AutomaticUpgradeAppIdVersion")
        firewall["raw"] |= {name: body[name] for name in names if name in body}

    def _features(self, firewall: dict[str, Any], _call: str, body: dict[str, Any]) -> None:
        sent, raw = body["Features"], firewall["raw"]
        raw |= {name: sent[name] for name in SETTINGS if name in sent}
        known = {endpoint["EndpointId"]: endpoint for endpoint in raw["SecurityZones"]}
        for endpoint in sent.get("SecurityZones", ()):
            known[endpoint["EndpointId"]].update(endpoint)
        self._begin(firewall, "update")

    def _tags(self, firewall: dict[str, Any], _call: str, body: dict[str, Any]) -> None:
        tags = {tag["Key"]: tag["Value"] for tag in firewall["raw"].get("Tags", ())}
        tags |= {tag["Key"]: tag["Value"] for tag in body.get("Tags", ())}
        left = {key: value for key, value in tags.items() if key not in body.get("TagKeys", ())}
        firewall["raw"]["Tags"] = [{"Key": key, "Value": value} for key, value in left.items()]

    def _token(self) -> str:
        return f"token-{next(self._tokens)}"
