# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The work of the inventory plugin: linked AWS accounts as hosts, with their firewalls.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import aws_argument_spec

from .._aws.assumed_role import assumed_role
from .._common.errors import (
    AccessDisabled,
    AuthenticationError,
    AuthorizationError,
    InvalidInput,
    PanwCloudError,
)
from .._common.redaction import printable
from .._ngfw.accounts.links import ROUTES
from .._ngfw.accounts.onboarding import status_of
from .._ngfw.admin_roles import ADMIN_ROLES
from .account import with_links
from .argspec import ngfw_spec, role_spec, session_spec
from .aws import ModuleShim
from .firewall_info import each_region, region_names
from .ngfw import Task
from .session import holds_token

__all__ = ["ModuleShim", "spec", "work"]

PLACEHOLDER = "{account_id}"
CONCURRENCY = 8
FIREWALL_KEYS = ("name", "firewall_id", "region", "status", "rulestack", "global_rulestack")
_ACCOUNT_FILTERS = ("account_id", "onboarding_status")
_FIREWALL_FILTERS = ("region", "rulestack", "global_rulestack")
_EVERY_FIREWALL: dict[str, Any] = {
    "name": None,
    "firewall_id": None,
    "account_id": None,
    "rulestack": None,
    "global_rulestack": None,
    "vpc_ids": [],
    "log_profile": False,
}
"""The options of M(panw.cloud.ngfw_firewall_info) that select all firewalls of a region."""
_DENIED = (AccessDisabled, AuthenticationError, AuthorizationError)


def spec() -> dict[str, Any]:
    """All options, those of amazon.aws included, without those of ansible-core's inventory plugins."""
    return {
        **aws_argument_spec(),
        **ngfw_spec(),
        **role_spec(),
        **session_spec(),
        "regions": {"type": "list", "elements": "str", "default": []},
        "firewall_role_arn": {"type": "str"},
        "filters": {"type": "dict", "default": {}},
        "strict_permissions": {"type": "bool", "default": True},
    }


def work(module: ModuleShim) -> dict[str, Any]:
    """Read the linked accounts, then the firewalls.

    :returns: C(accounts), the variables of each host, and C(warnings).
    :raises PanwCloudError: an option is invalid, or something cannot be read that must not be left out.
    """
    task = Task(module)
    wanted = _filters(task.params["filters"])
    _check(task)
    # A token of the firewall administrator also reads firewalls, so a given token is tried with its routes first.
    candidates = ROUTES[::-1] if holds_token(task.params) else ROUTES
    links = with_links(task, lambda client: client.links(), candidates=candidates)
    statuses = {link.name: status_of(link) or None for link in links}
    selected = {
        account: {"account_id": account, "onboarding_status": status}
        for account, status in statuses.items()
        if _has(wanted, {"account_id": {account}, "onboarding_status": {status}})
    }
    readings = _readings(task, module, selected)
    accounts = [_variables(facts, readings) for facts in selected.values()]
    warnings = [
        *_permitted(readings, strict=task.params["strict_permissions"]),
        *(warning for reading in readings for warning in reading.warnings),
        *_homeless(readings, statuses),
        *task.warnings,
    ]
    found = [account for account in accounts if _has(wanted, _firewall_values(account))]
    return {"accounts": printable(found), "warnings": printable(list(dict.fromkeys(warnings)))}


def _filters(given: Mapping[str, Any]) -> dict[str, set[str]]:
    """The accepted values of each filter. :raises InvalidInput: there is no such filter."""
    known = (*_ACCOUNT_FILTERS, *_FIREWALL_FILTERS)
    for name in given:
        if name not in known:
            raise InvalidInput("filters", f"has the unknown key '{name}'. The keys are {', '.join(known)}.")
    return {name: set(map(str, value if isinstance(value, list) else [value])) for name, value in given.items()}


def _has(wanted: Mapping[str, set[str]], values: Mapping[str, set[Any]]) -> bool:
    """Whether each filter that applies to the values accepts one of them."""
    return all(not wanted[name].isdisjoint(values[name]) for name in wanted if name in values)


def _check(task: Task) -> None:
    """Check what the calls would find out only later. :raises InvalidInput: an option is invalid."""
    for name in region_names(task):
        task.endpoint(ADMIN_ROLES["firewall"], name)
    template = task.params["firewall_role_arn"]
    if template is None:
        return
    if holds_token(task.params):
        raise InvalidInput("firewall_role_arn", "must not be set together with 'token' or 'token_store'.")
    if PLACEHOLDER not in template:
        raise InvalidInput("firewall_role_arn", f"does not contain '{PLACEHOLDER}', the ID of the linked account.")
    try:
        assumed_role({**task.params, "role_arn": _arn_in(template, "123456789012")})
    except InvalidInput as error:
        raise InvalidInput("firewall_role_arn", error.problem) if error.option == "role_arn" else error from None


