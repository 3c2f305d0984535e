# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Temporary tokens, claims, validity and remaining lifetime."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthorizationError,
    NotFound,
    PanwCloudError,
    ServerError,
    Throttled,
)
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import fingerprint
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import (
    TemporaryToken,
    claims,
    is_alive,
    life_left,
)
from ansible_collections.panw.cloud.tests.helpers.fakes import (
    HELD,
    KEY,
    MISSING_ROUTE,
    NOW,
    TOKEN,
    Reply,
    Server,
    api,
    issued,
    jwt,
    refusal,
    service,
    success,
)
from ansible_collections.panw.cloud.tests.helpers.send_request import assert_no_secret

ROLE = ADMIN_ROLES["firewall"]


def methods(server: Server) -> list[str]:
    return [str(request.method) for request in server.requests]


def test_temporary_token_is_revoked_after_success() -> None:
    server = Server(issued(), success({}))
    temporary = TemporaryToken(service(server), ROLE, 15)
    with temporary as held:
        assert held == HELD
        assert methods(server) == ["GET"]
    assert methods(server) == ["GET", "DELETE"]
    assert temporary.warnings == []


@pytest.mark.parametrize("kind", [NotFound("x"), ValueError("x"), KeyboardInterrupt(), SystemExit(1)])
def test_temporary_token_is_revoked_after_any_exception(kind: BaseException) -> None:
    server = Server(issued(), success({}))
    with pytest.raises(type(kind)) as caught, TemporaryToken(service(server), ROLE, 15):
        raise kind
    assert caught.value is kind
    assert methods(server) == ["GET", "DELETE"]


def test_temporary_token_revocation_failure_warns_after_success() -> None:
    temporary = TemporaryToken(service(Server(issued(minutes=15), MISSING_ROUTE)), ROLE, 15)
    with temporary:
        pass
    (warning,) = temporary.warnings
    assert warning.endswith(f"The token (fingerprint {fingerprint(TOKEN)}) expires at 2026-05-19T12:15:00Z.")
    assert TOKEN not in warning
    assert KEY not in warning


def test_temporary_token_revocation_failure_is_added_to_error() -> None:
    temporary = TemporaryToken(service(Server(issued(), Reply(500))), ROLE, 15)
    with pytest.raises(NotFound) as caught:  # noqa: SIM117
        with temporary:
            raise NotFound("read")
    assert f"The token (fingerprint {fingerprint(TOKEN)}) expires at" in str(caught.value)
    assert str(caught.value).startswith("Could not read")
    assert temporary.warnings == []
    assert_no_secret(caught.value)


def test_temporary_token_revocation_failure_keeps_interruption() -> None:
    with pytest.raises(KeyboardInterrupt), TemporaryToken(service(Server(issued(), Reply(500))), ROLE, 15):
        raise KeyboardInterrupt


def test_temporary_token_not_granted_revokes_nothing() -> None:
    server = Server(refusal(403, "User is not authorized to access this resource"))
    with pytest.raises(AuthorizationError), TemporaryToken(service(server), ROLE, 15):
        pytest.fail("the block must not run")
    assert methods(server) == ["GET"]


def segment(payload: bytes) -> str:
    return f"header.{base64.urlsafe_b64encode(payload).rstrip(b'=').decode()}.signature"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "opaque",
        "a.b",
        "a.b.c",
        "..",
        "a.!!!.c",
        "a.ü.c",
        segment(b"[]"),
        segment(b'"text"'),
        segment(b"\xff\xfe"),
        segment(b"{"),
        segment(b"[" * 100_000),
    ],
)
def test_claims_of_text_not_a_jwt_are_empty(token: str) -> None:
    assert claims(token) == {}


@pytest.mark.parametrize("filler", ["", "x", "xx", "xxx"])
def test_claims_of_jwt_are_read(filler: str) -> None:
    assert claims(jwt(tenant_version="V1", filler=filler))["tenant_version"] == "V1"


def test_alive_accepted_token_is_true() -> None:
    server = Server(success({"RuleStackCandidate": []}))
    assert is_alive(api(server), HELD) is True
    assert server.calls == ["GET /v1/config/rulestacks?maxresults=1"]
    assert server.requests[0].headers["Authorization"] == TOKEN
    assert server.requests[0].headers["x-api-key"] == KEY


def test_alive_account_token_is_checked_on_management_plane() -> None:
    server = Server(success({"AccountIds": []}))
    assert is_alive(api(server), HELD, management=True) is True
    assert server.calls == ["GET /v1/mgmt/linkaccounts"]


@pytest.mark.parametrize(
    "reply",
    [
        refusal(401, "Unauthorized"),
        refusal(403, "User is not authorized to access this resource"),
        refusal(403, "Forbidden"),
    ],
)
def test_alive_rejected_token_is_false(reply: Reply) -> None:
    assert is_alive(api(Server(reply)), HELD) is False


@pytest.mark.parametrize(
    ("reply", "kind"), [(Reply(500), ServerError), (Reply(429), Throttled), (Reply(404), NotFound)]
)
def test_alive_unclear_response_raises_error(reply: Reply, kind: type[PanwCloudError]) -> None:
    with pytest.raises(kind):
        is_alive(api(Server(reply)), HELD)


EXPIRING = jwt(exp=int((NOW + timedelta(minutes=20)).timestamp()))


def test_life_left_uses_known_expiry() -> None:
    reported = life_left(EXPIRING, NOW + timedelta(minutes=10), NOW)
    assert reported == "The token is valid until 2026-05-19T12:10:00Z, for another 10 minutes."


def test_life_left_uses_claim_of_token() -> None:
    assert life_left(EXPIRING, None, NOW) == "The token is valid until 2026-05-19T12:20:00Z, for another 20 minutes."


def test_life_left_past_expiry_is_reported() -> None:
    assert life_left("opaque", NOW - timedelta(minutes=1), NOW) == "The token expired at 2026-05-19T11:59:00Z."


@pytest.mark.parametrize("exp", [None, "soon", 1e300, -1e300, float("nan"), 10**30, []])
def test_life_left_without_expiry_is_unknown(exp: object) -> None:
    assert life_left(jwt(exp=exp), None, NOW) == "The token is still valid; its expiry is unknown."
