# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""URLs that credentials are sent to.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import functools
import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from .errors import InvalidInput


def join(base: str, path: str, query: Mapping[str, str] | None = None) -> str:
    """The URL of a path, its query encoded by RFC 3986, without plus signs, as AWS signs it."""
    encoded = urlencode(query or {}, quote_via=quote, safe="-_.~")
    return f"{base}{path}?{encoded}" if encoded else f"{base}{path}"


def segment(name: str) -> str:
    """A name as one segment of a path, whatever a server or a user calls things."""
    return quote(name, safe="", errors="replace")


@functools.lru_cache(maxsize=1024)
def require_tls(option: str, url: str) -> SplitResult:
    """Take a URL apart that credentials are going to be sent to.

    :raises InvalidInput: it is not a URL, or would carry them without TLS to another machine.
    """
    parts = _split(url)
    if parts is None:
        raise InvalidInput(
            option,
            f"is not a URL: {url.rpartition('@')[2]!r}. It has to look like 'https://host', with a port and a path if need be.",
        )
    if parts.username is not None or parts.query or parts.fragment:
        raise InvalidInput(option, "must hold neither a user name, nor a query, nor a fragment.")
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise InvalidInput(
            option,
            f"would send credentials to {parts.hostname} without TLS. Use https; http is for this machine's own addresses only.",
        )
    return parts


def _split(url: str) -> SplitResult | None:
    """A URL taken apart; None where it is none, or where libraries disagree on its host, as they do on backslashes."""
    if re.search(r"[\s\\]", url):
        return None
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return parts if good else None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
