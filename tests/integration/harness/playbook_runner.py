# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run C(ansible-playbook) with L(fork_server), in a third of the time of a separate program."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import fork_client

SERVER = Path(__file__).with_name("fork_server.py")
LONGEST = 300  # seconds of a run
# A program that lets a process fork the run.
PROGRAM = """\
#!{python} -IS
import sys
sys.path.append({here!r})
import fork_client
sys.exit(fork_client.{function}({address!r}, [*sys.argv[1:], *{arguments!r}]))
"""


class Forker:
    """A process that forks runs of one kind. :param directory: of its socket. :param environment: of its imports."""

    def __init__(self, kind: str, directory: Path, environment: Mapping[str, str]) -> None:
        self.address = str(directory / kind)
        command = [sys.executable, str(SERVER), kind, self.address]
        settings = {**environment, "HOME": str(directory)}
        self._process = subprocess.Popen(command, env=settings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        assert self._process.stdout
        assert self._process.stdout.readline() == b"ready\n"

    def program(self, path: Path, function: str, arguments: Sequence[str] = ()) -> None:
        """Write a program that calls a function of fork_client. :param arguments: more arguments for the run."""
        values = {"here": str(SERVER.parent), "function": function, "address": self.address, "arguments": arguments}
        path.write_text(PROGRAM.format(python=sys.executable, **values))
        path.chmod(0o700)

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(30)


class Player:
    """Runs playbooks and their modules.

    :ivar arguments: of a playbook that runs its modules this way, also if it runs as a separate program.
    :param environment: of what all runs import.
    """

    def __init__(self, directory: Path, environment: Mapping[str, str]) -> None:
        self._modules = Forker("modules", directory, environment)
        self._playbooks = Forker("playbooks", directory, environment)
        interpreter = directory / "python"
        self._modules.program(interpreter, "interpret")
        # The variable of an implicit localhost, and of our playbooks, would override the environment's setting.
        self.arguments = ["--extra-vars", f"ansible_python_interpreter={interpreter}"]

    def program(self, path: Path) -> None:
        """Write a program that replaces C(ansible-playbook)."""
        self._playbooks.program(path, "play", self.arguments)

    def run(self, arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run C(ansible-playbook) with arguments."""
        given = [*arguments, *self.arguments]
        with tempfile.TemporaryFile("w+") as output, open(os.devnull) as nothing:
            descriptors = [nothing.fileno(), output.fileno(), output.fileno()]
            code = fork_client.send(self._playbooks.address, given, dict(environment), descriptors, longest=LONGEST)
            output.seek(0)
            text = output.read()
        assert code is not None, f"the run ended without an exit code:\n{text}"
        return subprocess.CompletedProcess(["ansible-playbook", *arguments], code, text)

    def stop(self) -> None:
        """Stop the started processes."""
        for forker in (self._modules, self._playbooks):
            forker.stop()
