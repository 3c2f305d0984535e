# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs run to their end, with what they cost."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .stand_ins import StandIns


class Failed(Exception):
    """A program did not do what it was to do."""


@dataclass(frozen=True)
class Cost:
    """What a run took.

    :param wall: seconds. :param cpu: seconds of processor time of the program and all its children.
    :param peak: the most memory of one of these processes, in bytes. :param stand_ins: seconds of processor time of the stand-ins meanwhile.
    """

    wall: float
    cpu: float
    peak: int
    stand_ins: float


def run(
    command: Sequence[str], environment: Mapping[str, str], stand_ins: StandIns, given: str = ""
) -> tuple[Cost, str]:
    """Run a program; gives its cost and its output.

    :param given: to its standard input.
    :raises Failed: its exit code is not 0.
    """
    with tempfile.TemporaryFile("w+") as source, tempfile.TemporaryFile("w+") as output:
        source.write(given)
        source.seek(0)
        theirs, begun = stand_ins.cpu(), time.perf_counter()
        process = subprocess.Popen(command, env=dict(environment), stdin=source, stdout=output, stderr=output)
        _pid, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        cost = Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, stand_ins.cpu() - theirs)
        output.seek(0)
        text = output.read()
    if process.returncode:
        raise Failed(f"{command[0]} ended with {process.returncode}:\n{text[-3000:]}")
    return cost, text
