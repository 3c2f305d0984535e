# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan the change of one resource. Pure: compares what was read with what is desired, and calls nothing.

A desired value that is omitted is not managed. The server's defaults, update tokens and the order of sets are not differences.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from ..codec import decode_name
from . import codec
from .comparison import merged_value, part
from .descriptor import Resource, Values

Address = tuple[str, ...]
"""The names in a resource's path: rulestack, for rules the rule list, then the name or priority."""
Key = tuple[str, str]
"""A resource within its rulestack: section of the document, and name."""


@dataclasses.dataclass(frozen=True)
class Observed:
    """A resource as read.

    :param raw: the JSON that the server sent for it. :param values: of all fields, in canonical form.
    :param update_token: to send with the next change. :param rulestack_state: as the server wrote it, None if it is unknown or for another resource.
    """

    address: Address
    name: str
    raw: Mapping[str, Any]
    values: Values
    update_token: str | None = None
    rulestack_state: str | None = None


@dataclasses.dataclass(frozen=True)
class Desired:
    """A resource as desired.

    :param values: the given options; None to remove the resource. :param exact: whether omitted options return to their defaults.
    """

    address: Address
    name: str
    values: Values | None
    exact: bool = False


@dataclasses.dataclass(frozen=True)
class Change:
    """A write.

    :param operation: C(create), C(update), C(move) to another priority, or C(delete). :param options: which options change.
    :param before: all values before; None if it does not exist. :param after: all values after; None if it is removed.
    :param body: the JSON to send. :param observed: the resource as planned with.
    """

    resource: Resource
    operation: str
    desired: Desired
    options: tuple[str, ...]
    before: Values | None
    after: Values | None
    body: Mapping[str, Any] | None = dataclasses.field(repr=False, default=None)
    observed: Observed | None = dataclasses.field(repr=False, default=None)

    @property
    def key(self) -> Key:
        """What the change is about."""
        return (self.resource.section, self.desired.name)

    @property
    def only_tags(self) -> bool:
        """Whether nothing but tags that are a resource of their own changes."""
        return self.resource.tags is not None and self.operation == "update" and self.options == ("tags",)

    @property
    def address(self) -> Address:
        """The names in the resource's path."""
        return self.desired.address

    @property
    def title(self) -> str:
        """The resource in words."""
        return title(self.resource, self.desired.address, self.desired.name)


def title(resource: Resource, address: Address, name: str) -> str:
    """A resource in words."""
    if len(address) == 1:
        return f"{resource.kind} '{name}'"
    rule_list = f"{address[1]} of " if resource.addressed_by == "priority" else ""
    return f"{resource.kind} '{name}' in {rule_list}rulestack '{address[0]}'"


def plan(resource: Resource, observed: Observed | None, desired: Desired) -> Change | None:
    """The write that turns the observed resource into the desired one, None if nothing is to be done."""
    if desired.values is None:
        return _deletion(resource, observed, desired)
    if observed is None:
        return None if resource.is_reset(desired.values) else _creation(resource, desired)
    wanted = wanted_values(resource, desired)
    options = tuple(changed_options(resource, observed.values, wanted))
    moved = observed.address != desired.address
    if not options and not moved:
        return None
    more = {option for option, value in wanted.items() if value is None or not resource.by_option[option].compared}
    values = {option: wanted[option] for option in (*options, *more)}
    after = _merged(resource, observed.values, wanted)
    return Change(
        resource,
        "move" if moved else "update",
        desired,
        ("priority", *options) if moved else options,
        shown(resource, observed.address, observed.values),
        shown(resource, desired.address, after),
        _move_body(resource, observed, desired, values) if moved else _update_body(resource, observed, values),
        observed,
    )


def shown(resource: Resource, address: Address, values: Values | None) -> Values | None:
    """The values for results, with the priority of a rule."""
    if values is None or resource.addressed_by == "name":
        return values
    return {"priority": int(address[-1]), **values}


def changed_options(resource: Resource, observed: Values, wanted: Values) -> Iterator[str]:
    """Which of the wanted options differ from the observed values. One that others exclude is removed with them, but is not a difference itself."""
    for option, value in wanted.items():
        field, seen = resource.by_option[option], observed.get(option)
        if not field.compared or value is None or value == seen:
            continue
        target = codec.canonical(field, value)
        if part(field, seen, target) != target:
            yield option


