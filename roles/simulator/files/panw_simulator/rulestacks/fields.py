# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A minimal schema language for request bodies.

Keys are accepted in any letter case and in every spelling that a client uses; they are stored in the specification's
spelling. Unknown keys are stored as sent. A value of null or "" is the same as a missing key: the vendor's Go SDK sends
such values for fields that are not set.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..envelope import ServiceError

Check = Callable[[Any, str], Any]
"""Takes a value and its path in the body, returns the value to store, or raises ServiceError."""


def invalid(path: str, expected: str) -> ServiceError:
    """The error for an invalid value."""
    return ServiceError("InvalidRequestException", f"invalid request: {path} must be {expected}")


@dataclass(frozen=True)
class Field:
    """One field of a body.

    :param name: the specification's spelling. :param aliases: other spellings, beyond letter case.
    :param default: stored if the field is missing; None stores nothing.
    """

    name: str
    check: Check
    required: bool = False
    default: Any = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Body:
    """A JSON object with these fields, and any others."""

    fields: tuple[Field, ...]

    def parse(self, document: Mapping[str, Any], path: str = "") -> dict[str, Any]:
        """The entry to store.

        :param path: of the object in the body, for messages.
        :raises ServiceError: a field is missing or invalid.
        """
        sent, unknown = self._sort(document)
        entry = {}
        for field in self.fields:
            where = f"{path}.{field.name}" if path else field.name
            if field.name in sent:
                entry[field.name] = field.check(sent[field.name], where)
            elif field.required:
                raise ServiceError("InvalidRequestException", f"invalid request: {where} is required")
            elif field.default is not None:
                entry[field.name] = field.default
        return {**unknown, **entry}

    def _sort(self, document: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Known fields by name, and the others; the specification's spelling takes precedence over an alias."""
        sent: dict[str, Any] = {}
        unknown: dict[str, Any] = {}
        for key, value in document.items():
            name = self._spellings.get(key.lower())
            if value is None or value == "":
                continue
            if name is None:
                unknown[key] = value
            elif name not in sent or key.lower() == name.lower():
                sent[name] = value
        return sent, unknown

    @cached_property
    def _spellings(self) -> dict[str, str]:
        return {spelling.lower(): field.name for field in self.fields for spelling in (field.name, *field.aliases)}


def text(pattern: str = r"(?s).*", longest: int | None = None) -> Check:
    """A string that matches a pattern, of at most ``longest`` characters."""

    def check(value: Any, path: str) -> Any:
        if not isinstance(value, str):
            raise invalid(path, "a string")
        if longest is not None and len(value) > longest:
            raise invalid(path, f"at most {longest} characters long")
        if not re.fullmatch(pattern, value):
            raise invalid(path, f"a string that matches ^{pattern}$")
        return value

    return check


def boolean(value: Any, path: str) -> Any:
    """True or false."""
    if not isinstance(value, bool):
        raise invalid(path, "true or false")
    return value


def integer(least: int, most: int) -> Check:
    """A whole number within limits."""

    def check(value: Any, path: str) -> Any:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise invalid(path, f"a whole number from {least} to {most}")
        return value

    return check


def choice(*allowed: str) -> Check:
    """One of the given words."""

    def check(value: Any, path: str) -> Any:
        if value not in allowed:
            raise invalid(path, f"one of {', '.join(allowed)}")
        return value

    return check


def sequence(item: Check, least: int = 0, most: int | None = None) -> Check:
    """A list of ``least`` to ``most`` items."""

    def check(value: Any, path: str) -> Any:
        if not isinstance(value, list) or len(value) < least:
            raise invalid(path, "a list" if least == 0 else f"a list of at least {least} item")
        if most is not None and len(value) > most:
            raise invalid(path, f"a list of at most {most} items")
        return [item(inner, f"{path}[{index}]") for index, inner in enumerate(value)]

    return check


def nested(body: Body) -> Check:
    """A JSON object."""

    def check(value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            raise invalid(path, "an object")
        return body.parse(value, path)

    return check


def ipv4(value: Any, path: str) -> Any:
    """An IPv4 address, or a block in CIDR notation."""
    address, _slash, length = value.partition("/") if isinstance(value, str) else ("", "", "")
    try:
        ipaddress.IPv4Address(address)
    except ValueError:
        raise invalid(path, "an IPv4 address or CIDR block") from None
    if value != address and not (re.fullmatch(r"[0-9]{1,2}", length) and int(length) <= 32):
        raise invalid(path, "an IPv4 address or CIDR block")
    return value


def ipv4_or_any(value: Any, path: str) -> Any:
    """The word any, an IPv4 address, or a block in CIDR notation."""
    return value if isinstance(value, str) and value.lower() == "any" else ipv4(value, path)
