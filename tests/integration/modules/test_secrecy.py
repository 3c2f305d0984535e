# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret that the servers issued is in any output, log, file or callback at verbosity 4, without C(no_log) in the playbook."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from ..conftest import ROLE_NAME
from .test_ngfw_token import token_task

NOISY = {
    "ANSIBLE_KEEP_REMOTE_FILES": "1",
    "ANSIBLE_NO_TARGET_SYSLOG": "0",
}


def places(home: Path, **environment: str) -> dict[str, str]:
    """Settings that put all files of Ansible into one directory."""
    for name in ("tmp", "remote", "local"):
        (home / name).mkdir()
    return NOISY | {
        "TMPDIR": str(home / "tmp"),
        "ANSIBLE_HOME": str(home / ".ansible"),
        "ANSIBLE_REMOTE_TMP": str(home / "remote"),
        "ANSIBLE_LOCAL_TEMP": str(home / "local"),
        "ANSIBLE_LOG_PATH": str(home / "ansible.log"),
        **environment,
    }


def leaks(home: Path, output: str, secrets: list[str]) -> list[str]:
    """The places with a secret, in plain or URL-encoded form; never the secret itself."""
    forms = {form.encode() for secret in secrets if len(secret) > 3 for form in (secret, quote(secret, safe=""))}
    texts = {"output": output.encode(), **{str(path): path.read_bytes() for path in home.rglob("*") if path.is_file()}}
    return [place for place, text in texts.items() if any(form in text for form in forms)]


def everything(arn: str) -> list[dict[str, Any]]:
    """Typical use of each module: loops, registered results, failures, and no C(no_log)."""
    held = {"token": "{{ item.token }}", "subscription_key": "{{ item.subscription_key }}"}
    role = {"role_arn": arn}
    one = {"token": "{{ ngfw.token }}", "subscription_key": "{{ ngfw.subscription_key }}"}
    tasks: list[dict[str, Any]] = [
        {"panw.cloud.ngfw_access_info": {**role, "probe_admin_roles": ["firewall", "rulestack"]}},
        {"panw.cloud.ngfw_token": {**role, "admin_role": "rulestack"}, "register": "ngfw"},
        {"panw.cloud.ngfw_token": {**role, "admin_role": "rulestack", "current": "{{ ngfw }}"}},
        {
            "panw.cloud.ngfw_token": {**role, "admin_role": "{{ item }}"},
            "loop": ["firewall", "rulestack"],
            "register": "several",
        },
        {
            "panw.cloud.ngfw_token": {**role, "admin_role": "{{ item.admin_role }}", "current": "{{ item }}"},
            "loop": "{{ several.results }}",
        },
        {"panw.cloud.ngfw_token": {**role, "admin_role": "firewall", "current": "{{ ngfw }}"}, "expected": "failure"},
        {"panw.cloud.ngfw_rulestack_info": {**role, "scope": "all", "gather": ["all"]}},
        {"panw.cloud.ngfw_rulestack_info": one},
        {"panw.cloud.ngfw_rulestack_info": {**one, "ngfw_url": "https://127.0.0.1:1"}, "expected": "failure"},
        {"panw.cloud.ngfw_rulestack_info": held, "loop": "{{ several.results }}"},
        {"panw.cloud.ngfw_token_revoke": {**role, **held}, "loop": "{{ several.results }}"},
        {"panw.cloud.ngfw_rulestack_info": held, "loop": "{{ several.results }}", "expected": "failure"},
        {"panw.cloud.ngfw_token_revoke": {**role, **one}, "check_mode": True},
        {"panw.cloud.ngfw_token_revoke": {**role, **one, "ngfw_url": "https://127.0.0.1:1"}, "expected": "failure"},
        {"panw.cloud.ngfw_token_revoke": {**role, **one}, "async": 30, "poll": 1, "expected": "failure"},
        {"panw.cloud.ngfw_token_revoke": {**role, **one, "subscription_key": "wrong key"}, "expected": "failure"},
        {"panw.cloud.ngfw_token_revoke": {**role, **one}},
    ]
    return [_expecting(number, task) for number, task in enumerate(tasks)]


