# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP session: trust, proxies, ~/.netrc, keep-alive and threads; over real sockets."""

from __future__ import annotations

import ssl
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import Scrubber
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.responses import classify
from ansible_collections.panw.cloud.plugins.module_utils._transport.http import Call, HttpClient, Limits
from ansible_collections.panw.cloud.tests.helpers.fakes import HELD, KEY, TOKEN
from ansible_collections.panw.cloud.tests.helpers.send_request import call, failure, quick
from ansible_collections.panw.cloud.tests.helpers.servers import Loopback, answering, chunked, in_turn

FINE = answering(b'{"Response": {}}')


def test_trusted_authority_is_accepted(tls: ssl.SSLContext, bundle: str) -> None:
    with Loopback(FINE, tls) as server:
        response, _rest = quick(bundle).send(call(server.url), classify)
    assert response.status == 200


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_explicit_bundle_overrides_environment(
    monkeypatch: pytest.MonkeyPatch, tls: ssl.SSLContext, bundle: str, other_bundle: str, variable: str
) -> None:
    with Loopback(FINE, tls) as server:
        monkeypatch.setenv(variable, other_bundle)
        assert quick(bundle).send(call(server.url), classify)[0].status == 200
        monkeypatch.setenv(variable, bundle)
        assert "TLS failed" in str(failure(quick(other_bundle), server.url))


def test_bundle_of_environment_is_the_default(
    monkeypatch: pytest.MonkeyPatch, tls: ssl.SSLContext, bundle: str
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
    with Loopback(FINE, tls) as server:
        assert quick(True).send(call(server.url), classify)[0].status == 200


def test_environment_does_not_enable_disabled_verification(
    monkeypatch: pytest.MonkeyPatch, tls: ssl.SSLContext, other_bundle: str
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", other_bundle)
    with Loopback(FINE, tls) as server, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert quick(False).send(call(server.url), classify)[0].status == 200


def test_netrc_does_not_replace_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login somebody password else\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with Loopback(FINE) as server:
        quick().send(call(server.url), classify)
        (got,) = server.received
    assert got.headers["Authorization"] == TOKEN
    assert got.headers["x-api-key"] == KEY


def test_connection_is_reused_for_next_call(tls: ssl.SSLContext, bundle: str) -> None:
    client = quick(bundle)
    with Loopback(FINE, tls) as server:
        for _rest in range(5):
            client.send(call(server.url), classify)
        assert (server.connections, len(server.received)) == (1, 5)


def test_connection_is_reused_after_denial_and_redirect(tls: ssl.SSLContext, bundle: str) -> None:
    client = quick(bundle)
    with Loopback(answering(b'{"message": "Forbidden"}', "403 Forbidden"), tls) as server:
        for _rest in range(3):
            client.send(call(server.url), classify)
        assert server.connections == 1


def test_chunked_response_leaves_no_data_for_next_call() -> None:
    client = quick()
    with Loopback(chunked(b'{"Respon', b'se": {}}')) as server:
        bodies = {client.send(call(server.url), classify)[0].body for _rest in range(3)}
    assert bodies == {b'{"Response": {}}'}


def test_call_after_oversized_response_succeeds() -> None:
    client = HttpClient(True, Scrubber(), ca_option="ngfw_ca_bundle", limits=Limits(answer_bytes=1000, attempts=1))
    with Loopback(in_turn(answering(b"x" * 500_000), FINE)) as server:
        failure(client, server.url)
        assert client.send(call(server.url), classify)[0].body == b'{"Response": {}}'


def test_client_is_shared_by_32_threads(tls: ssl.SSLContext, bundle: str) -> None:
    client = HttpClient(bundle, Scrubber(), ca_option="ngfw_ca_bundle", connections=32, limits=Limits(attempts=1))

    def one(number: int) -> tuple[int, bytes]:
        response, _rest = client.send(Call("try", "GET", f"{server.url}/{number}", HELD), classify)
        client.scrubber.learn(f"secret-{number}")
        return response.status, response.body

    with Loopback(FINE, tls) as server, ThreadPoolExecutor(32) as pool:
        answers = set(pool.map(one, range(320)))
        targets = {got.target for got in server.received}
        assert server.connections <= 32
    assert answers == {(200, b'{"Response": {}}')}
    assert targets == {f"/{number}" for number in range(320)}
    assert client.scrubber.clean("secret-319 secret-7") == "******** ********"


def test_https_proxy_of_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback(answering(b"", "502 Bad Gateway")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        failure(quick(), "https://api.example.invalid")
        assert {(got.method, got.target) for got in proxy.received} == {("CONNECT", "api.example.invalid:443")}
        assert all("Authorization" not in got.headers for got in proxy.received)


def test_no_proxy_of_environment_is_honored(monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback(FINE) as proxy, Loopback(FINE) as server:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        quick().send(call(f"http://127.0.0.1:{server.port}"), classify)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
        quick().send(call(f"http://127.0.0.1:{server.port}"), classify)
        assert (len(proxy.received), len(server.received)) == (1, 1)


def test_request_has_default_headers() -> None:
    with Loopback(FINE) as server:
        quick().send(call(server.url, headers={"Content-Type": "application/json"}, body=b"{}"), classify)
        (got,) = server.received
    assert got.headers["User-Agent"] == "panw.cloud (Ansible collection)"
    assert got.headers["Accept"] == "application/json"
    assert got.headers["Content-Type"] == "application/json"
    assert got.body == b"{}"
