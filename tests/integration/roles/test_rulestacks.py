# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role rulestacks: what it refuses, plans that are outdated, exports, and the ways back. The scenario policy_as_code has the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ..conftest import Controller, Run

POLICY = """\
name: branch-egress
prefix_lists:
  - name: branches
    prefixes: "{{ branches }}"
rules:
  - name: allow-web
    source: {prefix_lists: [branches]}
    destination: {cidrs: [any]}
    applications: [ssl]
    action: Allow
"""
BRANCHES = ["10.60.0.0/16"]
WRITES = ("POST", "PUT", "PATCH", "DELETE")


def writes(services: Any) -> int:
    """How many calls have changed rulestacks."""
    calls = services.state["calls"]
    return sum(count for call, count in calls.items() if call.startswith(WRITES) and "/rulestacks" in call)


class Role:
    """Runs the role on a directory. Each run is a process of its own."""

    def __init__(self, services: Any, controller: Controller) -> None:
        self.services, self.controller = services, controller
        self.directory, self.plans = controller.home / "policy", controller.home / "plans"
        (self.directory / "rulestacks").mkdir(parents=True)
        (self.directory / "rulestacks/egress.yml").write_text(POLICY)
        self.plan = self.plans / "localhost.json"

    def __call__(self, action: str, *arguments: str, **variables: Any) -> Run:
        """Run it. :param variables: without the prefix; those that are None are not set."""
        given = {
            "action": action,
            "directory": str(self.directory),
            "plans": str(self.plans),
            "role_arn": self.services.role_arn,
            "variables": {"branches": BRANCHES},
            **variables,
        }
        task = {
            "ansible.builtin.include_role": {"name": "panw.cloud.rulestacks"},
            "vars": {f"rulestacks_{name}": value for name, value in given.items() if value is not None},
        }
        return self.controller.play(task, arguments=arguments)

    def done(self, action: str, *arguments: str, **variables: Any) -> Run:
        """Run it; it succeeds."""
        run = self(action, *arguments, **variables)
        assert run.returncode == 0, run.output
        return run

    def refused(self, action: str, **variables: Any) -> str:
        """Run it; it fails without a write. Return the output on one line, without YAML's double quotes."""
        before = writes(self.services)
        run = self(action, **variables)
        assert run.returncode == 2, run.output
        assert writes(self.services) == before
        return " ".join(run.output.split()).replace("''", "'")

    def other_client(self, module: str, **options: Any) -> None:
        """Change the rulestack as another client does."""
        connection = {"role_arn": self.services.role_arn, "region": "us-east-1", "rulestack": "branch-egress"}
        run = self.controller.play({f"panw.cloud.{module}": {**connection, **options}})
        assert run.returncode == 0, run.output

    def prefixes(self) -> list[list[str]]:
        """The prefixes of each prefix list of the rulestack that was planned, as candidate."""
        options = {"role_arn": self.services.role_arn, "region": "us-east-1", "name": "branch-egress"}
        run = self.controller.play(
            {"name": "read", "panw.cloud.ngfw_rulestack_info": {**options, "gather": ["prefix_lists"]}}
        )
        assert run.returncode == 0, run.output
        return [
            one["candidate"]["prefix_list"]
            for rulestack in run.results["read"]["rulestacks"]
            for one in rulestack["prefix_lists"]
        ]


@pytest.fixture
def role(services: Any, controller: Controller) -> Role:
    """The role on a policy of one rulestack."""
    return Role(services, controller)


@pytest.mark.parametrize(
    ("action", "variables", "message"),
    [
        ("aply", {}, "must be one of: validate, plan, apply, drift, rollback, export, got: aply"),
        ("plan", {"directory": None, "plans": None}, "plan needs rulestacks_directory and rulestacks_plans."),
        ("apply", {"plans": None, "role_arn": None}, "apply needs rulestacks_plans and rulestacks_account_id."),
        ("apply", {"replan": True, "directory": None}, "apply needs rulestacks_directory."),
        ("rollback", {"plans": None}, "rollback needs rulestacks_plans."),
        ("export", {}, "export needs rulestacks_export."),
        (
            "plan",
            {"variables": {}},
            "rulestacks/egress.yml:4 uses the undefined variable 'branches'.",
        ),
        ("apply", {}, "plans/localhost.json, which cannot be read: No such file or directory."),
        ("rollback", {}, "plans/localhost.json, which cannot be read: No such file or directory."),
    ],
)
def test_bad_input_is_refused_before_any_call(
    services: Any, role: Role, action: str, variables: dict[str, Any], message: str
) -> None:
    before = services.calls()
    assert message in role.refused(action, **variables)
    assert services.calls() == before


