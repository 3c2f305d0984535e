# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The identity API: service accounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..messages import Response, json_response
from .access import Access
from .auth import Auth, Caller
from .responses import Refusal, platform_error
from .seed import ACCOUNT_NAME
from .service import Call, Operation
from .service_accounts import ServiceAccount, ServiceAccounts
from .tenant_settings import TenantSettings

BASE = "/iam/v1/service_accounts"
PERMISSION = "iam.service_account"


class ServiceAccountApi:
    """Handlers of the service account routes."""

    def __init__(self, accounts: ServiceAccounts, access: Access, tenant_settings: TenantSettings) -> None:
        self._accounts = accounts
        self._access = access
        self._tenant_settings = tenant_settings

    def operations(self, auth: Auth) -> list[Operation]:
        """The operations with their handlers."""
        one = f"{BASE}/{{id}}"
        return [
            auth.operation("GET", BASE, f"{PERMISSION}.list", self.list_accounts),
            auth.operation("POST", BASE, f"{PERMISSION}.create", self.create),
            auth.operation("GET", one, f"{PERMISSION}.get", self.get),
            auth.operation("PUT", one, f"{PERMISSION}.update", self.update),
            auth.operation("DELETE", one, f"{PERMISSION}.delete", self.delete),
            auth.operation("POST", f"{one}/operations/reset", f"{PERMISSION}.reset", self.reset),
        ]

    def list_accounts(self, call: Call, caller: Caller) -> Response:
        """All accounts of the caller's tenant; documented as an array, while the other lists wrap their items."""
        items = [account.view() for account in self._accounts.of_tenant(caller.tsg_id)]
        return listing(items, wrapped=self._tenant_settings.list_shape == "items")

    def create(self, call: Call, caller: Caller) -> Response:
        """Create an account in the caller's tenant; only this response and that of a reset contain its secret."""
        document = checked(call, required=("name",), optional=("contact_email", "description"))
        if not re.fullmatch(ACCOUNT_NAME, document["name"]):
            raise Refusal(platform_error(400, "name must be of letters, digits, dots, hyphens and underscores"))
        account = self._accounts.create(
            document["name"], caller.tsg_id, document.get("contact_email", ""), document.get("description", "")
        )
        if account is None:
            raise Refusal(platform_error(409, "a service account of this name exists"))
        return json_response(201, {**account.view(), "client_secret": account.secret})

    def get(self, call: Call, caller: Caller) -> Response:
        """One account."""
        return json_response(200, self._account(call, caller).view())

    def update(self, call: Call, caller: Caller) -> Response:
        """Change contact or description; other fields cannot change."""
        account = self._account(call, caller)
        document = checked(call, optional=("contact_email", "description"))
        account.contact_email = document.get("contact_email", account.contact_email)
        account.description = document.get("description", account.description)
        return json_response(202, account.view())

    def delete(self, call: Call, caller: Caller) -> Response:
        """Delete an account with its policies."""
        account = self._account(call, caller)
        self._accounts.delete(account)
        self._access.forget_principal(account.client_id)
        return Response(204)

    def reset(self, call: Call, caller: Caller) -> Response:
        """Reset the secret; the old one becomes invalid immediately."""
        account = self._account(call, caller)
        self._accounts.reset(account)
        return json_response(201, {**account.view(), "client_secret": account.secret})

    def _account(self, call: Call, caller: Caller) -> ServiceAccount:
        for account in self._accounts.of_tenant(caller.tsg_id):
            if account.id == call.path["id"]:
                return account
        raise Refusal(platform_error(404))


def listing(items: Sequence[dict[str, Any]], *, wrapped: bool) -> Response:
    """A list in one of the platform's two formats."""
    return json_response(200, {"count": len(items), "items": list(items)} if wrapped else list(items))


def checked(call: Call, required: Sequence[str] = (), optional: Sequence[str] = ()) -> dict[str, str]:
    """The body, after checking that it has all required and only known fields, and all are strings.

    :raises Refusal: with 400.
    """
    document = call.document()
    for name in required:
        if not document.get(name):
            raise Refusal(platform_error(400, f"{name} is required"))
    for name, value in document.items():
        if name not in (*required, *optional):
            raise Refusal(platform_error(400, f"{name} is not allowed"))
        if not isinstance(value, str):
            raise Refusal(platform_error(400, f"{name} must be a string"))
    return document
