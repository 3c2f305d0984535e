# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plays of the patterns for AWX, run by the modules of awx.awx against a stand-in for AWX's API."""

from __future__ import annotations

import dataclasses
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from .awx.api import Controller, serving
from .conftest import ROOT
from .playing import Player

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


USUAL = {
    "PATH": os.environ["PATH"],
    "LANG": "C.UTF-8",
    "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
    "ANSIBLE_NOCOLOR": "1",
    "ANSIBLE_PIPELINING": "1",
}


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    made = Player(tmp_path_factory.mktemp("player"), USUAL)
    yield made
    made.stop()


@dataclasses.dataclass
class Patterns:
    """Runs the plays of patterns against an AWX."""

    player: Player
    awx: Controller
    home: Path

    def run(self, playbook: str, **settings: Any) -> subprocess.CompletedProcess[str]:
        (self.home / "settings.yml").write_text(yaml.safe_dump(settings))
        environment = {
            **USUAL,
            "HOME": str(self.home),
            "CONTROLLER_HOST": self.awx.url,
            "CONTROLLER_USERNAME": "admin",
            "CONTROLLER_PASSWORD": self.awx.password,
            "SSL_CERT_FILE": str(self.home / "ca.pem"),
        }
        return self.player.run([str(PATTERNS / playbook), "--extra-vars", f"@{self.home}/settings.yml"], environment)


@pytest.fixture
def patterns(player: Player, awx: Controller, tmp_path: Path) -> Patterns:
    return Patterns(player, awx, tmp_path)


@pytest.mark.parametrize("pattern", NAMES)
def test_setup_twice_changes_nothing_and_teardown_leaves_nothing(patterns: Patterns, pattern: str) -> None:
    awx, setup, teardown = patterns.awx, f"{pattern}/setup.yml", f"{pattern}/teardown.yml"
    first = patterns.run(setup, **SETTINGS)
    assert first.returncode == 0, first.stdout
    made, writes = awx.objects.snapshot(), awx.objects.writes
    assert {one["endpoint"] for one in made} >= {
        "organizations",
        "projects",
        "schedules",
        "workflow_approval_templates",
    }
    second = patterns.run(setup, **SETTINGS)
    assert second.returncode == 0, second.stdout
    assert "changed=0" in second.stdout, second.stdout
    assert awx.objects.writes == writes
    assert awx.objects.snapshot() == made
    gone = patterns.run(teardown, **SETTINGS)
    assert gone.returncode == 0, gone.stdout
    assert "changed=0" not in gone.stdout, gone.stdout
    assert awx.objects.snapshot() == []


def test_an_organisation_of_somebody_else_stays(patterns: Patterns) -> None:
    awx = patterns.awx
    awx.objects.create("organizations", {"name": "Default"})
    before = awx.objects.snapshot()
    gone = patterns.run("wildfire_access/teardown.yml", **SETTINGS, pattern_organization="Default")
    assert gone.returncode == 0, gone.stdout
    assert awx.objects.snapshot() == before


def test_missing_settings_are_told_before_anything_is_asked(patterns: Patterns) -> None:
    refused = patterns.run("ngfw_tokens/setup.yml")
    assert refused.returncode != 0
    assert "pattern_project_url is empty. It names the git repository" in refused.stdout
    assert patterns.awx.objects.writes == 0
