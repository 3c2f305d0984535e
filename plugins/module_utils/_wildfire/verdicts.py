# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Verdicts of WildFire about samples, by their hashes.

Source of the codes and of the batch's size: the vendor's "Get Multiple WildFire Verdicts", and pan-python.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from .._common.errors import Evidence, InvalidInput, MalformedAnswer
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
# If several files have one MD5, the worst is what the reader has to know.
_WORST_FIRST = (
    *("malware", "c2", "phishing", "grayware", UNNAMED),
    *("pending", "error", "unknown", "invalid_hash", "benign"),
)
LARGEST_BATCH = 500
_HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}")
_SHOWN = 5


@dataclasses.dataclass(frozen=True)
class Sample:
    """What WildFire says about one file.

    :param verdict: one of L(VERDICTS), or L(UNNAMED) for a code that is not documented.
    :param sha256: of the file, None where WildFire does not tell; C(md5) likewise.
    """

    verdict: str
    code: int
    sha256: str | None
    md5: str | None


@dataclasses.dataclass(frozen=True)
class Verdict(Sample):
    """The answer for one hash: that of its only file, or of the worst of several with the same MD5.

    :param hash: what was asked for. :param files: all that have the hash, in WildFire's order.
    """

    hash: str
    files: tuple[Sample, ...]


def check_hashes(hashes: Sequence[str]) -> list[str]:
    """The hashes in small letters. :raises InvalidInput: there is none, or one is neither MD5 nor SHA-256."""
    if not hashes:
        raise InvalidInput("hashes", "is empty. Name at least one MD5 or SHA-256.")
    known = [text.strip().lower() for text in hashes]
    wrong = [
        f"{number} (length {len(digest)})" for number, digest in enumerate(known, 1) if not _HASH.fullmatch(digest)
    ]
    if wrong:
        more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise InvalidInput(
            "hashes",
            f"holds what is neither an MD5 (32 hexadecimal digits) nor a SHA-256 (64): item {', '.join(wrong[:_SHOWN])}{more}.",
        )
    return known


def read_verdicts(client: WildfireClient, hashes: Sequence[str]) -> list[Verdict]:
    """One verdict for each hash, in their order. Each is asked for once; a request, of up to 500, counts as one query.

    :param hashes: as L(check_hashes) gives them.
    :raises PanwCloudError: a request fails, or an answer lacks a hash.
    """
    once = list(dict.fromkeys(hashes))
    found: dict[str, list[Sample]] = {}
    for start in range(0, len(once), LARGEST_BATCH):
        found.update(_batch(client, once[start : start + LARGEST_BATCH]))
    return [_answer(digest, found[digest]) for digest in hashes]


def _answer(digest: str, files: Sequence[Sample]) -> Verdict:
    worst = min(files, key=lambda sample: _WORST_FIRST.index(sample.verdict))
    return Verdict(worst.verdict, worst.code, worst.sha256, worst.md5, digest, tuple(files))


def _batch(client: WildfireClient, hashes: Sequence[str]) -> dict[str, list[Sample]]:
    if len(hashes) == 1:
        attempted = f"get the verdict of {hashes[0]}"
        answer = client.ask(attempted, "/get/verdict", {"hash": hashes[0]})
    else:
        attempted = f"get the verdicts of {len(hashes)} hashes"
        answer = client.ask(attempted, "/get/verdicts", {"file": ("hashes.txt", "\n".join(hashes) + "\n")})
    found: dict[str, list[Sample]] = {digest: [] for digest in hashes}
    for entry in answer.iter("get-verdict-info"):
        sample = _sample(attempted, entry)
        for digest in {sample.sha256, sample.md5} & found.keys():
            found[digest or ""].append(sample)
    missing = [digest for digest, files in found.items() if not files]
    if missing:
        raise MalformedAnswer(
            attempted, Evidence(reason=f"the answer has no verdict for {', '.join(missing[:_SHOWN])}")
        )
    return found


def _sample(attempted: str, entry: Element) -> Sample:
    sha256, md5, text = (_text(entry, tag) for tag in ("sha256", "md5", "verdict"))
    try:
        code = int(text or "")
    except ValueError:
        raise MalformedAnswer(attempted, Evidence(reason="a verdict is no number")) from None
    return Sample(VERDICTS.get(code, UNNAMED), code, sha256, md5)


def _text(entry: Element, tag: str) -> str | None:
    return (entry.findtext(tag) or "").strip().lower() or None
