# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs as AWX starts them: their identity comes only from the environment that the credential types inject."""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from ..conftest import ROOT
from ..harness.playbook_runner import Player
from .credentials import environment
from .job_runs import Jobs, credential_type, described, injected

ACCOUNT = "123456789012"  # a host name, which ansible-core 2.19 converts to a number


def answers(node: str) -> dict[str, Any]:
    """The survey answers of a workflow node."""
    (workflow,) = described("ngfw_tokens")["pattern_workflows"]
    (found,) = [one["answers"] for one in workflow["nodes"] if one["name"] == node]
    return dict(json.loads(json.dumps(found)))


@pytest.fixture
def jobs(player: Player, services: Any, tmp_path: Path) -> Jobs:
    around = injected("ngfw_tokens", services)
    assert around["NGFW_EXTERNAL_ID"] == ""
    tokens = [{"admin_role": role, "name": f"ngfw/{uuid.uuid4().hex}"} for role in ("firewall", "rulestack")]
    host = {"ansible_connection": "local", "manage_tokens_tokens": tokens}
    inventory = {"all": {"hosts": {ACCOUNT: host}}}
    return Jobs(player, services, tmp_path, around, inventory)


def test_workflow_jobs_publish_counts_and_no_secret(services: Any, jobs: Jobs) -> None:
    playbooks, before = ROOT / "playbooks", services.state
    check = answers("check")
    output = jobs.run(playbooks / "enable_access.yml", panw_cloud_target=ACCOUNT, **check)
    wrong = jobs.run(playbooks / "enable_access.yml", status=2, panw_cloud_target="123456789013", **check)
    assert "No host of the inventory matches panw_cloud_target: 123456789013." in wrong
    output += jobs.run(playbooks / "issue_tokens.yml", manage_tokens_expiry_time=60)
    assert jobs.passed | {"first_expiry": None} == {
        "playbook": "issue_tokens",
        "accounts": 1,
        "accounts_failed": 0,
        "tokens": 2,
        "tokens_failed": 0,
        "tokens_changed": 2,
        "tokens_waiting_for_revocation": 0,
        "first_expiry": None,
    }
    output += jobs.run(
        playbooks / "rotate_fleet.yml",
        panw_cloud_target=ACCOUNT,
        manage_tokens_state="rotated",
        manage_tokens_slices=4,
        **answers("rotate"),
    )
    assert (jobs.passed["tokens_changed"], jobs.passed["tokens_waiting_for_revocation"]) == (2, 2)
    assert services.alive_since(before) == 4
    output += jobs.run(playbooks / "verify_tokens.yml")
    assert (jobs.passed["tokens"], jobs.passed["tokens_changed"]) == (2, 0)
    output += jobs.run(playbooks / "revoke_pending_tokens.yml")
    assert (jobs.passed["tokens_changed"], jobs.passed["tokens_waiting_for_revocation"]) == (2, 0)
    assert services.alive_since(before) == 2
    report = jobs.run(playbooks / "report_tokens.yml")
    assert "rotate_fleet: 2 tokens of 1 accounts, 2 changed, 0 failed, 0 accounts failed, 2 old tokens alive" in report
    assert (
        "revoke_pending_tokens: 2 tokens of 1 accounts, 2 changed, 0 failed, 0 accounts failed, 0 old tokens alive"
        in report
    )
    assert "first expiry 20" in report
    output += report
    assert "The node 'revoke pending' of the workflow failed" in jobs.run(
        playbooks / "report_tokens.yml", status=2, **answers("revoke pending failed")
    )
    secrets = [*services.secrets(), jobs.environment["AWS_SECRET_ACCESS_KEY"]]
    assert len(secrets) > 8
    assert not [secret for secret in secrets if secret in output or secret in json.dumps(jobs.artifacts)]


def test_simultaneous_jobs_of_different_templates_leave_one_token_per_store(services: Any, jobs: Jobs) -> None:
    """AWX does not queue them (see test_runs). A job may fail on another one's lock, and reports that; the stores stay correct."""
    before = services.state
    lives = {"manage_tokens_expiry_time": 240, "manage_tokens_grace_period": 0}
    jobs.run(ROOT / "playbooks/issue_tokens.yml", **lives)
    assert services.alive_since(before) == 2
    services.ask("POST", "/faults", service="ngfw", kind="latency", seconds=0.5, times=None)
    try:
        names = ("rotate_fleet", "issue_tokens", "revoke_pending_tokens", "rotate_tokens")
        started = [
            jobs.start(
                ROOT / f"playbooks/{name}.yml",
                **lives,
                **{"manage_tokens_state": "rotated"} if name == "rotate_fleet" else {},
            )
            for name in names
        ]
        ended = [job.result() for job in started]
    finally:
        services.ask("DELETE", "/faults")
    assert [job.stdout for job in ended if job.returncode and "another run" not in job.stdout] == []
    jobs.run(ROOT / "playbooks/revoke_pending_tokens.yml")
    jobs.run(ROOT / "playbooks/verify_tokens.yml")
    assert services.alive_since(before) == 2


def test_strata_cloud_manager_credential_authenticates_a_job(player: Player, services: Any, tmp_path: Path) -> None:
    known = services.administrator
    inputs = {
        "client_id": known["SCM_CLIENT_ID"],
        "client_secret": known["SCM_CLIENT_SECRET"],
        "tsg_id": services.endpoints["tsg_id"],
    }
    given = environment(credential_type("wildfire_access"), inputs)
    inventory = {"all": {"hosts": {"localhost": {"ansible_connection": "local"}}}}
    job = Jobs(player, services, tmp_path, given, inventory)
    name = f"job-{uuid.uuid4().hex[:8]}"
    task = {"name": "account", "panw.cloud.scm_service_account": {"name": name, "contact_email": "a@example.com"}}
    playbook = tmp_path / "play.yml"
    playbook.write_text(json.dumps([{"name": "Job", "hosts": "all", "gather_facts": False, "tasks": [task]}]))
    output = job.run(playbook, ansible_python_interpreter=sys.executable)
    assert "changed=1" in output
    assert name in [account["name"] for account in services.scm("GET", "/iam/v1/service_accounts")]
    assert inputs["client_secret"] not in output
