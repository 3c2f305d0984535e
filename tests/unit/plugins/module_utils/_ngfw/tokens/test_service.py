# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens are issued completely or not at all, and revoked whatever the service responds."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import requests
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AccessDisabled,
    AuthenticationError,
    AuthorizationError,
    InvalidRequest,
    InvalidResponse,
    PanwCloudError,
    RouteNotFound,
    ServerError,
    Throttled,
    TransportError,
)
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import fingerprint
from ansible_collections.panw.cloud.plugins.module_utils._common.token_pair import TokenPair
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import ProgrammaticAccess
from ansible_collections.panw.cloud.tests.helpers.fakes import (
    CREDENTIALS,
    HELD,
    KEY,
    MISSING_ROUTE,
    NOW,
    TOKEN,
    URL,
    Clock,
    Reply,
    Server,
    issued,
    refusal,
    service,
    success,
)
from ansible_collections.panw.cloud.tests.helpers.send_request import assert_no_secret

RULESTACK = ADMIN_ROLES["rulestack"]
DELETE = f"DELETE /v1/mgmt/tokens/{quote(TOKEN, safe='')}"
GET = "GET /v1/mgmt/tokens/cloudrulestackadmin"


def failure(server: Server, kind: type[PanwCloudError]) -> PanwCloudError:
    with pytest.raises(PanwCloudError) as caught:
        service(server).issue(RULESTACK, 30)
    assert caught.value.__class__ is kind
    assert_no_secret(caught.value)
    return caught.value


@pytest.mark.parametrize("role", ADMIN_ROLES.values(), ids=ADMIN_ROLES)
def test_issue_sends_documented_request(role: Any) -> None:
    server = Server(issued())
    service(server).issue(role, 60)
    (request,) = server.requests
    assert (request.method, request.url) == ("GET", f"{URL}{role.path}")
    assert json.loads(request.body or b"") == {"ExpiryTime": 60}
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert "/us-east-1/execute-api/aws4_request" in request.headers["Authorization"]
    assert request.headers["X-Amz-Security-Token"] == CREDENTIALS.token
    assert "x-api-key" not in request.headers


@pytest.mark.parametrize("minutes", [20, "20", 20.0, "20.0"])
def test_issue_returns_token_as_granted(minutes: Any) -> None:
    token = service(Server(issued(minutes=minutes))).issue(RULESTACK, 30)
    assert token.as_result("123456789012") == {
        "token": TOKEN,
        "subscription_key": KEY,
        "expires_at": "2026-05-19T12:20:00Z",
        "expiry_time": 20,
        "admin_role": "rulestack",
        "fingerprint": fingerprint(TOKEN),
        "tenant_version": "V2",
        "account_id": "123456789012",
        "possibly_alive": 0,
    }


def test_issue_expiry_counts_from_before_the_request() -> None:
    clock = Clock()

    def slow(_request: requests.PreparedRequest) -> Reply:
        clock.sleep(90)
        return issued(minutes=30)

    token = service(Server(handler=slow), clock=clock).issue(RULESTACK, 30)
    assert token.expires_at == NOW + timedelta(minutes=30)


def test_issue_token_not_a_jwt_is_accepted() -> None:
    token = service(Server(issued("opaque-token"))).issue(RULESTACK, 30)
    assert token.as_result(None)["tenant_version"] is None


def test_token_repr_shows_no_secret() -> None:
    token = service(Server(issued())).issue(RULESTACK, 30)
    assert TOKEN not in repr(token)
    assert KEY not in repr(token)


def test_issued_secrets_are_redacted() -> None:
    made = service(Server(issued("opaque-token", "opaque-key")))
    made.issue(RULESTACK, 30)
    assert made._client.http.scrubber.clean("opaque-token opaque-key") == "******** ********"


def test_access_off_without_token_raises_error() -> None:
    server = Server(success({"Enabled": False}))
    error = failure(server, AccessDisabled)
    assert server.calls == [GET]
    assert "Programmatic Access, Enable" in error.next_step
    assert error.notes == []


@pytest.mark.parametrize("enabled", [False, "false", "False"])
def test_access_off_with_token_revokes_it(enabled: Any) -> None:
    server = Server(issued(Enabled=enabled), success({"TokenId": TOKEN}))
    error = failure(server, AccessDisabled)
    assert server.calls == [GET, DELETE]
    assert error.notes == ["The token that was issued is revoked."]


