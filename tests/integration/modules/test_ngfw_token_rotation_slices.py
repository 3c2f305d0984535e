# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet in slices that run concurrently on separate workers: three workers produce the same end state as one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from ..harness.receptor_jobs import TRANSPORTS, Job, slices, worker
from ..harness.rotation_harness import Fleet, states

PLAYBOOK = "panw.cloud.rotate_fleet"
TARGETS, EACH = 120, 4  # number of targets, and per host


def hosts(fleet: Fleet) -> dict[str, Any]:
    """The inventory: one host per role."""
    region = fleet.services.endpoints["region"]
    found: dict[str, Any] = {}
    for target in fleet.targets:
        account = target["role_arn"].rpartition("/")[2]
        tokens = found.setdefault(
            account,
            {
                "aws_region": region,
                "aws_profile": "simulator",
                "ngfw_role_arn": target["role_arn"],
                "manage_tokens_tokens": [],
            },
        )["manage_tokens_tokens"]
        tokens.append({"admin_role": target["admin_role"], "name": target["name"]})
    return found


def run(
    services: Any, directory: Path, inventories: list[dict[str, Any]], transport: str = "pipe", **variables: Any
) -> list[dict[str, Any]]:
    """Run the playbook on all inventories concurrently and return the reports. No sent or written data contains a secret."""
    environment = {**services.environment(), "ANSIBLE_PYTHON_INTERPRETER": sys.executable}
    variables = {"manage_tokens_slices": len(inventories), "manage_tokens_aws_quotas": False, **variables}
    jobs = [Job(directory / f"job{number}", part, variables) for number, part in enumerate(inventories)]
    directory.mkdir(exist_ok=True)
    with worker(transport, directory) as command:
        for job in jobs:
            job.start(PLAYBOOK, command, environment)
        reports = [job.finish() for job in jobs]
    secrets = services.secrets()
    assert not [secret for job in jobs for text in job.texts() for secret in secrets if secret in text]
    return reports


def end_state(fleet: Fleet) -> dict[str, tuple[Any, ...]]:
    """What readers find, by target without its prefix: the token, whether it is valid, and the stages of all versions."""
    documents = fleet.current()
    assert {document["fingerprint"] for document in documents.values()} == fleet.alive()
    found = {}
    for name, document in documents.items():
        versions = fleet.client.list_secret_version_ids(SecretId=name)["Versions"]
        stages = sorted(stage.partition("-")[0] for version in versions for stage in version["VersionStages"])
        place = (document["admin_role"], document["region"], document["url"])
        found[name.rpartition("/")[2]] = (*place, fleet.status(document), stages)
    return found


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_three_concurrent_slices_leave_the_same_state_as_one_run(services: Any, tmp_path: Path, transport: str) -> None:
    sliced = Fleet(services, f"sliced-{transport}", TARGETS, roles=TARGETS // EACH)
    issued = services.state["issued"]
    reports = run(services, tmp_path / "sliced", slices(hosts(sliced), 3), transport)
    assert [states(report) for report in reports] == [{"rotated": TARGETS // 3}] * 3
    assert services.state["issued"] == issued + TARGETS
    after = end_state(sliced)
    whole = Fleet(services, f"whole-{transport}", TARGETS, roles=TARGETS // EACH)
    (report,) = run(services, tmp_path / "whole", [hosts(whole)], transport)
    assert states(report) == {"rotated": TARGETS}
    assert len(after) == TARGETS
    assert end_state(whole) == after
    (again,) = run(services, tmp_path / "again", [hosts(sliced)], transport)
    assert states(again) == {"fresh": TARGETS}


def test_two_overlapping_slices_issue_no_token_twice(services: Any, tmp_path: Path) -> None:
    """Both start with the shared hosts, and the API is slow enough for a collision there."""
    fleet = Fleet(services, "overlap", 120, roles=30)
    found = hosts(fleet)
    names = sorted(found)
    shared, first, second = names[:10], names[10:20], names[20:]
    services.ask("POST", "/faults", service="ngfw", kind="latency", seconds=0.3, times=None)
    issued = services.state["issued"]
    inventories = [{name: found[name] for name in (*shared, *own)} for own in (first, second)]
    try:
        reports = run(services, tmp_path / "jobs", inventories, manage_tokens_concurrency=8)
    finally:
        services.ask("DELETE", "/faults")
    assert reports[0]["started_at"] < reports[1]["ended_at"]
    assert reports[1]["started_at"] < reports[0]["ended_at"]
    assert services.state["issued"] == issued + 120
    assert [report["counts"]["failed"] for report in reports] == [0, 0]
    assert len(end_state(fleet)) == 120
