# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Queries of the WildFire public API: forms in, XML out.

Source of the error texts: the vendor's error codes and pan-python's tests, which were recorded against the real service.
"""

from __future__ import annotations

from datetime import date

from ..messages import Response
from . import reports
from .file_types import PORTABLE_EXECUTABLE
from .forms import Attachment, Form
from .pages import Page, Pages
from .responses import Refusal, attachment_response, wildfire_error
from .samples import HASH, INVALID, UNKNOWN, Sample, Samples
from .service import Call, Operation
from .test_files import test_file
from .wildfire_quota import BASE, WildfireQuota
from .wildfire_xml import plain, required, required_hash, verdict_entry, wildfire

MAX_HASHES = 500
WRONG_DATE = "Invalid Date (longer than 30 days from now or newer than now)"


class WildfireApi:
    """Handlers of the queries."""

    def __init__(self, samples: Samples, pages: Pages) -> None:
        self._samples = samples
        self._pages = pages

    def operations(self, quota: WildfireQuota) -> list[Operation]:
        """The operations with their handlers. Only test files need neither a key nor POST."""
        return [
            quota.query("/get/verdict", self.verdict),
            quota.query("/get/verdicts", self.verdicts),
            quota.query("/get/verdicts/changed", self.changed),
            quota.query("/get/report", self.report),
            quota.query("/get/sample", self.sample),
            quota.query("/get/pcap", self.capture),
            quota.query("/get/webartifacts", self.artifacts),
            Operation("GET", f"{BASE}/test/{{type}}", _give_test_file),
            Operation("POST", f"{BASE}/test/{{type}}", _give_test_file),
        ]

    def verdict(self, form: Form) -> Response:
        """The verdict for a hash, with several entries if samples share an MD5, or for a URL."""
        url = form.text("url")
        return self._page_verdict(url) if url else wildfire(*self._entries(required_hash(form)))

    def _page_verdict(self, url: str) -> Response:
        page = self._pages.find(url)
        verdict = UNKNOWN if page is None else self._pages.verdict(page)
        known = f"<url>{plain(url)}</url><verdict>{verdict}</verdict>"
        when = "" if page is None else "<analysis_time>2026-01-01T00:00:00Z</analysis_time>"
        return wildfire(f"<get-verdict-info>{known}{when}<valid>Yes</valid></get-verdict-info>")

    def verdicts(self, form: Form) -> Response:
        """Verdicts for a file of hashes, one per line, in the order of the file."""
        digests = [line.strip().lower() for line in required(form, "file").splitlines() if line.strip()]
        if not digests:
            raise Refusal(wildfire_error(422))
        if len(digests) > MAX_HASHES:
            raise Refusal(wildfire_error(413, f"Only {MAX_HASHES} entries are allowed for each file"))
        return wildfire(*(entry for digest in digests for entry in self._entries(digest)))

    def _entries(self, digest: str) -> list[str]:
        if not HASH.fullmatch(digest):
            return [verdict_entry(digest, "", INVALID)]
        known = [self._entry(sample) for sample in self._samples.find(digest)]
        pair = (digest, "") if len(digest) == 64 else ("", digest)
        return known or [verdict_entry(*pair, UNKNOWN)]

    def _entry(self, sample: Sample) -> str:
        return verdict_entry(sample.sha256, sample.md5, self._samples.verdict(sample))

    def changed(self, form: Form) -> Response:
        """Samples whose verdict changed since a day, with their new verdicts."""
        text = required(form, "date")
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise Refusal(wildfire_error(421, "Invalid Date format")) from None
        found = self._samples.changed_since(day)
        if found is None:
            raise Refusal(wildfire_error(403, WRONG_DATE))
        return wildfire(*map(self._entry, found))

    def report(self, form: Form) -> Response:
        """The analysis report of a sample as XML, PDF or MAEC; that of a page as JSON."""
        url = form.text("url")
        if url is not None:
            return _json(reports.of_page(self._analyzed_page(url)))
        digest, format_ = required_hash(form), form.text("format") or "xml"
        if format_ not in ("xml", "pdf", "maec"):
            raise Refusal(wildfire_error(421))
        sample = self._analyzed(digest)
        if format_ == "pdf":
            return attachment_response(reports.as_pdf(sample))
        return _json(reports.as_maec(sample)) if format_ == "maec" else wildfire(reports.as_xml(sample))

    def sample(self, form: Form) -> Response:
        """A file that was submitted."""
        known = next((one for one in self._samples.find(required_hash(form)) if one.content is not None), None)
        if known is None or known.content is None:
            raise Refusal(wildfire_error(404))
        suffix = ".exe" if known.filetype == PORTABLE_EXECUTABLE else ""
        return attachment_response(Attachment(f"{known.sha256}{suffix}.000", known.content))

    def capture(self, form: Form) -> Response:
        """The packet capture of a sample."""
        digest, platform = required_hash(form), form.text("platform")
        if platform is not None and not platform.isdigit():
            raise Refusal(wildfire_error(421))
        found = reports.capture(self._analyzed(digest), None if platform is None else int(platform))
        if found is None:
            raise Refusal(wildfire_error(404))
        return attachment_response(found)

    def artifacts(self, form: Form) -> Response:
        """The artifacts of a page as a compressed archive."""
        url, types = required(form, "url"), form.text("types") or ",".join(reports.ARTIFACTS)
        kinds = [kind.strip() for kind in types.split(",")]
        if not url or not all(kind in reports.ARTIFACTS for kind in kinds):
            raise Refusal(wildfire_error(421))
        return attachment_response(reports.artifacts(self._analyzed_page(url), kinds))

    def _analyzed(self, digest: str) -> Sample:
        for sample in self._samples.find(digest):
            if self._samples.verdict(sample) >= 0:
                return sample
        raise Refusal(wildfire_error(404))

    def _analyzed_page(self, url: str) -> Page:
        page = self._pages.find(url)
        if page is None or self._pages.verdict(page) < 0:
            raise Refusal(wildfire_error(404))
        return page


def refuse(status: int) -> Response:
    """The response to an unknown path or a wrong method."""
    return wildfire_error(status, "Must use method POST" if status == 405 else "")


def _give_test_file(call: Call) -> Response:
    file = test_file(call.path["type"])
    if file is None:
        raise Refusal(wildfire_error(404))
    return attachment_response(file)


def _json(document: bytes) -> Response:
    return Response(200, document, [("Content-Type", "application/json")])
