# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an AWS account is onboarded to the tenant."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import RouteNotFound
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.checks import is_onboarded
from ansible_collections.panw.cloud.tests.helpers.fakes import (
    MISSING_ROUTE,
    TOKEN,
    Reply,
    Server,
    api,
    issued,
    refusal,
    service,
    success,
)

ACCOUNT = "123456789012"


def onboarded(response: Reply) -> tuple[bool, Server]:
    server = Server(issued(), response, success({}))
    return is_onboarded(service(server), api(server), ACCOUNT), server


def test_onboarding_query_uses_token_and_revokes_it() -> None:
    found, server = onboarded(success({"AccountId": ACCOUNT}))
    assert found
    assert [call.split("?")[0] for call in server.calls] == [
        "GET /v1/mgmt/tokens/cloudaccountadmin",
        f"GET /v1/mgmt/linkaccounts/{ACCOUNT}",
        f"DELETE /v1/mgmt/tokens/{TOKEN}",
    ]
    assert server.requests[1].headers["Authorization"] == TOKEN


def test_onboarding_account_not_linked_is_false() -> None:
    found, server = onboarded(refusal(404, "account not found"))
    assert not found
    assert server.calls[-1].startswith("DELETE ")


@pytest.mark.parametrize(("status", "expected"), [("Success", True), ("SUCCESS", True), ("", True), ("Pending", False)])
def test_onboarding_that_is_not_complete_is_false(status: str, expected: bool) -> None:
    assert onboarded(success({"AccountId": ACCOUNT, "OnboardingStatus": status}))[0] is expected


def test_onboarding_missing_route_is_unknown() -> None:
    with pytest.raises(RouteNotFound):
        onboarded(MISSING_ROUTE)
