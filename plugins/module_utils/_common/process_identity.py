# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who a process is, so that another one on the same machine can tell whether it still runs.

It is known by the boot of the machine, the namespace of process ids (containers have their own), the id, and the time of its start. What is
not Linux, or another machine or container, cannot tell, and has to wait.

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
    """This process, in one word; empty where the system does not tell."""
    return _identity(proc, os.getpid())


@functools.lru_cache(maxsize=1)  # a fleet asks thousands of times
def _identity(proc: Path, pid: int) -> str:
    place, start = _place(proc), _started(proc, pid)
    return f"{place}/{pid}/{start}" if place and start else ""


def has_ended(other: str, proc: Path = PROC) -> bool:
    """Whether a process is known to run no more, by its L(identity); False where that cannot be told."""
    place, _slash, process = other.rpartition("/")
    place, _slash, pid = place.rpartition("/")
    if not place or place != _place(proc) or not pid.isdigit():
        return False
    return _started(proc, int(pid)) != process


def _place(proc: Path) -> str:
    """This boot of this machine, and the namespace of process ids."""
    try:
        boot = (proc / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{os.readlink(proc / 'self/ns/pid')}"
    except OSError:
        return ""


def _started(proc: Path, pid: int) -> str:
    """When a process started, in the kernel's own unit; empty where there is none, or a dead one that nobody has waited for."""
    try:
        fields = (proc / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[_STATE] in ("Z", "X") else fields[_START_TIME]
