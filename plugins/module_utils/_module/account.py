# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The work of the module for links of AWS accounts: validate, read, plan, write, wait.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from .._common.errors import Conflict, ErrorContext, RouteNotFound
from .._common.polling import Poller
from .._ngfw.accounts.links import LINK, ROUTES, LinkClient, LinkRoutes, details_of
from .._ngfw.accounts.onboarding import Onboarding, is_leaving, status_of
from .._ngfw.admin_roles import LONGEST_EXPIRY
from .._ngfw.resources.engine import Engine
from .._ngfw.resources.planner import Change, Desired, Observed, plan
from .._ngfw.resources.validation import Problem, name_problems, refuse
from .argspec import session_spec
from .ngfw import Task
from .session import SESSION_MINUTES, session

POLL_INTERVAL = 5.0
VISIBLE = Poller(timeout=30, interval=1)  # from the creation of a link until the API shows it
_Found = TypeVar("_Found")


def account_spec() -> dict[str, Any]:
    """The options of the module."""
    return {
        **session_spec(),
        "account_id": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "wait": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 600},
    }


def with_links(
    task: Task, use: Callable[[LinkClient], _Found], seconds: int = 0, candidates: Sequence[LinkRoutes] = ROUTES
) -> _Found:
    """Use the routes for links that the tenant has, with a token for them.

    :param use: is called again with the next routes if the API lacks one; until then it must not have changed anything.
    :param seconds: how long it waits, which a temporary token has to outlive. :param candidates: the routes to try, in this order.
    :raises RouteNotFound: the API has none of them; the error is that of the first.
    """
    minutes = min(SESSION_MINUTES + seconds // 60, LONGEST_EXPIRY)
    missing: RouteNotFound | None = None
    for routes in candidates:
        try:
            with session(task, routes.admin_role, minutes) as opened:
                return use(LinkClient(opened.client, opened.pair, routes))
        except RouteNotFound as error:
            missing = missing or error
    raise missing or ValueError("there are no routes")


def account_problems(params: dict[str, Any]) -> Iterator[Problem]:
    """The problems of the options that need no call."""
    yield from name_problems(LINK, params["account_id"], "account_id")
    if params["wait_timeout"] < 1:
        yield Problem("wait_timeout", f"is {params['wait_timeout']}, not a number of seconds from 1.")


def ensure_link(task: Task) -> dict[str, Any]:
    """Link or unlink the account, and wait if the task says so. Check mode only plans.

    :returns: the result of the module.
    """
    params = task.params
    refuse(account_problems(params))
    account, absent = params["account_id"], params["state"] == "absent"

    def use(client: LinkClient) -> dict[str, Any]:
        onboarding = Onboarding(client, account, Poller(params["wait_timeout"], POLL_INTERVAL))
        observed = onboarding.read()
        change = _planned(client, account, observed, absent)
        if not task.check_mode:
            observed = _carried_out(client, onboarding, change, observed, params)
        elif change:
            observed = None
        return _result(account, change, observed)

    return with_links(task, use, params["wait_timeout"] if params["wait"] else 0)


def _planned(client: LinkClient, account: str, observed: Observed | None, absent: bool) -> Change | None:
    """The change that is needed. :raises Conflict: the account is to be linked, and the server removes it."""
    if is_leaving(observed):
        if absent:
            return None
        reason = f"the server removes it: its onboarding status is {status_of(observed)}"
        advice = "Wait until it is gone: run with 'state: absent' and 'wait: true' first."
        raise Conflict(f"link AWS account '{account}'", ErrorContext(reason=reason), advice)
    return plan(client.routes.resource, observed, Desired((account,), account, None if absent else {}))


def _carried_out(
    client: LinkClient, onboarding: Onboarding, change: Change | None, observed: Observed | None, params: dict[str, Any]
) -> Observed | None:
    """Write and wait; return the link afterwards."""
    if change:
        Engine(client).apply(change)
    if params["state"] == "absent":
        if params["wait"] and observed:
            onboarding.removed()
        return None
    if change:
        observed = Onboarding(client, params["account_id"], VISIBLE).linked()
    return onboarding.completed() if params["wait"] else observed


def _result(account: str, change: Change | None, link: Observed | None) -> dict[str, Any]:
    sides = {"create": ({}, {"account_id": account}), "delete": ({"account_id": account}, {})}
    diff = []
    if change:
        before, after = sides[change.operation]
        diff = [{"before_header": change.title, "after_header": change.title, "before": before, "after": after}]
    return {
        "changed": bool(change),
        "operation": change.operation if change else "none",
        "account_id": account,
        **details_of(link),
        "diff": diff,
    }