def test_plan_that_nobody_approved_for_this_account_is_refused_before_any_call(services: Any, role: Role) -> None:
    plan = role.done("plan").results["Validate the directory for this account, and plan its changes"]["plan_id"]
    before = services.calls()
    assert "has no plan for localhost" in role.refused("apply", approved_plans={"other": plan})
    assert "sha256:0 was approved" in role.refused("apply", approved_plans={"localhost": "sha256:0"})
    foreign = role.refused("apply", account_id="210987654321")
    assert "made for AWS account 123456789012, and this task is for AWS account 210987654321" in foreign
    elsewhere = role.refused("apply", region="eu-west-1")
    assert "made for region us-east-1, and this task is for region eu-west-1" in elsewhere
    content = json.loads(role.plan.read_text())
    content["rulestacks"][0]["document"]["rules"][0]["applications"] = ["any"]
    role.plan.write_text(json.dumps(content))
    assert "it was edited after it was made" in role.refused("apply", approved_plans={"localhost": plan})
    assert services.calls() == before

    # The file is not at hand in another job: the same policy on the same rulestacks is the same plan.
    role.plan.unlink()
    role.done("apply", replan=True, approved_plans={"localhost": plan})
    assert role.prefixes() == [BRANCHES]


def test_plan_is_refused_after_a_foreign_change_and_says_what_changed(role: Role) -> None:
    role.done("apply", replan=True)
    role.done("plan", variables={"branches": ["10.61.0.0/16"]})
    role.other_client("ngfw_prefix_list", name="branches", prefixes=["10.62.0.0/16"])
    message = role.refused("apply")
    assert (
        "since it was made, rulestack 'branch-egress' has changed: prefix list 'branches': 'prefixes' changed from"
        " ['10.60.0.0/16'] to ['10.62.0.0/16']. Nothing was written. Plan again" in message
    )
    assert role.prefixes() == [["10.62.0.0/16"]]
    role.done("apply", replan=True)
    assert role.prefixes() == [BRANCHES]


def test_rollback_restores_what_the_plan_found_also_after_drift_was_found(role: Role) -> None:
    role.done("apply", replan=True)
    role.done("apply", replan=True, variables={"branches": ["10.61.0.0/16"]})
    role.other_client("ngfw_prefix_list", name="guests", prefixes=["192.0.2.0/24"])
    found = role("drift", variables={"branches": ["10.61.0.0/16"]}, fail_on_drift=True)
    assert found.returncode == 2, found.output
    assert f"localhost differs from {role.directory} in branch-egress." in " ".join(found.output.split())
    rollback = role.done("rollback")
    assert "also takes back later changes" in rollback.output
    assert "prefix list 'guests' was added" in " ".join(rollback.output.split())
    assert role.prefixes() == [BRANCHES]


def test_rollback_of_a_plan_that_created_a_rulestack_removes_it(services: Any, role: Role) -> None:
    role.done("apply", replan=True)
    before = writes(services)
    assert "--- before: rulestack 'branch-egress'" in role.done("rollback", "--check", "--diff").output
    assert writes(services) == before
    assert not list(role.plans.glob("*.rollback.json"))
    role.done("rollback")
    assert role.prefixes() == []


def test_rollback_to_running_reverts_what_is_not_committed(services: Any, role: Role) -> None:
    role.done("apply", replan=True)
    role.other_client("ngfw_prefix_list", name="branches", prefixes=["10.62.0.0/16"])
    before = writes(services)
    role.done("rollback", "--check", rollback_to="running")
    assert writes(services) == before
    role.done("rollback", rollback_to="running")
    assert role.prefixes() == [BRANCHES]


def test_export_is_a_policy_that_changes_nothing(role: Role, tmp_path: Path) -> None:
    """A text of the service that looks like a template is a text."""
    exported = tmp_path / "exported"
    role.done("apply", replan=True)
    text = "{% raw %}{{ unknown }}{% endraw %}"
    role.other_client("ngfw_prefix_list", name="guests", prefixes=["192.0.2.0/24"], description=text)
    role.done("export", export=str(exported))
    files = sorted(exported.glob("rulestacks/123456789012/us-east-1/*.yml"))
    assert [file.name for file in files] == ["branch-egress.yml", "lab-draft.yml", "shop-ingress.yml", "web-egress.yml"]
    for file in files:
        schema = file.read_text().splitlines()[0].removeprefix("# yaml-language-server: $schema=")
        assert json.loads((file.parent / schema).read_text())["title"]
    role.done("validate", directory=str(exported))
    role.done("drift", directory=str(exported), fail_on_drift=True)
    assert "changed=0" in role.done("export", export=str(exported)).output
