# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SCM client: requests, the meaning of each response, and both list formats."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    InvalidResponse,
    PanwCloudError,
    RouteNotFound,
)
from ansible_collections.panw.cloud.plugins.module_utils._scm.client import ScmClient
from ansible_collections.panw.cloud.plugins.module_utils._scm.oauth import AccessTokens
from ansible_collections.panw.cloud.plugins.module_utils._transport.http import REPEATABLE
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply, Server, http, jwt
from ansible_collections.panw.cloud.tests.helpers.tenants import AUTH, AUTH_URL, CREDENTIALS, SECRET, URL, error

PATH = "/iam/v1/service_accounts"
EXPIRED = Reply(401, "Jwt is expired", {"Content-Type": "text/plain"})


def serving(*script: Reply | BaseException) -> tuple[ScmClient, Server]:
    """The API with scripted responses; access tokens are issued separately."""
    waiting = list(script)

    def response(request: Any) -> Reply | BaseException:
        if request.path_url == AUTH:
            return Reply(200, {"access_token": jwt(number=len(server.requests)), "expires_in": 899})
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    server = Server(handler=response)
    made = http(server, ca_option="scm_ca_bundle")
    return ScmClient(made, URL, AccessTokens(made, AUTH_URL, CREDENTIALS)), server


def failure(reply: Reply, method: str = "GET") -> PanwCloudError:
    client, _server = serving(reply)
    with pytest.raises(PanwCloudError) as caught:
        client.ask("try", method, PATH)
    assert SECRET not in str(caught.value.as_result())
    assert "eyJ" not in str(caught.value.as_result())
    return caught.value


def test_call_has_access_token() -> None:
    client, server = serving(Reply(201, {"id": "x"}))
    assert client.ask("try", "POST", PATH, query={"a": "1 2"}, body={"b": "ü"}) == {"id": "x"}
    request = server.requests[1]
    assert request.url == f"{URL}{PATH}?a=1%202"
    assert request.headers["Authorization"].startswith("Bearer eyJ")
    assert request.headers["Content-Type"] == "application/json"
    assert json.loads(request.body or "") == {"b": "ü"}


def test_call_without_body_sends_none() -> None:
    client, server = serving(Reply(204))
    assert client.ask("try", "DELETE", PATH) is None
    assert server.requests[1].body is None
    assert "Content-Type" not in server.requests[1].headers


def test_expired_token_is_renewed_and_call_repeated() -> None:
    client, server = serving(EXPIRED, Reply(200, []))
    assert client.ask("try", "GET", PATH, unknown_limit=REPEATABLE) == []
    assert server.calls == [f"POST {AUTH}", f"GET {PATH}", f"POST {AUTH}", f"GET {PATH}"]
    assert server.requests[1].headers["Authorization"] != server.requests[3].headers["Authorization"]


def test_token_never_accepted_raises_error() -> None:
    client, server = serving(EXPIRED)
    with pytest.raises(PanwCloudError) as caught:
        client.ask("try", "GET", PATH)
    assert (caught.value.kind, caught.value.context.reason) == ("authentication", "Jwt is expired")
    assert "'scm_auth_url'" in (caught.value.next_step or "")
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    ("reply", "kind", "code", "reason"),
    [
        (error(400, "name is required"), "invalid_request", None, "Error: name is required"),
        (error(403, "Error"), "authorization", None, "Error"),
        (error(404, "gone"), "not_found", None, "Error: gone"),
        (error(409, "it exists"), "conflict", None, "Error: it exists"),
        (error(429, "slow"), "throttled", None, "Error: slow"),
        (error(500, "broken"), "server", None, "Error: broken"),
        (
            Reply(
                400,
                {
                    "application_code": "SUB_SERVICE_1004",
                    "application_error": "license_not_found_in_db",
                    "error": "Bad Request",
                    "message": "SUB_SERVICE_1004:license_not_found_in_db",
                    "statusCode": 400,
                },
            ),
            "invalid_request",
            "SUB_SERVICE_1004",
            "Bad Request: SUB_SERVICE_1004:license_not_found_in_db: license_not_found_in_db",
        ),
        (
            Reply(
                409, {"_errors": [{"code": "E006", "message": "Name Not Unique", "details": ["x"]}], "_request_id": "r"}
            ),
            "conflict",
            "E006",
            "Name Not Unique; x",
        ),
        (Reply(403, "RBAC: access denied"), "authorization", None, "RBAC: access denied"),
        (Reply(400, ""), "invalid_request", None, "no reason, with an empty body"),
        (Reply(400, {"_errors": "x"}), "invalid_request", None, "no reason, with 16 bytes of unknown kind"),
    ],
)
def test_error_response_raises_matching_error(reply: Reply, kind: str, code: str | None, reason: str) -> None:
    found = failure(reply)
    assert (found.kind, found.context.error_code, found.context.reason) == (kind, code, reason)
    assert found.next_step
    assert "AWS" not in str(found)
    assert "region" not in str(found)


def test_request_id_in_body_is_reported() -> None:
    assert failure(Reply(400, {"_errors": [{"message": "m"}], "_request_id": "r-1"})).context.request_id == "r-1"


def test_page_of_other_server_is_not_a_missing_object() -> None:
    found = failure(Reply(404, "<html>nothing here</html>"))
    assert isinstance(found, RouteNotFound)
    assert "'scm_url'" in (found.next_step or "")


def test_token_repeated_by_server_is_masked() -> None:
    client, server = serving(Reply(400, "x"))
    sent: list[str] = []

    def echo(request: Any) -> Reply:
        if request.path_url == AUTH:
            return Reply(200, {"access_token": "opaque-access-token", "expires_in": 899})
        sent.append(request.headers["Authorization"])
        return error(400, f"I saw {sent[0]}")

    server._handler = echo
    with pytest.raises(PanwCloudError) as caught:
        client.ask("try", "GET", PATH)
    assert sent == ["Bearer opaque-access-token"]
    assert "opaque-access-token" not in str(caught.value.as_result())


@pytest.mark.parametrize("body", ["<html>login</html>", "{", "nothing"])
def test_success_without_json_raises_error(body: str) -> None:
    assert isinstance(failure(Reply(200, body)), InvalidResponse)


def test_lost_response_is_not_retried_if_unsafe() -> None:
    reset = ConnectionError("reset")
    client, server = serving(reset)
    with pytest.raises(PanwCloudError) as caught:
        client.ask("try", "POST", PATH)
    assert caught.value.outcome_unknown
    assert len(server.requests) == 2
    client, server = serving(reset, Reply(200, []))
    assert client.ask("try", "GET", PATH, unknown_limit=REPEATABLE) == []


@pytest.mark.parametrize("response", [[{"id": 1}], {"count": 1, "items": [{"id": 1}]}, {"items": [{"id": 1}]}])
def test_both_list_formats_are_read(response: Any) -> None:
    assert serving(Reply(200, response))[0].objects("try", PATH) == [{"id": 1}]


@pytest.mark.parametrize("response", [{}, {"items": {}}, [1], "", '"x"', {"count": 1, "items": None}])
def test_list_of_other_type_raises_error(response: Any) -> None:
    with pytest.raises(InvalidResponse, match="the response is not a list of objects"):
        serving(Reply(200, response))[0].objects("try", PATH)


def test_truncated_list_raises_error() -> None:
    """A missing item would be created a second time."""
    with pytest.raises(InvalidResponse, match="it has 1 of 2 objects"):
        serving(Reply(200, {"count": 2, "items": [{"id": 1}]}))[0].objects("try", PATH)
