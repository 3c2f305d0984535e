# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules and fleet rotation derive the AWS region in each partition, and reject contradictions before any call."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.amazon.aws.plugins.module_utils.modules import aws_argument_spec
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module import rotation
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import ngfw_spec, role_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import Task
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.shutdown import Shutdown
from ansible_collections.panw.cloud.tests.helpers.fakes import Clock
from ansible_collections.panw.cloud.tests.helpers.run_module import Cloud, failed, run

KEYS = {"access_key": "AKIAEXAMPLE", "secret_key": "the-secret-key"}
HOST = "https://api.{}.aws.cloudngfw.paloaltonetworks.com"
GATEWAY = "https://abcdef.execute-api.{}.amazonaws.com/prod"
CHINA = "https://abcdef.execute-api.{}.amazonaws.com.cn/prod"


def role(partition: str) -> str:
    return f"arn:{partition}:iam::123456789012:role/One"


US, GOV, CN = role("aws"), role("aws-us-gov"), role("aws-cn")
OWN = "https://ngfw.example.com"
# Options, and the prefix of the STS host: older botocore versions do not know the domains of all partitions.
KNOWN: list[tuple[dict[str, Any], str]] = [
    ({"region": "eu-west-1", "role_arn": US}, "sts.eu-west-1.amazonaws.com"),
    ({"ngfw_url": HOST.format("eu-west-1"), "role_arn": US}, "sts.eu-west-1.amazonaws.com"),
    ({"ngfw_url": HOST.format("EU-WEST-1"), "role_arn": US}, "sts.eu-west-1.amazonaws.com"),
    ({"ngfw_url": HOST.format("us-gov-west-1"), "role_arn": GOV}, "sts.us-gov-west-1.amazonaws.com"),
    ({"ngfw_url": HOST.format("us-gov-east-1"), "role_arn": GOV}, "sts.us-gov-east-1.amazonaws.com"),
    ({"ngfw_url": HOST.format("us-gov-east-1")}, "sts.us-gov-east-1.amazonaws.com"),
    ({"ngfw_url": GATEWAY.format("us-gov-west-1")}, "sts.us-gov-west-1.amazonaws.com"),
    ({"ngfw_url": CHINA.format("cn-northwest-1"), "role_arn": CN}, "sts.cn-northwest-1.amazonaws.com.cn"),
    ({"ngfw_url": HOST.format("eusc-de-east-1"), "role_arn": role("aws-eusc")}, "sts.eusc-de-east-1.amazonaws."),
    ({"ngfw_url": HOST.format("us-iso-east-1"), "role_arn": role("aws-iso")}, "sts.us-iso-east-1.c2s.ic.gov"),
    ({"ngfw_url": HOST.format("us-isob-east-1"), "role_arn": role("aws-iso-b")}, "sts.us-isob-east-1.sc2s.sgov.gov"),
    ({"ngfw_url": OWN, "region": "us-gov-west-1", "role_arn": GOV}, "sts.us-gov-west-1.amazonaws.com"),
    ({"region": "mx-north-9", "role_arn": US}, "sts.mx-north-9.amazonaws.com"),
]
MANAGED: list[tuple[dict[str, Any], str]] = [
    ({"role_arn": US}, "sts.us-east-1.amazonaws.com"),
    ({"region": "eu-west-1", "role_arn": US}, "sts.eu-west-1.amazonaws.com"),
    ({"ngfw_url": HOST.format("eu-west-1"), "role_arn": US}, "sts.eu-west-1.amazonaws.com"),
    ({"ngfw_management_url": GATEWAY.format("us-west-2"), "role_arn": US}, "sts.us-west-2.amazonaws.com"),
    ({"ngfw_management_url": GATEWAY.format("us-gov-west-1"), "role_arn": GOV}, "sts.us-gov-west-1.amazonaws.com"),
    ({"ngfw_management_url": HOST.format("us-gov-east-1")}, "sts.us-gov-east-1.amazonaws.com"),
    (
        {"ngfw_management_url": OWN, "ngfw_management_region": "us-gov-west-1", "role_arn": GOV},
        "sts.us-gov-west-1.amazonaws.com",
    ),
    ({"ngfw_management_region": "us-gov-east-1", "role_arn": GOV}, "sts.us-gov-west-1.amazonaws.com"),
    ({"ngfw_management_region": "cn-northwest-1", "role_arn": CN}, "sts.cn-north-1.amazonaws.com.cn"),
]
# Options, and what the error names.
WRONG: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
    ("firewall", {"region": "us-east-1", "role_arn": GOV}, ("role_arn", "'aws-us-gov'", "us-east-1")),
    ("firewall", {"region": "us-gov-west-1", "role_arn": US}, ("role_arn", "'aws'", "us-gov-west-1")),
    ("firewall", {"region": "cn-north-1", "role_arn": GOV}, ("role_arn", "'aws-us-gov'", "'aws-cn'")),
    ("firewall", {"ngfw_url": HOST.format("us-gov-west-1"), "role_arn": US}, ("role_arn", "us-gov-west-1", "'aws'")),
    ("firewall", {"ngfw_url": HOST.format("eu-west-1"), "role_arn": GOV}, ("role_arn", "eu-west-1", "'aws-us-gov'")),
    ("firewall", {"ngfw_url": OWN, "region": "us-west-2", "role_arn": CN}, ("role_arn", "us-west-2", "'aws-cn'")),
    ("account", {"role_arn": GOV}, ("role_arn", "us-east-1", "'aws-us-gov'", "'ngfw_management_region'")),
    ("account", {"region": "us-gov-west-1", "role_arn": GOV}, ("role_arn", "us-east-1", "'aws-us-gov'")),
    ("account", {"ngfw_management_region": "us-gov-west-1", "role_arn": US}, ("role_arn", "us-gov-west-1", "'aws'")),
    ("firewall", {"region": "frankfurt"}, ("region", "'frankfurt'")),
    ("firewall", {"region": "frankfurt", "ngfw_url": OWN}, ("region", "'frankfurt'")),
    ("firewall", {"region": "frankfurt", "ngfw_url": HOST.format("eu-central-1")}, ("region", "'frankfurt'")),
    ("firewall", {"region": "EU-WEST-1", "ngfw_url": OWN}, ("region", "'EU-WEST-1'")),
    ("firewall", {"region": "eu-west", "ngfw_url": OWN}, ("region", "'eu-west'")),
    ("firewall", {"region": "eu-west-1a", "ngfw_url": OWN}, ("region", "'eu-west-1a'")),
    ("firewall", {"region": "us-east-1 ", "ngfw_url": OWN}, ("region", "'us-east-1 '")),
    ("firewall", {"region": "us-east-1\n", "ngfw_url": OWN}, ("region", "us-east-1")),
    (
        "account",
        {"ngfw_management_region": "virginia", "ngfw_management_url": OWN},
        ("ngfw_management_region", "virginia"),
    ),
]
CASES = [("firewall", *case) for case in KNOWN] + [("account", *case) for case in MANAGED]


