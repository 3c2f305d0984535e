# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API client: what is sent with which credentials, and what is returned."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthenticationError,
    AuthorizationError,
    InvalidResponse,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.client import Operation
from ansible_collections.panw.cloud.tests.helpers.fakes import (
    CREDENTIALS,
    HELD,
    KEY,
    TOKEN,
    Reply,
    Server,
    api,
    refusal,
    success,
)
from ansible_collections.panw.cloud.tests.helpers.send_request import assert_no_secret

OPERATION = Operation("try", "GET", "/v1/x", {"a": "1 2"}, {"A": "1 2"}, {"X-More": "yes"})


def test_token_pair_is_sent_unencoded_with_its_key() -> None:
    server = Server(success({"RuleStackName": "rs"}))
    assert api(server).with_token(OPERATION, HELD) == {"rulestack_name": "rs"}
    (request,) = server.requests
    assert server.calls == ["GET /v1/x?a=1%202"]
    assert request.headers["Authorization"] == TOKEN
    assert request.headers["x-api-key"] == KEY
    assert request.headers["X-More"] == "yes"
    assert json.loads(request.body or b"") == {"A": "1 2"}
    assert "X-Amz-Date" not in request.headers


def test_signed_call_is_sent() -> None:
    server = Server(success(None))
    assert api(server, "https://h.example:8443/prod").signed(OPERATION, CREDENTIALS) == {}
    (request,) = server.requests
    assert request.url == "https://h.example:8443/prod/v1/x?a=1%202"
    assert "SignedHeaders=host;x-amz-date;x-amz-security-token" in request.headers["Authorization"]


@pytest.mark.parametrize("content", [[], ["x"], "x", "", 7, 0, True, False])
def test_response_of_other_content_type_is_not_empty(content: Any) -> None:
    with pytest.raises(InvalidResponse, match="its Response is a"):
        api(Server(success(content))).with_token(OPERATION, HELD)


@pytest.mark.parametrize(
    ("status", "body"), [(204, b""), *((200, body) for body in (b"", b" \n", b"null", b"{}", b'{"Response": null}'))]
)
def test_delete_with_empty_response_succeeds(status: int, body: bytes) -> None:
    deletion = Operation("try", "DELETE", "/v1/x", may_be_empty=True)
    assert api(Server(Reply(status, body))).with_token(deletion, HELD) == {}


def test_read_without_parameters_has_no_body() -> None:
    server = Server(success({}))
    api(server).with_token(Operation("try", "GET", "/v1/x"), HELD)
    (request,) = server.requests
    assert (request.body, request.headers.get("Content-Type")) == (None, None)


def test_signer_secrets_are_masked_in_response() -> None:
    with pytest.raises(AuthorizationError) as caught:
        api(Server(refusal(403, f"no: {CREDENTIALS.token}, {CREDENTIALS.secret_key}"))).signed(OPERATION, CREDENTIALS)
    reported = str(caught.value.as_result())
    assert "no: ********, ********" in reported
    for secret in (CREDENTIALS.token, CREDENTIALS.secret_key):
        assert secret is not None
        assert secret not in reported


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("Credential should be scoped to a valid region.", True),
        ("The request signature we calculated does not match the signature you provided.", True),
        ("The security token included in the request is invalid.", False),
        ("Unauthorized", False),
    ],
)
def test_rejected_signature_names_its_region(said: str, named: bool) -> None:
    with pytest.raises(AuthenticationError) as caught:
        api(Server(refusal(403, said))).signed(OPERATION, CREDENTIALS)
    assert ("The request was signed for the region us-east-1." in str(caught.value)) is named


def test_token_pair_secrets_are_masked_in_response() -> None:
    with pytest.raises(AuthorizationError) as caught:
        api(Server(refusal(403, f"no: {TOKEN}, {KEY}"))).with_token(OPERATION, HELD)
    assert_no_secret(caught.value)


def test_url_and_certificate_settings_reach_session() -> None:
    server = Server(Reply(200, {"Response": {}}))
    api(server).with_token(OPERATION, HELD)
    (settings,) = server.settings
    assert settings["stream"] is True
    assert settings["timeout"] == (10, 30)


def test_token_pair_repr_shows_no_secret() -> None:
    assert TOKEN not in repr(HELD)
    assert KEY not in repr(HELD)
