# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The callers of the WildFire public API, and the daily limits of their keys."""

from __future__ import annotations

from collections.abc import Callable

from ..messages import Request, Response
from .access_tokens import AccessTokens
from .forms import Form, read_form
from .keys import Key, Keys, LegacyKey
from .oauth_api import bearer
from .responses import Refusal, wildfire_error
from .service import Call, Operation
from .service_accounts import ServiceAccounts

BASE = "/publicapi"


class WildfireQuota:
    """Finds the key of a request, and counts successful requests against its daily limits."""

    def __init__(self, keys: Keys, tokens: AccessTokens, accounts: ServiceAccounts) -> None:
        self._keys = keys
        self._tokens = tokens
        self._accounts = accounts

    def query(self, path: str, handler: Callable[[Form], Response]) -> Operation:
        """An operation that counts as a query."""
        return self._charged(path, "queries", handler)

    def upload(self, path: str, handler: Callable[[Form], Response]) -> Operation:
        """An operation that counts as an upload."""
        return self._charged(path, "uploads", handler)

    def _charged(self, path: str, kind: str, handler: Callable[[Form], Response]) -> Operation:
        def charged(call: Call) -> Response:
            form = read_form(call.request)
            key = self._key(call.request, form)
            if not self._keys.remaining(key, kind):
                raise Refusal(wildfire_error(419))
            response = handler(form)
            self._keys.spend(key, kind)
            return response

        return Operation("POST", BASE + path, charged)

    def _key(self, request: Request, form: Form) -> Key | LegacyKey:
        """The key of the access token's account, or the one in the form."""
        if request.headers.get("Authorization") is None:
            key = self._keys.of_text(form.text("apikey") or "", form.text("agent") or "")
        else:
            key = self._bound_key(bearer(request) or "")
        if key is None:
            raise Refusal(wildfire_error(401))
        return key

    def _bound_key(self, text: str) -> Key | None:
        token = self._tokens.find(text)
        if token is None or self._tokens.expired(token) or self._accounts.find(token.client_id) is None:
            return None
        return self._keys.of_account(token.client_id, token.tsg_id)
