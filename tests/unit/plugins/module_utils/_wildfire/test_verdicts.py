# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verdicts for hashes and URLs, and changed verdicts."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput, InvalidResponse
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.errors import NotPermitted, QuotaExceeded
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.verdicts import (
    Sample,
    UrlVerdict,
    Verdict,
    check_hashes,
    read_changed_verdicts,
    read_url_verdicts,
    read_verdicts,
)
from ansible_collections.panw.cloud.tests.helpers.factories import (
    entry,
    form,
    legacy,
    refusal,
    wildfire,
)
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply, Server

MALWARE, OTHER = (hashlib.sha256(word).hexdigest() for word in (b"malware", b"other"))
MD5 = hashlib.md5(b"", usedforsecurity=False).hexdigest()
DOCUMENTED = [
    (0, "benign"),
    (1, "malware"),
    (2, "grayware"),
    (4, "phishing"),
    (5, "c2"),
    (-100, "pending"),
    (-101, "error"),
    (-102, "unknown"),
    (-103, "invalid_hash"),
    (-104, "unnamed"),
]


def response(request: Any) -> Reply:
    """Verdict -102 for all requested hashes."""
    fields = form(request)
    digests = fields["file"].split() if "file" in fields else [fields["hash"]]
    return wildfire(*(entry(-102, *((digest, "") if len(digest) == 64 else ("", digest))) for digest in digests))


@pytest.mark.parametrize(("code", "name"), DOCUMENTED)
def test_verdict_code_is_named(code: int, name: str) -> None:
    (found,) = read_verdicts(legacy(Server(wildfire(entry(code, MALWARE)))), [MALWARE])
    assert found == Verdict(name, code, MALWARE, None, MALWARE, (Sample(name, code, MALWARE, None),))


def test_single_hash_uses_single_query() -> None:
    server = Server(handler=response)
    read_verdicts(legacy(server), [MALWARE])
    assert server.calls == ["POST /publicapi/get/verdict"]


@pytest.mark.parametrize(
    ("codes", "worst"),
    [([0, 1], 1), ([1, 5], 1), ([4, 5], 5), ([2, 4], 4), ([0, 2], 2), ([0, -102], -102), ([-100, 2], 2), ([0, 7], 7)],
)
def test_several_files_of_one_md5_yield_one_result(codes: list[int], worst: int) -> None:
    """As the real service returns for the empty file. The result has the worst verdict, in any order, and lists all."""
    digests = [MALWARE, OTHER]
    for some in (codes, codes[::-1]):
        entries = [entry(code, digest, MD5) for code, digest in zip(some, digests, strict=True)]
        (found,) = read_verdicts(legacy(Server(wildfire(*entries))), [MD5])
        assert (found.hash, found.code, found.sha256, found.md5) == (MD5, worst, digests[some.index(worst)], MD5)
        assert [(file.code, file.sha256) for file in found.files] == list(zip(some, digests, strict=True))


def test_duplicate_hash_is_sent_once_and_returned_twice() -> None:
    server = Server(wildfire(entry(1, MALWARE, MD5), entry(0, OTHER, MD5)))
    found = read_verdicts(legacy(server), check_hashes([MD5, MALWARE, MD5.upper(), OTHER, MALWARE]))
    assert [(one.hash, one.verdict) for one in found] == [
        (MD5, "malware"),
        (MALWARE, "malware"),
        (MD5, "malware"),
        (OTHER, "benign"),
        (MALWARE, "malware"),
    ]
    assert form(server.requests[0])["file"].split() == [MD5, MALWARE, OTHER]


def test_results_keep_order_of_hashes() -> None:
    server = Server(wildfire(entry(1, MALWARE), entry(0, OTHER), entry(4, "f" * 64, MD5)))
    found = read_verdicts(legacy(server), [MD5, OTHER, MALWARE])
    assert [(one.hash, one.verdict) for one in found] == [(MD5, "phishing"), (OTHER, "benign"), (MALWARE, "malware")]


