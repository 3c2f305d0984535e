# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to review a verdict."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput, NotFound, ServerError
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.change_requests import (
    check_request,
    current_verdict,
    request_review,
)
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.errors import NotPermitted
from ansible_collections.panw.cloud.tests.helpers.factories import entry, form, legacy, refusal, wildfire
from ansible_collections.panw.cloud.tests.helpers.fakes import Server

DIGEST = "0" * 64


@pytest.mark.parametrize(
    ("email", "comment", "words"),
    [
        ("nobody", "x", "'email' is not an e-mail address"),
        ("a@b@c", "x", "'email' is not"),
        ("a b@c", "x", "'email' is not"),
        ("a@c", " ", "'comment' is empty"),
        ("a@c", "ä" * 1025, "'comment' has 2050 bytes; at most 2048"),
    ],
)
def test_values_that_wildfire_rejects_are_not_sent(email: str, comment: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        check_request(email, comment)


def test_longest_comment_is_accepted() -> None:
    check_request("a@example.com", "ä" * 1024)


def test_current_verdict() -> None:
    assert current_verdict(legacy(Server(wildfire(entry(1, DIGEST)))), DIGEST).verdict == "malware"
    with pytest.raises(NotFound, match="Submit it first"):
        current_verdict(legacy(Server(wildfire(entry(-102, DIGEST)))), DIGEST)


def test_request_is_sent_once() -> None:
    server = Server(wildfire())
    request_review(legacy(server), DIGEST, "grayware", "a@example.com", "x")
    sent = form(server.requests[0])
    assert [sent[name] for name in ("hash", "verdict", "email", "comment")] == [DIGEST, "2", "a@example.com", "x"]
    server = Server(refusal(500, "x"))
    with pytest.raises(ServerError):
        request_review(legacy(server), DIGEST, "benign", "a@example.com", "x")
    assert len(server.requests) == 1
    with pytest.raises(NotPermitted, match="may not request reviews"):
        request_review(legacy(Server(refusal(403, "x"))), DIGEST, "benign", "a@example.com", "x")
