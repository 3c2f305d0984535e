# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The message of a run. It is short, because callbacks print it in one line and a fleet has thousands of targets.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .._report.wording import count, sentence, visible
from .difference import BAD

NAMED = 10
LONGEST_NAME, LONGEST_TEXT = 100, 300


def message(result: dict[str, Any]) -> str:
    """The run in one sentence."""
    counts = result["counts"]
    parts = [f"{number} {state}" for state, number in counts.items() if number and state != "targets"]
    how = (
        "was interrupted after"
        if result["interrupted"]
        else "stopped after too many failures, after"
        if result["stopped"]
        else "took"
    )
    return f"The rotation of {counts['targets']} tokens {how} {result['duration']} seconds: {', '.join(parts)}."


def failures(result: dict[str, Any]) -> str:
    """The first failures with reason and next step, equal ones grouped; empty without failures."""
    bad = [entry for entry in result["targets"] if entry["state"] in BAD]
    alike: dict[str, list[str]] = {}
    for entry in bad[:NAMED]:
        alike.setdefault(" ".join(_why(entry)), []).append(visible(entry["name"], LONGEST_NAME))
    texts = [f"({number}) {', '.join(names)}: {why}" for number, (why, names) in enumerate(alike.items(), 1)]
    more = len(bad) - NAMED
    return " ".join([*texts, *([f"And {count(more, 'other failure')}."] if more > 0 else [])])


def _why(entry: dict[str, Any]) -> Iterator[str]:
    if entry["state"] == "unknown":
        yield "Unknown."
    for text in (entry["reason"], entry["next_step"]):
        if text:
            yield sentence(visible(text, LONGEST_TEXT))
