# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator's clock: real time plus an offset that the administrator can set."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """The time that every part of the simulator uses (signatures, STS sessions, tokens)."""

    def __init__(self) -> None:
        self.offset_seconds = 0.0

    def time(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self.offset_seconds

    def now(self) -> datetime:
        """An aware datetime in UTC."""
        return datetime.fromtimestamp(self.time(), UTC)


def iso8601(moment: float | datetime) -> str:
    """``2026-05-01T12:00:00Z`` for an epoch value or an aware datetime."""
    if not isinstance(moment, datetime):
        moment = datetime.fromtimestamp(moment, UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
