# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Request validation against AWS's service models, which botocore ships: types, lengths, ranges, patterns, choices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape

from .aws_protocol import AwsError

# Java's character classes for letters, separators and digits, which AWS's tag patterns use.
CLASSES = {
    r"\p{L}": r"\w",
    r"\p{Z}": " \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000",
    r"\p{N}": "",
}
TYPES: dict[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "blob": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
}


@lru_cache
def service_model(service: str) -> ServiceModel:
    """The model of a service."""
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


def operations(service: str) -> tuple[str, ...]:
    """The names of a service's operations."""
    return tuple(service_model(service).operation_names)


def check(service: str, operation: str, document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Validate and return the parameters of a call; an operation that the model does not have passes.

    :raises AwsError: SerializationException for a wrong type, ValidationException for the rest.
    """
    shape = _input(service, operation)
    problems = list(_problems(shape, document, "")) if shape else []
    if problems:
        plural = "s" if len(problems) > 1 else ""
        text = f"{len(problems)} validation error{plural} detected: {'; '.join(problems)}"
        raise AwsError("ValidationException", text, 400)
    return document


def from_query(service: str, operation: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """Convert the parameters of the query protocol, in which lists are C(Name.member.1), to a document."""
    shape = _input(service, operation)
    found: dict[str, Any] = _read(shape, parameters, "") if shape else {}
    return found


def _input(service: str, operation: str) -> Shape | None:
    model = service_model(service)
    return model.operation_model(operation).input_shape if operation in model.operation_names else None


def _read(shape: Shape, parameters: Mapping[str, str], prefix: str) -> Any:
    if shape.type_name == "structure":
        start = f"{prefix}." if prefix else ""
        members = {name: _read(member, parameters, start + name) for name, member in shape.members.items()}
        return {name: value for name, value in members.items() if value not in (None, [], {})}
    if shape.type_name == "list":
        first = re.compile(rf"{re.escape(prefix)}\.member\.(\d+)(?:\.|$)")
        numbers = {int(match[1]): None for match in map(first.match, parameters) if match}
        return [_read(shape.member, parameters, f"{prefix}.member.{number}") for number in sorted(numbers)]
    text = parameters.get(prefix)
    if text is None or shape.type_name not in ("integer", "long"):
        return text == "true" if text in ("true", "false") and shape.type_name == "boolean" else text
    return int(text) if re.fullmatch(r"-?\d{1,18}", text) else text


def _problems(shape: Shape, value: Any, where: str) -> Iterator[str]:
    wanted = TYPES.get(shape.type_name)
    if wanted and not (isinstance(value, wanted) and (bool in wanted or not isinstance(value, bool))):
        raise AwsError("SerializationException", f"The value of {where or 'the request'} has a wrong type", 400)
    if shape.type_name == "structure":
        yield from _member_problems(shape, value, where)
    if shape.type_name == "list":
        for index, item in enumerate(value, 1):
            yield from _problems(shape.member, item, f"{where}.{index}.member")
    shown = "Value" if shape.metadata.get("sensitive") else f"Value '{value}'"
    for constraint in _broken(shape, value):
        yield f"{shown} at '{where}' failed to satisfy constraint: Member must {constraint}"


def _member_problems(shape: Shape, value: Mapping[str, Any], where: str) -> Iterator[str]:
    for name, member in shape.members.items():
        path = f"{where}.{_camel(name)}" if where else _camel(name)
        if value.get(name) is not None:
            yield from _problems(member, value[name], path)
        elif name in shape.required_members:
            yield f"Value null at '{path}' failed to satisfy constraint: Member must not be null"


def _broken(shape: Shape, value: Any) -> Iterator[str]:
    limits = shape.metadata
    number = shape.type_name in ("integer", "long")
    if number or shape.type_name in ("string", "list", "blob"):
        size, what = (value, "value") if number else (_length(shape, value), "length")
        if size < limits.get("min", size):
            yield f"have {what} greater than or equal to {limits['min']}"
        if size > limits.get("max", size):
            yield f"have {what} less than or equal to {limits['max']}"
    if "enum" in limits and value not in limits["enum"]:
        yield f"satisfy enum value set: [{', '.join(limits['enum'])}]"
    if "pattern" in limits and not _pattern(limits["pattern"]).fullmatch(value):
        yield f"satisfy regular expression pattern: {limits['pattern']}"


def _length(shape: Shape, value: Any) -> int:
    return len(value) * 3 // 4 if shape.type_name == "blob" else len(value)  # blobs are base64-encoded


@lru_cache
def _pattern(pattern: str) -> re.Pattern[str]:
    flags = 0 if "\\p{" in pattern else re.ASCII
    for java, python in CLASSES.items():
        pattern = pattern.replace(java, python)
    return re.compile(pattern, flags)


def _camel(name: str) -> str:
    return name[:1].lower() + name[1:]
