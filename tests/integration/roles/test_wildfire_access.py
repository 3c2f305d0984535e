# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role wildfire_access and its playbooks, run as users run them: with a registry, with manual steps, and with lost responses."""

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
from ..harness.vaults import VAULTS
from ..modules.test_secrecy import leaks, places


@pytest.fixture
def account() -> str:
    return f"test-{uuid.uuid4().hex[:12]}"


@pytest.fixture(autouse=True)
def empty_tenant(services: Any) -> Iterator[None]:
    """An empty tenant, in which changes of keys take effect at once."""
    services.ask("POST", "/strata/reset")
    services.ask("PUT", "/strata", pending_seconds=0)
    yield
    services.ask("POST", "/strata/reset")


def contract(services: Any) -> Any:
    """The registry configuration of the simulator."""
    return json.loads(Path(services.endpoints["registry_contract"]).read_text())


def role_task(account: str, directory: Path, **variables: Any) -> dict[str, Any]:
    path = str(directory / "credentials.json")
    defaults = {"service_account": account, "role": account, "store": "file", "path": path, "delay": 1}
    named = {f"wildfire_access_{name}": value for name, value in {**defaults, **variables}.items()}
    return {"name": "role", "ansible.builtin.import_role": {"name": "panw.cloud.wildfire_access"}, "vars": named}


def accounts(services: Any, name: str) -> list[dict[str, Any]]:
    return [item for item in services.tenant["service_accounts"] if item["name"] == name]


def statuses(services: Any) -> list[str]:
    return [key["status"] for key in services.tenant["keys"]]


def changes(services: Any) -> int:
    """The number of calls to the platform and the registry that change something."""
    calls = services.tenant["calls"]
    return sum(
        count for name in ("scm", "registry") for call, count in calls[name].items() if not call.startswith("GET")
    )


def test_key_in_an_empty_tenant_is_created_kept_rotated_and_removed(
    services: Any, controller: Any, directory: Path, account: str
) -> None:
    path, administrator = directory / "credentials.json", services.administrator
    task, settings = role_task(account, directory, registry=contract(services)), places(controller.home)
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

    before = changes(services)
    checked = play("--check")
    assert "changed=3" in checked.output, checked.output
    unknown = checked.results["show"]["wildfire_access"]
    assert [unknown[name] for name in ("client_id", "verified", "key", "quota_exhausted")] == [None] * 4
    assert changes(services) == before
    first = play()
    assert statuses(services) == ["Valid"]
    (made,) = accounts(services, account)
    found = first.results["show"]["wildfire_access"]
    assert (found["client_id"], found["verified"], found["key"]["status"]) == (made["client_id"], True, "valid")
    assert found["fingerprint"] == json.loads(path.read_text())["fingerprint"]
    before = changes(services)
    second = play()
    assert "changed=0" in second.output, second.output
    assert changes(services) == before
    rotated = play(state="rotated")
    assert json.loads(path.read_text())["fingerprint"] != found["fingerprint"]
    assert statuses(services) == ["Valid"]
    third = play()
    assert "changed=0" in third.output, third.output
    output = "".join(run.output for run in (checked, first, second, rotated, third))
    assert leaks(controller.home, output, services.secrets()) == [str(path)]
    gone = play(state="absent")
    assert leaks(controller.home, gone.output, services.secrets()) == []
    assert statuses(services) == ["Revoked"]
    assert accounts(services, account) == []
    assert services.tenant["custom_roles"] == []
    assert services.tenant["users"] == []
    assert not path.exists()
    assert "changed=0" in play(state="absent").output


