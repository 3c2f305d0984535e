# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Latencies without what a busy processor adds, and the time that requests wait for a turn."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._transport.latencies import Latencies


def test_latency_is_the_least_of_each_kind_on_average() -> None:
    made = Latencies()
    for kind, seconds in (("read", 0.9), ("read", 0.03), ("read", 0.05), ("issue", 0.2)):
        made.note(kind, seconds)
    assert made.count == 4
    assert made.least == pytest.approx((3 * 0.03 + 0.2) / 4)


def test_waiting_is_a_part_of_the_time_since_the_last_call() -> None:
    made = Latencies()
    for seconds in (0.1, 0.3):
        made.wait(0.3)
        made.note("read", seconds)
    assert made.waiting() == pytest.approx(0.6)
    made.note("read", 0.1)
    assert made.waiting() == 0


def test_without_requests_nothing_is_known() -> None:
    made = Latencies()
    assert (made.count, made.least, made.waiting()) == (0, 0, 0)
