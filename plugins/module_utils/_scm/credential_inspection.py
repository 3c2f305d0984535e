# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Describe and verify the service account credentials in a store, without the secret.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from typing import Any, Protocol

from .._common.dates import show
from .._common.errors import ErrorContext, PanwCloudError
from .._stores.base import Contents, describe_pending
from .._stores.documents import StoredCredentials
from .credential_check import CredentialStatus


class NoWorkingSecret(PanwCloudError):
    """The store holds no secret that the authorization server accepts."""

    kind = "no_working_secret"
    advice = (
        "Run the module panw.cloud.scm_stored_credentials, which creates or resets the secret and stores the new one."
    )


class Verifier(Protocol):
    """Checks credentials at the authorization server."""

    def status(self, credentials: StoredCredentials) -> CredentialStatus:
        """The status of credentials."""


def describe(contents: Contents[StoredCredentials]) -> dict[str, Any]:
    """The contents of a store as the keys that M(panw.cloud.scm_stored_credentials_info) returns.

    :raises InvalidDocument: the store holds something other than credentials.
    """
    if contents.damage:
        raise contents.damage
    held, pending = contents.current, contents.pending
    return {
        "exists": contents.exists,
        "service_account": held and held.name,
        "service_account_id": held and held.service_account_id,
        "client_id": held and held.client_id,
        "tsg_id": held and held.tsg_id,
        "auth_url": held and held.auth_url,
        "fingerprint": held and held.fingerprint,
        "issued_at": held and show(held.issued_at),
        "pending_rotation": describe_pending(pending),
    }


def verify(contents: Contents[StoredCredentials], server: Verifier, place: str) -> bool:
    """Check that readers of the store find working credentials.

    :param place: the store, for the failure. :return: whether the account has a role in the tenant service group.
    :raises NoWorkingSecret: the store holds none, or the authorization server rejects them.
    """
    reason = "the store holds no credentials"
    if contents.current is not None:
        status = server.status(contents.current)
        if status is not CredentialStatus.DEAD:
            return status is CredentialStatus.GOOD
        reason = f"{status.value} (fingerprint {contents.current.fingerprint})"
    raise NoWorkingSecret("verify the stored credentials", ErrorContext(place, reason=reason))
