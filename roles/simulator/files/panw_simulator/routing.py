# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes of a gateway: templates, path variables, stages and regions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any

from .envelope import GatewayError, ServiceError
from .messages import Request, Response
from .tokens import AdminRole, Token

READERS = frozenset({AdminRole.FIREWALL, AdminRole.RULESTACK, AdminRole.GLOBAL_RULESTACK})
EVERYBODY = frozenset(AdminRole)
DEFAULT_STAGE = "prod"
HOST = re.compile(r"api\.([a-z0-9-]+)\.aws\.cloudngfw\.paloaltonetworks\.com", re.IGNORECASE)


class Auth(Enum):
    """How a route authenticates the caller: an AWS signature, a token with a subscription key, or not at all."""

    SIGNATURE = "signature"
    TOKEN = "token"
    NONE = "none"


@dataclass(frozen=True)
class Place:
    """The region and stage that a request is for."""

    region: str
    stage: str
    segments: tuple[str, ...]


@dataclass(frozen=True)
class Caller:
    """An authenticated caller: the AWS account and role, and the token on routes that require one."""

    account_id: str
    role_arn: str
    token: Token | None = None

    @property
    def admin_role(self) -> AdminRole:
        """The admin role of the token."""
        if self.token is None:
            raise ValueError("the caller has no token")
        return self.token.admin_role


@dataclass
class Call:
    """A request on its route. ``caller`` is set after authentication."""

    request: Request
    route: Route
    place: Place
    path: dict[str, str]
    _parameters: dict[str, Any] | None = field(default=None, repr=False)

    @property
    def parameters(self) -> dict[str, Any]:
        """Query and JSON body combined, names in lowercase; the body takes precedence.

        :raises GatewayError: the body is not a JSON object.
        """
        if self._parameters is None:
            query = {name.lower(): value for name, value in self.request.query_items()}
            body = {name.lower(): value for name, value in self.document.items()}
            self._parameters = {**query, **body}
        return self._parameters

    @property
    def document(self) -> dict[str, Any]:
        """The JSON body, empty if there is none.

        :raises GatewayError: it is not a JSON object.
        """
        if not self.request.body.strip():
            return {}
        try:
            document = json.loads(self.request.body)
        except ValueError:
            document = False
        if document is not None and not isinstance(document, dict):
            raise GatewayError(400, "Invalid request body", "BadRequestException")
        return document or {}

    def text(self, name: str) -> str | None:
        """A text parameter; None if it is missing or empty."""
        value = self.parameters.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, (str, int, float)) or isinstance(value, bool):
            raise ServiceError("InvalidRequestException", f"invalid request: {name} must be a string")
        return str(value)

    def flag(self, name: str, default: bool) -> bool:
        """A boolean parameter, as JSON or as the words true and false."""
        value = self.parameters.get(name, default)
        word = str(value).lower()
        if word not in ("true", "false"):
            raise ServiceError("InvalidRequestException", f"invalid request: {name} must be true or false")
        return word == "true"

    def integer(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number within limits, as a number or a numeric string."""
        value = self.parameters.get(name, default)
        digits = "" if isinstance(value, bool) else str(value)
        if isinstance(value, float) and value.is_integer():
            digits = str(int(value))
        if not re.fullmatch(r"[0-9]{1,9}", digits) or not least <= int(digits) <= most:
            raise ServiceError("InvalidRequestException", f"invalid request: {name} must be from {least} to {most}")
        return int(digits)


Content = dict[str, Any] | str | Response | None
Handler = Callable[[Call, Caller], Content]


@dataclass(frozen=True)
class Route:
    """One operation of the service.

    :param roles: admin roles whose token is accepted; unused if the route requires none.
    :param management: served in the management-plane region only.
    """

    method: str
    template: str
    handler: Handler
    auth: Auth = Auth.TOKEN
    roles: frozenset[AdminRole] = frozenset()
    management: bool = False

    @property
    def name(self) -> str:
        """Method and template: the name of the route in logs, counters and faults."""
        return f"{self.method} {self.template}"


@lru_cache(maxsize=1024)
def _parts(template: str) -> tuple[str, ...]:
    return (*template.strip("/").split("/"), *([""] if template.endswith("/") else []))


def match_template(template: str, segments: Sequence[str]) -> dict[str, str] | None:
    """The variables of a template such as ``/a/{id}`` if the path matches, otherwise None; an empty segment matches no variable."""
    parts = _parts(template)
    if len(parts) != len(segments):
        return None
    values = {}
    for part, segment in zip(parts, segments, strict=True):
        if part.startswith("{") and segment:
            values[part.strip("{}")] = segment
        elif part != segment:
            return None
    return values


class Router:
    """Finds the region, the stage and the route of a request."""

    def __init__(self, routes: Iterable[Route], regions: Iterable[str], region: str, management_region: str) -> None:
        self._routes: dict[tuple[str, int], list[Route]] = {}
        for route in routes:
            self._routes.setdefault((route.method, len(_parts(route.template))), []).append(route)
        self._regions = {*regions, region, management_region}
        self._region = region
        self._management_region = management_region

    def place(self, request: Request) -> Place:
        """Region and stage: a stage that is a region, else a Host of the vendor's form, else the default region."""
        segments = request.segments()
        match = HOST.fullmatch((request.headers.get("Host") or "").partition(":")[0])
        region = match[1].lower() if match and match[1].lower() in self._regions else self._region
        if len(segments) < 2 or segments[0] in ("v1", "v2") or segments[1] not in ("v1", "v2"):
            return Place(region, DEFAULT_STAGE, tuple(segments))
        stage = segments[0]
        return Place(stage if stage in self._regions else region, stage, tuple(segments[1:]))

    def find(self, request: Request, place: Place) -> Call | None:
        """The call that a request makes, or None if the route does not exist."""
        for route in self._routes.get((request.method, len(place.segments)), ()):
            values = match_template(route.template, place.segments)
            if values is not None and (not route.management or place.region == self._management_region):
                return Call(request, route, place, values)
        return None
