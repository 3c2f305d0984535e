# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP requests and responses of the simulator's services."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import parse_qsl, unquote

UNMATCHED = "(no route)"


class Headers:
    """Header fields in the order received; names are case-insensitive."""

    def __init__(self, items: Iterable[tuple[str, str]] = ()) -> None:
        self.items = tuple(items)
        self._values: dict[str, list[str]] = {}
        for name, value in self.items:
            self._values.setdefault(name.lower(), []).append(value)

    def get(self, name: str) -> str | None:
        """The first value of a field, or None."""
        values = self._values.get(name.lower())
        return values[0] if values else None

    def get_all(self, name: str) -> list[str]:
        """Every value of a field in the order received."""
        return self._values.get(name.lower(), [])


@dataclass(frozen=True)
class Request:
    """One request, read completely.

    ``target`` is the request target exactly as it was sent: the signature covers it in that form.
    """

    method: str
    target: str
    headers: Headers
    body: bytes = b""
    client_ip: str = "127.0.0.1"

    @property
    def path(self) -> str:
        """Raw path, still percent-encoded."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """Raw query string without the question mark."""
        return self.target.partition("?")[2]

    def query_items(self) -> list[tuple[str, str]]:
        """Decoded query parameters; empty values are kept."""
        return parse_qsl(self.query, keep_blank_values=True)

    def segments(self) -> list[str]:
        """Decoded path segments after the leading slash; ``/a/`` has the segments ``a`` and an empty one."""
        return [unquote(segment) for segment in self.path.lstrip("/").split("/")]


class Delivery(Enum):
    """How a response is sent: complete, or corrupted on the connection. SHORT is cut like TRUNCATED, but with a matching length."""

    WHOLE = "whole"
    TRUNCATED = "truncated"
    SHORT = "short"
    CLOSED = "closed"
    RESET = "reset"


@dataclass
class Response:
    """One response. ``route`` is the template for logs and counters, never the raw path.

    :param reason: reason phrase of the status line if it differs from HTTP's.
    """

    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)
    route: str = UNMATCHED
    delivery: Delivery = Delivery.WHOLE
    reason: str = ""

    def set_header(self, name: str, value: str) -> None:
        """Replace every field of this name with one."""
        self.headers = [item for item in self.headers if item[0].lower() != name.lower()]
        self.headers.append((name, value))

    def json(self) -> Any:
        """The body as JSON, or None if it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


def json_response(status: int, document: Any, headers: Iterable[tuple[str, str]] = ()) -> Response:
    """A response with a JSON body."""
    body = json.dumps(document).encode()
    return Response(status, body, [("Content-Type", "application/json"), *headers])
