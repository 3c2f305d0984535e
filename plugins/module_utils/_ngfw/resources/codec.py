# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Option values to and from the API's JSON, from the fields of a descriptor alone.

Answers are read with any spelling of a key that the vendor uses; requests have the documented one. What the server sent and no field
describes stays as it is, because an update replaces the whole resource.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ..codec import by_name, decode_name, lookup
from .descriptor import ANY, Field, Values

_EMPTY: tuple[Any, ...] = ("", [], {})


def values_of(fields: Sequence[Field], raw: Mapping[str, Any] | None) -> Values:
    """The values of all fields of a resource that was read; the server's default where it sent none, or one without a meaning."""
    given = by_name(raw)
    values = {field.option: canonical(field, _decoded(field, given.get(field.key))) for field in fields}
    for field in fields:
        if not field.has_meaning(values):
            values[field.option] = field.default
    return values


def canonical(field: Field, value: Any) -> Any:
    """A value in the form in which equal values are equal: sets sorted, choices as documented, texts in their canonical form."""
    if field.type == "object":
        given = value or {}
        known = {inner.option: canonical(inner, given.get(inner.option)) for inner in field.fields}
        if not field.whole:
            return {option: known[option] for option in known if given.get(option) is not None}
        return known if any(known.values()) else {**known, **field.default}
    if value is None:
        return field.default
    if field.type == "items":
        inner = dataclasses.replace(field, type="object")
        return sorted(
            (canonical(inner, item) for item in value),
            key=lambda item: [str(item.get(option) or "") for option in (*field.identity, *field.apart)],
        )
    if field.type == "list":
        items = [_text(field, str(item)) for item in value]
        return sorted(set(items))
    if field.type == "tags":
        return {str(key): str(item) for key, item in sorted(value.items())}
    return _text(field, value) if isinstance(value, str) else value


def encode(
    fields: Iterable[Field],
    values: Mapping[str, Any],
    base: Mapping[str, Any] | None = None,
    noise: Collection[str] = (),
) -> dict[str, Any]:
    """The JSON of a resource.

    :param values: the fields to set; None removes one, and so does an empty choice.
    :param base: the JSON that the server sent, whose other fields and unknown keys are kept, without C(noise).
    """
    known, given = {field.key: field for field in fields}, by_name(base)
    body: dict[str, Any] = {}
    for key, value in (base or {}).items():
        if decode_name(str(key)) in noise:
            continue
        field = known.get(decode_name(str(key)))
        if field is None:
            body[key] = value
        elif field.option not in values:
            body[field.wire] = _kept(field, given.get(field.key))
    for field in known.values():
        if field.option not in values:
            continue
        value, sent = values[field.option], given.get(field.key)
        if value is not None and (sent is not None or not _is_empty(field, value)) and (value or not field.choices):
            body[field.wire] = _encoded(field, value, sent)
    return body


def _kept(field: Field, value: Any) -> Any:
    """A value that does not change, with the documented spelling of its keys."""
    if field.type == "items" and isinstance(value, list):
        return [encode(field.fields, {}, item, field.noise) for item in value if isinstance(item, Mapping)]
    return encode(field.fields, {}, value, field.noise) if field.fields and isinstance(value, Mapping) else value


def matched(field: Field, items: Sequence[Mapping[str, Any]], others: Sequence[Mapping[str, Any]]) -> list[int | None]:
    """For each item, the index of the other one that is the same, None if there is none. An index is given once, to the item that says most."""
    left = list(range(len(others)))
    found: list[int | None] = [None] * len(items)
    keys = (*field.identity, *field.apart)
    for place in sorted(range(len(items)), key=lambda one: -sum(bool(items[one].get(option)) for option in keys)):
        common = {one: _common(field, items[place], others[one]) for one in left}
        index = max(left, key=lambda one: common[one], default=None)
        if index is not None and common[index]:
            found[place] = index
            left.remove(index)
    return found


def _common(field: Field, item: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """How many options identify two items as the same, 0 if they are not."""
    known = [option for option in (*field.identity, *field.apart) if item.get(option) and other.get(option)]
    same = all(item[option] == other[option] for option in known)
    return len(known) if same and any(option in field.identity for option in known) else 0


def _is_empty(field: Field, value: Any) -> bool:
    return not any(canonical(field, value).values()) if field.whole else value in _EMPTY


def _decoded(field: Field, value: Any) -> Any:
    """A JSON value as an option's value, None if it is missing or of another type. A missing object has the defaults of its fields."""
    if field.type == "object":
        return values_of(field.fields, value)
    if value is None:
        return None
    if field.type == "items":
        return [values_of(field.fields, item) for item in value if isinstance(item, Mapping)]
    if field.type == "tags":
        entries = value if isinstance(value, list) else []
        return {str(lookup(tag, "key")): str(lookup(tag, "value") or "") for tag in entries if lookup(tag, "key")}
    if field.type == "list":
        return [str(item) for item in value] if isinstance(value, list) else [str(value)]
    if field.type == "bool":
        return str(value).lower() == "true"
    if field.type == "int":
        return int(float(value)) if str(value).replace(".", "", 1).isdigit() else None
    return str(value)


def _encoded(field: Field, value: Any, base: Any) -> Any:
    if field.type == "object":
        partly = {option: one for option, one in value.items() if one is not None}
        given = canonical(field, value) if field.whole else partly
        return encode(field.fields, given, base if isinstance(base, Mapping) else None, field.noise)
    if field.type == "items":
        sent = [item for item in base or () if isinstance(item, Mapping)]
        wanted = canonical(field, value)
        indexes = matched(field, wanted, [values_of(field.fields, item) for item in sent])
        others = [item for index, item in enumerate(sent) if field.additive and index not in indexes]
        return [
            *(
                encode(field.fields, item, None if index is None else sent[index], field.noise)
                for item, index in zip(wanted, indexes)
            ),
            *(_kept(field, others)),
        ]
    if field.type == "tags":
        return [{"Key": str(key), "Value": str(item)} for key, item in value.items()]
    if field.type == "list":
        return list(dict.fromkeys(_text(field, str(item)) for item in value))
    return _text(field, value) if isinstance(value, str) else value


def _text(field: Field, value: str) -> str:
    for choice in field.choices:
        if value.lower() == choice.lower():
            return choice
    if field.type == "list" and value.lower() == ANY:
        return ANY
    return field.text.canonical(value) if field.text else value