def task(admin_role: str, options: dict[str, Any]) -> Task:
    """What a module derives from its options before the first call."""
    spec = {**aws_argument_spec(), **ngfw_spec(), **role_spec()}
    checked = ArgumentSpecValidator(spec).validate({**KEYS, **options})
    module = SimpleNamespace(params=checked.validated_parameters, check_mode=False, warn=print, fail_json=pytest.fail)
    made = Task(module)  # type: ignore[arg-type]
    made.endpoint(ADMIN_ROLES[admin_role])
    return made


def fleet(admin_role: str, options: dict[str, Any], **own: Any) -> Any:
    """What fleet rotation derives from the same options."""
    target = {"name": "a", "admin_role": admin_role, "store": "none", **own}
    checked = ArgumentSpecValidator(rotation.fleet_spec()).validate({**KEYS, "targets": [target], **options})
    assert not checked.error_messages
    clock = Clock()
    return rotation.rotation(checked.validated_parameters, dry_run=False, stop=Shutdown(clock), clock=clock)


def sts_of_fleet(rotation: Any) -> str:
    (fate,) = rotation._results.values()
    url: str = rotation._clients.aws(fate.member.account).client("sts").meta.endpoint_url
    return url


@pytest.mark.parametrize(("admin_role", "options", "host"), CASES)
def test_sts_region_follows_api_or_role(admin_role: str, options: dict[str, Any], host: str) -> None:
    assert task(admin_role, options).aws.client("sts").meta.endpoint_url.startswith(f"https://{host}")
    assert sts_of_fleet(fleet(admin_role, options)).startswith(f"https://{host}")


@pytest.mark.parametrize(("admin_role", "options", "named"), WRONG)
def test_contradicting_options_are_rejected(admin_role: str, options: dict[str, Any], named: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput) as caught:
        task(admin_role, options)
    assert caught.value.option == named[0]
    for refusal in (str(caught.value), _fleet_refusal(admin_role, options)):
        for word in named:
            assert word in refusal


def test_account_lookup_role_in_other_partition_is_rejected() -> None:
    with Cloud() as cloud:
        result = failed(run("ngfw_access_info", {**cloud.options, "account_role_arn": GOV}))
        assert cloud.received == []
    assert result["error"]["kind"] == "invalid_input"
    assert result["msg"].startswith("Option 'account_role_arn' is in the partition 'aws-us-gov'")


def _fleet_refusal(admin_role: str, options: dict[str, Any]) -> str:
    with pytest.raises(InvalidInput) as caught:
        fleet(admin_role, options)
    return str(caught.value)


def test_target_profile_provides_region(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "config"
    keys = "aws_access_key_id = A\naws_secret_access_key = B\n"
    config.write_text(
        f"[profile paris]\nregion = eu-west-3\n{keys}[default]\nregion = us-west-2\n[profile bare]\n{keys}"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    none = {"access_key": None, "secret_key": None}
    for own, region in (
        ({"profile": "paris"}, "eu-west-3"),
        ({"profile": "paris", "region": "eu-west-1"}, "eu-west-1"),
        ({"profile": "bare"}, "us-west-2"),
        ({"profile": "missing"}, "us-west-2"),
    ):
        (fate,) = fleet("firewall", none, **own)._results.values()
        assert (fate.member.target.source.endpoint.region, fate.member.account.region) == (region, region)
    (fate,) = fleet("firewall", {**none, "region": "us-east-2"}, profile="paris")._results.values()
    assert fate.member.target.source.endpoint.region == "us-east-2"


@pytest.mark.parametrize("config", [{"nonsense": 1}, {"retries": {"mode": "often"}}])
def test_setting_unknown_to_botocore_is_rejected(config: dict[str, Any]) -> None:
    options = {"region": "us-east-1", "aws_config": config}
    for make in (task, fleet):
        with pytest.raises(InvalidInput, match="Option 'aws_config' is not valid for botocore"):
            make("firewall", options)
