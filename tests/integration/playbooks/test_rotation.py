# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rotations as users run them: the module in a playbook, the role over the hosts of a play, and interrupted runs."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ..conftest import ROOT, Controller
from ..harness.crash_harness import Runner, wait_until
from ..harness.rotation_harness import Fleet, states
from ..modules.test_secrecy import leaks, places

PLAYBOOK = Path(sys.executable).parent / "ansible-playbook"


@pytest.fixture
def fleet(services: Any) -> Iterator[Fleet]:
    """Forty targets. Faults are removed afterwards."""
    yield Fleet(services, f"play-{uuid.uuid4().hex[:8]}", 40)
    services.ask("DELETE", "/faults")


def task(fleet: Fleet, **options: Any) -> dict[str, Any]:
    return {"name": "rotate", "panw.cloud.ngfw_token_rotation": {"targets": fleet.targets, **options}}


def playbook(controller: Controller, *tasks: dict[str, Any]) -> Path:
    """Write a playbook with tasks on localhost."""
    path = controller.home / "rotation.yml"
    path.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": list(tasks)}]))
    return path


def test_rotation_shows_no_secret_and_is_idempotent(services: Any, controller: Controller, fleet: Fleet) -> None:
    report = controller.home / "report"
    settings = places(controller.home)
    use = {"name": "count", "ansible.builtin.debug": {"var": "rotated.counts"}}
    # More targets at the same time would end before the first line of progress.
    tasks = ({**task(fleet, report=str(report), concurrency=16), "register": "rotated"}, use)
    services.ask("POST", "/faults", service="ngfw", kind="latency", seconds=1, times=None)
    first = controller.play(*tasks, arguments=("-vvvv", "--diff"), **settings)
    assert first.returncode == 0, first.output
    assert "changed=1" in first.output
    assert "of 40 targets done, 0 failed" in first.output, "the progress"
    second = controller.play(*tasks, arguments=("-vvvv", "--check"), **settings)
    assert "changed=0" in second.output, second.output
    written = json.loads(report.with_suffix(".json").read_text())
    assert states(written) == {"fresh": 40}
    assert leaks(controller.home, first.output + second.output, services.secrets()) == []


def test_failed_target_shows_its_reason_and_no_secret(services: Any, controller: Controller, fleet: Fleet) -> None:
    services.ask("POST", "/faults", service="secretsmanager", kind="status", status=403, times=None)
    fleet.targets[1:] = []
    run = controller.play({**task(fleet), "register": "rotated"}, arguments=("-vvvv",), **places(controller.home))
    assert run.failure["counts"]["failed"] == 1, run.output
    entry = run.failure["targets"][0]
    assert (entry["step"], entry["kind"]) == ("read", "authorization")
    assert "secretsmanager:DescribeSecret" in entry["next_step"]
    assert leaks(controller.home, run.output, services.secrets()) == []


def test_failed_fleet_prints_only_failed_targets(services: Any, controller: Controller, fleet: Fleet) -> None:
    """Tests the module without register, and the role, which registers the result."""
    for target in fleet.targets[:3]:
        target["role_arn"] = "arn:aws:iam::123456789012:role/Missing"
    hosts, report = str(inventory(controller, fleet)), controller.home / "report"
    alone = controller.play(task(fleet, report=str(report)))
    role = controller.playbook(ROOT / "playbooks/rotate_fleet.yml", "-i", hosts, "-e", f"manage_tokens_report={report}")
    for run, failed in ((alone, 3), (role, 12)):
        assert run.returncode == 2, run.output
        reported, end, _rest = " ".join(run.output.partition("fatal: ")[2].split()).partition(
            "All targets are listed in "
        )
        assert end, run.output
        assert f"{failed} failed" in reported
        assert (
            f"{fleet.names[2]}: Could not assume role" in reported
            or f"{fleet.names[9]}: Could not assume role" in reported
        )
        assert "trust policy allows the caller" in reported
        assert sum(f"{name}," in reported or f"{name}:" in reported for name in fleet.names) == min(failed, 10)
        assert ("And 2 other failures." in reported) is (failed == 12)
        assert len(reported) < 2000, reported
        assert len(json.loads(report.with_suffix(".json").read_text())["targets"]) == 40


