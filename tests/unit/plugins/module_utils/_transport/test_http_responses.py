# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses that are redirects, too large, compressed or endless; over real sockets."""

from __future__ import annotations

import gzip

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidResponse, TransportError
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.responses import classify
from ansible_collections.panw.cloud.plugins.module_utils._transport.http import Limits, Response
from ansible_collections.panw.cloud.tests.helpers.fakes import TOKEN
from ansible_collections.panw.cloud.tests.helpers.send_request import QUICK, call, failure, quick
from ansible_collections.panw.cloud.tests.helpers.servers import Behavior, Loopback, answering, chunked, dripping

FINE = answering(b"{}")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(status: int) -> None:
    with Loopback(FINE) as elsewhere:
        behavior = answering(b"", f"{status} Elsewhere", (f"Location: {elsewhere.url}/{TOKEN}",))
        with Loopback(behavior) as server:
            error = failure(quick(), server.url)
            assert len(server.received) == 1
        assert elsewhere.received == []
    assert isinstance(error, InvalidResponse)
    assert f"HTTP {status}, a redirect" in str(error)


@pytest.mark.parametrize(
    "behavior",
    [answering(b"x" * 200_000), chunked(*[b"x" * 50_000] * 4), answering(b"x" * 200_000, length=10**12)],
    ids=["length", "chunked", "promised"],
)
def test_oversized_response_raises_error(behavior: Behavior) -> None:
    with Loopback(behavior) as server:
        error = failure(quick(), server.url)
        assert len(server.received) == 1
    assert isinstance(error, InvalidResponse)
    assert error.context.reason == "the response is larger than 100000 bytes"


def test_compressed_response_is_measured_decompressed() -> None:
    bomb = gzip.compress(b"x" * 50_000_000)
    assert len(bomb) < QUICK.answer_bytes
    with Loopback(answering(bomb, headers=("Content-Encoding: gzip",))) as server:
        error = failure(quick(), server.url)
        assert server.received[0].headers["Accept-Encoding"] == "identity"
    assert error.context.reason == "the response is larger than 100000 bytes"


def test_compressed_response_longer_than_content_raises_error() -> None:
    with Loopback(answering(gzip.compress(b"{}"), headers=("Content-Encoding: gzip",))) as server:
        response, _rest = quick().send(call(server.url), classify)
    assert response.body == b"{}"


DRIP_LIMITS = Limits(attempts=1, seconds=0.6, read_timeout=5)


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    ],
    ids=["length", "chunks", "one-chunk", "until-close"],
)
def test_endless_slow_response_ends_at_timeout(head: bytes, drop: bytes) -> None:
    with Loopback(dripping(head, drop)) as server:
        error = failure(quick(limits=DRIP_LIMITS), server.url)
    assert isinstance(error, TransportError)
    assert error.context.reason == "the response did not end within 1 seconds"


def nobody_judges(_answer: Response) -> None:
    """Nothing is retried."""


def test_size_limit_is_inclusive() -> None:
    with Loopback(answering(b"x" * QUICK.answer_bytes)) as server:
        response, _rest = quick().send(call(server.url), nobody_judges)
    assert len(response.body) == QUICK.answer_bytes


def test_repeated_headers_are_joined() -> None:
    with Loopback(answering(b"", headers=("X-Note: one", "x-note: two"))) as server:
        response, _rest = quick().send(call(server.url), nobody_judges)
    assert response.headers["x-note"] == "one, two"
