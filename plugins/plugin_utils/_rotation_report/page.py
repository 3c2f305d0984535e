# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as an HTML page.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from .._report import wording
from .._report.shell import render
from .summary import STATES, Summary
from .timeline import GONE, HEIGHT, WIDTH, timeline

HERE = Path(__file__).parent
LISTED = 10
BAR, SHORTEST = 1000, 12  # lengths of the bar of states and of its shortest part, in SVG units
STEPS = {
    "read": "read the store",
    "assume": "assume the role in STS",
    "create": "get a token",
    "stage": "store it as pending",
    "prove": "use it once",
    "finish": "make it current",
    "revoke": "revoke the old one",
    "total": "a target from start to end",
}


def page(summary: Summary) -> str:
    """The self-contained page."""
    return render(
        HERE,
        summary=summary,
        meanings=STATES,
        bar=_bar(summary.states),
        steps=_steps(summary.result.get("steps") or {}),
        timeline=timeline(summary),
        drawing={"width": WIDTH, "height": HEIGHT, "gone": GONE},
        listed=LISTED,
    )


def _bar(states: dict[str, int]) -> list[tuple[str, float, float]]:
    """Name, start and length of each part of the bar of states; every part is long enough to be visible."""
    total = sum(states.values())
    lengths = {state: max(BAR * number / total, SHORTEST) for state, number in states.items() if number}
    scale = BAR / (sum(lengths.values()) or 1)
    ends = itertools.accumulate(lengths.values(), initial=0.0)
    return [
        (state, round(start * scale, 2), round(length * scale, 2))
        for (state, length), start in zip(lengths.items(), ends)
    ]


def _steps(steps: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps in the order of a rotation, with the ends of their bars as percentages of the longest."""
    longest = max((figures.get("p99") or 0 for figures in steps.values()), default=0) or 1
    order = [*(name for name in STEPS if name in steps), *(name for name in steps if name not in STEPS)]
    return [
        {
            "name": wording.visible(name),
            "meaning": STEPS.get(name, ""),
            "count": steps[name].get("count") or 0,
            "figures": [steps[name].get(part) for part in ("p50", "p90", "p99", "max")],
            "p50": round((steps[name].get("p50") or 0) / longest * 100, 2),
            "p99": round((steps[name].get("p99") or 0) / longest * 100, 2),
        }
        for name in order
    ]
