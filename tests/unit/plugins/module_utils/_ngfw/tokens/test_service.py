# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens are issued whole or not at all, and revoked whatever the service says to it."""

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
    MalformedAnswer,
    PanwCloudError,
    RouteNotFound,
    ServerError,
    Throttled,
    TransportError,
)
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import fingerprint
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.client import Held
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import Access
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
def test_request(role: Any) -> None:
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
def test_token_as_it_was_granted(minutes: Any) -> None:
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


def test_expiry_is_reckoned_from_before_the_request() -> None:
    clock = Clock()

    def slow(_request: requests.PreparedRequest) -> Reply:
        clock.sleep(90)
        return issued(minutes=30)

    token = service(Server(handler=slow), clock=clock).issue(RULESTACK, 30)
    assert token.expires_at == NOW + timedelta(minutes=30)


def test_token_that_is_no_jwt() -> None:
    token = service(Server(issued("opaque-token"))).issue(RULESTACK, 30)
    assert token.as_result(None)["tenant_version"] is None


def test_token_has_no_secret_in_its_representation() -> None:
    token = service(Server(issued())).issue(RULESTACK, 30)
    assert TOKEN not in repr(token)
    assert KEY not in repr(token)


def test_secrets_are_learnt_from_the_answer() -> None:
    made = service(Server(issued("opaque-token", "opaque-key")))
    made.issue(RULESTACK, 30)
    assert made._client.http.scrubber.clean("opaque-token opaque-key") == "******** ********"


def test_switched_off_without_a_token() -> None:
    server = Server(success({"Enabled": False}))
    error = failure(server, AccessDisabled)
    assert server.calls == [GET]
    assert "Programmatic Access, Enable" in error.next_step
    assert error.notes == []


@pytest.mark.parametrize("enabled", [False, "false", "False"])
def test_switched_off_with_a_token_revokes_it(enabled: Any) -> None:
    server = Server(issued(Enabled=enabled), success({"TokenId": TOKEN}))
    error = failure(server, AccessDisabled)
    assert server.calls == [GET, DELETE]
    assert error.notes == ["The token that was issued is revoked."]


@pytest.mark.parametrize("content", [None, {}, {"Enabled": True}, {"TokenId": None}, {"TokenId": ""}])
def test_answer_without_a_token_is_no_switch_that_is_off(content: Any) -> None:
    server = Server(success(content))
    error = failure(server, MalformedAnswer)
    assert str(error.evidence.reason).startswith("the answer lacks TokenId")
    assert server.calls == [GET]
    assert error.possibly_alive == 1


@pytest.mark.parametrize("token", [7, 7.5, True, ["a"], {"a": "b"}])
def test_token_of_another_type(token: Any) -> None:
    error = failure(Server(issued(token)), MalformedAnswer)
    assert error.evidence.reason == "what the answer holds as TokenId cannot be used"
    assert error.possibly_alive == 1


@pytest.mark.parametrize(
    ("missing", "part"),
    [
        ({"SubscriptionKey": None}, "SubscriptionKey"),
        ({"SubscriptionKey": ""}, "SubscriptionKey"),
        ({"ExpiryTime": None}, "ExpiryTime"),
    ],
)
def test_token_without_its_other_parts_is_revoked(missing: dict[str, Any], part: str) -> None:
    server = Server(issued(**missing), success({}))
    error = failure(server, MalformedAnswer)
    assert error.evidence.reason == f"the answer lacks {part}"
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
def test_token_with_a_part_that_cannot_be_used_is_revoked(wrong: dict[str, Any], part: str) -> None:
    server = Server(issued(**wrong), success({}))
    error = failure(server, MalformedAnswer)
    assert error.evidence.reason == f"what the answer holds as {part} cannot be used"
    assert server.calls == [GET, DELETE]
    assert error.notes == ["The token that was issued is revoked."]


def test_useless_token_that_cannot_be_revoked_is_told() -> None:
    server = Server(issued(SubscriptionKey=None), MISSING_ROUTE)
    error = failure(server, MalformedAnswer)
    assert f"A token (fingerprint {fingerprint(TOKEN)}) was issued and could not be revoked" in str(error)


