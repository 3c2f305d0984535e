# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Progress of a run: done, failed, rate, time left.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """The progress of a run.

    :param seconds: since its start. :param ending: whether it is shutting down.
    """

    targets: int
    done: int
    failed: int
    seconds: float
    ending: bool = False

    @property
    def rate(self) -> float:
        """Targets per second."""
        return self.done / self.seconds if self.seconds > 0 else 0.0

    @property
    def text(self) -> str:
        """The progress in one line."""
        parts = [f"{self.done} of {self.targets} targets done", f"{self.failed} failed", f"{self.rate:.1f} per second"]
        if self.ending:
            parts.append("ending")
        elif self.done and self.done < self.targets:
            parts.append(f"{_duration((self.targets - self.done) / self.rate)} left")
        return ", ".join(parts)

    def gauge(self, width: int) -> str:
        """One line with a progress bar, at most C(width) columns wide."""
        room = max(0, min(40, width - len(self.text) - 4))
        filled = room * self.done // self.targets if self.targets else 0
        return f"[{'#' * filled}{'.' * (room - filled)}] {self.text}"[:width]


class Throttle:
    """Passes snapshots on, at most once per interval of C(seconds)."""

    def __init__(self, seconds: float, report: Callable[[Snapshot], object]) -> None:
        self._seconds, self._report = seconds, report
        self._last = 0.0

    def __call__(self, snapshot: Snapshot) -> None:
        if snapshot.seconds - self._last >= self._seconds:
            self._last = snapshot.seconds
            self._report(snapshot)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
