# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The adapter of C(requests) for many small calls: what is the same for all calls to a place is done once.

Proxies and trust are those of C(requests). It selects the proxy and the pool of connections for each call, and each connection loads all CA
certificates, which takes about 40 ms.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import re
import threading
from typing import Any

try:
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPSConnection
    from urllib3.util.ssl_ import ALPN_PROTOCOLS, create_urllib3_context
except ImportError:  # the HTTP client reports it
    HTTPAdapter = HTTPSConnection = object  # type: ignore[assignment, misc]


# A URL of plain characters, without segments such as "..", which C(requests) would resolve.
_PREPARED = re.compile(
    r"https?://[a-z0-9][a-z0-9.-]*(?::(?:[1-5][0-9]{4}|[0-9]{1,4}))?(?:/(?!\.)[A-Za-z0-9._~-]*)+(?:\?[A-Za-z0-9._~=&/-]+)?"
)


def prepare_url(request: requests.PreparedRequest, url: str) -> None:
    """Set the URL of a request. :raises ValueError: it is invalid."""
    if _PREPARED.fullmatch(url):  # C(requests) would parse it and change nothing
        request.url = url
    else:
        request.prepare_url(url, None)


def place_of(url: str) -> str:
    """The scheme, host and port of a URL. Proxies differ by them."""
    return "/".join(url.split("/", 3)[:3])


class Adapter(HTTPAdapter):
    """Sends prepared requests over pooled connections. Safe to share between threads.

    The settings of the first request to a place, such as C(verify), apply to all that follow.

    :param connections: the number of pooled connections per host.
    """

    def __init__(self, connections: int) -> None:
        super().__init__(pool_connections=connections, pool_maxsize=connections, max_retries=0)
        self._pools: dict[str, Any] = {}
        self._making = threading.Lock()

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        """The pool of connections for a request. :raises urllib3.exceptions.SSLError: the CA certificates cannot be loaded."""
        place = place_of(request.url or "")
        with self._making:
            pool: Any = self._pools.get(place)
            if pool is None:
                find = getattr(super(), "get_connection_with_tls_context", None)  # requests 2.32.2 and newer
                pool = (
                    find(request, verify, proxies, cert) if find else super().get_connection(request.url or "", proxies)
                )
                self.cert_verify(pool, request.url, verify, cert)  # type: ignore[no-untyped-call]
                _share_context(pool)
                if pool.scheme == "https":
                    pool.ConnectionCls = _Connection
                self._pools[place] = pool
        return pool

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        """Send a prepared request and return its response, of which only the head is read.

        :param timeout: seconds to connect, and seconds without data.
        :raises urllib3.exceptions.HTTPError: no response. :raises OSError: no response, or the CA certificates cannot be loaded.
        """
        pool = self.get_connection_with_tls_context(request, verify, proxies, cert)
        connect, read = timeout
        raw = pool.request(
            request.method,
            self.request_url(request, proxies) if pool.proxy else _target(request.url or ""),
            body=request.body,
            headers=request.headers,
            retries=self.max_retries,
            redirect=False,
            assert_same_host=False,
            timeout=urllib3.Timeout(connect=connect, read=read),
            preload_content=False,
            decode_content=False,
        )
        response = requests.Response()
        response.status_code, response.headers, response.raw = raw.status, raw.headers, raw
        return response


def _target(url: str) -> str:
    """The path and query of a prepared URL."""
    return url.partition("#")[0][len(place_of(url)) :]


def _share_context(pool: Any) -> None:
    """Let all connections of a pool share one TLS context, so that the CA certificates are loaded once.

    Not if a proxy is reached over TLS: urllib3 verifies that, too, with the certificates of the pool.
    """
    if (
        pool.scheme != "https"
        or not (pool.ca_certs or pool.ca_cert_dir)
        or (pool.proxy and pool.proxy.scheme == "https")
    ):
        return
    try:
        context: Any = create_urllib3_context()
        context.load_verify_locations(pool.ca_certs, pool.ca_cert_dir)
    except OSError as error:
        raise urllib3.exceptions.SSLError(error) from error
    # urllib3 sets the protocols for each connection. That frees memory which handshakes in other threads copy.
    context.set_alpn_protocols(ALPN_PROTOCOLS)
    context.set_alpn_protocols = lambda _protocols: None
    pool.conn_kw["ssl_context"] = context
    pool.ca_certs = pool.ca_cert_dir = None


class _Connection(HTTPSConnection):
    """Sends the head and the body of a request at once: in one packet and one TLS record, if they are small."""

    _parts: list[bytes] | None = None

    def request(self, *arguments: Any, **more: Any) -> None:
        parts: list[bytes] = []
        self._parts = parts
        try:
            super().request(*arguments, **more)
        finally:
            self._parts = None
        self.send(b"".join(parts))

    def send(self, data: Any) -> None:
        if self._parts is None:
            super().send(data)
        else:
            self._parts.append(data)
