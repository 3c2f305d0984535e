# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Execution of programs, with their cost."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import cost
from .services import SimulatedServices


class Failed(Exception):
    """A program failed."""


@dataclass(frozen=True)
class Cost:
    """The cost of a run.

    :param wall: seconds. :param cpu: CPU seconds of the program and all its children.
    :param peak: peak memory of the largest of these processes, in bytes. :param services: CPU seconds of the simulated services.
    """

    wall: float
    cpu: float
    peak: int
    services: float


def run(
    command: Sequence[str], environment: Mapping[str, str], services: SimulatedServices, given: str = ""
) -> tuple[Cost, str]:
    """Run a program and return its cost and output.

    :param given: its standard input.
    :raises Failed: its exit code is not 0.
    """
    with tempfile.NamedTemporaryFile("r") as reported:
        theirs = services.cpu()
        process = subprocess.run(
            [sys.executable, cost.__file__, reported.name, *command],
            env=dict(environment),
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if process.returncode:
            raise Failed(f"{command[0]} ended with {process.returncode}:\n{process.stdout[-3000:]}")
        return Cost(**json.load(reported), services=services.cpu() - theirs), process.stdout