@pytest.mark.parametrize(
    ("reply", "kind", "attempts"),
    [
        (refusal(403, "User is not authorized to access this resource"), AuthorizationError, 1),
        (refusal(403, "The request signature we calculated does not match"), AuthenticationError, 1),
        (MISSING_ROUTE, RouteNotFound, 1),
        (Reply(503), ServerError, 2),
        (Reply(200, "<html>"), MalformedAnswer, 1),
        (requests.exceptions.ConnectionError(f"broken {TOKEN}"), TransportError, 2),
        (requests.exceptions.ConnectTimeout("late"), TransportError, 5),
        (refusal(429, "Too Many Requests"), Throttled, 5),
    ],
)
def test_refused_token(reply: Reply | BaseException, kind: type[PanwCloudError], attempts: int) -> None:
    server = Server(reply)
    assert failure(server, kind).evidence.attempts == attempts
    assert set(server.calls) == {GET}


def test_revocation() -> None:
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
def test_revocation_that_is_answered_with_little_is_one(reply: Reply) -> None:
    assert service(Server(reply)).revoke(HELD) is True


def test_token_is_encoded_in_the_path() -> None:

    server = Server(success({}))
    service(server).revoke(Held("a/b?c#d e%", KEY))
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
def test_dead_token_is_no_change(reply: Reply) -> None:
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
        (Reply(200, f"<html>{TOKEN}</html>"), MalformedAnswer),
        (envelope("Token is valid for another account"), InvalidRequest),
    ],
)
def test_revocation_that_fails(reply: Reply, kind: type[PanwCloudError]) -> None:
    with pytest.raises(PanwCloudError) as caught:
        service(Server(reply)).revoke(HELD)
    assert caught.value.__class__ is kind
    assert_no_secret(caught.value)


@pytest.mark.parametrize("reply", [refusal(404, "Not Found"), Reply(404)])
def test_404_of_a_gateway_without_the_route_is_no_revocation_while_the_token_works(reply: Reply) -> None:
    server = Server(reply, success({"Subscriptions": []}))
    with pytest.raises(RouteNotFound):
        service(server).revoke(HELD)
    assert server.calls[-1] == "GET /v1/mgmt/subscribe"


def test_revocation_without_a_route_is_explained() -> None:
    with pytest.raises(RouteNotFound, match="specification of 2026 no longer lists it") as caught:
        service(Server(MISSING_ROUTE)).revoke(HELD)
    assert_no_secret(caught.value)
    assert caught.value.evidence.status == 403


@pytest.mark.parametrize(
    ("content", "access"),
    [
        ({"Enabled": True, "MaxExpiryTime": 1440}, Access(True, 1440)),
        ({"enabled": "true", "maxexpirytime": "480"}, Access(True, 480)),
        ({"Enabled": False}, Access(False, None)),
        (None, Access(None, None)),
    ],
)
def test_access(content: Any, access: Access) -> None:
    server = Server(success(content))
    assert service(server).access() == access
    assert server.calls == ["GET /v1/mgmt/tokens"]


@pytest.mark.parametrize(
    "content",
    [{"Enabled": "perhaps"}, {"Enabled": 1}, {"Enabled": []}, {"MaxExpiryTime": "long"}, {"MaxExpiryTime": True}],
)
def test_access_of_other_types(content: Any) -> None:
    with pytest.raises(MalformedAnswer):
        service(Server(success(content))).access()


@pytest.mark.parametrize("word", ["Forbidden", "Unauthorized"])
def test_the_refusal_of_a_signed_request_is_not_blamed_on_what_it_did_not_show(word: str) -> None:
    for act in (lambda made: made.issue(RULESTACK, 30), lambda made: made.access()):
        with pytest.raises(AuthenticationError) as caught:
            act(service(Server(refusal(403, word))))
        assert "subscription key" not in str(caught.value)
        assert "get a new one" not in str(caught.value)
