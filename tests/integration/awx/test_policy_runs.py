# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflow, the slices, the permissions and the notifications of the policy pattern, by the rules of AWX's code.

L(Played) replaces the playbooks of jobs; test_policy_jobs.py runs them.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from ..harness.playbook_runner import Player
from .jobs import Job, Jobs
from .notifications import sent
from .objects import Objects
from .permissions import Person
from .plays import ACCOUNTS, installed
from .schema import Refused
from .workflows import Ended, Workflow, rejected

ADMIN = Person("admin", superuser=True)
PREFIX = "Cloud NGFW policy / "
CHANGE = f"{PREFIX}Change with approval"
SLICES = 4
TEXT = "Rulestack plan: 1 change in 1 of 1 rulestack.\nshop_test <web>: 1 added\n"


@dataclasses.dataclass
class Played:
    """Simulates jobs. :ivar fail: the playbook that fails. :ivar done: each job that started."""

    fail: str = ""
    done: list[Job] = dataclasses.field(default_factory=list)

    def __call__(self, job: Job) -> bool:
        self.done.append(job)
        playbook = Path(job.template["playbook"]).stem
        job.artifacts = {f"cloud_ngfw_rulestacks_{job.number}": {"playbook": playbook, "text": TEXT}}
        if playbook == "plan_rulestacks":
            job.artifacts["rulestacks_approved_plans"] = {host: f"sha256:{host}" for host in job.hosts()}
        return playbook != self.fail


@pytest.fixture
def awx(tmp_path_factory: pytest.TempPathFactory, player: Player) -> Objects:
    objects = installed(tmp_path_factory, player, "ngfw_policy")
    (keys,) = objects.find("credentials", {"name": "Cloud NGFW policy AWS"})
    objects.update(keys, {"inputs": {"username": "AKIA", "password": "typed"}})
    (own,) = objects.find("credentials", {"name": "Cloud NGFW policy"})
    objects.update(own, {"inputs": {"region": "us-east-1"}})
    return objects


def change(
    awx: Objects, played: Played, approval: str = "approved", person: Person = ADMIN, target: str = "all"
) -> Ended:
    return Workflow(Jobs(awx, played), person, CHANGE, lambda _name: approval).run({"panw_cloud_target": target})


def test_approved_plans_reach_every_slice(awx: Objects) -> None:
    played = Played()
    ended = change(awx, played, target="shop")
    names = ("validate", "plan", "approve", "apply", "verify")
    assert ended.ran() == dict.fromkeys(names, "successful")
    shop = [host for host in ACCOUNTS if host.startswith("shop")]
    applied = ended.nodes["apply"].jobs
    assert len(applied) == SLICES
    assert sorted(host for job in applied for host in job.hosts()) == shop
    for job in applied:
        assert job.variables["rulestacks_approved_plans"] == {host: f"sha256:{host}" for host in shop}
        assert job.variables["rulestacks_replan"] is True
    assert ended.notified == ["Cloud NGFW policy"]


@pytest.mark.parametrize(
    ("fail", "approval", "last"),
    [
        ("validate_rulestacks", "approved", "validate"),
        ("plan_rulestacks", "approved", "plan"),
        ("", "denied", "approve"),
        ("", "timed out", "approve"),
        ("apply_rulestacks", "approved", "apply"),
        ("drift_rulestacks", "approved", "verify"),
    ],
)
def test_failed_node_ends_the_workflow_as_failed(awx: Objects, fail: str, approval: str, last: str) -> None:
    ended = change(awx, Played(fail), approval)
    assert ended.ran()[last] == "failed"
    assert list(ended.ran())[-1] == last
    assert (ended.status, ended.notified) == ("failed", ["Cloud NGFW policy"])


def test_apply_job_without_the_workflow_has_no_approved_plan(awx: Objects) -> None:
    played = Played()
    for job in Jobs(awx, played).launch(ADMIN, f"{PREFIX}Apply approved plans in slices"):
        assert job.variables["rulestacks_approved_plans"] == {}


def test_templates_find_the_policy_in_the_project(awx: Objects) -> None:
    (job,) = Jobs(awx, Played()).launch(ADMIN, f"{PREFIX}Plan")
    assert (job.template["playbook"], job.variables["rulestacks_directory"]) == (
        "playbooks/plan_rulestacks.yml",
        "../policy",
    )


def test_nodes_answer_the_surveys_of_their_templates(awx: Objects) -> None:
    assert rejected(awx, CHANGE) == []


def test_operators_neither_apply_nor_roll_back_without_approval(awx: Objects) -> None:
    teams = {one["name"]: one["id"] for one in awx.find("teams", {})}
    operator = Person("olga", teams={teams["Cloud NGFW policy operators"]})
    approver = Person("anton", teams={teams["Cloud NGFW policy approvers"]})
    assert change(awx, Played(), person=operator).status == "successful"
    workflow = awx.named("workflow_job_templates", CHANGE)
    assert [awx.roles.has(person, workflow, "approval_role") for person in (operator, approver)] == [False, True]
    for name in ("Apply approved plans in slices", "Roll back"):
        with pytest.raises(Refused):
            Jobs(awx, Played()).launch(operator, f"{PREFIX}{name}")


def test_notifications_of_the_plan_and_of_drift_have_the_summary(awx: Objects) -> None:
    """AWX renders them with a job and its artifacts; a workflow job has none, and an approval neither."""
    template = awx.named("notification_templates", "Cloud NGFW policy")
    about = {"id": 41, "name": "Cloud NGFW policy / Plan", "status": "successful"}
    artifacts = {"cloud_ngfw_rulestacks_41": {"text": TEXT}, "cloud_ngfw_rulestacks_40": {"text": "of another job"}}
    context: dict[str, Any] = {"job_friendly_name": "Job", "url": "https://awx.example.com/#/jobs/playbook/41"}
    first = "Job 41 (Cloud NGFW policy / Plan) successful: https://awx.example.com/#/jobs/playbook/41\n"
    assert sent(template, "success", {**context, "job": {**about, "artifacts": artifacts}}) == {"text": first + TEXT}
    assert sent(template, "error", {**context, "job": about}) == {"text": first}
    approval = {"approval_node_name": "Apply", "workflow_url": "https://awx.example.com/#/jobs/workflow/40"}
    assert sent(template, "running", approval)["text"].startswith(
        f"Apply waits for approval: {approval['workflow_url']}\n"
    )
    linked = {
        one["name"].removeprefix(PREFIX): bool(awx.links(one["id"], "notification_templates_success"))
        for one in awx.find("job_templates", {})
    }
    assert [name for name, notifies in linked.items() if notifies] == ["Plan"]
    assert all(awx.links(one["id"], "notification_templates_error") for one in awx.find("job_templates", {}))
