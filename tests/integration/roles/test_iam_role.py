# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role iam_role: creation, repair, check mode and validation."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

CALLER = "arn:aws:iam::123456789012:user/simulator-admin"
INVOKE = "arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess"
NAMES = (f"Made{number}" for number in itertools.count())


@pytest.fixture
def name() -> str:
    return next(NAMES)


def iam_role(role_name: str, *, tasks_from: str = "main", **variables: Any) -> dict[str, Any]:
    return {
        "name": "iam_role",
        "ansible.builtin.include_role": {"name": "panw.cloud.iam_role", "tasks_from": tasks_from},
        "vars": {
            "iam_role_name": role_name,
            "iam_role_principals": [CALLER],
            **{f"iam_role_{key}": value for key, value in variables.items()},
        },
    }


def described(iam: Any, name: str) -> dict[str, Any]:
    """A role as IAM returns it, without its creation time and id."""
    role = iam.get_role(RoleName=name)["Role"]
    return {
        "path": role["Path"],
        "description": role["Description"],
        "trust": role["AssumeRolePolicyDocument"],
        "max_session_duration": role["MaxSessionDuration"],
        "boundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        "tags": {tag["Key"]: tag["Value"] for tag in role["Tags"]},
        "managed": [
            policy["PolicyArn"] for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
        ],
        "inline": {
            policy: iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
        },
    }


def changed(run: Any) -> int:
    """The number of changed tasks in the recap."""
    return int(run.output.rpartition("changed=")[2].split()[0])


def test_role_is_created_once_and_can_be_assumed(services: Any, controller: Any, name: str) -> None:
    task = iam_role(name, admin_roles=["firewall", "rulestack", "global_rulestack", "account"])
    token = {
        "name": "token",
        "panw.cloud.ngfw_access_info": {"role_arn": "{{ iam_role_arn }}", "probe_admin_roles": ["firewall", "account"]},
    }
    first = controller.play(task, token)
    assert first.returncode == 0, first.output
    assert changed(first) == 2
    assert all(probe["allowed"] for probe in first.results["token"]["admin_roles"].values())
    assert described(services.iam(), name) == {
        "path": "/",
        "description": "Programmatic access to Cloud NGFW for AWS",
        "trust": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"AWS": [CALLER]}, "Action": "sts:AssumeRole"}],
        },
        "max_session_duration": 3600,
        "boundary": None,
        "tags": {
            "CloudNGFWFirewallAdmin": "Yes",
            "CloudNGFWRulestackAdmin": "Yes",
            "CloudNGFWGlobalRulestackAdmin": "Yes",
            "CloudNGFWAccountAdmin": "Yes",
        },
        "managed": [],
        "inline": {
            "CloudNGFWInvoke": {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": ["arn:aws:execute-api:*:*:*"]}
                ],
            }
        },
    }
    second = controller.play(task)
    assert (second.returncode, changed(second)) == (0, 0), second.output


def test_role_prints_few_tasks_and_no_avoidable_warning(controller: Any, name: str) -> None:
    for most in (17, 11):
        run = controller.play(iam_role(name), ANSIBLE_DEPRECATION_WARNINGS="true")
        assert run.returncode == 0, run.output
        # No option of amazon.aws prevents its warning about the result assume_role_policy_document_raw.
        assert "_instance_profile' option will be removed" not in run.output
        assert run.output.count("TASK [") <= most, run.output


def test_check_mode_on_an_empty_account_predicts_the_role(services: Any, controller: Any, name: str) -> None:
    reported = {"name": "show arn", "ansible.builtin.debug": {"var": "iam_role_arn"}}
    run = controller.play(iam_role(name, boundary=BOUNDARY), reported, arguments=("--check", "--diff"))
    assert run.returncode == 0, run.output
    assert changed(run) == 1
    assert run.results["show arn"]["iam_role_arn"] == f"arn:aws:iam::123456789012:role/{name}"
    assert run.results["Show what differs"]["msg"]["after"]["tags"]["CloudNGFWRulestackAdmin"] == "Yes"
    iam = services.iam()
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName=name)


