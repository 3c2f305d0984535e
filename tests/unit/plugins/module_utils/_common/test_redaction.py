# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are masked in every text, in every encoding."""

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


def test_fingerprint_of_secret_is_stable() -> None:
    assert fingerprint(TOKEN) == hashlib.sha256(TOKEN.encode()).hexdigest()[:12]


@pytest.mark.parametrize("secret", [KEY, SESSION, TOKEN, "pass word&more", "geheim-ü"])
@pytest.mark.parametrize(
    "form",
    [str, quote, lambda secret: quote(secret, safe=""), lambda secret: f"b'{secret}'", lambda secret: f"x{secret}y"],
    ids=["plain", "path", "query", "repr", "embedded"],
)
def test_known_secret_is_masked_in_any_encoding(secret: str, form: object) -> None:
    assert callable(form)
    cleaned = Scrubber(secret).clean(f"before {form(secret)} after")
    assert secret not in cleaned
    assert quote(secret, safe="") not in cleaned
    assert MASK in cleaned


def test_known_secret_with_whitespace_is_also_masked_stripped() -> None:
    """A key read from a file ends with a newline, which an error text shows as an escape sequence."""
    scrubber = Scrubber(f" {SESSION}\n")
    assert SESSION not in scrubber.clean(repr(f"{SESSION}\n".encode()))


def test_secret_learned_after_a_text_is_masked_in_the_next_one() -> None:
    scrubber = Scrubber(KEY)
    assert scrubber.clean(f"{KEY} {TOKEN[:9]}") == f"{MASK} {TOKEN[:9]}"
    scrubber.learn(TOKEN[:9])
    assert scrubber.clean(f"{KEY} {TOKEN[:9]}") == f"{MASK} {MASK}"


@pytest.mark.parametrize("case", ["%2f", "%2F"])
def test_percent_encoding_is_masked_in_either_case(case: str) -> None:
    assert "secret" not in Scrubber("sec/secret").clean(f"path sec{case}secret here")


@pytest.mark.parametrize("secret", [None, "", "abc"])
def test_short_secret_is_not_masked(secret: str | None) -> None:
    assert Scrubber(secret).clean("abc def") == "abc def"


def test_overlapping_secrets_mask_longest_first() -> None:
    assert Scrubber("abcd", "abcdefgh").clean("abcdefgh") == MASK


def test_unknown_token_is_masked_by_pattern() -> None:
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
def test_value_with_secret_label_is_masked(text: str) -> None:
    assert "s3cr3t" not in Scrubber().clean(text)


def test_text_is_one_line_of_limited_length() -> None:
    assert Scrubber().clean(" a\n b\t\r\n c ") == "a b c"
    cleaned = Scrubber().clean("word " * 1000)
    assert len(cleaned) == LONGEST_TEXT + 2
    assert cleaned.endswith(" …")


def test_secret_is_masked_before_text_is_cut() -> None:
    text = "x " * (LONGEST_TEXT // 2 - 20) + TOKEN
    assert TOKEN[:20] not in Scrubber(TOKEN).clean(text)


@pytest.mark.parametrize("text", ["a" * 2_000_000, "a" * 1_000_000 + "." + "b" * 1_000_000, "authorization " * 100_000])
def test_hostile_text_is_masked_in_linear_time(text: str) -> None:
    """An expression of quadratic cost would run for hours."""
    assert len(Scrubber(TOKEN).clean(text)) <= LONGEST_TEXT + 2


def test_mask_is_not_masked_again() -> None:
    once = Scrubber(TOKEN).clean(f"Authorization: {TOKEN}")
    assert Scrubber(TOKEN).clean(once) == once == f"Authorization: {MASK}"
