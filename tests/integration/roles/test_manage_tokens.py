# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role manage_tokens and its playbooks, run as users run them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from ..conftest import ROOT
from ..harness.vaults import VAULTS
from ..modules.test_secrecy import leaks, places


def role_task(services: Any, tokens: Any, **variables: Any) -> dict[str, Any]:
    named = {f"manage_tokens_{name}": value for name, value in variables.items()}
    return {
        "name": "role",
        "ansible.builtin.import_role": {"name": "panw.cloud.manage_tokens"},
        "vars": {"manage_tokens_tokens": tokens, "manage_tokens_role_arn": services.role_arn, **named},
    }


def targets(directory: Path) -> list[dict[str, Any]]:
    """One token in each kind of store."""
    return [
        {"admin_role": "rulestack", "name": f"ngfw/{uuid.uuid4().hex}"},
        {"admin_role": "firewall", "store": "ssm", "name": f"/ngfw/{uuid.uuid4().hex}", "expiry_time": 30},
        {"admin_role": "global_rulestack", "store": "file", "path": str(directory / "token.json")},
    ]


def test_tokens_are_created_kept_rotated_and_revoked(services: Any, controller: Any, directory: Path) -> None:
    tokens = targets(directory)
    before = services.state
    settings = places(controller.home)
    first = controller.play(role_task(services, tokens), arguments=("-vvvv",), **settings)
    assert first.returncode == 0, first.output
    assert services.state["issued"] == before["issued"] + 3
    calls = services.state["calls"]
    second = controller.play(role_task(services, tokens), arguments=("-vvvv", "--diff"), **settings)
    assert "changed=0" in second.output, second.output
    assert services.state["calls"] == calls
    checked = controller.play(role_task(services, tokens, state="rotated"), arguments=("--check", "--diff"), **settings)
    assert "changed=1" in checked.output, checked.output
    assert services.state["calls"] == calls
    rotated = controller.play(role_task(services, tokens, state="rotated"), arguments=("-vvvv", "--diff"), **settings)
    assert "changed=1" in rotated.output, rotated.output
    kept = re.findall(r"\+\s+\"?fingerprint\"?: \"?([0-9a-f]{12})", rotated.output)
    assert len(kept) == 3, rotated.output
    stored = directory / "token.json"
    assert stored.stat().st_mode & 0o777 == 0o600
    output = first.output + second.output + rotated.output
    assert leaks(controller.home, output, services.secrets()) == [str(stored)]
    revoked = controller.play(role_task(services, tokens, state="absent"), **settings)
    assert "changed=1" in revoked.output, revoked.output
    assert services.alive_since(before) == 0
    empty = controller.play(role_task(services, tokens, state="absent"), **settings)
    assert "changed=0" in empty.output, empty.output


@pytest.mark.parametrize("kind", VAULTS)
@pytest.mark.parametrize("fleet", [False, True])
def test_tokens_in_vault_are_kept_and_verified(services: Any, controller: Any, kind: str, fleet: bool) -> None:
    """The place comes from variables of the role and of a target, the token of Vault and the CA from the environment."""
    access, name = services.vault(kind), f"ngfw/{uuid.uuid4().hex}"
    tokens = [
        {"admin_role": "rulestack", "role_arn": services.role_arn, "name": name},
        {"admin_role": "firewall", "role_arn": services.role_arn, "name": name, "hashi_vault_mount_point": "team/kv2"},
    ]
    where = {"store": "hashi_vault", "hashi_vault_url": access.url, "hashi_vault_mount_point": "secret"}
    environment = {"VAULT_TOKEN": access.token, "VAULT_CACERT": access.ca_cert, **places(controller.home)}
    runs = [
        controller.play(
            role_task(services, tokens, state=state, fleet=of_fleet, **where), arguments=("-vvvv",), **environment
        )
        for state, of_fleet in [("present", fleet), ("rotated", fleet), ("present", fleet), ("verified", False)]
    ]
    for run, changed in zip(runs, (1, 1, 0, 0), strict=True):
        assert run.returncode == 0, run.output
        assert f"changed={changed} " in run.output, run.output
    found = [access.ask("GET", f"{mount}/data/{name}")["data"]["data"] for mount in ("secret", "team/kv2")]
    assert [document["admin_role"] for document in found] == ["rulestack", "firewall"]
    output = "".join(run.output for run in runs)
    assert leaks(controller.home, output, [*services.secrets(), access.token]) == []


