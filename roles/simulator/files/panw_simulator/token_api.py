# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token API: describe programmatic access, get a token for an admin role, revoke it."""

from __future__ import annotations

from functools import partial

from .envelope import ServiceError, not_authorized
from .gateway import REVOKE, forbidden, is_subscription_key
from .identities import Identities
from .routing import Auth, Call, Caller, Content, Route
from .settings import Settings
from .tokens import AdminRole, TokenStore

BASE = "/v1/mgmt/tokens"
DEFAULT_EXPIRY = 30
LEAST_EXPIRY = 5
MOST_EXPIRY = 1440


class TokenApi:
    """Handlers of the token routes. Times are minutes."""

    def __init__(self, identities: Identities, tokens: TokenStore, settings: Settings) -> None:
        self._identities = identities
        self._tokens = tokens
        self._settings = settings

    def routes(self) -> list[Route]:
        """The routes with their handlers."""
        minting = [
            Route(
                "GET",
                f"{BASE}/{role.value}",
                partial(self.mint, role),
                Auth.SIGNATURE,
                management=role is AdminRole.ACCOUNT,
            )
            for role in AdminRole
        ]
        describe = Route("GET", BASE, self.describe, Auth.SIGNATURE)
        return [describe, *minting, Route("DELETE", REVOKE, self.revoke, Auth.SIGNATURE)]

    def describe(self, call: Call, caller: Caller) -> Content:
        """Whether programmatic access is enabled, and the maximum lifetime of a token."""
        self._require_onboarded_role(caller)
        access = self._settings.access
        if access.describe == "tenant_admin":
            raise not_authorized()
        return {"Enabled": access.enabled, "MaxExpiryTime": access.max_expiry_time}

    def mint(self, admin_role: AdminRole, call: Call, caller: Caller) -> Content:
        """Issue a token for a role with the tag, limited to the tenant's maximum lifetime."""
        self._require_onboarded_role(caller)
        if self._identities.role_tags(caller.role_arn).get(admin_role.tag) != "Yes":
            raise not_authorized()
        if admin_role is AdminRole.GLOBAL_RULESTACK and not self._settings.accounts[caller.account_id].firewall_manager:
            raise not_authorized()
        minutes = call.integer("expirytime", DEFAULT_EXPIRY, LEAST_EXPIRY, MOST_EXPIRY)
        access = self._settings.access
        minutes = min(minutes, access.max_expiry_time)
        if not access.enabled:
            return {"ExpiryTime": minutes, "Enabled": False}
        token = self._tokens.issue(admin_role, caller.role_arn, caller.account_id, call.place.region, minutes)
        return {
            "TokenId": token.text,
            "SubscriptionKey": self._tokens.subscription_key(caller.account_id),
            "ExpiryTime": minutes,
            "Enabled": True,
        }

    def revoke(self, call: Call, caller: Caller) -> Content:
        """Revoke a token of the same account."""
        self._require_onboarded_role(caller)
        if not is_subscription_key(call, self._tokens, caller.account_id):
            raise forbidden()
        if not self._tokens.revoke(call.path["TokenId"], caller.account_id):
            raise ServiceError("ResourceNotFoundException", "token does not exist", 404)
        return {"TokenId": call.path["TokenId"]}

    def _require_onboarded_role(self, caller: Caller) -> None:
        if not caller.role_arn or not self._settings.onboarded(caller.account_id):
            raise not_authorized()