def _expecting(number: int, task: dict[str, Any]) -> dict[str, Any]:
    named = {"name": f"task {number}", **task}
    if named.pop("expected", "success") == "success":
        return named
    unreached = {"name": f"task {number} should have failed", "ansible.builtin.fail": {"msg": "no failure"}}
    rescued = {"name": f"task {number} failed", "ansible.builtin.set_fact": {f"failed_{number}": True}}
    wrong = {"name": f"task {number} has failed as it should", "ansible.builtin.assert": {"that": f"failed_{number}"}}
    return {
        "name": f"block {number}",
        "block": [named, {**unreached, "vars": {"done": True}}],
        "rescue": [{**rescued, "when": "ansible_failed_task.name == '" + named["name"] + "'"}, wrong],
    }


def test_no_secret_is_in_any_output(services: Any, controller: Any) -> None:
    run = controller.play(*everything(services.role_arn), arguments=("-vvvv",), **places(controller.home))
    assert run.returncode == 0, run.output
    assert services.secrets()
    assert leaks(controller.home, run.output, services.secrets()) == []


def every_rulestack_module(arn: str) -> list[dict[str, Any]]:
    """Typical use of each module for rulestacks: with a token of the task, of a loop, and with the role; in diff mode; failures."""
    role, place = {"role_arn": arn}, {"rulestack": "secrecy"}
    held = {"token": "{{ item.token }}", "subscription_key": "{{ item.subscription_key }}"}
    one = {"token": "{{ ngfw.token }}", "subscription_key": "{{ ngfw.subscription_key }}"}
    rule = {"source": {"prefix_lists": ["a"]}, "destination": {}, "applications": ["any"], "action": "Allow"}
    document = {"name": "secrecy", "prefix_lists": [{"name": "a", "prefixes": ["10.0.0.0/8"]}]}
    new = {"account_id": "123456789012"}
    tasks: list[dict[str, Any]] = [
        {"panw.cloud.ngfw_token": {**role, "admin_role": "rulestack"}, "register": "ngfw"},
        {"panw.cloud.ngfw_rulestack": {**one, "name": "secrecy", "tags": {"a": "b"}}},
        {
            "panw.cloud.ngfw_prefix_list": {**held, **place, "name": "a", "prefixes": ["10.0.0.0/8"]},
            "loop": ["{{ ngfw }}"],
        },
        {
            "panw.cloud.ngfw_prefix_list": {**one, **place, "name": "a", "prefixes": ["10.0.0.1/8"]},
            "expected": "failure",
        },
        {"panw.cloud.ngfw_security_rule": {**one, **place, "name": "r", **rule}, "diff": True},
        {"panw.cloud.ngfw_rulestack_config": {**one, "rulestacks": [document]}, "expected": "failure"},
        {
            "panw.cloud.ngfw_rulestack_config": {**held, "rulestacks": [document], "state": "overridden"},
            "loop": ["{{ ngfw }}"],
        },
        {"panw.cloud.ngfw_rulestack_config": {**one, "rulestacks": [document], "state": "gathered"}},
        {
            "panw.cloud.ngfw_rulestack_config": {**one, "rulestacks": [document], "ngfw_url": "https://127.0.0.1:1"},
            "expected": "failure",
        },
        {
            "panw.cloud.ngfw_rulestack_plan": {
                **one,
                **new,
                "rulestacks": [document],
                "dest": "{{ playbook_dir }}/plan.json",
            }
        },
        {"panw.cloud.ngfw_rulestack_config": {**one, **new, "plan": "{{ playbook_dir }}/plan.json", "verify": True}},
        {
            "panw.cloud.ngfw_rulestack_config": {**one, "account_id": "1", "plan": "{{ playbook_dir }}/plan.json"},
            "expected": "failure",
        },
        {"panw.cloud.ngfw_rulestack_commit": {**one, **place, "state": "validated"}},
        {"panw.cloud.ngfw_catalog_info": one},
        {"panw.cloud.ngfw_api_request": {**one, "path": "/v1/mgmt/subscribe"}, "register": "keys"},
        {"panw.cloud.ngfw_api_request": {**one, "path": "/v1/config/nothing"}, "expected": "failure"},
        {"panw.cloud.ngfw_rulestack": {**role, "name": "secrecy", "state": "absent", "commit": True}},
    ]
    return [_expecting(number, task) for number, task in enumerate(tasks)]


