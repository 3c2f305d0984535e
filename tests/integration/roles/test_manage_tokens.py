# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role and its playbooks, run as users run them."""

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
from ..modules.test_secrecy import leaks, places


def role_task(stand_ins: Any, tokens: Any, **variables: Any) -> dict[str, Any]:
    named = {f"manage_tokens_{name}": value for name, value in variables.items()}
    return {
        "name": "role",
        "ansible.builtin.import_role": {"name": "panw.cloud.manage_tokens"},
        "vars": {"manage_tokens_tokens": tokens, "manage_tokens_role_arn": stand_ins.role_arn, **named},
    }


def targets(directory: Path) -> list[dict[str, Any]]:
    """One token in each kind of store."""
    return [
        {"admin_role": "rulestack", "name": f"ngfw/{uuid.uuid4().hex}"},
        {"admin_role": "firewall", "store": "ssm", "name": f"/ngfw/{uuid.uuid4().hex}", "expiry_time": 30},
        {"admin_role": "global_rulestack", "store": "file", "path": str(directory / "token.json")},
    ]


def test_tokens_are_made_kept_rotated_and_revoked(stand_ins: Any, controller: Any, directory: Path) -> None:
    tokens = targets(directory)
    before = stand_ins.state
    settings = places(controller.home)
    first = controller.play(role_task(stand_ins, tokens), arguments=("-vvvv",), **settings)
    assert first.returncode == 0, first.output
    assert stand_ins.state["issued"] == before["issued"] + 3
    calls = stand_ins.state["calls"]
    second = controller.play(role_task(stand_ins, tokens), arguments=("-vvvv", "--diff"), **settings)
    assert "changed=0" in second.output, second.output
    assert stand_ins.state["calls"] == calls
    checked = controller.play(
        role_task(stand_ins, tokens, state="rotated"), arguments=("--check", "--diff"), **settings
    )
    assert "changed=1" in checked.output, checked.output
    assert stand_ins.state["calls"] == calls
    rotated = controller.play(role_task(stand_ins, tokens, state="rotated"), arguments=("-vvvv", "--diff"), **settings)
    assert "changed=1" in rotated.output, rotated.output
    kept = re.findall(r"\+\s+\"?fingerprint\"?: \"?([0-9a-f]{12})", rotated.output)
    assert len(kept) == 3, rotated.output
    stored = directory / "token.json"
    assert stored.stat().st_mode & 0o777 == 0o600
    output = first.output + second.output + rotated.output
    assert leaks(controller.home, output, stand_ins.secrets()) == [str(stored)]
    revoked = controller.play(role_task(stand_ins, tokens, state="revoked"), **settings)
    assert "changed=1" in revoked.output, revoked.output
    assert stand_ins.alive_since(before) == 0


@pytest.mark.parametrize("batch", [False, True])
def test_verify_replaces_a_token_that_was_revoked_elsewhere(
    stand_ins: Any, controller: Any, directory: Path, batch: bool
) -> None:
    path = directory / "token.json"
    tokens = [{"admin_role": "rulestack", "role_arn": stand_ins.role_arn, "store": "file", "path": str(path)}]

    def changed(**variables: Any) -> bool:
        run = controller.play(role_task(stand_ins, tokens, batch=batch, **variables))
        assert run.returncode == 0, run.output
        return "changed=1" in run.output

    def is_alive() -> bool:
        return json.loads(path.read_text())["fingerprint"] in stand_ins.alive_tokens()

    assert changed()
    assert not changed(verify=True)
    stored = json.loads(path.read_text())
    held = {key: stored[key] for key in ("token", "subscription_key")}
    controller.play({"panw.cloud.ngfw_token_revoke": {**held, "role_arn": stand_ins.role_arn}})
    assert not is_alive()
    assert not changed(), "nothing gave reason to doubt"
    assert changed(verify=True)
    assert is_alive()


