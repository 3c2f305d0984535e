# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses are read with urllib3 before 2.2, which hosts with Python 3.9 have."""

from __future__ import annotations

import pytest
import urllib3
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import TransportError
from ansible_collections.panw.cloud.tests.helpers.send_request import call, classify, failure, quick
from ansible_collections.panw.cloud.tests.helpers.servers import Behavior, Loopback, answering, chunked


@pytest.fixture(autouse=True)
def no_partial_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (urllib3.response.HTTPResponse, urllib3.response.BaseHTTPResponse):
        monkeypatch.delattr(kind, "read1")


@pytest.mark.parametrize(
    "behavior", [answering(b"x" * 70_000), chunked(b"x" * 50_000, b"x" * 20_000)], ids=["length", "chunked"]
)
def test_response_is_read_completely(behavior: Behavior) -> None:
    with Loopback(behavior) as server:
        response, _rest = quick().send(call(server.url), classify)
    assert response.body == b"x" * 70_000


def test_response_too_large_raises_error() -> None:
    with Loopback(answering(b"x" * 200_000)) as server:
        error = failure(quick(), server.url)
    assert error.context.reason == "the response is larger than 100000 bytes"


def test_response_truncated_raises_error() -> None:
    with Loopback(answering(b"x" * 10, length=100)) as server:
        error = failure(quick(), server.url)
    assert isinstance(error, TransportError)
