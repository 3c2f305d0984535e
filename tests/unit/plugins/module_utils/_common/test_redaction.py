# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret stays in a text, whatever form it takes there."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import (
    LONGEST_TEXT,
    MASK,
    Scrubber,
    fingerprint,
)
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN

SESSION = "FwoGZXIvYXdzEBYaD//session+token/=="


def test_fingerprint() -> None:
    assert fingerprint(TOKEN) == hashlib.sha256(TOKEN.encode()).hexdigest()[:12]


@pytest.mark.parametrize("secret", [KEY, SESSION, TOKEN, "pass word&more", "geheim-ü"])
@pytest.mark.parametrize(
    "form",
    [str, quote, lambda secret: quote(secret, safe=""), lambda secret: f"b'{secret}'", lambda secret: f"x{secret}y"],
    ids=["plain", "path", "query", "repr", "embedded"],
)
def test_learnt_secret_is_masked(secret: str, form: object) -> None:
    assert callable(form)
    cleaned = Scrubber(secret).clean(f"before {form(secret)} after")
    assert secret not in cleaned
    assert quote(secret, safe="") not in cleaned
    assert MASK in cleaned


def test_secret_with_white_space_around_it_is_masked_without_it_too() -> None:
    """A key read from a file ends with a newline, which an error's text shows as an escape."""
    scrubber = Scrubber(f" {SESSION}\n")
    assert SESSION not in scrubber.clean(repr(f"{SESSION}\n".encode()))


@pytest.mark.parametrize("case", ["%2f", "%2F"])
def test_percent_encoding_in_either_case(case: str) -> None:
    assert "secret" not in Scrubber("sec/secret").clean(f"path sec{case}secret here")


@pytest.mark.parametrize("secret", [None, "", "abc"])
def test_what_is_too_short_to_be_a_secret_is_not_learnt(secret: str | None) -> None:
    assert Scrubber(secret).clean("abc def") == "abc def"


def test_longer_secret_first() -> None:
    assert Scrubber("abcd", "abcdefgh").clean("abcdefgh") == MASK


def test_unknown_token_is_masked() -> None:
    assert Scrubber().clean(f"path /v1/mgmt/tokens/{TOKEN}.") == f"path /v1/mgmt/tokens/{MASK}."


@pytest.mark.parametrize(
    "text",
    [
        '{"TokenId": "s3cr3t", "x": 1}',
        "{'SubscriptionKey': 's3cr3t'}",
        '"SecretAccessKey":"s3cr3t"',
        "X-Amz-Security-Token: s3cr3t",
        "x-api-key=s3cr3t",
        "authorization : s3cr3t",
        "SessionToken=s3cr3t&y=1",
        '{"client_id": "a@b", "client_secret": "s3cr3t',
        '{"access_token":"s3cr3t"}',
        '{"extra": {"wildfire_api_key": "s3cr3t"}}',
        '{"apiKey": "s3cr3t"}',
    ],
)
def test_value_with_a_telling_label_is_masked(text: str) -> None:
    assert "s3cr3t" not in Scrubber().clean(text)


def test_text_is_one_line_of_bounded_length() -> None:
    assert Scrubber().clean(" a\n b\t\r\n c ") == "a b c"
    cleaned = Scrubber().clean("word " * 1000)
    assert len(cleaned) == LONGEST_TEXT + 2
    assert cleaned.endswith(" …")


def test_secret_is_masked_before_the_text_is_cut() -> None:
    text = "x " * (LONGEST_TEXT // 2 - 20) + TOKEN
    assert TOKEN[:20] not in Scrubber(TOKEN).clean(text)


@pytest.mark.parametrize("text", ["a" * 2_000_000, "a" * 1_000_000 + "." + "b" * 1_000_000, "authorization " * 100_000])
def test_hostile_text_takes_no_time_to_speak_of(text: str) -> None:
    """With an expression of quadratic cost this test would run for hours."""
    assert len(Scrubber(TOKEN).clean(text)) <= LONGEST_TEXT + 2


def test_mask_stays_a_mask() -> None:
    once = Scrubber(TOKEN).clean(f"Authorization: {TOKEN}")
    assert Scrubber(TOKEN).clean(once) == once == f"Authorization: {MASK}"