@pytest.mark.parametrize("fleet", [False, True])
def test_verify_with_an_externally_revoked_token_replaces_it(
    services: Any, controller: Any, directory: Path, fleet: bool
) -> None:
    path = directory / "token.json"
    tokens = [{"admin_role": "rulestack", "role_arn": services.role_arn, "store": "file", "path": str(path)}]

    def changed(**variables: Any) -> bool:
        run = controller.play(role_task(services, tokens, fleet=fleet, **variables))
        assert run.returncode == 0, run.output
        return "changed=1" in run.output

    def is_alive() -> bool:
        return json.loads(path.read_text())["fingerprint"] in services.alive_tokens()

    assert changed()
    assert not changed(verify=True)
    stored = json.loads(path.read_text())
    held = {key: stored[key] for key in ("token", "subscription_key")}
    controller.play({"panw.cloud.ngfw_token_revoke": {**held, "role_arn": services.role_arn}})
    assert not is_alive()
    assert not changed(), "without verify the token counts as valid"
    assert changed(verify=True)
    assert is_alive()


def test_role_without_a_store_returns_tokens_only_to_the_play(services: Any, controller: Any) -> None:
    use = {
        "name": "use",
        "panw.cloud.ngfw_rulestack_info": {
            "token": "{{ manage_tokens_result.results[0].token }}",
            "subscription_key": "{{ manage_tokens_result.results[0].subscription_key }}",
        },
    }
    settings = places(controller.home)
    tasks = (role_task(services, [{"admin_role": "rulestack"}], store="none"), use)
    run = controller.play(*tasks, arguments=("-vvvv",), **settings)
    assert run.returncode == 0, run.output
    assert leaks(controller.home, run.output, services.secrets()) == []


@pytest.mark.parametrize(
    ("tokens", "variables", "message"),
    [
        ([], {}, "manage_tokens_tokens is empty"),
        ([{"admin_role": "rulestack"}], {}, "targets without a place: rulestack"),
        ([{"admin_role": "rulestack", "store": "file", "name": "x"}], {}, "the store file needs a path"),
        (
            [{"admin_role": "rulestack", "name": "same/place"}, {"admin_role": "firewall", "name": "same/place"}],
            {},
            "more than one token for the same place in a store: secretsmanager same/place.",
        ),
        ([{"admin_role": "king", "name": "x"}], {}, "value of admin_role must be one of"),
        ([{"admin_role": "rulestack", "name": "x"}], {"state": "fresh"}, "value of manage_tokens_state must be one of"),
        ([{"admin_role": "rulestack", "name": "x", "store": "disk"}], {}, "value of store must be one of"),
        ([{"admin_role": "rulestack", "store": "file", "path": "/tmp/token.json"}], {}, "others may write to: /tmp"),
        ([{"admin_role": "rulestack", "store": "file", "path": "/no/such/token.json"}], {}, "does not exist: /no/such"),
        ([{"admin_role": "rulestack", "name": "x", "expiry_time": 4}], {}, "Cloud NGFW allows 5 to 1440 minutes"),
        ([{"admin_role": "rulestack", "name": "x", "renew_before": 60}], {}, "less than 'expiry_time'"),
        ([{"admin_role": "rulestack", "name": "x"}], {"grace_period": -1}, "it must be 0 to 1440 minutes"),
        ([{"admin_role": "rulestack", "name": "a secret"}], {}, "1 to 512 letters"),
        ([{"admin_role": "rulestack", "name": "/aws/x", "store": "ssm"}], {}, "AWS reserves"),
        ([{"admin_role": "rulestack", "name": "x"}], {"recovery_window": 3}, "7 to 30 days"),
    ],
)
def test_invalid_input_is_rejected_before_any_call(
    services: Any, controller: Any, tokens: Any, variables: dict[str, Any], message: str
) -> None:
    calls = services.calls()
    run = controller.play(role_task(services, tokens, **variables))
    assert run.returncode != 0
    assert message in " ".join(run.output.split()), run.output
    assert services.calls() == calls


