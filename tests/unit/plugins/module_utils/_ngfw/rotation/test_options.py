# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a rotation: what a target inherits, and that every mistake is found before anything begins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.panw.cloud.plugins.module_utils._aws.client import Connection
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import ngfw_spec, role_spec, rotation_spec
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.models import Account, Member
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.options import caps, members, plan
from ansible_collections.panw.cloud.tests.helpers.fakes import ROLE_ARN, URL

CONNECTION = Connection("us-east-1", None, {})


def params(*targets: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Options as the action plugin has checked them."""
    spec = {"region": {}, **ngfw_spec(), **role_spec(), **rotation_spec()}
    checked = ArgumentSpecValidator(spec).validate({"targets": [dict(target) for target in targets], **options})
    assert not checked.error_messages, checked.error_messages
    found: dict[str, Any] = checked.validated_parameters
    return found


def one(target: dict[str, Any], connection: Connection = CONNECTION, **options: Any) -> Member:
    (found,) = members(params({"name": "a", "admin_role": "rulestack", **target}, **options), connection)
    return found


def refusal(*targets: dict[str, Any], connection: Connection = CONNECTION, **options: Any) -> str:
    with pytest.raises(InvalidInput) as caught:
        members(params(*targets, **options), connection)
    assert caught.value.option == "targets"
    return str(caught.value)


def test_a_target_has_the_options_of_the_task() -> None:
    member = one(
        {}, role_arn=ROLE_ARN, external_id="id", expiry_time=90, renew_before=30, grace_period=5, take_over_after=7
    )
    assert member.role
    assert (member.role.arn, member.role.external_id) == (ROLE_ARN, "id")
    target = member.target
    assert (target.expiry_time, target.renew_before.seconds, target.grace.seconds) == (90, 1800, 300)
    assert (target.role_arn, target.region, target.url, target.stale_after.seconds) == (ROLE_ARN, "us-east-1", URL, 7)
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


def test_a_target_s_own_options_come_first() -> None:
    own = {"role_arn": ROLE_ARN.replace("Admin", "Other"), "region": "eu-west-1", "expiry_time": 30, "profile": "shop"}
    member = one({**own, "location": "there", "store": "ssm"}, role_arn=ROLE_ARN, expiry_time=90, store="file")
    assert member.target.role_arn == own["role_arn"]
    assert member.target.expiry_time == 30
    assert member.target.url == URL.replace("us-east-1", "eu-west-1")
    assert member.account == Account("shop", "eu-west-1")
    assert (member.store, member.location) == ("ssm", "there")
    assert member.open(None).location == {"store": "ssm", "name": "there"}  # type: ignore[arg-type]


def test_options_of_other_stores_pass_a_target_by(tmp_path: Path) -> None:
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


def test_the_account_role_goes_to_the_management_plane() -> None:
    member = one({"admin_role": "account"}, connection=Connection("eu-west-1", None, {}))
    assert (member.target.region, member.account.region) == ("us-east-1", "eu-west-1")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"admin_role": "king"}, "target 'a': Option 'admin_role' is 'king'; it must be one of firewall, rulestack,"),
    ({"role_arn": "x"}, "target 'a': Option 'role_arn' is malformed"),
    ({"external_id": "id"}, "target 'a': Option 'external_id' needs 'role_arn'"),
    ({"region": "moon"}, "target 'a': Option 'region' is not the name of an AWS region"),
    ({"ngfw_url": "http://example.org"}, "target 'a': Option 'ngfw_url' would send credentials"),
    ({"expiry_time": 4}, "target 'a': Option 'expiry_time' is 4"),
    ({"renew_before": 61}, "target 'a': Option 'renew_before' is 61"),
    ({"grace_period": -1}, "target 'a': Option 'grace_period' is -1"),
    ({"store": "file"}, "target 'a': Option 'path' is missing"),
    ({"location": "a secret"}, "target 'a': Option 'name' is 'a secret'"),
    ({"kms_key_id": "x", "store": "none"}, "target 'a': Option 'kms_key_id' belongs to"),
    ({"name": "", "location": "x"}, "target number 1: Option 'name' is empty."),
]


@pytest.mark.parametrize(("target", "message"), WRONG, ids=[next(iter(target)) for target, _rest in WRONG])
def test_what_cannot_be_right_is_named_with_its_target(target: dict[str, Any], message: str) -> None:
    told = refusal({"name": "a", "admin_role": "rulestack", **target})
    assert message in told
    assert told.startswith("Option 'targets' has 1 mistakes, nothing was started. ")


def test_all_mistakes_of_all_targets_are_named_together() -> None:
    wrong = [{"name": f"t{number}", "admin_role": "king", "expiry_time": 4} for number in range(30)]
    told = refusal(*wrong)
    for number in range(30):
        assert f"target 't{number}': Option 'admin_role' is 'king'" in told
    told = refusal({"name": "x", "admin_role": "firewall", "role_arn": "y", "expiry_time": 4, "location": "a b"})
    for option in ("role_arn", "expiry_time", "name"):
        assert f"Option '{option}' is" in told


def test_names_and_places_are_unique() -> None:
    target = {"name": "a", "admin_role": "rulestack"}
    told = refusal(target, target, {**target, "name": "b", "location": "a"})
    assert "2 targets have the same name: a." in told
    assert "3 targets have the same place in a store: secretsmanager a in us-east-1." in told
    one_parameter = [{**target, "name": name, "location": name, "store": "ssm"} for name in ("b", "/b")]
    assert "2 targets have the same place in a store: ssm b in us-east-1." in refusal(*one_parameter)
    other = [{**target, "name": "b", "location": "a", **more} for more in ({"region": "eu-west-1"}, {"profile": "x"})]
    for elsewhere in (*other, {**target, "name": "b", "location": "a", "store": "ssm"}):
        assert len(members(params(target, elsewhere), CONNECTION)) == 2
    assert len(members(params(target, {**target, "name": "b"}, store="none"), CONNECTION)) == 2


def test_there_has_to_be_a_target() -> None:
    assert "is empty" in refusal()


def test_keys_and_profiles_do_not_go_together() -> None:
    keys = Connection("us-east-1", None, {"aws_access_key_id": "AKID"})
    target = {"name": "a", "admin_role": "firewall", "profile": "x"}
    assert "Option 'profile' cannot be used beside keys." in refusal(target, connection=keys)


def test_a_store_needs_a_region() -> None:
    assert "Option 'region' is missing" in refusal(
        {"name": "a", "admin_role": "firewall"}, connection=Connection(None, None, {})
    )


@pytest.mark.parametrize(
    ("option", "value"),
    [("concurrency", 0), ("concurrency", 257), ("retries", -1), ("retries", 11), ("max_fail_percentage", -1.0)],
)
def test_a_plan_has_sane_limits(option: str, value: Any) -> None:
    with pytest.raises(InvalidInput, match=option):
        plan(params({"name": "a", "admin_role": "firewall"}, **{option: value}), dry_run=False)


@pytest.mark.parametrize("option", ["api_rate", "sts_rate", "store_rate", "slices"])
def test_a_cap_of_zero_is_no_cap(option: str) -> None:
    with pytest.raises(InvalidInput, match=option):
        caps(params({"name": "a", "admin_role": "firewall"}, **{option: 0}))


def test_slices_share_the_caps() -> None:
    found = caps(params({"name": "a", "admin_role": "firewall"}, api_rate=90, sts_rate=30, slices=3))
    assert found == {"api": 30, "sts": 10, "store": pytest.approx(500 / 3)}
