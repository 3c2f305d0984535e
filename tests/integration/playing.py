# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs C(ansible-playbook) many times, and imports it once: each run is a process forked from one that has done no more than that.

ansible-core reads its configuration when it is imported, so that a L(Player) serves runs with one set of C(ANSIBLE_) variables. This file is also the
program that forks.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path

LONGEST = 900  # seconds of a run


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


class Player:
    """Runs playbooks. :param environment: of the first run; that of others may differ where ansible-core does not look."""

    def __init__(self, directory: Path, environment: Mapping[str, str]) -> None:
        self.settings = settings_of(environment)
        self._address = str(directory / "player")
        command = [sys.executable, __file__, self._address]
        home = {"HOME": str(directory)}
        self._process = subprocess.Popen(command, env={**environment, **home}, stdout=subprocess.PIPE)
        assert self._process.stdout
        assert self._process.stdout.readline() == b"ready\n"

    def run(self, arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run C(ansible-playbook) with arguments."""
        with socket.socket(socket.AF_UNIX) as line, tempfile.TemporaryFile("w+") as output:
            line.settimeout(LONGEST)
            line.connect(self._address)
            order = json.dumps({"arguments": list(arguments), "environment": dict(environment)}).encode()
            socket.send_fds(line, [len(order).to_bytes(4, "big")], [output.fileno()])
            line.sendall(order)
            code = line.recv(16)
            output.seek(0)
            text = output.read()
        assert code, f"the run ended without a word:\n{text}"
        return subprocess.CompletedProcess(["ansible-playbook", *arguments], int(code), text)

    def stop(self) -> None:
        """End the program."""
        self._process.terminate()
        self._process.wait(30)


def main(address: str) -> None:
    """Serve runs until terminated."""
    from ansible.cli.playbook import PlaybookCLI

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        print("ready", flush=True)
        while True:
            line, _rest = listener.accept()
            if os.fork() == 0:
                listener.close()
                _serve(PlaybookCLI, line)
            line.close()


def _serve(cli: type, line: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, descriptors, _flags, _peer = socket.recv_fds(line, 4, 1)
    order = json.loads(line.recv(int.from_bytes(size, "big"), socket.MSG_WAITALL))
    for number in (1, 2):
        os.dup2(descriptors[0], number)
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = ["ansible-playbook", *order["arguments"]]
    code = 1
    try:
        cli.cli_executor(sys.argv)
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        traceback.print_exc()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    line.sendall(str(code).encode())
    os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1])
