# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Diagnosis of situations that the simulated services cannot be in; the integration tests cover the others."""

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
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.checks import AdminRoleProbe
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.diagnosis import Finding, first_change
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.diagnostic_context import (
    DiagnosticContext,
    Subject,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.probe import AccessProbe
from ansible_collections.panw.cloud.plugins.module_utils._transport.tls_probe import Server
from ansible_collections.panw.cloud.tests.helpers.diagnostic_fixtures import ARN, INVOKE, MISMATCH, VENDOR, World, error


def test_certificate_of_private_ca_is_a_problem_only_with_signature_mismatch() -> None:
    own = Server(True, 0.4, "Company Inspection CA")
    quiet = World(server=own)["server"]
    assert (quiet.status, quiet.fix) == ("unknown", None)
    assert "issued by Company Inspection CA" in quiet.evidence
    broken = World(error(AuthenticationError, MISMATCH), server=own)
    assert broken["server"].status == "problem"
    assert "breaks their signature" in str(first_change(broken.findings))


def test_signature_mismatch_without_proxy_is_reported() -> None:
    world = World(error(AuthenticationError, MISMATCH))
    assert world["server"].status == "ok"
    assert world["region"].status == "unknown"
    assert first_change(world.findings) == "Check that 'region' is that of the host."
    assert world["permission_policy"].evidence == "No call reached this check."


def test_proxy_alone_is_not_a_problem() -> None:
    found = World(proxy="proxy.example.com:3128")["server"]
    assert found.status == "unknown"
    assert "through the proxy proxy.example.com:3128" in found.evidence


def test_server_without_date_or_certificate_is_unknown() -> None:
    world = World(server=Server(True, None, None))
    assert world["clock"].status == "unknown"
    assert "the issuer of its certificate is unknown" in world["server"].evidence


def test_session_without_assumed_role_reads_its_role() -> None:
    world = World()
    assert world["trust_policy"].evidence == "No role is assumed."
    assert world["tag_firewall"].status == "ok"
    assert World(onboarded=True)["onboarding"].evidence == "The account 123456789012 is onboarded."


def test_user_keys_have_no_role() -> None:
    seen = DiagnosticContext(
        Subject(VENDOR, None, True, (), AccessProbe(tolerant=True), None),
        None,  # type: ignore[arg-type]
        None,  # type: ignore[arg-type]
        True,
    )
    vars(seen)["caller"] = "arn:aws:iam::123456789012:user/me"
    assert seen.role_arn is None
    assert seen.role == "arn:aws:iam::123456789012:user/me is not a role session"
    assert seen.permission == seen.role


def test_assume_role_without_decision_is_unknown() -> None:
    role = AssumedRole(ARN, "me")
    world = World(error(TransportError, "no connection"), asked=role, session=False)
    assert (world["trust_policy"].status, world["session"].status) == ("unknown", "unknown")
    assert "unknown whether the role can be assumed: no connection" in world["trust_policy"].evidence


@pytest.mark.parametrize(
    ("permission", "boundary", "policy"),
    [
        (Permission("allowed", True), ("ok", "allows"), ("problem", "but the gateway denies it")),
        (Permission("implicitDeny", True), ("ok", "allows"), ("problem", "No policy of the role allows")),
        (Permission("implicitDeny", False), ("problem", "does not allow"), ("unknown", "hides")),
        (Permission("explicitDeny", True), ("ok", "allows"), ("problem", "denies")),
        (
            error(AuthorizationError, "no"),
            ("unknown", "the IAM request failed: no"),
            ("problem", "the IAM request failed: no"),
        ),
        ("elsewhere", ("unknown", "elsewhere"), ("problem", "elsewhere")),
    ],
)
def test_gateway_denial_is_explained(permission: Any, boundary: tuple[str, str], policy: tuple[str, str]) -> None:
    world = World(probes={"firewall": AdminRoleProbe(allowed=False, reason=INVOKE)}, permission=permission)
    for check, (status, evidence) in (("permissions_boundary", boundary), ("permission_policy", policy)):
        assert world[check].status == status
        assert evidence in world[check].evidence


def test_no_finding_proposes_nothing() -> None:
    assert first_change([Finding("clock", "ok", "right"), Finding("switch", "unknown", "not told")]) is None
