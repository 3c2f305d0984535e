# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Analysis reports as data and as documents."""

from __future__ import annotations

import hashlib
import json
from xml.etree import ElementTree

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidResponse, NotFound
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.reports import (
    Analysis,
    FileReport,
    as_data,
    read_report,
    read_report_file,
    read_url_report,
)
from ansible_collections.panw.cloud.tests.helpers.factories import form, legacy, refusal, wildfire
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply, Server

DIGEST = hashlib.sha256(b"malware").hexdigest()
INFO = f"<file_info><malware>yes</malware><sha1/><filetype>PE</filetype><sha256>{DIGEST}</sha256><md5>ab</md5><size>7</size></file_info>"
DYNAMIC = """<report><platform>61</platform><software>Windows 7</software><malware>yes</malware>
<summary><entry score="2"><details>more</details>wrote a
 file</entry><entry>asked DNS</entry></summary><network><dns query="a" type="A"/><dns query="b"/></network><empty/></report>"""


def test_report_becomes_data() -> None:
    server = Server(wildfire("<version>2.0</version>", INFO, f"<task_info>{DYNAMIC}<report/></task_info>"))
    details = {"network": [{"dns": [{"query": "a", "type": "A"}, {"query": "b"}]}], "empty": [""]}
    dynamic = Analysis(61, "Windows 7", "yes", ("wrote a file", "asked DNS"), details)
    empty = Analysis(None, None, None, (), {})
    expected = FileReport(DIGEST, None, "ab", 7, "PE", malware=True, analyses=(dynamic, empty))
    assert read_report(legacy(server), DIGEST) == expected
    assert form(server.requests[0])["format"] == "xml"


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("<a/>", ""),
        ("<a> b </a>", "b"),
        ('<a x="1"/>', {"x": "1"}),
        ('<a x="1">b<c/></a>', {"x": "1", "c": [""], "text": "b"}),
    ],
)
def test_elements_become_data(text: str, data: object) -> None:
    assert as_data(ElementTree.fromstring(text)) == data  # noqa: S314


def test_missing_report_is_explained() -> None:
    for call in (read_report, read_url_report):
        with pytest.raises(NotFound, match="wait until its analysis ends"):
            call(legacy(Server(refusal(404, "not found"))), DIGEST)
    with pytest.raises(InvalidResponse, match="does not describe a file"):
        read_report(legacy(Server(wildfire())), DIGEST)


@pytest.mark.parametrize(
    ("format_", "reply"),
    [
        ("pdf", Reply(200, b"%PDF", {"Content-Disposition": "attachment; filename=a.pdf"})),
        ("xml", wildfire(INFO)),
        ("maec", Reply(200, b'{"type": "package"}')),
    ],
)
def test_documents_are_not_changed(format_: str, reply: Reply) -> None:
    server = Server(reply)
    assert read_report_file(legacy(server), DIGEST, format_) == reply.body
    assert form(server.requests[0])["format"] == format_


@pytest.mark.parametrize("report", [{"verdict": "phishing"}, json.dumps({"verdict": "phishing"})])
def test_report_on_a_page_may_be_json_in_json(report: object) -> None:
    server = Server(Reply(200, {"result": {"report": report}}))
    assert read_url_report(legacy(server), "https://a") == {"verdict": "phishing"}


@pytest.mark.parametrize("document", [[], {}, {"result": None}, {"result": {"report": "x"}}])
def test_other_documents_are_rejected(document: object) -> None:
    with pytest.raises(InvalidResponse, match="no report on a page"):
        read_url_report(legacy(Server(Reply(200, document))), "https://a")
