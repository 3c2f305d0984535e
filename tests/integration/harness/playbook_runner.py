# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run C(ansible-playbook) as a separate program or, in a third of the time, with L(fork_server).

ansible-core reads its configuration at import, so a L(Player) serves runs with one set of C(ANSIBLE_) variables.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import fork_server

LONGEST = 300  # seconds of a run
# Replaces the modules' interpreter: passes the script or standard input, the two ways that Ansible uses, to a process that forks.
INTERPRETER = """\
#!{python} -IS
import os, sys
sys.path.append({here!r})
import fork_server
code = fork_server.send({address!r}, sys.argv[1:], dict(os.environ), [0, 1, 2])
sys.exit(1 if code is None else code)
"""


def settings_of(environment: Mapping[str, str]) -> dict[str, str]:
    """The settings that ansible-core reads at import."""
    return {name: value for name, value in environment.items() if name.startswith("ANSIBLE_")}


def run_alone(arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run C(ansible-playbook) as a separate program."""
    return subprocess.run(
        [str(Path(sys.executable).parent / "ansible-playbook"), *arguments],
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LONGEST,
        check=False,
    )


class Forker:
    """A process that forks runs of one kind. :param environment: of its imports."""

    def __init__(self, kind: str, directory: Path, environment: Mapping[str, str]) -> None:
        self.address = str(directory / kind)
        command = [sys.executable, fork_server.__file__, kind, self.address]
        settings = {**environment, "HOME": str(directory)}
        self._process = subprocess.Popen(command, env=settings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        assert self._process.stdout
        assert self._process.stdout.readline() == b"ready\n"

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(30)


class Player:
    """Runs playbooks whose modules also run in fork_server.

    :ivar arguments: of a playbook that runs its modules this way, also if it runs as a separate program.
    :param environment: of all runs, as far as ansible-core reads it.
    """

    def __init__(self, directory: Path, environment: Mapping[str, str]) -> None:
        self._modules = Forker("modules", directory, environment)
        interpreter = directory / "python"
        here = str(Path(fork_server.__file__).parent)
        interpreter.write_text(INTERPRETER.format(python=sys.executable, here=here, address=self._modules.address))
        interpreter.chmod(0o700)
        # The variable of an implicit localhost, and of our playbooks, would override the environment's setting.
        self.arguments = ["--extra-vars", f"ansible_python_interpreter={interpreter}"]
        self._playbooks = Forker("playbooks", directory, environment)
        self._settings = settings_of(environment)

    def run(self, arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run C(ansible-playbook) with arguments; as a separate program if its settings differ."""
        if settings_of(environment) != self._settings:
            return run_alone(arguments, environment)
        with tempfile.TemporaryFile("w+") as output, open(os.devnull) as nothing:
            descriptors = [nothing.fileno(), output.fileno(), output.fileno()]
            given = [*arguments, *self.arguments]
            code = fork_server.send(self._playbooks.address, given, dict(environment), descriptors, LONGEST)
            output.seek(0)
            text = output.read()
        assert code is not None, f"the run ended without an exit code:\n{text}"
        return subprocess.CompletedProcess(["ansible-playbook", *arguments], code, text)

    def stop(self) -> None:
        """Stop the started processes."""
        self._playbooks.stop()
        self._modules.stop()
