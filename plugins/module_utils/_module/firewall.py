# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module of firewalls, and what the modules around firewalls share.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import aws_argument_spec

from .._common.errors import InvalidInput, PanwCloudError
from .._common.polling import Poller
from .._ngfw.admin_roles import ADMIN_ROLES, AdminRole
from .._ngfw.endpoints import REGIONS
from .._ngfw.firewalls.client import Firewall, FirewallClient
from .._ngfw.firewalls.finder import Firewalls, Found
from .._ngfw.firewalls.reconciler import Reconciler
from .._ngfw.firewalls.views import described
from .._ngfw.resources.catalog.firewall import FIREWALL_V1, FIREWALL_V2, feature_problems
from .._ngfw.resources.descriptor import Values
from .._ngfw.resources.engine import diff
from .._ngfw.resources.planner import Change, Desired, refusals
from .._ngfw.resources.validation import InvalidOptions, Problem, name_problems, refuse, value_problems
from .argspec import ngfw_spec, role_spec, session_spec
from .aws import ModuleShim
from .ngfw import Task
from .session import SESSION_MINUTES, Session, holds_token, session

FIREWALL_ADMIN = ADMIN_ROLES["firewall"]
WAIT_TIMEOUT = 2700
POLL_INTERVALS = (0.5, 15.0)
_BY_NUMBER = {1: FIREWALL_V1, 2: FIREWALL_V2}
_ONLY = {
    number: [option for option in _BY_NUMBER[number].by_option if option not in _BY_NUMBER[3 - number].by_option]
    for number in _BY_NUMBER
}
"""The options of each version that the other lacks."""


def wait_spec(timeout: int = WAIT_TIMEOUT) -> dict[str, Any]:
    """Whether and how long to wait for the service."""
    return {"wait": {"type": "bool", "default": True}, "wait_timeout": {"type": "int", "default": timeout}}


def firewall_name_spec() -> dict[str, Any]:
    """How a firewall is addressed."""
    return {"name": {"type": "str", "required": True}, "firewall_id": {"type": "str"}}


def spec() -> dict[str, Any]:
    """All options, those of amazon.aws included."""
    return {**aws_argument_spec(), **ngfw_spec(), **role_spec(), **own_spec()}


def own_spec() -> dict[str, Any]:
    """The options without those of the connection: those of both versions."""
    return {
        **session_spec(),
        **firewall_name_spec(),
        **FIREWALL_V1.argument_spec(),
        **FIREWALL_V2.argument_spec(),
        **wait_spec(),
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    }


def firewall_session(task: Task, admin_role: AdminRole = FIREWALL_ADMIN) -> contextlib.AbstractContextManager[Session]:
    """The API with a token of the admin role that outlives the wait."""
    minutes = max(SESSION_MINUTES, math.ceil(task.params.get("wait_timeout", 0) / 60) + SESSION_MINUTES)
    refuse(wait_problems(task.params))
    return session(task, None if holds_token(task.params) else admin_role, minutes)


def wait_problems(params: dict[str, Any]) -> Iterator[Problem]:
    """The problems of the options that limit a wait: a token lives a day."""
    if not 0 <= params.get("wait_timeout", 0) <= 80000:
        yield Problem("wait_timeout", f"is {params['wait_timeout']}, not between 0 and 80000 seconds.")


def poller(params: dict[str, Any]) -> Poller | None:
    """The wait that the options ask for, None if they ask for none."""
    first, longest = POLL_INTERVALS
    return Poller(params["wait_timeout"], first, longest=longest) if params["wait"] else None


def the_one(found: list[Found], name: str, option: str = "name") -> Found | None:
    """The only firewall that was found, None if there is none. :raises InvalidOptions: there are several."""
    if len(found) > 1:
        shown = ", ".join(one.firewall.id or f"version {one.client.version.number}" for one in found)
        refuse([Problem(option, f"is '{name}', the name of {len(found)} firewalls: {shown}. Set 'firewall_id'.")])
    if not found:
        return None
    found[0].client.choose(found[0].firewall)
    return found[0]


def work(module: ModuleShim, progress: Callable[[str], object]) -> dict[str, Any]:
    """Do the task.

    :param module: with options as L(spec) describes them, checked for types. :param progress: called with each state that is waited in.
    :raises PanwCloudError: an option is invalid, the API refuses a step, or a wait ended at its limit.
    """
    task = Task(module)
    result = _work(task, progress)
    return {**result, "warnings": [*module.warnings, *task.warnings]}


def _work(task: Task, progress: Callable[[str], object]) -> dict[str, Any]:
    params = task.params
    given: Values = {
        option: params[option]
        for option in (*FIREWALL_V2.by_option, *FIREWALL_V1.by_option)
        if params[option] is not None
    }
    number = _number(given)
    refuse(_problems(params, given, number))
    _check_region(task)
    with firewall_session(task) as opened:
        firewalls = Firewalls(opened.client, opened.pair, params["account_id"])
        every = firewalls.find(params["name"], params["firewall_id"])
        of_version = [one for one in every if number == one.firewall.version]
        found = the_one(of_version or every, params["name"])
        if params["firewall_id"] and not found and params["state"] == "present":
            refuse([Problem("firewall_id", f"is '{params['firewall_id']}', the ID of no firewall in the region.")])
        client = _client_for(firewalls, found, number, given)
        name = found.firewall.name if found else params["name"]
        desired = Desired((name,), name, None if params["state"] == "absent" else given)
        reconciler = Reconciler(client, poller(params), _each_once(progress))
        return _reconciled(task, reconciler, found.firewall if found else None, desired)


