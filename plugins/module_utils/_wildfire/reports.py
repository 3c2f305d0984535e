# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Analysis reports of files and web pages.

Source: the vendor's "Get a WildFire Analysis Report".

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

from .._common.errors import ErrorContext, InvalidResponse
from .._common.redaction import read_json
from .._common.urls import without_query
from .client import Attachment, WildfireClient

PATH = "/get/report"
NO_REPORT = {
    404: "WildFire has no report on it: submit it with panw.cloud.wildfire_submission, or wait until its analysis ends. If queries "
    "of verdicts fail the same way, check 'wildfire_url'."
}
FORMATS = ("pdf", "xml", "maec")
_OWN = ("platform", "software", "malware", "summary")


@dataclasses.dataclass(frozen=True)
class Analysis:
    """The findings of one analyzer.

    :param platform: the vendor's number of the environment. :param malware: the finding, in the vendor's words.
    :param summary: observations. :param details: all other elements, see L(as_data).
    """

    platform: int | None
    software: str | None
    malware: str | None
    summary: tuple[str, ...]
    details: Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class FileReport:
    """The report on a file, with the findings of all analyzers."""

    sha256: str | None
    sha1: str | None
    md5: str | None
    size: int | None
    file_type: str | None
    malware: bool
    analyses: tuple[Analysis, ...]


def read_report(client: WildfireClient, digest: str) -> FileReport:
    """The report on a file. Costs one query.

    :param digest: a hash, as returned by L(check_hashes).
    :raises NotFound: there is none (yet). :raises PanwCloudError: the request fails.
    """
    attempted = f"get the report on {digest}"
    root = client.ask(attempted, PATH, {"hash": digest, "format": "xml"}, NO_REPORT)
    info = root.find("file_info")
    if info is None:
        raise InvalidResponse(attempted, ErrorContext(reason="the report does not describe a file"))
    sha256, sha1, md5, kind = (_text(info, tag) for tag in ("sha256", "sha1", "md5", "filetype"))
    analyses = tuple(_analysis(one) for one in root.iterfind("task_info/report"))
    return FileReport(sha256, sha1, md5, _number(info, "size"), kind, _text(info, "malware") == "yes", analyses)


def read_report_file(client: WildfireClient, digest: str, format_: str) -> bytes:
    """The report on a file as a document. Costs one query.

    :param format_: one of L(FORMATS).
    :raises NotFound: there is none (yet). :raises PanwCloudError: the request fails.
    """
    attempted, form = f"get the report on {digest} as {format_}", {"hash": digest, "format": format_}
    if format_ == "pdf":
        file: Attachment = client.fetch(attempted, PATH, form, NO_REPORT)
        return file.content
    return client.fetch_text(attempted, PATH, form, NO_REPORT, is_xml=format_ == "xml")


def read_url_report(client: WildfireClient, url: str) -> dict[str, Any]:
    """The report on a web page, as the vendor structures it. Costs one query.

    :raises NotFound: there is none (yet). :raises PanwCloudError: the request fails.
    """
    attempted = f"get the report on {without_query(url)}"
    document = read_json(client.fetch_text(attempted, PATH, {"url": url}, NO_REPORT, is_xml=False))
    found = document.get("result") if isinstance(document, dict) else None
    text = found.get("report") if isinstance(found, dict) else None
    report = read_json(text) if isinstance(text, str) else text
    if not isinstance(report, dict):
        raise InvalidResponse(attempted, ErrorContext(reason="the response has no report on a page"))
    return report


def as_data(element: Element) -> Any:
    """An element as data: its text if it has nothing else; otherwise a dictionary of its attributes, of its elements as lists by their names,
    and of its text under C(text)."""
    text = (element.text or "").strip()
    children: dict[str, Any] = {}
    for child in element:
        children.setdefault(child.tag, []).append(as_data(child))
    if not children and not element.attrib:
        return text
    return {**element.attrib, **children, **({"text": text} if text else {})}


def _analysis(report: Element) -> Analysis:
    summary = tuple(" ".join("".join(_own_text(entry)).split()) for entry in report.iterfind("summary/entry"))
    details: dict[str, Any] = {}
    for child in report:
        if child.tag not in _OWN:
            details.setdefault(child.tag, []).append(as_data(child))
    return Analysis(_number(report, "platform"), _text(report, "software"), _text(report, "malware"), summary, details)


def _own_text(entry: Element) -> list[str]:
    """The text of an entry without that of the elements in it."""
    return [entry.text or "", *(child.tail or "" for child in entry)]


def _number(parent: Element, tag: str) -> int | None:
    text = parent.findtext(tag) or ""
    return int(text) if text.isascii() and text.isdigit() else None


def _text(parent: Element, tag: str) -> str | None:
    return (parent.findtext(tag) or "").strip() or None
