# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks for rulestacks where an account fails, and in check mode. The scenario policy_as_code has the rest."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ..conftest import ROOT, Controller, Run
from ..roles.test_rulestacks import BRANCHES, POLICY, writes

ACCOUNTS = {"shop": "210987654321", "hub": "123456789012"}


class Organization:
    """An inventory of accounts, the first of which fails, and their policy."""

    def __init__(self, services: Any, controller: Controller) -> None:
        self._controller = controller
        home = controller.home
        self.plans, self.report = home / "plans", home / "report"
        (home / "policy/rulestacks").mkdir(parents=True)
        policy = POLICY.replace("branch-egress", "'{{ account_id }}-egress'")
        (home / "policy/rulestacks/egress.yml").write_text(policy)
        services.ask("POST", "/fleet", name="CloudNGFWAdmin")
        hosts = {name: self._host(account, "CloudNGFWAdmin") for name, account in ACCOUNTS.items()}
        shared = {
            "rulestacks_directory": str(home / "policy"),
            "rulestacks_variables": {"branches": BRANCHES},
            "rulestacks_plans": str(self.plans),
            "rulestacks_report": str(self.report),
            "aws_profile": "simulator",
            "aws_region": "us-east-1",
        }
        content = {"hosts": {"broken": self._host("123456789012", "Missing"), **hosts}, "vars": shared}
        self._inventory = home / "inventory.json"
        self._inventory.write_text(json.dumps({"all": content}))

    @staticmethod
    def _host(account: str, role: str) -> dict[str, str]:
        return {"aws_account_id": account, "ngfw_role_arn": f"arn:aws:iam::{account}:role/{role}"}

    def play(self, playbook: str, *arguments: str) -> Run:
        """Run a playbook."""
        path = ROOT / f"playbooks/{playbook}_rulestacks.yml"
        return self._controller.playbook(path, "-i", str(self._inventory), *arguments, ANSIBLE_SHOW_CUSTOM_STATS="1")

    def reported(self) -> tuple[str, list[str]]:
        """The first word of what the report is about, and its targets."""
        text = self.report.with_suffix(".txt").read_text()
        content = json.loads(self.report.with_suffix(".json").read_text())
        return text.splitlines()[0].split(":")[0], sorted(one["target"] for one in content["plans"])

    def failed(self) -> dict[str, str]:
        """What failed, by target, in the report."""
        found: dict[str, str] = json.loads(self.report.with_suffix(".json").read_text())["failed"]
        return found


@pytest.fixture
def organization(services: Any, controller: Controller) -> Organization:
    return Organization(services, controller)


def existing(controller: Controller) -> list[str]:
    """The accounts that have the rulestack of the policy."""
    tasks = [
        {
            "name": name,
            "panw.cloud.ngfw_rulestack_info": {
                "name": f"{account}-egress",
                "role_arn": f"arn:aws:iam::{account}:role/CloudNGFWAdmin",
                "region": "us-east-1",
            },
        }
        for name, account in ACCOUNTS.items()
    ]
    run = controller.play(*tasks)
    assert run.returncode == 0, run.output
    return [name for name in ACCOUNTS if run.results[name]["rulestacks"]]


def assert_shown(text: str, output: str) -> None:
    """Assert that a text is in the output, which is YAML with its quotes and line breaks before ansible-core 2.19."""
    shown, expected = (" ".join(one.replace("''", "'").split()) for one in (output, text))
    assert expected in shown


def test_failing_account_stops_the_next_batch_and_the_others_are_reported(
    controller: Controller, organization: Organization
) -> None:
    planned = organization.play("plan")
    assert planned.returncode == 2, planned.output
    assert sorted(file.name for file in organization.plans.iterdir()) == ["hub.json", "shop.json"]
    assert organization.reported() == ("Rulestack plan", ["hub", "shop"])
    assert list(organization.failed()) == ["broken"]
    assert_shown(organization.failed()["broken"], planned.output)

    applied = organization.play("apply", "-e", "rulestacks_serial=2")
    assert applied.returncode == 2, applied.output
    assert existing(controller) == ["shop"]
    assert organization.reported() == ("Rulestack changes", ["shop"])

    rest = organization.play(
        "apply", "-e", "rulestacks_replan=true", "-e", "rulestacks_serial=2", "-e", "rulestacks_max_fail_percentage=100"
    )
    assert rest.returncode == 2, rest.output
    assert existing(controller) == ["shop", "hub"]
    assert organization.reported() == ("Rulestack changes", ["hub", "shop"])
    assert list(organization.failed()) == ["broken"]
    assert_shown(organization.failed()["broken"], rest.output)


def test_check_mode_writes_nothing_and_shows_what_would_change(
    services: Any, controller: Controller, organization: Organization
) -> None:
    before, ours = writes(services), ("--limit", "!broken", "--check", "--diff")
    for playbook in (("plan",), ("drift",), ("apply", "-e", "rulestacks_replan=true")):
        run = organization.play(*playbook, *ours)
        assert run.returncode == 0, run.output
        assert run.output.count("+++ after: security rule 'allow-web'") == 2, run.output
    assert not organization.plans.exists()
    assert not list(controller.home.glob("report.*"))

    assert organization.play("plan", "--limit", "!broken").returncode == 0
    predicted = organization.play("apply", *ours)
    assert predicted.returncode == 0, predicted.output
    assert predicted.output.count("+++ after: security rule 'allow-web'") == 2, predicted.output
    assert writes(services) == before
