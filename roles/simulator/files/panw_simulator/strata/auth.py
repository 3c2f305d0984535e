# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authentication of platform API callers by access token, and authorization by role.

Source of the token error texts: the tenancy API documents "Jwt is expired", an Envoy message; the others are Envoy's, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..messages import Request, Response
from .access import Access
from .access_tokens import AccessTokens
from .oauth_api import bearer
from .responses import Refusal, platform_error, text_error
from .service import Call, Operation
from .service_accounts import ServiceAccounts


@dataclass(frozen=True)
class Caller:
    """A service account, acting in the tenant service group that its access token is for."""

    client_id: str
    tsg_id: str


Handler = Callable[[Call, Caller], Response]


class Auth:
    """Wraps handlers in authentication and authorization."""

    def __init__(self, tokens: AccessTokens, accounts: ServiceAccounts, access: Access) -> None:
        self._tokens = tokens
        self._accounts = accounts
        self._access = access

    def operation(self, method: str, template: str, permission: str, handler: Handler) -> Operation:
        """An operation that requires a permission; an empty one allows every role of the tenant."""

        def guarded(call: Call) -> Response:
            caller = self.caller(call.request)
            if not self._access.permits(caller.client_id, caller.tsg_id, permission):
                raise Refusal(platform_error(403))
            return handler(call, caller)

        return Operation(method, template, guarded)

    def caller(self, request: Request) -> Caller:
        """Authenticate the caller.

        :raises Refusal: the token is missing, invalid or expired.
        """
        text = bearer(request)
        if text is None:
            raise Refusal(text_error(401, "Jwt is missing"))
        token = self._tokens.find(text)
        if token is None or self._accounts.find(token.client_id) is None:
            raise Refusal(text_error(401, "Jwt verification fails"))
        if self._tokens.expired(token):
            raise Refusal(text_error(401, "Jwt is expired"))
        return Caller(token.client_id, token.tsg_id)
