# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that are imported once and run many times: each run is forked from a process that has only done the imports.

C(python fork_server.py KIND ADDRESS) serves the requests of L(fork_client).
"""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import functools
import gc
import importlib
import marshal
import os
import signal
import socket
import sys
import tempfile
import traceback
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from fork_archives import Archive
from fork_caches import Compiled, cache_archives, cache_collections, cache_dependencies, cache_templates, load_plugins
from fork_client import HEAD, settings_of

DIRECTORY = Path(sys.argv[2]).parent  # of temporary files, and the home directory at import
COMPILED = Path(__file__).parents[3] / ".build/compiled"  # shared by all servers of all test processes
POLL = 0.005  # seconds between a playbook's looks at its workers; the default of 0.001 takes a third of its time
SERVICES = ("iam", "secretsmanager", "ssm", "sts")
Run = Callable[[list[str], bytes], object]
"""Runs with arguments and a script."""


@dataclasses.dataclass
class Request:
    """A run. :ivar encoded: its arguments, environment, directory and script. :ivar descriptors: the response's, and the standard ones."""

    encoded: bytes
    descriptors: list[int]

    @classmethod
    def received(cls, line: socket.socket, *, answered: bool) -> Request | None:
        """Receive one; None at the end. :param answered: whether the response is sent over the same line."""
        head, descriptors, _flags, _peer = socket.recv_fds(line, HEAD, 4)
        encoded = line.recv(int.from_bytes(head, "big"), socket.MSG_WAITALL) if head else b""
        if not encoded:
            return None
        return cls(encoded, [os.dup(line.fileno()), *descriptors] if answered else descriptors)

    @property
    def environment(self) -> dict[str, str]:
        """Its environment."""
        return marshal.loads(self.encoded)[1]  # type: ignore[no-any-return]  # noqa: S302 - from fork_client

    @property
    def script(self) -> bytes:
        """Its script, empty if it has none."""
        return marshal.loads(self.encoded)[3]  # type: ignore[no-any-return]  # noqa: S302 - from fork_client

    def forward(self, line: socket.socket) -> None:
        """Send it to another process."""
        socket.send_fds(line, [len(self.encoded).to_bytes(HEAD, "big")], self.descriptors)
        line.sendall(self.encoded)

    def close(self) -> None:
        """Close the descriptors."""
        for descriptor in self.descriptors:
            os.close(descriptor)


class Runs:
    """Runs of one kind. Each is forked from a process that has done the imports of all similar runs, and starts with the first of them.

    :cvar MOST: of these processes; the one that was not used for the longest time ends.
    """

    MOST = 100

    def __init__(self) -> None:
        self._importers: dict[Any, socket.socket] = {}
        self.compiled = Compiled(COMPILED)
        preload_libraries()

    def similar(self, request: Request) -> Any:
        """What determines the imports of a run; None if there is nothing to import."""
        raise NotImplementedError

    def imported(self, request: Request) -> Run:
        """Do the imports and return what runs."""
        raise NotImplementedError

    def handle(self, request: Request) -> None:
        """Start a run."""
        similar = self.similar(request)
        if similar is None:
            fork(request, interpret)
            return
        if similar not in self._importers and len(self._importers) == self.MOST:
            self._importers.pop(next(iter(self._importers))).close()
        importer = self._importers.pop(similar, None) or self._importer(request)
        self._importers[similar] = importer
        request.forward(importer)

    def _importer(self, request: Request) -> socket.socket:
        """Start a process that does the imports and forks runs, not yet that of the request, until this process ends."""
        ours, theirs = socket.socketpair()
        if os.fork():
            theirs.close()
            return ours
        for other in (ours, *self._importers.values()):
            other.close()
        try:
            run = self.imported(request)
            request.close()
            atexit._clear()
            gc.freeze()
            while request := Request.received(theirs, answered=False):
                fork(request, run)
                request.close()
        except BaseException:
            traceback.print_exc()
        os._exit(0)


