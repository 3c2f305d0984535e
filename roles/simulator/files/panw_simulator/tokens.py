# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programmatic access tokens and subscription keys of Cloud NGFW."""

from __future__ import annotations

import secrets
import string
import threading
import uuid
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

import jwt

from .clock import Clock, iso8601
from .recorder import Recorder, fingerprint

ALGORITHM = "HS256"
SUBSCRIPTION_KEY_LENGTH = 40


class AdminRole(Enum):
    """Admin roles: the value is the last segment of the token route; the tag is required on the IAM role."""

    FIREWALL = "cloudfirewalladmin"
    RULESTACK = "cloudrulestackadmin"
    GLOBAL_RULESTACK = "cloudglobalrulestackadmin"
    ACCOUNT = "cloudaccountadmin"

    @property
    def tag(self) -> str:
        """Key of the tag on the IAM role; its value must be ``Yes``."""
        return {
            AdminRole.FIREWALL: "CloudNGFWFirewallAdmin",
            AdminRole.RULESTACK: "CloudNGFWRulestackAdmin",
            AdminRole.GLOBAL_RULESTACK: "CloudNGFWGlobalRulestackAdmin",
            AdminRole.ACCOUNT: "CloudNGFWAccountAdmin",
        }[self]


@dataclass
class Token:
    """One issued token. Times are seconds of the simulator's clock."""

    id: str
    text: str
    admin_role: AdminRole
    role_arn: str
    account_id: str
    region: str
    issued_at: int
    expires_at: int
    revoked: bool = False

    def state(self, now: float) -> str:
        """``alive``, ``revoked`` or ``expired``."""
        if self.revoked:
            return "revoked"
        return "expired" if self.expires_at <= now else "alive"

    @cached_property
    def description(self) -> dict[str, Any]:
        """Its immutable, non-secret properties."""
        return {
            "fingerprint": fingerprint(self.text),
            "admin_role": self.admin_role.value,
            "role_arn": self.role_arn,
            "account_id": self.account_id,
            "region": self.region,
            "issued_at": iso8601(self.issued_at),
            "expires_at": iso8601(self.expires_at),
        }


class TokenStore:
    """Issues, looks up and revokes tokens. The signing key is random and in memory only."""

    def __init__(self, clock: Clock, recorder: Recorder, tenant_version: str) -> None:
        self._clock = clock
        self._recorder = recorder
        self._tenant_version = tenant_version
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._tokens: dict[str, Token] = {}
        self._subscription_keys: dict[str, str] = {}

    def issue(self, admin_role: AdminRole, role_arn: str, account_id: str, region: str, minutes: int) -> Token:
        """Issue a token for a role."""
        issued_at = int(self._clock.time())
        token_id = str(uuid.uuid4())
        claims = {
            "jti": token_id,
            "iat": issued_at,
            "exp": issued_at + 60 * minutes,
            "tenant_version": self._tenant_version,
            "account_id": account_id,
            "admin_role": admin_role.value,
            "region": region,
        }
        text = jwt.encode(claims, self._key, ALGORITHM)
        token = Token(token_id, text, admin_role, role_arn, account_id, region, issued_at, issued_at + 60 * minutes)
        with self._lock:
            self._tokens[text] = token
        self._recorder.keep_secret("tokens", text)
        return token

    def find(self, text: str) -> Token | None:
        """The token with this text in any state, None if it was not issued here."""
        with self._lock:
            return self._tokens.get(text)

    def revoke(self, text: str, account_id: str) -> bool:
        """Revoke a token of an account; False if it is not valid."""
        token = self.find(text)
        with self._lock:
            if token is None or token.account_id != account_id or token.state(self._clock.time()) != "alive":
                return False
            token.revoked = True
            return True

    def subscription_key(self, account_id: str) -> str:
        """The account's subscription key, created at first use and stable afterwards."""
        with self._lock:
            key = self._subscription_keys.get(account_id)
            if key is None:
                alphabet = string.ascii_letters + string.digits
                key = "".join(secrets.choice(alphabet) for _index in range(SUBSCRIPTION_KEY_LENGTH))
                self._subscription_keys[account_id] = key
                self._recorder.keep_secret("subscription_keys", key)
        return key

    def describe(self) -> dict[str, Any]:
        """Counts and one entry per token; fingerprints only."""
        now = self._clock.time()
        with self._lock:
            tokens = list(self._tokens.values())
        entries = [{**token.description, "state": token.state(now)} for token in tokens]
        counts = {state: sum(entry["state"] == state for entry in entries) for state in ("alive", "revoked", "expired")}
        return {"issued": len(entries), **counts, "tokens": entries}