def test_sample_with_both_hashes_is_returned_for_each() -> None:
    server = Server(wildfire(entry(1, MALWARE, MD5)))
    assert [one.hash for one in read_verdicts(legacy(server), [MD5, MALWARE])] == [MD5, MALWARE]


def test_batches_have_500_hashes() -> None:
    digests = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(1001)]
    server = Server(handler=response)
    assert [one.hash for one in read_verdicts(legacy(server), digests)] == digests
    assert [len(form(request).get("file", "").split()) for request in server.requests] == [500, 500, 0]
    assert form(server.requests[2])["hash"] == digests[1000]


def test_response_without_a_hash_raises_error() -> None:
    with pytest.raises(InvalidResponse, match=f"no verdict for {OTHER}"):
        read_verdicts(legacy(Server(wildfire(entry(1, MALWARE)))), [MALWARE, OTHER])


@pytest.mark.parametrize("text", ["", "benign", "1.5"])
def test_verdict_not_a_number_raises_error(text: str) -> None:
    body = entry(1, MALWARE).replace("<verdict>1<", f"<verdict>{text}<")
    with pytest.raises(InvalidResponse, match="is not a number"):
        read_verdicts(legacy(Server(wildfire(body))), [MALWARE])


def test_exhausted_quota_is_not_retried() -> None:
    server = Server(refusal(419, "Quota Exceeded"))
    with pytest.raises(QuotaExceeded, match="00:00 UTC"):
        read_verdicts(legacy(server), [MALWARE])
    assert len(server.requests) == 1


def test_hashes_are_lowercased() -> None:
    assert check_hashes([MALWARE.upper(), f" {MD5}\n", MALWARE]) == [MALWARE, MD5, MALWARE]


@pytest.mark.parametrize("wrong", ["", "x", MALWARE[:40], MALWARE + "0", "g" * 32, f"{MD5} {MD5}"])
def test_malformed_hashes_are_named_by_position(wrong: str) -> None:
    with pytest.raises(InvalidInput, match=r"neither an MD5 .* nor a SHA-256") as caught:
        check_hashes([MALWARE, wrong, MD5])
    assert f"item 2 (length {len(wrong)})." in str(caught.value)


def test_many_malformed_hashes_are_counted() -> None:
    with pytest.raises(InvalidInput) as caught:
        check_hashes(["x"] * 7)
    assert str(caught.value).endswith("5 (length 1) and 2 more.")


def test_empty_list_is_rejected() -> None:
    with pytest.raises(InvalidInput, match="'hashes' is empty"):
        check_hashes([])


def test_each_url_is_one_query() -> None:
    server = Server(wildfire("<get-verdict-info><url>x</url><verdict>4</verdict></get-verdict-info>"))
    found = read_url_verdicts(legacy(server), ["https://a", "https://b", "https://a"])
    assert found == [UrlVerdict(url, "phishing", 4) for url in ("https://a", "https://b", "https://a")]
    assert [form(request)["url"] for request in server.requests] == ["https://a", "https://b"]


def test_query_of_a_url_is_not_shown() -> None:
    with pytest.raises(InvalidResponse, match=r"get the verdict of https://a/b: .*not a number") as caught:
        read_url_verdicts(legacy(Server(wildfire())), ["https://a/b?password=x"])
    assert "password" not in str(caught.value)


def test_changed_verdicts_are_listed() -> None:
    server = Server(wildfire(entry(0, MALWARE, MD5), entry(1, OTHER)))
    found = read_changed_verdicts(legacy(server), date(2026, 5, 1))
    assert found == [Sample("benign", 0, MALWARE, MD5), Sample("malware", 1, OTHER, None)]
    assert form(server.requests[0])["date"] == "2026-05-01"
    assert read_changed_verdicts(legacy(Server(wildfire())), date(2026, 5, 1)) == []
    with pytest.raises(NotPermitted, match="within the last 30 days"):
        read_changed_verdicts(legacy(Server(refusal(403, "Invalid Date"))), date(2026, 1, 1))
