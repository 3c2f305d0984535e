# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands whose playbooks are forked, as `make molecule` and `make lint` run them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLAYBOOK = """\
- name: Test
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Find the interpreter of modules
      ansible.builtin.debug:
        var: ansible_python_interpreter
    - name: Run a module
      ansible.builtin.command: {command}
"""


@pytest.mark.parametrize(("command", "code"), [("/bin/true", 0), ("/bin/false", 2)])
def test_exit_code_of_a_forked_playbook_is_returned(tmp_path: Path, command: str, code: int) -> None:
    playbook = tmp_path / "playbook.yml"
    playbook.write_text(PLAYBOOK.format(command=command))
    forked = [sys.executable, "-m", "tests.tools.forked", "ansible-playbook", str(playbook)]
    done = subprocess.run(forked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert f"ansible_python_interpreter: {Path(sys.executable).parent}" not in done.stdout
    assert "/python\n" in done.stdout
    assert f"failed={code // 2}" in done.stdout