def test_rotation_without_a_store_returns_tokens_only_to_the_play(
    services: Any, controller: Controller, fleet: Fleet
) -> None:
    use = {
        "name": "use",
        "panw.cloud.ngfw_rulestack_info": {
            "token": "{{ rotated.targets[39].token }}",
            "subscription_key": "{{ rotated.targets[39].subscription_key }}",
        },
    }
    before = services.state["calls"]
    tasks = ({**task(fleet, store="none"), "register": "rotated"}, use)
    run = controller.play(*tasks, arguments=("-vvvv",), **places(controller.home))
    assert run.returncode == 0, run.output
    assert leaks(controller.home, run.output, services.secrets()) == []
    proofs = services.state["calls"]["GET /v1/config/rulestacks"] - before.get("GET /v1/config/rulestacks", 0)
    assert proofs == 1, "without an old token only the last task calls the API, once"


def test_failure_without_a_store_is_shown_despite_the_censored_result(
    services: Any, controller: Controller, fleet: Fleet
) -> None:
    fleet.targets[3]["role_arn"] = "arn:aws:iam::123456789012:role/Missing"
    use = {
        "name": "count",
        "ansible.builtin.debug": {"msg": "{{ rotated.targets | selectattr('token', 'defined') | length }} tokens"},
    }
    tasks = ({**task(fleet, store="none"), "register": "rotated", "ignore_errors": True}, use)
    run = controller.play(*tasks, **places(controller.home))
    reported = " ".join(run.output.split())
    assert f"39 rotated, 1 failed. (1) {fleet.names[3]}: Could not assume role" in reported, reported
    assert "39 tokens" in reported, "no token is lost"
    assert leaks(controller.home, run.output, services.secrets()) == []


BAD: list[tuple[dict[str, Any], list[str]]] = [
    ({"targets": []}, ["Option 'targets' is empty"]),
    ({"concurrency": 0}, ["'concurrency' is 0; it must be 1 to 256"]),
    ({"concurrency": 1000}, ["'concurrency' is 1000; it must be 1 to 256"]),
    ({"api_rate": 0}, ["'api_rate' is 0; it must be more than 0"]),
    ({"store_rate": -1}, ["'store_rate' is -1; it must be more than 0"]),
    ({"slices": 0}, ["'slices' is 0"]),
    ({"retries": 99}, ["'retries' is 99; it must be 0 to 10"]),
    ({"max_fail_percentage": 101}, ["'max_fail_percentage' is 101.0; it must be 0 to 100"]),
    ({"renew_before": 60}, ["less than 'expiry_time'"]),
    ({"report": "/no/such/directory/report"}, ["Directory /no/such/directory does not exist. Create it"]),
    ({"report": "report"}, ["Option 'report' is not an absolute path"]),
    ({"state": "revoked"}, ["value of state must be one of"]),
]


@pytest.mark.parametrize(("options", "messages"), BAD, ids=[next(iter(options)) for options, _rest in BAD])
def test_invalid_options_are_rejected_before_any_call(
    services: Any, controller: Controller, fleet: Fleet, options: dict[str, Any], messages: list[str]
) -> None:
    calls = services.calls()
    run = controller.play(task(fleet, **options))
    for message in messages:
        assert message in run.failure["msg"], run.output
    assert services.calls() == calls


