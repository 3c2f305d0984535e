# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Submissions to the WildFire public API: files, remote files, links, and requests to review a verdict.

Source of the error texts: the vendor's error codes and pan-python's tests, which were recorded against the real service.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from ..messages import Response
from .file_types import file_type
from .forms import Attachment, Form
from .pages import Page, Pages
from .responses import Refusal, wildfire_error
from .samples import VERDICTS, Sample, Samples
from .service import Operation
from .tenant_settings import TenantSettings
from .test_files import test_file
from .wildfire_quota import BASE, WildfireQuota
from .wildfire_xml import facts, plain, required, required_hash, wildfire

FIRST_LINE = "panlnk"
MAX_LINKS = 1000
MAX_COMMENT = 2048
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
WRONG_LINK = "Invalid webpage type url, url should start with http or https"
TOO_MANY = f"File contains too many entities, maxium {MAX_LINKS} entities allowed"


class SubmitApi:
    """Handlers of the submissions.

    :param remote_files: URLs of files with their content as text: the simulator downloads nothing.
    """

    def __init__(
        self,
        samples: Samples,
        pages: Pages,
        tenant_settings: TenantSettings,
        remote_files: Iterable[dict[str, Any]],
    ) -> None:
        self._samples = samples
        self._pages = pages
        self._tenant_settings = tenant_settings
        self._remote = {item["url"]: item["content"].encode() for item in remote_files}
        self.change_requests: list[dict[str, Any]] = []

    def operations(self, quota: WildfireQuota) -> list[Operation]:
        """The operations with their handlers."""
        return [
            quota.upload("/submit/file", self.file),
            quota.upload("/submit/url", self.remote_file),
            quota.upload("/submit/link", self.link),
            quota.upload("/submit/links", self.links),
            quota.upload("/submit/change-request", self.change_request),
        ]

    def file(self, form: Form) -> Response:
        """Accept a file for analysis."""
        content = form.fields.get("file")
        if content is None:
            raise Refusal(wildfire_error(420, "Missing required field file"))
        name = form.filenames.get("file", "")
        return _uploaded(self._accept(Attachment(name, content)), name=name)

    def remote_file(self, form: Form) -> Response:
        """Accept a file at a URL; scripts need their name in ``context``."""
        url = required(form, "url")
        if urlsplit(url).scheme not in ("http", "https", "ftp"):
            raise Refusal(wildfire_error(421))
        content = self._remote.get(url) or _own_test_file(url)
        if content is None:
            raise Refusal(wildfire_error(422, "URL download error"))
        return _uploaded(self._accept(Attachment(form.text("context") or "", content)), url=url)

    def _accept(self, file: Attachment) -> Sample:
        if len(file.content) > self._tenant_settings.max_file_bytes:
            raise Refusal(wildfire_error(413))
        if not file.content:
            raise Refusal(wildfire_error(513))
        kind = file_type(file.content, file.name)
        if kind is None:
            raise Refusal(wildfire_error(418))
        return self._samples.add(file.content, kind)

    def link(self, form: Form) -> Response:
        """Accept a link to a page."""
        return wildfire(_link(self._pages.add(_checked(required(form, "link")))))

    def links(self, form: Form) -> Response:
        """Accept a file of links: a line ``panlnk``, then one link per line."""
        first, *links = required(form, "file").splitlines() or [""]
        if first != FIRST_LINE or not links:
            raise Refusal(wildfire_error(422))
        if len(links) > MAX_LINKS:
            raise Refusal(wildfire_error(422, TOO_MANY))
        urls = [_checked(link) for link in links]
        return wildfire(*(_link(self._pages.add(url)) for url in urls))

    def change_request(self, form: Form) -> Response:
        """Accept a request to review the verdict of a sample."""
        digest = required_hash(form)
        verdict, email, comment = (required(form, name) for name in ("verdict", "email", "comment"))
        known = verdict in map(str, VERDICTS)
        if len(digest) != 64 or not known or not EMAIL.fullmatch(email) or len(comment.encode()) > MAX_COMMENT:
            raise Refusal(wildfire_error(421))
        if not self._samples.find(digest):
            raise Refusal(wildfire_error(404))
        self.change_requests.append({"sha256": digest, "verdict": int(verdict), "email": email, "comment": comment})
        return wildfire(f"<change-request-info><sha256>{digest}</sha256></change-request-info>")

    def clear(self) -> None:
        """Forget all requests."""
        self.change_requests.clear()


def _own_test_file(url: str) -> bytes | None:
    """The content of a URL of WildFire's own test files."""
    _host, _path, kind = urlsplit(url).path.rpartition(f"{BASE}/test/")
    file = test_file(kind)
    return None if file is None else file.content


def _checked(link: str) -> str:
    """The link with its scheme."""
    match = SCHEME.match(link)
    if not link or (match and match[1].lower() not in ("http", "https")):
        raise Refusal(wildfire_error(421, WRONG_LINK))
    return link if match else f"http://{link}"


def _link(page: Page) -> str:
    known = f"<sha256>{page.sha256}</sha256><md5>{page.md5}</md5>"
    return f"<submit-link-info><url>{plain(page.url)}</url>{known}</submit-link-info>"


def _uploaded(sample: Sample, name: str = "", url: str = "") -> Response:
    known = f"<url>{plain(url)}</url><filename>{plain(name)}</filename>{facts(sample)}"
    return wildfire(f"<upload-file-info>{known}</upload-file-info>")
