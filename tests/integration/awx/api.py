# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP layer of the simulated service: TLS, sign-in, routes, and objects as AWX returns them."""

from __future__ import annotations

import base64
import json
import secrets
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from panw_simulator.certificates import Authority

from .credentials import shown
from .objects import LINKS, Objects
from .permissions import Person, check_change
from .schema import ENDPOINTS, Refused
from .surveys import check_survey
from .syncs import Repository

PREFIX = "/api/v2/"
_HIDDEN = ("endpoint", "survey_spec", "playbook_files", "hosts", "groups")


class Controller:
    """AWX: its objects and its users, who share one password."""

    def __init__(self, repository: Repository) -> None:
        self.objects = Objects(repository)
        self.password = secrets.token_hex(8)
        self.people = {"admin": Person("admin", superuser=True)}
        self.tokens: dict[int, tuple[str, Person]] = {}
        self.url = ""
        self._lock = Lock()

    def answer(self, method: str, target: str, authorization: str, body: Any) -> tuple[int, Any]:
        """Handle a request. :return: the status, and the JSON body."""
        parts = urllib.parse.urlsplit(target)
        path = parts.path.removeprefix(PREFIX).strip("/").split("/")
        query = dict(urllib.parse.parse_qsl(parts.query))
        try:
            with self._lock:
                if path[0] == "tokens":
                    return self._sign_in_or_out(method, path, authorization)
                person = dict(self.tokens.values()).get(authorization.removeprefix("Bearer "))
                if person is None:
                    raise Refused({"detail": "Authentication credentials were not provided."}, 401)
                return self._route(person, method, path, query, body)
        except Refused as refusal:
            return refusal.status, refusal.problems

    def _sign_in_or_out(self, method: str, path: list[str], authorization: str) -> tuple[int, Any]:
        name, _colon, password = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        if name not in self.people or password != self.password:
            raise Refused({"detail": "Invalid username/password."}, 401)
        if method == "DELETE":
            del self.tokens[int(path[1])]
            return 204, None
        number = max(self.tokens, default=0) + 1
        self.tokens[number] = secrets.token_hex(16), self.people[name]
        return 201, {"id": number, "token": self.tokens[number][0]}

    def _route(self, person: Person, method: str, path: list[str], query: dict[str, str], body: Any) -> tuple[int, Any]:
        endpoint = path[0]
        sync = self.objects.syncs.get(int(path[1])) if endpoint in ("project_updates", "inventory_updates") else None
        if sync:
            return 200, sync.shown()
        if endpoint == "roles":
            return self._role(method, int(path[1]), body)
        if endpoint not in ENDPOINTS and endpoint not in ("unified_job_templates", "workflow_approval_templates"):
            raise Refused({"detail": "Not found."}, 404)
        if len(path) == 1:
            if method == "POST":
                check_change(person, endpoint, {body[name] for name in ("organization",) if body.get(name)})
            return self._collection(method, endpoint, query, body)
        made = self.objects.get(int(path[1]), endpoint)
        if method != "GET":
            check_change(person, endpoint, {made[name] for name in ("organization",) if made.get(name)})
        if len(path) == 2:
            return self._detail(method, made, body)
        return self._part(method, made, path[2], body)

    def _collection(self, method: str, endpoint: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        if method == "POST":
            return 201, self._shown(self.objects.create(endpoint, body), running=True)
        return 200, self._listed(self.objects.find(endpoint, query))

    def _role(self, method: str, number: int, body: Any) -> tuple[int, Any]:
        if method == "GET":
            return 200, self._listed([self.objects.get(team) for team in self.objects.roles.granted.get(number, [])])
        self.objects.roles.change(number, body["id"], take=body.get("disassociate", False))
        self.objects.writes += 1
        return 204, None

    def _sync(self, made: dict[str, Any]) -> tuple[int, Any]:
        """Run a requested update at once, regardless of the cache timeout."""
        syncs = self.objects.syncs
        if made["endpoint"] == "projects":
            return 202, syncs.project(made).shown()
        project, inventory = self.objects.get(made["source_project"]), self.objects.get(made["inventory"])
        return 202, syncs.source(made, project, inventory).shown()

    def _detail(self, method: str, made: dict[str, Any], body: Any) -> tuple[int, Any]:
        if method == "DELETE":
            self.objects.delete(made)
            return 204, None
        before = len(self.objects.syncs.done)
        if method == "PATCH":
            if made["endpoint"] == "workflow_approval_templates":
                made.update(body)
                self.objects.writes += 1
            else:
                self.objects.update(made, body)
        return 200, self._shown(made, running=len(self.objects.syncs.done) > before)

    def _part(self, method: str, made: dict[str, Any], part: str, body: Any) -> tuple[int, Any]:
        if part == "create_approval_template" and method == "POST":
            return 201, self._shown(self.objects.approval(made, body))
        if part == "update" and method == "POST" and made["endpoint"] in ("projects", "inventory_sources"):
            return self._sync(made)
        if part == "survey_spec" and "survey_spec" in made:
            if method == "POST":
                check_survey(body)
                made["survey_spec"] = body
                self.objects.writes += 1
            return 200, made["survey_spec"]
        if part not in LINKS.get(made["endpoint"], {}):
            raise Refused({"detail": "Not found."}, 404)
        if method == "GET":
            return 200, self._listed(self.objects.links(made["id"], part))
        change = self.objects.unlink if body.get("disassociate") else self.objects.link
        change(made, part, body["id"])
        return 204, None

    def _listed(self, found: list[dict[str, Any]]) -> dict[str, Any]:
        return {"count": len(found), "next": None, "previous": None, "results": [self._shown(made) for made in found]}

    def _shown(self, made: dict[str, Any], *, running: bool = False) -> dict[str, Any]:
        """An object as AWX returns it. :param running: whether an update that the request started is still running."""
        answer = {name: value for name, value in made.items() if name not in _HIDDEN}
        related = {"survey_spec": f"{made['url']}survey_spec/"} if "survey_spec" in made else {}
        if made.get("unified_job_template"):
            related["unified_job_template"] = self.objects.get(made["unified_job_template"])["url"]
        if made["endpoint"] == "credentials":
            answer["inputs"] = shown(self.objects.get(made["credential_type"]), made["inputs"])
        summary: dict[str, Any] = {"object_roles": self.objects.roles.shown(made)}
        if made["endpoint"] in ("projects", "inventory_sources"):
            related["update"] = f"{made['url']}update/"
        if made["endpoint"] == "projects" and running:
            summary["current_update"] = {"id": self.objects.syncs.done[-1].number}
        return {**answer, "related": related, "summary_fields": summary}


class _Handler(BaseHTTPRequestHandler):
    controller: Controller

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, answer = self.controller.answer(
            self.command, self.path, self.headers.get("Authorization", ""), json.loads(body) if body else None
        )
        content = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-API-Product-Name", "AWX")
        self.send_header("X-API-Product-Version", "24.6.1")
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_DELETE = _serve

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing."""


@contextmanager
def serving(controller: Controller, directory: Path) -> Iterator[Path]:
    """Serve AWX over TLS on a free loopback port. :return: the file with its CA."""
    authority = Authority(["127.0.0.1"])
    bundle = directory / "ca.pem"
    bundle.write_bytes(authority.ca_pem)
    handler = type("Handler", (_Handler,), {"controller": controller})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.socket = authority.server_context(directory).wrap_socket(server.socket, server_side=True)
        controller.url = f"https://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield bundle
        server.shutdown()
        thread.join()