def test_rotation_without_space_for_the_report_creates_no_token(
    services: Any, controller: Controller, fleet: Fleet
) -> None:
    """A file size limit simulates a full disk."""
    report = controller.home / "reports"
    report.mkdir()
    path = playbook(controller, task(fleet, report=str(report)))
    environment = {**services.environment(), "HOME": str(controller.home), "AWS_PROFILE": "simulator"}
    calls = services.calls()
    run = subprocess.run(
        ["bash", "-c", f"ulimit -f 64 && exec {PLAYBOOK} {path}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2, run.stdout
    assert f"Option 'report' cannot be written: {report}/ngfw_token_rotation.json: File too large" in run.stdout
    assert (services.calls(), list(report.iterdir())) == (calls, [])


def test_invalid_targets_among_a_thousand_are_all_named_at_once(services: Any, controller: Controller) -> None:
    fleet = Fleet(services, "wrong", 1000)
    calls = services.calls()
    fleet.targets[7]["admin_role"] = "king"
    fleet.targets[8]["role_arn"] = "arn:aws:iam::1:user/x"
    fleet.targets[9].update(name="wrong/10", location="wrong/11")
    fleet.targets[12].update(expiry_time=4, store="file", location="token.json")
    fleet.targets[13].update(kms_key_id="alias/x", store="file", location="/etc/token.json")
    reported = controller.play(task(fleet)).failure["msg"]
    for part in (
        "target 'wrong/7': Option 'admin_role' is 'king'; it must be one of firewall",
        "target 'wrong/8': Option 'role_arn' is malformed",
        "target 'wrong/12': Option 'expiry_time' is 4",
        "target 'wrong/12': Option 'path' is not absolute: token.json",
        "target 'wrong/13': Option 'kms_key_id' belongs to secretsmanager and ssm",
        "2 targets have the same name: wrong/10.",
        "2 targets have the same place in a store: secretsmanager wrong/11 in",
        "nothing was started",
    ):
        assert part in reported, reported
    assert services.calls() == calls


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_interrupted_run_writes_a_correct_report(
    services: Any, controller: Controller, rotator: Runner, fleet: Fleet, number: signal.Signals
) -> None:
    """SIGKILL hits ansible-playbook and its process group, as when AWX cancels a job, but not the process that rotates."""
    report = controller.home / "report"
    path = playbook(controller, task(fleet, report=str(report), concurrency=2))
    services.ask("POST", "/faults", service="ngfw", kind="latency", seconds=0.2)
    issued = services.state["issued"]
    environment = {**services.environment(), "HOME": str(controller.home), "AWS_PROFILE": "simulator"}
    with subprocess.Popen(
        [str(PLAYBOOK), str(path)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # background jobs of a script ignore it
    ) as process:
        wait_until(lambda: services.state["issued"] >= issued + 4)
        (worker,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.killpg(process.pid, number)
        output, _rest = process.communicate(timeout=60)
    wait_until(lambda: not Path(f"/proc/{worker}").exists())
    assert process.returncode in (99, -number), output
    result = json.loads(report.with_suffix(".json").read_text())
    assert result["interrupted"] is True
    assert set(states(result)) == {"rotated", "not_started"}, result["counts"]
    assert services.state["issued"] - issued == states(result)["rotated"] < 40
    assert "Token rotation, interrupted" in output
    reported = {entry["name"]: entry["fingerprint"] for entry in result["targets"] if entry["state"] == "rotated"}
    assert {name: document["fingerprint"] for name, document in fleet.current().items()} == reported
    services.ask("DELETE", "/faults")
    rest = rotator.run(targets=fleet.targets)
    assert states(rest) == {"fresh": len(reported), "rotated": 40 - len(reported)}, "no reservation is left"
    assert len(fleet.alive()) == 40


def test_terminal_shows_a_progress_bar(services: Any, controller: Controller, fleet: Fleet) -> None:
    path = playbook(controller, task(fleet, concurrency=2))
    services.ask("POST", "/faults", service="ngfw", kind="latency", seconds=0.02)
    mine, theirs = pty.openpty()
    environment = {**services.environment(), "HOME": str(controller.home), "AWS_PROFILE": "simulator"}
    shown = b""
    with subprocess.Popen([str(PLAYBOOK), str(path)], env=environment, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        while True:
            try:
                part = os.read(mine, 4096)
            except OSError:  # the other end is closed
                break
            shown += part
    os.close(mine)
    assert process.returncode == 0, shown
    bars = [line for line in shown.split(b"\r") if b"targets done" in line]
    assert bars
    assert any(b"[" in line and b"#" in line for line in bars), bars
    assert not [secret for secret in services.secrets() if secret.encode() in shown]


def inventory(controller: Controller, fleet: Fleet) -> Path:
    """An inventory with one host for every four targets, and variables for each host."""
    hosts = {
        f"account{number:02}": {
            "ngfw_role_arn": fleet.targets[number]["role_arn"],
            "manage_tokens_tokens": [
                {"admin_role": target["admin_role"], "name": target["name"]}
                for target in fleet.targets[number * 4 : number * 4 + 4]
            ],
            **({"manage_tokens_expiry_time": 120} if number == 1 else {}),
        }
        for number in range(10)
    }
    shared = {"aws_region": fleet.services.endpoints["region"], "aws_profile": "simulator"}
    path = controller.home / "inventory.yml"
    path.write_text(json.dumps({"all": {"hosts": hosts, "vars": shared}}))
    return path


def test_rotate_fleet_rotates_all_hosts_in_one_task(services: Any, controller: Controller, fleet: Fleet) -> None:
    hosts, report = str(inventory(controller, fleet)), controller.home / "report"
    issued = services.state["issued"]
    book = ROOT / "playbooks/rotate_fleet.yml"
    limited = controller.playbook(
        book, "-i", hosts, "--limit", "account00,account01", "-e", f"manage_tokens_report={report}"
    )
    assert limited.returncode == 0, limited.output
    assert services.state["issued"] == issued + 8
    targets = json.loads(report.with_suffix(".json").read_text())["targets"]
    assert targets[0]["name"] == f"account00 rulestack {fleet.names[0]}"
    assert targets[4]["expires_at"] > targets[0]["expires_at"], "the variables of each host"
    for number in (40, 40):
        whole = controller.playbook(book, "-i", hosts)
        assert whole.returncode == 0, whole.output
        assert services.state["issued"] == issued + number
    assert "changed=0" in whole.output
    assert {document["fingerprint"] for document in fleet.current().values()} == fleet.alive()


def test_role_with_serial_rotates_each_batch(services: Any, controller: Controller, fleet: Fleet) -> None:
    role = {"import_role": {"name": "panw.cloud.manage_tokens"}, "vars": {"manage_tokens_fleet": True}}
    count = {"debug": {"msg": "batch of {{ manage_tokens_result.counts.targets }}"}, "run_once": True}
    play = {"hosts": "all", "connection": "local", "gather_facts": False, "serial": 4, "tasks": [role, count]}
    path = controller.home / "serial.yml"
    path.write_text(yaml.safe_dump([play]))
    run = controller.playbook(path, "-i", str(inventory(controller, fleet)))
    assert run.returncode == 0, run.output
    assert run.output.count("batch of 16") == 2
    assert run.output.count("batch of 8") == 1
    assert len(fleet.alive()) == 40


def test_rotate_fleet_with_missing_variables_names_the_hosts(controller: Controller, fleet: Fleet) -> None:
    path = inventory(controller, fleet)
    content = json.loads(path.read_text())
    del content["all"]["hosts"]["account03"]["ngfw_role_arn"]
    path.write_text(json.dumps(content))
    run = controller.playbook(ROOT / "playbooks/rotate_fleet.yml", "-i", str(path))
    assert run.returncode != 0
    assert (
        "These hosts need aws_region, ngfw_role_arn and manage_tokens_tokens in the inventory: account03."
        in " ".join(run.output.split())
    )
