# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A world of tokens: a store and a fake of Cloud NGFW."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from typing import Any, ClassVar

from ansible_collections.panw.cloud.plugins.module_utils._common.token_pair import TokenPair
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.reconciler import TokenReconciler
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import Token
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.spec import TokenSource, TokenSpec
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import StoredToken

from .fake_aws import NOW, source
from .fakes import KEY, jwt
from .secret_worlds import FakeService, SecretWorld

TARGET = TokenSpec(
    admin_role=ADMIN_ROLES["rulestack"],
    source=source(),
    expiry_time=60,
    renew_before=timedelta(minutes=20),
)


class FakeApi(FakeService):
    """Cloud NGFW. Implements L(TokenApi) and, for all places, L(TokenService).

    :ivar living: tokens that are not revoked, and when they expire. :ivar assumed: roles of the calls. :ivar most: minutes that the tenant grants.
    """

    def __init__(self) -> None:
        super().__init__()
        self.living: dict[str, datetime] = {}
        self.assumed: list[str | None] = []
        self.most = 1440

    def service(self, source: TokenSource) -> Any:
        self.called("assume")
        self.assumed.append(source.role_arn)
        return self

    def issue(self, admin_role: Any, expiry_time: int) -> Token:
        self.called("issue")
        text, granted = jwt(jti=next(self.numbers)), min(expiry_time, self.most)
        self.living[text] = self.now + timedelta(minutes=granted)
        return Token(TokenPair(text, KEY), admin_role.option, self.living[text], granted)

    def revoke(self, held: TokenPair) -> bool:
        self.called("revoke")
        return self.living.pop(held.token, None) is not None

    def alive(self, token: StoredToken) -> bool:
        self.called("alive")
        return not self.rejects and self.works(token)

    def account(self, _source: TokenSource) -> str | None:
        return "123456789012"

    def works(self, token: StoredToken) -> bool:
        return self.living.get(token.token, NOW - timedelta(days=1)) > self.now


class TokenWorld(SecretWorld):
    """A world of tokens. :ivar api: its service."""

    STORED = StoredToken
    RECONCILER = TokenReconciler
    CREATE: ClassVar[set[str]] = {"issue"}
    PREPARE = "assume"
    PROVE = "alive"
    KEEPING: ClassVar[list[str]] = []
    ADOPTING: ClassVar[dict[str, Any]] = {}

    def __init__(self, kind: str) -> None:
        self.api = FakeApi()
        super().__init__(kind, self.api)

    def reconciler(self, **changes: Any) -> TokenReconciler:
        place = {name: changes.pop(name) for name in ("role_arn", "region", "url") if name in changes}
        if place:
            changes["source"] = source(**place)
        return TokenReconciler(dataclasses.replace(TARGET, **changes), self.store(), self.api, lambda: self.api.now)

    def valid(self) -> list[str]:
        return [token for token, expires_at in self.api.living.items() if expires_at > self.api.now]

    def invalidate(self, secret: StoredToken) -> None:
        del self.api.living[secret.token]

    def confidential(self, secret: StoredToken) -> list[str]:
        return [secret.token, secret.subscription_key]
