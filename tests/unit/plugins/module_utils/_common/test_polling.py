# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Polling until a condition holds."""

from __future__ import annotations

from ansible_collections.panw.cloud.plugins.module_utils._common.polling import Poller
from ansible_collections.panw.cloud.tests.helpers.fakes import Clock


def test_poll_condition_already_true_does_not_wait() -> None:
    clock = Clock()
    assert Poller(60, 5, clock, clock.sleep).until(lambda: 1, lambda _seen: True) == 1
    assert clock.pauses == []


def test_poll_checks_at_each_interval() -> None:
    clock = Clock()
    assert Poller(60, 5, clock, clock.sleep).until(clock, lambda seen: seen >= 15) == 15
    assert clock.pauses == [5, 5, 5]


def test_poll_checks_a_last_time_at_timeout() -> None:
    clock = Clock()
    seen: list[float] = []
    Poller(12, 5, clock, clock.sleep).until(lambda: seen.append(clock()), lambda _seen: False)
    assert seen == [0, 5, 10, 12]


def test_poll_zero_timeout_checks_once() -> None:
    clock = Clock()
    assert Poller(0, 5, clock, clock.sleep).until(lambda: "seen", lambda _seen: False) == "seen"
    assert clock.pauses == []


def test_poll_interval_grows_with_the_time_since_the_start_up_to_the_longest() -> None:
    clock = Clock()
    Poller(100, 1, clock, clock.sleep, longest=1.2).until(clock, lambda seen: seen >= 27)
    assert [round(pause, 2) for pause in clock.pauses] == [1] * 21 + [1.05, 1.1, 1.16, 1.2, 1.2, 1.2]
