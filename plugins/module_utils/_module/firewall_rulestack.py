# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module that associates rulestacks with firewalls.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from .._common.errors import AuthorizationError, RouteNotFound
from .._common.polling import Poller
from .._ngfw.admin_roles import ADMIN_ROLES
from .._ngfw.codec import lookup
from .._ngfw.firewalls.association import OPTIONS, Association, device_commit
from .._ngfw.firewalls.client import Firewall
from .._ngfw.firewalls.finder import Found
from .._ngfw.resources.catalog import RULESTACK_RESOURCE
from .._ngfw.resources.client import CANDIDATE, RUNNING, ResourceClient
from .._ngfw.resources.engine import Engine, diff
from .._ngfw.resources.planner import Change, Desired, plan
from .._ngfw.resources.validation import Problem, name_problems, refuse
from .firewall import firewall_session, poller, wait_problems, wait_spec
from .firewall_part import (
    changed_before_failure,
    expected_firewall,
    find_firewall,
    firewall_part_spec,
    firewall_problems,
)
from .ngfw import Task
from .session import Session

ADMINS = {"local": ADMIN_ROLES["firewall"], "global": ADMIN_ROLES["global_rulestack"]}
"""Who may associate a rulestack of a scope, by the permission policies of the vendor's OpenAPI documents."""


def spec() -> dict[str, Any]:
    """The options."""
    return {
        **firewall_part_spec(),
        "rulestack": {"type": "str", "required": True},
        "scope": {"type": "str", "choices": list(OPTIONS), "default": "local"},
        **wait_spec(),
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    }


def work(task: Task) -> dict[str, Any]:
    """Associate or disassociate a rulestack."""
    params = task.params
    rulestack, scope = params["rulestack"], params["scope"]
    refuse(
        [
            *firewall_problems(params),
            *name_problems(RULESTACK_RESOURCE, rulestack, "rulestack"),
            *wait_problems(params),
        ]
    )
    with firewall_session(task, ADMINS[scope]) as opened:
        found = find_firewall(task, opened)
        if params["state"] == "absent":
            return _disassociated(task, found)
        if found is None:
            found = expected_firewall(task, opened, f"associate rulestack '{rulestack}'")
        return _associated(task, opened, found)


def _associated(task: Task, opened: Session, found: Found) -> dict[str, Any]:
    rulestack, scope = task.params["rulestack"], task.params["scope"]
    change = _plan(found, scope, rulestack)
    if change:
        _check_rulestack(task, opened)
    result = _result(task, found.firewall, change)
    waits = poller(task.params)
    if task.check_mode:
        return result
    firewall = found.firewall
    if change:
        association, written = _written(found, scope, rulestack, waits)
        if waits:
            with changed_before_failure(written):
                firewall = association.committed(rulestack, written=written)
    elif waits:
        firewall = _continued(found, scope, rulestack, waits)
    return {**result, "commit": device_commit(firewall, scope).report if waits else None}


def _continued(found: Found, scope: str, rulestack: str, waits: Poller) -> Firewall:
    """Wait for a commit that an earlier run did not see the end of. :raises DeviceCommitFailed: the last commit failed."""
    association = Association(found.client, found.firewall, scope, waits)
    if association.before.is_under_way:
        return association.committed(rulestack, written=False)
    if association.before.failed:
        raise association.failure(rulestack, association.before)
    return found.firewall


def _disassociated(task: Task, found: Found | None) -> dict[str, Any]:
    rulestack, scope = task.params["rulestack"], task.params["scope"]
    firewall = found.firewall if found else None
    associated = firewall.values[OPTIONS[scope]] if firewall else ""
    if associated and associated != rulestack:
        task.session_warnings.append(
            f"Nothing was done: rulestack '{rulestack}' is not associated with the firewall, '{associated}' is."
        )
    change = _plan(found, scope, "") if found and associated == rulestack else None
    if found and change and not task.check_mode:
        waits = poller(task.params)
        association, written = _written(found, scope, "", waits)
        if waits:
            with changed_before_failure(written):
                association.gone()
    return {**_result(task, firewall, change), "commit": None}


def _written(found: Found, scope: str, rulestack: str, waits: Poller | None) -> tuple[Association, bool]:
    """Write the association once the firewall takes changes; whether there was still one to write."""
    client, firewall = found.client, found.firewall
    if waits:
        begun = waits.clock()
        firewall = Association(client, firewall, scope, waits).ready()
        waits = dataclasses.replace(waits, timeout=max(0.0, waits.timeout - (waits.clock() - begun)))
    change = _plan(Found(client, firewall), scope, rulestack)
    if change:
        Engine(client).apply(change)
    return Association(client, firewall, scope, waits or Poller(0, 1)), change is not None


def _plan(found: Found, scope: str, rulestack: str) -> Change | None:
    """The change of the firewall. :param rulestack: empty for none."""
    firewall = found.firewall
    desired = Desired(firewall.address, firewall.name, {OPTIONS[scope]: rulestack})
    return plan(found.client.version.resource, firewall, desired)


def _check_rulestack(task: Task, opened: Session) -> None:
    """Check that a firewall could commit the rulestack, if the token may read it.

    In check mode, what an earlier task may do is a warning. :raises InvalidOptions: it could not.
    """
    name = task.params["rulestack"]
    client = ResourceClient(opened.client, opened.pair)
    attempted = f"read rulestack '{name}'"
    try:
        content = client.describe(RULESTACK_RESOURCE, (name,), attempted, (CANDIDATE, RUNNING))
    except (AuthorizationError, RouteNotFound):
        return
    running, candidate = (lookup(content, f"rulestack_{which}") for which in (RUNNING, CANDIDATE))
    problems = list(_rulestack_problems(name, task.params["scope"], candidate, running))
    if task.check_mode and not running:
        task.session_warnings += [f"{problem} The task fails unless an earlier one does that." for problem in problems]
    else:
        refuse(problems)


def _rulestack_problems(name: str, scope: str, candidate: Any, running: Any) -> Iterator[Problem]:
    if not candidate and not running:
        yield Problem(
            "rulestack",
            f"'{name}' does not exist. Create and commit it with panw.cloud.ngfw_rulestack, or correct the name.",
        )
        return
    actual = str(lookup(running or candidate, "scope") or scope).lower()
    if actual != scope:
        yield Problem("scope", f"is '{scope}', but rulestack '{name}' is {actual}. Set 'scope: {actual}'.")
    if not running:
        yield Problem(
            "rulestack",
            f"'{name}' was never committed, so the firewall has nothing to enforce. Commit it with panw.cloud.ngfw_rulestack_commit.",
        )


def _result(task: Task, firewall: Firewall | None, change: Change | None) -> dict[str, Any]:
    option = OPTIONS[task.params["scope"]]
    before = (firewall.values[option] if firewall else "") or None
    absent = task.params["state"] == "absent"
    operations = {True: "disassociate", False: "associate"}
    return {
        "changed": change is not None,
        "operation": operations[absent] if change else "none",
        "firewall": firewall.name if firewall else task.params["firewall"],
        "firewall_id": (firewall.id if firewall else task.params["firewall_id"]) or None,
        "before": before,
        "after": (None if absent else task.params["rulestack"]) if change else before,
        "commit": None,
        "diff": [_only(diff(change), option)] if change else [],
    }


def _only(difference: dict[str, Any], option: str) -> dict[str, Any]:
    """A diff with nothing but an option of the firewall."""
    sides = {side: {option: difference[side].get(option) or None} for side in ("before", "after")}
    return {**difference, **sides}
