# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet is rotated once and statistics are published once, under every strategy and for every outcome."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
import yaml

from ..conftest import ROOT, Controller

NO_ROLE = "arn:aws:iam::123456789012:role/Missing"
STATS = {"ANSIBLE_SHOW_CUSTOM_STATS": "1", "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"}
FREE = {**STATS, "ANSIBLE_STRATEGY": "free"}


def inventory(controller: Controller, services: Any, hosts: int = 3, missing: tuple[int, ...] = ()) -> str:
    """An inventory of accounts with two tokens each. :param missing: accounts whose IAM role does not exist."""
    prefix = uuid.uuid4().hex[:8]
    accounts = {
        f"account{number}": {
            "ngfw_role_arn": NO_ROLE if number in missing else services.role_arn,
            "manage_tokens_tokens": [
                {"admin_role": role, "name": f"{prefix}/{number}/{role}"} for role in ("firewall", "rulestack")
            ],
        }
        for number in range(hosts)
    }
    shared = {"aws_region": services.endpoints["region"], "aws_profile": "simulator"}
    path = controller.home / f"{prefix}.json"
    path.write_text(json.dumps({"all": {"hosts": accounts, "vars": shared}}))
    return str(path)


def published(output: str) -> dict[str, Any]:
    """The published statistics, as AWX receives them."""
    found = re.findall(r"^\tRUN: (\{.*\})$", output, re.MULTILINE)
    assert len(found) == 1, output
    return dict(json.loads(found[0])["cloud_ngfw_run"])


def own_play(controller: Controller, *tasks: dict[str, Any], **keywords: Any) -> Path:
    """Write a custom play."""
    path = controller.home / "own.yml"
    play = {"hosts": "all", "connection": "local", "gather_facts": False, "tasks": list(tasks), **keywords}
    path.write_text(yaml.safe_dump([play]))
    return path


def rotate(include: str = "import_role", **variables: Any) -> dict[str, Any]:
    """A task that rotates the fleet."""
    given = {"manage_tokens_fleet": True, "manage_tokens_state": "rotated", **variables}
    return {include: {"name": "panw.cloud.manage_tokens"}, "vars": given}


@pytest.mark.parametrize(
    ("include", "keywords", "arguments", "issued"),
    [
        ("include_role", {}, (), 6 + 6),
        ("include_role", {"strategy": "free"}, (), 6 + 6),
        ("import_role", {"strategy": "free"}, (), 6 + 6),
        ("import_role", {"strategy": "host_pinned"}, (), 6 + 6),
        ("import_role", {"serial": 2}, (), 4 + 4 + 2 + 2),
        ("import_role", {"strategy": "free", "serial": 2}, ("--limit", "account1,account2"), 4 + 4),
    ],
    ids=["linear", "free", "free, imported", "host_pinned", "serial", "limit"],
)
def test_fleet_under_every_strategy_is_rotated_once(
    services: Any, controller: Controller, include: str, keywords: Any, arguments: Any, issued: int
) -> None:
    """Once for each rotation task of the play."""
    before = services.state["issued"]
    play = own_play(controller, rotate(include), rotate(include), **keywords)
    run = controller.playbook(play, "-i", inventory(controller, services), *arguments)
    assert run.returncode == 0, run.output
    assert services.state["issued"] - before == issued, run.output


def test_fleet_after_a_failure_of_the_first_host_is_rotated_by_another(services: Any, controller: Controller) -> None:
    fail = {"ansible.builtin.fail": {"msg": "on purpose"}, "when": "inventory_hostname == 'account0'"}
    before = services.state["issued"]
    play = own_play(controller, rotate(), fail, rotate())
    run = controller.playbook(play, "-i", inventory(controller, services))
    assert services.state["issued"] - before == 6 + 4, run.output


@pytest.mark.parametrize("strategy", ["free", "host_pinned"])
def test_failed_fleet_is_not_rotated_again_for_late_hosts(services: Any, controller: Controller, strategy: str) -> None:
    report = controller.home / "report"
    wait = {"ansible.builtin.wait_for": {"path": f"{report}.json"}, "when": "inventory_hostname == 'account2'"}
    before = services.state["issued"]
    play = own_play(controller, wait, rotate(manage_tokens_report=str(report)), strategy=strategy)
    run = controller.playbook(play, "-i", inventory(controller, services, missing=(1,)))
    assert run.returncode != 0
    assert services.state["issued"] - before == 4, run.output


ENDS = {
    "good": ((), {"accounts_failed": 0, "tokens": 6, "tokens_failed": 0, "tokens_changed": 6}),
    "one failed": ((1,), {"accounts_failed": 1, "tokens": 6, "tokens_failed": 2, "tokens_changed": 4}),
    "first failed": ((0,), {"accounts_failed": 1, "tokens": 6, "tokens_failed": 2, "tokens_changed": 4}),
    "all failed": ((0, 1, 2), {"accounts_failed": 3, "tokens": 6, "tokens_failed": 6, "tokens_changed": 0}),
}


@pytest.mark.parametrize("playbook", ["rotate_fleet", "issue_tokens"])
@pytest.mark.parametrize("end", ENDS)
def test_statistics_are_published_for_every_outcome(
    services: Any, controller: Controller, playbook: str, end: str
) -> None:
    missing, counts = ENDS[end]
    hosts = inventory(controller, services, missing=missing)
    run = controller.playbook(ROOT / f"playbooks/{playbook}.yml", "-i", hosts, **FREE)
    assert (run.returncode == 0) == (not missing), run.output
    reported = published(run.output)
    assert {name: reported[name] for name in counts} == counts, run.output
    assert bool(reported["first_expiry"]) == (len(missing) < 3)
    assert "FAILED" not in run.output.partition("TASK [Publish job statistics]")[2], "no second failure"


@pytest.mark.parametrize("playbook", ["rotate_fleet", "verify_tokens"])
def test_statistics_with_an_incomplete_inventory_are_published(
    services: Any, controller: Controller, playbook: str
) -> None:
    hosts = Path(inventory(controller, services))
    content = json.loads(hosts.read_text())
    for account in content["all"]["hosts"].values():
        del account["ngfw_role_arn"]
    hosts.write_text(json.dumps(content))
    run = controller.playbook(ROOT / f"playbooks/{playbook}.yml", "-i", str(hosts), **STATS)
    assert run.returncode != 0
    reported = published(run.output)
    assert (reported["accounts"], reported["accounts_failed"], reported["tokens"]) == (3, 3, 0), run.output


def test_rotate_fleet_in_check_mode_publishes_due_tokens(services: Any, controller: Controller) -> None:
    run = controller.playbook(
        ROOT / "playbooks/rotate_fleet.yml", "-i", inventory(controller, services), "--check", **STATS
    )
    assert run.returncode == 0, run.output
    assert published(run.output)["tokens_changed"] == 6
