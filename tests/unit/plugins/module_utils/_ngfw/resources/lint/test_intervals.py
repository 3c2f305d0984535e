# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ranges of integers agree with Python's sets."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.lint.intervals import (
    complement,
    ranges,
    within,
)
from hypothesis import given
from hypothesis import strategies as st

LAST = 9
PAIRS = st.lists(st.tuples(st.integers(0, LAST), st.integers(0, LAST)).map(lambda pair: (min(pair), max(pair))))


def members(pairs: Iterable[tuple[int, int]]) -> set[int]:
    return {number for first, last in pairs for number in range(first, last + 1)}


@given(PAIRS)
def test_ranges_are_sorted_and_apart(pairs: list[tuple[int, int]]) -> None:
    found = ranges(pairs)
    assert members(found) == members(pairs)
    assert all(left[1] + 1 < right[0] for left, right in itertools.pairwise(found))


@given(PAIRS)
def test_complement_has_all_others(pairs: list[tuple[int, int]]) -> None:
    found = complement(ranges(pairs), LAST)
    assert members(found) == set(range(LAST + 1)) - members(pairs)
    assert found == ranges(found)


@given(PAIRS, PAIRS)
def test_within_is_subset(inner: list[tuple[int, int]], outer: list[tuple[int, int]]) -> None:
    assert within(ranges(inner), ranges(outer)) == (members(inner) <= members(outer))
