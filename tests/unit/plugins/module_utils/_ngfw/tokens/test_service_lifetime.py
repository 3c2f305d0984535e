# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to a token besides: loans, claims, whether it lives and how long."""

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
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import Loan, claims, is_alive, life_left
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


def test_loan_is_revoked_after_success() -> None:
    server = Server(issued(), success({}))
    loan = Loan(service(server), ROLE, 15)
    with loan as held:
        assert held == HELD
        assert methods(server) == ["GET"]
    assert methods(server) == ["GET", "DELETE"]
    assert loan.warnings == []


@pytest.mark.parametrize("kind", [NotFound("x"), ValueError("x"), KeyboardInterrupt(), SystemExit(1)])
def test_loan_is_revoked_however_it_ends(kind: BaseException) -> None:
    server = Server(issued(), success({}))
    with pytest.raises(type(kind)) as caught, Loan(service(server), ROLE, 15):
        raise kind
    assert caught.value is kind
    assert methods(server) == ["GET", "DELETE"]


def test_loan_that_cannot_be_revoked_warns_after_success() -> None:
    loan = Loan(service(Server(issued(minutes=15), MISSING_ROUTE)), ROLE, 15)
    with loan:
        pass
    (warning,) = loan.warnings
    assert warning.endswith(f"The token (fingerprint {fingerprint(TOKEN)}) dies at 2026-05-19T12:15:00Z.")
    assert TOKEN not in warning
    assert KEY not in warning


def test_loan_that_cannot_be_revoked_is_added_to_the_error() -> None:
    loan = Loan(service(Server(issued(), Reply(500))), ROLE, 15)
    with pytest.raises(NotFound) as caught:  # noqa: SIM117
        with loan:
            raise NotFound("read")
    assert f"The token (fingerprint {fingerprint(TOKEN)}) dies at" in str(caught.value)
    assert str(caught.value).startswith("Could not read")
    assert loan.warnings == []
    assert_no_secret(caught.value)


def test_loan_that_cannot_be_revoked_does_not_hide_an_interruption() -> None:
    with pytest.raises(KeyboardInterrupt), Loan(service(Server(issued(), Reply(500))), ROLE, 15):
        raise KeyboardInterrupt


def test_loan_that_is_not_granted_revokes_nothing() -> None:
    server = Server(refusal(403, "User is not authorized to access this resource"))
    with pytest.raises(AuthorizationError), Loan(service(server), ROLE, 15):
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
def test_claims_of_what_is_no_jwt(token: str) -> None:
    assert claims(token) == {}


@pytest.mark.parametrize("filler", ["", "x", "xx", "xxx"])
def test_claims(filler: str) -> None:
    assert claims(jwt(tenant_version="V1", filler=filler))["tenant_version"] == "V1"


def test_living_token() -> None:
    server = Server(success({"RuleStackCandidate": []}))
    assert is_alive(api(server), HELD) is True
    assert server.calls == ["GET /v1/config/rulestacks?maxresults=1"]
    assert server.requests[0].headers["Authorization"] == TOKEN
    assert server.requests[0].headers["x-api-key"] == KEY


def test_living_account_token_is_proven_on_the_management_plane() -> None:
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
def test_dead_token(reply: Reply) -> None:
    assert is_alive(api(Server(reply)), HELD) is False


@pytest.mark.parametrize(
    ("reply", "kind"), [(Reply(500), ServerError), (Reply(429), Throttled), (Reply(404), NotFound)]
)
def test_token_of_which_nothing_can_be_told(reply: Reply, kind: type[PanwCloudError]) -> None:
    with pytest.raises(kind):
        is_alive(api(Server(reply)), HELD)


EXPIRING = jwt(exp=int((NOW + timedelta(minutes=20)).timestamp()))


def test_life_left_by_the_callers_knowledge() -> None:
    told = life_left(EXPIRING, NOW + timedelta(minutes=10), NOW)
    assert told == "The token lives until 2026-05-19T12:10:00Z, another 10 minutes."


def test_life_left_by_the_tokens_own_word() -> None:
    assert life_left(EXPIRING, None, NOW) == "The token lives until 2026-05-19T12:20:00Z, another 20 minutes."


def test_life_that_is_over() -> None:
    assert life_left("opaque", NOW - timedelta(minutes=1), NOW) == "The token expired at 2026-05-19T11:59:00Z."


@pytest.mark.parametrize("exp", [None, "soon", 1e300, -1e300, float("nan"), 10**30, []])
def test_life_that_nobody_knows(exp: object) -> None:
    assert life_left(jwt(exp=exp), None, NOW) == "The token is still alive; when it expires is not known."
