# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plays of the AWX patterns, run with the modules of awx.awx against a simulated AWX API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..harness.playbook_runner import Player
from .api import Controller, serving
from .permissions import Person
from .plays import PATTERNS, SETTINGS, Patterns, installed, repository

NAMES = sorted(path.parent.name for path in PATTERNS.glob("*/setup.yml"))


@pytest.fixture
def awx(tmp_path: Path) -> Iterator[Controller]:
    """A newly installed AWX."""
    controller = Controller(repository(tmp_path / "repository"))
    with serving(controller, tmp_path):
        yield controller
    assert controller.tokens == {}, "a module did not sign out"


@pytest.fixture
def patterns(player: Player, awx: Controller, tmp_path: Path) -> Patterns:
    return Patterns(player, awx, tmp_path)


def import_inventory(awx: Controller) -> None:
    """Update the inventory source, as each job does before it starts."""
    (source,) = awx.objects.find("inventory_sources", {})
    project, inventory = awx.objects.get(source["source_project"]), awx.objects.get(source["inventory"])
    assert awx.objects.syncs.source(source, project, inventory).ok


def change_as_users_do(awx: Controller) -> None:
    """Enable and move schedules, enter secrets, and set a variable of the inventory."""
    objects = awx.objects
    for schedule in objects.find("schedules", {}):
        rule = "DTSTART:20270101T120000Z RRULE:FREQ=DAILY;INTERVAL=1"
        objects.update(schedule, {"enabled": not schedule["enabled"], "rrule": rule})
    for credential in objects.find("credentials", {}):
        if credential["name"].endswith("AWS"):
            objects.update(credential, {"inputs": {"username": "AKIA", "password": "typed"}})
    (inventory,) = objects.find("inventories", {})
    variables = {**json.loads(inventory["variables"] or "{}"), "typed": "in AWX"}
    objects.update(inventory, {"variables": json.dumps(variables)})


@pytest.mark.parametrize("pattern", NAMES)
def test_second_setup_keeps_changes_of_jobs_and_users_and_teardown_removes_all(
    patterns: Patterns, pattern: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    awx, setup, teardown = patterns.awx, f"{pattern}/setup.yml", f"{pattern}/teardown.yml"
    awx.objects = installed(tmp_path_factory, patterns.player, pattern)
    assert {one["endpoint"] for one in awx.objects.snapshot()} >= {
        "organizations",
        "projects",
        "schedules",
        "teams",
        "workflow_approval_templates",
    }
    import_inventory(awx)
    change_as_users_do(awx)
    made, writes = awx.objects.snapshot(), awx.objects.writes
    again = patterns.run(setup, **SETTINGS, pattern_schedules_enabled=False)
    assert again.returncode == 0, again.stdout
    assert "changed=0" in again.stdout, again.stdout
    assert awx.objects.writes == writes
    assert awx.objects.snapshot() == made
    gone = patterns.run(teardown, **SETTINGS)
    assert gone.returncode == 0, gone.stdout
    assert "changed=0" not in gone.stdout, gone.stdout
    assert awx.objects.snapshot() == []


def test_setup_after_a_failed_checkout_succeeds_and_check_mode_works_at_each_step(patterns: Patterns) -> None:
    awx, setup = patterns.awx, "wildfire_access/setup.yml"
    settings = {**SETTINGS, "pattern_image_credential": "Registry", "pattern_galaxy_credentials": ["Ansible Galaxy"]}
    for name, kind in (
        ("Registry", "Container Registry"),
        ("Ansible Galaxy", "Ansible Galaxy/Automation Hub API Token"),
    ):
        awx.objects.create(
            "credentials", {"name": name, "credential_type": awx.objects.named("credential_types", kind)["id"]}
        )

    def check() -> None:
        writes, syncs = awx.objects.writes, len(awx.objects.syncs.done)
        checked = patterns.run(setup, "--check", **settings)
        assert checked.returncode == 0, checked.stdout
        assert "Check mode ends here" in checked.stdout
        assert (awx.objects.writes, len(awx.objects.syncs.done)) == (writes, syncs)

    check()
    awx.objects.syncs.repository.reachable = False
    failed = patterns.run(setup, **settings)
    assert failed.returncode != 0
    assert "run the setup again" in failed.stdout
    assert awx.objects.find("job_templates", {}) == []
    check()
    awx.objects.syncs.repository.reachable = True
    done = patterns.run(setup, **settings)
    assert done.returncode == 0, done.stdout
    assert len(awx.objects.find("job_templates", {})) == 2
    organization = awx.objects.named("organizations", "WildFire")
    assert [one["name"] for one in awx.objects.links(organization["id"], "galaxy_credentials")] == ["Ansible Galaxy"]
    environment = awx.objects.named("execution_environments", "WildFire")
    assert awx.objects.get(environment["credential"])["name"] == "Registry"
    checked = patterns.run(setup, "--check", **settings)
    assert "changed=0" in checked.stdout, checked.stdout
    assert "Check mode ends here" not in checked.stdout


def test_setup_by_an_organization_administrator_is_rejected(patterns: Patterns) -> None:
    awx = patterns.awx
    organization = awx.objects.create("organizations", {"name": "WildFire"})
    awx.people["dana"] = Person("dana", administers={organization["id"]})
    refused = patterns.run("wildfire_access/setup.yml", person="dana", **SETTINGS)
    assert refused.returncode != 0
    assert "You don't have permission to POST to /api/v2/credential_types/" in refused.stdout


def test_teardown_with_a_foreign_organization_keeps_it(patterns: Patterns) -> None:
    awx = patterns.awx
    awx.objects.create("organizations", {"name": "Default"})
    before = awx.objects.snapshot()
    gone = patterns.run("wildfire_access/teardown.yml", **SETTINGS, pattern_organization="Default")
    assert gone.returncode == 0, gone.stdout
    assert awx.objects.snapshot() == before


def test_teardown_keeps_a_credential_type_that_others_use(
    patterns: Patterns, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Patterns share types, and AWX deletes none that is in use."""
    awx = patterns.awx
    awx.objects = installed(tmp_path_factory, patterns.player, "wildfire_access")
    kind = awx.objects.named("credential_types", "Strata Cloud Manager")
    awx.objects.create("credentials", {"name": "of another pattern", "credential_type": kind["id"]})
    gone = patterns.run("wildfire_access/teardown.yml", **SETTINGS)
    assert gone.returncode == 0, gone.stdout
    assert "AWX keeps the credential type Strata Cloud Manager." in gone.stdout
    left = {one["name"] for one in awx.objects.snapshot()}
    assert left == {"Strata Cloud Manager", "of another pattern"}


def test_setup_without_settings_names_them_before_any_change(patterns: Patterns) -> None:
    refused = patterns.run("ngfw_tokens/setup.yml")
    assert refused.returncode != 0
    assert "pattern_project_url is empty. Set it to the URL of the git repository" in refused.stdout
    assert patterns.awx.objects.writes == 0
