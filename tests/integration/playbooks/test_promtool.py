# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics and alert rules under Prometheus' own checker. Without promtool, they are not collected, and the run's summary says so."""

from __future__ import annotations

import subprocess
import uuid
from pathlib import Path
from typing import Any

import yaml

from ..conftest import Controller
from ..harness.promtool import find
from ..harness.rotation_harness import Fleet
from .test_token_metrics import RULES, TOKEN, report, rotate, write_inventory

ALERT_TIMES = {
    "CloudNgfwTokenExpired": "61m",
    "CloudNgfwTokenOverdue": "56m",
    "CloudNgfwTokenMissing": "16m",
    "CloudNgfwTokenStoreUnreadable": "16m",
    "CloudNgfwTokenRevocationsPending": "121m",
    "CloudNgfwMetricsStale": "31m",
}
BAD = {
    "CloudNgfwTokenExpired": (f"{TOKEN}expiry_timestamp_seconds", 60 * 60),
    "CloudNgfwTokenOverdue": (f"{TOKEN}rotation_due_timestamp_seconds", 40 * 60),
    "CloudNgfwTokenMissing": (f"{TOKEN}stored", 0),
    "CloudNgfwTokenStoreUnreadable": (f"{TOKEN}store_readable", 0),
    "CloudNgfwTokenRevocationsPending": (f"{TOKEN}pending_revocations", 1),
    "CloudNgfwMetricsStale": ("cloud_ngfw_metrics_written_timestamp_seconds", 0),
}
GOOD = {
    f"{TOKEN}expiry_timestamp_seconds": 300 * 60,
    f"{TOKEN}rotation_due_timestamp_seconds": 280 * 60,
    f"{TOKEN}stored": 1,
    f"{TOKEN}store_readable": 1,
    f"{TOKEN}pending_revocations": 0,
    "cloud_ngfw_metrics_written_timestamp_seconds": 120 * 60,
}


def promtool(*arguments: str | Path, **options: Any) -> None:
    """Run promtool. :raises AssertionError: it objects."""
    command = [str(find()), *map(str, arguments)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert (run.returncode, run.stderr) == (0, ""), run.stdout + run.stderr


def test_promtool_accepts_metrics(services: Any, controller: Controller, directory: Path) -> None:
    fleet = Fleet(services, f"promtool-{uuid.uuid4().hex[:8]}", 2)
    inventory, metrics = write_inventory(controller, fleet, directory / "token.json"), directory / "cloud_ngfw.prom"
    rotate(controller, inventory)
    assert report(controller, inventory, metrics).returncode == 0
    promtool("check", "metrics", input=metrics.read_text())


def case(alert: str, values: dict[str, int], *, fires: bool) -> dict[str, Any]:
    """A test of promtool, in which all series have a constant value from the time 0."""
    return {
        "interval": "1m",
        "input_series": [{"series": name, "values": f"{value}x200"} for name, value in values.items()],
        "promql_expr_test": [
            {
                "expr": f'count(ALERTS{{alertname="{alert}", alertstate="firing"}}) or vector(0)',
                "eval_time": ALERT_TIMES[alert],
                "exp_samples": [{"value": int(fires)}],
            }
        ],
    }


def test_each_alert_fires_for_its_reason_only(tmp_path: Path) -> None:
    alerts = [rule["alert"] for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]
    assert set(alerts) == set(BAD)
    tests = []
    for alert in alerts:
        name, value = BAD[alert]
        tests += [case(alert, {**GOOD, name: value}, fires=True), case(alert, GOOD, fires=False)]
    without = {name: value for name, value in GOOD.items() if name != "cloud_ngfw_metrics_written_timestamp_seconds"}
    tests.append(case("CloudNgfwMetricsStale", without, fires=True))
    path = tmp_path / "tests.yml"
    path.write_text(yaml.safe_dump({"rule_files": [str(RULES)], "tests": tests}))
    promtool("check", "rules", RULES)
    promtool("test", "rules", path)
