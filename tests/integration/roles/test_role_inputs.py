# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbooks with variables as -e, surveys and AWX pass them: strings, which ansible-core 2.19 converts if AWX marks them as unsafe."""

from __future__ import annotations

import datetime
import json
import re
import uuid
from typing import Any

import pytest

from ..conftest import ROOT, Controller
from .test_iam_role import NAMES, changed, described, iam_role

AWX = """\
manage_tokens_fleet: !unsafe 'false'
manage_tokens_return_token: !unsafe 'no'
manage_tokens_renew_before: !unsafe '0'
manage_tokens_grace_period: !unsafe '0'
manage_tokens_lock_timeout: !unsafe '300'
manage_tokens_recovery_window: !unsafe '7'
manage_tokens_concurrency: !unsafe '4'
manage_tokens_api_rate: !unsafe '50'
manage_tokens_slices: !unsafe '2'
manage_tokens_max_fail_percentage: !unsafe '50'
manage_tokens_report: !unsafe ''
manage_tokens_store_tags: {{team: !unsafe '4711', critical: !unsafe 'true'}}
manage_tokens_tokens:
  - {{admin_role: !unsafe 'rulestack', name: !unsafe '{name}', expiry_time: !unsafe '120'}}
ngfw_role_arn: !unsafe '{role_arn}'
aws_profile: !unsafe 'simulator'
awx_job_id: 17
"""


@pytest.mark.parametrize("playbooks", [("issue_tokens", "rotate_tokens", "verify_tokens"), ("rotate_fleet",)])
def test_playbooks_with_variables_from_awx_succeed(
    services: Any, controller: Controller, playbooks: tuple[str, ...]
) -> None:
    name, variables = f"inputs/{uuid.uuid4().hex}", controller.home / "extravars"
    variables.write_text(AWX.format(name=name, role_arn=services.role_arn))
    for playbook in playbooks:
        given = ("-i", "shop,", "-e", f"@{variables}")
        run = controller.playbook(ROOT / f"playbooks/{playbook}.yml", *given)
        assert run.returncode == 0, run.output
    secret = services.aws("secretsmanager").describe_secret(SecretId=name)
    tags = {tag["Key"]: tag["Value"] for tag in secret["Tags"]}
    assert (tags["team"], tags["critical"]) == ("4711", "true")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("manage_tokens_fleet=maybe", "manage_tokens_fleet"),
        ("manage_tokens_expiry_time=soon", "manage_tokens_expiry_time"),
        ("manage_tokens_tokens=rulestack", "manage_tokens_tokens"),
        ('{"manage_tokens_store_tags": ["a"]}', "manage_tokens_store_tags"),
        ('{"manage_tokens_store": true}', "manage_tokens_store"),
    ],
)
def test_variable_that_cannot_be_converted_is_rejected_by_name(
    services: Any, controller: Controller, given: str, message: str
) -> None:
    calls = services.calls()
    hosts = {"manage_tokens_tokens": [{"admin_role": "rulestack", "name": "a"}], "ngfw_role_arn": services.role_arn}
    inventory = controller.home / "inventory.json"
    inventory.write_text(json.dumps({"all": {"hosts": {"shop": hosts}}}))
    run = controller.playbook(ROOT / "playbooks/issue_tokens.yml", "-i", str(inventory), "-e", given)
    assert run.returncode != 0
    assert message in run.output
    assert services.calls() == calls


@pytest.mark.parametrize(
    ("given", "tasks"), [("false", "Ensure that the stores hold valid tokens"), ("true", "Rotate the fleet")]
)
def test_boolean_given_as_string_is_converted(services: Any, controller: Controller, given: str, tasks: str) -> None:
    tokens = [{"admin_role": "rulestack", "name": f"inputs/{uuid.uuid4().hex}"}]
    hosts = {"manage_tokens_tokens": tokens, "ngfw_role_arn": services.role_arn}
    inventory = controller.home / "inventory.json"
    inventory.write_text(json.dumps({"all": {"hosts": {"shop": hosts}}}))
    book = ROOT / "playbooks/issue_tokens.yml"
    run = controller.playbook(
        book, "-i", str(inventory), "-e", f"manage_tokens_fleet={given}", "-e", "aws_profile=simulator"
    )
    assert run.returncode == 0, run.output
    acted = re.findall(
        r"TASK \[panw\.cloud\.manage_tokens : (Ensure that the stores hold valid tokens|Rotate the fleet)\]", run.output
    )
    assert acted == [tasks]


def test_values_that_aws_stores_as_strings_are_passed_and_compared_as_strings(
    services: Any, controller: Controller
) -> None:
    """With numbers, booleans and dates, as YAML and ansible-core 2.19 parse strings. A role that waits for other values fails."""
    name = next(NAMES)
    tags = {
        "CostCenter": 4711,
        "Critical": True,
        "Until": datetime.date(2026, 12, 31),
        "Ratio": 1.5,
        "Empty": None,
        7: "x",
    }
    conditions = {
        "Bool": {"aws:MultiFactorAuthPresent": True},
        "NumericLessThanIfExists": {"aws:MultiFactorAuthAge": 3600},
        "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-1234567890/r-ab12/*"]},
        "ForAllValues:StringEqualsIfExists": {"aws:PrincipalTag/number": [1, 2]},
        "Null": {"aws:PrincipalTag/number": False},
    }
    task = iam_role(name, tags=tags, conditions=conditions, external_id=2592105, wait_timeout=4)
    run = controller.play(task, task)
    assert run.returncode == 0, run.output
    assert changed(run) == 2
    found = described(services.iam(), name)
    assert found["tags"] == {
        **{"CostCenter": "4711", "Critical": "true", "Until": "2026-12-31", "Ratio": "1.5", "Empty": "", "7": "x"},
        **{"CloudNGFWFirewallAdmin": "Yes", "CloudNGFWRulestackAdmin": "Yes"},
    }
    assert found["trust"]["Statement"][0]["Condition"] == {
        "StringEquals": {"sts:ExternalId": "2592105"},
        "Bool": {"aws:MultiFactorAuthPresent": "true"},
        "NumericLessThanIfExists": {"aws:MultiFactorAuthAge": "3600"},
        "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-1234567890/r-ab12/*"]},
        "ForAllValues:StringEqualsIfExists": {"aws:PrincipalTag/number": ["1", "2"]},
        "Null": {"aws:PrincipalTag/number": "false"},
    }
