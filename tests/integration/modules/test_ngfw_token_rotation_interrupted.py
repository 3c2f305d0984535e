# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGTERM while stores and the API respond slowly: each report entry matches its store or says that the outcome is unknown."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..harness.crash_harness import Runner, wait_until
from ..harness.rotation_harness import states
from ..harness.store_readers import clients
from .test_ngfw_token_rotation import mixed

TARGETS = 36
LONGEST = 20  # seconds from the signal to the end
NEVER = 30  # seconds, from the run's point of view
# From some point on: late responses to promotions, late promotions, and late verifications. Until then everything is slightly slow.
LATE = [
    {"service": service, "route": f"{service}:{operation}", "kind": "latency", "seconds": NEVER, **how}
    for service, operation in (("secretsmanager", "UpdateSecretVersionStage"), ("ssm", "PutParameter"))
    for how in (
        {"times": 1, "after_acting": True},
        {"chance": 0.5, "seed": 1, "after_acting": True},
        {"chance": 0.3, "seed": 2},
    )
]
LATE.append(
    {"service": "ngfw", "route": "GET /v1/config/rulestacks", "kind": "latency", "seconds": NEVER, "chance": 0.3}
)
SLOW = [{"service": service, "kind": "latency", "seconds": 0.3} for service in ("secretsmanager", "ssm", "ngfw")]


@pytest.fixture
def targets(services: Any, directory: Path) -> Iterator[list[dict[str, Any]]]:
    """A third in each store; faults are cleared afterwards."""
    yield mixed(services, f"interrupted-{uuid.uuid4().hex[:8]}", directory, TARGETS)
    services.ask("DELETE", "/faults")


def current(services: Any, target: dict[str, Any]) -> str:
    """The fingerprint of the token that a reader of a store gets."""
    client, place = clients(services), target.get("location") or target["name"]
    if target["store"] == "file":
        text = Path(place).read_text()
    elif target["store"] == "ssm":
        text = client["ssm"].get_parameter(Name=place, WithDecryption=True)["Parameter"]["Value"]
    else:
        text = client["secretsmanager"].get_secret_value(SecretId=place)["SecretString"]
    return str(json.loads(text)["fingerprint"])


@pytest.mark.parametrize("issued", [TARGETS // 3 + 1, TARGETS // 2, TARGETS])  # more than files, which are never late
def test_report_of_an_interrupted_run_matches_the_stores(
    services: Any, rotator: Runner, targets: list[dict[str, Any]], issued: int
) -> None:
    first = rotator.run(targets=targets)
    assert states(first) == {"rotated": TARGETS}
    before = [entry["fingerprint"] for entry in first["targets"]]
    for fault in SLOW:
        services.ask("POST", "/faults", **fault)
    made = services.state["issued"]
    run = rotator.start(targets=targets, state="rotated", concurrency=TARGETS)
    wait_until(lambda: services.state["issued"] >= made + issued)
    for fault in LATE:
        services.ask("POST", "/faults", **fault)
    run.terminate()
    signaled = time.monotonic()
    result = run.finish()
    assert time.monotonic() - signaled < LONGEST
    services.ask("DELETE", "/faults")
    now = [current(services, target) for target in targets]
    for entry, old, held in zip(result["targets"], before, now, strict=True):
        if entry["state"] == "unknown":
            assert "may hold a new token. Run again" in entry["next_step"]
            continue
        assert (entry["state"] == "rotated") == (held != old), entry
        assert entry["fingerprint"] in (held, None if entry["state"] == "not_started" else held), entry
        assert entry["previous_fingerprint"] == (old if held != old else None)
    assert result["interrupted"] is True
    given_up = [entry["name"] for entry in result["targets"] if "is not finished" in str(entry["warnings"])]
    print(states(result), len(given_up), "rotated and not finished")
    assert given_up or states(result).keys() & {"failed", "unknown"}, "the servers were late when the signal arrived"
    rest = rotator.run(targets=targets)
    assert set(states(rest)) <= {"fresh", "rotated", "repaired"}, rest
    alive = set(services.alive_tokens())
    assert {current(services, target) for target in targets} <= alive
