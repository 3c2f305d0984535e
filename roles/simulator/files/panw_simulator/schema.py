# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A minimal schema language for the seed file. Every error message starts with the path of the invalid key."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


class SeedError(ValueError):
    """The seed is invalid; the text names the file or the path of the invalid key."""


Schema = Callable[[Any, str], Any]
"""Takes a value and its path, returns the value with defaults filled in, or raises SeedError."""


@dataclass(frozen=True)
class Key:
    """One key of a mapping: its schema, and a default that makes it optional."""

    schema: Schema
    default: Any = field(default=...)


def mapping(keys: Mapping[str, Key]) -> Schema:
    """A mapping with exactly these keys."""

    def check(value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            raise SeedError(f"{path}: must be a mapping")
        for name in value:
            if name not in keys:
                raise SeedError(f"{_join(path, name)}: unknown key; allowed: {', '.join(keys)}")
        return {name: _one(key, value, name, path) for name, key in keys.items()}

    return check


def _one(key: Key, value: Mapping[str, Any], name: str, path: str) -> Any:
    if name in value:
        return key.schema(value[name], _join(path, name))
    if key.default is ...:
        raise SeedError(f"{_join(path, name)}: missing")
    return key.schema(key.default, _join(path, name)) if isinstance(key.default, (dict, list)) else key.default


def named(schema: Schema, pattern: str = r"[A-Za-z0-9][\w .:/-]{0,127}") -> Schema:
    """A mapping from arbitrary names to one kind of value."""

    def check(value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            raise SeedError(f"{path}: must be a mapping of names")
        for name in value:
            if not isinstance(name, str) or not re.fullmatch(pattern, name):
                raise SeedError(f"{_join(path, name)}: is not a valid name")
        return {name: schema(inner, _join(path, name)) for name, inner in value.items()}

    return check


def sequence(schema: Schema, unique: str | None = None) -> Schema:
    """A list of one kind of value; ``unique`` names a key whose values must be unique."""

    def check(value: Any, path: str) -> Any:
        if not isinstance(value, list):
            raise SeedError(f"{path}: must be a list")
        items = [schema(inner, f"{path}[{index}]") for index, inner in enumerate(value)]
        seen: set[Any] = set()
        for index, item in enumerate(items):
            if unique and item[unique] in seen:
                raise SeedError(f"{path}[{index}].{unique}: '{item[unique]}' is a duplicate")
            if unique:
                seen.add(item[unique])
        return items

    return check


def text(pattern: str = r"(?s).{0,4096}", meaning: str = "a string") -> Schema:
    """A string that matches a pattern. Account ids must be quoted in YAML, or they are numbers."""

    def check(value: Any, path: str) -> Any:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise SeedError(f"{path}: must be {meaning}")
        return value

    return check


def boolean(value: Any, path: str) -> Any:
    """True or false."""
    if not isinstance(value, bool):
        raise SeedError(f"{path}: must be true or false")
    return value


def integer(least: int, most: int) -> Schema:
    """A whole number within limits."""

    def check(value: Any, path: str) -> Any:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise SeedError(f"{path}: must be a whole number from {least} to {most}")
        return value

    return check


def choice(*allowed: str | int) -> Schema:
    """One of the given strings or numbers."""

    def check(value: Any, path: str) -> Any:
        if value not in allowed or isinstance(value, bool):
            raise SeedError(f"{path}: must be one of {', '.join(map(str, allowed))}")
        return value

    return check


def _join(path: str, name: Any) -> str:
    return f"{path}.{name}" if path else str(name)


ACCOUNT = text(r"\d{12}", "a quoted string of twelve digits")
NAME = text(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}", "a name of letters, digits, hyphens and underscores")
WORD = text(r"[\w.:/-]{1,256}", "a string without blanks")
STRING = text()
STRINGS = sequence(STRING)
TAGS = named(STRING, r"[\w+=./:@-][\w +=./:@-]{0,127}")
REGION = text(r"[a-z]{2}(-[a-z]+)+-\d", "an AWS region")
