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
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from .._errors import Evidence, InvalidInput, MalformedAnswer
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
LARGEST_BATCH = 500
_HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}")
_SHOWN = 5


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What WildFire says about one sample.

    :param hash: what was asked for. :param verdict: one of L(VERDICTS), or L(UNNAMED) for a code that is not documented.
    :param sha256: of the sample; samples that share an MD5 have a verdict each. None where WildFire does not tell; C(md5) likewise.
    """

    hash: str
    verdict: str
    code: int
    sha256: str | None
    md5: str | None


def check_hashes(hashes: Sequence[str]) -> list[str]:
    """The hashes in small letters, each once. :raises InvalidInput: there is none, or one is neither MD5 nor SHA-256."""
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
    return list(dict.fromkeys(known))


def read_verdicts(client: WildfireClient, hashes: Sequence[str]) -> list[Verdict]:
    """The verdicts in the order of the hashes. Each request, of up to 500 hashes, counts as one query.

    :param hashes: as L(check_hashes) gives them.
    :raises PanwCloudError: a request fails, or an answer lacks a hash.
    """
    batches = [hashes[start : start + LARGEST_BATCH] for start in range(0, len(hashes), LARGEST_BATCH)]
    return [verdict for batch in batches for verdict in _batch(client, batch)]


def _batch(client: WildfireClient, hashes: Sequence[str]) -> list[Verdict]:
    if len(hashes) == 1:
        attempted = f"get the verdict of {hashes[0]}"
        answer = client.ask(attempted, "/get/verdict", {"hash": hashes[0]})
    else:
        attempted = f"get the verdicts of {len(hashes)} hashes"
        answer = client.ask(attempted, "/get/verdicts", {"file": ("hashes.txt", "\n".join(hashes) + "\n")})
    found: dict[str, list[Verdict]] = {digest: [] for digest in hashes}
    for entry in answer.iter("get-verdict-info"):
        for verdict in _of_entry(attempted, entry, found):
            found[verdict.hash].append(verdict)
    missing = [digest for digest, verdicts in found.items() if not verdicts]
    if missing:
        raise MalformedAnswer(
            attempted, Evidence(reason=f"the answer has no verdict for {', '.join(missing[:_SHOWN])}")
        )
    return [verdict for verdicts in found.values() for verdict in verdicts]


def _of_entry(attempted: str, entry: Element, asked: dict[str, list[Verdict]]) -> Iterator[Verdict]:
    """The entry as the answer to what was asked for: its SHA-256, its MD5 or both."""
    sha256, md5, text = (_text(entry, tag) for tag in ("sha256", "md5", "verdict"))
    try:
        code = int(text or "")
    except ValueError:
        raise MalformedAnswer(attempted, Evidence(reason="a verdict is no number")) from None
    for digest in {sha256, md5} & asked.keys():
        yield Verdict(digest or "", VERDICTS.get(code, UNNAMED), code, sha256, md5)


def _text(entry: Element, tag: str) -> str | None:
    return (entry.findtext(tag) or "").strip().lower() or None
