# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The metrics of report_tokens, compared with what the stores hold, and the example of alert rules for them."""

from __future__ import annotations

import json
import re
import stat
import time
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from ..conftest import ROOT, Controller
from ..harness.rotation_harness import Fleet
from ..modules.test_secrecy import leaks

REPORT = ROOT / "playbooks/report_tokens.yml"
RULES = ROOT / "playbooks/examples/prometheus/cloud_ngfw.rules.yml"
TOKEN = "cloud_ngfw_token_"


@pytest.fixture
def fleet(services: Any) -> Iterator[Fleet]:
    """Two targets in Secrets Manager. Faults are removed afterwards."""
    yield Fleet(services, f"metrics-{uuid.uuid4().hex[:8]}", 2)
    services.ask("DELETE", "/faults")


@pytest.fixture
def file(directory: Path) -> Path:
    """A store whose name has each character that labels escape, except for the newline, which no store allows."""
    return directory / r'a "quoted" back\slash \n.json'


@pytest.fixture
def inventory(controller: Controller, fleet: Fleet, file: Path) -> Path:
    return write_inventory(controller, fleet, file)


@pytest.fixture
def metrics(controller: Controller) -> Path:
    """Where the metrics are written."""
    path = controller.home / "collector/cloud_ngfw.prom"
    path.parent.mkdir()
    return path


def write_inventory(controller: Controller, fleet: Fleet, file: Path) -> Path:
    """Two accounts: one with two secrets, one with a file."""
    role = {"ngfw_role_arn": fleet.targets[0]["role_arn"]}
    secrets = [{"admin_role": "rulestack", "name": name} for name in fleet.names]
    hosts = {
        "shop": {**role, "manage_tokens_tokens": secrets},
        "tools": {**role, "manage_tokens_tokens": [{"admin_role": "firewall", "store": "file", "path": str(file)}]},
    }
    shared = {"aws_region": fleet.services.endpoints["region"], "aws_profile": "simulator"}
    path = controller.home / "inventory.yml"
    path.write_text(json.dumps({"all": {"hosts": hosts, "vars": shared}}))
    return path


def rotate(controller: Controller, inventory: Path, *arguments: str) -> None:
    run = controller.playbook(ROOT / "playbooks/rotate_fleet.yml", "-i", str(inventory), *arguments)
    assert run.returncode == 0, run.output


def report(controller: Controller, inventory: Path, metrics: Path, *arguments: str) -> Any:
    return controller.playbook(REPORT, "-i", str(inventory), "-e", f"report_tokens_metrics={metrics}", *arguments)


def values(metrics: Path) -> dict[str, dict[str, float]]:
    """The values by metric and target, as Prometheus' own client for Python parses them."""
    found: dict[str, dict[str, float]] = {}
    for family in text_string_to_metric_families(metrics.read_text()):
        assert (family.type, bool(family.documentation)) == ("gauge", True), family
        for sample in family.samples:
            target = sample.labels.get("target", "")
            assert target not in found.setdefault(family.name, {}), "a series appears once"
            found[family.name][target] = sample.value
    return found


def moment(date: str) -> float:
    return datetime.fromisoformat(date).timestamp()


def test_metrics_agree_with_the_stores(
    services: Any, controller: Controller, fleet: Fleet, file: Path, inventory: Path, metrics: Path
) -> None:
    rotate(controller, inventory)
    rotate(controller, inventory, "--limit", "shop", "-e", "manage_tokens_state=rotated manage_tokens_grace_period=5")
    calls, issued = services.state["calls"], services.state["issued"]
    before = time.time()
    run = report(controller, inventory, metrics, "-vvvv", "--diff")
    assert run.returncode == 0, run.output
    assert (services.state["calls"], services.state["issued"]) == (calls, issued), "the API is not called"

    found = values(metrics)
    (written,) = found.pop("cloud_ngfw_metrics_written_timestamp_seconds").values()
    assert before - 1 <= written <= time.time()
    held = {f"shop rulestack {name}": document for name, document in fleet.current().items()}
    held[f"tools firewall {file}"] = json.loads(file.read_text())
    assert len(held) == 3
    assert found == {
        f"{TOKEN}store_readable": dict.fromkeys(held, 1),
        f"{TOKEN}stored": dict.fromkeys(held, 1),
        f"{TOKEN}expiry_timestamp_seconds": {name: moment(one["expires_at"]) for name, one in held.items()},
        f"{TOKEN}last_rotation_timestamp_seconds": {name: moment(one["issued_at"]) for name, one in held.items()},
        f"{TOKEN}age_seconds": {name: written - moment(one["issued_at"]) for name, one in held.items()},
        f"{TOKEN}rotation_due_timestamp_seconds": {
            name: moment(one["expires_at"]) - 20 * 60 for name, one in held.items()
        },
        f"{TOKEN}pending_revocations": {name: float(name.startswith("shop")) for name in held},
    }
    assert stat.S_IMODE(metrics.stat().st_mode) == 0o644
    assert list(metrics.parent.iterdir()) == [metrics]
    assert leaks(controller.home, run.output, services.secrets()) == [str(file)], "the store only"
    fingerprints = [one["fingerprint"] for one in held.values() if "fingerprint" in one]
    assert not [text for text in [*services.secrets(), *fingerprints] if text in metrics.read_text()]


