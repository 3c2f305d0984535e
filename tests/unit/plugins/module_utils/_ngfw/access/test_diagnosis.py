# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the diagnosis makes of circumstances that the stand-ins cannot be in; the others are in the integration tests."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._aws.assumed_role import AssumedRole
from ansible_collections.panw.cloud.plugins.module_utils._aws.iam import Permission
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthenticationError,
    AuthorizationError,
    TransportError,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.checks import Probe
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.diagnosis import Finding, first_change
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.diagnostic_context import Circumstances, Subject
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.probe import Survey
from ansible_collections.panw.cloud.plugins.module_utils._transport.tls_probe import Server
from ansible_collections.panw.cloud.tests.helpers.diagnostic_fixtures import ARN, INVOKE, MISMATCH, VENDOR, World, error


def test_a_certificate_that_aws_did_not_issue_on_the_vendors_host() -> None:
    own = Server(True, 0.4, "Company Inspection CA")
    quiet = World(server=own)["server"]
    assert (quiet.status, quiet.fix) == ("unknown", None)
    assert "issued by Company Inspection CA" in quiet.evidence
    broken = World(error(AuthenticationError, MISMATCH), server=own)
    assert broken["server"].status == "problem"
    assert "breaks their signature" in str(first_change(broken.findings))


def test_a_signature_that_does_not_match_with_nobody_in_between() -> None:
    world = World(error(AuthenticationError, MISMATCH))
    assert world["server"].status == "ok"
    assert world["region"].status == "unknown"
    assert first_change(world.findings) == "Check that 'region' is that of the host."
    assert world["permission_policy"].evidence == "No call got that far."


def test_a_proxy_is_not_a_problem_in_itself() -> None:
    found = World(proxy="proxy.example.com:3128")["server"]
    assert found.status == "unknown"
    assert "through the proxy proxy.example.com:3128" in found.evidence


def test_a_server_that_tells_no_time_and_shows_no_certificate() -> None:
    world = World(server=Server(True, None, None))
    assert world["clock"].status == "unknown"
    assert "the issuer of its certificate is not known" in world["server"].evidence


def test_the_role_behind_a_session_is_looked_at_where_none_is_assumed() -> None:
    world = World()
    assert world["trust_policy"].evidence == "No role is assumed."
    assert world["tag_firewall"].status == "ok"
    assert World(onboarded=True)["onboarding"].evidence == "The account 123456789012 is onboarded."


def test_keys_of_a_user_are_no_role() -> None:
    seen = Circumstances(
        Subject(VENDOR, None, True, (), Survey(tolerant=True), None),
        None,  # type: ignore[arg-type]
        None,  # type: ignore[arg-type]
        True,
    )
    vars(seen)["caller"] = "arn:aws:iam::123456789012:user/me"
    assert seen.role_arn is None
    assert seen.role == "arn:aws:iam::123456789012:user/me is no session of a role"
    assert seen.permission == seen.role


def test_an_assume_role_that_was_not_decided() -> None:
    role = AssumedRole(ARN, "me")
    world = World(error(TransportError, "no connection"), asked=role, session=False)
    assert (world["trust_policy"].status, world["session"].status) == ("unknown", "unknown")
    assert "was not decided: no connection" in world["trust_policy"].evidence


@pytest.mark.parametrize(
    ("permission", "boundary", "policy"),
    [
        (Permission("allowed", True), ("ok", "allows"), ("problem", "refuses it all the same")),
        (Permission("implicitDeny", True), ("ok", "allows"), ("problem", "No policy of the role allows")),
        (Permission("implicitDeny", False), ("problem", "does not allow"), ("unknown", "hides")),
        (Permission("explicitDeny", True), ("ok", "allows"), ("problem", "denies")),
        (error(AuthorizationError, "no"), ("unknown", "IAM did not tell: no"), ("problem", "IAM did not tell: no")),
        ("elsewhere", ("unknown", "elsewhere"), ("problem", "elsewhere")),
    ],
)
def test_what_the_gateway_refuses(permission: Any, boundary: tuple[str, str], policy: tuple[str, str]) -> None:
    world = World(probes={"firewall": Probe(allowed=False, reason=INVOKE)}, permission=permission)
    for check, (status, evidence) in (("permissions_boundary", boundary), ("permission_policy", policy)):
        assert world[check].status == status
        assert evidence in world[check].evidence


def test_nothing_to_propose() -> None:
    assert first_change([Finding("clock", "ok", "right"), Finding("switch", "unknown", "not told")]) is None
