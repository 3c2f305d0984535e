# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The end of a run before its time.

The first second of it matters: no target is begun, and none that is under way makes a token. One that has made a token goes on until it is stored,
proven and promoted. When the patience is over, no request waits for its turn, or between two attempts, any longer. What is still under way after that
is given up: it takes no further step, and its store is read to find out how far it came.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from ..._common.errors import Evidence, PanwCloudError

PATIENCE = 4.0  # seconds that what is under way has for waiting
LAST = 9.0  # seconds after which the rest is given up
SETTLING = 3.0  # seconds more for reading the stores of what was given up


class Interrupted(PanwCloudError):
    """The run was told to end before this target had a new token."""

    kind = "interrupted"
    advice = "Run again."

    def __init__(self) -> None:
        super().__init__("rotate the token", Evidence(reason="the run was told to end"))


class Stop:
    """Told by a signal, the end of the parent process or too many failures; asked by all threads.

    :ivar interrupted: whether the run was told to end, rather than by its own failures. :ivar given_up: whether no further step may be taken.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._asked_at: float | None = None
        self._impatient = threading.Event()
        self.interrupted = self.given_up = False

    def interrupt(self) -> None:
        """Tell the run to end. Safe in a handler of signals."""
        self.interrupted = True
        if self._asked_at is None:
            self._asked_at = self._clock()

    @property
    def asked(self) -> bool:
        """Whether to begin nothing more."""
        return self._asked_at is not None

    def tick(self) -> bool:
        """Let the patience run out. :return: whether to give up what is still under way."""
        waited = 0.0 if self._asked_at is None else self._clock() - self._asked_at
        if waited > PATIENCE:
            self._impatient.set()
        return waited > LAST

    def sleep(self, seconds: float) -> None:
        """Sleep while there is patience."""
        self._impatient.wait(seconds)