@pytest.mark.parametrize("kind", VAULTS)
def test_credentials_in_vault_are_created_rotated_and_removed(
    services: Any, controller: Any, directory: Path, account: str, kind: str
) -> None:
    access, name = services.vault(kind), f"wildfire/{account}"
    where = {"store": "hashi_vault", "name": name, "path": "", "hashi_vault_url": access.url}
    environment = {"VAULT_CACERT": access.ca_cert, **services.administrator}
    login = access.app_role("create", "read", "update")
    environment |= {f"VAULT_{option.removeprefix('hashi_vault_').upper()}": value for option, value in login.items()}
    fingerprints = []
    for state in ("present", "rotated", "absent"):
        task = role_task(account, directory, registry=contract(services), state=state, **where)
        run = controller.play(task, arguments=("-vvvv",), **environment)
        assert run.returncode == 0, run.output
        assert not [secret for secret in [*services.secrets(), *login.values()] if secret in run.output]
        fingerprints.append(access.read(name).get("fingerprint"))
    assert len(set(fingerprints)) == 3
    assert access.read(name) == {}
    assert accounts(services, account) == []


def test_role_with_wait_continues_after_the_manual_steps(
    services: Any, controller: Any, directory: Path, account: str
) -> None:
    def wildfire_calls() -> int:
        return int(sum(services.tenant["calls"]["wildfire"].values()))

    before = wildfire_calls()

    def operator() -> None:
        """Perform the manual steps in the console after they were shown."""
        wait_until(
            lambda: wildfire_calls() >= before + 5, 240
        )  # one poll makes at most two calls, and the steps are shown after the first poll
        (found,) = accounts(services, account)
        services.ask("POST", "/strata/keys", product="advanced_wildfire", service_account=found["client_id"])

    person = threading.Thread(target=operator)
    person.start()
    task = role_task(account, directory, on_manual_step="wait", wait_timeout=240)
    try:
        run = controller.play(task, **services.administrator)
    finally:
        person.join()
    assert run.returncode == 0, run.output
    assert "Create New Key" in run.output
    assert account in run.output
    assert statuses(services) == ["Valid"]


def test_role_with_manual_steps_fails_and_completes_in_the_next_run(
    services: Any, controller: Any, directory: Path, account: str
) -> None:
    task = role_task(account, directory)
    stopped = controller.play(task, **services.administrator)
    assert stopped.failure["error"]["kind"] == "manual_step"
    assert "Create New Key" in stopped.failure["msg"]
    (made,) = accounts(services, account)
    services.ask("POST", "/strata/keys", product="advanced_wildfire", service_account=made["client_id"])
    before = changes(services)
    run = controller.play(task, **services.administrator)
    assert "changed=0" in run.output, run.output
    assert changes(services) == before


@pytest.mark.parametrize(
    ("service", "route"),
    [
        ("scm", "POST /iam/v1/custom_roles"),
        ("scm", "POST /iam/v1/service_accounts"),
        ("scm", "POST /iam/v1/access_policies"),
        ("registry", "POST /console/wildfire/keys"),
    ],
)
def test_lost_response_creates_no_duplicate_and_no_failure(
    services: Any, controller: Any, directory: Path, account: str, service: str, route: str
) -> None:
    services.ask("POST", "/faults", service=service, route=route, kind="reset", times=1, after_acting=True)
    task = role_task(account, directory, registry=contract(services))
    run = controller.play(task, **services.administrator)
    assert run.returncode == 0, run.output
    (fault,) = services.ask("GET", "/faults")["faults"]
    assert fault["hits"] == 1
    (made,) = accounts(services, account)
    tenant = services.tenant
    assert [role["name"] for role in tenant["custom_roles"]] == [account]
    assert [policy["role"] for policy in tenant["access_policies"] if policy["principal"] == made["client_id"]] == [
        tenant["custom_roles"][0]["id"]
    ]
    assert statuses(services) == ["Valid"]


