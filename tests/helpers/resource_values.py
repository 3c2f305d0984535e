# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Valid option values of any resource, as strategies of hypothesis that follow from the descriptors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog import (
    EVERY_RESOURCE,
    IN_RULESTACK,
    RULESTACK_RESOURCE,
    sections_of,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.codec import values_of
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.descriptor import Field, Resource, Values
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.planner import Change, Observed
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.validation import value_problems
from hypothesis import strategies as st

Names = Mapping[str, Sequence[str]]
"""The names of the objects that exist, by section."""
NO_NAMES: Names = {}
ALL = (RULESTACK_RESOURCE, *EVERY_RESOURCE)
# Without the rule lists that have the same descriptor as another.
DISTINCT = tuple(resource for resource in ALL if resource.section not in ("pre_rules", "post_rules"))
# Each type of text takes those that it finds valid.
TEXTS = (
    *("any", "Any", "10.0.0.0/8", "192.0.2.7", "192.0.2.7/32", "198.51.100.0/255.255.255.0", "US", "de", "DE"),
    *("example.com", "*.Example.ORG", "Application-Default", "TCP:443", "udp: 53,1000-2000", "UDP:53,1000-2000"),
    *(
        "https://example.com/list",
        "123456789012",
        "paste.example.com/",
        "arn:aws:acm:us-east-1:123456789012:certificate/a",
    ),
)

NAMES, PREDEFINED = ("one", "two", "three"), ("games", "news")


def options(resource: Resource, names: Names = NO_NAMES) -> st.SearchStrategy[Values]:
    """Valid values with all that is required to create the resource. References are to the named objects."""
    given = {field.option: _value(field, names) for field in resource.fields}
    required = {field.option: given.pop(field.option) for field in resource.fields if field.required}
    return (
        st.fixed_dictionaries(required, optional=given)
        .map(lambda values: _settled(resource, values))
        .filter(lambda values: not list(value_problems(resource, values)))
    )


def least(resource: Resource) -> Values:
    """The fewest valid values with which the resource can be created."""
    return _settled(resource, {field.option: _least(field) for field in resource.fields if field.required})


def _least(field: Field) -> Any:
    if field.type == "object":
        return {}
    text = field.choices[-1] if field.choices else next(text for text in TEXTS if _is_valid(field, text))
    return [text] if field.type == "list" else text


def _is_valid(field: Field, text: str) -> bool:
    return not (field.text and field.text.problem(text))


def _value(field: Field, names: Names) -> st.SearchStrategy[Any]:
    if field.type == "object":
        return st.fixed_dictionaries({}, optional={inner.option: _value(inner, names) for inner in field.fields})
    if field.type == "tags":
        return st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "x"]), max_size=2)
    if field.type == "bool":
        return st.booleans()
    if field.type == "int":
        return st.integers(field.minimum, field.maximum)
    text = st.sampled_from(_texts(field, names) or [""])
    if field.type == "list":
        return st.lists(text.filter(bool), min_size=field.required, max_size=3) if _texts(field, names) else st.just([])
    return st.just("") | text if field.may_be_empty else text


def _texts(field: Field, names: Names) -> list[str]:
    """Valid texts; names of objects that exist, if any are given."""
    if field.choices:
        return [*field.choices, *map(str.lower, field.choices), *map(str.upper, field.choices)]
    if field.references:
        return list(names.get(field.references, ())) if names else ["one", "two"]
    return [text for text in TEXTS if _is_valid(field, text)]


def documents(scope: str) -> st.SearchStrategy[Values]:
    """Whole rulestacks of one name and scope with everything that they refer to. Each has the same file types, which cannot be removed."""
    return st.fixed_dictionaries(
        {
            section: st.lists(st.sampled_from(PREDEFINED if section.startswith("predefined") else NAMES), unique=True)
            for section in sections_of(scope)
        }
    ).flatmap(lambda names: _document(scope, {**names, "file_blocking": ["pdf"]}))


def _document(scope: str, names: Names) -> st.SearchStrategy[Values]:
    own = {option: _value(RULESTACK_RESOURCE.by_option[option], names) for option in ("profiles", "tags")}
    sections = {
        section: st.tuples(*(_item(IN_RULESTACK[section], name, names) for name in names[section])).map(list)
        for section in names
    }
    return st.fixed_dictionaries({"name": st.just("web"), "scope": st.just(scope), **sections}, optional=own)


def _item(resource: Resource, name: str, names: Names) -> st.SearchStrategy[Values]:
    return options(resource, names).map(lambda values: {resource.name.option: name, **values})


def _settled(resource: Resource, values: Values) -> Values:
    """Without combinations that are invalid."""
    settled = {option: _without_any(value) for option, value in values.items()}
    for field in resource.fields:
        other, only = field.only_with or ("", "")
        if any(settled.get(excluded) for excluded in field.excludes) or (other and settled.get(other) != only):
            settled.pop(field.option, None)
    if resource.one_of and not any(settled.get(option) for option in resource.one_of):
        settled[resource.one_of[0]] = True
    return settled


def _without_any(value: Any) -> Any:
    """A list, or an object of lists, in which C(any) is alone."""
    if isinstance(value, dict) and any(
        "any" in map(str.lower, items) for items in value.values() if isinstance(items, list)
    ):
        return {"cidrs": ["Any"]}
    if isinstance(value, list) and len(value) > 1:
        return [item for item in value if item.lower() != "any"] or ["any"]
    return value


def written(change: Change, update_token: str = "2") -> Observed:
    """The resource as a server has it that stores the body of a change."""
    resource, body = change.resource, dict(change.body or {})
    entry = {
        key: value for key, value in body.get(resource.wrapper, body).items() if key not in ("Name", "UpdateToken")
    }
    values = values_of(resource.fields, entry)
    if resource.tags:
        values["tags"] = dict((change.after or {}).get("tags") or {})
    return Observed(change.address, change.desired.name, entry, values, update_token)
