# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the adapter does once for all calls, and that each connection is verified nevertheless; over real sockets."""

from __future__ import annotations

import contextlib
import ssl
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import hypothesis.strategies as st
import pytest
import requests
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.responses import classify
from ansible_collections.panw.cloud.plugins.module_utils._transport.adapter import prepare_url
from ansible_collections.panw.cloud.tests.helpers.send_request import call, failure, quick
from ansible_collections.panw.cloud.tests.helpers.servers import Loopback, Peer, Received, answering
from hypothesis import example, given

PARTS = (
    *("https://", "http://", "HTTPS:", "host", "h-1.example", "HOST", ":443", ":65535", ":65536", "a:b@", "[::1]"),
    *("/", ".", "..", "%2f", "%7E", "~", "ü", "?", "a=b&c", "#", " "),
)
FINE = answering(b'{"Response": {}}')


def once(peer: Peer, request: Received) -> bool:
    """Answer and close the connection."""
    FINE(peer, request)
    return False


@example("", "https://host:65536/")
@given(st.sampled_from(["", "https://host/"]), st.lists(st.sampled_from(PARTS), max_size=9).map("".join))
def test_url_is_prepared_as_requests_prepares_it(begin: str, rest: str) -> None:
    ours, theirs = requests.PreparedRequest(), requests.PreparedRequest()
    with contextlib.suppress(ValueError):
        theirs.prepare_url(begin + rest, None)
    with contextlib.suppress(ValueError):
        prepare_url(ours, begin + rest)
    assert ours.url == theirs.url


def test_certificates_are_loaded_once_for_all_connections(
    monkeypatch: pytest.MonkeyPatch, tls: ssl.SSLContext, bundle: str
) -> None:
    loaded: list[Any] = []
    load = ssl.SSLContext.load_verify_locations

    def record(context: ssl.SSLContext, cafile: Any = None, *more: Any, **named: Any) -> None:
        loaded.append(cafile)
        load(context, cafile, *more, **named)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", record)
    client = quick(bundle)
    with Loopback(once, tls) as server, ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _number: client.send(call(server.url), classify)[0].status, range(8)))
        assert server.connections == 8
    assert answers == [200] * 8
    assert loaded == [bundle]


def test_shared_context_is_not_changed_by_connections(
    monkeypatch: pytest.MonkeyPatch, tls: ssl.SSLContext, bundle: str
) -> None:
    """A context that changes during another thread's handshake sends freed memory, which the server refuses."""
    changed: list[Any] = []
    change = ssl.SSLContext.set_alpn_protocols

    def record(context: ssl.SSLContext, protocols: Any) -> None:
        changed.append(protocols)
        change(context, protocols)

    monkeypatch.setattr(ssl.SSLContext, "set_alpn_protocols", record)
    client = quick(bundle)
    with Loopback(once, tls) as server:
        for _time in range(3):
            client.send(call(server.url), classify)
        assert server.connections == 3
    assert changed == [["http/1.1"]]


def test_every_connection_is_verified(tls: ssl.SSLContext, other_bundle: str) -> None:
    client = quick(other_bundle)
    with Loopback(FINE, tls) as server:
        for _time in range(3):
            assert "TLS failed" in str(failure(client, server.url))
        assert (server.connections, server.received) == (3, [])


def test_host_is_verified_on_every_connection(tls: ssl.SSLContext, bundle: str) -> None:
    client = quick(bundle)
    with Loopback(once, tls) as server:
        assert client.send(call(server.url), classify)[0].status == 200
        for _time in range(2):
            assert "TLS failed" in str(failure(client, f"https://127.0.0.1:{server.port}"))
        assert len(server.received) == 1


@pytest.mark.filterwarnings("ignore:`get_connection` has been deprecated")
def test_older_requests_verify_as_well(
    monkeypatch: pytest.MonkeyPatch, tls: ssl.SSLContext, bundle: str, other_bundle: str
) -> None:
    """Before 2.32.2, C(requests) selects the pool in another method."""
    monkeypatch.delattr(requests.adapters.HTTPAdapter, "get_connection_with_tls_context", raising=False)
    with Loopback(FINE, tls) as server:
        assert quick(bundle).send(call(server.url), classify)[0].status == 200
        assert "TLS failed" in str(failure(quick(other_bundle), server.url))
        assert len(server.received) == 1


def test_head_and_body_are_one_tls_record(monkeypatch: pytest.MonkeyPatch, tls: ssl.SSLContext, bundle: str) -> None:
    sent: list[bytes] = []
    send = ssl.SSLSocket.sendall

    def record(connection: ssl.SSLSocket, data: bytes, *more: Any) -> None:
        if not connection.server_side:
            sent.append(bytes(data))
        send(connection, data, *more)

    monkeypatch.setattr(ssl.SSLSocket, "sendall", record)
    with Loopback(FINE, tls) as server:
        client = quick(bundle)
        for _time in range(2):
            client.send(call(server.url, method="PUT", body=b'{"a": 1}'), classify)
        assert [got.body for got in server.received] == [b'{"a": 1}'] * 2
    assert [(data[:4], data[-12:]) for data in sent] == [(b"PUT ", b'\r\n\r\n{"a": 1}')] * 2


def test_proxy_over_tls_is_verified_with_the_same_bundle(
    monkeypatch: pytest.MonkeyPatch, tls: ssl.SSLContext, bundle: str, other_bundle: str
) -> None:
    with Loopback(answering(b"", "502 Bad Gateway"), tls) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"https://localhost:{proxy.port}")
        assert "502" in str(failure(quick(bundle), "https://api.example.invalid"))
        accepted = len(proxy.received)
        assert accepted
        assert "502" not in str(failure(quick(other_bundle), "https://api.example.invalid"))
        assert len(proxy.received) == accepted
