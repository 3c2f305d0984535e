# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runs that stop before each externally visible step, until they are released or killed.

A step is a request or a file change. Code between two steps has no visible effect, so killing before each step in turn covers every
moment. This file is also the program that runs the module: it imports once, then forks for every run.
"""

from __future__ import annotations

import functools
import gc
import importlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

REQUEST = re.compile(rb"(GET|POST|PUT|DELETE) (\S+) HTTP/1\.1\r\n")
TARGET = re.compile(rb"(?i)x-amz-target: \w+\.(\w+)")
CHANGES = ("os.rename", "os.remove")
# Read-only steps; a GET of a token issues one.
READ = re.compile(r"(Describe|Get|List|BatchGet)\w*|AssumeRole|GET (?!/v1/mgmt/tokens/).*|POST /oauth2/access_token")


class SteppedRun:
    """A run of the module, from the observer's side."""

    def __init__(self, address: str, options: dict[str, Any], *, stepped: bool) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(60)
        self._socket.connect(address)
        self._lines = self._socket.makefile("r", encoding="utf-8")
        self._say(json.dumps({"options": options, "stepped": stepped}))
        self.pid = int(self._lines.readline())
        self.result: dict[str, Any] = {}

    def next_step(self) -> str | None:
        """Wait until the run stops before a step and return its name; None if the run has ended."""
        for line in self._lines:
            if line.startswith("STEP "):
                return line[5:].strip()
            if line.startswith("{"):
                self.result = json.loads(line)
        self._close()
        return None

    def go(self) -> None:
        """Release the step."""
        self._say("go")

    def finish(self) -> dict[str, Any]:
        """Release all remaining steps and return the result."""
        while self.next_step() is not None:
            self.go()
        return self.result

    def kill(self) -> None:
        """SIGKILL."""
        os.kill(self.pid, signal.SIGKILL)
        for _line in self._lines:  # until its end of the socket is closed
            pass
        self._close()

    def _say(self, line: str) -> None:
        self._socket.sendall(line.encode() + b"\n")

    def _close(self) -> None:
        self._lines.close()
        self._socket.close()


class Runner:
    """Runs the module repeatedly. :param kind: class of the runs on the observer's side."""

    def __init__(
        self, module: str, directory: Path, environment: dict[str, str], kind: type[SteppedRun] = SteppedRun
    ) -> None:
        self._kind = kind
        self._address = str(directory / "runner")
        command = [sys.executable, __file__, module, self._address]
        paths = os.pathsep.join(path for path in sys.path if path)
        self._process = subprocess.Popen(command, env={**environment, "PYTHONPATH": paths}, stdout=subprocess.PIPE)
        assert self._process.stdout
        assert self._process.stdout.readline() == b"ready\n"

    def begin(self, **options: Any) -> SteppedRun:
        """Start a run that stops before each step."""
        return self._kind(self._address, options, stepped=True)

    def start(self, **options: Any) -> Any:
        """Start a run that does not stop."""
        return self._kind(self._address, options, stepped=False)

    def run(self, **options: Any) -> dict[str, Any]:
        """Run to the end."""
        found: dict[str, Any] = self.start(**options).finish()
        return found

    def stop(self) -> None:
        """Stop the program."""
        self._process.terminate()
        self._process.wait(30)


def main() -> None:
    """Serve runs until terminated."""
    from fork_server import exit_code, preload_sdk  # beside this program

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    module = importlib.import_module(sys.argv[1])
    preload_sdk()
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(sys.argv[2])
        listener.listen()
        print("ready", flush=True)
        while True:
            connection, _rest = listener.accept()
            if os.fork() == 0:
                listener.close()
                os._exit(exit_code(functools.partial(_serve, module, connection)))
            connection.close()


def _serve(module: Any, connection: socket.socket) -> None:
    from ansible.module_utils import basic

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    lines = connection.makefile("r")
    order = json.loads(lines.readline())
    os.dup2(connection.fileno(), 1)
    os.write(1, f"{os.getpid()}\n".encode())
    # Ansible's module wrapper sets these.
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": order["options"]}).encode()
    basic._ANSIBLE_PROFILE = "legacy"
    if order["stepped"]:
        place = str(order["options"].get("path") or "\0")

        def stop(event: str, arguments: tuple[Any, ...]) -> None:
            step = _step(event, arguments, place)
            if step:
                os.write(1, f"STEP {step}\n".encode())
                if lines.readline() != "go\n":
                    os._exit(1)

        sys.addaudithook(stop)
    module.main()


def _step(event: str, arguments: tuple[Any, ...], place: str) -> str | None:
    """The name of a step, None if it is not a step."""
    if event == "http.client.send":
        found = REQUEST.match(bytes(arguments[1]) if isinstance(arguments[1], (bytes, bytearray)) else b"")
        if not found:
            return None
        target = TARGET.search(arguments[1])
        path = found[2].decode().partition("?")[0]
        return target[1].decode() if target else f"{found[1].decode()} {path if 'eyJ' not in path else 'token'}"
    if event in CHANGES and str(arguments[0]).startswith(place):
        return f"{event} {os.path.basename(str(arguments[0]))}"
    return None


def kill_points(steps: list[str]) -> list[int]:
    """Before which steps a kill leaves something that no other kill leaves: the first one, and each that follows a change."""
    return [1, *(number + 1 for number, step in enumerate(steps[:-1], 1) if not READ.fullmatch(step))]


def wait_until(condition: Any, seconds: float = 30) -> None:
    """Wait until a condition is true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not become true"
        time.sleep(0.01)


if __name__ == "__main__":
    main()
