# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Strata Cloud Manager tenant in memory or on loopback: token server and identity API, with faults."""

from __future__ import annotations

import json
import ssl
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from ansible_collections.panw.cloud.plugins.module_utils._scm.client import ScmClient
from ansible_collections.panw.cloud.plugins.module_utils._scm.oauth import AccessTokens, ClientCredentials
from ansible_collections.panw.cloud.tests.helpers.fakes import Clock, Reply, Server, http, jwt
from ansible_collections.panw.cloud.tests.helpers.servers import Loopback, Peer, Received, answering, resetting

TSG = "1700000001"
AUTH = "/oauth2/access_token"
ACCOUNTS, POLICIES = "/iam/v1/service_accounts", "/iam/v1/access_policies"
CUSTOM_ROLES, ROLES = "/iam/v1/custom_roles", "/iam/v1/roles"
AUTH_URL, URL = f"https://auth.example{AUTH}", "https://scm.example"
SECRET = "the-client-secret-of-the-caller"
CREDENTIALS = ClientCredentials(f"caller@{TSG}.iam.panserviceaccount.com", SECRET, TSG)
MISSING = Reply(404, {"error": "Not Found", "message": "Not Found", "statusCode": 404})


def error(status: int, message: str) -> Reply:
    """An error in the platform's format."""
    return Reply(status, {"error": "Error", "message": message, "statusCode": status})


class Tenant:
    """A fake tenant.

    :ivar calls: methods and paths of the calls. :ivar bodies: their bodies.
    :ivar instead: responses that replace execution, in order. :ivar lost: calls whose next response is lost after execution.
    :ivar wrapped: whether lists are C(items) with a count.
    """

    def __init__(self, *names: str) -> None:
        self.accounts: dict[str, dict[str, Any]] = {}
        self.policies: dict[str, dict[str, Any]] = {}
        self.custom_roles: list[dict[str, Any]] = [{"name": "wildfire", "id": f"wildfire:{TSG}"}]
        self.secrets: dict[str, str] = {}
        self.issued: list[str] = []
        self.calls: list[str] = []
        self.bodies: list[Any] = []
        self.instead: dict[str, list[Reply]] = {}
        self.lost: set[str] = set()
        self.wrapped = False
        for name in names:
            self._create({"name": name})
        self._number = 0

    @property
    def changes(self) -> list[str]:
        """The write calls."""
        return [call for call in self.calls if not call.startswith("GET") and AUTH not in call]

    def __call__(self, request: requests.PreparedRequest) -> Reply | BaseException:
        """Handle a request of the fake server."""
        return self.response(request.method or "", request.url or "", request.body)

    def response(self, method: str, url: str, body: Any) -> Reply | BaseException:
        """Execute a call and return or lose the response."""
        path = urlsplit(url).path
        call = f"{method} {path}"
        self.calls.append(call)
        self.bodies.append(body)
        if self.instead.get(call):
            return self.instead[call].pop(0)
        reply = self._act(method, path, dict(parse_qsl(urlsplit(url).query)), body)
        if call in self.lost:
            self.lost.remove(call)
            return requests.exceptions.ConnectionError(ConnectionResetError(104, "Connection reset by peer"))
        return reply

    def _act(self, method: str, path: str, query: dict[str, str], body: Any) -> Reply:
        if path == AUTH:
            self.issued.append(jwt(number=len(self.issued)))
            return Reply(200, {"access_token": self.issued[-1], "token_type": "Bearer", "expires_in": 899})
        content = json.loads(body) if body else {}
        if path.startswith(ACCOUNTS):
            return self._account(method, path.removeprefix(ACCOUNTS).strip("/"), content)
        if path.startswith(POLICIES):
            return self._policy(method, path.removeprefix(POLICIES).strip("/"), query, content)
        if path == ROLES:
            return self._list([{"name": "auditor"}])
        if path.startswith(CUSTOM_ROLES):
            return self._custom_role(method, path.removeprefix(CUSTOM_ROLES).strip("/"), content)
        return MISSING

    def _custom_role(self, method: str, name: str, content: dict[str, Any]) -> Reply:
        if method == "GET":
            return self._list(self.custom_roles)
        if method == "POST":
            self.custom_roles.append({"id": f"{content['name']}:{TSG}", "tsg_id": TSG, **content})
            return Reply(201, self.custom_roles[-1])
        found = [role for role in self.custom_roles if role["name"] == name]
        if not found:
            return MISSING
        if method == "DELETE":
            self.custom_roles.remove(found[0])
            return Reply(204)
        found[0].update(content)
        return Reply(202, found[0])

    def _list(self, items: list[dict[str, Any]]) -> Reply:
        return Reply(200, {"count": len(items), "items": items} if self.wrapped else items)

    def _create(self, content: dict[str, Any]) -> dict[str, Any]:
        name = content["name"]
        made = {"id": f"id-{name}", "client_id": f"{name}@{TSG}.iam.panserviceaccount.com", "tsg_id": TSG, **content}
        self.accounts[made["id"]] = made
        self.secrets[made["id"]] = f"first-secret-of-{name}"
        return made

    def _account(self, method: str, rest: str, content: dict[str, Any]) -> Reply:
        name, _slash, operation = rest.partition("/")
        if not name:
            if method == "GET":
                return self._list(list(self.accounts.values()))
            if f"id-{content['name']}" in self.accounts:
                return error(409, "it exists")
            made = self._create(content)
            return Reply(201, {**made, "client_secret": self.secrets[made["id"]]})
        if name not in self.accounts:
            return MISSING
        if method == "DELETE":
            del self.accounts[name]
            return Reply(204)
        if operation:
            self._number += 1
            self.secrets[name] = f"secret-{self._number}-of-{name}"
            return Reply(201, {**self.accounts[name], "client_secret": self.secrets[name]})
        self.accounts[name].update(content)
        return Reply(200 if method == "GET" else 202, self.accounts[name])

    def _policy(self, method: str, name: str, query: dict[str, str], content: dict[str, Any]) -> Reply:
        if method == "GET":
            return self._list([item for item in self.policies.values() if item["principal"] == query["principal"]])
        if method == "DELETE":
            return Reply(200, self.policies.pop(name)) if name in self.policies else MISSING
        made = {"id": f"policy-{len(self.policies)}", **content}
        self.policies[made["id"]] = made
        return Reply(201, made)


