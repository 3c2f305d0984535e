# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts, numbers and times in readable form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.plugin_utils._report.wording import (
    count,
    date,
    distance,
    moment,
    seconds,
    sentence,
    visible,
    wrapped,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (7, "7"),
        ("plain", "plain"),
        ("  two\n\twords\r\n", "two words"),
        ("اسم", "اسم"),
        ("gnp\u202eexe", r"gnp\u202eexe"),
        ("\u2066a\u2069\u200f", r"\u2066a\u2069\u200f"),
        ("\x1b[31mred\x00\x7f", r"\u001b[31mred\u0000\u007f"),
        ("half \ud800", r"half \ud800"),
        ("tag \U000e0041", r"tag \ue0041"),
        ("\ufeffmark", r"\ufeffmark"),
        ("</script>&\"'", "</script>&\"'"),  # the template escapes
    ],
)
def test_visible_escapes_control_characters(value: Any, expected: str) -> None:
    assert visible(value) == expected


def test_visible_cuts_long_text() -> None:
    assert visible("x" * 11, 10) == "x" * 9 + "…"
    assert visible("x" * 10, 10) == "x" * 10


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (0, "0 ms"),
        (0.0004, "0 ms"),
        (0.31, "310 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1.0 s"),
        (12.34, "12.3 s"),
        (59.96, "1 min 00 s"),
        (200, "3 min 20 s"),
        (3599.4, "59 min 59 s"),
        (3599.6, "1 h 00 min"),
        (7500, "2 h 05 min"),
    ],
)
def test_seconds_are_readable(value: float | None, expected: str) -> None:
    assert seconds(value) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, "in 0 min"),
        (5, "in 5 min"),
        (-5, "5 min ago"),
        (60, "in 1 h 00 min"),
        (185, "in 3 h 05 min"),
        (-48 * 60, "2 days ago"),
    ],
)
def test_distance_is_readable(minutes: int, expected: str) -> None:
    assert distance(timedelta(minutes=minutes)) == expected


@pytest.mark.parametrize(
    "value", [None, 7, "", "soon", "2026-05-19", "2026-05-19T08:00:00", "0001-01-01T00:00:00+14:00"]
)
def test_invalid_date_is_none(value: Any) -> None:
    assert moment(value) is None


@pytest.mark.parametrize("text", ["2026-05-19T08:00:00Z", "2026-05-19T10:00:00+02:00", "2026-05-19T08:00:00.9Z"])
def test_dates_are_shown_in_utc_to_the_second(text: str) -> None:
    assert date(moment(text)) == "2026-05-19 08:00:00"


def test_dates_sort_as_text() -> None:
    assert date(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01 00:00:00"
    assert date(None) == ""


@pytest.mark.parametrize(("number", "expected"), [(0, "0 targets"), (1, "1 target"), (10000, "10,000 targets")])
def test_count_is_readable(number: int, expected: str) -> None:
    assert count(number, "target") == expected
    assert count(number) == expected.split()[0]


@pytest.mark.parametrize(
    ("text", "expected"), [("", ""), ("no", "no."), ("no.", "no."), ("no!", "no!"), ("no …", "no …")]
)
def test_sentence_is_punctuated(text: str, expected: str) -> None:
    assert sentence(text) == expected


def test_text_for_terminals_is_wrapped_and_cut() -> None:
    assert wrapped("a short one") == ["a short one"]
    first, second = wrapped("word " * 40)
    assert (len(first) <= 79, len(second) <= 79) == (True, True)
    assert (second[:8], second[-2:]) == ("    word", " …")
    assert wrapped("") == []
