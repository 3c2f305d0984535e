# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A survey asks all in one go, and keeps or raises what is refused."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthorizationError,
    InvalidInput,
    PanwCloudError,
    ServerError,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.checks import Probe
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.probe import Plan, Survey
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import Access
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply, Server, issued, refusal, service, success

ROLES = (ADMIN_ROLES["firewall"], ADMIN_ROLES["rulestack"])
DENIED = refusal(403, "User is not authorized to access this resource")
BROKEN = Reply(500, {"message": "boom"})
ON = success({"Enabled": True})


def survey(server: Server, *, tolerant: bool = True, sparing: bool = False) -> Survey:
    made = Survey(tolerant=tolerant)
    made.ask(lambda _role: service(server), Plan(ROLES, sparing=sparing, really=True))
    return made


def test_all_in_order() -> None:
    found = survey(Server(issued(), success({}), issued(), success({}), ON))
    assert {option: probe.allowed for option, probe in found.probes.items()} == {"firewall": True, "rulestack": True}
    assert found.access == Access(enabled=True)
    assert found.in_order


def test_admin_role_that_is_denied_is_not_in_order() -> None:
    found = survey(Server(issued(), success({}), DENIED, ON))
    assert found.probes["rulestack"] == Probe(allowed=False, reason="User is not authorized to access this resource")
    assert not found.in_order
    assert not found.refusals


def test_access_that_is_off_is_not_in_order() -> None:
    found = Survey(tolerant=True)
    found.access = Access(enabled=False)
    assert not found.in_order


def test_tolerant_survey_keeps_what_went_wrong_and_goes_on() -> None:
    found = survey(Server(BROKEN))
    assert [type(error) for error in found.refusals] == [ServerError] * 3
    assert {option: probe.allowed for option, probe in found.probes.items()} == {"firewall": False, "rulestack": False}
    assert found.probes["firewall"].reason == found.refusals[0].evidence.reason
    assert found.access == Access(enabled=None)
    assert not found.in_order


def test_intolerant_survey_ends_at_the_first_refusal() -> None:
    server = Server(BROKEN)
    with pytest.raises(ServerError):
        survey(server, tolerant=False)
    assert {call.split("?")[0] for call in server.calls} == {"GET /v1/mgmt/tokens/cloudfirewalladmin"}


def test_wrong_input_is_never_tolerated() -> None:
    def refuse() -> None:
        raise InvalidInput("region", "is missing")

    with pytest.raises(InvalidInput):
        Survey(tolerant=True).attempt(refuse)


def test_sparing_survey_tries_no_role_where_access_is_described() -> None:
    server = Server(ON)
    found = survey(server, sparing=True)
    assert (found.access, found.probes, len(server.calls)) == (Access(enabled=True), {}, 1)


def test_sparing_survey_tries_roles_where_the_role_may_not_describe_access() -> None:
    found = survey(Server(DENIED, issued(), success({}), issued(), success({}), ON), sparing=True)
    assert set(found.probes) == {"firewall", "rulestack"}
    assert found.access == Access(enabled=True)


def test_sparing_survey_tries_no_role_where_the_api_is_broken() -> None:
    found = survey(Server(BROKEN), sparing=True)
    assert (len(found.refusals), found.probes) == (1, {})
    assert not isinstance(found.refusals[0], AuthorizationError)
    assert isinstance(found.refusals[0], PanwCloudError)