def test_without_a_store_the_play_gets_the_tokens_and_nobody_else(stand_ins: Any, controller: Any) -> None:
    use = {
        "name": "use",
        "panw.cloud.ngfw_rulestack_info": {
            "token": "{{ manage_tokens_result.results[0].token }}",
            "subscription_key": "{{ manage_tokens_result.results[0].subscription_key }}",
        },
    }
    settings = places(controller.home)
    tasks = (role_task(stand_ins, [{"admin_role": "rulestack"}], store="none"), use)
    run = controller.play(*tasks, arguments=("-vvvv",), **settings)
    assert run.returncode == 0, run.output
    assert leaks(controller.home, run.output, stand_ins.secrets()) == []


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
        ([{"admin_role": "rulestack", "name": "x", "expiry_time": 4}], {}, "the vendor allows 5 to 1440 minutes"),
        ([{"admin_role": "rulestack", "name": "x", "renew_before": 60}], {}, "less than 'expiry_time'"),
        ([{"admin_role": "rulestack", "name": "x"}], {"grace_period": -1}, "it must be 0 to 1440 minutes"),
        ([{"admin_role": "rulestack", "name": "a secret"}], {}, "1 to 512 letters"),
        ([{"admin_role": "rulestack", "name": "/aws/x", "store": "ssm"}], {}, "AWS reserves"),
        ([{"admin_role": "rulestack", "name": "x"}], {"recovery_window": 3}, "7 to 30 days"),
    ],
)
def test_bad_input_is_refused_before_anything_is_called(
    stand_ins: Any, controller: Any, tokens: Any, variables: dict[str, Any], message: str
) -> None:
    calls = stand_ins.calls()
    run = controller.play(role_task(stand_ins, tokens, **variables))
    assert run.returncode != 0
    assert message in " ".join(run.output.split()), run.output
    assert stand_ins.calls() == calls


@pytest.mark.parametrize("store", ["secretsmanager", "ssm"])
def test_a_store_that_the_caller_may_not_write_is_found_out_before_a_token_is_made(
    stand_ins: Any, controller: Any, store: str
) -> None:
    """The caller may read the store, and assume the role."""
    iam, user = stand_ins.iam(), f"reader-{store}"
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
            "role_arn": f"{stand_ins.role_arn.rpartition('/')[0]}/{user}",
        }
    ]
    issued = stand_ins.state["issued"]
    environment = {"AWS_SHARED_CREDENTIALS_FILE": str(credentials), "AWS_PROFILE": "simulator"}
    run = controller.play(role_task(stand_ins, tokens), **environment)
    assert run.returncode != 0
    assert "Allow " + ("secretsmanager:" if store == "secretsmanager" else "ssm:") in run.output, run.output
    assert stand_ins.state["issued"] == issued


def test_the_playbooks_do_it_for_an_inventory_of_accounts(stand_ins: Any, controller: Any) -> None:
    inventory = controller.home / "inventory.yml"
    hosts = {
        name: {"manage_tokens_tokens": [{"admin_role": "rulestack", "name": f"ngfw/{name}"}]} for name in ("one", "two")
    }
    variables = {
        "ngfw_role_arn": stand_ins.role_arn,
        "aws_region": stand_ins.endpoints["region"],
        "aws_profile": "simulator",
    }
    inventory.write_text(json.dumps({"all": {"hosts": hosts, "vars": variables}}))
    before = stand_ins.state
    steps = [("issue", 2, 2), ("issue", 2, 2), ("rotate", 4, 2), ("verify", 4, 2), ("retire", 4, 2), ("revoke", 4, 0)]
    for playbook, issued, alive in steps:
        run = controller.playbook(ROOT / f"playbooks/{playbook}_tokens.yml", "-i", str(inventory))
        assert run.returncode == 0, run.output
        assert stand_ins.state["issued"] - before["issued"] == issued, run.output
        assert stand_ins.alive_since(before) == alive, run.output


@pytest.mark.parametrize("playbook", ["issue", "rotate", "verify", "retire", "revoke"])
def test_a_playbook_says_what_is_missing(stand_ins: Any, controller: Any, playbook: str) -> None:
    inventory = controller.home / "inventory.yml"
    inventory.write_text(json.dumps({"all": {"hosts": {"one": None}}}))
    run = controller.playbook(ROOT / f"playbooks/{playbook}_tokens.yml", "-i", str(inventory))
    assert run.returncode != 0
    assert "one needs aws_region and ngfw_role_arn" in run.output


def test_the_readme_s_example_reads_the_secret_and_calls_the_api(stand_ins: Any, controller: Any) -> None:
    name = f"ngfw/{uuid.uuid4().hex}"
    run = controller.play(role_task(stand_ins, [{"admin_role": "rulestack", "name": name}]))
    assert run.returncode == 0, run.output
    readme = (ROOT / "roles/manage_tokens/README.md").read_text()
    (script,) = re.findall(r"```bash\n(.*?)```", readme, re.DOTALL)
    environment = stand_ins.environment() | {
        "CURL_CA_BUNDLE": stand_ins.endpoints["ca_bundle"],
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
