# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server with the part of HashiCorp Vault's API that a KV store needs: KV of both versions, tokens, policies and AppRole, in memory, over TLS.

Written from HashiCorp's API documentation: "KV secrets engine - version 2", "KV secrets engine - version 1", "Token auth method", "AppRole auth method",
"/sys/mounts", "/sys/policies/acl" and "/sys/internal/ui/mounts". The integration tests run against a real server, too, where one is installed.
"""

from __future__ import annotations

import dataclasses
import json
import re
import ssl
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Answer = tuple[int, Any]
DENIED: Answer = (403, {"errors": ["permission denied"]})
INVALID: Answer = (403, {"errors": ["2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n"]})
MISSING: Answer = (404, {"errors": []})
CAPABILITIES = {"GET": "read", "POST": "update", "PUT": "update", "DELETE": "delete"}
DEFAULT_MOST = 10  # versions


@dataclasses.dataclass
class Secret:
    """A secret of KV version 2. :ivar versions: the data of each version that is kept, None if it is deleted."""

    versions: dict[int, Any] = dataclasses.field(default_factory=dict)
    newest: int = 0
    settings: dict[str, Any] = dataclasses.field(default_factory=lambda: {"max_versions": 0, "cas_required": False})

    def read(self, version: int) -> Answer:
        number = version or self.newest
        if number not in self.versions:
            return MISSING
        data = self.versions[number]
        body = {"data": {"data": data, "metadata": {"version": number, "destroyed": False, "deletion_time": ""}}}
        if data is None:
            body["data"]["metadata"]["deletion_time"] = "2026-01-01T00:00:00Z"
        return (404 if data is None else 200), body

    def write(self, given: Mapping[str, Any]) -> Answer:
        options = given.get("options") or {}
        if "cas" in options and options["cas"] != self.newest:
            return 400, {"errors": ["check-and-set parameter did not match the current version"]}
        if "cas" not in options and self.settings["cas_required"]:
            return 400, {"errors": ["check-and-set parameter required for this call"]}
        if not isinstance(given.get("data"), dict):
            return 400, {"errors": ["no data provided"]}
        self.newest += 1
        self.versions[self.newest] = given["data"]
        least = self.newest - (self.settings["max_versions"] or DEFAULT_MOST)
        self.versions = {number: data for number, data in self.versions.items() if number > least}
        return 200, {"data": {"version": self.newest, "destroyed": False, "deletion_time": ""}}


class Vault:
    """The state of a server. :ivar root: a token that may do everything. :ivar calls: method and path of each request."""

    def __init__(self) -> None:
        self.root = f"hvs.{uuid.uuid4().hex}"
        self.calls: list[str] = []
        self._lock = threading.Lock()
        self._mounts: dict[str, tuple[str, dict[str, Any]]] = {"secret": ("2", {})}
        self._tokens: dict[str, tuple[list[str], float]] = {self.root: (["root"], float("inf"))}
        self._policies: dict[str, dict[str, list[str]]] = {}
        self._roles: dict[str, dict[str, Any]] = {}
        self._secret_ids: dict[str, str] = {}
        self._routes: list[tuple[str, Callable[..., Answer]]] = [
            (r"GET sys/internal/ui/mounts/(.+)", self._mount),
            (r"POST sys/mounts/(.+)", self._enable),
            (r"POST sys/auth/approle", lambda body: (204, None)),
            (r"POST sys/policies/acl/(.+)", self._set_policy),
            (r"POST auth/token/create", self._create_token),
            (r"POST auth/token/revoke", self._revoke),
            (r"POST auth/approle/role/([^/]+)", self._set_role),
            (
                r"GET auth/approle/role/([^/]+)/role-id",
                lambda body, name: (200, {"data": {"role_id": self._roles[name]["id"]}}),
            ),
            (r"POST auth/approle/role/([^/]+)/secret-id", self._make_secret_id),
        ]

    def answer(self, method: str, target: str, token: str | None, body: Any) -> Answer:
        """The response to a request."""
        parts = urlsplit(target)
        path = unquote(parts.path).removeprefix("/v1/")
        method = "POST" if method == "PUT" else method
        with self._lock:
            self.calls.append(f"{method} {path}")
            if path == "auth/approle/login":
                return self._log_in(body)
            policies, until = self._tokens.get(token or "", ([], 0.0))
            if until < time.monotonic():
                return INVALID
            if not self._allows(policies, method, path):
                return DENIED
            for pattern, act in self._routes:
                found = re.fullmatch(pattern, f"{method} {path}")
                if found:
                    return act(body, *found.groups())
            return self._kv(method, path, parse_qs(parts.query), body)

    def _allows(self, policies: list[str], method: str, path: str) -> bool:
        if "root" in policies:
            return True
        rules = {place: allowed for name in policies for place, allowed in self._policies.get(name, {}).items()}
        if path.startswith("sys/internal/ui/mounts/"):  # for all who may do anything there
            mount = path.removeprefix("sys/internal/ui/mounts/")
            return any(place.startswith(f"{mount}/") for place in rules)
        needed = "create" if method == "POST" and not self._exists(path) else CAPABILITIES[method]
        return any(
            needed in allowed and (path.startswith(place[:-1]) if place.endswith("*") else path == place)
            for place, allowed in rules.items()
        )

    def _exists(self, path: str) -> bool:
        """Whether a write to a path of a KV engine changes something, and needs C(update) in place of C(create)."""
        mount = next((name for name in self._mounts if path.startswith(f"{name}/")), "")
        version, secrets = self._mounts.get(mount, ("", {}))
        inner = path.removeprefix(f"{mount}/")
        return (inner.partition("/")[2] if version == "2" else inner) in secrets

    def _kv(self, method: str, path: str, query: Mapping[str, list[str]], body: Any) -> Answer:
        mount = next((name for name in self._mounts if path.startswith(f"{name}/")), None)
        if mount is None:
            return 404, {"errors": [f'no handler for route "{path}". route entry not found.']}
        version, secrets = self._mounts[mount]
        inner = path.removeprefix(f"{mount}/")
        if version == "1":
            return self._kv1(method, inner, secrets, body)
        part, _slash, name = inner.partition("/")
        if method == "GET":
            secret = secrets.get(name)
            if secret is None:
                return MISSING
            return _metadata(secret) if part == "metadata" else secret.read(int(query.get("version", ["0"])[0]))
        secret = secrets.setdefault(name, Secret())
        if method == "DELETE":
            secret.versions[secret.newest] = None
            return 204, None
        if part == "metadata":
            secret.settings.update(body)
            return 204, None
        return secret.write(body)

    @staticmethod
    def _kv1(method: str, name: str, secrets: dict[str, Any], body: Any) -> Answer:
        if method == "POST":
            secrets[name] = body
            return 204, None
        return (200, {"data": secrets[name]}) if name in secrets else MISSING

    def _mount(self, _body: Any, path: str) -> Answer:
        if path not in self._mounts:
            return 403, {
                "errors": [
                    f'preflight capability check returned 403, please ensure client\'s policies grant access to path "{path}/"'
                ]
            }
        return 200, {"data": {"path": f"{path}/", "type": "kv", "options": {"version": self._mounts[path][0]}}}

    def _enable(self, body: Any, path: str) -> Answer:
        self._mounts[path] = (body["options"]["version"], {})
        return 204, None

    def _set_policy(self, body: Any, name: str) -> Answer:
        rules = json.loads(body["policy"])["path"]
        self._policies[name] = {place: rule["capabilities"] for place, rule in rules.items()}
        return 204, None

    def _create_token(self, body: Any) -> Answer:
        return self._issued(body["policies"], body.get("ttl"))

    def _issued(self, policies: list[str], ttl: str | None) -> Answer:
        token, seconds = f"hvs.{uuid.uuid4().hex}", int((ttl or "3600s").removesuffix("s"))
        self._tokens[token] = policies, time.monotonic() + seconds
        return 200, {"auth": {"client_token": token, "lease_duration": seconds}}

    def _revoke(self, body: Any) -> Answer:
        self._tokens.pop(body["token"], None)
        return 204, None

    def _set_role(self, body: Any, name: str) -> Answer:
        self._roles[name] = {**body, "id": str(uuid.uuid4())}
        return 204, None

    def _make_secret_id(self, _body: Any, name: str) -> Answer:
        made = str(uuid.uuid4())
        self._secret_ids[made] = name
        return 200, {"data": {"secret_id": made}}

    def _log_in(self, body: Any) -> Answer:
        role = self._roles.get(self._secret_ids.get(body["secret_id"], ""))
        if role is None or role["id"] != body["role_id"]:
            return 400, {"errors": ["invalid role or secret ID"]}
        return self._issued(role["token_policies"], role.get("token_ttl"))


def _metadata(secret: Secret) -> Answer:
    versions = {str(number): {"destroyed": False} for number in secret.versions}
    return 200, {"data": {**secret.settings, "current_version": secret.newest, "versions": versions}}


class VaultServer:
    """Serves a L(Vault) over TLS on loopback until it is left."""

    def __init__(self, context: ssl.SSLContext, host: str = "127.0.0.1") -> None:
        self.vault = Vault()
        vault = self.vault

        class Handler(BaseHTTPRequestHandler):
            """Handles the requests of one connection."""

            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:
                """Log nothing."""

            def handle_request(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, found = vault.answer(
                    self.command, self.path, self.headers.get("X-Vault-Token"), json.loads(body) if body else None
                )
                text = b"" if found is None else json.dumps(found, sort_keys=True).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PUT = do_DELETE = handle_request

        self._server = ThreadingHTTPServer((host, 0), Handler)
        self._server.daemon_threads = True
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.url = f"https://{host}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> VaultServer:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
