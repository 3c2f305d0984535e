# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WildFire keys without an API: WildFire verifies the key, and the test acts as the operator in the console."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ..conftest import usual
from ..harness.wildfire_helpers import VERDICT, Keyring, awaited

PATIENT = {"on_manual_step": "wait", "wait_timeout": 200, "wait_interval": 1}


@pytest.fixture
def keyring(services: Any, controller: Any) -> Keyring:
    """A tenant with a service account and no key."""
    return Keyring(services)


def waiting(services: Any, controller: Any, keyring: Keyring, task: dict[str, Any], act: Callable[[], object]) -> Any:
    """Run a task, and act when it has probed, shown the manual steps, and waits."""
    runs: list[Any] = []
    looked = keyring.count("wildfire", VERDICT)
    thread = threading.Thread(target=lambda: runs.append(controller.play(task, **services.administrator)))
    thread.start()
    try:
        # Two requests of a rejected probe, or one of a successful one, before the steps are shown; more only while it waits.
        awaited(lambda: keyring.count("wildfire", VERDICT) >= looked + 5)
        act()
    finally:
        thread.join()
    (run,) = runs
    return run


def test_operator_creates_the_key_while_the_module_waits(services: Any, controller: Any, keyring: Keyring) -> None:
    changes = keyring.changes()
    task = keyring.task(**PATIENT, **keyring.bound)
    run = waiting(services, controller, keyring, task, keyring.operator_creates)
    assert run.returncode == 0, run.output
    result = run.results["key"]
    assert (result["changed"], result["verified"], result["key"]) == (True, True, None)
    assert any("Create New Key" in step for step in result["manual_steps"])
    assert "panw.cloud.wildfire_key is waiting for manual steps in the console." in run.output
    assert f"the service account scanner ({keyring.account['client_id']})" in run.output.replace("\n", " ")
    assert keyring.changes() == changes
    assert len(keyring.entries("Valid")) == 1
    again = controller.play(task, **services.administrator)
    assert (again.results["key"]["changed"], again.results["key"]["manual_steps"]) == (False, [])