@pytest.mark.parametrize("content", [None, {}, {"Enabled": True}, {"TokenId": None}, {"TokenId": ""}])
def test_response_without_token_is_not_access_off(content: Any) -> None:
    server = Server(success(content))
    error = failure(server, InvalidResponse)
    assert str(error.context.reason).startswith("the response lacks TokenId")
    assert server.calls == [GET]
    assert error.possibly_alive == 1


@pytest.mark.parametrize("token", [7, 7.5, True, ["a"], {"a": "b"}])
def test_token_of_other_type_raises_error(token: Any) -> None:
    error = failure(Server(issued(token)), InvalidResponse)
    assert error.context.reason == "the response has an unusable TokenId"
    assert error.possibly_alive == 1


@pytest.mark.parametrize(
    ("missing", "part"),
    [
        ({"SubscriptionKey": None}, "SubscriptionKey"),
        ({"SubscriptionKey": ""}, "SubscriptionKey"),
        ({"ExpiryTime": None}, "ExpiryTime"),
    ],
)
def test_token_with_missing_parts_is_revoked(missing: dict[str, Any], part: str) -> None:
    server = Server(issued(**missing), success({}))
    error = failure(server, InvalidResponse)
    assert error.context.reason == f"the response lacks {part}"
    assert server.calls == [GET, DELETE]
    assert server.requests[1].headers.get("x-api-key") == (None if part == "SubscriptionKey" else KEY)
    assert error.notes == ["The token that was issued is revoked."]


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        ({"SubscriptionKey": 7}, "SubscriptionKey"),
        ({"ExpiryTime": 0}, "ExpiryTime"),
        ({"ExpiryTime": -5}, "ExpiryTime"),
        ({"ExpiryTime": "soon"}, "ExpiryTime"),
        ({"ExpiryTime": True}, "ExpiryTime"),
        ({"ExpiryTime": 10**12}, "ExpiryTime"),
        ({"ExpiryTime": 10**400}, "ExpiryTime"),
        ({"Enabled": "perhaps"}, "Enabled"),
        ({"Enabled": 0}, "Enabled"),
    ],
)
def test_token_with_unusable_part_is_revoked(wrong: dict[str, Any], part: str) -> None:
    server = Server(issued(**wrong), success({}))
    error = failure(server, InvalidResponse)
    assert error.context.reason == f"the response has an unusable {part}"
    assert server.calls == [GET, DELETE]
    assert error.notes == ["The token that was issued is revoked."]


def test_rejected_token_not_revocable_is_reported() -> None:
    server = Server(issued(SubscriptionKey=None), MISSING_ROUTE)
    error = failure(server, InvalidResponse)
    assert f"A token (fingerprint {fingerprint(TOKEN)}) was issued and could not be revoked" in str(error)


@pytest.mark.parametrize(
    ("reply", "kind", "attempts"),
    [
        (refusal(403, "User is not authorized to access this resource"), AuthorizationError, 1),
        (refusal(403, "The request signature we calculated does not match"), AuthenticationError, 1),
        (MISSING_ROUTE, RouteNotFound, 1),
        (Reply(503), ServerError, 2),
        (Reply(200, "<html>"), InvalidResponse, 1),
        (requests.exceptions.ConnectionError(f"broken {TOKEN}"), TransportError, 2),
        (requests.exceptions.ConnectTimeout("late"), TransportError, 5),
        (refusal(429, "Too Many Requests"), Throttled, 5),
    ],
)
def test_issue_denied_raises_error(reply: Reply | BaseException, kind: type[PanwCloudError], attempts: int) -> None:
    server = Server(reply)
    assert failure(server, kind).context.attempts == attempts
    assert set(server.calls) == {GET}


def test_revoke_sends_documented_request() -> None:
    server = Server(success({"TokenId": TOKEN}))
    assert service(server).revoke(HELD) is True
    (request,) = server.requests
    assert server.calls == [DELETE]
    assert request.headers["x-api-key"] == KEY
    assert request.headers["Authorization"].startswith("AWS4-HMAC-SHA256 ")
    assert request.body == b"{}"


