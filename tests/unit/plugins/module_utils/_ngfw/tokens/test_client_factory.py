# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each token is used with the API that issued it and with the role that it was issued to."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._aws.assumed_role import AssumedRole
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._common.token_pair import TokenPair
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.endpoints import Endpoint
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.client_factory import ClientFactory
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.spec import TokenSource
from ansible_collections.panw.cloud.tests.helpers.fake_aws import source, stored
from ansible_collections.panw.cloud.tests.helpers.fakes import CREDENTIALS, ROLE_ARN, URL, Server, http, success


class FakeAws:
    def __init__(self) -> None:
        self.assumed: list[AssumedRole | None] = []

    def credentials(self, role: AssumedRole | None) -> Any:
        self.assumed.append(role)
        return CREDENTIALS

    def account_of(self, credentials: Any) -> str:
        return str(credentials.account_id)


def factory(server: Server) -> tuple[ClientFactory, FakeAws]:
    aws = FakeAws()
    return ClientFactory(aws, http(server)), aws  # type: ignore[arg-type]


def test_service_assumes_each_role_once() -> None:
    made, aws = factory(Server(success()))
    own = TokenSource(AssumedRole(ROLE_ARN, "me", external_id="secret handshake"), Endpoint(URL, "us-east-1"))
    another = own.of(stored(role_arn=f"{ROLE_ARN}2"))
    for origin in (own, another, own, source(None), source(None)):
        made.service(origin)
    assert made.account(own) == "123456789012"
    assert aws.assumed == [own.role, AssumedRole(f"{ROLE_ARN}2", "me", external_id="secret handshake"), None]


def test_source_of_stored_token_without_own_role_uses_default_session() -> None:
    assert source(None).of(stored()) == source()
    assert source().of(stored(role_arn=None)).role is None


@pytest.mark.parametrize(
    ("admin_role", "path"), [("account", "/v1/mgmt/linkaccounts"), ("rulestack", "/v1/config/rulestacks")]
)
def test_token_is_verified_at_its_issuing_api(admin_role: str, path: str) -> None:
    server = Server(success({}))
    made, _rest = factory(server)
    assert made.alive(stored(admin_role=admin_role, url=f"{URL}/stage"))
    (request,) = server.requests
    assert (request.url or "").startswith(f"{URL}/stage{path}")


def test_token_is_revoked_at_its_issuing_api() -> None:
    server = Server(success({}))
    made, _rest = factory(server)
    assert made.service(source(None, url=f"{URL}/stage")).revoke(TokenPair("a.b.c", "key"))
    assert server.calls == ["DELETE /stage/v1/mgmt/tokens/a.b.c"]


def test_url_without_tls_receives_no_secret() -> None:
    made, _rest = factory(Server(success({})))
    with pytest.raises(InvalidInput):
        made.alive(stored(url="http://api.example"))
