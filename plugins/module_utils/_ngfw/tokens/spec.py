# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which token is wanted in a store, and what became of it.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from ..._aws.assumed_role import AssumedRole
from ..._common.dates import show
from ..._common.errors import InvalidInput
from ..._stores.documents import StoredToken
from ..._stores.reconciler import StoreOutcome
from ..admin_roles import ADMIN_ROLES, LONGEST_EXPIRY, AdminRole
from ..endpoints import Endpoint
from .options import check_expiry, check_renewal

if TYPE_CHECKING:
    from .service import TokenService


@dataclasses.dataclass(frozen=True)
class Target:
    """Which token is wanted, and how it is kept.

    :param expiry_time: minutes. :param renew_before: the life that a token must have left to be kept.
    :param grace: for how long a token is left alive after another has taken its place.
    :param stale_after: the age at which somebody else's reservation is taken over; longer than a run can need between its reservation and its token.
    :param replace_damaged: whether a document that cannot be read is replaced.
    :param verify: whether the API is asked about a current token before it is kept.
    """

    admin_role: AdminRole
    region: str
    url: str
    role_arn: str | None
    expiry_time: int
    renew_before: timedelta
    grace: timedelta = timedelta()
    stale_after: timedelta = timedelta(minutes=5)
    replace_damaged: bool = False
    verify: bool = False

    @property
    def place(self) -> tuple[str | None, str, str]:
        """Where the token comes from: role, region and URL."""
        return self.role_arn, self.region, self.url

    def is_of(self, token: StoredToken) -> bool:
        """Whether a token is one of this admin role and place."""
        return token.admin_role == self.admin_role.option and (token.role_arn, token.region, token.url) == self.place


class Api(Protocol):
    """What the keeper asks of Cloud NGFW."""

    def service(self, role_arn: str | None, region: str, url: str) -> TokenService:
        """The token API at a place, with the credentials of a role; assumes the role when it is first asked for it."""

    def alive(self, token: StoredToken) -> bool:
        """Whether the API accepts a token."""

    def account(self) -> str | None:
        """The account of the target's credentials, None where it is not known."""


@dataclasses.dataclass
class Outcome(StoreOutcome[StoredToken]):
    """What a run did to the store of a token."""

    def as_result(self) -> dict[str, Any]:
        """What it did, as the keys that modules return; without secrets."""
        current = self.current
        return {
            "changed": self.changed,
            "fingerprint": current and current.fingerprint,
            "expires_at": current and show(current.expires_at),
            "account_id": current and current.account_id,
            "previous_fingerprint": self.previous and self.previous.fingerprint,
            "retiring": [{"fingerprint": entry.fingerprint, "retire_at": show(entry.due)} for entry in self.retiring],
            "repaired": self.repaired,
            "warnings": self.warnings,
            "diff": {"before": _shown(self.found), "after": _shown(current)},
        }


def wanted(params: Mapping[str, Any], endpoint: Endpoint, role: AssumedRole | None) -> Target:
    """The target that the options mean. :raises InvalidInput: one of them cannot be right."""
    check_expiry(params["expiry_time"])
    check_renewal(params["renew_before"], params["expiry_time"])
    if not 0 <= params["grace_period"] <= LONGEST_EXPIRY:
        raise InvalidInput("grace_period", f"is {params['grace_period']}; it must be 0 to {LONGEST_EXPIRY} minutes.")
    if params["take_over_after"] < 0:
        raise InvalidInput("take_over_after", f"is {params['take_over_after']}; it must be 0 seconds or more.")
    return Target(
        admin_role=ADMIN_ROLES[params["admin_role"]],
        region=endpoint.region,
        url=endpoint.url,
        role_arn=role.arn if role else None,
        expiry_time=params["expiry_time"],
        renew_before=timedelta(minutes=params["renew_before"]),
        grace=timedelta(minutes=params["grace_period"]),
        stale_after=timedelta(seconds=params["take_over_after"]),
        replace_damaged=params["on_damaged"] == "replace",
        verify=params["verify"],
    )


def _shown(token: StoredToken | None) -> dict[str, Any]:
    """What may be shown of a token."""
    if token is None:
        return {}
    return {"fingerprint": token.fingerprint, "expires_at": show(token.expires_at), "admin_role": token.admin_role}
