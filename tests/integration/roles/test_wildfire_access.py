# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role and its playbooks, run as users run them: with a contract, with a person at the console, and with answers that get lost."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..conftest import ROOT
from ..harness.crash_harness import wait_until
from ..modules.test_secrecy import leaks, places


@pytest.fixture
def account() -> str:
    return f"test-{uuid.uuid4().hex[:12]}"


@pytest.fixture(autouse=True)
def empty_tenant(stand_ins: Any) -> Iterator[None]:
    """Keys settle at once when a change is applied."""
    stand_ins.ask("POST", "/strata/reset")
    stand_ins.ask("PUT", "/strata", pending_seconds=0)
    yield
    stand_ins.ask("POST", "/strata/reset")


def contract(stand_ins: Any) -> Any:
    """The simulator's own."""
    return json.loads(Path(stand_ins.endpoints["registry_contract"]).read_text())


def role_task(account: str, directory: Path, **variables: Any) -> dict[str, Any]:
    path = str(directory / "credentials.json")
    defaults = {"service_account": account, "role": account, "store": "file", "path": path, "delay": 1}
    named = {f"wildfire_access_{name}": value for name, value in {**defaults, **variables}.items()}
    return {"name": "role", "ansible.builtin.import_role": {"name": "panw.cloud.wildfire_access"}, "vars": named}


def accounts(stand_ins: Any, name: str) -> list[dict[str, Any]]:
    return [item for item in stand_ins.tenant["service_accounts"] if item["name"] == name]


def statuses(stand_ins: Any) -> list[str]:
    return [key["status"] for key in stand_ins.tenant["keys"]]


def changes(stand_ins: Any) -> int:
    """How many calls the platform and the registry have seen that change something."""
    calls = stand_ins.tenant["calls"]
    return sum(
        count for name in ("scm", "registry") for call, count in calls[name].items() if not call.startswith("GET")
    )


def test_an_empty_tenant_gets_a_key_keeps_it_rotates_it_and_loses_it(
    stand_ins: Any, controller: Any, directory: Path, account: str
) -> None:
    path, administrator = directory / "credentials.json", stand_ins.administrator
    task, settings = role_task(account, directory, registry=contract(stand_ins)), places(controller.home)
    show = {"name": "show", "ansible.builtin.debug": {"var": "wildfire_access"}}

    def play(*arguments: str, **variables: Any) -> Any:
        changed = {**task, "vars": {**task["vars"], **{f"wildfire_access_{k}": v for k, v in variables.items()}}}
        run = controller.play(
            changed,
            *([] if variables else [show]),
            arguments=("-vvvv", "--diff", *arguments),
            **settings,
            **administrator,
        )
        assert run.returncode == 0, run.output
        return run

    before = changes(stand_ins)
    checked = play("--check")
    assert "changed=3" in checked.output, checked.output
    assert changes(stand_ins) == before
    first = play()
    assert statuses(stand_ins) == ["Valid"]
    (made,) = accounts(stand_ins, account)
    found = first.results["show"]["wildfire_access"]
    assert (found["client_id"], found["verified"], found["key"]["status"]) == (made["client_id"], True, "valid")
    assert found["fingerprint"] == json.loads(path.read_text())["fingerprint"]
    before = changes(stand_ins)
    second = play()
    assert "changed=0" in second.output, second.output
    assert changes(stand_ins) == before
    rotated = play(state="rotated")
    assert json.loads(path.read_text())["fingerprint"] != found["fingerprint"]
    assert statuses(stand_ins) == ["Valid"]
    third = play()
    assert "changed=0" in third.output, third.output
    output = "".join(run.output for run in (checked, first, second, rotated, third))
    assert leaks(controller.home, output, stand_ins.secrets()) == [str(path)]
    gone = play(state="absent")
    assert leaks(controller.home, gone.output, stand_ins.secrets()) == []
    assert statuses(stand_ins) == ["Revoked"]
    assert accounts(stand_ins, account) == []
    assert stand_ins.tenant["custom_roles"] == []
    assert stand_ins.tenant["users"] == []
    assert not path.exists()
    assert "changed=0" in play(state="absent").output


