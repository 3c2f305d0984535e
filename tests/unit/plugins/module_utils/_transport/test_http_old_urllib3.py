# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers are read with a urllib3 before 2.2, which hosts with Python 3.9 have."""

from __future__ import annotations

import pytest
import urllib3
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import TransportError
from ansible_collections.panw.cloud.tests.helpers.send_request import call, failure, judge, quick
from ansible_collections.panw.cloud.tests.helpers.servers import Behaviour, Loopback, answering, chunked


@pytest.fixture(autouse=True)
def no_partial_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (urllib3.response.HTTPResponse, urllib3.response.BaseHTTPResponse):
        monkeypatch.delattr(kind, "read1")


@pytest.mark.parametrize(
    "behaviour", [answering(b"x" * 70_000), chunked(b"x" * 50_000, b"x" * 20_000)], ids=["length", "chunked"]
)
def test_answer_comes_whole(behaviour: Behaviour) -> None:
    with Loopback(behaviour) as server:
        answer, _rest = quick().send(call(server.url), judge)
    assert answer.body == b"x" * 70_000


def test_answer_that_is_too_large() -> None:
    with Loopback(answering(b"x" * 200_000)) as server:
        error = failure(quick(), server.url)
    assert error.evidence.reason == "the answer is larger than 100000 bytes"


def test_answer_that_breaks_off() -> None:
    with Loopback(answering(b"x" * 10, length=100)) as server:
        error = failure(quick(), server.url)
    assert isinstance(error, TransportError)
