# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each finding of the diagnosis, by the available facts."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._aws.assumed_role import AssumedRole
from ansible_collections.panw.cloud.plugins.module_utils._aws.iam import IamRole, Permission
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthenticationError,
    AuthorizationError,
    NotFound,
    TransportError,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.checks import AdminRoleProbe
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.diagnosis import first_change
from ansible_collections.panw.cloud.plugins.module_utils._transport.tls_probe import Server
from ansible_collections.panw.cloud.tests.helpers.diagnostic_fixtures import ARN, INVOKE, SESSION, TAGGED, World, error

USER = "arn:aws:iam::123456789012:user/me"
REFUSED = error(AuthorizationError, "not authorized to perform: sts:AssumeRole")
OK, PROBLEM, UNKNOWN = "ok", "problem", "unknown"


def statement(effect: str = "Allow", principal: str = USER, **condition: Any) -> dict[str, Any]:
    """A trust policy statement."""
    made = {"Effect": effect, "Action": "sts:AssumeRole", "Principal": {"AWS": principal}}
    return {**made, "Condition": condition} if condition else made


def role(*statements: dict[str, Any], arn: str = ARN, **tags: str) -> IamRole:
    """A role without a permissions boundary."""
    return IamRole(arn, tags, {"Statement": list(statements)}, None)


def assuming(found: Any, external_id: str | None = None, **known: Any) -> World:
    """The requested role could not be assumed."""
    asked = AssumedRole(ARN, "me", external_id)
    return World(REFUSED, asked=asked, session=False, **{"caller": USER, "role": found, **known})


@pytest.mark.parametrize(
    ("server", "evidence"),
    [
        (error(TransportError, "connection refused"), "connection refused"),
        (Server(False, 0.0, "Amazon"), "is not the vendor's API gateway"),
    ],
)
def test_server_response_unlike_gateway_is_a_problem(server: Any, evidence: str) -> None:
    world = World(server=server, proxy="proxy.example.com:3128")
    assert world["server"].status == PROBLEM
    assert evidence in world["server"].evidence
    assert "through the proxy proxy.example.com:3128" in world["server"].evidence
    assert first_change(world.findings) == world["server"].fix


def test_response_without_date_leaves_clock_unknown() -> None:
    assert World(server=error(TransportError, "connection refused"))["clock"].status == UNKNOWN


@pytest.mark.parametrize(
    ("seconds", "status", "evidence"),
    [
        (300, OK, "300 seconds ahead of"),
        (-300, OK, "300 seconds behind"),
        (301, PROBLEM, "301 seconds ahead of"),
        (-301, PROBLEM, "behind"),
    ],
)
def test_clock_difference_is_reported(seconds: float, status: str, evidence: str) -> None:
    found = World(server=Server(True, seconds, "Amazon"))["clock"]
    assert found.status == status
    assert evidence in found.evidence
    assert (found.fix is None) == (status == OK)


def test_caller_keys_unknown_to_aws_are_a_problem() -> None:
    found = World(caller=error(AuthenticationError, "InvalidClientTokenId"))["caller"]
    assert (found.status, bool(found.fix)) == (PROBLEM, True)


def test_caller_lookup_failure_is_unknown() -> None:
    assert World(caller=error(TransportError, "no connection"))["caller"].status == UNKNOWN


def test_session_expired_is_a_problem() -> None:
    world = World(caller=error(AuthenticationError, "The security token included in the request is expired"))
    assert world["caller"].status == UNKNOWN
    assert (world["session"].status, first_change(world.findings)) == (
        PROBLEM,
        "Get new AWS credentials, and run again.",
    )


def test_role_assumed_is_ok() -> None:
    world = World(asked=AssumedRole(ARN, "me"))
    assert world["trust_policy"].evidence == f"{ARN} could be assumed."
    assert world["session"].status == OK


def test_role_missing_is_a_problem() -> None:
    found = assuming(error(NotFound, "no such role"))["trust_policy"]
    assert (found.status, found.evidence) == (PROBLEM, f"Role {ARN} does not exist.")


def test_role_not_readable_is_unknown() -> None:
    found = assuming(error(AuthorizationError, "iam:GetRole"))["trust_policy"]
    assert found.status == UNKNOWN
    assert "the IAM request failed: iam:GetRole" in found.evidence


def test_role_arn_without_path_is_a_problem() -> None:
    other = ARN.replace("role/", "role/team/")
    found = assuming(role(arn=other))["trust_policy"]
    assert (found.status, found.fix) == (PROBLEM, f"Set 'role_arn' to {other}.")