@pytest.mark.parametrize("store", ["secretsmanager", "ssm"])
def test_store_without_write_permission_fails_before_a_token_is_created(
    services: Any, controller: Any, store: str
) -> None:
    """The caller may read the store, and assume the role."""
    iam, user = services.iam(), f"reader-{store}"
    made = iam.create_user(UserName=user)["User"]
    read = {"Effect": "Allow", "Action": ["secretsmanager:Describe*", "ssm:Get*", "sts:AssumeRole"], "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [read]})
    iam.put_user_policy(UserName=user, PolicyName="read", PolicyDocument=document)
    trust = {"Effect": "Allow", "Principal": {"AWS": made["Arn"]}, "Action": "sts:AssumeRole"}
    iam.create_role(
        RoleName=user, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}), Tags=[]
    )
    key = iam.create_access_key(UserName=user)["AccessKey"]
    credentials = controller.home / "credentials"
    credentials.write_text(
        f"[simulator]\naws_access_key_id={key['AccessKeyId']}\naws_secret_access_key={key['SecretAccessKey']}\n"
    )
    tokens = [
        {
            "admin_role": "rulestack",
            "store": store,
            "name": "/may/not/write",
            "role_arn": f"{services.role_arn.rpartition('/')[0]}/{user}",
        }
    ]
    issued = services.state["issued"]
    environment = {"AWS_SHARED_CREDENTIALS_FILE": str(credentials), "AWS_PROFILE": "simulator"}
    run = controller.play(role_task(services, tokens), **environment)
    assert run.returncode != 0
    assert "Allow " + ("secretsmanager:" if store == "secretsmanager" else "ssm:") in run.output, run.output
    assert services.state["issued"] == issued


def test_playbooks_with_an_inventory_of_accounts_manage_their_tokens(services: Any, controller: Any) -> None:
    inventory = controller.home / "inventory.yml"
    hosts = {
        name: {"manage_tokens_tokens": [{"admin_role": "rulestack", "name": f"ngfw/{name}"}]} for name in ("one", "two")
    }
    variables = {
        "ngfw_role_arn": services.role_arn,
        "aws_region": services.endpoints["region"],
        "aws_profile": "simulator",
    }
    inventory.write_text(json.dumps({"all": {"hosts": hosts, "vars": variables}}))
    before = services.state
    steps = [
        ("issue", 2, 2),
        ("issue", 2, 2),
        ("rotate", 4, 2),
        ("verify", 4, 2),
        ("revoke_pending", 4, 2),
        ("revoke", 4, 0),
    ]
    for playbook, issued, alive in steps:
        run = controller.playbook(ROOT / f"playbooks/{playbook}_tokens.yml", "-i", str(inventory))
        assert run.returncode == 0, run.output
        assert services.state["issued"] - before["issued"] == issued, run.output
        assert services.alive_since(before) == alive, run.output


@pytest.mark.parametrize("playbook", ["issue", "rotate", "verify", "revoke_pending", "revoke"])
def test_playbook_with_missing_variables_names_them(services: Any, controller: Any, playbook: str) -> None:
    inventory = controller.home / "inventory.yml"
    inventory.write_text(json.dumps({"all": {"hosts": {"one": None}}}))
    run = controller.playbook(ROOT / f"playbooks/{playbook}_tokens.yml", "-i", str(inventory))
    assert run.returncode != 0
    assert "one needs aws_region and ngfw_role_arn" in run.output


def test_readme_example_reads_the_secret_and_calls_the_api(services: Any, controller: Any) -> None:
    name = f"ngfw/{uuid.uuid4().hex}"
    run = controller.play(role_task(services, [{"admin_role": "rulestack", "name": name}]))
    assert run.returncode == 0, run.output
    readme = (ROOT / "roles/manage_tokens/README.md").read_text()
    (script,) = re.findall(r"```bash\n(.*?)```", readme, re.DOTALL)
    environment = services.environment() | {
        "CURL_CA_BUNDLE": services.endpoints["ca_bundle"],
        "AWS_PROFILE": "simulator",
        "NO_PROXY": "127.0.0.1",
        "PATH": os.pathsep.join([str(Path(sys.prefix) / "awscli/bin"), os.environ["PATH"]]),
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script.replace("cloud-ngfw/rulestack", name)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ResponseStatus"]["ErrorCode"] == 0
