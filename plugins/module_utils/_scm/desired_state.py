# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The desired state of service account credentials in a store, and the result of a run.

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
from .._stores.reconciler import StoreResult
from .service_accounts import check_name


@dataclasses.dataclass(frozen=True)
class DesiredCredentials:
    """The desired credentials, and how they are stored.

    :param name: of the service account. :param auth_url: the URL where readers exchange the credentials for an access token.
    :param adopt: whether to reset the secret of an account that is unknown to the store.
    :param lock_timeout: the age after which another run's reservation is taken over.
    :param replace_invalid: whether to replace an unreadable document.
    """

    name: str
    tsg_id: str
    auth_url: str
    adopt: bool = False
    lock_timeout: timedelta = timedelta(minutes=5)
    replace_invalid: bool = False

    @property
    def subject(self) -> str:
        """The account as reservations name it."""
        return f"{self.name}@{self.tsg_id}"


@dataclasses.dataclass
class StoredCredentialsResult(StoreResult[StoredCredentials]):
    """The result of a run on a credentials store.

    :param authorized: whether the service account has a role in the tenant service group; None if not checked.
    """

    authorized: bool | None = None

    def as_result(self) -> dict[str, Any]:
        """The module's result keys, without secrets."""
        current = self.current
        return {
            "changed": self.changed,
            "service_account_id": current and current.service_account_id,
            "client_id": current and current.client_id,
            "fingerprint": current and current.fingerprint,
            "issued_at": current and show(current.issued_at),
            "previous_fingerprint": self.previous and self.previous.fingerprint,
            "authorized": self.authorized,
            "repaired": self.repaired,
            "diff": {"before": _shown(self.observed), "after": _shown(current)},
        }


def desired(params: Mapping[str, Any], auth_url: str) -> DesiredCredentials:
    """The desired state from the options. :raises InvalidInput: one of them is invalid."""
    check_name("service_account", params["service_account"])
    if params["lock_timeout"] < 0:
        raise InvalidInput("lock_timeout", f"is {params['lock_timeout']}; it must be 0 seconds or more.")
    return DesiredCredentials(
        name=params["service_account"],
        tsg_id=params["tsg_id"],
        auth_url=auth_url,
        adopt=params["adopt"],
        lock_timeout=timedelta(seconds=params["lock_timeout"]),
        replace_invalid=params["on_invalid_document"] == "replace",
    )


def _shown(credentials: StoredCredentials | None) -> dict[str, Any]:
    """The non-secret values of credentials."""
    if credentials is None:
        return {}
    return {
        "client_id": credentials.client_id,
        "fingerprint": credentials.fingerprint,
        "issued_at": show(credentials.issued_at),
    }
