# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet in slices, each on a worker of its own, at the same time: what three workers leave behind is what one leaves."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from ..harness.receptor_jobs import TRANSPORTS, Job, slices, worker
from ..harness.rotation_harness import Fleet, states

PLAYBOOK = "panw.cloud.rotate_fleet"
TARGETS, EACH = 300, 4  # targets, and those of one host


def hosts(fleet: Fleet) -> dict[str, Any]:
    """The inventory: a host for each role."""
    region = fleet.stand_ins.endpoints["region"]
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
    stand_ins: Any, directory: Path, inventories: list[dict[str, Any]], transport: str = "pipe", **variables: Any
) -> list[dict[str, Any]]:
    """Run the playbook on all inventories at once; gives the reports. No secret is in anything that was sent or written."""
    environment = {**stand_ins.environment(), "ANSIBLE_PYTHON_INTERPRETER": sys.executable}
    variables = {"manage_tokens_slices": len(inventories), **variables}
    jobs = [Job(directory / f"job{number}", part, variables) for number, part in enumerate(inventories)]
    directory.mkdir(exist_ok=True)
    with worker(transport, directory) as command:
        for job in jobs:
            job.start(PLAYBOOK, command, environment)
        reports = [job.finish() for job in jobs]
    secrets = stand_ins.secrets()
    assert not [secret for job in jobs for text in job.texts() for secret in secrets if secret in text]
    return reports


def end_state(fleet: Fleet) -> dict[str, tuple[Any, ...]]:
    """By target, without its prefix, what readers find: which token it is, whether it works, and the stages of all versions."""
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
def test_three_slices_at_once_leave_what_one_run_leaves(stand_ins: Any, tmp_path: Path, transport: str) -> None:
    sliced = Fleet(stand_ins, f"sliced-{transport}", TARGETS, roles=TARGETS // EACH)
    issued = stand_ins.state["issued"]
    reports = run(stand_ins, tmp_path / "sliced", slices(hosts(sliced), 3), transport)
    assert [states(report) for report in reports] == [{"rotated": TARGETS // 3}] * 3
    assert stand_ins.state["issued"] == issued + TARGETS
    after = end_state(sliced)
    whole = Fleet(stand_ins, f"whole-{transport}", TARGETS, roles=TARGETS // EACH)
    (report,) = run(stand_ins, tmp_path / "whole", [hosts(whole)], transport)
    assert states(report) == {"rotated": TARGETS}
    assert len(after) == TARGETS
    assert end_state(whole) == after
    (again,) = run(stand_ins, tmp_path / "again", [hosts(sliced)], transport)
    assert states(again) == {"fresh": TARGETS}


def test_two_overlapping_slices_issue_no_token_twice(stand_ins: Any, tmp_path: Path) -> None:
    """Both begin with the hosts that they share, and the API is slow enough for them to meet there."""
    fleet = Fleet(stand_ins, "overlap", 120, roles=30)
    found = hosts(fleet)
    names = sorted(found)
    shared, first, second = names[:10], names[10:20], names[20:]
    stand_ins.ask("POST", "/faults", service="ngfw", kind="latency", seconds=0.3, times=None)
    issued = stand_ins.state["issued"]
    inventories = [{name: found[name] for name in (*shared, *own)} for own in (first, second)]
    try:
        reports = run(stand_ins, tmp_path / "jobs", inventories, manage_tokens_concurrency=8)
    finally:
        stand_ins.ask("DELETE", "/faults")
    assert reports[0]["started_at"] < reports[1]["ended_at"]
    assert reports[1]["started_at"] < reports[0]["ended_at"]
    assert stand_ins.state["issued"] == issued + 120
    assert [report["counts"]["failed"] for report in reports] == [0, 0]
    assert len(end_state(fleet)) == 120
