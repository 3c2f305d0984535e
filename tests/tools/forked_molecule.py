# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run C(molecule) with the given arguments in a third of the CPU time: its playbooks and their modules are forked, like those of the tests.

Molecule calls the program C(ansible-playbook) on PATH, which this command replaces. C(molecule) also works without it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.integration.harness.playbook_runner import Player


def main() -> int:
    """Return Molecule's exit code."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        programs = directory / "bin"
        programs.mkdir()
        player = Player(directory, os.environ)
        try:
            player.program(programs / "ansible-playbook")
            path = f"{programs}{os.pathsep}{os.environ['PATH']}"
            return subprocess.run(["molecule", *sys.argv[1:]], env={**os.environ, "PATH": path}, check=False).returncode
        finally:
            player.stop()


if __name__ == "__main__":
    sys.exit(main())
