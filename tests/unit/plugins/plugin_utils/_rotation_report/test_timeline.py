# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Token expiries as marks on a time axis."""

from __future__ import annotations

from datetime import timedelta

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.dates import show
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report.summary import Summary
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report.timeline import (
    LEFT,
    MOST_GROUPS,
    PITCH,
    RIGHT,
    Timeline,
    timeline,
)
from ansible_collections.panw.cloud.tests.helpers.rotation_results import START, result, target


def drawn(*minutes: float, **changes: str) -> Timeline:
    """The timeline of one target per entry, which expires that many minutes after the end of the run."""
    targets = [
        target(number, **{"expires_at": show(START + timedelta(minutes=life)), **changes})
        for number, life in enumerate(minutes)
    ]
    found = timeline(Summary(result(targets, duration=0.001)))
    assert found
    return found


@pytest.mark.parametrize("targets", [[], [target(1, expires_at=None)]])
def test_timeline_without_expiry_is_none(targets: list[dict[str, object]]) -> None:
    assert timeline(Summary(result(targets))) is None


@pytest.mark.parametrize(
    ("life", "labels"),
    [
        (5, ["08:01", "08:02", "08:03", "08:04", "08:05"]),
        (60, ["08:15", "08:30", "08:45", "09:00"]),
        (24 * 60, ["12:00", "18:00", "00:00", "06:00"]),
    ],
)
def test_axis_has_ticks_at_round_times_up_to_last_expiry(life: float, labels: list[str]) -> None:
    ticks = drawn(life).ticks
    assert [label for _place, label in ticks] == labels
    places = [place for place, _label in ticks]
    assert places == sorted(places)
    assert places[0] > LEFT
    assert places[-1] < RIGHT


def test_marks_are_at_their_time_and_taller_with_more_targets() -> None:
    (group,) = drawn(10, 50, 50, admin_role="firewall", account_id="1").groups
    assert (group.account, group.admin_role, group.targets, group.gone) == ("1", "firewall", 3, 0)
    assert (group.first, group.last) == ("2026-05-19 08:10:00", "2026-05-19 08:50:00")
    assert group.marks == "M76 20v-9M300 20v-18"


def test_far_expiries_do_not_compress_others() -> None:
    far = drawn(10, 60 * 24 * 300, admin_role="firewall", account_id="1").groups[0]
    assert far.marks.endswith(f"M{round(RIGHT / PITCH) * PITCH} 20v-18")
    assert far.last == "2027-03-15 08:00:00"


def test_expired_targets_are_counted_and_drawn_apart() -> None:
    (group,) = drawn(-10, -60 * 24, 50, admin_role="firewall", account_id="1").groups
    assert (group.gone, group.first) == (2, "2026-05-19 08:50:00")
    assert group.gone_marks
    assert group.marks.count("M") == 1


def test_timeline_with_all_targets_expired_has_no_marks() -> None:
    (group,) = drawn(-10, account_id="1").groups
    assert (group.gone, group.first, group.last, group.marks) == (1, "", "", "")


def test_groups_by_account_and_admin_role_are_sorted_by_next_expiry() -> None:
    found = drawn(30, 20, 10, 40, 5)
    assert [(group.account[-1], group.admin_role) for group in found.groups] == [
        ("7", "firewall"),
        ("0", "global_rulestack"),
        ("0", "rulestack"),
        ("0", "firewall"),
        ("0", "account"),
    ]
    assert [(group.admin_role, group.targets) for group in found.totals] == [
        ("account", 1),
        ("firewall", 2),
        ("global_rulestack", 1),
        ("rulestack", 1),
    ]


def test_groups_beyond_limit_are_counted() -> None:
    found = drawn(*range(1, MOST_GROUPS + 4))
    assert len(found.groups) == MOST_GROUPS
    assert found.more == 3
