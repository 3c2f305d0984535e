# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Submissions to the WildFire public API, their analysis, and what WildFire then returns."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

MALWARE = hashlib.sha256(b"malware").hexdigest()
PHISHING = hashlib.sha256(b"phishing").hexdigest()
SCRIPT = b"echo hello\n"
DIGEST = hashlib.sha256(SCRIPT).hexdigest()


class Wildfire:
    """Calls with a legacy key."""

    def __init__(self, tenant):
        self.tenant = tenant
        self.key = tenant.world.admin("POST", "/strata/legacy-keys", {}).json()["api_key"]

    def call(self, path, files=None, **fields):
        form = {"apikey": self.key, **fields}
        return self.tenant.call("wildfire", "POST", f"/publicapi{path}", data=form, files=files)

    def submit(self, content, name="run.sh"):
        return self.call("/submit/file", {"file": (name, content)})

    def verdict(self, **fields):
        return int(document(self.call("/get/verdict", **fields)).findtext("get-verdict-info/verdict"))

    def later(self, seconds):
        self.tenant.world.admin("PUT", "/clock", {"offset_seconds": seconds})

    @property
    def left(self):
        (key,) = self.tenant.world.state()["strata"]["legacy_keys"]
        return key["remaining_queries"], key["remaining_uploads"]


@pytest.fixture
def wildfire(tenant):
    """WildFire with analysis that takes ten minutes of the simulator's clock."""
    tenant.switch(analysis_seconds=600)
    return Wildfire(tenant)


def document(answer):
    assert answer.status_code == 200, answer.text
    return ElementTree.fromstring(answer.content)  # noqa: S314


def test_file_is_pending_until_its_analysis_ends(wildfire):
    info = document(wildfire.submit(SCRIPT, "a<b.sh")).find("upload-file-info")
    assert (info.findtext("sha256"), info.findtext("filename")) == (DIGEST, "a<b.sh")
    assert (info.findtext("filetype"), info.findtext("size")) == ("Shell script", str(len(SCRIPT)))
    assert wildfire.verdict(hash=DIGEST) == -100
    assert wildfire.call("/get/report", hash=DIGEST).status_code == 404
    wildfire.later(601)
    assert wildfire.verdict(hash=info.findtext("md5")) == 0
    assert document(wildfire.call("/get/report", hash=DIGEST)).findtext("file_info/malware") == "no"
    assert wildfire.left == (1047, 149)


def test_known_file_is_not_analyzed_again(wildfire):
    wildfire.submit(SCRIPT)
    wildfire.later(601)
    wildfire.submit(SCRIPT)
    assert wildfire.verdict(hash=DIGEST) == 0


def test_analysis_can_last_forever(wildfire):
    wildfire.tenant.switch(analysis_seconds=None)
    wildfire.submit(SCRIPT)
    wildfire.later(1_000_000)
    assert wildfire.verdict(hash=DIGEST) == -100


@pytest.mark.parametrize(
    ("kind", "name", "filetype"),
    [
        ("pe", "wildfire-test-pe-file.exe", "PE32 executable"),
        ("apk", "wildfire-test-apk-file.apk", "Android APK"),
        ("macos", "wildfire-test-macos-file", "Mach-O"),
        ("elf", "wildfire-test-elf-file", "ELF"),
    ],
)
def test_test_files_are_malware(wildfire, kind, name, filetype):
    file = wildfire.tenant.call("wildfire", "GET", f"/publicapi/test/{kind}")
    assert file.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert wildfire.tenant.call("wildfire", "POST", f"/publicapi/test/{kind}").content != file.content
    digest = hashlib.sha256(file.content).hexdigest()
    assert wildfire.verdict(hash=digest) == -102
    assert document(wildfire.submit(file.content, name)).findtext("upload-file-info/filetype") == filetype
    wildfire.later(601)
    assert wildfire.verdict(hash=digest) == 1
    assert wildfire.tenant.call("wildfire", "GET", "/publicapi/test/doc").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [(b"", "a.sh", 513), (b"text", "a.txt", 418), (b"x" * 101, "a.sh", 413), (b"x" * 100, "a.sh", 200)],
)
def test_sizes_and_types(wildfire, content, name, status):
    wildfire.tenant.switch(max_file_bytes=100)
    assert wildfire.submit(content, name).status_code == status
    assert wildfire.left == (1050, 149 if status == 200 else 150)


