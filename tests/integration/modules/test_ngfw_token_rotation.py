# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleets against the simulated services, verified by the servers' own records."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..harness.crash_harness import Runner
from ..harness.rotation_harness import Fleet, states
from ..harness.store_readers import Place

ISSUE = "GET /v1/mgmt/tokens/cloudrulestackadmin"


@pytest.fixture
def prefix(services: Any) -> Iterator[str]:
    """A prefix for unique names; faults are cleared afterwards."""
    yield f"fleet-{uuid.uuid4().hex[:8]}"
    services.ask("DELETE", "/faults")


def mixed(services: Any, prefix: str, directory: Path, number: int) -> list[dict[str, Any]]:
    """Targets in all stores."""
    fleet = Fleet(services, prefix, number, roles=number)
    for index, target in enumerate(fleet.targets):
        kind = ("secretsmanager", "ssm", "file")[index % 3]
        target["store"] = kind
        target["location"] = str(directory / f"{index}.json") if kind == "file" else f"/{target['name']}"
    return fleet.targets


def difference(after: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    """Calls in between, by route."""
    return {route: count - before.get(route, 0) for route, count in after.items() if count != before.get(route, 0)}


def test_fleet_is_created_kept_and_rotated(services: Any, rotator: Runner, prefix: str, directory: Path) -> None:
    targets = mixed(services, prefix, directory, 30)
    first = rotator.run(targets=targets)
    assert states(first) == {"rotated": 30}, first
    assert first["changed"] is True
    before = services.state
    second = rotator.run(targets=targets)
    after = services.state
    assert states(second) == {"fresh": 30}, second
    assert second["changed"] is False
    assert after["calls"] == before["calls"], "a fresh fleet needs no call to the API"
    reads = difference(after["aws_calls"], before["aws_calls"])
    assert reads == {
        "secretsmanager:BatchGetSecretValue": 1,
        "secretsmanager:DescribeSecret": 10,
        "ssm:GetParameters": 2,
    }
    third = rotator.run(targets=targets, state="rotated")
    assert states(third) == {"rotated": 30}, third
    for old, new in zip(first["targets"], third["targets"], strict=True):
        assert new["previous_fingerprint"] == old["fingerprint"]
    alive = set(services.alive_tokens())
    assert {entry["fingerprint"] for entry in third["targets"]} <= alive
    assert not {entry["fingerprint"] for entry in first["targets"]} & alive


def test_rotation_in_secrets_manager_takes_few_calls(services: Any, rotator: Runner, prefix: str) -> None:
    """Per target: a read, AssumeRole, two calls for the lock, the token, its storage, verification, promotion, revocation, removal of its label."""
    fleet = Fleet(services, prefix, 20, roles=20)
    rotator.run(targets=fleet.targets)
    before = services.state
    result = rotator.run(targets=fleet.targets, state="rotated")
    after = services.state
    calls = difference(after["calls"], before["calls"]) | difference(after["aws_calls"], before["aws_calls"])
    assert states(result) == {"rotated": 20}
    assert sum(calls.values()) == result["requests"] == 20 * 10 + 1, calls


def test_role_is_assumed_once_for_all_its_targets(services: Any, rotator: Runner, prefix: str) -> None:
    fleet = Fleet(services, prefix, 24, roles=2)
    before = services.state["aws_calls"].get("sts:AssumeRole", 0)
    assert states(rotator.run(targets=fleet.targets)) == {"rotated": 24}
    assert services.state["aws_calls"]["sts:AssumeRole"] == before + 2


def test_dry_run_reports_due_targets_and_changes_nothing(services: Any, rotator: Runner, prefix: str) -> None:
    fleet = Fleet(services, prefix, 6)
    made = rotator.run(targets=fleet.targets[:3])
    before = services.state
    result = rotator.run(targets=fleet.targets, dry_run=True)
    after = services.state
    assert states(result) == {"fresh": 3, "due": 3}
    assert result["dry_run"] is True
    assert result["changed"] is True
    assert [entry["expires_at"] for entry in result["targets"][:3]] == [
        entry["expires_at"] for entry in made["targets"]
    ]
    assert after["calls"] == before["calls"]
    assert set(difference(after["aws_calls"], before["aws_calls"])) == {
        "secretsmanager:BatchGetSecretValue",
        "secretsmanager:DescribeSecret",
    }


def test_interrupted_rotation_is_finished_by_the_next_run(
    services: Any, rotator: Runner, runner: Runner, prefix: str, directory: Path
) -> None:
    place = Place(services, "secretsmanager", directory)
    runner.run(**place.options)
    killed = runner.begin(**place.options, state="rotated")
    while killed.next_step() != "GET /v1/config/rulestacks":  # the proof
        killed.go()
    killed.kill()
    fleet = Fleet(services, prefix, 5)
    target = {"name": "half-done", "admin_role": "rulestack", "location": place.name, "role_arn": services.role_arn}
    issued = services.state["issued"]
    result = rotator.run(targets=[*fleet.targets, target])
    assert states(result) == {"rotated": 6, "repaired": 1}, result
    assert "left staged by an interrupted run; it is proven and promoted" in result["targets"][5]["repaired"][0]
    assert services.state["issued"] == issued + 5
    assert place.strays() <= {entry["fingerprint"] for entry in result["targets"][:5]}


def test_overlapping_runs_issue_no_token_twice(services: Any, rotator: Runner, prefix: str) -> None:
    fleet = Fleet(services, prefix, 90)
    services.ask("POST", "/faults", service="ngfw", kind="latency", seconds=0.05)
    issued = services.state["issued"]
    runs = [rotator.start(targets=fleet.targets[:60]), rotator.start(targets=fleet.targets[30:])]
    results = [run.finish() for run in runs]
    assert services.state["issued"] == issued + 90, results
    for result in results:
        assert set(states(result)) <= {"rotated", "fresh", "locked"}, result
    assert states(rotator.run(targets=fleet.targets)) == {"fresh": 90}
    assert len(fleet.alive()) == 90
    assert {document["fingerprint"] for document in fleet.current().values()} == fleet.alive()


def test_targets_fail_independently(services: Any, rotator: Runner, prefix: str) -> None:
    fleet = Fleet(services, prefix, 8)
    fleet.targets[3]["role_arn"] = "arn:aws:iam::123456789012:role/Missing"
    result = rotator.run(targets=fleet.targets)
    assert states(result) == {"rotated": 7, "failed": 1}
    failed = result["targets"][3]
    assert (failed["state"], failed["step"], failed["kind"]) == ("failed", "assume", "authorization")
    assert failed["reason"].startswith("Could not assume role arn:aws:iam::123456789012:role/Missing")
    assert "trust policy" in failed["next_step"]


def test_too_many_failures_stop_the_run(services: Any, rotator: Runner, prefix: str) -> None:
    fleet = Fleet(services, prefix, 60, external_id="wrong/id")
    for target in fleet.targets:
        target["role_arn"] = "arn:aws:iam::123456789012:role/Missing"
    result = rotator.run(targets=fleet.targets, max_fail_percentage=10, concurrency=2)
    assert result["stopped"] is True
    assert 7 <= states(result)["failed"] <= 8
    assert states(result)["not_started"] == 60 - states(result)["failed"]
    assert fleet.alive() == set()


def test_throttling_slows_the_run_down_and_fails_nothing(services: Any, rotator: Runner, prefix: str) -> None:
    fleet = Fleet(services, prefix, 20)
    for service, more in (("ngfw", {"retry_after": 1}), ("sts", {}), ("secretsmanager", {})):
        services.ask("POST", "/faults", service=service, kind="status", status=429, times=5, **more)
    result = rotator.run(targets=fleet.targets)
    assert states(result) == {"rotated": 20}, result
    assert result["throttled"] >= 11, "five by each; a single STS call is repeated as often"
    assert len(fleet.alive()) == 20


def test_without_batched_reads_each_store_is_read_by_itself(services: Any, rotator: Runner, prefix: str) -> None:
    fleet = Fleet(services, prefix, 4)
    order = {"service": "secretsmanager", "route": "secretsmanager:BatchGetSecretValue", "kind": "status"}
    services.ask("POST", "/faults", **order, status=403)
    assert states(rotator.run(targets=fleet.targets)) == {"rotated": 4}
    assert states(rotator.run(targets=fleet.targets)) == {"fresh": 4}


def test_percentiles_cover_every_step(services: Any, rotator: Runner, prefix: str) -> None:
    fleet = Fleet(services, prefix, 5)
    rotator.run(targets=fleet.targets)
    steps = rotator.run(targets=fleet.targets, state="rotated")["steps"]
    assert list(steps) == ["read", "assume", "create", "prove", "finish", "revoke", "total"]
    for figures in steps.values():
        assert figures["count"] == 5
        assert 0 <= figures["p50"] <= figures["p90"] <= figures["p99"] <= figures["max"]
