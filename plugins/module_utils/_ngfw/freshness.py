# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the token that the caller holds is still good. Needs neither network nor SDK, so that the action plugin can decide it on the controller.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from .. import _arguments
from .._admin_roles import DEFAULT_EXPIRY
from .._arguments import HELD_PARTS, Role
from .._dates import show
from .._secrets import fingerprint

RESULT_KEYS = (
    *HELD_PARTS,
    "expiry_time",
    "admin_role",
    "fingerprint",
    "tenant_version",
    "account_id",
    "possibly_alive",
)
TOKEN_SPEC: dict[str, Any] = {
    "admin_role": _arguments.admin_role_option(required=True),
    "expiry_time": {"type": "int", "default": DEFAULT_EXPIRY},
    "current": {
        "type": "dict",
        "no_log": False,
        "options": {
            "token": {"type": "str", "no_log": True},
            "subscription_key": {"type": "str", "no_log": True},
            "expires_at": {"type": "str"},
            "admin_role": {"type": "str"},
        },
    },
    "renew_before": {"type": "int", "default": 3},
    "force": {"type": "bool", "default": False},
}


def kept(params: Mapping[str, Any], now: datetime | None = None) -> dict[str, Any] | None:
    """The result that keeps the current token; None where a new one is due.

    :param params: checked against L(TOKEN_SPEC); what else C(current) holds is passed through.
    :raises InvalidInput: an option cannot be right.
    """
    _arguments.check_expiry(params["expiry_time"])
    _arguments.check_renewal(params["renew_before"], params["expiry_time"])
    current = params["current"] or {}
    expires_at = _arguments.current(current, params["admin_role"])
    if expires_at is None or params["force"]:
        return None
    if expires_at - (now or datetime.now(timezone.utc)) <= timedelta(minutes=params["renew_before"]):
        return None
    result: dict[str, Any] = {
        **dict.fromkeys(RESULT_KEYS),
        **{key: current[key] for key in RESULT_KEYS if key in current},
    }
    own = {
        "admin_role": params["admin_role"],
        "fingerprint": fingerprint(current["token"]),
        "expires_at": show(expires_at),
        "possibly_alive": 0,
    }
    return {"changed": False, **result, **own}


def predicted(params: Mapping[str, Any], role: Role | None) -> dict[str, Any]:
    """The result of check mode where a new token is due."""
    known = {
        "admin_role": params["admin_role"],
        "expiry_time": params["expiry_time"],
        "account_id": role and role.account_id,
        "possibly_alive": 0,
    }
    return {"changed": True, **dict.fromkeys(RESULT_KEYS), **known}
