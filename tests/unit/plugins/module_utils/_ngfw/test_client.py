# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API as calls: what is sent with which credentials, and what comes back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthenticationError,
    AuthorizationError,
    MalformedAnswer,
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


def test_held_token_is_sent_raw_with_its_key() -> None:
    server = Server(success({"RuleStackName": "rs"}))
    assert api(server).held(OPERATION, HELD) == {"rulestack_name": "rs"}
    (request,) = server.requests
    assert server.calls == ["GET /v1/x?a=1%202"]
    assert request.headers["Authorization"] == TOKEN
    assert request.headers["x-api-key"] == KEY
    assert request.headers["X-More"] == "yes"
    assert json.loads(request.body or b"") == {"A": "1 2"}
    assert "X-Amz-Date" not in request.headers


def test_signed_call() -> None:
    server = Server(success(None))
    assert api(server, "https://h.example:8443/prod").signed(OPERATION, CREDENTIALS) == {}
    (request,) = server.requests
    assert request.url == "https://h.example:8443/prod/v1/x?a=1%202"
    assert "SignedHeaders=host;x-amz-date;x-amz-security-token" in request.headers["Authorization"]


@pytest.mark.parametrize("content", [[], ["x"], "x", "", 7, 0, True, False])
def test_content_of_another_type_is_no_empty_answer(content: Any) -> None:
    with pytest.raises(MalformedAnswer, match="its Response is a"):
        api(Server(success(content))).held(OPERATION, HELD)


@pytest.mark.parametrize(
    ("status", "body"), [(204, b""), *((200, body) for body in (b"", b" \n", b"null", b"{}", b'{"Response": null}'))]
)
def test_a_deletion_may_be_answered_with_nothing(status: int, body: bytes) -> None:
    deletion = Operation("try", "DELETE", "/v1/x", may_be_empty=True)
    assert api(Server(Reply(status, body))).held(deletion, HELD) == {}


def test_a_read_without_parameters_has_no_body() -> None:
    server = Server(success({}))
    api(server).held(Operation("try", "GET", "/v1/x"), HELD)
    (request,) = server.requests
    assert (request.body, request.headers.get("Content-Type")) == (None, None)


def test_secrets_of_the_signer_are_scrubbed_from_what_comes_back() -> None:
    with pytest.raises(AuthorizationError) as caught:
        api(Server(refusal(403, f"no: {CREDENTIALS.token}, {CREDENTIALS.secret_key}"))).signed(OPERATION, CREDENTIALS)
    told = str(caught.value.as_result())
    assert "no: ********, ********" in told
    for secret in (CREDENTIALS.token, CREDENTIALS.secret_key):
        assert secret is not None
        assert secret not in told


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("Credential should be scoped to a valid region.", True),
        ("The request signature we calculated does not match the signature you provided.", True),
        ("The security token included in the request is invalid.", False),
        ("Unauthorized", False),
    ],
)
def test_a_refused_signature_names_the_region_that_it_was_made_for(said: str, named: bool) -> None:
    with pytest.raises(AuthenticationError) as caught:
        api(Server(refusal(403, said))).signed(OPERATION, CREDENTIALS)
    assert ("The request was signed for the region us-east-1." in str(caught.value)) is named


def test_held_secrets_are_scrubbed_from_what_comes_back() -> None:
    with pytest.raises(AuthorizationError) as caught:
        api(Server(refusal(403, f"no: {TOKEN}, {KEY}"))).held(OPERATION, HELD)
    assert_no_secret(caught.value)


def test_url_and_certificate_settings_reach_the_session() -> None:
    server = Server(Reply(200, {"Response": {}}))
    api(server).held(OPERATION, HELD)
    (settings,) = server.settings
    assert settings["stream"] is True
    assert settings["timeout"] == (10, 30)


def test_held_shows_no_secret() -> None:
    assert TOKEN not in repr(HELD)
    assert KEY not in repr(HELD)
