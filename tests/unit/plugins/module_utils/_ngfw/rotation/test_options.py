# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rotation options: what a target inherits, and that every error is found before the run starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.panw.cloud.plugins.module_utils._aws.client import Connection
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import ngfw_spec, role_spec, rotation_spec
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.endpoints import Endpoint
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.models import Account, FleetTarget
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.options import caps, members, plan, quota_share
from ansible_collections.panw.cloud.tests.helpers.fakes import ROLE_ARN, URL

CONNECTION = Connection("us-east-1", None, {})


def params(*targets: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Options as validated by the action plugin."""
    spec = {"region": {}, **ngfw_spec(), **role_spec(), **rotation_spec()}
    checked = ArgumentSpecValidator(spec).validate({"targets": [dict(target) for target in targets], **options})
    assert not checked.error_messages, checked.error_messages
    found: dict[str, Any] = checked.validated_parameters
    return found


def one(target: dict[str, Any], connection: Connection = CONNECTION, **options: Any) -> FleetTarget:
    (found,) = members(params({"name": "a", "admin_role": "rulestack", **target}, **options), connection)
    return found


def refusal(*targets: dict[str, Any], connection: Connection = CONNECTION, **options: Any) -> str:
    with pytest.raises(InvalidInput) as caught:
        members(params(*targets, **options), connection)
    assert caught.value.option == "targets"
    return str(caught.value)


def test_target_inherits_task_options() -> None:
    member = one(
        {}, role_arn=ROLE_ARN, external_id="id", expiry_time=90, renew_before=30, grace_period=5, lock_timeout=7
    )
    role = member.target.source.role
    assert role
    assert (role.arn, role.external_id) == (ROLE_ARN, "id")
    target = member.target
    assert (target.expiry_time, target.renew_before.seconds, target.grace.seconds) == (90, 1800, 300)
    assert (target.source.role_arn, target.source.endpoint, target.lock_timeout.seconds) == (
        ROLE_ARN,
        Endpoint(URL, "us-east-1"),
        7,
    )
    assert member.account == Account(None, "us-east-1")
    assert member.as_json() == {
        "name": "a",
        "account_id": "123456789012",
        "role_arn": ROLE_ARN,
        "admin_role": "rulestack",
        "region": "us-east-1",
        "url": URL,
        "store": "secretsmanager",
        "location": "a",
    }


def test_target_option_overrides_task_option() -> None:
    own = {"role_arn": ROLE_ARN.replace("Admin", "Other"), "region": "eu-west-1", "expiry_time": 30, "profile": "shop"}
    member = one({**own, "location": "there", "store": "ssm"}, role_arn=ROLE_ARN, expiry_time=90, store="file")
    assert member.target.source.role_arn == own["role_arn"]
    assert member.target.expiry_time == 30
    assert member.target.source.endpoint.url == URL.replace("us-east-1", "eu-west-1")
    assert member.account == Account("shop", "eu-west-1")
    assert (member.store, member.location) == ("ssm", "there")
    assert member.open(None).location == {"store": "ssm", "name": "there"}  # type: ignore[arg-type]


def test_target_ignores_options_of_other_stores(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    targets: list[dict[str, Any]] = [
        {"store": "file", "location": str(tmp_path / "token")},
        {"store": "none"},
        {"store": "ssm"},
        {},
    ]
    found = members(
        params(
            *({"name": str(number), "admin_role": "firewall", **target} for number, target in enumerate(targets)),
            kms_key_id="alias/x",
            resource_policy={
                "Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"},
            },
        ),
        CONNECTION,
    )
    assert [member.store for member in found] == ["file", "none", "ssm", "secretsmanager"]
    assert [member.location for member in found] == [str(tmp_path / "token"), "", "2", "3"]


def test_account_role_is_used_for_management_plane() -> None:
    member = one({"admin_role": "account"}, connection=Connection("eu-west-1", None, {}))
    assert (member.target.source.endpoint.region, member.account.region) == ("us-east-1", "eu-west-1")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"admin_role": "king"}, "target 'a': Option 'admin_role' is 'king'; it must be one of firewall, rulestack,"),
    ({"role_arn": "x"}, "target 'a': Option 'role_arn' is malformed"),
    ({"external_id": "id"}, "target 'a': Option 'external_id' requires 'role_arn'"),
    ({"region": "moon"}, "target 'a': Option 'region' is not the name of an AWS region"),
    ({"ngfw_url": "http://example.org"}, "target 'a': Option 'ngfw_url' would send credentials"),
    ({"expiry_time": 4}, "target 'a': Option 'expiry_time' is 4"),
    ({"renew_before": 61}, "target 'a': Option 'renew_before' is 61"),
    ({"grace_period": -1}, "target 'a': Option 'grace_period' is -1"),
    ({"store": "file"}, "target 'a': Option 'path' is required if 'store' is 'file'"),
    ({"location": "a secret"}, "target 'a': Option 'name' is 'a secret'"),
    ({"kms_key_id": "x", "store": "none"}, "target 'a': Option 'kms_key_id' belongs to"),
    ({"name": "", "location": "x"}, "target number 1: Option 'name' is empty."),
]


@pytest.mark.parametrize(("target", "message"), WRONG, ids=[next(iter(target)) for target, _rest in WRONG])
def test_invalid_target_option_is_rejected_with_target_name(target: dict[str, Any], message: str) -> None:
    reported = refusal({"name": "a", "admin_role": "rulestack", **target})
    assert message in reported
    assert reported.startswith("Option 'targets' has 1 mistakes, nothing was started. ")


def test_errors_of_all_targets_are_reported_together() -> None:
    wrong = [{"name": f"t{number}", "admin_role": "king", "expiry_time": 4} for number in range(30)]
    reported = refusal(*wrong)
    for number in range(30):
        assert f"target 't{number}': Option 'admin_role' is 'king'" in reported
    reported = refusal({"name": "x", "admin_role": "firewall", "role_arn": "y", "expiry_time": 4, "location": "a b"})
    for option in ("role_arn", "expiry_time", "name"):
        assert f"Option '{option}' is" in reported


def test_duplicate_names_and_places_are_rejected() -> None:
    target = {"name": "a", "admin_role": "rulestack"}
    reported = refusal(target, target, {**target, "name": "b", "location": "a"})
    assert "2 targets have the same name: a." in reported
    assert "3 targets have the same place in a store: secretsmanager a in us-east-1." in reported
    one_parameter = [{**target, "name": name, "location": name, "store": "ssm"} for name in ("b", "/b")]
    assert "2 targets have the same place in a store: ssm b in us-east-1." in refusal(*one_parameter)
    other = [{**target, "name": "b", "location": "a", **more} for more in ({"region": "eu-west-1"}, {"profile": "x"})]
    for elsewhere in (*other, {**target, "name": "b", "location": "a", "store": "ssm"}):
        assert len(members(params(target, elsewhere), CONNECTION)) == 2
    assert len(members(params(target, {**target, "name": "b"}, store="none"), CONNECTION)) == 2


def test_empty_target_list_is_rejected() -> None:
    assert "is empty" in refusal()


def test_keys_with_profile_are_rejected() -> None:
    keys = Connection("us-east-1", None, {"aws_access_key_id": "AKID"})
    target = {"name": "a", "admin_role": "firewall", "profile": "x"}
    assert "Option 'profile' cannot be combined with AWS keys." in refusal(target, connection=keys)


def test_store_without_region_is_rejected() -> None:
    assert "Option 'region' is missing" in refusal(
        {"name": "a", "admin_role": "firewall"}, connection=Connection(None, None, {})
    )


@pytest.mark.parametrize(
    ("option", "value"),
    [("concurrency", 0), ("concurrency", 257), ("retries", -1), ("retries", 11), ("max_fail_percentage", -1.0)],
)
def test_plan_limits_out_of_range_are_rejected(option: str, value: Any) -> None:
    with pytest.raises(InvalidInput, match=option):
        plan(params({"name": "a", "admin_role": "firewall"}, **{option: value}), dry_run=False)


@pytest.mark.parametrize("option", ["api_rate", "sts_rate", "store_rate", "slices"])
def test_zero_cap_means_unlimited(option: str) -> None:
    with pytest.raises(InvalidInput, match=option):
        caps(params({"name": "a", "admin_role": "firewall"}, **{option: 0}))


def test_slices_share_caps() -> None:
    found = caps(params({"name": "a", "admin_role": "firewall"}, api_rate=90, sts_rate=30, slices=3))
    assert found == {"api": 30, "sts": 10, "store": pytest.approx(500 / 3)}


@pytest.mark.parametrize(("options", "share"), [({}, 1), ({"slices": 4}, 0.25), ({"aws_quotas": False}, 0)])
def test_slices_share_quotas(options: dict[str, Any], share: float) -> None:
    assert quota_share(params({"name": "a", "admin_role": "firewall"}, **options)) == share
