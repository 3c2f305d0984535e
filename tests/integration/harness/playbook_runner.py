# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs C(ansible-playbook), as a program of its own or, in a third of the time, by L(fork_server).

ansible-core reads its configuration when it is imported, so that a L(Player) serves runs with one set of C(ANSIBLE_) variables.
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
# Stands in for the interpreter of modules: hands what it is given to a process that forks. Only a script or standard input, as Ansible does it.
INTERPRETER = """\
#!{python} -IS
import os, sys
sys.path.append({here!r})
import fork_server
code = fork_server.send({address!r}, sys.argv[1:], dict(os.environ), [0, 1, 2])
sys.exit(1 if code is None else code)
"""


def settings_of(environment: Mapping[str, str]) -> dict[str, str]:
    """What ansible-core reads at its import."""
    return {name: value for name, value in environment.items() if name.startswith("ANSIBLE_")}


def run_alone(arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run C(ansible-playbook) as a program of its own."""
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
    """A process that forks runs of one kind. :param environment: in which it imports."""

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
    """Runs playbooks whose modules are run by fork_server, too.

    :ivar arguments: with which a playbook has its modules run so, also one that runs as a program of its own.
    :param environment: of all runs, as far as ansible-core looks at it.
    """

    def __init__(self, directory: Path, environment: Mapping[str, str]) -> None:
        self._modules = Forker("modules", directory, environment)
        interpreter = directory / "python"
        here = str(Path(fork_server.__file__).parent)
        interpreter.write_text(INTERPRETER.format(python=sys.executable, here=here, address=self._modules.address))
        interpreter.chmod(0o700)
        # The variable of an implicit localhost, and of our playbooks, would outdo the environment's setting.
        self.arguments = ["--extra-vars", f"ansible_python_interpreter={interpreter}"]
        self._playbooks = Forker("playbooks", directory, environment)
        self._settings = settings_of(environment)

    def run(self, arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run C(ansible-playbook) with arguments; as a program of its own where its settings are not the usual ones."""
        if settings_of(environment) != self._settings:
            return run_alone(arguments, environment)
        with tempfile.TemporaryFile("w+") as output, open(os.devnull) as nothing:
            descriptors = [nothing.fileno(), output.fileno(), output.fileno()]
            given = [*arguments, *self.arguments]
            code = fork_server.send(self._playbooks.address, given, dict(environment), descriptors, LONGEST)
            output.seek(0)
            text = output.read()
        assert code is not None, f"the run ended without a word:\n{text}"
        return subprocess.CompletedProcess(["ansible-playbook", *arguments], code, text)

    def stop(self) -> None:
        """End what it has started."""
        self._playbooks.stop()
        self._modules.stop()
