# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fingerprints of secrets, and removal of secrets and unsafe characters from external text.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import html
import json
import re
import threading
import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "********"
FINGERPRINT_LENGTH = 12
LONGEST_TEXT = 500
SHORTEST_SECRET = 4
# The lookbehind makes the expression try a long run of letters once, not once per letter.
_JWT = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+")
_ESCAPE = re.compile(r"%[0-9A-F]{2}")
_LABELLED = re.compile(
    r"(?i)((?:x-amz-security-token|authorization|token_?id|subscription_?key|secret_?access_?key|session_?token|access_?token|client_?secret|api[_-]?key)"
    r"(?:[\\\"'\s]|&quot;|%22)*(?:[:=>]|%3a|%3d)(?:[\\\"'\s]|&quot;|%22)*(?:(?:bearer|basic)\s+)?)[^\s\"',}<&\\]+"
)
_USER_INFO = re.compile(r"(?<=//)[^\s<>]{0,300}@")
_SECRET_NAME = re.compile(
    r"token|secret|password|passwd|passphrase|apikey|subscriptionkey|accesskey|privatekey|authorization|credential|jwt"
)
# Names that match but hold no secrets: masking their values would hide what a reader needs.
_OPEN_NAME = re.compile(r"(next|page|update)token|tokentype|secretkeyarn")
_HEADER_VALUE = re.compile(r"[\x21-\x7e]+")
# Unicode categories: control, format (including bidirectional), surrogates, line and paragraph separators.
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def fingerprint(secret: str) -> str:
    """The first 12 hexadecimal digits of the secret's SHA-256: enough to recognize it, too few to guess it."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()[:FINGERPRINT_LENGTH]


def without_user_info(text: str) -> str:
    """The text without user names and passwords in URLs."""
    return _USER_INFO.sub("", text)


def is_header_value(text: str) -> bool:
    """Whether an HTTP header can carry a token or key: printable ASCII without white space."""
    return _HEADER_VALUE.fullmatch(text) is not None


def printable(value: Any) -> Any:
    """An external value without characters that control terminals or reorder text, also in lists and dictionaries; line breaks and tabs stay."""
    if isinstance(value, str):
        if value.isascii() and value.isprintable():
            return value
        return "".join(c for c in value if c in "\n\t" or unicodedata.category(c) not in _UNSEEN)
    if isinstance(value, dict):
        return {printable(key): printable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable(item) for item in value]
    return value


def read_json(body: bytes | str, scrubber: Scrubber | None = None) -> Any:
    """Parse the JSON of a response, None if it is invalid.

    :param scrubber: learns all values under secrets' names, duplicate keys included. No text of the response may be shown before.
    """
    learn = functools.partial(_learned, scrubber) if scrubber else None
    try:
        return json.loads(body, object_pairs_hook=learn)
    except (RecursionError, ValueError):
        return None


def _learned(scrubber: Scrubber, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    for name, value in pairs:
        if is_secret_name(name):
            scrubber.learn(*_leaves(value))
        elif isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
            read_json(value, scrubber)  # JSON in a string
    return dict(pairs)


def _leaves(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
        elif isinstance(item, (str, int, float)) and not isinstance(item, bool):
            yield str(item)


@functools.lru_cache(maxsize=1024)
def is_secret_name(name: str) -> bool:
    """Whether the value under a name is treated as a secret."""
    bare = re.sub(r"[^a-z0-9]", "", name.lower())
    return bool(_SECRET_NAME.search(bare)) and not _OPEN_NAME.search(bare)


def _lower(escape: re.Match[str]) -> str:
    return escape.group().lower()


def _forms(secret: str) -> Iterator[str]:
    """The secret itself, and its encodings in URLs, JSON, HTML and Base64."""
    yield secret
    for form in (
        quote(secret, errors="replace"),
        quote(secret, "", errors="replace"),
        quote_plus(secret, errors="replace"),
    ):
        yield form
        yield _ESCAPE.sub(_lower, form)
    yield html.escape(secret)
    for ascii_only in (True, False):
        once = json.dumps(secret, ensure_ascii=ascii_only)[1:-1]
        yield from (once, once.replace("/", "\\/"), json.dumps(once)[1:-1])  # the last for JSON in a JSON string
    encoded = base64.b64encode(secret.encode("utf-8", "replace")).decode().rstrip("=")
    yield from (encoded, encoded.translate(str.maketrans("+/", "-_")))


class Scrubber:
    """Removes secrets from texts: known ones, and whatever looks like a token.

    Servers echo requests: a gateway quotes the path, and the path of a revocation contains the token.
    """

    def __init__(self, *secrets: str | None) -> None:
        self._lock = threading.Lock()
        self._known: set[str] = set()
        self._masked: list[str] | None = None
        self.learn(*secrets)

    def learn(self, *secrets: str | None) -> None:
        """Remember secrets, without surrounding white space."""
        bare = {secret.strip() for secret in secrets if secret}
        with self._lock:
            new = {secret for secret in bare - self._known if len(secret) >= SHORTEST_SECRET}
            if new:
                self._known |= new
                self._masked = None

    def clean(self, text: str) -> str:
        """The text in one line, without secrets in any encoding, and without terminal control characters; at most 500 characters."""
        # Twice: invisible characters may be inside a secret.
        text = self._mask(_line(self._mask(text)))
        text = _LABELLED.sub(rf"\g<1>{MASK}", _JWT.sub(MASK, without_user_info(text)))
        return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + " …"

    def _mask(self, text: str) -> str:
        for form in self._masked_forms():
            text = text.replace(form, MASK)
        return text

    def _masked_forms(self) -> list[str]:
        """All forms of the known secrets, the longest first. Encoded only for a text, which most requests do not have."""
        with self._lock:
            if self._masked is None:
                forms = {form for secret in self._known for form in _forms(secret)}
                forms |= {_line(form) for form in forms}
                self._masked = sorted((form for form in forms if len(form) >= SHORTEST_SECRET), key=len, reverse=True)
            return self._masked


def _line(text: str) -> str:
    line: str = printable(" ".join(text.split()))
    return line