def tokens(tenant: Tenant, clock: Clock | None = None) -> AccessTokens:
    """Access tokens of the tenant's caller."""
    return AccessTokens(http(Server(handler=tenant), clock=clock, ca_option="scm_ca_bundle"), AUTH_URL, CREDENTIALS)


def client(tenant: Tenant, clock: Clock | None = None) -> ScmClient:
    """An API client of a tenant."""
    made = http(Server(handler=tenant), clock=clock, ca_option="scm_ca_bundle")
    return ScmClient(made, URL, AccessTokens(made, AUTH_URL, CREDENTIALS))


class Strata(Loopback):
    """A tenant on loopback."""

    def __init__(self, tenant: Tenant, tls: ssl.SSLContext | None = None) -> None:
        self.tenant = tenant
        super().__init__(self._behave, tls)

    def _behave(self, peer: Peer, request: Received) -> bool:
        reply = self.tenant.response(request.method, request.target, request.body)
        if not isinstance(reply, Reply):
            return resetting(peer, request)
        return answering(reply.body, f"{reply.status} Status")(peer, request)

    @property
    def options(self) -> dict[str, Any]:
        """The connection options."""
        return {
            "client_id": CREDENTIALS.client_id,
            "client_secret": SECRET,
            "tsg_id": TSG,
            "scm_auth_url": self.url + AUTH,
            "scm_url": f"{self.url}/",
        }

    @property
    def secrets(self) -> list[str]:
        """All its secrets."""
        return [SECRET, CREDENTIALS.basic, *self.tenant.issued, *self.tenant.secrets.values()]