def test_the_role_waits_for_a_person_and_goes_on(
    stand_ins: Any, controller: Any, directory: Path, account: str
) -> None:
    def looks() -> int:
        return int(sum(stand_ins.tenant["calls"]["wildfire"].values()))

    before = looks()

    def operator() -> None:
        """Read the steps on the screen, then follow them in the console."""
        wait_until(
            lambda: looks() >= before + 5, 240
        )  # one look asks twice at the most, and the steps follow the first
        (found,) = accounts(stand_ins, account)
        stand_ins.ask("POST", "/strata/keys", product="advanced_wildfire", service_account=found["client_id"])

    person = threading.Thread(target=operator)
    person.start()
    task = role_task(account, directory, on_manual_step="wait", timeout=240)
    try:
        run = controller.play(task, **stand_ins.administrator)
    finally:
        person.join()
    assert run.returncode == 0, run.output
    assert "Create New Key" in run.output
    assert account in run.output
    assert statuses(stand_ins) == ["Valid"]


def test_the_role_stops_where_a_person_is_needed_and_finishes_when_it_is_run_again(
    stand_ins: Any, controller: Any, directory: Path, account: str
) -> None:
    task = role_task(account, directory)
    stopped = controller.play(task, **stand_ins.administrator)
    assert stopped.failure["error"]["kind"] == "manual_step"
    assert "Create New Key" in stopped.failure["msg"]
    (made,) = accounts(stand_ins, account)
    stand_ins.ask("POST", "/strata/keys", product="advanced_wildfire", service_account=made["client_id"])
    before = changes(stand_ins)
    run = controller.play(task, **stand_ins.administrator)
    assert "changed=0" in run.output, run.output
    assert changes(stand_ins) == before


@pytest.mark.parametrize(
    ("service", "route"),
    [
        ("scm", "POST /iam/v1/custom_roles"),
        ("scm", "POST /iam/v1/service_accounts"),
        ("scm", "POST /iam/v1/access_policies"),
        ("registry", "POST /console/wildfire/keys"),
    ],
)
def test_a_lost_answer_leads_to_one_thing_and_not_to_a_failure(
    stand_ins: Any, controller: Any, directory: Path, account: str, service: str, route: str
) -> None:
    stand_ins.ask("POST", "/faults", service=service, route=route, kind="reset", times=1, after_acting=True)
    task = role_task(account, directory, registry=contract(stand_ins))
    run = controller.play(task, **stand_ins.administrator)
    assert run.returncode == 0, run.output
    (fault,) = stand_ins.ask("GET", "/faults")["faults"]
    assert fault["struck"] == 1
    (made,) = accounts(stand_ins, account)
    tenant = stand_ins.tenant
    assert [role["name"] for role in tenant["custom_roles"]] == [account]
    assert [policy["role"] for policy in tenant["access_policies"] if policy["principal"] == made["client_id"]] == [
        tenant["custom_roles"][0]["id"]
    ]
    assert statuses(stand_ins) == ["Valid"]


