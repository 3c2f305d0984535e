# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The identity of a process, from which another process on the same machine finds out whether it still runs.

It consists of the machine's boot ID, the PID namespace (each container has one), the PID, and the start time. On systems other than Linux, and
from another machine or container, the state of a process is unknown, and the caller has to wait. The same applies to a process that exists and whose
status cannot be read: the mount option C(hidepid) of /proc hides the processes of other users, proc(5).

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path

PROC = Path("/proc")
_START_TIME = 19  # of the fields after the program's name in /proc/<pid>/stat, proc(5)
_STATE = 0


def identity(proc: Path = PROC) -> str:
    """The identity of this process in one word; empty if the system does not provide it."""
    return _identity(proc, os.getpid())


@functools.lru_cache(maxsize=1)  # called thousands of times by a fleet
def _identity(proc: Path, pid: int) -> str:
    place, start = _place(proc), _started(proc, pid)
    return f"{place}/{pid}/{start}" if place and start else ""


def has_ended(other: str, proc: Path = PROC) -> bool:
    """Whether the process with an L(identity) has certainly ended; False if that is unknown."""
    place, _slash, process = other.rpartition("/")
    place, _slash, pid = place.rpartition("/")
    if not place or place != _place(proc) or not pid.isdigit():
        return False
    return _started(proc, int(pid)) not in (process, None)


def _place(proc: Path) -> str:
    """The machine's boot ID and the PID namespace."""
    try:
        boot = (proc / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{os.readlink(proc / 'self/ns/pid')}"
    except OSError:
        return ""


def _started(proc: Path, pid: int) -> str | None:
    """The start time of a process in clock ticks; empty if it does not exist or is a zombie, None if that is unknown."""
    try:
        fields = (proc / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None if _exists(pid) else ""
    except OSError:
        return None
    return "" if fields[_STATE] in ("Z", "X") else fields[_START_TIME]


def _exists(pid: int) -> bool:
    """Whether there is a process with a PID, of any user. Signal 0 checks that and does nothing, kill(2)."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # not permitted
        return True
    return True
