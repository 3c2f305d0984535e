# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules for a part of an existing firewall share: how the firewall is addressed and found.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from .._common.errors import ErrorContext, NotFound, PanwCloudError
from .._ngfw.firewalls.client import Firewall
from .._ngfw.firewalls.finder import Firewalls, Found
from .._ngfw.resources.codec import values_of
from .._ngfw.resources.texts import ACCOUNT
from .._ngfw.resources.validation import Problem, refuse
from .argspec import session_spec
from .firewall import the_one
from .ngfw import Task
from .session import Session

CREATE_IT = "Create it with panw.cloud.ngfw_firewall, or correct the name or the region."


def firewall_part_spec() -> dict[str, Any]:
    """The options of the session and of the firewall."""
    return {
        **session_spec(),
        "firewall": {"type": "str"},
        "firewall_id": {"type": "str"},
        "account_id": {"type": "str"},
    }


def firewall_problems(params: dict[str, Any]) -> Iterator[Problem]:
    """The problems of the options that address a firewall. They may name one that was not made by this collection, so any text is a name."""
    if not params["firewall"] and not params["firewall_id"]:
        yield Problem("firewall", "is missing: set it, or 'firewall_id'.")
    account = params["account_id"]
    if account is not None and (wrong := ACCOUNT.problem(account)):
        yield Problem("account_id", f"is '{account}': it {wrong}.")


@contextlib.contextmanager
def changed_before_failure(changed: bool) -> Iterator[None]:
    """Let a failure say whether something was changed before it."""
    try:
        yield
    except PanwCloudError as error:
        error.changed = error.changed or changed
        raise


def find_firewall(task: Task, opened: Session) -> Found | None:
    """The firewall of the options, None if it does not exist. :raises InvalidOptions: several have the name, or the ID is that of another one."""
    params = task.params
    name, firewall_id = params["firewall"], params["firewall_id"]
    found = the_one(
        Firewalls(opened.client, opened.pair, params["account_id"]).find(name, firewall_id), name, "firewall"
    )
    if found and name and found.firewall.name != name:
        refuse([Problem("firewall", f"is '{name}', but firewall '{firewall_id}' is named '{found.firewall.name}'.")])
    return found


def expected_firewall(task: Task, opened: Session, attempted: str) -> Found:
    """In check mode, a firewall in place of one that does not exist, because an earlier task may create it.

    :param attempted: as the end of "Could not …". :raises NotFound: it does not exist, and this is not check mode.
    """
    params = task.params
    name = params["firewall"] or params["firewall_id"]
    client = Firewalls(opened.client, opened.pair, params["account_id"]).client(None)
    if client is None or not task.check_mode:
        raise NotFound(attempted, ErrorContext(reason=f"firewall '{name}' does not exist"), CREATE_IT)
    task.session_warnings.append(f"Firewall '{name}' does not exist. The task fails unless an earlier one creates it.")
    values = values_of(client.version.resource.fields, None)
    return Found(client, Firewall((name,), name, {}, values, id=params["firewall_id"] or ""))
