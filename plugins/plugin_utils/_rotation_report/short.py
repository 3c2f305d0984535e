# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as a short text: for a terminal, a mail or a notification.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import textwrap

from .summary import Summary
from .wording import count, date, seconds

COLUMNS = 79
LONGEST = 3  # lines for one sentence
ADVICE = 3
CAUSES = 3


def short(summary: Summary) -> str:
    """At most 24 lines of at most 79 characters."""
    numbers = ", ".join(f"{state.replace('_', ' ')} {count(number)}" for state, number in summary.states.items())
    lines = [f"Token rotation, {summary.status.lower()}: {summary.verdict}", _run(summary), f"Targets: {numbers}.", *summary.advice[:ADVICE]]
    for cause in summary.causes[:CAUSES]:
        lines.append(f"Failed at {cause.title}: {count(len(cause.names), 'target')}. {cause.reason} {cause.next_step}")
    more = sum(len(cause.names) for cause in summary.causes[CAUSES:])
    if more:
        lines.append(f"Failed otherwise: {count(more, 'target')}")
    if summary.expiring:
        lines.append(f"Next: {summary.expiry(summary.expiring[0])}.")
    return "".join(f"{_line(line)}\n" for line in lines)


def _run(summary: Summary) -> str:
    spent = [seconds(summary.result.get("duration"))]
    if summary.result.get("requests"):
        spent.append(count(summary.result["requests"], "request"))
    if summary.result.get("throttled"):
        spent.append(f"{count(summary.result['throttled'])} throttled")
    return f"Ended {date(summary.ended)} UTC after {', '.join(filter(None, spent))}."


def _line(text: str) -> str:
    """A text in few lines, the further ones indented, the rest cut off."""
    wrapper = textwrap.TextWrapper(COLUMNS, subsequent_indent="    ", max_lines=LONGEST, placeholder=" …", break_on_hyphens=False)
    return wrapper.fill(text)