@pytest.mark.parametrize(
    "reply", [Reply(204), Reply(200), Reply(202), Reply(200, "null"), success(), success({"TokenId": TOKEN})]
)
def test_revoke_with_sparse_response_succeeds(reply: Reply) -> None:
    assert service(Server(reply)).revoke(HELD) is True


def test_revoke_encodes_token_in_path() -> None:

    server = Server(success({}))
    service(server).revoke(TokenPair("a/b?c#d e%", KEY))
    assert server.calls == ["DELETE /v1/mgmt/tokens/a%2Fb%3Fc%23d%20e%25"]


def envelope(reason: str) -> Reply:
    return Reply(400, {"Response": None, "ResponseStatus": {"ErrorCode": 400, "Reason": reason}})


@pytest.mark.parametrize(
    "reply",
    [
        refusal(404, "Not Found"),
        Reply(404),
        Reply(410),
        envelope("ResourceNotFoundException"),
        envelope(f"Token {TOKEN} does not exist"),
        envelope("Token is expired"),
        envelope("Token has already been revoked"),
        envelope("Token already revoked"),
        envelope("token is no longer valid"),
        envelope("The token is not active"),
        envelope("The token was revoked"),
        envelope(f"token id {TOKEN} has expired"),
    ],
)
def test_revoke_dead_token_is_unchanged(reply: Reply) -> None:
    assert service(Server(reply)).revoke(HELD) is False


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (refusal(403, "The security token included in the request is expired"), AuthenticationError),
        (refusal(403, "Forbidden"), AuthenticationError),
        (refusal(403, "User is not authorized to access this resource"), AuthorizationError),
        (refusal(401, "Unauthorized"), AuthenticationError),
        (Reply(404, "<html>no such page</html>"), RouteNotFound),
        (Reply(500), ServerError),
        (Reply(200, f"<html>{TOKEN}</html>"), InvalidResponse),
        (envelope("Token is valid for another account"), InvalidRequest),
    ],
)
def test_revoke_failure_raises_error(reply: Reply, kind: type[PanwCloudError]) -> None:
    with pytest.raises(PanwCloudError) as caught:
        service(Server(reply)).revoke(HELD)
    assert caught.value.__class__ is kind
    assert_no_secret(caught.value)


@pytest.mark.parametrize("reply", [refusal(404, "Not Found"), Reply(404)])
def test_revoke_404_without_route_is_failure_while_token_works(reply: Reply) -> None:
    server = Server(reply, success({"Subscriptions": []}))
    with pytest.raises(RouteNotFound):
        service(server).revoke(HELD)
    assert server.calls[-1] == "GET /v1/mgmt/subscribe"


def test_revoke_without_route_explains_next_step() -> None:
    with pytest.raises(RouteNotFound, match="specification of 2026 no longer lists it") as caught:
        service(Server(MISSING_ROUTE)).revoke(HELD)
    assert_no_secret(caught.value)
    assert caught.value.context.status == 403


@pytest.mark.parametrize(
    ("content", "access"),
    [
        ({"Enabled": True, "MaxExpiryTime": 1440}, ProgrammaticAccess(True, 1440)),
        ({"enabled": "true", "maxexpirytime": "480"}, ProgrammaticAccess(True, 480)),
        ({"Enabled": False}, ProgrammaticAccess(False, None)),
        (None, ProgrammaticAccess(None, None)),
    ],
)
def test_access_state_is_read(content: Any, access: ProgrammaticAccess) -> None:
    server = Server(success(content))
    assert service(server).access() == access
    assert server.calls == ["GET /v1/mgmt/tokens"]


@pytest.mark.parametrize(
    "content",
    [{"Enabled": "perhaps"}, {"Enabled": 1}, {"Enabled": []}, {"MaxExpiryTime": "long"}, {"MaxExpiryTime": True}],
)
def test_access_state_of_other_type_raises_error(content: Any) -> None:
    with pytest.raises(InvalidResponse):
        service(Server(success(content))).access()


@pytest.mark.parametrize("word", ["Forbidden", "Unauthorized"])
def test_denied_signed_request_is_not_attributed_to_unshown_token(word: str) -> None:
    for act in (lambda made: made.issue(RULESTACK, 30), lambda made: made.access()):
        with pytest.raises(AuthenticationError) as caught:
            act(service(Server(refusal(403, word))))
        assert "subscription key" not in str(caught.value)
        assert "get a new one" not in str(caught.value)
