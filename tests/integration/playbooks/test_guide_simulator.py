# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipes of the guides that are not plays: a pytest project with its own simulator, and a cron job in cron's environment."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ..conftest import ROOT
from ..harness.playbook_runner import Player
from .test_guides import blocks

BIN = Path(sys.executable).parent
JOB = re.compile(r"(?P<settings>(?:\w+=.*\n)+)\*/10 \* \* \* \* ngfw (?P<command>.+)\n")


def test_pytest_recipe_passes_and_stops_the_simulator(player: Player, tmp_path: Path) -> None:
    found = blocks(ROOT / "docs/docsite/rst/guide_simulator.rst")
    fixtures, tests = [text for language, text in found if language == "python"]
    (playbook,) = [text for language, text in found if language == "yaml" and "panw.cloud.ngfw_stored_token" in text]
    for name, text in (("conftest.py", fixtures), ("test_tokens.py", tests), ("tokens.yml", playbook)):
        (tmp_path / name).write_text(text)
    programs = tmp_path / "bin"
    programs.mkdir()
    player.program(programs / "ansible-playbook")
    environment = {
        "PATH": f"{programs}:{BIN}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'made'}"]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "2 passed" in run.stdout
    assert not list((tmp_path / "made").rglob("endpoints.json")), "the simulator still runs"


@pytest.mark.parametrize("works", [True, False])
def test_cron_job_prints_its_log_only_on_failure(services: Any, tmp_path: Path, works: bool) -> None:
    """As cron runs it: with sh, in the user's home, and a minimal environment with the settings of the crontab."""
    (text,) = [
        text for _language, text in blocks(ROOT / "docs/docsite/rst/guide_rotation.rst") if "/etc/cron.d" in text
    ]
    job = JOB.search(text)
    assert job
    command = job["command"]
    for place, here in (("/opt/ngfw/bin", BIN), ("/etc/ngfw", tmp_path), ("/var/log/ngfw", tmp_path)):
        assert place in command
        command = command.replace(place, str(here))
    home, point = tmp_path / "home", services.endpoints
    (home / ".aws").mkdir(parents=True)
    (home / ".ansible").mkdir()
    (home / ".ansible/collections").symlink_to(ROOT / ".build")
    for name in ("credentials", "config"):
        (home / ".aws" / name).symlink_to(point[f"{name}_file"])
    account = {
        "aws_region": point["region"],
        "ngfw_role_arn": services.role_arn,
        "manage_tokens_ngfw_url": point["ngfw_url"],
        "ansible_python_interpreter": sys.executable,
        **({"manage_tokens_tokens": [{"admin_role": "rulestack", "name": "/cron/rulestack"}]} if works else {}),
    }
    (tmp_path / "inventory.yml").write_text(yaml.safe_dump({"all": {"hosts": {"account": account}}}))
    settings = dict(line.split("=", 1) for line in job["settings"].splitlines())
    trust = dict.fromkeys(("AWS_CA_BUNDLE", "NGFW_CA_BUNDLE"), point["ca_bundle"])
    environment = {**settings, **trust, "PATH": "/usr/bin:/bin", "HOME": str(home)}
    run = subprocess.run(["/bin/sh", "-c", command], env=environment, capture_output=True, text=True, check=False)
    log = (tmp_path / "last-run").read_text()
    assert run.stderr == ""
    assert run.stdout == ("" if works else log), log
    assert ("failed=0" in log) is works, log
