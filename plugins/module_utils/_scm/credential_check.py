# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether stored credentials work, found out as their readers would: by asking for an access token.

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


class Standing(enum.Enum):
    """What the token endpoint makes of credentials."""

    DEAD = "the secret is not accepted"
    UNAUTHORISED = "the secret is accepted, and the account has no role in the tenant service group"
    GOOD = "an access token was given"


class Proof:
    """Asks the token endpoint that is stored with the credentials."""

    def __init__(self, http: HttpClient) -> None:
        self._http = http

    def standing(self, credentials: StoredCredentials) -> Standing:
        """What credentials are worth. :raises PanwCloudError: that cannot be told."""
        require_tls("scm_auth_url", credentials.auth_url)
        held = ClientCredentials(credentials.client_id, credentials.client_secret, credentials.tsg_id)
        try:
            AccessTokens(self._http, credentials.auth_url, held).get()
        except AuthenticationError:
            return Standing.DEAD
        except AuthorizationError as error:
            if error.evidence.error_code != "invalid_scope":
                raise
            return Standing.UNAUTHORISED  # RFC 6749 looks at the scope of a client that is authenticated
        return Standing.GOOD
