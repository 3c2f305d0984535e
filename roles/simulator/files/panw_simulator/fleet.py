# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bulk creation of IAM roles for fleet tests and benchmarks: creating thousands through the IAM API would take minutes."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any

from moto.iam.models import iam_backends

from .seed import MAIN_ACCOUNT
from .settings import Account
from .tokens import AdminRole
from .validation import Invalid, Shape, integer, text

FLEET = Shape({"roles": integer(1, 100_000), "name": text()})
TRUST = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{MAIN_ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
INVOKE = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "arn:aws:execute-api:*:*:*"}


class Fleet:
    """Roles of onboarded accounts. Each has the tags of all admin roles, may invoke the API, and trusts the main account."""

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self._accounts = accounts
        self._lock = threading.Lock()
        self._arns: list[str] = []

    def grow(self, document: Any) -> dict[str, list[str]]:
        """Create the missing roles and return their ARNs: with ``name`` one of this name in each account, with ``roles`` that many.

        The latter have the names ``fleet-00001`` and so on, and are spread evenly over the accounts.

        :raises Invalid: an unknown field or value, or not one of both.
        """
        FLEET.check(document)
        if len(document) != 1:
            raise Invalid("one of 'roles' and 'name' is required")
        with self._lock:
            onboarded = [name for name, account in self._accounts.items() if account.onboarded]
            if "name" in document:
                return {
                    "role_arns": [
                        _existing(one, document["name"]) or _create(one, document["name"]) for one in onboarded
                    ]
                }
            for index in range(len(self._arns), document["roles"]):
                self._arns.append(_create(onboarded[index % len(onboarded)], f"fleet-{index + 1:05d}"))
            return {"role_arns": self._arns[: document["roles"]]}


def _existing(account: str, name: str) -> str | None:
    """The ARN of a role, None if it does not exist."""
    roles = iam_backends[account]["aws"].roles.values()
    return next((str(role.arn) for role in roles if role.name == name), None)


def _create(account: str, name: str) -> str:
    tags = [{"Key": admin_role.tag, "Value": "Yes"} for admin_role in AdminRole]
    role = iam_backends[account]["aws"].create_role(name, _policy(TRUST), "/", None, "One of a fleet", tags, "3600")
    role.put_policy("invoke", _policy(INVOKE))
    return str(role.arn)


def _policy(statement: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
