# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which service account's credentials are wanted in a store, and what became of them.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from .._common.dates import show
from .._common.errors import InvalidInput
from .._stores.documents import StoredCredentials
from .._stores.reconciler import StoreOutcome
from .service_accounts import check_name


@dataclasses.dataclass(frozen=True)
class Wanted:
    """Which credentials are wanted, and how they are kept.

    :param name: of the service account. :param auth_url: where readers are to exchange the credentials for an access token.
    :param adopt: whether the secret of an account that the store knows nothing of may be reset.
    :param stale_after: the age at which somebody else's reservation is taken over.
    :param replace_damaged: whether a document that cannot be read is replaced.
    """

    name: str
    tsg_id: str
    auth_url: str
    adopt: bool = False
    stale_after: timedelta = timedelta(minutes=5)
    replace_damaged: bool = False

    @property
    def subject(self) -> str:
        """The account in one word, as reservations name it."""
        return f"{self.name}@{self.tsg_id}"


@dataclasses.dataclass
class Outcome(StoreOutcome[StoredCredentials]):
    """What a run did to the store of credentials.

    :param authorised: whether the service account has a role in the tenant service group; None if that was not asked.
    """

    authorised: bool | None = None

    def as_result(self) -> dict[str, Any]:
        """What it did, as the keys that the module returns; without secrets."""
        current = self.current
        return {
            "changed": self.changed,
            "service_account_id": current and current.service_account_id,
            "client_id": current and current.client_id,
            "fingerprint": current and current.fingerprint,
            "issued_at": current and show(current.issued_at),
            "previous_fingerprint": self.previous and self.previous.fingerprint,
            "authorised": self.authorised,
            "repaired": self.repaired,
            "diff": {"before": _shown(self.found), "after": _shown(current)},
        }


def wanted(params: Mapping[str, Any], auth_url: str) -> Wanted:
    """What the options mean. :raises InvalidInput: one of them cannot be right."""
    check_name("service_account", params["service_account"])
    if params["take_over_after"] < 0:
        raise InvalidInput("take_over_after", f"is {params['take_over_after']}; it must be 0 seconds or more.")
    return Wanted(
        name=params["service_account"],
        tsg_id=params["tsg_id"],
        auth_url=auth_url,
        adopt=params["adopt"],
        stale_after=timedelta(seconds=params["take_over_after"]),
        replace_damaged=params["on_damaged"] == "replace",
    )


def _shown(credentials: StoredCredentials | None) -> dict[str, Any]:
    """What may be shown of credentials."""
    if credentials is None:
        return {}
    return {
        "client_id": credentials.client_id,
        "fingerprint": credentials.fingerprint,
        "issued_at": show(credentials.issued_at),
    }
