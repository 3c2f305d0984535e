# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The work of the module for security rules: a rule is known by its name, and has a priority or a place among the others.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._ngfw.resources import ordering
from .._ngfw.resources.catalog import sections_of
from .._ngfw.resources.catalog.security_rule import HIGHEST_PRIORITY, LOWEST_PRIORITY, RULE_SECTIONS, RULES
from .._ngfw.resources.client import Listed, ResourceClient
from .._ngfw.resources.descriptor import Values
from .._ngfw.resources.planner import Change, Desired, Observed, plan
from .._ngfw.resources.rule_moves import move_levels, one_per_name
from .._ngfw.resources.validation import Problem, refuse
from .ngfw import Task, run
from .resource import admin_role_for, carry_out, given_values, option_problems, refuse_impossible, resource_spec
from .session import session


def run_security_rule() -> None:
    """Run the module of security rules."""

    def work(task: Task) -> dict[str, Any]:
        params = task.params
        section = _rule_section(params["scope"], params["rule_list"])
        resource = RULES[section]
        name = params["name"]
        values = given_values(resource, params)
        refuse([*option_problems(resource, params["rulestack"], params, values), *_priority_problems(params)])
        with session(task, admin_role_for(task, params["scope"])) as opened:
            client = ResourceClient(opened.client, opened.pair)
            changes, observed = _rule_changes(client, section, params, values)
            result = carry_out(task, client, params["rulestack"], (section, name), changes, observed)
            moved = {change.desired.name for change in changes if change.desired.name != name}
            return {**result, "also_moved": sorted(moved)}

    spec = resource_spec(RULES["rules"])
    spec.update(
        rule_list={"type": "str", "choices": list(RULE_SECTIONS.values())},
        priority={"type": "int"},
        place={"type": "str", "choices": ["first", "last", "before", "after"]},
        existing_rule={"type": "str"},
    )
    run(
        work,
        spec,
        mutually_exclusive=[("priority", "place")],
        required_if=[("place", "before", ["existing_rule"]), ("place", "after", ["existing_rule"])],
        required_by={"existing_rule": "place"},
    )


def _rule_section(scope: str, rule_list: str | None) -> str:
    """The section of a rule list. :raises InvalidOptions: the scope has no such list, or several."""
    possible = {RULE_SECTIONS[section]: section for section in sections_of(scope) if section in RULE_SECTIONS}
    if rule_list is None and len(possible) == 1:
        return next(iter(possible.values()))
    if rule_list not in possible:
        refuse([Problem("rule_list", f"must be one of {', '.join(possible)} in a {scope} rulestack.")])
    return possible[str(rule_list)]


def _priority_problems(params: dict[str, Any]) -> list[Problem]:
    priority = params["priority"]
    if priority is None or LOWEST_PRIORITY <= priority <= HIGHEST_PRIORITY:
        return []
    return [Problem("priority", f"is {priority}, not between {LOWEST_PRIORITY} and {HIGHEST_PRIORITY}.")]


def _rule_changes(
    client: ResourceClient, section: str, params: dict[str, Any], values: Values | None
) -> tuple[list[Change], Observed | None]:
    """The changes of a rule, of the copies that an interrupted move left, and of the rules that make room for it."""
    resource, name = RULES[section], params["name"]
    place = (params["rulestack"], RULE_SECTIONS[section])
    listed = client.list(resource, place)
    copies = [observed for one in listed if one.name == name and (observed := client.read(resource, one.address, name))]
    kept, extra = one_per_name(copies, {name: params["priority"]})
    observed = kept.get(name)
    removals = [Desired(one.address, name, None) for one in extra]
    if values is None:
        pairs = [*zip(extra, removals), *([(observed, Desired(observed.address, name, None))] if observed else [])]
        return [change for one, desired in pairs if (change := plan(resource, one, desired))], observed
    priorities = _priorities(section, params, listed, observed)
    changes: list[Change] = []
    for other, priority in priorities.items():
        if other == name:
            continue
        address = next(one.address for one in listed if one.name == other)
        moved = client.read(resource, address, other)
        changes += filter(None, [plan(resource, moved, Desired((*place, str(priority)), other, {}))])
    desired = Desired((*place, str(priorities[name])), name, values)
    refuse_impossible(resource, observed, desired)
    changes += filter(None, [plan(resource, observed, desired)])
    changes += filter(None, [plan(resource, one, removal) for one, removal in zip(extra, removals)])
    return [change for level in move_levels(changes) for change in level], observed


def _priorities(
    section: str, params: dict[str, Any], listed: Sequence[Listed], observed: Observed | None
) -> dict[str, int]:
    """The priorities of the rule, and of those that have to move for it."""
    name, place = params["name"], params["place"]
    existing = {one.name: int(one.address[-1]) for one in listed if one.name != name}
    if params["priority"] is not None:
        used = next((other for other, priority in existing.items() if priority == params["priority"]), None)
        if used:
            refuse([Problem("priority", f"is that of rule '{used}'.")])
        return {name: params["priority"]}
    if observed is not None:
        existing[name] = int(observed.address[-1])
        if place is None:
            return {name: existing[name]}
    try:
        changes = ordering.place(name, place or "last", params["existing_rule"], existing)
    except ValueError as error:
        refuse([Problem("existing_rule" if params["existing_rule"] else "place", str(error))])
    return {name: existing.get(name, 0), **changes}
