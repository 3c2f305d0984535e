# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs, slices, workflows and permissions of the installed patterns, by the rules of AWX's code.

L(Played) replaces the playbooks of jobs, except for the report, which runs.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from ..conftest import ROOT
from ..harness.playbook_runner import Player
from .jobs import Job, Jobs, running_together
from .objects import Objects
from .permissions import Person
from .plays import ACCOUNTS, USUAL, installed
from .schema import Refused
from .variables import written
from .workflows import Ended, Workflow, rejected

ADMIN = Person("admin", superuser=True)
ROTATION = "Cloud NGFW / Rotate tokens with approval"
ANSWERS = {"panw_cloud_target": "all", "manage_tokens_expiry_time": 240, "manage_tokens_grace_period": 120}
SLICES = 4


@dataclasses.dataclass
class Played:
    """Simulates jobs. :ivar fail: the playbook that fails. :ivar done: each job that started."""

    player: Player
    home: Path
    fail: str = ""
    done: list[Job] = dataclasses.field(default_factory=list)
    report: str = ""

    def __call__(self, job: Job) -> bool:
        self.done.append(job)
        playbook = Path(job.template["playbook"]).stem
        if playbook == "report_tokens":
            return self._report(job)
        if not job.hosts():
            return True  # a play without hosts is skipped, and does not fail
        counts = {"accounts": len(job.hosts()), "accounts_failed": int(playbook == self.fail), "tokens": 2}
        rest = {"tokens_changed": 2, "tokens_failed": 0, "tokens_waiting_for_revocation": 0}
        about = {"playbook": playbook, "first_expiry": "2026-11-27T10:00:00Z", **counts, **rest}
        job.artifacts = {f"cloud_ngfw_{job.number}": about}
        return playbook != self.fail

    def _report(self, job: Job) -> bool:
        variables = self.home / "variables.yml"
        own = json.loads(job.template["extra_vars"] or "{}")
        variables.write_text(written({**job.variables, "awx_job_id": job.number}, own))
        environment = {**USUAL, "HOME": str(self.home)}
        run = self.player.run([str(ROOT / job.template["playbook"]), "-e", f"@{variables}"], environment)
        self.report = run.stdout
        return run.returncode == 0

    def hosts(self, playbook: str) -> list[str]:
        """The hosts of all jobs of a playbook."""
        return sorted(host for job in self.done if playbook in job.template["playbook"] for host in job.hosts())


@pytest.fixture
def awx(tmp_path_factory: pytest.TempPathFactory, player: Player) -> Objects:
    objects = installed(tmp_path_factory, player, "ngfw_tokens")
    fill_in(objects)
    return objects


@pytest.fixture
def played(player: Player, tmp_path: Path) -> Played:
    return Played(player, tmp_path)


def fill_in(objects: Objects) -> None:
    """Enter the access keys."""
    (keys,) = objects.find("credentials", {"name": "Cloud NGFW AWS"})
    objects.update(keys, {"inputs": {"username": "AKIA", "password": "typed"}})


def rotate(awx: Objects, played: Played, approval: str = "approved", **answers: Any) -> Ended:
    return Workflow(Jobs(awx, played), ADMIN, ROTATION, lambda _name: approval).run({**ANSWERS, **answers})


def test_first_job_after_setup_is_sliced(awx: Objects, played: Played) -> None:
    """The rates of a job are divided by its slices, so an unsliced job would be slow."""
    answers = {name: value for name, value in ANSWERS.items() if name != "panw_cloud_target"}
    assert len(Jobs(awx, played).launch(ADMIN, "Cloud NGFW / Rotate fleet in slices", answers)) == SLICES


def test_rotation_in_slices_runs_every_node(awx: Objects, played: Played) -> None:
    ended = rotate(awx, played)
    assert ended.ran() == dict.fromkeys(
        ("check", "rotate", "verify", "approve", "revoke pending", "report"), "successful"
    )
    assert len(ended.nodes["rotate"].jobs) == SLICES
    assert {job.variables["manage_tokens_slices"] for job in ended.nodes["rotate"].jobs} == {SLICES}
    assert (ended.status, ended.notified) == ("successful", ["Cloud NGFW"])
    assert played.hosts("rotate_fleet") == sorted(ACCOUNTS)


@pytest.mark.parametrize(
    ("target", "hosts"),
    [
        ("bank", ["bank"]),
        ("shop", ["shop_production", "shop_staging", "shop_test"]),
        ("shop:!shop_test", ["shop_production", "shop_staging"]),
        ("bank,mall", ["bank", "mall"]),
        ("all", sorted(ACCOUNTS)),
    ],
)
def test_rotation_with_a_target_touches_only_its_accounts(
    awx: Objects, played: Played, target: str, hosts: list[str]
) -> None:
    ended = rotate(awx, played, panw_cloud_target=target)
    assert ended.status == "successful", played.report
    names = ("enable_access", "rotate_fleet", "verify_tokens", "revoke_pending_tokens")
    assert {name: played.hosts(name) for name in names} == dict.fromkeys(names, hosts)
    # The same from a job template.
    jobs = Jobs(awx, played)
    played.done.clear()
    answers = {name: value for name, value in ANSWERS.items() if name != "panw_cloud_target"}
    for name in ("Rotate fleet", "Rotate tokens"):
        (job,) = jobs.launch(ADMIN, f"Cloud NGFW / {name}", answers, target)
        assert (job.status, job.hosts()) == ("successful", hosts)