def test_no_secret_of_a_task_for_rulestacks_is_in_any_output(services: Any, controller: Any) -> None:
    run = controller.play(*every_rulestack_module(services.role_arn), arguments=("-vvvv",), **places(controller.home))
    assert run.returncode == 0, run.output
    assert leaks(controller.home, run.output, services.secrets()) == []


def every_module_for_accounts(arn: str) -> list[dict[str, Any]]:
    """Typical use of each module for accounts: with the role, with tokens of the task and of a loop, and failures."""
    role, new = {"role_arn": arn}, {"account_id": "345678901234"}
    held = {"token": "{{ item.token }}", "subscription_key": "{{ item.subscription_key }}"}
    one = {"token": "{{ ngfw.token }}", "subscription_key": "{{ ngfw.subscription_key }}"}
    tasks: list[dict[str, Any]] = [
        {"panw.cloud.ngfw_token": {**role, "admin_role": "account"}, "register": "ngfw"},
        {"panw.cloud.ngfw_account": {**role, **new}, "diff": True},
        {"panw.cloud.ngfw_account": {**one, **new, "wait": True, "wait_timeout": 1}, "expected": "failure"},
        {"panw.cloud.ngfw_account": {**one, "account_id": "1"}, "expected": "failure"},
        {"panw.cloud.ngfw_account_info": {**held, **new}, "loop": ["{{ ngfw }}"]},
        {"panw.cloud.ngfw_account_info": {**role, "gather": ["vpcs"]}},
        {"panw.cloud.ngfw_account_info": {**one, "gather": ["vpcs"]}, "expected": "failure"},
        {"panw.cloud.ngfw_account": {**held, **new, "state": "absent"}, "loop": ["{{ ngfw }}"]},
    ]
    return [_expecting(number, task) for number, task in enumerate(tasks)]


def test_no_secret_of_a_task_for_accounts_is_in_any_output(services: Any, controller: Any) -> None:
    run = controller.play(
        *every_module_for_accounts(services.role_arn), arguments=("-vvvv",), **places(controller.home)
    )
    assert run.returncode == 0, run.output
    assert leaks(controller.home, run.output, services.secrets()) == []


def test_no_key_from_an_option_is_in_any_output(services: Any, controller: Any) -> None:
    assume = {
        "name": "assume",
        "amazon.aws.sts_assume_role": {"role_arn": services.role_arn, "role_session_name": "given"},
        "register": "session",
        "no_log": True,
    }
    keys = {
        "access_key": "{{ session.sts_creds.access_key }}",
        "secret_key": "{{ session.sts_creds.secret_key }}",
        "session_token": "{{ session.sts_creds.session_token }}",
    }
    tasks = [
        {"name": "token", "panw.cloud.ngfw_token": {"admin_role": "firewall", "expiry_time": 5, **keys}},
        {"name": "access", "panw.cloud.ngfw_access_info": keys},
        {"name": "list", "panw.cloud.ngfw_rulestack_info": {**keys, "admin_role": "firewall"}},
    ]
    settings = places(controller.home)
    run = controller.play(assume, *tasks, arguments=("-vvvv",), **settings)
    assert run.returncode == 0, run.output
    assert _of_ours(leaks(controller.home, run.output, services.secrets())) == []


def _of_ours(found: list[str]) -> list[str]:
    """Exclude the files in which ansible-core stores the module of another collection."""
    return [place for place in found if "AnsiballZ_sts_assume_role" not in place]