def test_steps_are_shown_while_the_role_waits(services: Any, controller: Any, keyring: Keyring) -> None:
    """The operator acts as soon as the steps are displayed, not before."""
    variables = {
        "wildfire_access_service_account": "operated",
        "wildfire_access_store": "file",
        "wildfire_access_path": str(controller.home / "credentials.json"),
        "wildfire_access_on_manual_step": "wait",
        "wildfire_access_wait_timeout": 40,
        "wildfire_access_wait_interval": 1,
    }
    controller.home.chmod(0o700)
    playbook = controller.home / "wait.yml"
    roles = [{"role": "panw.cloud.wildfire_access", **variables}]
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "roles": roles}]))
    environment = {**usual(services), **services.administrator, "HOME": str(controller.home)}
    # Unlike a terminal, a pipe is block-buffered by Python.
    environment |= {"PYTHONUNBUFFERED": "1", "RECORD_TO": os.devnull}
    command = [str(Path(sys.executable).parent / "ansible-playbook"), str(playbook)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        assert run.stdout
        shown = list(itertools.takewhile(lambda line: "Create New Key" not in line, run.stdout))
        assert run.poll() is None, "".join(shown)
        (account,) = [made for made in services.tenant["service_accounts"] if made["name"] == "operated"]
        keyring.operator_creates(account)
        shown += run.stdout
    assert run.returncode == 0, "".join(shown)


def test_pending_key_is_awaited(services: Any, controller: Any, keyring: Keyring) -> None:
    """Created before the module starts, and Pending."""
    keyring.switch(pending_seconds=None)
    key = keyring.operator_creates(settled=False)
    task = keyring.task(**PATIENT, **keyring.bound)
    run = waiting(services, controller, keyring, task, lambda: services.ask("POST", f"/strata/keys/{key['id']}/settle"))
    assert run.results["key"]["verified"] is True, run.output


def test_operator_revokes_the_key_while_the_module_waits(services: Any, controller: Any, keyring: Keyring) -> None:
    key = keyring.operator_creates()
    task = keyring.task(state="absent", **PATIENT, **keyring.bound)
    run = waiting(services, controller, keyring, task, lambda: keyring.operator_revokes(key))
    assert run.returncode == 0, run.output
    result = run.results["key"]
    assert (result["changed"], result["verified"]) == (True, False)
    assert any("Revoke API Access" in step for step in result["manual_steps"])
    again = controller.play(task, **services.administrator)
    assert again.results["key"]["changed"] is False


def test_without_waiting_it_fails_with_the_manual_steps(services: Any, controller: Any, keyring: Keyring) -> None:
    failure = controller.play(keyring.task(**keyring.bound), **services.administrator).failure
    assert failure["error"]["kind"] == "manual_step"
    assert failure["error"]["status"] == 401
    assert "publishes no API" in failure["msg"]
    for word in (services.endpoints["tsg_id"], keyring.account["client_id"], "Advanced WildFire", "Apply Change"):
        assert word in "\n".join(failure["manual_steps"])
        assert word in failure["msg"]


def test_unfinished_manual_steps_time_out(services: Any, controller: Any, keyring: Keyring) -> None:
    task = keyring.task(**keyring.bound, **{**PATIENT, "wait_timeout": 2})
    failure = controller.play(task, **services.administrator).failure
    assert failure["error"]["kind"] == "manual_step"
    assert "The manual steps were not done within 2 seconds" in failure["msg"]


def test_check_mode_does_not_wait(services: Any, controller: Any, keyring: Keyring) -> None:
    tasks = [
        keyring.task(f"will be {state}", state=state, **PATIENT, **keyring.bound) for state in ("present", "absent")
    ]
    run = controller.play(*tasks, arguments=("--check",), **services.administrator)
    assert run.returncode == 0, run.output
    assert [run.results[f"will be {state}"]["changed"] for state in ("present", "absent")] == [True, False]
    assert run.results["will be present"]["manual_steps"]
    assert "is waiting for manual steps" not in run.output


def test_verification_costs_one_query_and_a_failed_one_none(services: Any, controller: Any, keyring: Keyring) -> None:
    keyring.operator_creates()
    (before,) = keyring.entries("Valid")
    run = controller.play(keyring.task(**keyring.bound), **services.administrator)
    (after,) = keyring.entries("Valid")
    assert (run.results["key"]["changed"], run.results["key"]["verified"]) == (False, True)
    assert before["remaining_queries"] - after["remaining_queries"] == 1


def test_exhausted_quota_still_verifies_the_key(services: Any, controller: Any, keyring: Keyring) -> None:
    keyring.operator_creates()
    keyring.switch(queries_per_day=0)
    run = controller.play(keyring.task(**keyring.bound), **services.administrator)
    assert (run.results["key"]["verified"], run.results["key"]["quota_exhausted"]) == (True, True)


FAULTS = [
    ({"kind": "xml_entities"}, "invalid_response"),
    ({"kind": "not_json"}, "invalid_response"),
    ({"kind": "status", "status": 500}, "server"),
]


@pytest.mark.parametrize(("fault", "kind"), FAULTS, ids=[str(case[0]["kind"]) for case in FAULTS])
def test_wildfire_fault_does_not_lead_to_manual_steps(
    services: Any, controller: Any, keyring: Keyring, fault: dict[str, Any], kind: str
) -> None:
    keyring.operator_creates()
    services.ask("POST", "/faults", service="wildfire", route=VERDICT, **fault)
    failure = controller.play(keyring.task(**keyring.bound), **services.administrator).failure
    assert failure["error"]["kind"] == kind
    assert "manual_steps" not in failure


def test_rejected_credentials_do_not_lead_to_manual_steps(services: Any, controller: Any, keyring: Keyring) -> None:
    wrong = {**keyring.bound, "bound_client_secret": "made-up"}
    failure = controller.play(keyring.task(**wrong), **services.administrator).failure
    assert (failure["error"]["kind"], failure["error"]["error_code"]) == ("authentication", "invalid_client")
