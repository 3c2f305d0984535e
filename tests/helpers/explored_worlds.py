# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The worlds of the exploration: a store, the service whose secrets it stores, and the invariants."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar

from ansible_collections.panw.cloud.plugins.module_utils._common.token_pair import TokenPair
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.reconciler import TokenReconciler
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import Token, claims
from ansible_collections.panw.cloud.plugins.module_utils._scm.credential_check import CredentialStatus
from ansible_collections.panw.cloud.plugins.module_utils._scm.credential_reconciler import CredentialReconciler
from ansible_collections.panw.cloud.plugins.module_utils._scm.service_accounts import ServiceAccount
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import StoredCredentials, StoredToken

from .credentials_world import WANTED
from .fakes import KEY, jwt
from .store_runs import Ask, OutsideSlots, OutsideVault, Report, StoreWorld
from .token_world import TARGET


class ExploredTokens(StoreWorld):
    """A world with Cloud NGFW. :ivar living: tokens that the API accepts. :ivar lost: those whose response got lost."""

    STORED = StoredToken

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.living: dict[str, datetime] = {}
        self.revoked: list[str] = []
        self.lost: set[str] = set()

    def lose(self) -> None:
        """Lose the response to the last token request."""
        self.lost.add(list(self.living)[-1])

    def reconciler(self, ask: Ask, changes: dict[str, Any]) -> TokenReconciler:
        outside = _Outside(ask)
        target = dataclasses.replace(TARGET, **changes)
        return TokenReconciler(target, self.store(outside), outside, lambda: ask("clock", "now", immediate=True), "run")

    def _look(self, current: str | None) -> None:
        if current in self.revoked:
            self.wrong.append("a token that was revoked is current")

    def _check(self, run: str, report: Report) -> None:
        mine = [token for token in self.living if _owner(token) == run]
        if "old one stays" in report.failure and self.current() in mine:
            self.wrong.append(f"{run} reports that the old one stays, but its own token is current")
        if "new token is revoked" in report.failure and mine:
            self.wrong.append(f"{run} reports that its new token is revoked, but it is valid")

    def _remains(self) -> Iterator[str]:
        if self.current() not in self.living:
            yield "after the last run, the current token is invalid"
        if set(self.living) - self.stored() - self.lost:
            yield "after the last run, a token is valid that is neither in the store nor in a lost response"

    def _api(self, run: str, name: str, token: str = "", minutes: int = 0) -> Any:
        if name == "issue":
            text = jwt(jti=self._number(run))
            self.living[text] = self.now + timedelta(minutes=minutes)
            return Token(TokenPair(text, KEY), "rulestack", self.living[text], minutes)
        if name == "alive":
            return self.living.get(token, self.now) > self.now
        if token == self.current():
            self.wrong.append("the current token is revoked")
        if _owner(token) not in {run, *self.ended} and token in self._pending():
            self.wrong.append("the pending token of an active run is revoked")
        self.revoked.append(token)
        return self.living.pop(token, None) is not None

    def _pending(self) -> set[str]:
        pending = self.store(self).load().pending
        return {pending.token} if isinstance(pending, StoredToken) else set()


class ExploredCredentials(StoreWorld):
    """A world with Strata Cloud Manager. :ivar secret: of the one service account, None before its creation."""

    STORED = StoredCredentials
    LAST: ClassVar[dict[str, Any]] = {"adopt": True}  # removing credentials does not remove the account
    ACCOUNT = ServiceAccount("id-1", WANTED.name, "client-1", WANTED.tsg_id)

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.secret: str | None = None

    def lose(self) -> None:
        """The next run repairs a reset whose response is lost."""

    def reconciler(self, ask: Ask, changes: dict[str, Any]) -> CredentialReconciler:
        outside = _Outside(ask)
        desired = dataclasses.replace(WANTED, **changes)
        store = self.store(outside)
        return CredentialReconciler(desired, store, outside, outside, lambda: ask("clock", "now", immediate=True))

    def _remains(self) -> Iterator[str]:
        if self.current() != self.secret:
            yield "after the last run, the current secret is invalid"

    def _platform(self, run: str, name: str, secret: str = "") -> Any:
        if name == "named":
            return self.ACCOUNT if self.secret else None
        if name == "prove":
            return secret == self.secret
        if name == "create" and self.secret:
            self.wrong.append("a second account is created")
        self.secret = f"a-made-up-secret-{self._number(run)}"
        return dataclasses.replace(self.ACCOUNT, client_secret=self.secret)


class _Outside:
    """All services that a run calls: AWS, Vault, files, the token API, the identity API and the token endpoint."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.aws, self.slots, self.vault = self, OutsideSlots(ask), OutsideVault(ask)

    def ask(self, _service: str, _attempted: str, operation: str, _advice: str = "", **request: Any) -> Any:
        return self._ask("aws", operation, **request)

    def service(self, *_place: Any) -> Any:
        return self

    def account(self, _source: Any) -> str:
        return "123456789012"

    def issue(self, _admin_role: Any, minutes: int) -> Any:
        return self._ask("api", "issue", minutes=minutes)

    def revoke(self, held: TokenPair) -> Any:
        return self._ask("api", "revoke", token=held.token)

    def alive(self, token: StoredToken) -> Any:
        return self._ask("api", "alive", token=token.token)

    def named(self, _name: str) -> Any:
        return self._ask("platform", "named")

    def create(self, _name: str) -> Any:
        return self._ask("platform", "create")

    def reset(self, _account: ServiceAccount) -> Any:
        return self._ask("platform", "reset")

    def status(self, credentials: StoredCredentials) -> CredentialStatus:
        good = self._ask("platform", "prove", secret=credentials.client_secret)
        return CredentialStatus.GOOD if good else CredentialStatus.DEAD


@functools.cache
def _owner(token: str) -> str:
    """The run to which a token was issued."""
    return str(claims(token)["jti"]).rstrip("0123456789")
