# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The CloudFormation templates of the role iam_role: valid, deployable, and equivalent to the role itself."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
import ruamel.yaml
import yaml
from moto import mock_aws

from .test_iam_role import ANYTHING, FULL, NAMES, changed, described, iam_role

BOUNDARY = "arn:aws:iam::123456789012:policy/Boundary"
UNITS = {"organizational_units": ["ou-ab12-11111111", "ou-ab12-22222222"]}


@pytest.fixture
def name() -> str:
    return next(NAMES)


def lint(*templates: Path) -> None:
    """Check templates like the program C(cfn-lint) does."""
    import cfnlint.api  # imports sympy: not while each worker collects tests

    assert [problem for template in templates for problem in cfnlint.api.lint_file(template)] == []


def deployed(template: Path, name: str, boundary: str) -> dict[str, Any]:
    """The role that CloudFormation creates from a template in an empty account."""
    with mock_aws():
        credentials = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}
        iam = boto3.client("iam", **credentials)
        iam.create_policy(PolicyName=boundary.rpartition("/")[2], PolicyDocument=json.dumps(ANYTHING))
        boto3.client("cloudformation", **credentials).create_stack(
            StackName="role", TemplateBody=template.read_text(), Capabilities=["CAPABILITY_NAMED_IAM"]
        )
        found = described(iam, name)
    # moto returns the inline policies of a stack as the repr of a dictionary, which YAML can parse.
    return {**found, "inline": {key: yaml.safe_load(text) for key, text in found["inline"].items()}}


@pytest.mark.parametrize("variables", [{}, FULL], ids=["defaults", "all options"])
def test_role_and_template_create_the_same_role(
    services: Any,
    controller: Any,
    name: str,
    variables: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    iam, template = services.iam(), controller.home / "role.yml"
    boundary = iam.create_policy(PolicyName=f"{name}-boundary", PolicyDocument=json.dumps(ANYTHING))["Policy"]["Arn"]
    options = {**variables, "boundary": boundary, "template": str(template)}
    written = iam_role(name, tasks_from="cloudformation", **options)
    assert changed(controller.play(written, arguments=("--check",))) == 1
    assert not template.exists()
    run = controller.play(written, iam_role(name, **options))
    assert run.returncode == 0, run.output
    assert changed(controller.play(written)) == 0
    lint(template)
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    assert deployed(template, name, boundary) == described(iam, name)


def test_template_with_managed_policy_has_no_inline_policy(services: Any, controller: Any, name: str) -> None:
    template = controller.home / "role.yml"
    before = services.state["aws_calls"]
    run = controller.play(
        iam_role(name, tasks_from="cloudformation", managed_policy=True, template=str(template)),
    )
    assert run.returncode == 0, run.output
    assert services.state["aws_calls"] == before
    lint(template)
    properties = yaml.safe_load(template.read_text())["Resources"]["Role"]["Properties"]
    assert properties["ManagedPolicyArns"] == ["arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess"]
    assert "Policies" not in properties


AWX = """\
iam_role_template: !unsafe '{template}'
iam_role_principals: [!unsafe 'arn:aws:iam::123456789012:role/automation', !unsafe '012345678901']
iam_role_allow_account_root: !unsafe 'true'
iam_role_external_id: !unsafe '{external_id}'
iam_role_path: !unsafe '/no/'
iam_role_description: !unsafe '[not, a, list]'
iam_role_max_session_duration: !unsafe '7200'
iam_role_accounts: [!unsafe '999988887777']
iam_role_tags: {{CostCenter: !unsafe '089345678901', Release: !unsafe '25921e05', on: !unsafe 'text'}}
"""


@pytest.mark.parametrize("external_id", ["089345678901", "25921e05", "2592105", "2026-01-31", "0o17", "=", "1_0.0_e"])
def test_template_strings_are_strings_for_every_parser(controller: Any, external_id: str) -> None:
    """With variables as AWX passes them."""
    template, variables = controller.home / "role.yml", controller.home / "extravars"
    variables.write_text(AWX.format(template=template, external_id=external_id.ljust(2, "=")))
    task = {"ansible.builtin.include_role": {"name": "panw.cloud.iam_role", "tasks_from": "cloudformation"}}
    run = controller.play(task, arguments=("-e", f"@{variables}"))
    assert run.returncode == 0, run.output
    lint(template)
    text = template.read_text()
    read = json.loads(text.partition("\n")[2])
    assert read == yaml.safe_load(text) == ruamel.yaml.YAML(typ="safe", pure=True).load(text)
    properties = read["Resources"]["Role"]["Properties"]
    statement = properties["AssumeRolePolicyDocument"]["Statement"][0]
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": external_id.ljust(2, "=")}}
    assert statement["Principal"]["AWS"][0] == "arn:aws:iam::012345678901:root"
    assert properties["Description"] == "[not, a, list]"
    tags = {tag["Key"]: tag["Value"] for tag in properties["Tags"]}
    assert (tags["CostCenter"], tags["Release"]) == ("089345678901", "25921e05")


NAMES_IAM_TAKES = ["CloudNGFWAdmin", "1st", "_", "a.b@c", "a_b@c", "=,+", "-", "Z" * 64, "." * 64]


def test_stack_sets_of_any_role_name_have_valid_unique_names(controller: Any) -> None:
    templates = [controller.home / f"{number}.yml" for number in range(len(NAMES_IAM_TAKES))]
    tasks = [
        iam_role(role_name, tasks_from="cloudformation", template=str(template), **UNITS)
        for role_name, template in zip(NAMES_IAM_TAKES, templates, strict=True)
    ]
    run = controller.play(*tasks)
    assert run.returncode == 0, run.output
    names = [
        yaml.safe_load(template.read_text())["Resources"]["StackSet"]["Properties"]["StackSetName"]
        for template in templates
    ]
    assert len(set(names)) == len(names)
    assert names[0] == "CloudNGFWAdmin"
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9-]{0,127}", name) for name in names), names
    lint(*templates)


