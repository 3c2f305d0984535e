# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The administrative interface: JSON over plain HTTP, always bound to 127.0.0.1.

It returns every secret that was ever issued, so that users can prove that their logs contain none. Therefore it listens on loopback only.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from . import aws_model
from .clock import Clock
from .faults import AWS, FaultBoard
from .firewalls import FirewallStore
from .fleet import Fleet
from .http_server import ConnectionCounter
from .identities import Identities
from .messages import UNMATCHED, Request, Response, json_response
from .onboarding import Links
from .recorder import Recorder
from .rulestacks import RulestackStore
from .settings import Settings
from .strata.tenant import Tenant
from .tokens import TokenStore
from .validation import Invalid, Shape, number

CLOCK = Shape({"offset_seconds": number(-315_360_000, 315_360_000)}, required=("offset_seconds",))
LOOPBACK_HOST = re.compile(r"(127\.0\.0\.1|localhost)(:\d+)?")
Handler = Callable[[str, Any], Any]
SECRETS = (
    "tokens",
    "subscription_keys",
    "secret_access_keys",
    "session_tokens",
    "client_secrets",
    "access_tokens",
    "wildfire_keys",
)


@dataclass(frozen=True)
class Parts:
    """The parts of the simulator that the interface reads and changes."""

    clock: Clock
    recorder: Recorder
    identities: Identities
    tokens: TokenStore
    settings: Settings
    faults: FaultBoard
    connections: ConnectionCounter
    ngfw_routes: tuple[str, ...]
    tenant: Tenant
    rulestacks: RulestackStore
    firewalls: FirewallStore
    links: Links

    @property
    def routes(self) -> dict[str, tuple[str, ...]]:
        """Names of the routes by service."""
        return {"ngfw": self.ngfw_routes, **self.tenant.routes, **_aws_routes()}


def _firewall_handlers(parts: Parts) -> dict[str, Handler]:
    return {
        "GET /firewalls": lambda _id, _body: asdict(parts.settings.firewalls),
        "PUT /firewalls": lambda _id, body: parts.settings.change_firewalls(body),
        "PUT /firewalls/{id}": parts.firewalls.change,
        "POST /firewalls/settle": lambda _id, _body: {"settled": parts.firewalls.settle(everything=True)},
        "POST /firewalls/reset": lambda _id, _body: parts.firewalls.reset(),
    }


@cache
def _aws_routes() -> dict[str, tuple[str, ...]]:
    return {service: tuple(f"{service}:{name}" for name in aws_model.operations(service)) for service in AWS}


class Admin:
    """Handler of admin requests. Its route handlers get the path variable and the JSON body."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        fleet = Fleet(parts.settings.accounts)
        self._routes: dict[str, tuple[re.Pattern[str], Handler]] = {
            name: (re.compile(name.replace("{id}", "([^/]+)")), handler)
            for name, handler in {
                "GET /healthz": lambda _id, _body: {"status": "ok", "pid": os.getpid()},
                "GET /state": self._state,
                "GET /secrets": self._secrets,
                "GET /access": lambda _id, _body: asdict(parts.settings.access),
                "PUT /access": lambda _id, body: parts.settings.change_access(body),
                "PUT /accounts/{id}": parts.settings.change_account,
                "POST /accounts/reset": self._reset_accounts,
                "GET /rulestacks": lambda _id, _body: asdict(parts.settings.rulestacks),
                "PUT /rulestacks": lambda _id, body: parts.settings.change_rulestacks(body),
                "POST /rulestacks/settle": lambda _id, _body: {"settled": parts.rulestacks.settle(everything=True)},
                "POST /rulestacks/reset": self._reset_rulestacks,
                **_firewall_handlers(parts),
                "POST /fleet": lambda _id, body: fleet.grow(body),
                "GET /faults": lambda _id, _body: {"faults": parts.faults.describe()},
                "POST /faults": self._order,
                "DELETE /faults": self._clear_faults,
                "GET /clock": lambda _id, _body: {"offset_seconds": parts.clock.offset_seconds},
                "PUT /clock": self._set_clock,
                "POST /credentials/expire": lambda _id, _body: {"expired": parts.identities.expire_sessions()},
                "DELETE /calls": self._reset_calls,
                **parts.tenant.admin_handlers(),
            }.items()
        }

    def __call__(self, request: Request) -> Response:
        """Handle one request; a Host header other than loopback is rejected, as protection against DNS rebinding."""
        if not LOOPBACK_HOST.fullmatch(request.headers.get("Host") or "127.0.0.1"):
            return json_response(403, {"error": "only for loopback hosts"})
        called = f"{request.method} {request.path}"
        for name, (pattern, handler) in self._routes.items():
            match = pattern.fullmatch(called)
            if match:
                response = self._answer(handler, match[1] if match.groups() else "", request)
                response.route = name.partition(" ")[2]
                return response
        allowed = sorted(self._routes)
        return Response(404, json.dumps({"error": "unknown path", "allowed": allowed}).encode(), route=UNMATCHED)

    def _answer(self, handler: Handler, variable: str, request: Request) -> Response:
        try:
            body = json.loads(request.body) if request.body.strip() else {}
        except ValueError:
            return json_response(400, {"error": "the body is not JSON"})
        try:
            return json_response(200, handler(variable, body))
        except Invalid as failure:
            return json_response(400, {"error": str(failure)})

    def _state(self, _id: str, _body: Any) -> dict[str, Any]:
        parts = self._parts
        return {
            **parts.tokens.describe(),
            "calls": parts.recorder.calls("ngfw"),
            "calls_by_path": parts.recorder.calls("ngfw_paths"),
            "aws_calls": parts.recorder.calls("aws"),
            "connections": {"current": parts.connections.current, "peak": parts.connections.peak},
            "access": asdict(parts.settings.access),
            "accounts": {name: asdict(account) for name, account in parts.settings.accounts.items()},
            "links": parts.links.describe(),
            "routes": list(parts.ngfw_routes),
            "strata": parts.tenant.describe(),
        }

    def _secrets(self, _id: str, _body: Any) -> dict[str, list[str]]:
        self._parts.identities.keep_user_secrets()
        kinds: dict[str, list[str]] = {kind: [] for kind in SECRETS}
        return {**kinds, **self._parts.recorder.secrets()}

    def _set_clock(self, _id: str, body: Any) -> dict[str, float]:
        CLOCK.check(body)
        self._parts.clock.offset_seconds = float(body["offset_seconds"])
        return {"offset_seconds": self._parts.clock.offset_seconds}

    def _order(self, _id: str, body: Any) -> dict[str, int]:
        order = body if isinstance(body, dict) else {}
        route, names = order.get("route", "*"), self._parts.routes.get(str(order.get("service", "ngfw")))
        known = ("*", *(names or ()), *(re.split("[ :]", name, maxsplit=1)[-1] for name in names or ()))
        if names is not None and isinstance(route, str) and route not in known:
            raise Invalid(f"unknown route; allowed: *, {', '.join(names)}")
        return {"id": self._parts.faults.order(body)}

    def _clear_faults(self, _id: str, _body: Any) -> dict[str, Any]:
        self._parts.faults.clear()
        return {}

    def _reset_rulestacks(self, _id: str, _body: Any) -> dict[str, Any]:
        self._parts.rulestacks.reset()
        return {}

    def _reset_accounts(self, _id: str, _body: Any) -> dict[str, Any]:
        self._parts.links.reset()
        return {}

    def _reset_calls(self, _id: str, _body: Any) -> dict[str, Any]:
        self._parts.recorder.reset_calls()
        return {}