def test_uploads_have_their_own_quota(wildfire):
    wildfire.tenant.switch(uploads_per_day=1)
    assert [wildfire.submit(SCRIPT).status_code for _index in range(2)] == [200, 419]
    assert wildfire.verdict(hash=DIGEST) == -100


def test_remote_files(wildfire):
    info = document(wildfire.call("/submit/url", url="https://www.example.com/report.pdf")).find("upload-file-info")
    assert (info.findtext("url"), info.findtext("filetype")) == (
        "https://www.example.com/report.pdf",
        "Adobe PDF document",
    )
    script = "https://www.example.com/setup"
    cases = {200: {"url": script, "context": "a.sh"}, 418: {"url": script}, 420: {}, 421: {"url": "gopher://x"}}
    cases[422] = {"url": "https://www.example.com/nothing"}
    assert {status: wildfire.call("/submit/url", **form).status_code for status, form in cases.items()} == {
        status: status for status in cases
    }
    own = document(wildfire.call("/submit/url", url="https://wildfire.example.com/publicapi/test/pe"))
    wildfire.later(601)
    assert wildfire.verdict(hash=own.findtext("upload-file-info/sha256")) == 1


def test_link_is_analyzed_like_a_file(wildfire):
    url = "https://phishing.example.com/login"
    info = document(wildfire.call("/submit/link", link=url)).find("submit-link-info")
    assert info.findtext("sha256") == hashlib.sha256(url.encode()).hexdigest()
    assert wildfire.verdict(url=url) == -100
    assert wildfire.call("/get/report", url=url).status_code == 404
    wildfire.later(601)
    assert wildfire.verdict(url=url) == 4
    report = wildfire.call("/get/report", url=url)
    assert report.headers["Content-Type"] == "application/json"
    assert json.loads(report.json()["result"]["report"])["verdict"] == "phishing"


@pytest.mark.parametrize(("link", "status"), [("", 421), ("ftp://foo", 421), ("foo", 200), (" ", 200)])
def test_links_are_of_web_pages(wildfire, link, status):
    assert wildfire.call("/submit/link", {"link": (None, link)}).status_code == status
    lines = {"file": ("pan", f"panlnk\nhttp://foo\n{link or 'ftp://'}")}
    assert wildfire.call("/submit/links", lines).status_code == status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("panlnk\n" + "http://a\n" * 1000, 200),
        ("panlnk\n" + "http://a\n" * 1001, 422),
        ("http://a\n", 422),
        ("panlnk\n", 422),
        ("", 422),
    ],
)
def test_files_of_links(wildfire, text, status):
    answer = wildfire.call("/submit/links", {"file": ("pan", text)})
    assert answer.status_code == status
    assert answer.text.count("<submit-link-info>") == (1000 if status == 200 else 0)


def test_report_formats(wildfire):
    report = document(wildfire.call("/get/report", hash=MALWARE))
    assert [report.findtext(f"file_info/{name}") for name in ("malware", "sha256", "size")] == ["yes", MALWARE, "7"]
    assert [one.findtext("platform") for one in report.findall("task_info/report")] == ["204", "61"]
    pdf = wildfire.call("/get/report", hash=MALWARE, format="pdf")
    assert pdf.headers["Content-Disposition"] == f'attachment; filename="{MALWARE}.pdf"'
    assert pdf.content.startswith(b"%PDF-")
    assert wildfire.call("/get/report", hash=MALWARE, format="maec").json()["type"] == "package"
    pending = hashlib.sha256(b"pending").hexdigest()
    cases = {404: {"hash": pending}, 420: {}, 421: {"hash": MALWARE, "format": "json"}}
    assert {status: wildfire.call("/get/report", **form).status_code for status, form in cases.items()} == {
        status: status for status in cases
    }


