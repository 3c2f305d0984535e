# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Interruption and progress output of a long-running task on the controller.

ansible-core runs an action plugin in a separate process. On SIGINT or SIGTERM, that process gets a signal, or its parent ends, or both. After that,
its result is no longer read: it has to write output to the parent's standard output itself, and to files.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SECONDS_TO_HAND_OVER = 3


class ParentProcess:
    """The process that started this one."""

    def __init__(self) -> None:
        self._process = os.getppid()
        self._output: int | None = None
        with contextlib.suppress(OSError):  # no /proc, or the output is a socket
            flags = os.O_WRONLY | os.O_APPEND | os.O_NOCTTY | os.O_NONBLOCK
            self._output = os.open(f"/proc/{self._process}/fd/1", flags)

    @property
    def gone(self) -> bool:
        """Whether it has ended."""
        return os.getppid() != self._process

    @property
    def columns(self) -> int | None:
        """The width of its terminal; None without one, and in AWX, where ansible-runner turns every byte on its terminal into an event."""
        if self._output is None or "AWX_ISOLATED_DATA_DIR" in os.environ or not os.isatty(self._output):
            return None
        try:
            return os.get_terminal_size(self._output).columns or 80
        except OSError:
            return shutil.get_terminal_size().columns

    def write(self, text: str) -> None:
        """Write to its standard output, bypassing ansible-core; drop what cannot be written."""
        if self._output is not None:
            with contextlib.suppress(OSError):
                os.write(self._output, text.encode())


@contextlib.contextmanager
def signals_to(action: Callable[[], object]) -> Iterator[None]:
    """Call a function on SIGINT, SIGTERM and SIGHUP while the block runs."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(_number: int, _frame: FrameType | None) -> None:
        action()

    before: dict[signal.Signals, Any] = {number: signal.signal(number, handle) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def leave_group() -> None:
    """Leave the process group that is killed when a job is canceled. ansible-core itself does so since 2.19."""
    with contextlib.suppress(PermissionError):  # already done
        os.setsid()


def end_soon() -> None:
    """End this process after a few seconds: passing a result to a parent that has ended can block forever."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(SECONDS_TO_HAND_OVER)
