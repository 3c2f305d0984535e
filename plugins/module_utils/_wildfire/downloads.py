# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that WildFire keeps about a sample or page: the sample, a packet capture, web artifacts; and the test files.

Sources: the vendor's "Get a Sample", "Get a Packet Capture", "Get URL Web Artifacts" and "Get a Malware Test File".

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence

from .._common.errors import ErrorContext, InvalidResponse
from .._common.urls import without_query
from .._transport.http import REPEATABLE, Call, HttpClient
from .client import Attachment, WildfireClient, anonymous, attachment
from .hosts import API
from .responses import check, classify

ARTIFACTS = ("screenshot", "download_files")
TEST_FILES = ("pe", "apk", "macos", "elf")
_ELSE = "If queries of verdicts fail the same way, check 'wildfire_url'."
_NO_SAMPLE = {
    403: "Check that the sample was submitted by your organization: WildFire does not give out all samples.",
    404: f"WildFire has no such sample, or does not keep it. {_ELSE}",
}
_NO_CAPTURE = {
    404: "Packet captures exist for malware only, for 90 days after the analysis, and only of some platforms: panw.cloud.wildfire_report_info "
    f"lists them. {_ELSE}"
}
_NO_ARTIFACTS = {404: f"WildFire has not analyzed this page, or is still analyzing it: submit it as a link. {_ELSE}"}
_NO_TEST_FILE = {404: "Check 'wildfire_url': it must be the URL of the API without the path /publicapi."}


@dataclasses.dataclass(frozen=True)
class Hash:
    """The hash of a sample.

    :param digest: in lower case.
    """

    digest: str

    @property
    def algorithm(self) -> str:
        """Its algorithm, in the words of hashlib."""
        return "sha256" if len(self.digest) == 64 else "md5"

    def is_of(self, content: bytes) -> bool:
        """Whether a content has this hash."""
        return hashlib.new(self.algorithm, content, usedforsecurity=False).hexdigest() == self.digest


def read_sample(client: WildfireClient, hash_: Hash) -> Attachment:
    """A sample, whose hash is verified. Costs one query.

    :raises NotFound: WildFire does not keep it. :raises InvalidResponse: it is a different file.
    """
    attempted = f"get the sample {hash_.digest}"
    found = client.fetch(attempted, "/get/sample", {"hash": hash_.digest}, _NO_SAMPLE)
    if not hash_.is_of(found.content):
        raise InvalidResponse(
            attempted, ErrorContext(reason="the file in the response does not have the requested hash")
        )
    return found


def read_capture(client: WildfireClient, hash_: Hash, platform: int | None) -> Attachment:
    """A packet capture of a sample. Costs one query.

    :param platform: the vendor's number of the environment, None for one that found malware.
    :raises NotFound: there is none.
    """
    form = {"hash": hash_.digest, **({} if platform is None else {"platform": str(platform)})}
    return client.fetch(f"get the packet capture of {hash_.digest}", "/get/pcap", form, _NO_CAPTURE)


def read_artifacts(client: WildfireClient, url: str, kinds: Sequence[str]) -> Attachment:
    """Artifacts of a web page, in a compressed archive. Costs one query.

    :param kinds: some of L(ARTIFACTS).
    :raises NotFound: there are none.
    """
    form = {"url": url, "types": ",".join(kinds)}
    return client.fetch(f"get the web artifacts of {without_query(url)}", "/get/webartifacts", form, _NO_ARTIFACTS)


def read_test_file(http: HttpClient, url: str, kind: str) -> Attachment:
    """A test file with a new hash, which WildFire classifies as malware. Costs nothing, and needs no credentials.

    :param url: the base URL. :param kind: one of L(TEST_FILES).
    :raises PanwCloudError: the request fails.
    """
    attempted = f"get a test file of type {kind}"
    call = Call(attempted, "GET", f"{url}{API}/test/{kind}", anonymous, None, {"Accept": "*/*"}, REPEATABLE)
    response, context = http.send(call, classify)
    check(attempted, response, context, http.scrubber, _NO_TEST_FILE)
    return attachment(attempted, response, context)