def test_sliced_templates_and_their_workflow_do_not_ask_for_a_limit(awx: Objects) -> None:
    sliced = [one for one in awx.find("job_templates", {}) if one["job_slice_count"] > 1]
    assert len(sliced) == 1
    workflow = awx.named("workflow_job_templates", ROTATION)
    assert [one["name"] for one in (*sliced, workflow) if one["ask_limit_on_launch"]] == []


@pytest.mark.parametrize(
    ("fail", "approval", "node"),
    [
        ("enable_access", "approved", "check"),
        ("rotate_fleet", "approved", "rotate"),
        ("verify_tokens", "approved", "verify"),
        ("", "denied", "approve"),
        ("", "timed out", "approve"),
        ("revoke_pending_tokens", "approved", "revoke pending"),
    ],
)
def test_workflow_with_a_failed_node_reports_it_and_fails(
    awx: Objects, played: Played, fail: str, approval: str, node: str
) -> None:
    played.fail = fail
    ended = rotate(awx, played, approval)
    ran = ended.ran()
    assert ran[node] == "failed"
    assert (ended.status, ended.notified) == ("failed", ["Cloud NGFW"])
    assert f"The node '{node}' of the workflow failed" in played.report
    started = {Path(job.template["playbook"]).stem for job in played.done} - {"enable_access", "report_tokens"}
    assert not [name for name in started if f"{name}: " not in played.report]


def test_workflow_with_an_empty_credential_reports_it_and_fails(
    tmp_path_factory: pytest.TempPathFactory, player: Player, played: Played
) -> None:
    awx = installed(tmp_path_factory, player, "ngfw_tokens")
    ended = rotate(awx, played)
    (job,) = ended.nodes["check"].jobs
    assert job.explanation == "Job cannot start because Credential Cloud NGFW AWS does not provide password, username."
    assert ended.status == "failed"
    assert "The node 'check' of the workflow failed" in played.report


@pytest.mark.parametrize("pattern", ["ngfw_tokens", "wildfire_access"])
def test_workflow_nodes_answer_the_surveys_of_their_templates(
    tmp_path_factory: pytest.TempPathFactory, player: Player, pattern: str
) -> None:
    awx = installed(tmp_path_factory, player, pattern)
    workflows = awx.find("workflow_job_templates", {})
    assert workflows
    assert {one["name"]: rejected(awx, one["name"]) for one in workflows} == {one["name"]: [] for one in workflows}


def test_git_change_reaches_jobs_with_few_updates(awx: Objects, played: Played) -> None:
    jobs, repository = Jobs(awx, played), awx.syncs.repository
    repository.revision = 2
    answers = {"manage_tokens_expiry_time": 60, "manage_tokens_renew_before": 20}
    before, day = len(awx.syncs.done), 24 * 60 * 60
    revisions = []
    for _run in range(0, day, 600):
        awx.syncs.clock += 600
        revisions += [job.revision for job in jobs.launch(ADMIN, "Cloud NGFW / Issue tokens", answers)]
    assert revisions[:4].count("2") >= 1
    assert set(revisions[4:]) == {"2"}
    assert {sync.endpoint for sync in awx.syncs.done[before:]} == {"project_updates", "inventory_updates"}
    assert len(awx.syncs.done) - before < 100


def test_jobs_fail_while_git_is_unreachable_and_then_recover(awx: Objects, played: Played) -> None:
    jobs, repository = Jobs(awx, played), awx.syncs.repository
    statuses = []
    for reachable in (True, False, True):
        awx.syncs.clock += 24 * 60 * 60
        repository.reachable = reachable
        statuses += [job.status for job in jobs.launch(ADMIN, "Cloud NGFW / Verify tokens")]
    assert statuses == ["successful", "failed", "successful"]


def test_second_job_is_queued_only_for_the_same_template(awx: Objects) -> None:
    """Therefore test_jobs runs jobs of different templates in parallel."""
    names = [f"Cloud NGFW / {name}" for name in ("Issue tokens", "Rotate fleet", "Revoke pending tokens")]
    templates = [awx.named("job_templates", name) for name in names]
    assert running_together([*templates, *templates]) == names


def test_teams_have_only_their_launch_or_approval_permissions(awx: Objects, played: Played) -> None:
    teams = {one["name"]: one["id"] for one in awx.find("teams", {})}
    operator = Person("olga", teams={teams["Cloud NGFW operators"]})
    approver = Person("anton", teams={teams["Cloud NGFW approvers"]})
    workflow = awx.named("workflow_job_templates", ROTATION)
    jobs = Jobs(awx, played)
    assert Workflow(jobs, operator, ROTATION, lambda _name: "approved").run(ANSWERS).status == "successful"
    may = {
        one["name"].rpartition(" / ")[2]
        for one in awx.find("job_templates", {})
        if awx.roles.has(operator, one, "execute_role")
    }
    # Only administrators may revoke tokens without approval, or change IAM.
    named = {one["name"].rpartition(" / ")[2] for one in awx.find("job_templates", {})}
    assert named - may == {"Create IAM role", "Revoke pending tokens", "Revoke all tokens"}
    assert awx.roles.has(approver, workflow, "approval_role")
    assert not awx.roles.has(operator, workflow, "approval_role")
    for person in (approver, Person("guest")):
        with pytest.raises(Refused):
            Workflow(jobs, person, ROTATION, lambda _name: "approved").run(ANSWERS)
