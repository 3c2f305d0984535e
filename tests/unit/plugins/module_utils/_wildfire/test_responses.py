# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Meaning of WildFire responses, and which XML is rejected."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    ErrorContext,
    InvalidRequest,
    InvalidResponse,
    NotFound,
    PanwCloudError,
    RouteNotFound,
    ServerError,
    Throttled,
)
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import Scrubber
from ansible_collections.panw.cloud.plugins.module_utils._transport.http import Response
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.errors import (
    KeyRefused,
    NotPermitted,
    QuotaExceeded,
)
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.responses import (
    DEEPEST,
    LARGEST_ANSWER,
    Unreadable,
    classify,
    parse,
    read,
)
from ansible_collections.panw.cloud.tests.helpers.fakes import NOW

BOMB = b"""<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><wildfire>&b;</wildfire>"""
EXTERNAL = b"""<!DOCTYPE w [<!ENTITY f SYSTEM "file:///etc/passwd">]><wildfire>&f;</wildfire>"""
STATUSES: list[tuple[int, type[PanwCloudError]]] = [
    (400, InvalidRequest),
    (401, KeyRefused),
    (403, NotPermitted),
    (404, NotFound),
    (405, RouteNotFound),
    (413, InvalidRequest),
    (415, InvalidRequest),
    (418, InvalidRequest),
    (419, QuotaExceeded),
    (420, InvalidRequest),
    (421, InvalidRequest),
    (422, InvalidRequest),
    (429, Throttled),
    (456, InvalidRequest),
    (500, ServerError),
    (502, ServerError),
    (513, ServerError),
    (204, InvalidResponse),
]


def failure(status: int, body: bytes = b"", *secrets: str) -> PanwCloudError:
    with pytest.raises(PanwCloudError) as caught:
        read(
            "try",
            Response(status, {}, body, NOW),
            lambda: ErrorContext("POST https://example.com", status),
            Scrubber(*secrets),
        )
    return caught.value


@pytest.mark.parametrize(("status", "error"), STATUSES)
def test_status_raises_matching_error(status: int, error: type[PanwCloudError]) -> None:
    found = failure(status)
    assert found.__class__ is error
    assert found.context.reason
    assert found.next_step
    assert "ngfw" not in str(found)


NEXT_STEPS = {
    401: "'agent'",
    403: "licensed for",
    404: "'wildfire_url'",
    405: "/publicapi",
    413: "smaller file",
    418: "extension of their file name",
    419: "00:00 UTC",
    420: "no proxy changes requests",
    421: "hash, URL or other value",
    422: "reachable from the internet",
    500: "vendor's support",
    513: "neither empty nor damaged",
}
"""The vendor's table of error codes."""


@pytest.mark.parametrize(("status", "words"), NEXT_STEPS.items())
def test_every_documented_status_has_its_own_next_step(status: int, words: str) -> None:
    assert words in failure(status).next_step


@pytest.mark.parametrize(("status", "error"), STATUSES)
def test_only_transient_errors_are_retried(status: int, error: type[PanwCloudError]) -> None:
    """An exhausted quota is not: it is reset at midnight."""
    expected = error if error in (Throttled, ServerError) else None
    assert classify(Response(status, {}, b"", NOW)) is expected
    assert classify(Response(200, {}, b"", NOW)) is None


def test_server_text_is_quoted() -> None:
    body = b"<error><error-message>'Only 500 entries are allowed for each file'</error-message></error>"
    assert failure(413, body).context.reason == "Only 500 entries are allowed for each file"
    assert failure(401, b"<html>").context.reason == "invalid API key"
    assert failure(401, BOMB).context.reason == "invalid API key"


def test_server_text_is_quoted_without_secrets() -> None:
    body = b"<error><error-message>'key abcdefgh is wrong'</error-message></error>"
    assert failure(401, body, "abcdefgh").context.reason == "key ******** is wrong"


def test_success_without_xml_raises_error() -> None:
    assert "the response is not XML" in str(failure(200, b'{"verdict": 0}'))


@pytest.mark.parametrize("body", [BOMB, EXTERNAL, b"<!DOCTYPE wildfire><wildfire/>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_type_is_rejected(body: bytes, encoding: str) -> None:
    """In every encoding."""
    with pytest.raises(Unreadable, match="document type declaration"):
        parse(body.decode().encode(encoding))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<wildfire>",
        b"<wildfire>&unknown;</wildfire>",
        b"\xff\xfe",
        b"<a/><b/>",
        b"<?xml version='1.0' encoding='nonsense'?><a/>",
    ],
)
def test_invalid_xml_raises_error(body: bytes) -> None:
    with pytest.raises(Unreadable, match="not XML"):
        parse(body)


def test_xml_depth_and_size_are_limited() -> None:
    assert parse(b"<a>" * DEEPEST + b"</a>" * DEEPEST).tag == "a"
    with pytest.raises(Unreadable, match="levels"):
        parse(b"<a>" * (DEEPEST + 1) + b"</a>" * (DEEPEST + 1))
    with pytest.raises(Unreadable, match="larger than"):
        parse(b"<a>" + b" " * LARGEST_ANSWER + b"</a>")


def test_xml_predefined_entities_are_decoded() -> None:
    assert parse(b"<a><b>1 &lt; 2 &amp;&#38; <c/>3</b></a>").findtext("b") == "1 < 2 && "
