# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fingerprints of secrets, and texts without them.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from urllib.parse import quote

MASK = "********"
FINGERPRINT_LENGTH = 12
LONGEST_TEXT = 500
SHORTEST_SECRET = 4
# Looks back so that a long run of letters is tried once, not once from each of its letters.
_JWT = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+")
_ESCAPE = re.compile(r"%[0-9A-F]{2}")
_LABELLED = re.compile(
    r"(?i)((?:x-amz-security-token|authorization|tokenid|subscriptionkey|secretaccesskey|sessiontoken|access_token|client_secret|api[_-]?key)"
    r"[\"']?\s*[:=]\s*)[\"']?[^\s\"',}]+"
)


def fingerprint(secret: str) -> str:
    """The first 12 hexadecimal digits of the secret's SHA-256: enough to recognise it, too little to guess it."""
    return hashlib.sha256(secret.encode()).hexdigest()[:FINGERPRINT_LENGTH]


def _lower(escape: re.Match[str]) -> str:
    return escape.group().lower()


def _encoded(secret: str) -> Iterator[str]:
    """The secret as URLs write it."""
    for form in (quote(secret), quote(secret, safe="")):
        yield form
        yield _ESCAPE.sub(_lower, form)


class Scrubber:
    """Takes secrets out of texts: those it was told, and whatever looks like a token.

    Servers repeat what they were sent: a gateway names the path, and a revocation's path is the token itself.
    """

    def __init__(self, *secrets: str | None) -> None:
        self._secrets: set[str] = set()
        self.learn(*secrets)

    def learn(self, *secrets: str | None) -> None:
        """Remember secrets, without white space around them."""
        bare = ((secret or "").strip() for secret in secrets)
        self._secrets.update(secret for secret in bare if len(secret) >= SHORTEST_SECRET)

    def clean(self, text: str) -> str:
        """The text in one line without secrets, as they are and as a URL writes them, at most 500 characters long."""
        secrets = list(self._secrets)
        if "%" in text:
            secrets += [form for secret in secrets for form in _encoded(secret)]
        for secret in sorted(secrets, key=len, reverse=True):
            text = text.replace(secret, MASK)
        text = _LABELLED.sub(rf"\g<1>{MASK}", _JWT.sub(MASK, text))
        text = " ".join(text.split())
        return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + " …"
