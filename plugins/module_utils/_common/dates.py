# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dates in the format of module options and results, ISO 8601 in UTC, and HTTP dates.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import email.utils
import re
from datetime import datetime, timezone


def show(moment: datetime) -> str:
    """Format a date as C(2026-05-19T08:30:00Z), in UTC, without fractions of seconds."""
    return f"{moment.astimezone(timezone.utc).replace(microsecond=0, tzinfo=None).isoformat()}Z"


def parse(text: str) -> datetime:
    """Parse an ISO 8601 date with time and zone. :raises ValueError: invalid, without a zone, or in UTC outside of the years 1 to 9999."""
    moment = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", text.strip()))
    if moment.tzinfo is None:
        raise ValueError("the date has no time zone")
    try:
        return moment.astimezone(timezone.utc)
    except OverflowError:
        raise ValueError("the date is out of range") from None


def http_date(text: str | None) -> datetime | None:
    """Parse the date of an HTTP header, None if it is missing or invalid."""
    try:
        date = email.utils.parsedate_to_datetime(text or "")
    except (TypeError, ValueError):  # Python 3.9 raises the former
        return None
    return date if date.tzinfo else date.replace(tzinfo=timezone.utc)
