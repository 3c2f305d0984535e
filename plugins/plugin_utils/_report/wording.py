# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Human-readable texts, numbers and times. All external text passes through func:`visible`.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import textwrap
from datetime import datetime, timedelta
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._common.dates import parse

LONGEST = 600
COLUMNS, LINES_EACH = 79, 2  # of texts for terminals and mails


def visible(value: Any, longest: int = LONGEST) -> str:
    """External text in one line, truncated; invisible characters and those that reorder text are escaped."""
    text = " ".join(("" if value is None else str(value)).split())
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in text)


def sentence(text: str) -> str:
    """The text with a period, unless it ends with punctuation."""
    return text if not text or text.endswith((".", "!", "?", "…")) else f"{text}."


def moment(value: Any) -> datetime | None:
    """A date of the result, None if it is missing or invalid."""
    try:
        return parse(value) if isinstance(value, str) else None
    except ValueError:
        return None


def date(value: datetime | None) -> str:
    """A date to the second, which sorts as text; empty for None. Always UTC, as the heading says."""
    return value.isoformat(" ", "seconds")[:19] if value else ""


def count(number: int, noun: str = "") -> str:
    """A number with its noun: C(1 target), C(1,000 targets)."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}" if noun else f"{number:,}"


def were(number: int) -> str:
    """The verb for a number of things."""
    return "was" if number == 1 else "were"


def seconds(value: float | None) -> str:
    """A duration: C(310 ms), C(12.3 s), C(3 min 20 s), C(2 h 05 min)."""
    if value is None:
        return ""
    if value < 0.9995:
        return f"{value * 1000:.0f} ms"
    if value < 59.95:
        return f"{value:.1f} s"
    whole = round(value)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


def distance(span: timedelta) -> str:
    """A time relative to now, to the minute: C(in 5 min), C(3 h 05 min ago)."""
    minutes = abs(round(span.total_seconds() / 60))
    if minutes < 60:
        words = f"{minutes} min"
    elif minutes < 48 * 60:
        words = f"{minutes // 60} h {minutes % 60:02} min"
    else:
        words = f"{minutes // (24 * 60)} days"
    return f"in {words}" if span >= timedelta(0) else f"{words} ago"


def wrapped(text: str) -> list[str]:
    """A text in one or two lines of at most 79 characters, the second indented, the rest truncated."""
    return textwrap.wrap(
        text, COLUMNS, subsequent_indent="    ", max_lines=LINES_EACH, placeholder=" …", break_on_hyphens=False
    )
