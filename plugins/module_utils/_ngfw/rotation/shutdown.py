# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Early shutdown of a run.

At once, no further target is started, and no target in progress requests a token. A target that has a new token continues until it is stored, proven
and promoted. After C(PATIENCE), requests no longer wait for rate limits or between retries. After C(LAST), what is still in progress is abandoned:
it takes no further step, and its store is read to determine how far it got.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from ..._common.errors import ErrorContext, PanwCloudError

PATIENCE = 4.0  # seconds during which requests may still wait
LAST = 9.0  # seconds after which the rest is abandoned
SETTLING = 3.0  # further seconds for reading the stores of abandoned targets


class Interrupted(PanwCloudError):
    """The run was interrupted before this target had a new token."""

    kind = "interrupted"
    advice = "Run again."

    def __init__(self) -> None:
        super().__init__("rotate the token", ErrorContext(reason="the run was interrupted"))


class Shutdown:
    """The shutdown state of a run, set on a signal, the end of the parent process or too many failures, and checked by all threads.

    :ivar interrupted: whether the run was interrupted, not stopped by its own failures. :ivar given_up: whether no further step may be taken.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._asked_at: float | None = None
        self._impatient = threading.Event()
        self.interrupted = self.given_up = False

    def interrupt(self) -> None:
        """Interrupt the run. Safe in a signal handler."""
        self.interrupted = True
        if self._asked_at is None:
            self._asked_at = self._clock()

    @property
    def asked(self) -> bool:
        """Whether to start nothing more."""
        return self._asked_at is not None

    def tick(self) -> bool:
        """End all waiting once C(PATIENCE) is over. :return: whether to abandon what is still in progress."""
        waited = 0.0 if self._asked_at is None else self._clock() - self._asked_at
        if waited > PATIENCE:
            self._impatient.set()
        return waited > LAST

    def sleep(self, seconds: float) -> None:
        """Sleep, but not beyond C(PATIENCE)."""
        self._impatient.wait(seconds)
