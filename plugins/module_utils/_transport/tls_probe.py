# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a server reveals without credentials: its clock, its certificate, and the proxy in between.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from .http import REPEATABLE, Call, HttpClient

try:
    import requests
    import requests.utils
except ImportError:  # the HTTP client reports it
    pass


@dataclasses.dataclass(frozen=True)
class Server:
    """The server that responded.

    :param is_gateway: whether it responds like AWS API Gateway, with a request ID.
    :param clock_difference: seconds by which its clock is ahead of this host's, None without a Date header.
    :param issuer: the issuer of its certificate, None if unknown.
    """

    is_gateway: bool
    clock_difference: float | None
    issuer: str | None


def probe(http: HttpClient, url: str, verify: bool | str) -> Server:
    """Call a URL without credentials. :raises TransportError: no response. :raises InvalidResponse: it is a redirect."""
    call = Call(
        attempted="reach the API", method="GET", url=url, auth=lambda request: request, unknown_limit=REPEATABLE
    )
    response = http.send(call, lambda _: None)[0]
    is_gateway = any(name in response.headers for name in ("x-amzn-requestid", "x-amz-apigw-id", "x-amzn-errortype"))
    return Server(is_gateway, response.clock_difference, _issuer(url, verify))


def proxy(url: str) -> str | None:
    """The proxy for a URL from the environment, without user name and password."""
    named = requests.utils.get_environ_proxies(url, no_proxy=None)
    found = requests.utils.select_proxy(url, named)
    if not found:
        return None
    # Not parsed as a URL: an unescaped user name or password may contain any character.
    place = re.match(r"\[[0-9A-Fa-f:.]+\](?::\d+)?|[\w.-]+(?::\d+)?", found.rpartition("@")[2].rpartition("://")[2])
    return place.group() if place else "of the environment"


def _issuer(url: str, verify: bool | str) -> str | None:
    try:
        with requests.get(url, verify=verify, stream=True, timeout=(10, 30), allow_redirects=False) as response:
            connection: Any = response.raw.connection
            certificate = connection.sock.getpeercert()
    except (requests.RequestException, AttributeError, OSError, ValueError):
        return None  # unknown: no TLS, or the certificate was not verified
    names = {key: value for part in (certificate or {}).get("issuer", ()) for key, value in part}
    return names.get("organizationName") or names.get("commonName")
