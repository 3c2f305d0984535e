# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting until something is so."""

from __future__ import annotations

from ansible_collections.panw.cloud.plugins.module_utils._wildfire.waiting import Patience
from ansible_collections.panw.cloud.tests.helpers.fakes import Clock


def test_what_is_so_at_once_is_not_waited_for() -> None:
    clock = Clock()
    assert Patience(60, 5, clock, clock.sleep).until(lambda: 1, lambda _seen: True) == 1
    assert clock.pauses == []


def test_it_looks_at_each_interval() -> None:
    clock = Clock()
    assert Patience(60, 5, clock, clock.sleep).until(clock, lambda seen: seen >= 15) == 15
    assert clock.pauses == [5, 5, 5]


def test_the_last_look_is_when_the_time_is_over() -> None:
    clock = Clock()
    seen: list[float] = []
    Patience(12, 5, clock, clock.sleep).until(lambda: seen.append(clock()), lambda _seen: False)
    assert seen == [0, 5, 10, 12]


def test_without_time_it_looks_once() -> None:
    clock = Clock()
    assert Patience(0, 5, clock, clock.sleep).until(lambda: "seen", lambda _seen: False) == "seen"
    assert clock.pauses == []
