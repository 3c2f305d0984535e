# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each token is reached where it came from, with the role that it was issued to."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._aws.assumed_role import AssumedRole
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.client import Held
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.client_factory import Reach
from ansible_collections.panw.cloud.tests.helpers.fake_aws import stored
from ansible_collections.panw.cloud.tests.helpers.fakes import CREDENTIALS, ROLE_ARN, URL, Server, http, success


class FakeAws:
    def __init__(self) -> None:
        self.assumed: list[AssumedRole | None] = []

    def credentials(self, role: AssumedRole | None) -> Any:
        self.assumed.append(role)
        return CREDENTIALS

    def account_of(self, credentials: Any) -> str:
        return str(credentials.account_id)


def reach(role: AssumedRole | None, server: Server) -> tuple[Reach, FakeAws]:
    aws = FakeAws()
    return Reach(aws, http(server), role), aws  # type: ignore[arg-type]


def test_each_role_is_assumed_once_with_the_same_session() -> None:
    own = AssumedRole(ROLE_ARN, "me", external_id="secret handshake")
    made, aws = reach(own, Server(success()))
    for arn in (ROLE_ARN, f"{ROLE_ARN}2", ROLE_ARN, None, None):
        made.service(arn, "us-east-1", URL)
    assert made.account() == "123456789012"
    assert aws.assumed == [own, AssumedRole(f"{ROLE_ARN}2", "me", external_id="secret handshake"), None]


def test_without_a_role_of_its_own() -> None:
    made, aws = reach(None, Server(success()))
    made.account()
    made.service(ROLE_ARN, "us-east-1", URL)
    assert aws.assumed == [None, AssumedRole(ROLE_ARN, "panw.cloud")]


@pytest.mark.parametrize(
    ("admin_role", "path"), [("account", "/v1/mgmt/linkaccounts"), ("rulestack", "/v1/config/rulestacks")]
)
def test_a_token_is_proven_where_it_came_from(admin_role: str, path: str) -> None:
    server = Server(success({}))
    made, _rest = reach(None, server)
    assert made.alive(stored(admin_role=admin_role, url=f"{URL}/stage"))
    (request,) = server.requests
    assert (request.url or "").startswith(f"{URL}/stage{path}")


def test_a_token_is_revoked_where_it_came_from() -> None:
    server = Server(success({}))
    made, _rest = reach(None, server)
    assert made.service(None, "us-east-1", f"{URL}/stage").revoke(Held("a.b.c", "key"))
    assert server.calls == ["DELETE /stage/v1/mgmt/tokens/a.b.c"]


def test_no_secret_goes_where_there_is_no_tls() -> None:
    made, _rest = reach(None, Server(success({})))
    with pytest.raises(InvalidInput):
        made.alive(stored(url="http://api.example"))
