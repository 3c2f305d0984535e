# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether programmatic access is on, told by the API or by trying."""

from __future__ import annotations

import json

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthorizationError,
    PanwCloudError,
    RouteNotFound,
    ServerError,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.checks import Probe, describe, probe
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import Access
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


def test_probe_gets_a_token_and_revokes_it() -> None:
    server = Server(issued(minutes=5), success({}))
    assert probe(service(server), ROLE) == Probe(allowed=True, enabled=True)
    assert [call.split("/v1")[0] for call in server.calls] == ["GET ", "DELETE "]
    assert json.loads(server.requests[0].body or b"") == {"ExpiryTime": 5}


def test_probe_that_is_denied() -> None:
    found = probe(service(Server(DENIED)), ROLE)
    assert found == Probe(allowed=False, reason="User is not authorized to access this resource")


def test_probe_while_access_is_off() -> None:
    found = probe(service(Server(success({"Enabled": False}))), ROLE)
    assert found == Probe(allowed=False, enabled=False, reason="programmatic access is not enabled")


def test_probe_whose_token_cannot_be_revoked_warns() -> None:
    found = probe(service(Server(issued(), MISSING_ROUTE)), ROLE)
    assert found.allowed is True
    assert len(found.warnings) == 1
    found = probe(service(Server(issued(Enabled=False), MISSING_ROUTE)), ROLE)
    assert found.enabled is False
    assert len(found.warnings) == 1


def test_probe_that_is_not_made() -> None:
    server = Server(Reply(500))
    assert probe(service(server), ROLE, really=False) == Probe()
    assert server.calls == []


@pytest.mark.parametrize(("reply", "kind"), [(Reply(500), ServerError), (MISSING_ROUTE, RouteNotFound)])
def test_probe_that_something_else_stops(reply: Reply, kind: type[PanwCloudError]) -> None:
    with pytest.raises(kind):
        probe(service(Server(reply)), ROLE)


def test_description_by_the_api() -> None:
    assert describe(service(Server(success({"Enabled": True, "MaxExpiryTime": 480}))), []) == Access(True, 480)


@pytest.mark.parametrize(
    ("probes", "enabled"),
    [
        ([Probe(True, True)], True),
        ([Probe(False, False)], False),
        ([Probe(False), Probe(True, True)], True),
        ([Probe(False, False), Probe(True, True)], True),
    ],
)
def test_description_by_probes(probes: list[Probe], enabled: bool) -> None:
    assert describe(service(Server(DENIED)), probes) == Access(enabled)


@pytest.mark.parametrize("probes", [[], [Probe()], [Probe(False)]])
def test_description_that_nobody_gives(probes: list[Probe]) -> None:
    with pytest.raises(AuthorizationError, match="'probe_admin_roles' finds it out by trying"):
        describe(service(Server(DENIED)), probes)


def test_description_that_fails_otherwise() -> None:
    with pytest.raises(ServerError):
        describe(service(Server(Reply(500))), [Probe(True, True)])
