# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""WildFire verdicts of samples, by hash, and of web pages, by URL.

Sources: the vendor's "Get Multiple WildFire Verdicts" and "Get a List of Samples with Changed WildFire Appliance Verdicts", and pan-python.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from datetime import date
from xml.etree.ElementTree import Element

from .._common.errors import ErrorContext, InvalidInput, InvalidResponse
from .._common.urls import without_query
from .client import WildfireClient

VERDICTS = {
    0: "benign",
    1: "malware",
    2: "grayware",
    4: "phishing",
    5: "c2",
    -100: "pending",
    -101: "error",
    -102: "unknown",
    -103: "invalid_hash",
}
UNNAMED = "unnamed"
# If several files have the same MD5, the worst verdict counts.
_WORST_FIRST = (
    *("malware", "c2", "phishing", "grayware", UNNAMED),
    *("pending", "error", "unknown", "invalid_hash", "benign"),
)
LARGEST_BATCH = 500
DAYS_OF_CHANGES = 30
_HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}")
_FORM = "neither an MD5 (32 hexadecimal digits) nor a SHA-256 (64)"
_SHOWN = 5


@dataclasses.dataclass(frozen=True)
class Sample:
    """WildFire's verdict on one file.

    :param verdict: one of L(VERDICTS), or L(UNNAMED) for an undocumented code.
    :param sha256: of the file, None if missing in the response; C(md5) likewise.
    """

    verdict: str
    code: int
    sha256: str | None
    md5: str | None


@dataclasses.dataclass(frozen=True)
class Verdict(Sample):
    """The verdict for one hash: that of its only file, or the worst of several with the same MD5.

    :param hash: the requested hash. :param files: all files with the hash, in WildFire's order.
    """

    hash: str
    files: tuple[Sample, ...]


@dataclasses.dataclass(frozen=True)
class UrlVerdict:
    """WildFire's verdict on a web page.

    :param verdict: one of L(VERDICTS), or L(UNNAMED) for an undocumented code.
    """

    url: str
    verdict: str
    code: int


def check_hashes(hashes: Sequence[str]) -> list[str]:
    """The hashes in lower case. :raises InvalidInput: the list is empty, or an item is neither MD5 nor SHA-256."""
    if not hashes:
        raise InvalidInput("hashes", "is empty. Name at least one MD5 or SHA-256.")
    known = [text.strip().lower() for text in hashes]
    wrong = [
        f"{number} (length {len(digest)})" for number, digest in enumerate(known, 1) if not _HASH.fullmatch(digest)
    ]
    if wrong:
        more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise InvalidInput("hashes", f"has items that are {_FORM}: item {', '.join(wrong[:_SHOWN])}{more}.")
    return known


def check_hash(text: str) -> str:
    """The hash of the option C(hash) in lower case. :raises InvalidInput: it is neither MD5 nor SHA-256."""
    digest = text.strip().lower()
    if not _HASH.fullmatch(digest):
        raise InvalidInput("hash", f"is {_FORM}: its length is {len(digest)}.")
    return digest


def read_verdicts(client: WildfireClient, hashes: Sequence[str]) -> list[Verdict]:
    """One verdict for each hash, in the same order. Duplicates are queried once; a request with up to 500 hashes counts as one query.

    :param hashes: as returned by L(check_hashes).
    :raises PanwCloudError: a request fails, or a response lacks a hash.
    """
    once = list(dict.fromkeys(hashes))
    found: dict[str, list[Sample]] = {}
    for start in range(0, len(once), LARGEST_BATCH):
        found.update(_batch(client, once[start : start + LARGEST_BATCH]))
    return [_answer(digest, found[digest]) for digest in hashes]


def read_url_verdicts(client: WildfireClient, urls: Sequence[str]) -> list[UrlVerdict]:
    """One verdict for each URL, in the same order. Duplicates are queried once; each URL is one query, because the API has no batch for them.

    :raises PanwCloudError: a request fails, or a response has no verdict.
    """
    found = {url: _of_url(client, url) for url in dict.fromkeys(urls)}
    return [found[url] for url in urls]


def _of_url(client: WildfireClient, url: str) -> UrlVerdict:
    attempted = f"get the verdict of {without_query(url)}"
    response = client.ask(attempted, "/get/verdict", {"url": url})
    code = _code(attempted, response.findtext("get-verdict-info/verdict"))
    return UrlVerdict(url, VERDICTS.get(code, UNNAMED), code)


def read_changed_verdicts(client: WildfireClient, since: date) -> list[Sample]:
    """The samples whose verdict has changed since a day, with their new verdicts. Costs one query.

    :raises PanwCloudError: the request fails, or a verdict is not a number.
    """
    attempted = f"get the verdicts that changed since {since.isoformat()}"
    advice = {403: f"The day must be within the last {DAYS_OF_CHANGES} days, in UTC."}
    response = client.ask(attempted, "/get/verdicts/changed", {"date": since.isoformat()}, advice)
    return [_sample(attempted, entry) for entry in response.iter("get-verdict-info")]


def _answer(digest: str, files: Sequence[Sample]) -> Verdict:
    worst = min(files, key=lambda sample: _WORST_FIRST.index(sample.verdict))
    return Verdict(worst.verdict, worst.code, worst.sha256, worst.md5, digest, tuple(files))


def _batch(client: WildfireClient, hashes: Sequence[str]) -> dict[str, list[Sample]]:
    if len(hashes) == 1:
        attempted = f"get the verdict of {hashes[0]}"
        response = client.ask(attempted, "/get/verdict", {"hash": hashes[0]})
    else:
        attempted = f"get the verdicts of {len(hashes)} hashes"
        response = client.ask(attempted, "/get/verdicts", {"file": ("hashes.txt", "\n".join(hashes) + "\n")})
    found: dict[str, list[Sample]] = {digest: [] for digest in hashes}
    for entry in response.iter("get-verdict-info"):
        sample = _sample(attempted, entry)
        for digest in {sample.sha256, sample.md5} & found.keys():
            found[digest or ""].append(sample)
    missing = [digest for digest, files in found.items() if not files]
    if missing:
        raise InvalidResponse(
            attempted, ErrorContext(reason=f"the response has no verdict for {', '.join(missing[:_SHOWN])}")
        )
    return found


def _sample(attempted: str, entry: Element) -> Sample:
    sha256, md5, text = (_text(entry, tag) for tag in ("sha256", "md5", "verdict"))
    code = _code(attempted, text)
    return Sample(VERDICTS.get(code, UNNAMED), code, sha256, md5)


def _code(attempted: str, text: str | None) -> int:
    try:
        return int(text or "")
    except ValueError:
        raise InvalidResponse(attempted, ErrorContext(reason="a verdict is not a number")) from None


def _text(entry: Element, tag: str) -> str | None:
    return (entry.findtext(tag) or "").strip().lower() or None
