# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Vault servers for the tests: always the one of this project, and C(vault) or C(bao) where one is on PATH. Both are used over HTTP only."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
from ansible_collections.panw.cloud.tests.helpers.vault_server import VaultServer
from panw_simulator.certificates import Authority

from .crash_harness import wait_until

PROGRAM = shutil.which("bao") or shutil.which("vault")
# The kind of store that a test is for, and the server behind it.
CA_CERT = "tls/vault-ca.pem"
VAULTS = ["hashi_vault", *(["hashi_vault_program"] if PROGRAM else [])]


class VaultAccess:
    """A server, as its administrator and as a reader use it.

    :ivar options: of modules, with a token that may use the whole KV engine.
    """

    def __init__(self, url: str, ca_cert: str, token: str) -> None:
        self.url, self.ca_cert, self.token = url, ca_cert, token
        self._session = requests.Session()
        self._session.trust_env = False
        self.ask("POST", "sys/auth/approle", {"type": "approle"})
        for version in ("1", "2"):
            self.ask("POST", f"sys/mounts/team/kv{version}", {"type": "kv", "options": {"version": version}})

    @property
    def options(self) -> dict[str, str]:
        return {**self.reached, "hashi_vault_token": self.token}

    @property
    def reached(self) -> dict[str, str]:
        """The options without an identity."""
        return {"hashi_vault_url": self.url, "hashi_vault_ca_cert": self.ca_cert}

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The body of a response, None if there is none or if what is read does not exist."""
        answer = self._session.request(
            method,
            f"{self.url}/v1/{path}",
            json=body,
            headers={"X-Vault-Token": self.token},
            verify=self.ca_cert,
            timeout=30,
        )
        assert answer.ok or (method == "GET" and answer.status_code == 404), answer.text
        return answer.json() if answer.content and answer.ok else None

    def read(self, name: str, version: int = 0) -> Any:
        """The data of a secret, None if there is none."""
        found = self.ask("GET", f"secret/data/{name}?version={version}")
        return found and found["data"]["data"]

    def write(self, name: str, data: Any) -> None:
        """Write a secret like another application would."""
        self.ask("POST", f"secret/data/{name}", {"data": data})

    def limited(self, *allowed: str, paths: tuple[str, ...] = ("secret/*",), **more: Any) -> str:
        """A new token. :param allowed: what it may do. :param more: of its creation."""
        return str(
            self.ask("POST", "auth/token/create", {"policies": [self.policy(*allowed, paths=paths)], **more})["auth"][
                "client_token"
            ]
        )

    def policy(self, *allowed: str, paths: tuple[str, ...] = ("secret/*",)) -> str:
        """The name of a new policy."""
        name = f"test-{uuid.uuid4().hex}"
        rules = {"path": {path: {"capabilities": list(allowed)} for path in paths}}
        self.ask("POST", f"sys/policies/acl/{name}", {"policy": json.dumps(rules)})
        return name

    def app_role(self, *allowed: str, ttl: str = "3600s") -> dict[str, str]:
        """The options of a new AppRole."""
        place = f"auth/approle/role/{uuid.uuid4().hex}"
        self.ask("POST", place, {"token_policies": [self.policy(*allowed)], "token_ttl": ttl})
        role_id = self.ask("GET", f"{place}/role-id")["data"]["role_id"]
        secret_id = self.ask("POST", f"{place}/secret-id")["data"]["secret_id"]
        return {"hashi_vault_role_id": role_id, "hashi_vault_secret_id": secret_id}


def start(kind: str) -> contextlib.AbstractContextManager[VaultAccess]:
    """Start a server of a kind."""
    return _program() if kind == "hashi_vault_program" else _own()


@contextlib.contextmanager
def _own() -> Iterator[VaultAccess]:
    authority = Authority(["127.0.0.1"])
    with tempfile.TemporaryDirectory() as directory:
        ca_cert = Path(directory, "ca.pem")
        ca_cert.write_bytes(authority.ca_pem)
        with VaultServer(authority.server_context(Path(directory))) as server:
            yield VaultAccess(server.url, str(ca_cert), server.vault.root)


@contextlib.contextmanager
def _program() -> Iterator[VaultAccess]:
    """Start the program as a development server, which keeps everything in memory."""
    assert PROGRAM
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as directory:
        here, root = Path(directory), uuid.uuid4().hex  # Vault keeps its own prefix to itself
        certificates = here / "tls"
        certificates.mkdir()
        command = [PROGRAM, "server", "-dev", "-dev-tls", f"-dev-tls-cert-dir={certificates}", "-dev-no-store-token",
                   f"-dev-root-token-id={root}", f"-dev-listen-address=127.0.0.1:{port}"]  # fmt: skip
        environment = {"PATH": os.environ["PATH"], "HOME": directory}
        with (
            (here / "log").open("w") as log,
            subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process,
        ):
            try:
                wait_until(lambda: _is_active(f"https://127.0.0.1:{port}", here, process))
                yield VaultAccess(f"https://127.0.0.1:{port}", str(here / CA_CERT), root)
            finally:
                process.terminate()


def _is_active(url: str, directory: Path, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, (directory / "log").read_text()
    ca_cert = directory / CA_CERT
    if not ca_cert.exists():
        return False
    with contextlib.suppress(requests.RequestException):
        return requests.get(f"{url}/v1/sys/health", verify=ca_cert, timeout=5).status_code == 200
    return False