def _reconciled(task: Task, reconciler: Reconciler, observed: Firewall | None, desired: Desired) -> dict[str, Any]:
    change = reconciler.plan(observed, desired)
    own = task.role.account_id if task.role else None
    refuse(_impossible(reconciler, observed, desired, change, own))
    after = observed
    if task.check_mode:
        reconciler.check(observed, desired, change)
    else:
        try:
            after = reconciler.run(observed, desired)
        except PanwCloudError as error:
            error.changed = reconciler.changed
            raise
        change = change if reconciler.changed else None
    left = None if task.check_mode else reconciler.plan(after, desired)
    before = observed.values if observed else None
    return {
        "changed": change is not None,
        "operation": change.operation if change else "none",
        "name": desired.name,
        "before": before,
        "after": change.after if change else before,
        "diff": [diff(change)] if change else [],
        "firewall": described(after),
        "remaining": sorted(left.options) if left else [],
    }


def _number(given: Values) -> int | None:
    """The version that the options are for, None if they are for both."""
    return next((number for number, options in _ONLY.items() if any(option in given for option in options)), None)


def _problems(params: dict[str, Any], given: Values, number: int | None) -> Iterator[Problem]:
    """The problems of the options that need no call to the API."""
    first, second = ([option for option in _ONLY[one] if option in given] for one in (1, 2))
    for option in first if second else ():
        yield Problem(
            option,
            f"is for firewalls of version 1, and {', '.join(map(repr, second))} for version 2: set options of one version.",
        )
    resource = _BY_NUMBER[number or 2]
    yield from name_problems(resource, params["name"], "name")
    yield from value_problems(resource, {option: given[option] for option in resource.by_option if option in given})


def _impossible(
    reconciler: Reconciler, observed: Firewall | None, desired: Desired, change: Change | None, own: str | None
) -> Iterator[Problem]:
    """What the API cannot do, and what only the existing firewall shows. :param own: the AWS account of the caller, None if it is unknown."""
    values = desired.values
    if values is None:
        return
    now = observed.values if observed else {}
    for option, text in refusals(reconciler.resource, observed, desired):
        yield Problem(option, text)
    after = (change.after if change else None) or now
    for option, text in feature_problems({option: after.get(option) for option in values}):
        yield Problem(option, text)
    if (values.get("egress_nat") or {}).get("enabled") and not after.get("endpoints") and "zones" in after:
        yield Problem("egress_nat > enabled", "needs at least one accepted endpoint: set 'endpoints'.")
    allowed = after.get("allowed_accounts") or ([own] if own and "zones" in after else [])
    known = [endpoint["account_id"] for endpoint in now.get("endpoints") or ()]
    for index, endpoint in enumerate(values.get("endpoints") or ()):
        account, zone = endpoint.get("account_id"), endpoint.get("zone_id")
        if account and allowed and account not in [*map(str, allowed), *known]:
            text = f"is {account}, which 'allowed_accounts' does not list: the endpoint would be rejected."
            yield Problem(f"endpoints[{index}] > account_id", text)
        if zone and "zones" not in values and zone not in after.get("zones", [zone]):
            yield Problem(f"endpoints[{index}] > zone_id", f"is '{zone}', which is not one of the firewall's zones.")


def _client_for(firewalls: Firewalls, found: Found | None, number: int | None, given: Values) -> FirewallClient:
    """The client of the firewall, or of a new one. :raises InvalidOptions: the options are for another version."""
    client = found.client if found else firewalls.client(number)
    if client is None or number not in (None, client.version.number):
        raise InvalidOptions(_version_problems(number or 2, found, given))
    return client


def _version_problems(number: int, found: Found | None, given: Values) -> Iterator[Problem]:
    for option in _ONLY[number]:
        if option in given and found:
            other = found.firewall.version
            yield Problem(
                option,
                f"is for firewalls of version {number}, and '{found.firewall.name}' is the name of one of version {other}.",
            )
        elif option in given:
            yield Problem(
                option, f"is for firewalls of version {number}, which neither the tenant nor the API at this URL has."
            )


def _check_region(task: Task) -> None:
    """:raises InvalidInput: neither the vendor nor botocore lists the region."""
    import botocore.session

    known = botocore.session.get_session()
    partitions = known.get_available_partitions()
    listed = {region for one in partitions for region in known.get_available_regions("ec2", one)}
    if task.region and task.region not in (*REGIONS, *listed):
        problem = f"is '{task.region}', which is not an AWS region that the vendor or the installed botocore lists."
        raise InvalidInput("region", problem)


def _each_once(progress: Callable[[str], object]) -> Callable[[str], object]:
    """A function that passes on a text only if it is not the last one."""
    last = ""

    def show(text: str) -> None:
        nonlocal last
        if text != last:
            last = text
            progress(text)

    return show