@pytest.mark.parametrize(
    ("statements", "check", "status", "fix"),
    [
        ([], "trust_policy", PROBLEM, f"Name {USER} in the trust policy"),
        ([statement("Deny"), statement()], "trust_policy", PROBLEM, f"Remove the statement that denies {USER} from"),
        ([statement(StringEquals={"sts:ExternalId": "other"})], "trust_policy", PROBLEM, "Set 'external_id'"),
        ([statement(IpAddress={"aws:SourceIp": "192.0.2.1"})], "trust_policy", UNKNOWN, "Check these conditions"),
        ([statement()], "caller_policy", PROBLEM, f"Allow {USER} 'sts:AssumeRole'"),
    ],
    ids=["not named", "denied", "external id", "conditions", "allowed"],
)
def test_trust_policy_is_evaluated(statements: list[dict[str, Any]], check: str, status: str, fix: str) -> None:
    found = assuming(role(*statements), external_id="mine")[check]
    assert found.status == status
    assert str(found.fix).startswith(fix)


@pytest.mark.parametrize(
    ("said", "status"),
    [("Credential should be scoped to a valid region.", PROBLEM), ("no idea", UNKNOWN)],
)
def test_region_mismatch_is_reported(said: str, status: str) -> None:
    assert World(error(AuthenticationError, said))["region"].status == status


def test_region_of_accepted_signature_is_ok() -> None:
    assert World()["region"].status == OK


@pytest.mark.parametrize(("enabled", "status"), [(None, UNKNOWN), (True, OK), (False, PROBLEM)])
def test_programmatic_access_state_is_reported(enabled: bool | None, status: str) -> None:
    assert World(enabled=enabled)["switch"].status == status


@pytest.mark.parametrize(("onboarded", "status"), [(None, UNKNOWN), (True, OK), (False, PROBLEM)])
def test_onboarding_state_is_reported(onboarded: bool | None, status: str) -> None:
    assert World(onboarded=onboarded)["onboarding"].status == status


def test_onboarding_of_unknown_account_is_unknown() -> None:
    found = World(caller=error(TransportError, "no connection"), onboarded=False)["onboarding"]
    assert found.evidence == "The account is not among the onboarded accounts."


def test_denied_role_without_boundary_is_reported() -> None:
    probes = {"firewall": AdminRoleProbe(allowed=False, reason=INVOKE)}
    world = World(probes=probes, role=role(), permission=Permission("implicitDeny", None))
    assert world["permissions_boundary"].evidence == "The role has no boundary."
    assert world["permission_policy"].status == PROBLEM


@pytest.mark.parametrize(
    ("tags", "evidence"),
    [
        ({}, "The role has no tag CloudNGFWFirewallAdmin."),
        ({"CloudNGFWFirewallAdmin": "yes"}, "The tag CloudNGFWFirewallAdmin has the value 'yes' instead of 'Yes'."),
        (
            {"cloudngfwfirewalladmin": "Yes"},
            "The tag cloudngfwfirewalladmin is misspelled: its name is CloudNGFWFirewallAdmin.",
        ),
    ],
)
def test_role_tag_with_wrong_value_is_a_problem(tags: dict[str, str], evidence: str) -> None:
    found = World(role=role(**tags))["tag_firewall"]
    assert (found.status, found.evidence) == (PROBLEM, evidence)
    assert found.fix == "Tag the role with the key CloudNGFWFirewallAdmin and the value Yes."


def test_role_tag_of_successful_role_is_ok() -> None:
    found = World(role="elsewhere", probes={"firewall": AdminRoleProbe(allowed=True)})["tag_firewall"]
    assert (found.status, found.evidence) == (OK, "The role got a token for the admin role 'firewall'.")


def test_role_tags_not_readable_are_unknown() -> None:
    found = World(role="the role is in another account")["tag_firewall"]
    assert (found.status, found.evidence) == (UNKNOWN, "The role's tags are unknown: the role is in another account.")


def test_global_rulestacks_need_more_than_a_tag() -> None:
    tagged = role(CloudNGFWGlobalRulestackAdmin="Yes")
    world = World(role=tagged, enabled=True, probes={"global_rulestack": AdminRoleProbe(allowed=False)})
    assert world["tag_global_rulestack"].status == UNKNOWN
    assert "AWS Firewall Manager" in str(world["tag_global_rulestack"].fix)


def test_all_facts_ok_yield_no_problem() -> None:
    world = World(enabled=True, onboarded=True, probes={"firewall": AdminRoleProbe(allowed=True)})
    assert {found.status for found in world.findings} == {OK}
    assert first_change(world.findings) is None
    assert world["caller"].evidence == f"The caller is {SESSION}."
    assert TAGGED.boundary
