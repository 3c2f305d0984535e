# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Validate the response to a token request, and describe lost tokens.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._common.errors import AccessDisabled, ErrorContext, InvalidResponse, PanwCloudError
from ..._common.redaction import is_header_value

MOST_MINUTES = 366 * 24 * 60  # a sanity limit; the vendor documents 1440
_USELESS = "Run again; if it persists, give the request id to the vendor's support."


def problem(attempted: str, target: str, content: Mapping[str, Any]) -> PanwCloudError | None:
    """Why the content of a response is not a usable token; None if it is one."""
    if content.get("enabled") is False:
        return AccessDisabled(attempted, ErrorContext(target, reason="programmatic access is not enabled"))
    fields = {
        "TokenId": (content.get("token_id"), _is_sendable),
        "SubscriptionKey": (content.get("subscription_key"), _is_sendable),
        "ExpiryTime": (content.get("expiry_time"), _is_life),
        "Enabled": (content.get("enabled", True), lambda enabled: enabled is True),
    }
    lacking = [name for name, (value, _check) in fields.items() if value is None or value == ""]
    wrong = [name for name, (value, check) in fields.items() if name not in lacking and not check(value)]
    said = [f"the response lacks {', '.join(lacking)}"] if lacking else []
    said += [f"the response has an unusable {', '.join(wrong)}"] if wrong else []
    return InvalidResponse(attempted, ErrorContext(target, reason="; ".join(said)), _USELESS) if said else None


def _is_sendable(value: Any) -> bool:
    return isinstance(value, str) and is_header_value(value)


def _is_life(value: Any) -> bool:
    return value.__class__ is int and 0 < value <= MOST_MINUTES


def unclaimed(count: int, minutes: int) -> str:
    """A sentence on lost tokens."""
    if count == 1:
        return (
            "The outcome of a token request is unknown. If the API issued a token, it is lost, "
            f"and expires within {minutes} minutes."
        )
    return f"The outcome of {count} token requests is unknown: up to {count} lost tokens may be valid; they expire within {minutes} minutes."


def shortened(granted: int, requested: int, renew_before: int) -> list[str]:
    """A warning that the tenant granted less than requested, none if it did not; all in minutes.

    The vendor does not document what happens beyond the C(MaxExpiryTime) of a tenant. A response that grants less shows that the API shortens.
    """
    if granted >= requested:
        return []
    text = f"The token lives for {granted} minutes, and {requested} were requested: the maximum of the tenant is lower."
    if granted <= renew_before:
        text += f" Each run renews it, because 'renew_before' is {renew_before}. Set it to less than {granted}."
    return [text]
