# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The work of every module for one resource of a rulestack: validate, read, plan, write, commit.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .._common.polling import Poller
from .._ngfw.admin_roles import ADMIN_ROLES, AdminRole
from .._ngfw.resources.catalog import IN_RULESTACK, RULESTACK_RESOURCE
from .._ngfw.resources.client import ResourceClient
from .._ngfw.resources.commit import Commits
from .._ngfw.resources.descriptor import Resource, Values
from .._ngfw.resources.engine import Engine, diff
from .._ngfw.resources.planner import Change, Desired, Key, Observed, plan, refusals, shown
from .._ngfw.resources.validation import Problem, name_problems, refuse, value_problems
from .argspec import session_spec
from .ngfw import Task, run
from .session import holds_token, session

SCOPES = {"local": ADMIN_ROLES["rulestack"], "global": ADMIN_ROLES["global_rulestack"]}
POLL_INTERVALS = (0.05, 2.0)  # seconds, the first and the longest: a small commit takes less than a second


def commit_spec() -> dict[str, Any]:
    """Whether to commit, and how long to wait for it."""
    return {
        "commit": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 600},
        "include_other_changes": {"type": "bool", "default": False},
    }


def commit_poller(timeout: float) -> Poller:
    """Waits for the end of a commit. :param timeout: seconds."""
    first, longest = POLL_INTERVALS
    return Poller(timeout, first, longest=longest)


def resource_spec(resource: Resource) -> dict[str, Any]:
    """The options of a module for one kind of resource."""
    spec: dict[str, Any] = {
        **session_spec(),
        "rulestack": {"type": "str", "required": True},
        resource.name.option: {"type": "str", "required": True},
        **resource.argument_spec(),
        "scope": {"type": "str", "choices": list(SCOPES), "default": "local"},
        **commit_spec(),
    }
    if resource.deletes:
        spec["state"] = {"type": "str", "choices": ["present", "absent"], "default": "present"}
    return spec


def admin_role_for(task: Task, scope: str) -> AdminRole | None:
    """The admin role of a temporary token; a token of the caller or of a store is accepted as it is."""
    return None if holds_token(task.params) else SCOPES[scope]


def run_resource(resource: Resource) -> None:
    """Run the module of a kind of object, or of rulestacks."""

    def work(task: Task) -> dict[str, Any]:
        params = task.params
        name = params[resource.name.option]
        rulestack = params["rulestack"] if resource.section else name
        address = (rulestack, name) if resource.section else (name,)
        values = given_values(resource, params)
        refuse(option_problems(resource, rulestack, params, values))
        with session(task, admin_role_for(task, params["scope"])) as opened:
            client = ResourceClient(opened.client, opened.pair)
            observed = client.read(resource, address, name)
            desired = Desired(address, name, values)
            refuse_impossible(resource, observed, desired)
            change = plan(resource, observed, desired)
            changes = [change] if change else []
            return carry_out(task, client, rulestack, (resource.section, name), changes, observed)

    spec = resource_spec(resource)
    if not resource.section:
        del spec["rulestack"]
    run(work, spec)


def option_problems(
    resource: Resource, rulestack: str, params: dict[str, Any], values: Values | None
) -> Iterator[Problem]:
    """The problems of a module's options that need no call to the API."""
    if resource.section:
        yield from name_problems(RULESTACK_RESOURCE, rulestack, "rulestack")
    yield from name_problems(resource, params[resource.name.option], resource.name.option)
    yield from value_problems(resource, values or {})


def keys_of(changes: Sequence[dict[str, Any]]) -> set[Key]:
    """What results or changes of modules are about, the rules that moved to make room included. :raises InvalidOptions: one has no section or name."""
    refuse(
        Problem(
            f"changes[{index}]", "has no 'section' and 'name', which the results of this collection's modules have."
        )
        for index, change in enumerate(changes)
        if not (change.get("section") and change.get("name"))
    )
    return {
        ("" if change["section"] == "rulestack" else str(change["section"]), str(name))
        for change in changes
        for name in (change["name"], *(change.get("also_moved") or ()))
    }


def given_values(resource: Resource, params: dict[str, Any]) -> Values | None:
    """The options of the resource that the task sets, None if the resource is to be absent."""
    if params.get("state") == "absent":
        return None
    return {option: params[option] for option in resource.by_option if params.get(option) is not None}


def refuse_impossible(resource: Resource, observed: Observed | None, desired: Desired) -> None:
    """:raises InvalidOptions: the API cannot make the change."""
    refuse(Problem(option, text) for option, text in refusals(resource, observed, desired))


def carry_out(
    task: Task, client: ResourceClient, rulestack: str, own: Key, changes: Sequence[Change], observed: Observed | None
) -> dict[str, Any]:
    """Write the changes in their order and commit if the task says so; only plan in check mode.

    :param own: the resource of the task; changes of others that make room for it are the task's too. :returns: the result of the module.
    """
    params = task.params
    result: dict[str, Any] = {
        "changed": bool(changes),
        "section": own[0] or "rulestack",
        "name": own[1],
        **_sides(own, changes, observed),
        "diff": [diff(change) for change in changes],
    }
    commits = Commits(client, rulestack, params["scope"], commit_poller(params["wait_timeout"]))
    removed = not own[0] and result["after"] is None
    everything = params["include_other_changes"] or removed
    mine = None if everything else {own, *(change.key for change in changes)}
    uncommitted = commits.uncommitted() if params["commit"] and commits.pending() else []
    commits_now = params["commit"] and (changes or any(mine is None or change.key == own for change in uncommitted))
    if commits_now:
        commits.refuse_others(mine, uncommitted)
        result["changed"] = True
    if task.check_mode:
        return result
    engine = Engine(client)
    for change in changes:
        engine.apply(change)
    if commits_now:
        if mine is not None:
            commits.refuse_others(mine, commits.uncommitted())
        result["commit"] = commits.commit(deleted=removed)
    return result


def _sides(own: Key, changes: Sequence[Change], observed: Observed | None) -> dict[str, Any]:
    """The task's resource before and after, among changes that may be about others too."""
    mine = [change for change in changes if change.key == own]
    if not mine:
        resource = IN_RULESTACK.get(own[0], RULESTACK_RESOURCE)
        values = observed and shown(resource, observed.address, observed.values)
        return {"operation": "none", "before": values, "after": values}
    main = next((change for change in mine if change.operation != "delete"), mine[-1])
    return {"operation": main.operation, "before": main.before, "after": main.after}
