# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options before and after, as texts that go, come and stay."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.plugin_utils._rulestack_report.differences import (
    MOST,
    Difference,
    differences,
    singular,
    words,
)


def only(before: Any, after: Any) -> Difference:
    (found,) = differences({"option": before}, {"option": after})
    return found


@pytest.mark.parametrize(
    ("before", "after", "removed", "added", "kept"),
    [
        ("Allow", "DenySilent", ("Allow",), ("DenySilent",), ()),
        ("Allow", "Allow", (), (), ("Allow",)),
        (True, False, ("yes",), ("no",), ()),
        (None, 0, (), ("0",), ()),
        ("a\x1b[2J\n b", None, (r"a\u001b[2J b",), (), ()),
        (["a", "b", "c"], ["c", "d", "a"], ("b",), ("d",), ("c", "a")),
        ([], ["any"], (), ("any",), ()),
        ([{"port": 1, "names": ["a", "b"]}], [], ("port 1, names a+b",), (), ()),
    ],
)
def test_value_has_what_goes_comes_and_stays(
    before: Any, after: Any, removed: tuple[str, ...], added: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    assert only(before, after) == Difference("option", removed, added, kept)


def test_suboptions_are_compared_apart_and_empty_ones_left_out() -> None:
    before = {"source": {"cidrs": ["any"], "feeds": []}, "profiles": {"anti_virus": "Custom"}, "tags": {}}
    after = {"source": {"prefix_lists": ["branches"]}, "profiles": {"anti_virus": "BestPractice"}, "description": ""}
    assert differences(before, after, plain=["cidrs"], inside="source") == [
        Difference("prefix lists", added=("branches",)),
        Difference("profiles anti virus", ("Custom",), ("BestPractice",)),
        Difference("", removed=("any",)),
    ]


def test_long_lists_are_cut_and_what_is_left_out_is_counted() -> None:
    found = only([f"10.0.{number}.0/24" for number in range(100)], ["10.0.0.0/24", *map(str, range(1, 51))])
    assert (len(found.removed), len(found.added), len(found.kept)) == (MOST, MOST, 1)
    assert found.hidden == (99 - MOST) + (50 - MOST)


@pytest.mark.parametrize(
    ("name", "expected", "one"),
    [
        ("prefix_lists", "prefix lists", "prefix list"),
        ("fqdn_lists", "FQDN lists", "FQDN list"),
        ("custom_url_categories", "custom URL categories", "custom URL category"),
        ("file_blocking", "file blocking", "file blocking"),
        ("rulestack", "rulestack", "rulestack"),
        ("<b>\x00", r"<b>\u0000", r"<b>\u0000"),
    ],
)
def test_names_are_words(name: str, expected: str, one: str) -> None:
    assert (words(name), singular(name)) == (expected, one)
