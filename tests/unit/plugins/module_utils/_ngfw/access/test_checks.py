# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether programmatic access is on, as described by the API or found by a probe."""

from __future__ import annotations

import json

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthorizationError,
    PanwCloudError,
    RouteNotFound,
    ServerError,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.checks import AdminRoleProbe, describe, probe
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import ProgrammaticAccess
from ansible_collections.panw.cloud.tests.helpers.fakes import (
    MISSING_ROUTE,
    Reply,
    Server,
    issued,
    refusal,
    service,
    success,
)

ROLE = ADMIN_ROLES["firewall"]
DENIED = refusal(403, "User is not authorized to access this resource")


def test_probe_gets_token_and_revokes_it() -> None:
    server = Server(issued(minutes=5), success({}))
    assert probe(service(server), ROLE) == AdminRoleProbe(allowed=True, enabled=True)
    assert [call.split("/v1")[0] for call in server.calls] == ["GET ", "DELETE "]
    assert json.loads(server.requests[0].body or b"") == {"ExpiryTime": 5}


def test_probe_denied_is_reported() -> None:
    found = probe(service(Server(DENIED)), ROLE)
    assert found == AdminRoleProbe(allowed=False, reason="User is not authorized to access this resource")


def test_probe_while_access_is_off_is_reported() -> None:
    found = probe(service(Server(success({"Enabled": False}))), ROLE)
    assert found == AdminRoleProbe(allowed=False, enabled=False, reason="programmatic access is not enabled")


def test_probe_revocation_failure_warns() -> None:
    found = probe(service(Server(issued(), MISSING_ROUTE)), ROLE)
    assert found.allowed is True
    assert len(found.warnings) == 1
    found = probe(service(Server(issued(Enabled=False), MISSING_ROUTE)), ROLE)
    assert found.enabled is False
    assert len(found.warnings) == 1


def test_probe_skipped_calls_nothing() -> None:
    server = Server(Reply(500))
    assert probe(service(server), ROLE, really=False) == AdminRoleProbe()
    assert server.calls == []


@pytest.mark.parametrize(("reply", "kind"), [(Reply(500), ServerError), (MISSING_ROUTE, RouteNotFound)])
def test_probe_other_error_is_raised(reply: Reply, kind: type[PanwCloudError]) -> None:
    with pytest.raises(kind):
        probe(service(Server(reply)), ROLE)


def test_access_described_by_api() -> None:
    assert describe(service(Server(success({"Enabled": True, "MaxExpiryTime": 480}))), []) == ProgrammaticAccess(
        True, 480
    )


@pytest.mark.parametrize(
    ("probes", "enabled"),
    [
        ([AdminRoleProbe(True, True)], True),
        ([AdminRoleProbe(False, False)], False),
        ([AdminRoleProbe(False), AdminRoleProbe(True, True)], True),
        ([AdminRoleProbe(False, False), AdminRoleProbe(True, True)], True),
    ],
)
def test_access_not_described_is_probed(probes: list[AdminRoleProbe], enabled: bool) -> None:
    assert describe(service(Server(DENIED)), probes) == ProgrammaticAccess(enabled)


@pytest.mark.parametrize("probes", [[], [AdminRoleProbe()], [AdminRoleProbe(False)]])
def test_access_neither_described_nor_probed_is_unknown(probes: list[AdminRoleProbe]) -> None:
    with pytest.raises(AuthorizationError, match="'probe_admin_roles' finds out by requesting tokens"):
        describe(service(Server(DENIED)), probes)


def test_access_description_other_error_is_raised() -> None:
    with pytest.raises(ServerError):
        describe(service(Server(Reply(500))), [AdminRoleProbe(True, True)])
