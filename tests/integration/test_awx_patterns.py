# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plays of the patterns for AWX, run by the modules of awx.awx against a stand-in for AWX's API."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from .awx.api import Controller, serving
from .conftest import ROOT

PATTERNS = ROOT / "extensions/patterns"
NAMES = sorted(path.parent.name for path in PATTERNS.glob("*/setup.yml"))
PLAYBOOKS = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "playbooks").glob("*.yml"))
SETTINGS = {
    "pattern_image": "registry.example.com/panw-cloud:latest",
    "pattern_project_url": "https://git.example.com/panw-cloud.git",
    "pattern_inventory_path": "playbooks/inventory/example.yml",
    "pattern_notification_url": "https://hooks.example.com/awx",
    "pattern_schedules_enabled": True,
    "ngfw_tokens_region": "us-east-1",
}


@pytest.fixture
def awx(tmp_path: Path) -> Iterator[Controller]:
    """AWX as it is when it has just been installed."""
    controller = Controller(PLAYBOOKS)
    with serving(controller, tmp_path):
        yield controller
    assert controller.tokens == {}, "a module did not sign out"


def run(
    awx: Controller, home: Path, playbook: Path, *arguments: str, **settings: Any
) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_PIPELINING": "1",
        "CONTROLLER_HOST": awx.url,
        "CONTROLLER_USERNAME": "admin",
        "CONTROLLER_PASSWORD": awx.password,
        "SSL_CERT_FILE": str(home / "ca.pem"),
    }
    (home / "settings.yml").write_text(yaml.safe_dump(settings))
    program = str(Path(sys.executable).parent / "ansible-playbook")
    return subprocess.run(
        [program, str(playbook), "--extra-vars", f"@{home}/settings.yml", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )


@pytest.mark.parametrize("pattern", NAMES)
def test_setup_twice_changes_nothing_and_teardown_leaves_nothing(awx: Controller, tmp_path: Path, pattern: str) -> None:
    setup, teardown = PATTERNS / pattern / "setup.yml", PATTERNS / pattern / "teardown.yml"
    first = run(awx, tmp_path, setup, **SETTINGS)
    assert first.returncode == 0, first.stdout
    made, writes = awx.objects.snapshot(), awx.objects.writes
    assert {one["endpoint"] for one in made} >= {
        "organizations",
        "projects",
        "schedules",
        "workflow_approval_templates",
    }
    second = run(awx, tmp_path, setup, **SETTINGS)
    assert second.returncode == 0, second.stdout
    assert "changed=0" in second.stdout, second.stdout
    assert awx.objects.writes == writes
    assert awx.objects.snapshot() == made
    gone = run(awx, tmp_path, teardown, **SETTINGS)
    assert gone.returncode == 0, gone.stdout
    assert "changed=0" not in gone.stdout, gone.stdout
    assert awx.objects.snapshot() == []


def test_an_organisation_of_somebody_else_stays(awx: Controller, tmp_path: Path) -> None:
    awx.objects.create("organizations", {"name": "Default"})
    before = awx.objects.snapshot()
    gone = run(awx, tmp_path, PATTERNS / "wildfire_access/teardown.yml", **SETTINGS, pattern_organization="Default")
    assert gone.returncode == 0, gone.stdout
    assert awx.objects.snapshot() == before


def test_missing_settings_are_told_before_anything_is_asked(awx: Controller, tmp_path: Path) -> None:
    refused = run(awx, tmp_path, PATTERNS / "ngfw_tokens/setup.yml")
    assert refused.returncode != 0
    assert "pattern_project_url is empty. It names the git repository" in refused.stdout
    assert awx.objects.writes == 0
