# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A play in C(ansible-navigator): it succeeds, and no secret is in its output, its log or its playbook artifact, which holds all results."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from .conftest import Controller, usual
from .modules.test_secrecy import leaks

NAVIGATOR = Path(sys.executable).with_name("ansible-navigator")


def tasks(arn: str) -> list[dict[str, Any]]:
    """Tasks that hold secrets in results, loops, arguments and failures."""
    token = {"role_arn": arn, "admin_role": "{{ item }}"}
    held = {"token": "{{ item.token }}", "subscription_key": "{{ item.subscription_key }}"}
    return [
        {
            "name": "Get tokens",
            "panw.cloud.ngfw_token": token,
            "loop": ["firewall", "rulestack"],
            "register": "several",
        },
        {
            "name": "Fail with one",
            "panw.cloud.ngfw_token_revoke": {"role_arn": arn, **held, "ngfw_url": "https://127.0.0.1:1"},
            "loop": "{{ several.results[:1] }}",
            "ignore_errors": True,
        },
        {"name": "Create a service account", "panw.cloud.scm_service_account": {"name": "navigator"}},
    ]


def test_playbook_artifact_holds_no_secret(services: Any, controller: Controller) -> None:
    home = controller.home
    play = {"name": "Test", "hosts": "localhost", "connection": "local", "gather_facts": False}
    playbook, artifact = home / "play.yml", home / "artifact.json"
    playbook.write_text(yaml.safe_dump([{**play, "tasks": tasks(services.role_arn)}], sort_keys=False))
    settings = {
        **usual(services),
        **services.administrator,
        "HOME": str(home),
        "TMPDIR": str(home),
        "PATH": f"{NAVIGATOR.parent}:/usr/bin:/bin",
    }
    files = ["--playbook-artifact-save-as", artifact, "--log-file", home / "navigator.log", "--log-level", "debug"]
    command = [NAVIGATOR, "run", playbook, "--execution-environment", "false", "--mode", "stdout", "-vvvv", *files]
    run = subprocess.run(
        command,
        env=settings,
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    (recorded,) = json.loads(artifact.read_text())["plays"]
    results = {task["task"]: task["res"] for task in recorded["tasks"]}
    assert list(results) == [task["name"] for task in tasks("")]
    assert "Connection refused" in run.stdout
    assert results["Create a service account"]["censored"]
    secrets = [*services.secrets(), services.administrator["SCM_CLIENT_SECRET"]]
    assert len(secrets) > 4
    assert leaks(home, run.stdout, secrets) == []
