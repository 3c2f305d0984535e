# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Token expiries by account and admin role, as marks on one time axis.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from .._report.wording import date
from .summary import Summary, TargetSummary

# In SVG units: marks from LEFT to RIGHT; tokens that had expired when the run ended are left of that.
WIDTH, HEIGHT, LEFT, RIGHT, GONE = 320, 20, 18, 314, 6
PITCH = 4
LOWEST = 5
LONGEST = timedelta(days=1)  # the longest lifetime of a token
STEPS = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360)]
MOST_TICKS = 5
MOST_GROUPS = 200


@dataclasses.dataclass(frozen=True)
class Group:
    """The targets of one account and admin role, or of one admin role in all accounts."""

    account: str
    admin_role: str
    targets: int
    gone: int
    first: str
    last: str
    marks: str
    gone_marks: str


@dataclasses.dataclass(frozen=True)
class Timeline:
    """:param ticks: position and label of each tick. :param groups: the nearest expiries first. :param more: groups left out."""

    ticks: list[tuple[float, str]]
    totals: list[Group]
    groups: list[Group]
    more: int


class _Axis:
    def __init__(self, start: datetime, last: datetime) -> None:
        span = min(max(last - start, STEPS[0]), LONGEST)
        self.start = start
        self._step = next((step for step in STEPS if span / step <= MOST_TICKS), STEPS[-1])
        self._span = span + self._step / 4

    def place(self, moment: datetime) -> float:
        share = min((moment - self.start) / self._span, 1)
        return LEFT + share * (RIGHT - LEFT)

    def ticks(self) -> list[tuple[float, str]]:
        midnight = self.start.replace(hour=0, minute=0, second=0, microsecond=0)
        number = (self.start - midnight) // self._step + 1
        found = []
        while (moment := midnight + number * self._step) <= self.start + self._span:
            found.append((round(self.place(moment), 1), moment.strftime("%H:%M")))
            number += 1
        return found


def timeline(summary: Summary) -> Timeline | None:
    """The timeline of a run, or None if no expiry is known."""
    if not summary.expiring or not summary.ended or not summary.expiring[-1].expires:
        return None
    axis = _Axis(summary.ended, summary.expiring[-1].expires)
    by_role: dict[str, list[TargetSummary]] = {}
    by_both: dict[tuple[str, str], list[TargetSummary]] = {}
    for target in sorted(summary.targets, key=lambda target: (target.account, target.admin_role)):
        by_role.setdefault(target.admin_role, []).append(target)
        by_both.setdefault((target.account, target.admin_role), []).append(target)
    nearest = sorted(by_both.items(), key=lambda pair: min(date(target.expires) or "9999" for target in pair[1]))
    groups = [_group(axis, account, role, targets) for (account, role), targets in nearest[:MOST_GROUPS]]
    totals = [_group(axis, "", role, targets) for role, targets in sorted(by_role.items())]
    return Timeline(axis.ticks(), totals, groups, len(nearest) - len(groups))


def _group(axis: _Axis, account: str, admin_role: str, targets: list[TargetSummary]) -> Group:
    known = sorted(target.expires for target in targets if target.expires)
    ahead = [moment for moment in known if moment > axis.start]
    gone = len(known) - len(ahead)
    return Group(
        account=account,
        admin_role=admin_role,
        targets=len(targets),
        gone=gone,
        first=date(ahead[0]) if ahead else "",
        last=date(ahead[-1]) if ahead else "",
        marks=_marks(axis.place(moment) for moment in ahead),
        gone_marks=f"M{GONE} {HEIGHT}V{LOWEST}" if gone else "",
    )


def _marks(places: Iterable[float]) -> str:
    """A line for each place, taller for more tokens."""
    bins = Counter(round(place / PITCH) * PITCH for place in places)
    most = max(bins.values(), default=1)
    return "".join(
        f"M{place} {HEIGHT}v-{max(LOWEST, round(number / most * (HEIGHT - 2)))}"
        for place, number in sorted(bins.items())
    )
