# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Convert the values of a role's variables to the types in its argument spec.

Extra vars, surveys and AWX pass strings, and ansible-core 2.19 turns strings that AWX marks as unsafe into numbers, dates and booleans. For roles,
ansible-core only checks that a value can be converted; it does not convert it.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

Spec = Mapping[str, Mapping[str, Any]]


class WrongType(ValueError):
    """A value of another type that cannot be converted without guessing."""


def typed(spec: Spec, given: Mapping[str, Any], texts: Set[str]) -> tuple[dict[str, Any], list[str]]:
    """Convert the given options; return them, and the problems found.

    :param spec: the options of a role's entry point by name.
    :param texts: names of dictionaries in which every value is a string, as AWS returns them.
    """
    prepared, faults = {}, []
    for name, value in given.items():
        try:
            prepared[name] = _prepared(name, plain(value), spec[name], texts)
        except WrongType as error:
            faults.append(str(error))
    if faults:
        return {}, faults
    checked = ArgumentSpecValidator(dict(_without_defaults(spec))).validate(prepared)
    if checked.error_messages:
        return {}, list(checked.error_messages)
    found = {name: checked.validated_parameters[name] for name in given}
    return {name: _finished(value, spec[name], name in texts, texts) for name, value in found.items()}, []


def plain(value: Any) -> Any:
    """A plain value: vaulted strings decrypted, lazy containers resolved, tags of ansible-core removed."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {plain(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(entry) for entry in value]
    return (
        str(value) if isinstance(value, Sequence) else value
    )  # before ansible-core 2.19, a vaulted string is a sequence


def _without_defaults(spec: Spec) -> Iterator[tuple[str, dict[str, Any]]]:
    """The spec without defaults: they are documentation and may be templates; the role's own defaults apply."""
    for name, entry in spec.items():
        kept = {key: value for key, value in entry.items() if key not in ("default", "description", "required")}
        if kept.get("type") == "path":  # the module expands it, on the host where it runs
            kept["type"] = "str"
        if "options" in entry:
            required = {key for key, option in entry["options"].items() if option.get("required")}
            options = dict(_without_defaults(entry["options"]))
            kept["options"] = {key: {**option, "required": key in required} for key, option in options.items()}
        yield name, kept


def _prepared(name: str, value: Any, entry: Mapping[str, Any], texts: Set[str]) -> Any:
    """A value as the validator of ansible-core expects it."""
    kind = entry.get("type", "str")
    if kind in ("str", "path"):
        return _text(name, value)
    if value is None or value == "":
        raise WrongType(f"{name} is empty; it must be of type {kind}.")
    if kind == "list":
        return [_element(f"{name}[{number}]", item, entry, texts) for number, item in enumerate(_listed(name, value))]
    if kind in ("int", "float") and isinstance(value, bool):
        raise WrongType(f"{name} is the boolean {json.dumps(value)}; it must be of type {kind}.")
    return value


def _element(name: str, value: Any, entry: Mapping[str, Any], texts: Set[str]) -> Any:
    options = entry.get("options")
    if not options or not isinstance(value, dict):
        return _prepared(name, value, {"type": entry.get("elements", "raw")}, texts)
    return {
        key: _prepared(f"{name}.{key}", item, options[key], texts) if key in options else item
        for key, item in value.items()
    }


def _listed(name: str, value: Any) -> list[Any]:
    """A list, also from a string: JSON, or separated by commas."""
    if isinstance(value, list):
        return value
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            return list(json.loads(value))
        except ValueError as error:
            raise WrongType(f"{name} is not a JSON list: {error}.") from None
    if isinstance(value, str):
        return [part.strip() for part in value.split(",")]
    if isinstance(value, dict):
        raise WrongType(f"{name} is a dictionary; it must be of type list.")
    return [value]


def _text(name: str, value: Any) -> str:
    """A string, also from types that ansible-core makes of strings, if the conversion back is unambiguous."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value.isoformat()
    raise WrongType(f"{name} is of type {type(value).__name__}; it must be a string. Put it in quotes.")


def _finished(value: Any, entry: Mapping[str, Any], as_texts: bool, texts: Set[str]) -> Any:
    """A converted value without suboptions that were not given."""
    if as_texts and value is not None:
        return _leaves(value)
    options = entry.get("options")
    if not options:
        return value
    return [
        {key: _finished(item, options[key], key in texts, texts) for key, item in element.items() if item is not None}
        for element in value
    ]


def _leaves(value: Any) -> Any:
    """A document with all values as strings, in JSON notation."""
    if isinstance(value, dict):
        return {_leaves(key): _leaves(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_leaves(item) for item in value]
    if isinstance(value, (bool, float)):
        return json.dumps(value)
    return value.isoformat() if isinstance(value, datetime.datetime) else _text("", value)
