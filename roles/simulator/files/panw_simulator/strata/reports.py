# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Analysis reports, packet captures and web artifacts, reduced to their structure."""

from __future__ import annotations

import io
import json
import struct
import tarfile
from xml.sax.saxutils import escape

from .forms import Attachment
from .pages import Page
from .samples import MALWARE, VERDICTS, Sample
from .wildfire_xml import facts

STATIC, DYNAMIC = 204, 61
"""Platforms: the static analyzer, and Windows 7 x64. The vendor lists them on its page on packet captures."""
ARTIFACTS = {
    "screenshot": ("page.jpg", b"\xff\xd8\xff\xe0simulated screenshot"),
    "download_files": ("script.js", b"// x\n"),
}
SUMMARY = {
    "benign": "No malicious behavior was observed",
    "malware": "Sample modified the Windows registry",
    "grayware": "Sample displayed advertisements",
    "phishing": "Sample asked for credentials",
    "c2": "Sample contacted a command-and-control server",
}


def as_xml(sample: Sample) -> str:
    """The elements of a file's report: a static and a dynamic analysis."""
    malware = "yes" if sample.verdict == MALWARE else "no"
    info = f"<file_info><malware>{malware}</malware><sha1/>{facts(sample)}</file_info>"
    return f"<version>2.0</version>{info}<task_info>{_static(sample, malware)}{_dynamic(sample, malware)}</task_info>"


def _static(sample: Sample, malware: str) -> str:
    entry = f"<entry>{escape(SUMMARY[VERDICTS[sample.verdict]])}</entry>"
    return (
        f"<report><version>3.0</version><platform>{STATIC}</platform><software>PE Static Analyzer</software>"
        f"<sha256>{sample.sha256}</sha256><md5>{sample.md5}</md5><malware>{malware}</malware><summary>{entry}</summary></report>"
    )


def _dynamic(sample: Sample, malware: str) -> str:
    network = (
        '<network><UDP ip="192.0.2.53" port="53" country="US"/>'
        '<dns query="c2.example.com" response="192.0.2.1" type="A"/></network>'
        if sample.verdict == MALWARE
        else "<network/>"
    )
    summary = f"<entry><details/><score>0.0</score>{escape(SUMMARY[VERDICTS[sample.verdict]])}</entry>"
    return (
        f"<report><version>3.0</version><platform>{DYNAMIC}</platform><software>Windows 7 x64</software>"
        f"<sha256>{sample.sha256}</sha256><md5>{sample.md5}</md5><malware>{malware}</malware><summary>{summary}</summary>"
        f"<evidence><file/><registry/></evidence><timeline/>{network}</report>"
    )


def as_pdf(sample: Sample) -> Attachment:
    """The report of a file as a PDF of one empty page."""
    body = (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        f"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n% {sample.sha256}\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )
    return Attachment(f"{sample.sha256}.pdf", body.encode())


def as_maec(sample: Sample) -> bytes:
    """The report of a file as a MAEC package."""
    package = {"type": "package", "id": f"package--{sample.md5}", "schema_version": "5.0", "maec_objects": []}
    return json.dumps(package).encode()


def of_page(page: Page) -> bytes:
    """The report of a page: JSON, which holds the report itself as a string."""
    report = {"verdict": VERDICTS[page.verdict], "url": page.url, "maec_packages": []}
    result = {"report": json.dumps(report), "analysis_time": "2026-01-01T00:00:00Z", "url_type": "original"}
    return json.dumps({"success": True, "result": result}).encode()


def capture(sample: Sample, platform: int | None) -> Attachment | None:
    """The packet capture of a sample: the header of an empty one. Only malware has one, of the dynamic analysis."""
    if sample.verdict != MALWARE or platform not in (None, DYNAMIC):
        return None
    header = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    return Attachment(f"{sample.sha256}.{DYNAMIC}.0.pcap", header)


def artifacts(page: Page, kinds: list[str]) -> Attachment:
    """A compressed archive of a page's artifacts."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for kind in kinds:
            name, content = ARTIFACTS[kind]
            folder = tarfile.TarInfo(kind)
            folder.type = tarfile.DIRTYPE
            archive.addfile(folder)
            member = tarfile.TarInfo(f"{kind}/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return Attachment(f"{page.sha256}.tgz", buffer.getvalue())
