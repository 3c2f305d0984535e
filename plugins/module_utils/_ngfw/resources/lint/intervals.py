# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sets of integers as sorted ranges that neither overlap nor touch.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

Ranges = tuple[tuple[int, int], ...]
"""Pairs of the first and the last integer."""


def ranges(pairs: Iterable[tuple[int, int]]) -> Ranges:
    """The union of ranges that may overlap, in any order."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(pairs):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def complement(of: Ranges, last: int) -> Ranges:
    """The integers from 0 to C(last) that a set lacks."""
    starts = [0, *(end + 1 for _start, end in of)]
    ends = [*(start - 1 for start, _end in of), last]
    return tuple((start, end) for start, end in zip(starts, ends) if start <= end)


def within(inner: Ranges, outer: Ranges) -> bool:
    """Whether a set is a subset of another one."""
    for first, last in inner:
        index = bisect_left(outer, (first + 1, 0)) - 1  # the last range that starts at or before it
        if index < 0 or outer[index][1] < last:
            return False
    return True
