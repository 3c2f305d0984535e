# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated services in a separate process: their endpoints, call counts and CPU time."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
from botocore.credentials import Credentials

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "roles/simulator/files"
DISTANT = {"ngfw": 0.2, "sts": 0.05, "secretsmanager": 0.03}  # seconds of each call


class SimulatedServices:
    """Running simulated services.

    :param directory: their state directory.
    """

    def __init__(self, directory: Path) -> None:
        self.endpoints: dict[str, Any] = json.loads((directory / "endpoints.json").read_text())
        lines = (directory / "credentials").read_text().splitlines()
        held = dict(line.split(" = ") for line in lines if " = " in line)
        self.user = Credentials(held["aws_access_key_id"], held["aws_secret_access_key"])

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """Call the administrative interface."""
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(method, self.endpoints["admin_url"] + path, json=body or None, timeout=600)
        answer.raise_for_status()
        return answer.json()

    @contextlib.contextmanager
    def distant(self) -> Iterator[None]:
        """Respond as if from another continent until the end of the block."""
        for service, seconds in DISTANT.items():
            self.ask("POST", "/faults", service=service, kind="latency", seconds=seconds, times=None)
        try:
            yield
        finally:
            self.ask("DELETE", "/faults")

    def calls(self) -> dict[str, int]:
        """Requests since the last call of this method, by route."""
        state = self.ask("GET", "/state")
        self.ask("DELETE", "/calls")
        return {**state["aws_calls"], **state["calls"]}

    def cpu(self) -> float:
        """CPU seconds so far, of all threads."""
        fields = Path(f"/proc/{self.endpoints['pid']}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def environment(self, home: Path) -> dict[str, str]:
        """The environment of a client that uses these services."""
        point = self.endpoints
        return {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "AWS_PROFILE": "simulator",
            "AWS_SHARED_CREDENTIALS_FILE": point["credentials_file"],
            "AWS_CONFIG_FILE": point["config_file"],
            "AWS_CA_BUNDLE": point["ca_bundle"],
            "AWS_ENDPOINT_URL": point["aws_url"],
            "AWS_REGION": point["region"],
            "AWS_EC2_METADATA_DISABLED": "true",
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build"),
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        }


@contextlib.contextmanager
def started(seed: Path | None = None) -> Iterator[SimulatedServices]:
    """Run simulated services until the end of the block. :param seed: a file with initial data."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name) / "simulated services"
        more = ["--seed", str(seed)] if seed else []
        subprocess.run([sys.executable, str(FILES / "launch.py"), "--state-dir", str(directory), *more], check=True)
        found = SimulatedServices(directory)
        try:
            yield found
        finally:
            pid = found.endpoints["pid"]
            os.kill(pid, 15)
            with contextlib.suppress(ProcessLookupError):
                while directory.joinpath("endpoints.json").exists():
                    os.kill(pid, 0)
