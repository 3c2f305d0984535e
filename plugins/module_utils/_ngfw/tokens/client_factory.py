# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Create token API clients from a module's AWS credentials, for the target's own endpoint and for tokens that earlier runs left behind.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ..._common.urls import require_tls
from ..._transport.http import HttpClient
from ..admin_roles import ADMIN_ROLES
from ..client import NgfwClient
from ..endpoints import Endpoint
from .service import TokenService, is_alive

if TYPE_CHECKING:
    from ..._aws.assumed_role import AssumedRole
    from ..._aws.client import Credentials
    from ..._stores.documents import StoredToken
    from .spec import TokenSource


class CredentialSource(Protocol):
    """A source of AWS credentials: an L(AwsClient), or a replacement for it."""

    def credentials(self, role: AssumedRole | None) -> Credentials:
        """The credentials of an assumed role; without a role, those of the caller."""

    def account_of(self, credentials: Credentials) -> str | None:
        """The account of the credentials, None if unknown."""


class ClientFactory:
    """Implements L(TokenApi). Each role is assumed once, on first use."""

    def __init__(self, aws: CredentialSource, http: HttpClient) -> None:
        self._aws, self._http = aws, http
        self._credentials: dict[AssumedRole | None, Credentials] = {}

    def service(self, source: TokenSource) -> TokenService:
        return TokenService(self._client(source.endpoint), self._credentials_of(source.role))

    def alive(self, token: StoredToken) -> bool:
        role = ADMIN_ROLES.get(token.admin_role)
        management = role is not None and role.plane == "management"
        return is_alive(self._client(Endpoint(token.url, token.region)), token.pair, management=management)

    def account(self, source: TokenSource) -> str | None:
        return self._aws.account_of(self._credentials_of(source.role))

    def _client(self, endpoint: Endpoint) -> NgfwClient:
        require_tls("ngfw_url", endpoint.url)
        return NgfwClient(self._http, endpoint)

    def _credentials_of(self, role: AssumedRole | None) -> Credentials:
        if role not in self._credentials:
            self._credentials[role] = self._aws.credentials(role)
        return self._credentials[role]
