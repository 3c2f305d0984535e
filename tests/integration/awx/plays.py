# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the plays of the patterns with the modules of awx.awx against the simulated service."""

from __future__ import annotations

import dataclasses
import os
import pickle
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.panw.cloud.tests.helpers.workers import shared_by_workers

from ..conftest import ROOT
from ..harness.playbook_runner import Player
from .api import Controller, serving
from .objects import Objects
from .syncs import Repository

PATTERNS = ROOT / "extensions/patterns"
SETTINGS = {
    "pattern_image": "registry.example.com/panw-cloud:latest",
    "pattern_project_url": "https://git.example.com/panw-cloud.git",
    "pattern_inventory_path": "accounts.yml",
    "pattern_notification_url": "https://hooks.example.com/awx",
    "ngfw_tokens_region": "us-east-1",
}
USUAL = {
    "PATH": os.environ["PATH"],
    "LANG": "C.UTF-8",
    "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
    "ANSIBLE_NOCOLOR": "1",
    "ANSIBLE_PIPELINING": "1",
}
ACCOUNTS = ("bank", "mall", "shop_production", "shop_staging", "shop_test")


def repository(directory: Path, hosts: dict[str, Any] | None = None) -> Repository:
    """A git repository with this collection's playbooks and an inventory."""
    directory.mkdir(exist_ok=True)
    (directory / "playbooks").symlink_to(ROOT / "playbooks")
    accounts = hosts or {name: {} for name in ACCOUNTS}
    shop = {name: {} for name in accounts if name.startswith("shop")}
    inventory = {
        "all": {"vars": {"ansible_connection": "local"}, "hosts": accounts, "children": {"shop": {"hosts": shop}}}
    }
    (directory / "accounts.yml").write_text(yaml.safe_dump(inventory))
    return Repository(directory)


@dataclasses.dataclass
class Patterns:
    """Runs the plays of patterns against the simulated AWX."""

    player: Player
    awx: Controller
    home: Path

    def run(
        self, playbook: str, *arguments: str, person: str = "admin", **settings: Any
    ) -> subprocess.CompletedProcess[str]:
        """Run a play with settings."""
        (self.home / "settings.yml").write_text(yaml.safe_dump(settings))
        environment = {
            **USUAL,
            "HOME": str(self.home),
            "CONTROLLER_HOST": self.awx.url,
            "CONTROLLER_USERNAME": person,
            "CONTROLLER_PASSWORD": self.awx.password,
            "SSL_CERT_FILE": str(self.home / "ca.pem"),
        }
        given = ["--extra-vars", f"@{self.home}/settings.yml", *arguments]
        return self.player.run([str(PATTERNS / playbook), *given], environment)


def installed(factory: pytest.TempPathFactory, player: Player, pattern: str) -> Objects:
    """The objects of AWX after the setup of a pattern. All workers of a test run share one setup."""
    with shared_by_workers(factory, f"installed-{pattern}") as shared:
        if not shared.exists():
            home = factory.mktemp(pattern)
            awx = Controller(repository(home / "repository"))
            with serving(awx, home):
                done = Patterns(player, awx, home).run(f"{pattern}/setup.yml", **SETTINGS)
            assert done.returncode == 0, done.stdout
            shared.write_bytes(pickle.dumps(awx.objects))
    found: Objects = pickle.loads(shared.read_bytes())  # noqa: S301 - written by a worker of this test run
    return found
