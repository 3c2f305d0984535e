# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deterministic sample results of fleet rotations."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._common.dates import show
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report import Report
from ansible_collections.panw.cloud.tests.helpers.report_pages import HOSTILE

START = datetime(2026, 5, 19, 8, tzinfo=UTC)
ROLES = ["firewall", "rulestack", "global_rulestack", "account"]
REGIONS = ["us-east-1", "eu-central-1", "ap-southeast-2"]
FAILURES = [
    {
        "step": "create",
        "kind": "throttled",
        "reason": "the server returned HTTP 429: Too Many Requests",
        "next_step": "Run again later, or with fewer hosts at once.",
    },
    {
        "step": "assume",
        "kind": "authorization",
        "reason": "the server returned HTTP 403, error code AccessDenied: User: arn:aws:iam::111122223333:user/rotation is not authorized to "
        "perform: sts:AssumeRole on resource: arn:aws:iam::100000000007:role/CloudNGFWAdmin",
        "next_step": "Check the role's tags, its permission policy and its trust policy.",
    },
]
STEPS = {
    "read": 0.011,
    "assume": 0.042,
    "create": 0.118,
    "prove": 0.064,
    "finish": 0.023,
    "revoke": 0.052,
    "total": 0.31,
}


def target(number: int, state: str = "rotated", **changes: Any) -> dict[str, Any]:
    """One target; a fresh or failed one has an older token."""
    account = f"{100000000000 + number // 4 * 7}"
    old = state not in ("rotated",)
    life = timedelta(minutes=4 + number * 37 % 50) if old else timedelta(minutes=60, seconds=number % 30)
    failure = FAILURES[number % 3 == 0] if state == "failed" else dict.fromkeys(("step", "kind", "reason", "next_step"))
    return {
        "name": f"workload-{number // 4:04}-{ROLES[number % 4]}",
        "account_id": account,
        "role_arn": f"arn:aws:iam::{account}:role/CloudNGFWAdmin",
        "admin_role": ROLES[number % 4],
        "region": REGIONS[number % 3],
        "url": f"https://api.{REGIONS[number % 3]}.aws.cloudngfw.example",
        "store": "secretsmanager",
        "location": f"ngfw/{account}/{ROLES[number % 4]}",
        "state": state,
        "fingerprint": hashlib.sha256(str(number).encode()).hexdigest()[:12],
        "previous_fingerprint": None,
        "issued_at": None if state == "not_started" else show(START + life - timedelta(hours=1)),
        "expires_at": None if state == "not_started" else show(START + life),
        "next_due": None if state == "not_started" else show(START + life - timedelta(minutes=20)),
        "pending_revocation": [],
        "repaired": [],
        "duration": {"not_started": 0.0, "fresh": 0.012}.get(state, 0.24 + number * 7919 % 1000 / 2500),
        **failure,
        **changes,
    }


def result(targets: list[dict[str, Any]], duration: float = 20.8, **changes: Any) -> dict[str, Any]:
    """The result of a run over these targets."""
    counts = Counter(target["state"] for target in targets)
    states = ("fresh", "due" if changes.get("dry_run") else "rotated", "failed", "unknown", "locked", "not_started")
    return {
        "run_by": "alice@control",
        "version": "0.2.0",
        "changed": bool(counts["rotated"]),
        "dry_run": False,
        "interrupted": False,
        "stopped": False,
        "started_at": show(START),
        "ended_at": show(START + timedelta(seconds=duration)),
        "duration": duration,
        "counts": {
            "targets": len(targets),
            **{state: counts[state] for state in states},
            "repaired": sum(bool(target["repaired"]) for target in targets),
        },
        "rate": len(targets) / duration,
        "steps": {
            name: {"count": len(targets), "p50": p50, "p90": p50 * 1.6, "p99": p50 * 2.7, "max": p50 * 4}
            for name, p50 in STEPS.items()
        },
        "throttled": 51,
        "requests": len(targets) * 7,
        "targets": targets,
        **changes,
    }


def state_of(number: int) -> str:
    """A mix: three of eight are fresh, one in 149 fails, one in 250 is locked."""
    if number % 149 == 7:
        return "failed"
    if number % 250 == 11:
        return "locked"
    return "fresh" if number % 8 in (1, 4, 6) else "rotated"


def fleet(size: int, **changes: Any) -> dict[str, Any]:
    """A fleet run that mostly succeeded."""
    return result([target(number, state_of(number)) for number in range(size)], **changes)


def written(report: dict[str, Any], path: Path) -> dict[str, str]:
    """Write a report and return its paths by format."""
    with Report(str(path), len(report.get("targets") or [])) as files:
        paths, failures = files.write(report)
    assert failures == []
    return paths


TEXTS = (
    "name",
    "account_id",
    "role_arn",
    "admin_role",
    "region",
    "store",
    "location",
    "state",
    "fingerprint",
    "step",
    "kind",
    "reason",
    "next_step",
)
LONG = 20_000


def hostile() -> dict[str, Any]:
    """Every external text tries to break out, one by one and all at once."""
    targets = [{**target(number, "failed"), text: HOSTILE + "x" * LONG} for number, text in enumerate(TEXTS)]
    targets.append({**target(1, "failed"), **dict.fromkeys(TEXTS, HOSTILE), "repaired": [HOSTILE]})
    targets[-1]["pending_revocation"] = [{"fingerprint": HOSTILE, "revoke_at": HOSTILE}]
    report = result(targets)
    report["steps"][HOSTILE] = report["steps"]["read"]
    return report


RESULTS = {
    "one": fleet(1),
    "thousand": fleet(1000),
    "none": fleet(0),
    "nothing": {},
    "dry": result([target(number, ("due", "fresh")[number % 2]) for number in range(40)], dry_run=True),
    "interrupted": result([target(0), target(1, "not_started")], interrupted=True),
    "partial": {"interrupted": True, "targets": [{"name": "a", "state": "not_started"}]},
    "expired": result([target(0, expires_at="2020-01-01T00:00:00Z"), target(1, expires_at="9999-12-31T23:59:59Z")]),
    "hostile": hostile(),
}
