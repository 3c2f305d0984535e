# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command that runs many playbooks, such as C(molecule), in less CPU time: playbooks and their modules are forked, as in the tests.

For the command, the program C(ansible-playbook) on PATH is one that asks for a forked run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.integration.harness.playbook_runner import Player


def main() -> int:
    """Return the exit code of the command in the arguments."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        programs = directory / "bin"
        programs.mkdir()
        player = Player(directory, os.environ)
        try:
            player.program(programs / "ansible-playbook")
            path = f"{programs}{os.pathsep}{os.environ['PATH']}"
            return subprocess.run(sys.argv[1:], env={**os.environ, "PATH": path}, check=False).returncode
        finally:
            player.stop()


if __name__ == "__main__":
    sys.exit(main())
