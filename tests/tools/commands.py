# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Command execution for the maintainers' tools."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


class Refused(Exception):
    """A task cannot be done; the message says why and what to do next."""


def run(command: Sequence[str | Path], cwd: Path, home: Path | None = None) -> str:
    """Run a command, with this virtual environment on PATH; return its output, or raise Refused with it.

    :param home: a directory of collections to use as the home directory, without the user's settings for Ansible.
    """
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    if home:
        environment.pop("ANSIBLE_CONFIG", None)
        environment.update(HOME=str(home), ANSIBLE_COLLECTIONS_PATH=str(home))
    done = subprocess.run(command, cwd=cwd, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Refused(
            f"{' '.join(map(str, command))}: failed with {done.returncode}\n{done.stdout}{done.stderr}".rstrip()
        )
    return done.stdout
