# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token server: OAuth 2.0 client credentials on its three documented paths, and token information.

Source of the texts: ForgeRock Access Management, which serves ``/am/oauth2``; of the lifetime: the vendor's examples.
"""

from __future__ import annotations

import base64
import re
from urllib.parse import unquote

from ..messages import Request, Response, json_response
from .access import Access
from .access_tokens import LIFETIME_SECONDS, AccessTokens
from .forms import Form, read_form
from .responses import Refusal, oauth_error
from .service import Call, Operation
from .service_accounts import ServiceAccount, ServiceAccounts

TOKEN_PATHS = ("/oauth2/access_token", "/auth/v1/oauth2/access_token", "/am/oauth2/access_token")
USERINFO = "/auth/v1/oauth2/userinfo"
SCOPE = re.compile(r"tsg_id:(1[0-9]{9})")


class OAuthApi:
    """Handlers of the token server."""

    def __init__(self, accounts: ServiceAccounts, access: Access, tokens: AccessTokens) -> None:
        self._accounts = accounts
        self._access = access
        self._tokens = tokens

    def operations(self) -> list[Operation]:
        """The operations with their handlers."""
        return [
            *(Operation("POST", path, self.token) for path in TOKEN_PATHS),
            Operation("GET", USERINFO, lambda call: self._userinfo(bearer(call.request))),
            Operation("POST", USERINFO, lambda call: self._userinfo(read_form(call.request).text("access_token"))),
        ]

    def token(self, call: Call) -> Response:
        """An access token for an authenticated account that has a role in the tenant of the scope."""
        form = read_form(call.request)
        grant = form.text("grant_type")
        if not grant:
            raise _refused("invalid_request", "Grant type is not set")
        if grant != "client_credentials":
            raise _refused("unsupported_grant_type", f"Grant type is not supported: {grant}")
        account = self._client(call.request, form)
        tsg_id = self._tenant(form.text("scope"), account)
        token = self._tokens.issue(account.client_id, tsg_id)
        document = {
            "access_token": token.text,
            "scope": f"profile tsg_id:{tsg_id} email",
            "token_type": "Bearer",
            "expires_in": LIFETIME_SECONDS,
        }
        return json_response(200, document, [("Cache-Control", "no-store")])

    def _client(self, request: Request, form: Form) -> ServiceAccount:
        pair = _basic(request) or (form.text("client_id") or "", form.text("client_secret") or "")
        account = self._accounts.prove(*pair)
        if account is None:
            raise Refusal(oauth_error(401, "invalid_client", "Client authentication failed"))
        return account

    def _tenant(self, scope: str | None, account: ServiceAccount) -> str:
        if not scope:
            raise _refused("invalid_scope", "No scope requested and no default scope configured")
        wanted = [word for word in scope.split() if word not in ("profile", "email")]
        match = SCOPE.fullmatch(wanted[0]) if len(wanted) == 1 else None
        if match is None or not self._access.permits(account.client_id, match[1]):
            raise _refused("invalid_scope", f"Unknown/invalid scope(s): [{', '.join(wanted)}]")
        return match[1]

    def _userinfo(self, text: str | None) -> Response:
        token = self._tokens.find(text or "")
        account = self._accounts.find(token.client_id) if token else None
        if token is None or account is None or self._tokens.expired(token):
            raise Refusal(
                oauth_error(401, "invalid_token", "The access token provided is expired, revoked or malformed")
            )
        return json_response(200, {"sub": account.client_id, "name": account.name, "email": account.client_id})


def bearer(request: Request) -> str | None:
    """The access token in the Authorization header."""
    kind, _blank, text = (request.headers.get("Authorization") or "").partition(" ")
    return text.strip() if kind.lower() == "bearer" and text.strip() else None


def _basic(request: Request) -> tuple[str, str] | None:
    kind, _blank, encoded = (request.headers.get("Authorization") or "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        user, _colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:  # neither Base64 nor UTF-8
        return "", ""
    return unquote(user), unquote(password)


def _refused(error: str, description: str) -> Refusal:
    return Refusal(oauth_error(400, error, description))