class Playbooks(Runs):
    """Runs C(ansible-playbook), which reads its configuration at import."""

    MOST = 4

    def similar(self, request: Request) -> Any:
        return frozenset(settings_of(request.environment).items())

    def imported(self, request: Request) -> Run:
        os.environ.clear()
        os.environ.update(request.environment, HOME=str(DIRECTORY))
        with output_of(request):
            from ansible import constants
            from ansible.cli.playbook import PlaybookCLI

            constants.DEFAULT_INTERNAL_POLL_INTERVAL = POLL
            cache_templates(self.compiled)
            cache_collections(self.compiled)
            cache_dependencies(self.compiled)
            load_plugins()
        return lambda arguments, _script: PlaybookCLI.cli_executor(["ansible-playbook", *arguments])


def preload_libraries() -> None:
    """Import what playbooks and modules use, and what does not depend on their settings."""
    for name in ("cryptography.x509", "jinja2", "yaml"):
        importlib.import_module(name)
    preload_sdk()


def preload_sdk() -> None:
    """Import the SDK of AWS and parse its descriptions of the services that runs use: each run would take a fifth of a second for a client."""
    import boto3.session
    import botocore.session
    import requests  # noqa: F401
    import s3transfer.manager  # noqa: F401

    botocore.session.create_loader = functools.cache(botocore.session.create_loader)
    session = boto3.session.Session("-", "-", region_name="us-east-1")
    for service in SERVICES:
        session.client(service)


@contextlib.contextmanager
def output_of(request: Request) -> Iterator[None]:
    """Print warnings about settings and plugins in the run."""
    kept = [os.dup(number) for number in (1, 2)]
    for number in (1, 2):
        os.dup2(request.descriptors[1 + number], number)
    yield
    for number, stream in enumerate((sys.stdout, sys.stderr), 1):
        stream.flush()
        os.dup2(kept[number - 1], number)
        os.close(kept[number - 1])


class Modules(Runs):
    """Runs modules' scripts: imports the module_utils of the archive in the script, those of ansible-core that all modules use only once."""

    def __init__(self) -> None:
        super().__init__()
        cache_archives(self.compiled)
        self._shared: frozenset[tuple[str, int]] = frozenset()

    def similar(self, request: Request) -> Any:
        archive = Archive.in_script(request.script)
        if archive and not self._shared:
            self._shared = archive.shared()
            archive.import_utils(name for name, _checksum in self._shared)
            gc.freeze()
        return archive and archive.files

    def imported(self, request: Request) -> Run:
        archive = Archive.in_script(request.script)
        assert archive
        names = {name for name, _checksum in archive.files}
        assert {file for file in self._shared if file[0] in names} <= archive.files, "ansible-core has changed"
        archive.import_utils(names)
        return interpret


def interpret(arguments: list[str], script: bytes) -> None:
    """Run a script like Python does."""
    path = arguments[0] if arguments and arguments[0] != "-" else ""
    sys.argv = [path or "-", *arguments[1:]]
    sys.path[0] = str(Path(path).parent) if path else ""
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    exec(compile(script, path or "<stdin>", "exec"), main.__dict__)  # noqa: S102 - runs the module that Ansible sent


def fork(request: Request, run: Run) -> None:
    """Run once in a new process."""
    if os.fork() == 0:
        os._exit(_process(request, run))


def _process(request: Request, run: Run) -> int:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    arguments, environment, directory, script = marshal.loads(request.encoded)  # noqa: S302 - from fork_client
    line = socket.socket(fileno=request.descriptors[0])
    for number, descriptor in enumerate(request.descriptors[1:]):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(directory)
    tempfile.tempdir = None  # depends on the environment
    code = exit_code(lambda: run(arguments, script))
    line.sendall(str(code).encode())
    return code


def exit_code(run: Callable[[], object]) -> int:
    """Run like Python does, with exit functions, and return the exit code. Freeing all objects takes longer than most runs: use os._exit."""
    code = 0
    try:
        run()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return code


def serve(kind: type[Runs], address: str) -> None:
    """Serve runs until terminated."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    runs = kind()
    atexit._clear()
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        os.register_at_fork(after_in_child=listener.close)
        print("ready", flush=True)
        while True:
            line, _rest = listener.accept()
            with line:
                request = Request.received(line, answered=True)
            if request:
                runs.handle(request)
                request.close()


if __name__ == "__main__":
    serve({"playbooks": Playbooks, "modules": Modules}[sys.argv[1]], sys.argv[2])
