# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs as AWX runs them: C(ansible-runner transmit) packs one, a remote worker runs it and streams back events, and C(process) reads them.

They are connected by a pipe or, if the C(receptor) program is installed, by a mesh of two receptor nodes as in AWX.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .crash_harness import wait_until

BIN = Path(sys.executable).parent
RECEPTOR = shutil.which("receptor")
TRANSPORTS = ["pipe", *(["receptor"] if RECEPTOR else [])]
# $1: the job's directory, $2: the playbook, the rest: the worker's command. Both streams are saved and searched for secrets.
PIPELINE = """
set -euo pipefail
job=$1 playbook=$2
shift 2
ansible-runner transmit "$job" --playbook "$playbook" | tee "$job/sent" | "$@" | tee "$job/returned" | ansible-runner process "$job"
"""


def slices(hosts: Mapping[str, Any], count: int) -> list[dict[str, Any]]:
    """The hosts of an inventory in slices, distributed like AWX does."""
    names = sorted(hosts)
    return [{name: hosts[name] for name in names[number::count]} for number in range(count)]


class Job:
    """A playbook that runs on a worker.

    :param directory: an empty directory for this job.
    """

    def __init__(self, directory: Path, hosts: Mapping[str, Any], variables: Mapping[str, Any]) -> None:
        self._directory = directory
        self._process: subprocess.Popen[str] | None = None
        for name in ("project", "inventory", "env"):
            (directory / name).mkdir(parents=True)
        (directory / "inventory/hosts.json").write_text(json.dumps({"all": {"hosts": hosts}}))
        self.report = directory / "report"
        (directory / "env/extravars").write_text(json.dumps({**variables, "manage_tokens_report": str(self.report)}))

    def start(self, playbook: str, worker: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start it on a worker. :param environment: of the job."""
        path = f"{BIN}:{os.environ['PATH']}"
        (self._directory / "env/envvars").write_text(json.dumps({**environment, "PATH": path}))
        command = ["bash", "-c", PIPELINE, "job", str(self._directory), playbook, *worker]
        here = {"PATH": path, "HOME": str(self._directory), "LANG": "C.UTF-8"}
        self._process = subprocess.Popen(
            command, env=here, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self._directory
        )

    def finish(self) -> dict[str, Any]:
        """Wait for the end and return the rotation report."""
        assert self._process
        output, _rest = self._process.communicate(timeout=300)
        assert self._process.returncode == 0, output
        events = [json.loads(path.read_text()) for path in self._directory.glob("artifacts/job_events/*.json")]
        assert "playbook_on_stats" in {event["event"] for event in events}, output
        assert "\x1b[K" not in output, "a progress bar in a noninteractive run"
        found: dict[str, Any] = json.loads(self.report.with_suffix(".json").read_text())
        return found

    def texts(self) -> Iterator[str]:
        """All data that was sent, returned and written."""
        for path in self._directory.rglob("*"):
            if path.is_file() and not path.is_symlink():
                yield path.read_text(errors="replace")


@contextlib.contextmanager
def worker(transport: str, directory: Path) -> Iterator[list[str]]:
    """The command that reads a job from standard input and writes events to standard output."""
    if transport == "pipe":
        yield ["ansible-runner", "worker"]
        return
    with _mesh(directory) as control:
        yield ["receptorctl", "--socket", control, "work", "submit", "ansible-runner", "--node", "execution",
               "--follow", "--payload", "-"]  # fmt: skip


@contextlib.contextmanager
def _mesh(directory: Path) -> Iterator[str]:
    """Start two nodes on loopback and return the control socket."""
    assert RECEPTOR
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    sockets = {name: directory / f"{name}.sock" for name in ("control", "execution")}
    work = {"worktype": "ansible-runner", "command": str(BIN / "ansible-runner"), "params": "worker"}
    nodes = {
        "control": [{"tcp-listener": {"bindaddr": "127.0.0.1", "port": port}}],
        "execution": [{"tcp-peer": {"address": f"127.0.0.1:{port}"}}, {"work-command": work}],
    }
    environment = {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(directory)}
    with contextlib.ExitStack() as stack:
        for name, services in nodes.items():
            service = {"control-service": {"service": "control", "filename": str(sockets[name])}}
            config, log = directory / f"{name}.json", stack.enter_context((directory / f"{name}.log").open("w"))
            config.write_text(json.dumps([{"node": {"id": name, "datadir": str(directory)}}, service, *services]))
            command = [RECEPTOR, "--config", str(config)]
            process = stack.enter_context(subprocess.Popen(command, env=environment, stdout=log, stderr=log))
            stack.callback(process.terminate)
            wait_until(sockets[name].exists)
        ping = [BIN / "receptorctl", "--socket", str(sockets["control"]), "ping", "execution", "--count", "1"]
        wait_until(lambda: subprocess.run(ping, capture_output=True, check=False).returncode == 0)
        yield str(sockets["control"])