def refusals(resource: Resource, observed: Observed | None, desired: Desired) -> Iterator[tuple[str, str]]:
    """What the API cannot do of a plan, as pairs of option and problem, before anything is written."""
    if desired.values is None:
        if observed is not None and not resource.deletes:
            yield resource.name.option, "cannot be removed: the API has no call for it."
        return
    wanted = wanted_values(resource, desired)
    yield from _contradictions(resource, desired.values, {**(observed.values if observed else {}), **wanted})
    if observed is None:
        missing = (field for field in resource.fields if field.required and wanted.get(field.option) is None)
        for field in missing:
            yield field.option, f"is required to create the {resource.kind}."
        return
    for option in changed_options(resource, observed.values, wanted):
        field = resource.by_option[option]
        if not field.mutable:
            yield option, f"cannot change after creation; it is {observed.values[option]!r}."
        elif not field.clearable and not wanted[option]:
            yield option, "cannot be emptied: the API keeps the old value."


def _contradictions(resource: Resource, given: Values, after: Values) -> Iterator[tuple[str, str]]:
    """Options that are given and have no meaning, or are needed and missing, after a change."""
    if resource.one_of and not any(after.get(option) for option in resource.one_of):
        yield resource.one_of[0], f"or {' or '.join(map(repr, resource.one_of[1:]))} is required."
    for option, value in given.items():
        field = resource.by_option[option]
        if value is not None and field.only_with and not field.has_meaning(after):
            yield option, f"is only valid with '{field.only_with[0]}: {field.only_with[1]}'."


def wanted_values(resource: Resource, desired: Desired) -> Values:
    """The desired values, with those that follow from them.

    Options that are excluded or lose their meaning are removed, and defaults are set if the resource is to be exact.
    """
    given = {option: value for option, value in (desired.values or {}).items() if value is not None}
    wanted: Values = dict(given)
    for option, value in given.items():
        for other in resource.by_option[option].excludes if value else ():
            wanted.setdefault(other, None)
    for field in resource.fields:
        if not field.has_meaning(given):
            wanted.setdefault(field.option, None)
    if desired.exact:
        for field in resource.fields:
            has_default = field.compared and field.mutable and field.clearable and not field.required
            if not has_default or field.restored is None:
                continue
            if field.type == "object" and not field.whole:
                given_parts = {key: one for key, one in wanted.get(field.option, {}).items() if one is not None}
                wanted[field.option] = {**field.restored, **given_parts}
            else:
                wanted.setdefault(field.option, field.restored)
    return wanted


def _creation(resource: Resource, desired: Desired) -> Change:
    initial = {field.option: field.initial for field in resource.fields if field.initial is not None}
    wanted = wanted_values(resource, desired)
    values = {**initial, **wanted}
    for field in resource.fields:
        if field.type == "object" and not field.whole:
            inner = {one.option: one.initial for one in field.fields if one.initial is not None}
            values[field.option] = {
                **inner,
                **{key: one for key, one in (values.get(field.option) or {}).items() if one is not None},
            }
    if resource.tags:
        values.pop("tags", None)
    entry = codec.encode(resource.fields, values)
    if resource.name_wrapped:
        entry = {resource.name.wire: desired.name, **entry}
    body = {resource.wrapper: entry} if resource.wrapper else entry
    if resource.addressed_by == "priority":
        body = {"Priority": int(desired.address[-1]), **body}
    if resource.creates and not resource.name_wrapped:
        body = {resource.name.wire: desired.name, **body}
    after = _merged(resource, codec.values_of(resource.fields, None), {**values, **wanted})
    return Change(
        resource, "create", desired, tuple(desired.values or ()), None, shown(resource, desired.address, after), body
    )


def _deletion(resource: Resource, observed: Observed | None, desired: Desired) -> Change | None:
    if observed is None or resource.is_reset(observed.values):
        return None
    body = None
    if resource.reset is not None:
        body = _update_body(resource, observed, dict(resource.reset))
    before = shown(resource, observed.address, observed.values)
    return Change(resource, "delete", desired, (), before, None, body, observed)


def _entry(resource: Resource, observed: Observed, values: Values) -> dict[str, Any]:
    kept = {key: value for key, value in observed.raw.items() if resource.may_send(decode_name(str(key)))}
    if resource.tags:
        values = {option: value for option, value in values.items() if option != "tags"}
    return codec.encode(resource.fields, values, kept)


def _move_body(resource: Resource, observed: Observed, desired: Desired, values: Values) -> dict[str, Any]:
    return {"Priority": int(desired.address[-1]), resource.wrapper: _entry(resource, observed, values)}


def _update_body(resource: Resource, observed: Observed, values: Values) -> dict[str, Any]:
    entry = _entry(resource, observed, values)
    if observed.update_token:
        entry["UpdateToken"] = observed.update_token
    return {resource.wrapper: entry} if resource.wrapper else entry


def _merged(resource: Resource, observed: Values, wanted: Values) -> Values:
    """All values after a change."""
    after = dict(observed)
    for option, value in wanted.items():
        field = resource.by_option[option]
        target = codec.canonical(field, value)
        after[option] = merged_value(field, observed.get(option), target)
    return after