def test_labels_say_where_a_token_is(controller: Controller, fleet: Fleet, inventory: Path, metrics: Path) -> None:
    rotate(controller, inventory)
    assert report(controller, inventory, metrics).returncode == 0
    arn, region = fleet.targets[0]["role_arn"], fleet.services.endpoints["region"]
    samples = [sample for family in text_string_to_metric_families(metrics.read_text()) for sample in family.samples]
    labels = [sample.labels for sample in samples if sample.name == f"{TOKEN}stored"]
    place = {"account": arn.split(":")[4], "region": region}
    assert labels[0] == {
        **place,
        "target": f"shop rulestack {fleet.names[0]}",
        "admin_role": "rulestack",
        "store": "secretsmanager",
    }
    assert labels[2].items() >= {**place, "admin_role": "firewall", "store": "file"}.items()


def test_missing_and_unreadable_tokens_are_reported(
    controller: Controller, fleet: Fleet, file: Path, inventory: Path, metrics: Path
) -> None:
    rotate(controller, inventory, "--limit", "tools")
    file.write_text("{}")
    run = report(controller, inventory, metrics)
    assert run.returncode == 0, run.output
    assert str(file) in run.output
    found = values(metrics)
    missing, unreadable = [f"shop rulestack {name}" for name in fleet.names], f"tools firewall {file}"
    assert found[f"{TOKEN}store_readable"] == {**dict.fromkeys(missing, 1), unreadable: 0}
    assert found[f"{TOKEN}stored"] == dict.fromkeys(missing, 0)
    assert found[f"{TOKEN}pending_revocations"] == dict.fromkeys(missing, 0)
    assert f"{TOKEN}expiry_timestamp_seconds" not in found or found[f"{TOKEN}expiry_timestamp_seconds"] == {}


def test_metrics_of_an_incomplete_inventory_stay_as_they_are(
    controller: Controller, inventory: Path, metrics: Path
) -> None:
    metrics.write_text("# the last run\n")
    content = json.loads(inventory.read_text())
    del content["all"]["hosts"]["tools"]["manage_tokens_tokens"]
    inventory.write_text(json.dumps(content))
    run = report(controller, inventory, metrics)
    assert run.returncode != 0
    assert "These hosts need aws_region, ngfw_role_arn and manage_tokens_tokens in the inventory: tools." in " ".join(
        run.output.split()
    )
    assert metrics.read_text() == "# the last run\n"


def test_metrics_stay_as_they_are_if_no_store_was_read(controller: Controller, inventory: Path, metrics: Path) -> None:
    metrics.write_text("# the last run\n")
    run = report(controller, inventory, metrics, "-e", "manage_tokens_expiry_time=4")
    assert run.returncode != 0
    assert "'expiry_time' is 4" in run.output
    assert "The stores were not read, and the metrics are not written." in run.output
    assert metrics.read_text() == "# the last run\n"


def test_report_without_metrics_reads_no_store(services: Any, controller: Controller, inventory: Path) -> None:
    calls = services.calls()
    run = controller.playbook(REPORT, "-i", str(inventory))
    assert run.returncode == 0, run.output
    assert services.calls() == calls
    assert "WARNING" not in run.output


def test_alert_rules_use_metrics_that_exist(controller: Controller, inventory: Path, metrics: Path) -> None:
    rotate(controller, inventory)
    assert report(controller, inventory, metrics).returncode == 0
    rules = [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]
    used = {name for rule in rules for name in re.findall(r"\bcloud_ngfw_\w+", rule["expr"])}
    unwatched = {f"{TOKEN}age_seconds", f"{TOKEN}last_rotation_timestamp_seconds"}
    assert used == set(values(metrics)) - unwatched
