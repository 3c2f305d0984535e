# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long a run's requests take at least, and how much of the time is waiting for a turn.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import threading


class Latencies:
    """The latencies of a run's requests. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._least: dict[str, float] = {}
        self._counts: dict[str, int] = {}
        self._spent = self._waited = 0.0

    def note(self, kind: str, seconds: float) -> None:
        """Add a request.

        :param kind: of requests that take the same time: an operation at a place. :param seconds: until the response, without waiting for a turn.
        """
        with self._lock:
            self._least[kind] = min(seconds, self._least.get(kind, seconds))
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._spent += seconds

    def wait(self, seconds: float) -> None:
        """Add the time that a request waited for a turn of its rate or quota."""
        with self._lock:
            self._waited += seconds

    @property
    def count(self) -> int:
        """The number of requests."""
        with self._lock:
            return sum(self._counts.values())

    @property
    def least(self) -> float:
        """The seconds that a request takes at least, on average over all requests. What a busy processor or server adds does not count."""
        with self._lock:
            count = sum(self._counts.values())
            return sum(number * self._least[kind] for kind, number in self._counts.items()) / count if count else 0.0

    def waiting(self) -> float:
        """The part of the time, 0 to 1, that requests waited for a turn since the last call."""
        with self._lock:
            total, waited = self._spent + self._waited, self._waited
            self._spent = self._waited = 0.0
        return waited / total if total > 0 else 0.0