def _arn_in(template: str, account: str) -> str:
    return template.replace(PLACEHOLDER, account)


@dataclasses.dataclass(frozen=True)
class _Reading:
    """What one IAM role or token could read.

    :param account_id: of the role; None if it is unknown. :param own: whether it reads this account only.
    :param failed: errors by region.
    """

    account_id: str | None
    own: bool
    firewalls: list[dict[str, Any]]
    failed: dict[str, PanwCloudError]
    warnings: list[str]

    def fails_for(self, account: str) -> list[str]:
        """The regions that could not be read for an account."""
        return list(self.failed) if not self.own or account == self.account_id else []


def _readings(task: Task, module: ModuleShim, accounts: Iterable[str]) -> list[_Reading]:
    """Read with the task's role or token, or with a role in each account."""
    template = task.params["firewall_role_arn"]
    if template is None:
        return [_reading(_firewall_task(module), task.role.account_id if task.role else None, own=False)]
    # Clients are created in the threads, so each task has its own.
    tasks = {account: _firewall_task(module, role_arn=_arn_in(template, account)) for account in accounts}
    with ThreadPoolExecutor(CONCURRENCY) as pool:
        return list(pool.map(lambda account: _reading(tasks[account], account, own=True), tasks))


def _firewall_task(module: ModuleShim, **changed: Any) -> Task:
    params = {**module.params, **_EVERY_FIREWALL, **changed}
    return Task(dataclasses.replace(module, params=params))


def _reading(task: Task, account: str | None, *, own: bool) -> _Reading:
    names = {name: task.endpoint(ADMIN_ROLES["firewall"], name).region for name in region_names(task)}
    try:
        regions = each_region(task)
    except PanwCloudError as error:  # no session of the role
        return _Reading(account, own, [], dict.fromkeys(names.values(), error), task.warnings)
    firewalls = [firewall for region in regions for firewall in region.firewalls]
    failed = {names[region.name]: region.error for region in regions if region.error}
    return _Reading(account, own, firewalls, failed, task.warnings)


def _permitted(readings: list[_Reading], *, strict: bool) -> Iterator[str]:
    """A warning for each region that may not be read. :raises PanwCloudError: the first other failure, or with C(strict) any."""
    for reading in readings:
        whose = f" of AWS account '{reading.account_id}'" if reading.own else ""
        for region, error in reading.failed.items():
            if strict or not isinstance(error, _DENIED):
                if whose:
                    error.add(f"This is about the firewalls{whose}.")
                raise error
            yield f"The firewalls{whose} in {region} are missing: {error}"


def _owners(firewall: Mapping[str, Any], reader: str | None) -> set[str]:
    """The accounts of a firewall: its own, or in version 2, of which the API names none, the reader's and those that may have endpoints."""
    if firewall.get("account_id"):
        return {firewall["account_id"]}
    endpoints = {endpoint.get("account_id") for endpoint in firewall["endpoints"]}
    return {account for account in (reader, *(firewall.get("allowed_accounts") or ()), *endpoints) if account}


def _homeless(readings: list[_Reading], linked: Mapping[str, Any]) -> Iterator[str]:
    for reading in readings:
        for firewall in reading.firewalls:
            if _owners(firewall, reading.account_id).isdisjoint(linked):
                yield f"Firewall '{firewall['name']}' in {firewall['region']} is not in the inventory: no linked account is known to have it."


def _variables(facts: dict[str, Any], readings: list[_Reading]) -> dict[str, Any]:
    """The variables of an account's host. A firewall that several roles can read is there once."""
    account = facts["account_id"]
    found = {
        (firewall["region"], firewall["name"], firewall["firewall_id"] or ""): firewall
        for reading in readings
        for firewall in reading.firewalls
        if account in _owners(firewall, reading.account_id)
    }
    firewalls = [{key: found[place].get(key) for key in FIREWALL_KEYS} for place in sorted(found)]
    named = {firewall[scope] for firewall in firewalls for scope in ("rulestack", "global_rulestack")}
    return {
        **facts,
        "firewalls": firewalls,
        "regions": sorted({firewall["region"] for firewall in firewalls}),
        "rulestacks": sorted(filter(None, named)),
        "failed_regions": sorted({region for reading in readings for region in reading.fails_for(account)}),
    }


def _firewall_values(account: Mapping[str, Any]) -> dict[str, set[Any]]:
    return {name: {firewall[name] for firewall in account["firewalls"]} for name in _FIREWALL_FILTERS}
