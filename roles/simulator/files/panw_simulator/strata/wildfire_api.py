# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The WildFire public API: forms in, XML out.

Source of the error texts: the vendor's error codes and pan-python's tests, which were recorded against the real service.
"""

from __future__ import annotations

from collections.abc import Callable
from xml.sax.saxutils import escape

from ..messages import Request, Response
from .access_tokens import AccessTokens
from .forms import Form, read_form
from .keys import Key, Keys, LegacyKey
from .oauth_api import bearer
from .responses import Refusal, wildfire_error, xml_response
from .samples import HASH, INVALID, MALWARE, TEST_FILES, UNKNOWN, Sample, Samples, test_file
from .service import Call, Operation
from .service_accounts import ServiceAccounts

BASE = "/publicapi"
MAX_HASHES = 500


class WildfireApi:
    """Handlers of the public API."""

    def __init__(self, keys: Keys, samples: Samples, tokens: AccessTokens, accounts: ServiceAccounts) -> None:
        self._keys = keys
        self._samples = samples
        self._tokens = tokens
        self._accounts = accounts

    def operations(self) -> list[Operation]:
        """The operations with their handlers. Only test files need neither a key nor POST."""
        return [
            self._charged(f"{BASE}/get/verdict", "queries", self.verdict),
            self._charged(f"{BASE}/get/verdicts", "queries", self.verdicts),
            self._charged(f"{BASE}/get/report", "queries", self.report),
            self._charged(f"{BASE}/submit/file", "uploads", self.submit),
            Operation("GET", f"{BASE}/test/{{type}}", _give_test_file),
            Operation("POST", f"{BASE}/test/{{type}}", _give_test_file),
        ]

    def _charged(self, template: str, kind: str, handler: Callable[[Form], Response]) -> Operation:
        """An operation that requires a key; success counts against its daily limit."""

        def charged(call: Call) -> Response:
            form = read_form(call.request)
            key = self._key(call.request, form)
            if not self._keys.remaining(key, kind):
                raise Refusal(wildfire_error(419))
            response = handler(form)
            self._keys.spend(key, kind)
            return response

        return Operation("POST", template, charged)

    def _key(self, request: Request, form: Form) -> Key | LegacyKey:
        """The key of the access token's account, or the one in the form."""
        if request.headers.get("Authorization") is None:
            key = self._keys.of_text(form.text("apikey") or "", form.text("agent") or "")
        else:
            key = self._bound_key(bearer(request) or "")
        if key is None:
            raise Refusal(wildfire_error(401))
        return key

    def _bound_key(self, text: str) -> Key | None:
        token = self._tokens.find(text)
        if token is None or self._tokens.expired(token) or self._accounts.find(token.client_id) is None:
            return None
        return self._keys.of_account(token.client_id, token.tsg_id)

    def verdict(self, form: Form) -> Response:
        """The verdict for a hash; several entries if samples share an MD5. All URLs are unknown."""
        url = form.text("url")
        if url:
            return _wildfire(
                f"<get-verdict-info><url>{_text(url)}</url><verdict>{UNKNOWN}</verdict></get-verdict-info>"
            )
        digest = form.text("hash")
        if digest is None:
            raise Refusal(wildfire_error(420, "Missing required field"))
        if not HASH.fullmatch(digest.lower()):
            raise Refusal(wildfire_error(421, "invalid hash value"))
        return _wildfire(*self._entries(digest.lower()))

    def verdicts(self, form: Form) -> Response:
        """Verdicts for a file of hashes, one per line, in the order of the file."""
        text = form.text("file")
        if text is None:
            raise Refusal(wildfire_error(420, "Missing required field file"))
        digests = [line.strip().lower() for line in text.splitlines() if line.strip()]
        if not digests:
            raise Refusal(wildfire_error(422))
        if len(digests) > MAX_HASHES:
            raise Refusal(wildfire_error(413, f"Only {MAX_HASHES} entries are allowed for each file"))
        return _wildfire(*(entry for digest in digests for entry in self._entries(digest)))

    def _entries(self, digest: str) -> list[str]:
        if not HASH.fullmatch(digest):
            return [_entry(digest, "", INVALID)]
        known = [_entry(sample.sha256, sample.md5, sample.verdict) for sample in self._samples.find(digest)]
        pair = (digest, "") if len(digest) == 64 else ("", digest)
        return known or [_entry(*pair, UNKNOWN)]

    def report(self, form: Form) -> Response:
        """The analysis report of a sample, reduced to its identifying fields."""
        digest = form.text("hash")
        if digest is None:
            raise Refusal(wildfire_error(420, "Missing required field"))
        if not HASH.fullmatch(digest.lower()) or form.text("format") not in (None, "xml"):
            raise Refusal(wildfire_error(421))
        found = [sample for sample in self._samples.find(digest.lower()) if sample.verdict >= 0]
        if not found:
            raise Refusal(wildfire_error(404))
        malware = "yes" if found[0].verdict == MALWARE else "no"
        facts = f"<malware>{malware}</malware>{_facts(found[0])}"
        return _wildfire(f"<version>2.0</version><file_info>{facts}</file_info><task_info/>")

    def submit(self, form: Form) -> Response:
        """Accept a file; its verdict is available immediately."""
        content = form.fields.get("file")
        if content is None:
            raise Refusal(wildfire_error(420, "Missing required field file"))
        sample = self._samples.add(content)
        name = f"<filename>{_text(form.filenames.get('file', ''))}</filename>"
        return _wildfire(f"<upload-file-info><url/>{name}{_facts(sample)}</upload-file-info>")


def refuse(status: int) -> Response:
    """The response to an unknown path or a wrong method."""
    return wildfire_error(status, "Must use method POST" if status == 405 else "")


def _give_test_file(call: Call) -> Response:
    name = TEST_FILES.get(call.path["type"])
    if name is None:
        raise Refusal(wildfire_error(404))
    disposition = ("Content-Disposition", f'attachment; filename="{name}"')
    return Response(200, test_file(), [("Content-Type", "application/octet-stream"), disposition])


def _wildfire(*parts: str) -> Response:
    return xml_response(200, f"<wildfire>{''.join(parts)}</wildfire>")


def _text(value: str) -> str:
    """Text for an element, without characters that XML does not allow."""
    return escape("".join(character for character in value if character.isprintable()))


def _entry(sha256: str, md5: str, verdict: int) -> str:
    known = f"<sha256>{_text(sha256)}</sha256><verdict>{verdict}</verdict><md5>{md5}</md5>"
    return f"<get-verdict-info>{known}</get-verdict-info>"


def _facts(sample: Sample) -> str:
    kind = f"<size>{sample.size}</size><filetype>{_text(sample.filetype)}</filetype>"
    return f"<sha256>{sample.sha256}</sha256><md5>{sample.md5}</md5>{kind}"
