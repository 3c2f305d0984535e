# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask L(fork_server) for a run.

Each task of a playbook starts a Python that imports this file, so it imports only what is built in: C(socket) and C(json) would
take twice as long as Python itself.

A request is the standard descriptors with its length, then the request in C(marshal)'s format; the response is the exit code.
"""

from __future__ import annotations

import _socket
import marshal
import os
import sys

HEAD = 8  # bytes of the request's length


def send(
    address: str,
    arguments: list[str],
    environment: dict[str, str],
    descriptors: list[int],
    *,
    script: bytes = b"",
    longest: float | None = None,
) -> int | None:
    """Run once and return the exit code, None if the run ended without one.

    :param script: what to run, if the server runs scripts.
    :raises TimeoutError: it took longer than the given seconds.
    """
    request = marshal.dumps((arguments, environment, os.getcwd(), script))
    passed = b"".join(descriptor.to_bytes(4, sys.byteorder) for descriptor in descriptors)
    line = _socket.socket(_socket.AF_UNIX)
    try:
        line.settimeout(longest)
        line.connect(address)
        rights = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, passed)]
        line.sendmsg([len(request).to_bytes(HEAD, "big")], rights)
        line.sendall(request)
        code = line.recv(16)
    finally:
        line.close()
    return int(code) if code else None


def settings_of(environment: dict[str, str]) -> dict[str, str]:
    """The settings that ansible-core reads at import."""
    return {name: value for name, value in environment.items() if name.startswith("ANSIBLE_")}


def play(address: str, arguments: list[str]) -> int:
    """Run C(ansible-playbook) with this process's environment and descriptors, and return its exit code."""
    code = send(address, arguments, dict(os.environ), [0, 1, 2])
    return 1 if code is None else code


def interpret(address: str, arguments: list[str]) -> int:
    """Run a script from a file or from standard input, the two ways in which Ansible runs modules, and return its exit code."""
    source = arguments[0] if arguments and arguments[0] != "-" else 0
    with open(source, "rb", closefd=bool(source)) as file:
        script = file.read()
    code = send(address, arguments, dict(os.environ), [0, 1, 2], script=script)
    return 1 if code is None else code
