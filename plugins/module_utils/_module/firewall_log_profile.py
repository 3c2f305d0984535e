# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module of log profiles.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from typing import Any

from .._common.polling import Poller
from .._ngfw.firewalls.finder import Found
from .._ngfw.firewalls.log_profiles import LogProfileClient, confirm_emptied
from .._ngfw.resources.catalog.log_profile import LOG_PROFILE, NO_METRICS, complete, unfinished, version_problems
from .._ngfw.resources.codec import values_of
from .._ngfw.resources.descriptor import Values
from .._ngfw.resources.engine import Engine, diff
from .._ngfw.resources.planner import Change, Desired, Observed, plan
from .._ngfw.resources.validation import Problem, refuse, value_problems
from .firewall import firewall_session
from .firewall_part import (
    changed_before_failure,
    expected_firewall,
    find_firewall,
    firewall_part_spec,
    firewall_problems,
)
from .ngfw import Task
from .resource import given_values

CONFIRMATION = Poller(timeout=30, interval=1)


def spec() -> dict[str, Any]:
    """The options."""
    return {
        **firewall_part_spec(),
        **LOG_PROFILE.argument_spec(),
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    }


def work(task: Task) -> dict[str, Any]:
    """Set or empty the log profile of a firewall."""
    params = task.params
    given = given_values(LOG_PROFILE, params)
    values = given and complete(given)
    problems = [*firewall_problems(params), *value_problems(LOG_PROFILE, given or {})]
    if params["firewall_id"]:  # only firewalls of version 2 have one
        problems += [Problem(option, text) for option, text in version_problems(2, given or {})]
    refuse(problems)
    with firewall_session(task) as opened:
        found = find_firewall(task, opened)
        if found is None and values is None:
            return _result(params["firewall"], params["firewall_id"], None, None)
        exists = found is not None
        found = found or expected_firewall(task, opened, f"set the log profile of firewall '{params['firewall']}'")
        return _set(task, found, values, exists=exists)


def _set(task: Task, found: Found, values: Values | None, *, exists: bool) -> dict[str, Any]:
    firewall = found.firewall
    metrics_off = values is None or values.get("cloudwatch_metrics") == NO_METRICS
    client = LogProfileClient(found.client, firewall, metrics_off=metrics_off)
    address, name = (firewall.name,), firewall.name
    empty = Observed(address, name, {}, values_of(LOG_PROFILE.fields, None))
    observed = client.read(LOG_PROFILE, address, name) if exists else empty
    change = plan(LOG_PROFILE, observed, Desired(address, name, values))
    refuse(Problem(option, text) for option, text in version_problems(client.number, values or {}))
    if change and change.after:
        refuse(Problem(option, text) for option, text in unfinished(client.number, change.after))
    if change and not task.check_mode:
        Engine(client).apply(change)
        if _empties(change):
            with changed_before_failure(True):
                confirm_emptied(client, change, CONFIRMATION)
    return _result(name, firewall.id or None, change, observed)


def _empties(change: Change) -> bool:
    """Whether a change turns off something that was on."""
    after = change.after or LOG_PROFILE.reset or {}
    before = change.before or {}
    metrics = before["cloudwatch_metrics"].get("namespace") and not after["cloudwatch_metrics"].get("namespace")
    return bool(metrics or (before["destinations"] and not after["destinations"]))


def _result(
    name: str | None, firewall_id: str | None, change: Change | None, observed: Observed | None
) -> dict[str, Any]:
    before = None if observed is None or LOG_PROFILE.is_reset(observed.values) else observed.values
    operation = change.operation if change else "none"
    return {
        "changed": change is not None,
        "operation": "create" if change and before is None else operation,
        "firewall": name,
        "firewall_id": firewall_id,
        "before": before,
        "after": change.after if change else before,
        "diff": [diff(change)] if change else [],
    }
