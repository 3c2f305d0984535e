# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Describe a stored token without its secrets, and verify that it works.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Protocol

from ..._common.dates import show
from ..._common.errors import ErrorContext, PanwCloudError
from ..._stores.base import Contents, describe_pending
from ..._stores.documents import StoredToken
from ..admin_roles import AdminRole
from ..endpoints import Endpoint
from .spec import TokenSpec, remaining_life


class NoWorkingToken(PanwCloudError):
    """The store holds no working token."""

    kind = "no_working_token"
    advice = "Run panw.cloud.ngfw_stored_token with 'state: rotated' to issue and store a new token."


class Verifier(Protocol):
    """Checks tokens against the API."""

    def alive(self, token: StoredToken) -> bool:
        """Whether the API accepts a token."""


def describe(contents: Contents[StoredToken], spec: TokenSpec | None, now: datetime) -> dict[str, Any]:
    """The contents of a store as the keys that M(panw.cloud.ngfw_stored_token_info) returns.

    :param spec: what the token has to match; None for any. :raises InvalidDocument: the store holds something other than a token.
    """
    if contents.damage:
        raise contents.damage
    token, pending = contents.current, contents.pending
    life = max(timedelta(), remaining_life(token, spec, now)) if token else timedelta()
    return {
        "exists": contents.exists,
        "fingerprint": token and token.fingerprint,
        "admin_role": token and token.admin_role,
        "role_arn": token and token.role_arn,
        "account_id": token and token.account_id,
        "region_of_token": token and token.region,
        "url": token and token.url,
        "issued_at": token and show(token.issued_at),
        "expires_at": token and show(token.expires_at),
        "remaining_time": int(life / timedelta(minutes=1)),
        "expired": token and not life,
        "pending_rotation": describe_pending(pending),
        "pending_revocation": [
            {"fingerprint": entry.fingerprint, "revoke_at": show(entry.due)} for entry in contents.pending_revocations
        ],
    }


def usable_token(
    contents: Contents[StoredToken], admin_role: AdminRole | None, endpoint: Endpoint | None, now: datetime, place: str
) -> StoredToken:
    """The token that a store holds, for use by a task or program.

    :param admin_role: that the token has to be for, None for any.
    :param endpoint: that the task calls, because a token is sent to its own API only; None if the caller learns the URL with the token.
    :param place: the store, for the failure.
    :raises InvalidDocument: the store holds something else.
    :raises NoWorkingToken: it holds no token, a stale one, or one for another admin role or API.
    """
    if contents.damage:
        raise contents.damage
    token, next_step = contents.current, None
    if token is None:
        reason = "the store holds no token"
    elif remaining_life(token, None, now) <= timedelta():
        reason = f"the token expired at {show(token.expires_at)}, or cannot be sent"
    elif admin_role and token.admin_role != admin_role.option:
        reason = f"the token is for the admin role '{token.admin_role}', and '{admin_role.option}' is needed"
        next_step = "Read a store with a token for that admin role."
    elif endpoint and (token.url, token.region) != (endpoint.url, endpoint.region):
        reason = (
            f"the token is for {token.url} in {token.region}, and the task calls {endpoint.url} in {endpoint.region}"
        )
        next_step = "Set 'region' and 'ngfw_url' as the task that stored the token does."
    else:
        return token
    raise NoWorkingToken("use the stored token", ErrorContext(place, reason=reason), next_step)


def verify(contents: Contents[StoredToken], spec: TokenSpec | None, api: Verifier, now: datetime, place: str) -> None:
    """Check that the store holds a working token.

    :param place: the store, for the error. :raises NoWorkingToken: the token is missing, expired, does not match, or is rejected by the API.
    """
    token = contents.current
    reason = "the store holds no token"
    if token is not None:
        reason = "the token has expired, or does not match the options"
        if remaining_life(token, spec, now) > timedelta():
            if api.alive(token):
                return
            reason = f"the API does not accept the token (fingerprint {token.fingerprint})"
    raise NoWorkingToken("verify the stored token", ErrorContext(place, reason=reason))
