# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the answers of WildFire mean, and which XML is not read."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    Evidence,
    InvalidRequest,
    MalformedAnswer,
    NotFound,
    PanwCloudError,
    RouteNotFound,
    ServerError,
    Throttled,
)
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import Scrubber
from ansible_collections.panw.cloud.plugins.module_utils._transport.http import Answer
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.errors import (
    KeyRefused,
    NotPermitted,
    QuotaExceeded,
)
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.responses import (
    DEEPEST,
    LARGEST_ANSWER,
    Unreadable,
    judge,
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
    (204, MalformedAnswer),
]


def failure(status: int, body: bytes = b"", *secrets: str) -> PanwCloudError:
    with pytest.raises(PanwCloudError) as caught:
        read("try", Answer(status, {}, body, NOW), Evidence("POST https://example.com", status), Scrubber(*secrets))
    return caught.value


@pytest.mark.parametrize(("status", "error"), STATUSES)
def test_every_status(status: int, error: type[PanwCloudError]) -> None:
    found = failure(status)
    assert found.__class__ is error
    assert found.evidence.reason
    assert found.next_step
    assert "ngfw" not in str(found)


@pytest.mark.parametrize(("status", "error"), STATUSES)
def test_only_what_may_pass_is_sent_again(status: int, error: type[PanwCloudError]) -> None:
    """An exhausted quota is none of it: it passes at midnight."""
    expected = error if error in (Throttled, ServerError) else None
    assert judge(Answer(status, {}, b"", NOW)) is expected
    assert judge(Answer(200, {}, b"", NOW)) is None


def test_the_servers_own_words() -> None:
    body = b"<error><error-message>'Only 500 entries are allowed for each file'</error-message></error>"
    assert failure(413, body).evidence.reason == "Only 500 entries are allowed for each file"
    assert failure(401, b"<html>").evidence.reason == "invalid API key"
    assert failure(401, BOMB).evidence.reason == "invalid API key"


def test_words_are_without_secrets() -> None:
    body = b"<error><error-message>'key abcdefgh is wrong'</error-message></error>"
    assert failure(401, body, "abcdefgh").evidence.reason == "key ******** is wrong"


def test_a_success_that_is_no_xml() -> None:
    assert "the answer is not XML" in str(failure(200, b'{"verdict": 0}'))


@pytest.mark.parametrize("body", [BOMB, EXTERNAL, b"<!DOCTYPE wildfire><wildfire/>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_no_document_type_is_read(body: bytes, encoding: str) -> None:
    """Whatever the encoding hides it in."""
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
def test_no_xml(body: bytes) -> None:
    with pytest.raises(Unreadable, match="not XML"):
        parse(body)


def test_depth_and_size_are_bounded() -> None:
    assert parse(b"<a>" * DEEPEST + b"</a>" * DEEPEST).tag == "a"
    with pytest.raises(Unreadable, match="levels"):
        parse(b"<a>" * (DEEPEST + 1) + b"</a>" * (DEEPEST + 1))
    with pytest.raises(Unreadable, match="larger than"):
        parse(b"<a>" + b" " * LARGEST_ANSWER + b"</a>")


def test_text_and_xmls_own_entities() -> None:
    assert parse(b"<a><b>1 &lt; 2 &amp;&#38; <c/>3</b></a>").findtext("b") == "1 < 2 && "
