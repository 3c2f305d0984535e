# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Socket, TLS, DNS and proxy failures of a request; over real sockets."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import urllib3
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import TransportError
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.responses import classify
from ansible_collections.panw.cloud.plugins.module_utils._transport.http import Limits
from ansible_collections.panw.cloud.tests.helpers.fakes import TOKEN, Server
from ansible_collections.panw.cloud.tests.helpers.fakes import http as client
from ansible_collections.panw.cloud.tests.helpers.send_request import QUICK, call, failure, quick
from ansible_collections.panw.cloud.tests.helpers.servers import (
    Behavior,
    Loopback,
    Peer,
    Received,
    answering,
    chunked,
    hanging_up,
    in_turn,
    resetting,
    silence,
)

FINE = answering(b"{}")


@pytest.fixture
def free_port() -> Iterator[int]:
    """A port without a listener."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_connection_refused_is_retried(free_port: int) -> None:
    error = failure(quick(), f"http://127.0.0.1:{free_port}", unknown_limit=1)
    assert isinstance(error, TransportError)
    assert error.context.reason == "could not connect: Connection refused"
    assert error.context.attempts == 2
    assert error.context.status is None


def test_host_name_unknown_raises_error() -> None:
    error = failure(quick(), "http://does-not-exist.invalid")
    assert isinstance(error, TransportError)
    assert str(error.context.reason).startswith("could not connect: ")


def test_connection_timeout_raises_error() -> None:
    refused = requests.exceptions.ConnectTimeout("https://x.invalid/" + TOKEN)
    server = Server(refused)
    error = failure(client(server, limits=QUICK), "https://x.invalid", unknown_limit=1)
    assert error.context.reason == "the connection timed out"
    assert len(server.requests) == 2


def test_silent_server_raises_timeout() -> None:
    with Loopback(silence) as server:
        error = failure(quick(), server.url)
        assert len(server.received) == 2
    assert isinstance(error, TransportError)
    assert error.context.reason == "the response timed out"


@pytest.mark.parametrize("behavior", [resetting, hanging_up], ids=["reset", "closed"])
def test_broken_connection_is_retried(behavior: Behavior) -> None:
    with Loopback(in_turn(behavior, FINE)) as server:
        response, context = quick().send(call(server.url), classify)
    assert response.status == 200
    assert context().attempts == 2


@pytest.mark.parametrize("behavior", [resetting, hanging_up], ids=["reset", "closed"])
def test_permanently_broken_connection_raises_error(behavior: Behavior) -> None:
    with Loopback(behavior) as server:
        error = failure(quick(), server.url)
    assert isinstance(error, TransportError)
    assert str(error.context.reason).startswith("the connection broke: ")


def test_truncated_response_is_retried() -> None:
    with Loopback(in_turn(answering(b'{"Resp', length=1000), FINE)) as server:
        response, context = quick().send(call(server.url), classify)
    assert (response.body, context().attempts) == (b"{}", 2)


def test_permanently_truncated_response_raises_error() -> None:
    with Loopback(answering(TOKEN.encode(), length=100_000)) as server:
        error = failure(quick(), server.url)
    assert isinstance(error, TransportError)
    assert error.context.attempts == 2


def test_chunked_response_is_read() -> None:
    with Loopback(chunked(b'{"Respon', b'se": {}}')) as server:
        response, _rest = quick().send(call(server.url), classify)
    assert response.body == b'{"Response": {}}'


@pytest.mark.parametrize("end", [b"", b"zz\r\n", b"5\r\nab"], ids=["end", "length", "chunk"])
def test_broken_chunks_raise_error(end: bytes) -> None:
    with Loopback(chunked(b"{}", end=end)) as server:
        assert isinstance(failure(quick(), server.url), TransportError)


@pytest.mark.parametrize("garbage", [b"\x16\x03\x01\x02\x00\r\n\r\n", b"HTTP/9.9 no\r\n\r\n"])
def test_response_not_http_raises_error(garbage: bytes) -> None:
    def behave(peer: Peer, _request: Received) -> bool:
        peer.send(garbage)
        return False

    with Loopback(behave) as server:
        assert isinstance(failure(quick(), server.url), TransportError)


def test_unknown_authority_is_rejected_without_retry(tls: ssl.SSLContext, other_bundle: str) -> None:
    with Loopback(FINE, tls) as server:
        error = failure(quick(other_bundle), server.url)
        assert server.received == []
        assert server.connections == 1
    assert isinstance(error, TransportError)
    assert "TLS failed: " in str(error)
    assert "certificate" in str(error)
    assert "'ngfw_ca_bundle'" in error.next_step


def test_certificate_of_other_host_is_rejected(tls: ssl.SSLContext, bundle: str) -> None:
    with Loopback(FINE, tls) as server:
        error = failure(quick(bundle), f"https://127.0.0.1:{server.port}")
        assert server.received == []
    assert "TLS failed: " in str(error)


def test_bundle_not_a_certificate_raises_error(tls: ssl.SSLContext, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_text("no certificate", encoding="utf-8")
    with Loopback(FINE, tls) as server:
        error = failure(quick(str(bundle)), server.url)
    assert isinstance(error, TransportError)
    assert "'ngfw_ca_bundle'" in error.next_step


def test_bundle_deleted_meanwhile_raises_error(tls: ssl.SSLContext, tmp_path: Path) -> None:
    with Loopback(FINE, tls) as server:
        error = failure(quick(str(tmp_path / "bundle.pem")), server.url)
    assert isinstance(error, TransportError)
    assert "'ngfw_ca_bundle'" in error.next_step


def test_server_without_tls_raises_error(bundle: str) -> None:
    with Loopback(FINE) as server:
        limits = Limits(attempts=1, connect_timeout=0.3)
        error = failure(quick(bundle, limits), f"https://localhost:{server.port}")
        assert server.received == []
    assert isinstance(error, TransportError)


@pytest.mark.parametrize(
    ("alert", "reason"),
    [(b"", "the connection broke: "), (b"\x15\x03\x03\x00\x02\x02\x32", "TLS failed: tlsv1 alert decode error")],
    ids=["closed", "alert"],
)
def test_handshake_that_the_server_ends_is_retried(tls: ssl.SSLContext, bundle: str, alert: bytes, reason: str) -> None:
    """A restarting load balancer does this; certificates are not the cause."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        port = listener.getsockname()[1]

        def hang_up() -> None:
            for _rest in range(QUICK.attempts):
                connection, _rest = listener.accept()
                connection.recv(65536)
                connection.sendall(alert)
                connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        error = failure(quick(bundle), f"https://localhost:{port}")
        thread.join()
    assert error.context.attempts == 2
    assert str(error.context.reason).startswith(reason)
    assert "ngfw_ca_bundle" not in str(error)