def test_an_account_that_others_use_is_neither_reset_nor_removed(
    stand_ins: Any, controller: Any, directory: Path
) -> None:
    before = changes(stand_ins)
    for state in ("present", "rotated", "absent"):
        task = role_task("auditor", directory, state=state, manage_role=False, role="auditor")
        run = controller.play(task, **stand_ins.administrator)
        assert "set 'adopt'" in run.failure["msg"]
    assert len(accounts(stand_ins, "auditor")) == 1
    assert changes(stand_ins) == before


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"service_account": ""}, "wildfire_access_service_account has to be a name"),
        ({"store": "ssm", "path": ""}, "need wildfire_access_name"),
        ({"path": ""}, "needs wildfire_access_path"),
        ({"state": "fresh"}, "value of wildfire_access_state must be one of"),
        ({"product": "firewall"}, "value of wildfire_access_product must be one of"),
        ({"on_manual_step": "hope"}, "value of wildfire_access_on_manual_step must be one of"),
        ({"path": "/tmp/credentials.json", "manage_role": False}, "others may write to: /tmp"),
        ({"service_account": "a@b", "manage_role": False}, "has to be the name of the service account"),
    ],
)
def test_bad_input_is_refused_before_anything_is_called(
    stand_ins: Any, controller: Any, directory: Path, account: str, variables: dict[str, Any], message: str
) -> None:
    calls = stand_ins.calls()
    run = controller.play(role_task(account, directory, **variables), **stand_ins.administrator)
    assert run.returncode != 0
    assert message in " ".join(run.output.split()), run.output
    assert stand_ins.calls() == calls


def test_the_playbooks_do_it_for_an_inventory_of_tenants(stand_ins: Any, controller: Any, account: str) -> None:
    inventory = controller.home / "inventory.yml"
    variables = {
        "scm_tsg_id": stand_ins.endpoints["tsg_id"],
        "aws_region": stand_ins.endpoints["region"],
        "aws_profile": "simulator",
        "wildfire_access_service_account": account,
        "wildfire_access_name": f"wildfire/{account}",
        "wildfire_access_registry": contract(stand_ins),
        "wildfire_access_delay": 1,
    }
    inventory.write_text(json.dumps({"all": {"hosts": {"one": variables}}}))
    given = {"SCM_TSG_ID": "", **stand_ins.administrator}

    def play(name: str, *arguments: str) -> str:
        run = controller.playbook(ROOT / f"playbooks/{name}.yml", "-i", str(inventory), *arguments, **given)
        assert run.returncode == 0, run.output
        return str(run.output)

    play("wildfire_access")
    assert "changed=0" in play("wildfire_access")
    read_with_the_readme_s_example(stand_ins, variables["wildfire_access_name"])
    assert "changed=1" in play("rotate_wildfire_secret")
    read_with_the_readme_s_example(stand_ins, variables["wildfire_access_name"])
    play("wildfire_access", "-e", "wildfire_access_state=absent")
    assert statuses(stand_ins) == ["Revoked"]
    assert accounts(stand_ins, account) == []


def read_with_the_readme_s_example(stand_ins: Any, name: str) -> None:
    """A program outside of Ansible asks WildFire, with nothing but what is in the store."""
    readme = (ROOT / "roles/wildfire_access/README.md").read_text()
    (script,) = re.findall(r"```bash\n(.*?)```", readme, re.DOTALL)
    environment = stand_ins.environment() | {
        "CURL_CA_BUNDLE": stand_ins.endpoints["ca_bundle"],
        "AWS_PROFILE": "simulator",
        "NO_PROXY": "127.0.0.1",
        "PATH": os.pathsep.join([str(Path(sys.prefix) / "awscli/bin"), os.environ["PATH"]]),
    }
    command = ["bash", "-euo", "pipefail", "-c", script.replace("wildfire/credentials", name)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "<verdict>0</verdict>" in done.stdout


@pytest.mark.parametrize("playbook", ["wildfire_access", "rotate_wildfire_secret"])
def test_a_playbook_says_what_is_missing(stand_ins: Any, controller: Any, playbook: str) -> None:
    inventory = controller.home / "inventory.yml"
    inventory.write_text(json.dumps({"all": {"hosts": {"one": None}}}))
    run = controller.playbook(ROOT / f"playbooks/{playbook}.yml", "-i", str(inventory))
    assert run.returncode != 0
    assert "one needs" in run.output
    assert "wildfire_access_service_account and wildfire_access_name" in " ".join(run.output.split())
