# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The desired token of a store, and the result of a run.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from ..._aws.assumed_role import SESSION_NAME, AssumedRole
from ..._common.dates import show
from ..._common.errors import InvalidInput
from ..._common.redaction import is_header_value
from ..._stores.documents import StoredToken
from ..._stores.reconciler import StoreResult
from ..admin_roles import ADMIN_ROLES, LONGEST_EXPIRY, AdminRole
from ..endpoints import Endpoint
from .options import check_expiry, check_renewal

if TYPE_CHECKING:
    from .service import TokenService

LONGEST_LIFE = timedelta(minutes=LONGEST_EXPIRY)
SKEW = timedelta(minutes=5)  # AWS rejects signatures with a larger clock difference


@dataclasses.dataclass(frozen=True)
class TokenSource:
    """The source of tokens: the IAM role that requests them, None for the caller's own credentials, and the endpoint that issues them."""

    role: AssumedRole | None
    endpoint: Endpoint

    @property
    def role_arn(self) -> str | None:
        """The ARN of the role."""
        return self.role.arn if self.role else None

    def issued(self, token: StoredToken) -> bool:
        """Whether a stored token comes from this source."""
        return (token.role_arn, token.region, token.url) == (self.role_arn, self.endpoint.region, self.endpoint.url)

    def of(self, token: StoredToken) -> TokenSource:
        """The source of a stored token; its role is assumed with the session settings of this source."""
        role = None
        if token.role_arn:
            own = self.role or AssumedRole(token.role_arn, SESSION_NAME)
            role = dataclasses.replace(own, arn=token.role_arn)
        return TokenSource(role, Endpoint(token.url, token.region))


@dataclasses.dataclass(frozen=True)
class TokenSpec:
    """The desired token, and how it is kept.

    :param expiry_time: minutes. :param renew_before: the remaining lifetime up to which a token is renewed.
    :param grace: how long a token stays valid after another one has replaced it.
    :param lock_timeout: the age at which another run's reservation is taken over; longer than a run can need between its reservation and its token.
    :param replace_invalid: whether an invalid document is replaced.
    :param verify: whether a current token is checked against the API before it is kept.
    """

    admin_role: AdminRole
    source: TokenSource
    expiry_time: int
    renew_before: timedelta
    grace: timedelta = timedelta()
    lock_timeout: timedelta = timedelta(minutes=5)
    replace_invalid: bool = False
    verify: bool = False

    def is_of(self, token: StoredToken) -> bool:
        """Whether a token is one of this admin role and place."""
        return token.admin_role == self.admin_role.option and self.source.issued(token)


def remaining_life(token: StoredToken, spec: TokenSpec | None, now: datetime) -> timedelta:
    """The remaining lifetime of a stored token: zero if it does not match the spec, no HTTP header can carry it, or the API cannot have granted its dates."""
    sendable = is_header_value(token.token) and is_header_value(token.subscription_key)
    if not sendable or (spec and not spec.is_of(token)) or token.issued_at > now + SKEW:
        return timedelta()
    return min(token.expires_at, token.issued_at + LONGEST_LIFE) - now


class TokenApi(Protocol):
    """The calls of Cloud NGFW that the reconciler needs."""

    def service(self, source: TokenSource) -> TokenService:
        """The token API at a place, with the credentials of a role, which is assumed on first use."""

    def alive(self, token: StoredToken) -> bool:
        """Whether the API accepts a token."""

    def account(self, source: TokenSource) -> str | None:
        """The account of the target's credentials, None if unknown."""


@dataclasses.dataclass
class StoredTokenResult(StoreResult[StoredToken]):
    """The result of a run on the store of a token."""

    def as_result(self) -> dict[str, Any]:
        """The result as the keys that modules return, without secrets."""
        current = self.current
        return {
            "changed": self.changed,
            "fingerprint": current and current.fingerprint,
            "expires_at": current and show(current.expires_at),
            "account_id": current and current.account_id,
            "previous_fingerprint": self.previous and self.previous.fingerprint,
            "pending_revocation": [
                {"fingerprint": entry.fingerprint, "revoke_at": show(entry.due)} for entry in self.pending_revocations
            ],
            "repaired": self.repaired,
            "warnings": self.warnings,
            "diff": {"before": _shown(self.observed), "after": _shown(current)},
        }


def desired(params: Mapping[str, Any], source: TokenSource) -> TokenSpec:
    """The target that the options describe. :raises InvalidInput: an option is invalid."""
    check_expiry(params["expiry_time"])
    check_renewal(params["renew_before"], params["expiry_time"])
    if not 0 <= params["grace_period"] <= LONGEST_EXPIRY:
        raise InvalidInput("grace_period", f"is {params['grace_period']}; it must be 0 to {LONGEST_EXPIRY} minutes.")
    if params["lock_timeout"] < 0:
        raise InvalidInput("lock_timeout", f"is {params['lock_timeout']}; it must be 0 seconds or more.")
    return TokenSpec(
        admin_role=ADMIN_ROLES[params["admin_role"]],
        source=source,
        expiry_time=params["expiry_time"],
        renew_before=timedelta(minutes=params["renew_before"]),
        grace=timedelta(minutes=params["grace_period"]),
        lock_timeout=timedelta(seconds=params["lock_timeout"]),
        replace_invalid=params["on_invalid_document"] == "replace",
        verify=params["verify"],
    )


def _shown(token: StoredToken | None) -> dict[str, Any]:
    """The public fields of a token."""
    if token is None:
        return {}
    return {"fingerprint": token.fingerprint, "expires_at": show(token.expires_at), "admin_role": token.admin_role}
