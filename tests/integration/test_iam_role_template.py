# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The CloudFormation templates of the role iam_role: valid, deployable, and equal to what the role makes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from moto import mock_aws

from .test_iam_role import ANYTHING, FULL, NAMES, changed, described, iam_role

BOUNDARY = "arn:aws:iam::123456789012:policy/Boundary"
UNITS = {"organizational_units": ["ou-ab12-11111111", "ou-ab12-22222222"]}


@pytest.fixture
def name() -> str:
    return next(NAMES)


def lint(template: Path) -> None:
    command = [str(Path(sys.executable).parent / "cfn-lint"), "--", str(template)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, "")


def deployed(template: Path, name: str, boundary: str) -> dict[str, Any]:
    """The role that CloudFormation makes of a template in an account of its own."""
    with mock_aws():
        credentials = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}
        iam = boto3.client("iam", **credentials)
        iam.create_policy(PolicyName=boundary.rpartition("/")[2], PolicyDocument=json.dumps(ANYTHING))
        boto3.client("cloudformation", **credentials).create_stack(
            StackName="role", TemplateBody=template.read_text(), Capabilities=["CAPABILITY_NAMED_IAM"]
        )
        found = described(iam, name)
    # moto gives the inline policies of a stack as Python writes a dictionary, which YAML can read.
    return {**found, "inline": {key: yaml.safe_load(text) for key, text in found["inline"].items()}}


@pytest.mark.parametrize("variables", [{}, FULL], ids=["defaults", "all options"])
def test_role_and_template_make_the_same(
    stand_ins: Any,
    controller: Any,
    name: str,
    variables: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    iam, template = stand_ins.iam(), controller.home / "role.yml"
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


def test_the_managed_policy_in_the_template(stand_ins: Any, controller: Any, name: str) -> None:
    template = controller.home / "role.yml"
    before = stand_ins.state["aws_calls"]
    run = controller.play(
        iam_role(name, tasks_from="cloudformation", managed_policy=True, template=str(template)),
    )
    assert run.returncode == 0, run.output
    assert stand_ins.state["aws_calls"] == before
    lint(template)
    properties = yaml.safe_load(template.read_text())["Resources"]["Role"]["Properties"]
    assert properties["ManagedPolicyArns"] == ["arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess"]
    assert "Policies" not in properties


def test_the_stack_set_holds_the_same_template(controller: Any, name: str) -> None:
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