def test_drift_is_predicted_shown_and_repaired(services: Any, controller: Any, name: str) -> None:
    iam, task = services.iam(), iam_role(name, tags={"owner": "security"})
    assert controller.play(task).returncode == 0
    made = described(iam, name)
    iam.untag_role(RoleName=name, TagKeys=["CloudNGFWFirewallAdmin"])
    surplus = {"CloudNGFWRulestackAdmin": "yes", "cloudngfwaccountadmin": "Yes", "cost-centre": "1"}
    iam.tag_role(RoleName=name, Tags=[{"Key": key, "Value": value} for key, value in surplus.items()])
    wide = json.dumps(made["inline"]["CloudNGFWInvoke"]).replace("execute-api:Invoke", "*")
    iam.put_role_policy(RoleName=name, PolicyName="CloudNGFWInvoke", PolicyDocument=wide)
    iam.put_role_policy(RoleName=name, PolicyName="other", PolicyDocument=wide)
    iam.attach_role_policy(RoleName=name, PolicyArn=INVOKE)
    trust = json.dumps(made["trust"]).replace("user/simulator-admin", "root")
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=trust)
    drifted = described(iam, name)

    predicted = controller.play(task, arguments=("--check", "--diff"))
    assert described(iam, name) == drifted
    repaired = controller.play(task, arguments=("--diff",))
    assert described(iam, name) == {**made, "tags": {**made["tags"], "cost-centre": "1"}}
    assert changed(predicted) == changed(repaired) == 3
    for run in (predicted, repaired):
        difference = run.results["Show what differs"]["msg"]
        assert difference["before"] == {
            "managed_policies": [INVOKE],
            "tags": drifted["tags"],
            "trust_policy": drifted["trust"],
        }
        assert difference["after"]["tags"] == {**made["tags"], "cost-centre": "1"}
        assert (
            run.results["Put the inline permission policy"]["diff"]["after"]["CloudNGFWInvoke"]
            == made["inline"]["CloudNGFWInvoke"]
        )
    again = controller.play(task, arguments=("--diff",))
    assert changed(again) == 0


def test_all_options_are_applied_in_iam(services: Any, controller: Any, name: str) -> None:
    iam = services.iam()
    boundary = iam.create_policy(PolicyName=f"{name}-boundary", PolicyDocument=json.dumps(ANYTHING))["Policy"]["Arn"]
    run = controller.play(iam_role(name, boundary=boundary, **FULL), iam_role(name, boundary=boundary, **FULL))
    assert run.returncode == 0, run.output
    assert changed(run) == 2
    found = described(iam, name)
    assert found["path"] == "/cloud/ngfw/"
    assert found["max_session_duration"] == 7200
    assert found["boundary"] == boundary
    assert found["trust"]["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"AWS": [CALLER, "arn:aws:iam::210987654321:root"]},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"sts:ExternalId": "an-id", "aws:PrincipalAccount": ["123456789012", "210987654321"]},
                "Bool": {"aws:SecureTransport": "true"},
            },
        },
        {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ]
    assert found["inline"]["CloudNGFWInvoke"]["Statement"][0]["Resource"] == [
        "arn:aws:execute-api:us-east-1:999988887777:*",
        "arn:aws:execute-api:eu-west-1:999988887777:*",
    ]
    assert found["tags"] == {"CloudNGFWRulestackAdmin": "Yes", "owner": "Sécurité 1"}
    assert "is not checked" in run.results["Report that assuming the role is not checked"]["msg"]


