# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dates as modules take and return them, ISO 8601 in UTC, and those of HTTP headers.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import email.utils
import re
from datetime import datetime, timezone


def show(moment: datetime) -> str:
    """A date such as C(2026-05-19T08:30:00Z), in UTC, without fractions of seconds."""
    return f"{moment.astimezone(timezone.utc).replace(microsecond=0, tzinfo=None).isoformat()}Z"


def parse(text: str) -> datetime:
    """Read an ISO 8601 date with a time and a zone. :raises ValueError: it is none, has no zone, or in UTC is beyond the years 1 to 9999."""
    moment = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", text.strip()))
    if moment.tzinfo is None:
        raise ValueError("the date has no time zone")
    try:
        return moment.astimezone(timezone.utc)
    except OverflowError:
        raise ValueError("the date is out of range") from None


def http_date(text: str | None) -> datetime | None:
    """A date of an HTTP header, None where it is none."""
    try:
        date = email.utils.parsedate_to_datetime(text or "")
    except (TypeError, ValueError):  # Python 3.9 raises the former
        return None
    return date if date.tzinfo else date.replace(tzinfo=timezone.utc)
