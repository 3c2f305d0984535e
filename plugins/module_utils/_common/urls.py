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
    """The URL of a path, with the query encoded by RFC 3986, without plus signs, as AWS signs it."""
    encoded = urlencode(query or {}, quote_via=quote, safe="-_.~")
    return f"{base}{path}?{encoded}" if encoded else f"{base}{path}"


def without_query(url: str) -> str:
    """A URL of a web page for display, without what may be secret: user, password, query and fragment."""
    bare = re.split(r"[?#]", url, maxsplit=1)[0]
    scheme, separator, rest = bare.partition("://")
    host, slash, path = (rest if separator else bare).partition("/")
    return f"{scheme + separator if separator else ''}{host.rpartition('@')[2]}{slash}{path}"


def segment(name: str) -> str:
    """A name encoded as one path segment, whatever characters it has."""
    return quote(name, safe="", errors="replace")


@functools.lru_cache(maxsize=1024)
def require_tls(option: str, url: str) -> SplitResult:
    """Split a URL that receives credentials.

    :raises InvalidInput: it is not a URL, or would send them to another machine without TLS.
    """
    parts = _split(url)
    if parts is None:
        raise InvalidInput(
            option,
            f"is not a URL: {url.rpartition('@')[2]!r}. Use the format 'https://host', with a port and a path if needed.",
        )
    if parts.username is not None or parts.query or parts.fragment:
        raise InvalidInput(option, "must not contain a user name, a query or a fragment.")
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise InvalidInput(
            option,
            f"would send credentials to {parts.hostname} without TLS. Use https; http is allowed only for loopback addresses.",
        )
    return parts


def _split(url: str) -> SplitResult | None:
    """Split a URL; None if it is invalid, or if libraries disagree on its host, as they do on backslashes."""
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