def test_samples_and_packet_captures(wildfire):
    sample = wildfire.call("/get/sample", hash=MALWARE)
    assert (sample.content, sample.headers["Content-Type"]) == (b"malware", "application/octet-stream")
    capture = wildfire.call("/get/pcap", hash=MALWARE, platform="61")
    assert capture.headers["Content-Disposition"] == f'attachment; filename="{MALWARE}.61.0.pcap"'
    assert capture.content == wildfire.call("/get/pcap", hash=MALWARE).content
    empty = hashlib.sha256(b"").hexdigest()  # known without its content
    statuses = [
        wildfire.call("/get/sample", hash=empty).status_code,
        wildfire.call("/get/pcap", hash=PHISHING).status_code,
        wildfire.call("/get/pcap", hash=MALWARE, platform="4").status_code,
        wildfire.call("/get/pcap", hash=MALWARE, platform="x").status_code,
    ]
    assert statuses == [404, 404, 404, 421]


@pytest.mark.parametrize(
    ("types", "kinds"),
    [(None, ["screenshot", "download_files"]), ("screenshot", ["screenshot"]), ("download_files, screenshot", None)],
)
def test_web_artifacts(wildfire, types, kinds):
    form = {"url": "https://www.google.com/", **({"types": types} if types else {})}
    answer = wildfire.call("/get/webartifacts", **form)
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as archive:
        folders = [member.name for member in archive if member.isdir()]
    assert folders == (kinds or ["download_files", "screenshot"])


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 420),
        ({"url": ""}, 421),
        ({"url": "0.0.0.0.0"}, 404),
        ({"url": "https://www.google.com", "types": "x"}, 421),
    ],
)
def test_web_artifacts_that_do_not_exist(wildfire, form, status):
    answer = wildfire.call("/get/webartifacts", {name: (None, value) for name, value in form.items()} or None)
    assert answer.status_code == status


def test_changed_verdicts(wildfire):
    changed = wildfire.tenant.world.admin("PUT", f"/strata/samples/{MALWARE}", {"verdict": 0})
    assert changed.json() == {"sha256": MALWARE, "verdict": 0}
    day = datetime.now(UTC).date()
    found = document(wildfire.call("/get/verdicts/changed", date=day.isoformat()))
    assert [(one.findtext("sha256"), one.findtext("verdict")) for one in found] == [(MALWARE, "0")]
    assert wildfire.verdict(hash=MALWARE) == 0
    cases = {
        403: {"date": (day - timedelta(days=31)).isoformat()},
        420: {},
        421: {"date": "yesterday"},
    }
    assert {status: wildfire.call("/get/verdicts/changed", **form).status_code for status, form in cases.items()} == {
        status: status for status in cases
    }
    assert "unknown sample" in wildfire.tenant.world.admin("PUT", f"/strata/samples/{DIGEST}", {"verdict": 0}).text


def test_change_requests_are_recorded(wildfire):
    good = {"hash": MALWARE, "verdict": "0", "email": "a@example.com", "comment": "Ours"}
    assert wildfire.call("/submit/change-request", **good).status_code == 200
    bad = [{"verdict": "9"}, {"email": "nobody"}, {"comment": "x" * 2049}, {"hash": MALWARE[:32]}, {"hash": "0" * 64}]
    statuses = [wildfire.call("/submit/change-request", **{**good, **fields}).status_code for fields in bad]
    assert statuses == [421, 421, 421, 421, 404]
    assert wildfire.call("/submit/change-request").status_code == 420
    recorded = wildfire.tenant.world.admin("GET", "/strata/change-requests").json()["change_requests"]
    assert recorded == [{"sha256": MALWARE, "verdict": 0, "email": "a@example.com", "comment": "Ours"}]
    assert wildfire.verdict(hash=MALWARE) == 1


def test_reset_restores_the_seed(wildfire):
    wildfire.submit(SCRIPT)
    wildfire.call("/submit/link", link="https://new.example.com")
    wildfire.tenant.world.admin("PUT", f"/strata/samples/{MALWARE}", {"verdict": 0})
    wildfire.tenant.world.admin("POST", "/strata/reset")
    again = Wildfire(wildfire.tenant)
    assert [again.verdict(hash=MALWARE), again.verdict(hash=DIGEST)] == [1, -102]
    assert again.verdict(url="https://new.example.com") == -102
    listed = wildfire.tenant.world.admin("GET", "/strata/samples").json()["samples"]
    assert {"sha256": MALWARE, "verdict": 1, "size": 7, "filetype": "script", "analyzed_at": None} in listed
