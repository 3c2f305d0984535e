# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Factories for WildFire clients and keys over fakes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._scm.oauth import AccessTokens, ClientCredentials
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.client import BoundAccount, LegacyKey, WildfireClient
from ansible_collections.panw.cloud.tests.helpers.fakes import Clock, Handler, Reply, Server, http

URL = "https://wildfire.paloaltonetworks.com"
AUTH_URL = "https://auth.apps.paloaltonetworks.com/oauth2/access_token"
TSG_ID = "1700000001"
ACCOUNT = f"scanner@{TSG_ID}.iam.panserviceaccount.com"
SECRET = "the-client-secret-of-the-account"
API_KEY = "a1" * 32
CREDENTIALS = ClientCredentials(ACCOUNT, SECRET, TSG_ID)


def wildfire(*parts: str) -> Reply:
    """A WildFire success response."""
    return Reply(200, f'<?xml version="1.0" encoding="UTF-8"?>\n<wildfire>{"".join(parts)}</wildfire>\n')


def refusal(status: int, message: str) -> Reply:
    """A WildFire error response."""
    return Reply(status, f"<error><error-message>'{message}'</error-message></error>")


def entry(verdict: int, sha256: str = "", md5: str = "") -> str:
    """One verdict in a response."""
    known = f"<sha256>{sha256}</sha256><verdict>{verdict}</verdict><md5>{md5}</md5>"
    return f"<get-verdict-info>{known}</get-verdict-info>"


class Vendor(Server):
    """The token server, which numbers its tokens, and WildFire with scripted responses, of which the last one repeats."""

    def __init__(self, *script: Reply, handler: Handler | None = None) -> None:
        self._answers = list(script)
        self._answer: Handler = handler or self._scripted
        self.tokens = 0
        super().__init__(handler=self._serve)

    def _serve(self, request: Any) -> Reply | BaseException:
        if request.url == AUTH_URL:
            self.tokens += 1
            return Reply(200, {"access_token": f"access-token-{self.tokens}", "expires_in": 899})
        return self._answer(request)

    def _scripted(self, _request: Any) -> Reply:
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    @property
    def asked(self) -> list[Any]:
        """The requests to WildFire."""
        return [request for request in self.requests if request.url != AUTH_URL]


def bound(server: Server, clock: Clock | None = None) -> WildfireClient:
    """A WildFire client of a bound account."""
    transport = http(server, clock=clock)
    return WildfireClient(transport, URL, BoundAccount(AccessTokens(transport, AUTH_URL, CREDENTIALS)))


def legacy(server: Server, agent: str | None = None) -> WildfireClient:
    """A WildFire client with a legacy key."""
    return WildfireClient(http(server), URL, LegacyKey(API_KEY, agent))


def form(request: Any) -> dict[str, str]:
    """The fields of a multipart form, files as text."""
    boundary = request.headers["Content-Type"].partition("boundary=")[2].encode()
    parts = request.body.split(b"--" + boundary)[1:-1]
    found = {}
    for part in parts:
        head, _rest, body = part.strip(b"\r\n").partition(b"\r\n\r\n")
        found[head.decode().partition('name="')[2].partition('"')[0]] = body.decode()
    return found


def registry_config(**parts: Any) -> dict[str, Any]:
    """A complete registry configuration, different from the simulator's."""
    given: dict[str, Any] = {
        "base_url": "https://console.example.com/api",
        "list": {"method": "GET", "path": "/keys?tenant={tsg_id}", "items": "data.keys"},
        "create": {
            "method": "POST",
            "path": "/keys",
            "body": {"type": "{product}", "binding": {"account": "{service_account}"}, "tags": ["tsg {tsg_id}", 1]},
        },
        "revoke": {"method": "DELETE", "path": "/keys/{id}"},
        "apply": None,
        "fields": {
            "id": "key.id",
            "api_key": "key.text",
            "product": "type",
            "service_account": "account",
            "status": "state",
        },
        "statuses": {"pending": "PENDING", "valid": "ACTIVE", "revoked": "REVOKED", "expired": "EXPIRED"},
        "products": {"advanced_wildfire": "NGFW"},
    }
    return {**given, **parts}


def listed(*keys: Mapping[str, Any]) -> dict[str, Any]:
    """The list response of a registry with that configuration."""
    return {"data": {"keys": list(keys)}}
