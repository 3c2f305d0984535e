# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare and merge values of a field, of which a desired one may say only a part.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from .codec import matched, values_of
from .descriptor import Field, Values


def part(field: Field, value: Any, target: Any) -> Any:
    """The part of a value that a desired value is about."""
    if field.type == "object" and not field.whole:
        by_option = {inner.option: inner for inner in field.fields}
        given = value or {}
        return {option: part(by_option[option], given.get(option), one) for option, one in target.items()}
    if field.type == "items":
        return _described_items(field, value or [], target)
    return value


def _described_items(field: Field, items: Sequence[Values], target: Sequence[Values]) -> list[Any]:
    """The items in the order of the target, each reduced to what the target says of it; items that it removes are at the end."""
    indexes = matched(field, target, items)
    found = [
        None if index is None else _described_item(field, items[index], one) for index, one in zip(indexes, target)
    ]
    removed = [] if field.additive else [item for index, item in enumerate(items) if index not in indexes]
    return [*found, *removed]


def _described_item(field: Field, item: Values, target: Values) -> Values:
    """What the target says of an item. The server may not know all that distinguishes items."""
    unknown = {option: target[option] for option in (*field.identity, *field.apart) if option in target}
    seen: Values = part(dataclasses.replace(field, type="object"), item, target)
    return {**seen, **{option: value for option, value in unknown.items() if not item.get(option)}}


def merged_value(field: Field, observed: Any, target: Any) -> Any:
    """A value after a change. :param observed: the value before. :param target: in canonical form."""
    if field.type == "object" and not field.whole:
        by_option = {inner.option: inner for inner in field.fields}
        given = observed or {}
        merged = {option: merged_value(by_option[option], given.get(option), one) for option, one in target.items()}
        return {**given, **merged}
    if field.type == "items":
        whole = dataclasses.replace(field, type="object")
        items = [values_of(field.fields, None), *(observed or [])]  # what the server sets for a new one
        indexes = matched(field, target, items[1:])
        others = [item for index, item in enumerate(items[1:]) if field.additive and index not in indexes]
        found = zip(indexes, target)
        return [*(merged_value(whole, items[0 if index is None else index + 1], one) for index, one in found), *others]
    return target
