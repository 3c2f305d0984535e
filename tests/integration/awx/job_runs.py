# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs that run playbooks, with the environment that credential types inject, and the variables that AWX passes."""

from __future__ import annotations

import json
import re
import subprocess
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ansible.parsing.dataloader import DataLoader

from ..conftest import ROOT
from ..harness.playbook_runner import Player
from .credentials import AWS, environment
from .variables import written

# Set by credentials; the rest of the simulated services' environment belongs to the execution environment.
FROM_CREDENTIALS = ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "AWS_REGION", "NGFW_URL", "SCM_TSG_ID")
SETTINGS = {"ANSIBLE_SHOW_CUSTOM_STATS": "1", "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"}


def described(pattern: str) -> dict[str, Any]:
    """The variables of a pattern's plays."""
    directory = ROOT / "extensions/patterns" / pattern
    (play,) = DataLoader().load_from_file(str(directory / "setup.yml"))
    found: dict[str, Any] = {}
    for file in play["vars_files"]:
        found |= DataLoader().load_from_file(str(directory / file))
    return found


def credential_type(pattern: str) -> dict[str, Any]:
    """The credential type of a pattern."""
    (kind,) = described(pattern)["pattern_credential_types"]
    return dict(kind)


def keys(services: Any) -> dict[str, str]:
    """The access keys, as users enter them in AWX's credential for AWS."""
    lines = Path(services.endpoints["credentials_file"]).read_text()
    key_id, secret = (
        re.search(rf"^{name}\s*=\s*(\S+)$", lines, re.MULTILINE)
        for name in ("aws_access_key_id", "aws_secret_access_key")
    )
    assert key_id
    assert secret
    return {"username": key_id.group(1), "password": secret.group(1), "security_token": ""}


class Jobs:
    """Jobs with the same credentials and inventory."""

    def __init__(
        self, player: Player, services: Any, home: Path, injected: dict[str, str], inventory: dict[str, Any]
    ) -> None:
        self.home, self.number, self._player = home, 40, player
        self._running = ThreadPoolExecutor()
        around = {name: value for name, value in services.environment().items() if name not in FROM_CREDENTIALS}
        plain = json.loads(json.dumps(injected))  # without the tags of ansible-core
        self.environment = {**around, **SETTINGS, "HOME": str(home), **plain}
        self.inventory = home / "inventory.json"
        self.inventory.write_text(json.dumps(inventory))
        self.artifacts: dict[str, Any] = {}

    def start(self, playbook: Path, **variables: Any) -> Future[subprocess.CompletedProcess[str]]:
        """Start a job with a job number, the artifacts of earlier jobs, and its variables as AWX writes them."""
        self.number += 1
        about = {"awx_job_id": self.number, "awx_job_launch_type": "workflow", "awx_user_name": "20261127"}
        file = self.home / f"variables{self.number}.yml"
        file.write_text(written({**self.artifacts, **variables, **about}))
        arguments = [str(playbook), "-i", str(self.inventory), "-vvvv", "--extra-vars", f"@{file}"]
        return self._running.submit(self._player.run, arguments, self.environment)

    def run(self, playbook: Path, *, status: int = 0, **variables: Any) -> str:
        """Run a job to its end."""
        done = self.start(playbook, **variables).result()
        output = done.stdout
        assert done.returncode == status, output
        passed = re.search(r"^\tRUN: (\{.*\})$", output, re.MULTILINE)
        self.artifacts |= json.loads(passed.group(1)) if passed else {}
        return output

    @property
    def passed(self) -> dict[str, Any]:
        """The statistics that the last job published."""
        names = [f"{prefix}_{self.number}" for prefix in ("cloud_ngfw", "cloud_ngfw_rulestacks")]
        (found,) = [self.artifacts[name] for name in names if name in self.artifacts]
        return dict(found)


def injected(pattern: str, services: Any) -> dict[str, str]:
    """The environment of the credentials of a pattern for Cloud NGFW."""
    point = services.endpoints
    inputs = {
        "region": point["region"],
        "role_arn": services.role_arn,
        "external_id": "",
        "url": point["ngfw_url"],
    }
    return environment(credential_type(pattern), inputs) | environment(AWS, keys(services))