def test_managed_policy_replaces_the_inline_policy_and_back(services: Any, controller: Any, name: str) -> None:
    iam = services.iam()
    assert controller.play(iam_role(name)).returncode == 0
    assert controller.play(iam_role(name, managed_policy=True)).returncode == 0
    found = described(iam, name)
    assert (found["managed"], found["inline"]) == ([INVOKE], {})
    assert changed(controller.play(iam_role(name, managed_policy=True))) == 0
    assert controller.play(iam_role(name)).returncode == 0
    found = described(iam, name)
    assert (found["managed"], list(found["inline"])) == ([], ["CloudNGFWInvoke"])


def test_absent_removes_the_role_once(services: Any, controller: Any, name: str) -> None:
    iam = services.iam()
    absent = iam_role(name, state="absent", principals=[])
    assert changed(controller.play(iam_role(name))) == 2
    assert changed(controller.play(absent, arguments=("--check",))) == 1
    assert iam.get_role(RoleName=name)
    assert changed(controller.play(absent)) == 1
    assert changed(controller.play(absent)) == 0


def test_role_that_cannot_be_assumed_in_time_fails(services: Any, controller: Any, name: str) -> None:
    services.ask("POST", "/faults", service="sts", route="AssumeRole", kind="status", status=403)
    failure = controller.play(iam_role(name, wait_timeout=2)).results["Fail because the caller cannot assume the role"]
    assert f"{CALLER} cannot assume the role {name} within 2 seconds" in failure["msg"]


def test_role_that_sts_recognizes_late_is_awaited(services: Any, controller: Any, name: str) -> None:
    services.ask("POST", "/faults", service="sts", route="AssumeRole", kind="status", status=403, times=1)
    run = controller.play(iam_role(name), arguments=("-vvvv",))
    assert run.returncode == 0, run.output
    assert not [secret for secret in services.secrets() if secret in run.output]


BOUNDARY = "arn:aws:iam::123456789012:policy/Boundary"
ANYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
FULL: dict[str, Any] = {
    "path": "/cloud/ngfw/",
    "admin_roles": ["rulestack"],
    "principals": ["210987654321", CALLER],
    "allow_account_root": True,
    "api_gateway_principal": True,
    "external_id": "an-id",
    "conditions": {
        "StringEquals": {"aws:PrincipalAccount": ["123456789012", "210987654321"]},
        "Bool": {"aws:SecureTransport": "true"},
    },
    "max_session_duration": 7200,
    "regions": ["us-east-1", "eu-west-1"],
    "accounts": ["999988887777"],
    "tags": {"owner": "Sécurité 1"},
}
REFUSED: list[tuple[dict[str, Any], str]] = [  # tests/unit/test_iam_role_rules.py has all rules
    ({"principals": []}, "Name the users, roles or sessions"),
    ({"admin_roles": ["superuser"]}, "Got no match for: superuser"),
    ({"state": "gone"}, "must be one of: present, absent"),
    (
        {"conditions": {"ForAnyValues:StringLike": {"aws:PrincipalTag/a": "b"}}, "name": "a b"},
        "IAM accepts operators such as",
    ),
    ({"name": "a b", "state": "absent"}, "iam_role_name is a b"),
    ({"tags": {"owner": 1.5, "Owner": True}}, "differ by more than case"),
]


def test_invalid_input_is_rejected_before_any_call(services: Any, controller: Any) -> None:
    before = services.state["aws_calls"]
    tasks = []
    for number, (variables, message) in enumerate(REFUSED):
        refused = iam_role("Refused", **variables)
        caught = {
            "name": f"caught {number}",
            "ansible.builtin.set_fact": {f"refusal_{number}": "{{ ansible_failed_result }}"},
        }
        tasks.append(
            {
                "name": message,
                "block": [refused, {"name": "accepted", "ansible.builtin.fail": {"msg": "accepted"}}],
                "rescue": [caught],
            }
        )
    run = controller.play(*tasks)
    assert run.returncode == 0, run.output
    for number, (variables, message) in enumerate(REFUSED):
        reported = run.results[f"caught {number}"]["ansible_facts"][f"refusal_{number}"]
        said = str(reported.get("msg"))
        assert message in said, (variables, reported)
    assert services.state["aws_calls"] == before