def test_vaulted_value_is_decrypted_in_the_template(controller: Any, name: str) -> None:
    template, password, variables = (controller.home / file for file in ("role.yml", "password", "variables.yml"))
    password.write_text("made-up")
    command = [str(Path(sys.executable).parent / "ansible-vault"), "encrypt_string", "--vault-password-file"]
    hidden = [*command, str(password), "--name", "iam_role_external_id", "a-vaulted-id"]
    variables.write_text(subprocess.run(hidden, check=True, capture_output=True, text=True).stdout)
    task = iam_role(name, tasks_from="cloudformation", template=str(template))
    given = ("-vvv", "-e", f"@{variables}", "--vault-password-file", str(password))
    run = controller.play(task, arguments=given)
    assert run.returncode == 0, run.output
    assert '"sts:ExternalId": "a-vaulted-id"' in template.read_text()
    assert "a-vaulted-id" not in run.output


def test_stack_set_contains_the_same_template(controller: Any, name: str) -> None:
    single, many = controller.home / "role.yml", controller.home / "roles.yml"
    run = controller.play(
        iam_role(name, tasks_from="cloudformation", template=str(single), boundary=BOUNDARY),
        iam_role(name, tasks_from="cloudformation", template=str(many), boundary=BOUNDARY, **UNITS),
    )
    assert run.returncode == 0, run.output
    lint(many)
    stack_set = yaml.safe_load(many.read_text())["Resources"]["StackSet"]["Properties"]
    assert json.loads(stack_set["TemplateBody"]) == yaml.safe_load(single.read_text())
    targets = stack_set["StackInstancesGroup"][0]["DeploymentTargets"]
    assert targets == {"OrganizationalUnitIds": UNITS["organizational_units"]}
    with mock_aws():
        client = boto3.client("cloudformation", "us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        client.create_stack_set(
            StackSetName=stack_set["StackSetName"],
            TemplateBody=stack_set["TemplateBody"],
            PermissionModel=stack_set["PermissionModel"],
            AutoDeployment=stack_set["AutoDeployment"],
            Capabilities=stack_set["Capabilities"],
        )
