# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way from a module's AWS credentials to the token API, for the target's own place and for those of tokens that earlier runs have left.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Protocol

from ..._aws.assumed_role import SESSION_NAME, AssumedRole
from ..._common.urls import require_tls
from ..._transport.http import HttpClient
from ..client import Held, NgfwClient
from ..endpoints import Endpoint
from .service import TokenService, is_alive

if TYPE_CHECKING:
    from ..._aws.client import Credentials
    from ..._stores.documents import StoredToken


class Keys(Protocol):
    """Where AWS credentials come from: an L(AwsClient), or what stands in for it."""

    def credentials(self, role: AssumedRole | None) -> Credentials:
        """The credentials of an assumed role, or without a role those of the caller."""

    def account_of(self, credentials: Credentials) -> str | None:
        """The account of the credentials, None where it is not known."""


class Reach:
    """Implements L(Api). Each role is assumed once, when it is first needed.

    :param role: the target's, whose session settings serve for other roles as well.
    """

    def __init__(self, aws: Keys, http: HttpClient, role: AssumedRole | None) -> None:
        self._aws, self._http, self._role = aws, http, role
        self._credentials: dict[str | None, Credentials] = {}

    def service(self, role_arn: str | None, region: str, url: str) -> TokenService:
        return TokenService(self._client(region, url), self._of(role_arn))

    def alive(self, token: StoredToken) -> bool:
        held = Held(token.token, token.subscription_key)
        return is_alive(self._client(token.region, token.url), held, management=token.admin_role == "account")

    def account(self) -> str | None:
        return self._aws.account_of(self._of(self._role.arn if self._role else None))

    def _client(self, region: str, url: str) -> NgfwClient:
        require_tls("ngfw_url", url)
        return NgfwClient(self._http, Endpoint(url, region))

    def _of(self, role_arn: str | None) -> Credentials:
        if role_arn not in self._credentials:
            role = None
            if role_arn:
                role = (
                    dataclasses.replace(self._role, arn=role_arn) if self._role else AssumedRole(role_arn, SESSION_NAME)
                )
            self._credentials[role_arn] = self._aws.credentials(role)
        return self._credentials[role_arn]
