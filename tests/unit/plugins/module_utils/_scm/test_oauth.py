# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access tokens: the token request, caching, and the meaning of each rejection."""

from __future__ import annotations

import base64
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthenticationError,
    ErrorContext,
    InvalidResponse,
    PanwCloudError,
)
from ansible_collections.panw.cloud.plugins.module_utils._scm.oauth import AccessTokens, Header, authorize
from ansible_collections.panw.cloud.tests.helpers.fakes import Clock, Reply, Server, http, jwt
from ansible_collections.panw.cloud.tests.helpers.tenants import (
    AUTH,
    AUTH_URL,
    CREDENTIALS,
    SECRET,
    TSG,
    Tenant,
    tokens,
)

CALL = f"POST {AUTH}"
UNAUTHENTICATED = AuthenticationError("try", ErrorContext(status=401))


def given(**more: Any) -> Reply:
    return Reply(200, {"access_token": jwt(), "token_type": "Bearer", "expires_in": 899, **more})


def of(*script: Reply | BaseException, clock: Clock | None = None) -> tuple[AccessTokens, Server]:
    server = Server(*script)
    return AccessTokens(http(server, clock=clock, ca_option="scm_ca_bundle"), AUTH_URL, CREDENTIALS), server


def failure(*script: Reply) -> PanwCloudError:
    """Return the error for a response; assert that it holds no secret."""
    asked, _server = of(*script)
    with pytest.raises(PanwCloudError) as caught:
        asked.get()
    shown = f"{caught.value} {caught.value.as_result()}"
    assert SECRET not in shown
    assert CREDENTIALS.basic not in shown
    return caught.value


def test_token_request_matches_documentation() -> None:
    asked, server = of(given())
    assert asked.get() == jwt()
    (request,) = server.requests
    assert (request.method, request.url) == ("POST", AUTH_URL)
    assert base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode() == (
        f"{CREDENTIALS.client_id}:{SECRET}"
    )
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    body = request.body.decode() if isinstance(request.body, bytes) else request.body
    assert parse_qs(body or "") == {"grant_type": ["client_credentials"], "scope": [f"tsg_id:{TSG}"]}


def test_secrets_are_in_no_repr() -> None:
    assert SECRET not in repr(CREDENTIALS)
    assert "secret" not in repr(Header("Bearer secret"))


def test_token_is_cached_until_a_minute_before_expiry() -> None:
    clock, tenant = Clock(), Tenant()
    asked = tokens(tenant, clock)
    first = asked.get()
    clock.seconds = 838
    assert asked.get() == first
    clock.seconds = 839
    assert asked.get() != first
    assert tenant.calls == [CALL, CALL]


def test_token_lifetime_counts_from_before_the_request() -> None:
    """A slow response does not extend the token's lifetime."""
    clock = Clock()

    def slow(_request: object) -> Reply:
        clock.seconds += 100
        return given()

    server = Server(handler=slow)
    asked = AccessTokens(http(server, clock=clock), AUTH_URL, CREDENTIALS)
    asked.get()
    clock.seconds = 839
    asked.get()
    assert len(server.requests) == 2


@pytest.mark.parametrize("reported", [None, 0, -5, "899", 10**9])
def test_unusable_lifetime_falls_back_to_default(reported: Any) -> None:
    clock = Clock()
    asked, server = of(given(expires_in=reported), clock=clock)
    asked.get()
    clock.seconds = 838
    asked.get()
    assert len(server.requests) == 1
    clock.seconds = 839
    asked.get()
    assert len(server.requests) == 2


def test_threads_share_one_request() -> None:
    tenant = Tenant()
    asked = tokens(tenant)
    barrier = threading.Barrier(8)

    def one(_number: int) -> str:
        barrier.wait()
        return asked.get()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(one, range(8)))) == 1
    assert tenant.calls == [CALL]


def test_rejected_threads_share_one_renewal() -> None:
    tenant = Tenant()
    asked = tokens(tenant)
    first = asked.get()
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(asked.renewed, [first] * 8)) == {tenant.issued[1]}
    assert tenant.calls == [CALL, CALL]


def test_rejected_token_is_renewed_once() -> None:
    tenant, sent = Tenant(), []

    def send(bearer: Header) -> str:
        sent.append(bearer.value)
        if len(sent) == 1:
            raise UNAUTHENTICATED
        return "done"

    assert authorize(tokens(tenant), send) == "done"
    assert sent == [f"Bearer {token}" for token in tenant.issued]


@pytest.mark.parametrize(
    ("refusal", "requests"),
    [(UNAUTHENTICATED, 2), (AuthenticationError("try", ErrorContext(status=403)), 1), (PanwCloudError("try"), 1)],
)
def test_repeated_rejection_raises_error(refusal: PanwCloudError, requests: int) -> None:
    tenant = Tenant()

    def send(_bearer: Header) -> None:
        raise refusal

    with pytest.raises(PanwCloudError) as caught:
        authorize(tokens(tenant), send)
    assert caught.value is refusal
    assert tenant.calls == [CALL] * requests


def test_rejected_credentials_are_not_retried() -> None:
    asked, server = of(Reply(401, {"error": "invalid_client", "error_description": "Client authentication failed"}))
    sent: list[Header] = []
    with pytest.raises(AuthenticationError):
        authorize(asked, sent.append)
    assert (sent, len(server.requests)) == ([], 1)


@pytest.mark.parametrize(
    ("status", "body", "kind", "code", "advice"),
    [
        (401, {"error": "invalid_client", "error_description": "no"}, "authentication", "invalid_client", "client ID"),
        (400, {"error": "invalid_client", "error_description": "no"}, "authentication", "invalid_client", "client ID"),
        (401, "", "authentication", None, "client secret"),
        (400, {"error": "invalid_scope", "error_description": "no"}, "authorization", "invalid_scope", TSG),
        (403, {"error": "access_denied"}, "authorization", "access_denied", TSG),
        (404, "<html>nothing</html>", "route_not_found", None, "'scm_auth_url'"),
        (400, {"error": "unsupported_grant_type"}, "invalid_request", "unsupported_grant_type", "'scm_auth_url'"),
        (400, "[]", "invalid_request", None, "'scm_auth_url'"),
        (500, {"error": "server_error"}, "server", "server_error", "later"),
        (503, "", "server", None, "later"),
        (429, "", "throttled", None, "later"),
    ],
)
def test_rejection_raises_matching_error(status: int, body: Any, kind: str, code: str | None, advice: str) -> None:
    error = failure(Reply(status, body))
    assert (error.kind, error.context.error_code) == (kind, code)
    assert advice in (error.next_step or "")
    assert "AWS" not in str(error)
    assert str(error).startswith(f"Could not get an access token for service account {CREDENTIALS.client_id} at POST")


def test_server_reason_is_quoted_without_secrets() -> None:
    text = f"no such client: {SECRET} {CREDENTIALS.basic}"
    error = failure(Reply(401, {"error": "invalid_client", "error_description": text}))
    assert error.context.reason == "no such client: ******** ********"


@pytest.mark.parametrize("status", [429, 503])
def test_transient_failure_is_retried(status: int) -> None:
    asked, server = of(Reply(status), Reply(status), given())
    assert asked.get() == jwt()
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    "body", ["", "<html>login</html>", "[]", {}, {"access_token": ""}, {"access_token": 7}, {"access_token": "a\nb"}]
)
def test_response_without_token_raises_error(body: Any) -> None:
    error = failure(Reply(200, body))
    assert isinstance(error, InvalidResponse)
    assert "'scm_auth_url'" in (error.next_step or "")