def test_foreign_account_is_neither_reset_nor_removed(services: Any, controller: Any, directory: Path) -> None:
    before = changes(services)
    for state in ("present", "rotated", "absent"):
        task = role_task("auditor", directory, state=state, manage_role=False, role="auditor")
        run = controller.play(task, **services.administrator)
        assert "set 'adopt'" in run.failure["msg"]
    assert len(accounts(services, "auditor")) == 1
    assert changes(services) == before


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"service_account": ""}, "wildfire_access_service_account must be a name"),
        ({"store": "ssm", "path": ""}, "need wildfire_access_name"),
        ({"path": ""}, "needs wildfire_access_path"),
        ({"state": "fresh"}, "value of wildfire_access_state must be one of"),
        ({"product": "firewall"}, "value of wildfire_access_product must be one of"),
        ({"on_manual_step": "hope"}, "value of wildfire_access_on_manual_step must be one of"),
        ({"path": "/tmp/credentials.json", "manage_role": False}, "others may write to: /tmp"),
        ({"service_account": "a@b", "manage_role": False}, "must be the name of the service account"),
    ],
)
def test_invalid_input_is_rejected_before_any_call(
    services: Any, controller: Any, directory: Path, account: str, variables: dict[str, Any], message: str
) -> None:
    calls = services.calls()
    run = controller.play(role_task(account, directory, **variables), **services.administrator)
    assert run.returncode != 0
    assert message in " ".join(run.output.split()), run.output
    assert services.calls() == calls


def test_playbooks_with_an_inventory_of_tenants_manage_their_access(
    services: Any, controller: Any, account: str
) -> None:
    inventory = controller.home / "inventory.yml"
    variables = {
        "scm_tsg_id": services.endpoints["tsg_id"],
        "aws_region": services.endpoints["region"],
        "aws_profile": "simulator",
        "wildfire_access_service_account": account,
        "wildfire_access_name": f"wildfire/{account}",
        "wildfire_access_registry": contract(services),
        "wildfire_access_wait_interval": 1,
    }
    inventory.write_text(json.dumps({"all": {"hosts": {"one": variables}}}))
    given = {"SCM_TSG_ID": "", **services.administrator}

    def play(name: str, *arguments: str) -> str:
        run = controller.playbook(ROOT / f"playbooks/{name}.yml", "-i", str(inventory), *arguments, **given)
        assert run.returncode == 0, run.output
        return str(run.output)

    play("wildfire_access")
    assert "changed=0" in play("wildfire_access")
    run_readme_example(services, variables["wildfire_access_name"])
    assert "changed=1" in play("rotate_wildfire_secret")
    run_readme_example(services, variables["wildfire_access_name"])
    play("wildfire_access", "-e", "wildfire_access_state=absent")
    assert statuses(services) == ["Revoked"]
    assert accounts(services, account) == []


def run_readme_example(services: Any, name: str) -> None:
    """Query WildFire from outside of Ansible, with only the stored credentials."""
    readme = (ROOT / "roles/wildfire_access/README.md").read_text()
    (script,) = re.findall(r"```bash\n(.*?)```", readme, re.DOTALL)
    environment = services.environment() | {
        "CURL_CA_BUNDLE": services.endpoints["ca_bundle"],
        "AWS_PROFILE": "simulator",
        "NO_PROXY": "127.0.0.1",
        "PATH": os.pathsep.join([str(Path(sys.prefix) / "awscli/bin"), os.environ["PATH"]]),
    }
    command = ["bash", "-euo", "pipefail", "-c", script.replace("wildfire/credentials", name)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "<verdict>0</verdict>" in done.stdout


@pytest.mark.parametrize("playbook", ["wildfire_access", "rotate_wildfire_secret"])
def test_playbook_with_missing_variables_names_them(services: Any, controller: Any, playbook: str) -> None:
    inventory = controller.home / "inventory.yml"
    inventory.write_text(json.dumps({"all": {"hosts": {"one": None}}}))
    run = controller.playbook(ROOT / f"playbooks/{playbook}.yml", "-i", str(inventory))
    assert run.returncode != 0
    assert "one needs" in run.output
    assert "wildfire_access_service_account and wildfire_access_name" in " ".join(run.output.split())
