# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The access probe checks everything in one run, and records or raises errors."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthorizationError,
    InvalidInput,
    PanwCloudError,
    ServerError,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.checks import AdminRoleProbe
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.probe import AccessProbe, ProbePlan
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import ProgrammaticAccess
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply, Server, issued, refusal, service, success

ROLES = (ADMIN_ROLES["firewall"], ADMIN_ROLES["rulestack"])
DENIED = refusal(403, "User is not authorized to access this resource")
BROKEN = Reply(500, {"message": "boom"})
ON = success({"Enabled": True})


def access_probe(server: Server, *, tolerant: bool = True, sparing: bool = False) -> AccessProbe:
    made = AccessProbe(tolerant=tolerant)
    made.ask(lambda _role: service(server), ProbePlan(ROLES, sparing=sparing, really=True))
    return made


def test_probe_without_errors_is_ok() -> None:
    found = access_probe(Server(issued(), success({}), issued(), success({}), ON))
    assert {option: probe.allowed for option, probe in found.probes.items()} == {"firewall": True, "rulestack": True}
    assert found.access == ProgrammaticAccess(enabled=True)
    assert found.in_order


def test_probe_admin_role_denied_is_not_ok() -> None:
    found = access_probe(Server(issued(), success({}), DENIED, ON))
    assert found.probes["rulestack"] == AdminRoleProbe(
        allowed=False, reason="User is not authorized to access this resource"
    )
    assert not found.in_order
    assert not found.refusals


def test_probe_access_off_is_not_ok() -> None:
    found = AccessProbe(tolerant=True)
    found.access = ProgrammaticAccess(enabled=False)
    assert not found.in_order


def test_tolerant_probe_error_is_recorded_and_continues() -> None:
    found = access_probe(Server(BROKEN))
    assert [type(error) for error in found.refusals] == [ServerError] * 3
    assert {option: probe.allowed for option, probe in found.probes.items()} == {"firewall": False, "rulestack": False}
    assert found.probes["firewall"].reason == found.refusals[0].context.reason
    assert found.access == ProgrammaticAccess(enabled=None)
    assert not found.in_order


def test_intolerant_probe_error_is_raised_at_once() -> None:
    server = Server(BROKEN)
    with pytest.raises(ServerError):
        access_probe(server, tolerant=False)
    assert {call.split("?")[0] for call in server.calls} == {"GET /v1/mgmt/tokens/cloudfirewalladmin"}


def test_probe_invalid_input_is_always_raised() -> None:
    def refuse() -> None:
        raise InvalidInput("region", "is missing")

    with pytest.raises(InvalidInput):
        AccessProbe(tolerant=True).attempt(refuse)


def test_sparing_probe_with_described_access_tries_no_role() -> None:
    server = Server(ON)
    found = access_probe(server, sparing=True)
    assert (found.access, found.probes, len(server.calls)) == (ProgrammaticAccess(enabled=True), {}, 1)


def test_sparing_probe_without_permission_to_describe_tries_roles() -> None:
    found = access_probe(Server(DENIED, issued(), success({}), issued(), success({}), ON), sparing=True)
    assert set(found.probes) == {"firewall", "rulestack"}
    assert found.access == ProgrammaticAccess(enabled=True)


def test_sparing_probe_with_broken_api_tries_no_role() -> None:
    found = access_probe(Server(BROKEN), sparing=True)
    assert (len(found.refusals), found.probes) == (1, {})
    assert not isinstance(found.refusals[0], AuthorizationError)
    assert isinstance(found.refusals[0], PanwCloudError)
