# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check stored credentials in the same way as their readers use them: by requesting an access token.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from .._common.errors import AuthenticationError, AuthorizationError
from .._common.urls import require_tls
from .oauth import AccessTokens, ClientCredentials

if TYPE_CHECKING:
    from .._stores.documents import StoredCredentials
    from .._transport.http import HttpClient


class CredentialStatus(enum.Enum):
    """The result of using credentials at the token endpoint."""

    DEAD = "the secret is rejected"
    UNAUTHORIZED = "the secret is accepted, but the account has no role in the tenant service group"
    GOOD = "an access token was issued"


class CredentialCheck:
    """Checks credentials at the token endpoint that is stored with them."""

    def __init__(self, http: HttpClient) -> None:
        self._http = http

    def status(self, credentials: StoredCredentials) -> CredentialStatus:
        """The status of credentials. :raises PanwCloudError: it cannot be determined."""
        require_tls("scm_auth_url", credentials.auth_url)
        held = ClientCredentials(credentials.client_id, credentials.client_secret, credentials.tsg_id)
        try:
            AccessTokens(self._http, credentials.auth_url, held).get()
        except AuthenticationError:
            return CredentialStatus.DEAD
        except AuthorizationError as error:
            if error.context.error_code != "invalid_scope":
                raise
            return CredentialStatus.UNAUTHORIZED  # RFC 6749: the scope is checked after the client is authenticated
        return CredentialStatus.GOOD
