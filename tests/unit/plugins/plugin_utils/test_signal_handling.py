# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signals, the parent process and its output."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import termios
import threading
from pathlib import Path

import pytest
from ansible_collections.panw.cloud.plugins.plugin_utils._signal_handling import ParentProcess, signals_to

PARENT = """
import os, sys, time
sys.path[:] = {path!r}
from ansible_collections.panw.cloud.plugins.plugin_utils import _signal_handling
inside, outside = os.pipe()
child = os.fork()
if child == 0:
    os.setsid()
    parent = _signal_handling.ParentProcess()
    {detach}
    os.write(outside, b"x")
    while not parent.gone:
        time.sleep(0.01)
    parent.write(f"last words, {{parent.columns}}\\n")
    {end}
    os._exit(0)
os.read(inside, 1)
os._exit(0)
"""
DETACH = "os.dup2(os.open(os.devnull, os.O_WRONLY), 1)"
PATH = [entry for entry in sys.path if entry]


def test_child_detects_parent_exit_and_writes_last() -> None:
    script = PARENT.format(path=PATH, detach=DETACH, end="")
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, timeout=60, check=True)
    assert done.stdout == "last words, None\n"


def test_process_with_blocked_output_ends() -> None:
    """A full pipe without a reader blocks; repeated termination signals change nothing."""
    end = """
    _signal_handling.SECONDS_TO_HAND_OVER = 1
    _signal_handling.end_soon()
    os.kill(os.getpid(), 15)
    full = os.pipe()[1]
    while True:
        os.write(full, bytes(65536))
"""
    script = PARENT.format(path=PATH, detach=DETACH, end=end.strip())
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, timeout=60, check=True)
    assert done.stdout == "last words, None\n"


def test_process_leaves_its_group_once() -> None:
    script = f"""
import os, sys
sys.path[:] = {PATH!r}
from ansible_collections.panw.cloud.plugins.plugin_utils._signal_handling import leave_group
if os.fork() == 0:
    for _time in range(2):
        leave_group()
    print(os.getpgrp() == os.getpid())
else:
    os.wait()
"""
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, timeout=60, check=True)
    assert done.stdout == "True\n"


def test_signals_call_function_inside_block() -> None:
    reported: list[int] = []
    before = signal.getsignal(signal.SIGTERM)
    with signals_to(lambda: reported.append(1)):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            os.kill(os.getpid(), number)
    assert reported == [1, 1, 1]
    assert signal.getsignal(signal.SIGTERM) == before


def test_other_threads_leave_signals_unchanged() -> None:
    before, seen = signal.getsignal(signal.SIGTERM), []

    def work() -> None:
        with signals_to(lambda: None):
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(30)
    assert seen == [before]


def test_output_not_openable_is_none(monkeypatch: object) -> None:
    parent = ParentProcess()
    parent._output = None
    parent.write("dropped")
    assert parent.columns is None
    assert parent.gone is False


def test_ansible_runner_terminal_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, outside = pty.openpty()
    parent = ParentProcess()
    parent._output = outside
    termios.tcsetwinsize(outside, (24, 100))
    assert parent.columns == 100
    monkeypatch.setenv("AWX_ISOLATED_DATA_DIR", "/runner/artifacts/1")
    assert parent.columns is None
    os.close(inside)
    os.close(outside)


def test_full_output_does_not_delay_run(tmp_path: Path) -> None:
    inside, outside = os.pipe()
    parent = ParentProcess()
    parent._output = os.open(f"/proc/self/fd/{outside}", os.O_WRONLY | os.O_NONBLOCK)
    for _part in range(100):
        parent.write("x" * 4096)
    os.close(inside)
    os.close(outside)
    parent.write("to nobody")
