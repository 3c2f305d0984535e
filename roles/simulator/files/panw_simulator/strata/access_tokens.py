# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access tokens: the short-lived bearer tokens of service accounts, which every endpoint requires."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from typing import Any

import jwt

from ..clock import Clock, iso8601
from ..recorder import Recorder, fingerprint

ALGORITHM = "HS256"
LIFETIME_SECONDS = 899
ISSUER = "https://auth.apps.paloaltonetworks.com/am/oauth2"


@dataclass(frozen=True)
class AccessToken:
    """One issued token. Times are seconds of the simulator's clock."""

    text: str
    client_id: str
    tsg_id: str
    issued_at: int
    expires_at: int


class AccessTokens:
    """Issues and looks up access tokens. The signing key is random and in memory only."""

    def __init__(self, clock: Clock, recorder: Recorder) -> None:
        self._clock = clock
        self._recorder = recorder
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._tokens: dict[str, AccessToken] = {}

    def issue(self, client_id: str, tsg_id: str) -> AccessToken:
        """Issue a token for an account in a tenant service group."""
        now = int(self._clock.time())
        claims = {
            "sub": client_id,
            "iss": ISSUER,
            "scope": f"profile tsg_id:{tsg_id} email",
            "jti": secrets.token_urlsafe(16),
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
        }
        token = AccessToken(jwt.encode(claims, self._key, ALGORITHM), client_id, tsg_id, now, now + LIFETIME_SECONDS)
        with self._lock:
            self._tokens[token.text] = token
        self._recorder.keep_secret("access_tokens", token.text)
        return token

    def find(self, text: str) -> AccessToken | None:
        """The token with this text, expired or not."""
        with self._lock:
            return self._tokens.get(text)

    def expired(self, token: AccessToken) -> bool:
        """Whether a token has expired."""
        return token.expires_at <= self._clock.time()

    def expire_all(self) -> int:
        """Expire all tokens now and return how many were valid."""
        now = self._clock.time()
        with self._lock:
            alive = [token for token in self._tokens.values() if token.expires_at > now]
            for token in alive:
                self._tokens[token.text] = AccessToken(
                    token.text, token.client_id, token.tsg_id, token.issued_at, int(now)
                )
        return len(alive)

    def describe(self) -> list[dict[str, Any]]:
        """One entry per token; fingerprints only."""
        with self._lock:
            tokens = list(self._tokens.values())
        return [
            {
                "fingerprint": fingerprint(token.text),
                "client_id": token.client_id,
                "tsg_id": token.tsg_id,
                "issued_at": iso8601(token.issued_at),
                "expires_at": iso8601(token.expires_at),
                "state": "expired" if self.expired(token) else "alive",
            }
            for token in tokens
        ]
