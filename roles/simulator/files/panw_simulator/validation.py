# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Strict validation of administrator input: error messages name the invalid field and the allowed values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

Check = Callable[[Any], str | None]


class Invalid(ValueError):
    """Invalid input; the text names the field and the allowed values."""


@dataclass(frozen=True)
class Shape:
    """An object with known fields. A check returns None, or a description of valid values."""

    fields: Mapping[str, Check]
    required: Collection[str] = ()

    def check(self, document: Any, where: str = "", also: Collection[str] = ()) -> None:
        """Check a document.

        :param where: context for the messages.
        :param also: further field names to list as allowed.
        :raises Invalid: with the first problem.
        """
        if not isinstance(document, dict):
            raise Invalid("the body must be a JSON object")
        suffix = f" {where}" if where else ""
        for name, value in document.items():
            if name not in self.fields:
                raise Invalid(f"unknown field '{name}'{suffix}; allowed: {', '.join(sorted({*self.fields, *also}))}")
            wanted = self.fields[name](value)
            if wanted is not None:
                raise Invalid(f"'{name}'{suffix} must be {wanted}")
        for name in self.required:
            if name not in document:
                raise Invalid(f"'{name}'{suffix} is required")


def boolean() -> Check:
    """True or false, strictly of type bool."""
    return lambda value: None if isinstance(value, bool) else "true or false"


def text(null: bool = False) -> Check:
    """A nonempty string, or null if allowed."""
    wanted = "a string that is not empty" + (" or null" if null else "")
    return lambda value: None if (null and value is None) or (isinstance(value, str) and value) else wanted


def choice(*allowed: Any) -> Check:
    """One of the given values."""
    wanted = "one of " + ", ".join(map(str, allowed))
    return lambda value: None if not isinstance(value, (bool, list, dict)) and value in allowed else wanted


def integer(least: int, most: int, null: bool = False) -> Check:
    """A whole number within limits, or null if allowed."""
    wanted = f"a whole number from {least} to {most}" + (" or null" if null else "")

    def check(value: Any) -> str | None:
        if null and value is None:
            return None
        return None if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most else wanted

    return check


def number(least: float, most: float, null: bool = False) -> Check:
    """A number within limits, or null if allowed."""
    wanted = f"a number from {least} to {most}" + (" or null" if null else "")

    def check(value: Any) -> str | None:
        if null and value is None:
            return None
        fine = isinstance(value, (int, float)) and not isinstance(value, bool) and least <= value <= most
        return None if fine else wanted

    return check
