# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that are imported once and run many times: each run is forked from a process that has only done the imports.

This file is also the program that forks, C(python fork_server.py KIND ADDRESS). Protocol between it and a run's L(send): the three standard
descriptors with the length of the request, the request as JSON (arguments, environment, directory), then the exit code.
"""

from __future__ import annotations

import atexit
import functools
import hashlib
import json
import marshal
import os
import signal
import socket
import sys
import traceback
import types
import zipimport
from collections.abc import Callable
from pathlib import Path
from typing import Any

HEAD = 8  # bytes of the request's length field


def send(
    address: str,
    arguments: list[str],
    environment: dict[str, str],
    descriptors: list[int],
    longest: float | None = None,
) -> int | None:
    """Run once and return the exit code, None if the run ended without one.

    :raises TimeoutError: it took longer than the given seconds.
    """
    order = json.dumps({"arguments": arguments, "environment": environment, "directory": os.getcwd()}).encode()
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(longest)
        line.connect(address)
        socket.send_fds(line, [len(order).to_bytes(HEAD, "big")], descriptors)
        line.sendall(order)
        code = line.recv(16)
    return int(code) if code else None


def playbooks() -> Callable[[list[str]], object]:
    """The main function of C(ansible-playbook)."""
    from ansible.cli.playbook import PlaybookCLI

    return lambda arguments: PlaybookCLI.cli_executor(["ansible-playbook", *arguments])


def modules() -> Callable[[list[str]], object]:
    """Run a module's script from a file or standard input. The SDKs are preloaded, Ansible's code is not: the script brings it."""
    import requests  # noqa: F401
    import s3transfer.manager  # noqa: F401

    preload_sdk_data()
    compile_once(Path(sys.argv[2]).with_name("compiled"))

    def run(arguments: list[str]) -> None:
        path = arguments[0] if arguments and arguments[0] != "-" else ""
        source = Path(path).read_bytes() if path else sys.stdin.buffer.read()
        sys.argv = [path or "-", *arguments[1:]]
        sys.path[0] = str(Path(path).parent) if path else ""
        main = sys.modules["__main__"] = types.ModuleType("__main__")
        exec(compile(source, path or "<stdin>", "exec"), main.__dict__)  # noqa: S102 - runs the module that Ansible sent

    return run


def preload_sdk_data() -> None:
    """Parse the AWS SDK's data files of the services that runs use: each run would take a fifth of a second for a client."""
    import boto3.session
    import botocore.loaders

    loader = botocore.loaders.JSONFileLoader
    loader.load_file = staticmethod(functools.cache(loader().load_file))
    session = boto3.session.Session(region_name="us-east-1")
    for service in ("iam", "secretsmanager", "ssm", "sts"):
        session.client(service)


def compile_once(directory: Path) -> None:
    """Cache the bytecode of modules' archives, which contain only sources: compiling them would take half of a module's time."""
    directory.mkdir(exist_ok=True)
    compile_source = zipimport._compile_source  # type: ignore[attr-defined]

    def compiled(path: str, source: bytes) -> Any:
        file = directory / hashlib.sha256(source).hexdigest()
        if file.exists():
            return marshal.loads(file.read_bytes())  # noqa: S302 - written below
        code = compile_source(path, source)
        new = file.with_suffix(f".{os.getpid()}")
        new.write_bytes(marshal.dumps(code))
        new.rename(file)
        return code

    zipimport._compile_source = compiled  # type: ignore[attr-defined]


def serve(address: str, run: Callable[[list[str]], object]) -> None:
    """Serve runs until terminated."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    atexit._clear()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        print("ready", flush=True)
        while True:
            line, _rest = listener.accept()
            if os.fork() == 0:
                listener.close()
                os._exit(_process(line, run))
            line.close()


def _process(line: socket.socket, run: Callable[[list[str]], object]) -> int:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    head, descriptors, _flags, _peer = socket.recv_fds(line, HEAD, 3)
    order = json.loads(line.recv(int.from_bytes(head, "big"), socket.MSG_WAITALL))
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["directory"])
    code = 0
    try:
        run(order["arguments"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    line.sendall(str(code).encode())
    return code


if __name__ == "__main__":
    serve(sys.argv[2], {"playbooks": playbooks, "modules": modules}[sys.argv[1]]())