def test_proxy_rejection_raises_error(monkeypatch: pytest.MonkeyPatch, bundle: str) -> None:
    with Loopback(answering(b"", "403 Forbidden By Policy")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:proxy-password@127.0.0.1:{proxy.port}")
        error = failure(quick(bundle), "https://api.example.invalid", unknown_limit=1)
        assert {got.method for got in proxy.received} == {"CONNECT"}
    assert isinstance(error, TransportError)
    assert str(error.context.reason).startswith("the proxy failed: ")
    assert "403" in str(error)
    assert "proxy-password" not in str(error)


def test_proxy_unreachable_raises_error(monkeypatch: pytest.MonkeyPatch, free_port: int) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{free_port}")
    error = failure(quick(), "https://api.example.invalid")
    assert "Connection refused" in str(error)
    assert str(error.context.reason).startswith("the proxy failed: ")


def test_proxy_url_invalid_raises_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://")
    error = failure(quick(), "https://api.example.invalid")
    assert error.context.reason == "the request cannot be built (InvalidProxyURL)"
    assert error.context.attempts == 1


@pytest.mark.parametrize("url", ["https://" + "a" * 70 + ".example", "https://*.example", "ftp://example"])
def test_url_unusable_raises_error(url: str) -> None:
    error = failure(quick(), url)
    assert isinstance(error, TransportError)
    assert str(error.context.reason).startswith("the request cannot be built")
    assert error.context.attempts == 1


def test_header_unsendable_raises_error_without_value() -> None:
    """Keys from a file may end with a newline; the HTTP library then raises an error that holds the whole header."""

    def auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["X-Amz-Security-Token"] = TOKEN + "\n"
        return request

    with Loopback(FINE) as server:
        error = failure(quick(), server.url, auth=auth)
        assert server.received == []
    assert isinstance(error, TransportError)


def test_connection_pool_errors_are_explained() -> None:
    server = Server(urllib3.exceptions.ReadTimeoutError(None, "/" + TOKEN, "late"))  # type: ignore[arg-type]
    assert failure(client(server, limits=QUICK), "https://x.invalid").context.reason == "the response timed out"
