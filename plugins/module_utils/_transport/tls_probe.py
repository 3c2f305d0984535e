# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a server shows to callers without credentials: its clock, its certificate, and who is in between.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from .http import Call, HttpClient

try:
    import requests
    import requests.utils
except ImportError:  # _http reports it
    pass


@dataclasses.dataclass(frozen=True)
class Server:
    """What answered.

    :param is_gateway: whether it answers as AWS API Gateway does, with a request id of its own.
    :param clock_difference: seconds by which its clock is ahead of this host's, None where it sent no date.
    :param issuer: who issued its certificate, None where that is not known.
    """

    is_gateway: bool
    clock_difference: float | None
    issuer: str | None


def look(http: HttpClient, url: str, verify: bool | str) -> Server:
    """Call a URL without credentials. :raises TransportError: no answer came. :raises MalformedAnswer: it is a redirect."""
    call = Call(attempted="reach the API", method="GET", url=url, auth=lambda request: request)
    answer = http.send(call, lambda _: None)[0]
    is_gateway = any(name in answer.headers for name in ("x-amzn-requestid", "x-amz-apigw-id", "x-amzn-errortype"))
    return Server(is_gateway, answer.clock_difference, _issuer(url, verify))


def proxy(url: str) -> str | None:
    """The proxy that the environment names for a URL, without the user name that may be in it."""
    named = requests.utils.get_environ_proxies(url, no_proxy=None)
    found = requests.utils.select_proxy(url, named)
    if not found:
        return None
    # Not taken apart as a URL: a user name or password that is not escaped may hold any character.
    place = re.match(r"\[[0-9A-Fa-f:.]+\](?::\d+)?|[\w.-]+(?::\d+)?", found.rpartition("@")[2].rpartition("://")[2])
    return place.group() if place else "of the environment"


def _issuer(url: str, verify: bool | str) -> str | None:
    try:
        with requests.get(url, verify=verify, stream=True, timeout=(10, 30), allow_redirects=False) as response:
            connection: Any = response.raw.connection
            certificate = connection.sock.getpeercert()
    except (requests.RequestException, AttributeError, OSError, ValueError):
        return None  # not known: there is no TLS, or nobody verified the certificate
    names = {key: value for part in (certificate or {}).get("issuer", ()) for key, value in part}
    return names.get("organizationName") or names.get("commonName")
