# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server shows without credentials; over real sockets."""

from __future__ import annotations

import ssl

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import Scrubber
from ansible_collections.panw.cloud.plugins.module_utils._transport.http import HttpClient
from ansible_collections.panw.cloud.plugins.module_utils._transport.tls_probe import Server, probe, proxy
from ansible_collections.panw.cloud.tests.helpers.servers import Loopback, answering

GATEWAY = ("x-amzn-RequestId: 1", "Date: Tue, 19 May 2026 12:00:00 GMT")


def test_gateway_certificate_is_read(tls: ssl.SSLContext, bundle: str) -> None:
    with Loopback(answering(b"{}", "403 Forbidden", GATEWAY), tls) as server:
        seen = probe(HttpClient(bundle, Scrubber(), ca_option="ngfw_ca_bundle"), server.url, bundle)
        assert "Authorization" not in server.received[0].headers
    assert seen.is_gateway
    assert "trustme" in str(seen.issuer)
    assert seen.clock_difference is not None


def test_server_without_tls_has_no_certificate() -> None:
    with Loopback(answering(b"<html>", "200 OK")) as server:
        assert probe(HttpClient(True, Scrubber(), ca_option="ngfw_ca_bundle"), server.url, True) == Server(
            False, None, None
        )


def test_unverified_certificate_is_read(tls: ssl.SSLContext) -> None:
    with Loopback(answering(b"{}", "403 Forbidden", GATEWAY), tls) as server, pytest.warns(match="Unverified HTTPS"):
        assert probe(HttpClient(False, Scrubber(), ca_option="ngfw_ca_bundle"), server.url, False).issuer is None


@pytest.mark.parametrize(
    ("named", "shown"),
    [
        ("http://proxy.example.com:3128", "proxy.example.com:3128"),
        ("http://me:secret@proxy.example.com:3128", "proxy.example.com:3128"),
        ("http://proxy.example.com", "proxy.example.com"),
        ("proxy.example.com:3128", "proxy.example.com:3128"),
        (None, None),
    ],
)
def test_proxy_is_used(named: str | None, shown: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if named:
        monkeypatch.setenv("https_proxy", named)
    assert proxy("https://api.example.com") == shown


def test_no_proxy_host_is_reached_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example.com:3128")
    monkeypatch.setenv("no_proxy", "api.example.com")
    assert proxy("https://api.example.com") is None