def every_account() -> list[dict[str, Any]]:
    """Typical use of the module for service accounts: credentials as options, loops over registered results, failures."""
    module = "panw.cloud.scm_service_account"
    one = {"client_id": "{{ caller.client_id }}", "client_secret": "{{ caller.client_secret }}"}
    held = {"client_id": "{{ item.client_id }}", "client_secret": "{{ item.client_secret }}"}
    tasks: list[dict[str, Any]] = [
        {module: {**one, "name": "first", "role": "iam_admin"}, "register": "first"},
        {module: {**one, "name": "first"}, "diff": True},
        {module: {**one, "name": "{{ item }}", "role": "iam_admin"}, "loop": ["a", "b"], "register": "several"},
        {module: {**held, "name": "first", "description": "by {{ item.id }}"}, "loop": "{{ several.results }}"},
        {module: {**one, "name": "first", "reset_secret": True}, "register": "second"},
        {module: {**one, "name": "first", "reset_secret": True}, "check_mode": True, "diff": True},
        {module: {**one, "client_secret": "{{ first.client_secret }}", "name": "first"}, "expected": "failure"},
        {module: {**one, "name": "first", "role": "nothing"}, "expected": "failure"},
        {module: {**held, "name": "c", "role": "nothing"}, "loop": "{{ several.results }}", "expected": "failure"},
        {module: {**one, "name": "c", "scm_url": "https://127.0.0.1:1"}, "expected": "failure"},
        {module: {**one, "name": "c", "scm_auth_url": "https://127.0.0.1:1"}, "expected": "failure"},
        {module: {**one, "client_secret": "{{ caller.client_secret }} ", "name": "c"}, "expected": "failure"},
        {module: {**one, "name": "c"}, "async": 30, "poll": 1, "expected": "failure"},
        {module: {**one, "name": "{{ item }}", "state": "absent"}, "loop": ["a", "b", "first"]},
    ]
    return [_expecting(number, task) for number, task in enumerate(tasks)]


def test_no_client_secret_is_in_any_output(services: Any, controller: Any) -> None:
    given = services.administrator
    caller = {"client_id": given["SCM_CLIENT_ID"], "client_secret": given["SCM_CLIENT_SECRET"]}
    variables = controller.home / "vars.json"
    variables.write_text(json.dumps({"caller": caller}))
    basic = base64.b64encode(":".join(given.values()).encode()).decode()
    arguments = ("-vvvv", "-e", f"@{variables}")
    run = controller.play(*every_account(), arguments=arguments, **places(controller.home))
    assert run.returncode == 0, run.output
    variables.unlink()
    kinds = services.ask("GET", "/secrets")
    assert kinds["client_secrets"]
    assert kinds["access_tokens"]
    assert leaks(controller.home, run.output, [basic, *services.secrets()]) == []


@pytest.fixture
def refusing_role(services: Any) -> Iterator[None]:
    """A role without permission to invoke the API, so that the gateway's error contains the whole path."""
    iam = services.iam()
    document = iam.get_role_policy(RoleName=ROLE_NAME, PolicyName="invoke")["PolicyDocument"]
    iam.delete_role_policy(RoleName=ROLE_NAME, PolicyName="invoke")
    yield
    iam.put_role_policy(RoleName=ROLE_NAME, PolicyName="invoke", PolicyDocument=json.dumps(document))


def test_token_repeated_by_the_gateway_is_redacted(services: Any, controller: Any, refusing_role: None) -> None:
    opaque = "b3BhcXVl/dG9rZW4+d2l0aA==and-more"
    revoke = {
        "name": "revoke",
        "panw.cloud.ngfw_token_revoke": {
            "token": opaque,
            "subscription_key": "made-up-key",
            "role_arn": services.role_arn,
        },
    }
    run = controller.play(revoke, arguments=("-vvvv",), **places(controller.home))
    assert "execute-api:Invoke" in run.failure["msg"], run.output
    (controller.home / "playbook.yml").unlink()
    assert leaks(controller.home, run.output, [opaque, "made-up-key"]) == []


def test_fresh_token_is_not_shown(services: Any, controller: Any) -> None:
    current = {"token": "made.up.token", "subscription_key": "made-up-key", "expires_at": "2099-01-01T00:00:00Z"}
    variables = controller.home / "vars.json"
    variables.write_text(json.dumps({"current": current}))
    task = token_task(services, current="{{ current }}")
    run = controller.play(task, arguments=("-vvvv", "-e", f"@{variables}"), **places(controller.home))
    assert run.returncode == 0, run.output
    variables.unlink()
    assert leaks(controller.home, run.output, ["made.up.token", "made-up-key"]) == []
