# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs run to their end, with what they cost."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import cost
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
    with tempfile.NamedTemporaryFile("r") as told:
        theirs = stand_ins.cpu()
        process = subprocess.run(
            [sys.executable, cost.__file__, told.name, *command],
            env=dict(environment),
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if process.returncode:
            raise Failed(f"{command[0]} ended with {process.returncode}:\n{process.stdout[-3000:]}")
        return Cost(**json.load(told), stand_ins=stand_ins.cpu() - theirs), process.stdout
