# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide whether the caller's token is still valid. Needs neither network nor SDK, so that the action plugin can do it on the controller.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from ..._aws.assumed_role import AssumedRole
from ..._common.dates import parse, show
from ..._common.errors import InvalidInput
from ..._common.redaction import fingerprint, is_header_value
from ..._common.token_pair import TokenPair
from ..admin_roles import LONGEST_EXPIRY, SHORTEST_EXPIRY

TOKEN_PARTS = ("token", "subscription_key", "expires_at")
RESULT_KEYS = (
    *TOKEN_PARTS,
    "expiry_time",
    "admin_role",
    "fingerprint",
    "tenant_version",
    "account_id",
    "possibly_alive",
)


def kept(params: Mapping[str, Any], now: datetime | None = None) -> dict[str, Any] | None:
    """The result that keeps the current token; None if a new one is due.

    :param params: validated against L(token_spec); other keys of C(current) are passed through.
    :raises InvalidInput: an option is invalid.
    """
    check_expiry(params["expiry_time"])
    check_renewal(params["renew_before"], params["expiry_time"])
    current = params["current"] or {}
    expires_at = current_expiry(current, params["admin_role"])
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


def predicted(params: Mapping[str, Any], role: AssumedRole | None) -> dict[str, Any]:
    """The result of check mode if a new token is due."""
    known = {
        "admin_role": params["admin_role"],
        "expiry_time": params["expiry_time"],
        "account_id": role and role.account_id,
        "possibly_alive": 0,
    }
    return {"changed": True, **dict.fromkeys(RESULT_KEYS), **known}


def check_expiry(minutes: int) -> None:
    """Check the lifetime of a token. :raises InvalidInput: the vendor does not allow it."""
    if not SHORTEST_EXPIRY <= minutes <= LONGEST_EXPIRY:
        raise InvalidInput(
            "expiry_time", f"is {minutes}; Cloud NGFW allows {SHORTEST_EXPIRY} to {LONGEST_EXPIRY} minutes."
        )


def check_renewal(renew_before: int, expiry_time: int) -> None:
    """Check the renewal threshold. :raises InvalidInput: every token would be due for renewal as soon as it is issued, or never."""
    if not 0 <= renew_before < expiry_time:
        raise InvalidInput(
            "renew_before",
            f"is {renew_before}; it must be 0 or more, and less than 'expiry_time' ({expiry_time} minutes).",
        )


def token_pair(params: Mapping[str, Any], prefix: str = "") -> TokenPair:
    """The caller's token and subscription key. :raises InvalidInput: one is missing or cannot be sent as a header."""
    for name in ("token", "subscription_key"):
        value = params.get(name)
        if not value or not str(value).strip():
            raise InvalidInput(prefix + name, "is empty. A token is used together with its subscription key.")
        if not is_header_value(value):
            raise InvalidInput(prefix + name, "contains white space or characters that an HTTP header cannot carry.")
    return TokenPair(params["token"], params["subscription_key"])


def current_expiry(given: Mapping[str, Any] | None, admin_role: str) -> datetime | None:
    """When the caller's token expires; None without a token.

    :raises InvalidInput: a part is missing, the date is invalid, or the token is of another admin role.
    """
    if not given or all(value is None for value in given.values()):
        return None
    missing = [name for name in TOKEN_PARTS if not given.get(name)]
    if missing:
        raise InvalidInput(
            "current",
            f"lacks {', '.join(missing)}. It must have {', '.join(TOKEN_PARTS)}, like the result of an earlier run.",
        )
    token_pair(given, "current.")
    other = given.get("admin_role")
    if other and other != admin_role:
        raise InvalidInput("current", f"holds a token for admin role '{other}', but 'admin_role' is '{admin_role}'.")
    return date_option("current.expires_at", given["expires_at"])


def date_option(option: str, text: str | None) -> datetime | None:
    """A date option, None if it is not set. :raises InvalidInput: it is invalid."""
    if text is None:
        return None
    try:
        return parse(str(text))
    except ValueError:
        raise InvalidInput(
            option, f"is {text!r}; it must be a date and time with a time zone, such as '2026-05-19T12:00:00Z'."
        ) from None
