# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The jobs of the policy pattern, each with the variables of its template and an empty directory for plans, as in a container."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ..conftest import ROOT
from ..harness.playbook_runner import Player
from .inventories import part
from .job_runs import Jobs, injected
from .objects import Objects
from .plays import installed

ACCOUNT = "123456789012"  # a host name, which ansible-core 2.19 converts to a number
ANYWHERE = {"cidrs": ["any"]}
APPLY = "Apply approved plans in slices"


class Policy:
    """A project with a policy of two rulestacks, and the jobs of the pattern on two hosts, which have one rulestack each."""

    def __init__(self, awx: Objects, jobs: Jobs, project: Path) -> None:
        self.jobs, self._awx, self._project, self._hosts = jobs, awx, project, {}
        shutil.copytree(ROOT / "playbooks", project / "playbooks")
        for name, group in (("first", "one"), ("second", "two")):
            self.write(name, group, "ssl")
        local = {"ansible_connection": "local"}
        self.inventory: dict[str, Any] = {
            "variables": "",
            "hosts": {ACCOUNT: local, "branch": local},
            "groups": {
                "one": {"vars": {}, "hosts": [ACCOUNT], "children": []},
                "two": {"vars": {}, "hosts": ["branch"], "children": []},
            },
        }

    def write(self, name: str, group: str, application: str) -> None:
        """Write a rulestack of the policy."""
        file = self._project / "policy/rulestacks" / f"{name}.yml"
        file.parent.mkdir(parents=True, exist_ok=True)
        matched = {"source": {"cidrs": ["10.0.0.0/8"]}, "destination": ANYWHERE, "applications": [application]}
        rules = [{"name": "web", **matched, "action": "Allow"}]
        file.write_text(yaml.safe_dump({"deploy_to": {"groups": [group]}, "rules": rules}))

    def run(self, name: str, *, status: int = 0, slice_: tuple[int, int] = (1, 1), **variables: Any) -> str:
        """Run a job of a template, or one of its slices."""
        template = self._awx.named("job_templates", f"Cloud NGFW policy / {name}")
        self.jobs.inventory.write_text(json.dumps(part(self.inventory, *slice_)))
        own = json.loads(template["extra_vars"])
        container = self.jobs.home / f"container{self.jobs.number}"
        own["rulestacks_plans"] = own["rulestacks_plans"].replace("/tmp", str(container))
        assert str(container) in own["rulestacks_plans"]
        own |= {key: value for key, value in self.jobs.artifacts.items() if key in own}
        return self.jobs.run(self._project / template["playbook"], status=status, **{**own, **variables})


@pytest.fixture
def policy(player: Player, services: Any, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Policy]:
    jobs = Jobs(player, services, tmp_path, injected("ngfw_policy", services), {})
    yield Policy(installed(tmp_path_factory, player, "ngfw_policy"), jobs, tmp_path / "project")
    services.ask("POST", "/rulestacks/reset")


def test_jobs_apply_what_was_approved_and_find_drift_and_roll_back(services: Any, policy: Policy) -> None:
    services.ask("PUT", "/rulestacks", commit_seconds=0)
    output = policy.run("Validate", status=2, panw_cloud_target="bank")
    assert "No host of the inventory matches panw_cloud_target: bank." in output
    output += policy.run(APPLY, status=2)
    assert "rulestacks_approved_plans has no plan for 123456789012" in output
    assert (policy.jobs.passed["accounts"], policy.jobs.passed["accounts_done"]) == (2, 0)

    planned = policy.run("Plan")
    approved = policy.jobs.artifacts["rulestacks_approved_plans"]
    assert sorted(approved) == [ACCOUNT, "branch"]
    assert policy.jobs.passed["text"].startswith("Rulestack plan: 4 changes in 2 of 2 rulestacks of 2 targets.")
    assert {key: value for key, value in policy.jobs.passed.items() if key not in ("text", "findings")} == {
        "playbook": "plan_rulestacks",
        "accounts": 2,
        "accounts_done": 2,
        "accounts_failed": 0,
        "targets": 2,
        "failed": 0,
        "edited": 0,
        "rulestacks": 2,
        "changed_rulestacks": 2,
        "added": 4,
        "changed": 0,
        "moved": 0,
        "removed": 0,
        "uncommitted": 0,
        "unmanaged": policy.jobs.passed["unmanaged"],
    }
    shown = planned.partition("TASK [Show the summary]")[2]
    assert policy.jobs.passed["text"].splitlines()[0] in shown

    for number in (1, 2):
        output += policy.run(APPLY, slice_=(number, 2))
        assert (policy.jobs.passed["accounts"], policy.jobs.passed["added"]) == (1, 2)
    output += policy.run("Find drift")
    assert policy.jobs.passed["changed_rulestacks"] == 0

    policy.write("first", "one", "web-browsing")
    refused = policy.run(APPLY, status=2)
    assert f"{approved[ACCOUNT]} was approved" in refused
    assert policy.jobs.passed["text"].endswith("Failed: 123456789012.")
    output += policy.run("Plan")
    output += policy.run(APPLY, rulestacks_commit=False)
    assert policy.jobs.passed["changed"] == 1
    output += policy.run("Roll back", rulestacks_rollback_to="running")
    drifted = policy.run("Find drift", status=2)
    assert "123456789012 differs from ../policy in first." in drifted
    assert (policy.jobs.passed["changed"], policy.jobs.passed["uncommitted"]) == (1, 0)
    assert policy.jobs.passed["text"].startswith("Rulestack drift: 1 of 2 rulestacks of 2 targets differs")
    secrets = [*services.secrets(), policy.jobs.environment["AWS_SECRET_ACCESS_KEY"]]
    everything = output + planned + refused + drifted + json.dumps(policy.jobs.artifacts)
    assert [secret for secret in secrets if secret in everything] == []
