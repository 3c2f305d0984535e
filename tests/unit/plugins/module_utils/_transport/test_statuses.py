# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An unexplained status means the same for all services, and no unrelated option is blamed."""

from __future__ import annotations

import json

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common import errors
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import ErrorContext, PanwCloudError
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import Scrubber
from ansible_collections.panw.cloud.plugins.module_utils._ngfw import responses as ngfw
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.client import Operation
from ansible_collections.panw.cloud.plugins.module_utils._scm.oauth import AccessTokens
from ansible_collections.panw.cloud.plugins.module_utils._transport.http import Response
from ansible_collections.panw.cloud.plugins.module_utils._transport.statuses import by_status
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.client import LegacyKey, WildfireClient
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.verdicts import read_verdicts
from ansible_collections.panw.cloud.tests.helpers.fakes import HELD, NOW, Reply, Server, api, http
from ansible_collections.panw.cloud.tests.helpers.tenants import AUTH_URL, CREDENTIALS, client

MEANING = {
    101: "InvalidResponse",
    102: "InvalidResponse",
    300: "InvalidResponse",
    304: "InvalidResponse",
    402: "InvalidRequest",
    406: "InvalidRequest",
    407: "TransportError",
    408: "ServerError",
    426: "InvalidRequest",
    451: "InvalidRequest",
    501: "RouteNotFound",
    502: "ServerError",
    511: "TransportError",
    599: "ServerError",
    600: "InvalidResponse",
    999: "InvalidResponse",
}
SERVICES = {
    "Cloud NGFW": lambda server: api(server).with_token(Operation("try", "GET", "/v1/x"), HELD),
    "OAuth": lambda server: AccessTokens(http(server), AUTH_URL, CREDENTIALS).get(),
    "Strata Cloud Manager": lambda server: client(server_for_scm(server)).ask("try", "GET", "/x"),
    "WildFire": lambda server: read_verdicts(
        WildfireClient(http(server), "https://w.example", LegacyKey("k" * 32)), ["d" * 64]
    ),
}


def server_for_scm(server: Server) -> object:
    """Wrap a function of requests so that the caller gets its access token."""
    access = Reply(200, {"access_token": "of-the-caller"})
    return lambda request: access if "auth" in str(request.url) else server._script[0]


BODIES = (b"", b"<html>x</html>", b"{}", b"[]")
ANSWERS = [(status, body) for status in MEANING for body in (BODIES if status >= 200 and status != 304 else BODIES[:1])]


@pytest.mark.parametrize(("status", "body"), ANSWERS)
@pytest.mark.parametrize("called", SERVICES)
def test_status_without_explanation_raises_same_error_for_all_services(called: str, status: int, body: bytes) -> None:
    with pytest.raises(PanwCloudError) as caught:
        SERVICES[called](Server(Reply(status, body)))
    assert caught.value.__class__ is getattr(errors, MEANING[status])
    assert "option that the server names" not in caught.value.next_step
    assert caught.value.next_step


def ngfw_answer(body: object, status: int = 400) -> Response:
    return Response(status, {}, json.dumps(body).encode(), NOW)


def test_proxy_requiring_password_is_named() -> None:
    assert "proxy" in str(by_status(407)[1])


REASONS = ["Success", "success", " OK ", "", "none", "null", None, 7, ["x"], {"a": "b"}]


@pytest.mark.parametrize("reason", REASONS, ids=repr)
def test_denial_with_success_reason_omits_reason(reason: object) -> None:
    status = {"ErrorCode": 400, "Reason": reason}
    for body in ({"ResponseStatus": status}, {"ResponseStatus": status, "message": reason}):
        response = ngfw_answer(body)
        with pytest.raises(PanwCloudError) as caught:
            ngfw.read("try", response, ErrorContext, Scrubber())
        assert caught.value.context.reason == "no reason"
        assert "option that the server names" not in caught.value.next_step


def test_success_reason_falls_back_to_other_field() -> None:
    response = ngfw_answer(
        {"ResponseStatus": {"ErrorCode": 400, "Reason": "Success"}, "message": "rs-1 does not exist"}
    )
    with pytest.raises(errors.NotFound, match="rs-1 does not exist"):
        ngfw.read("try", response, ErrorContext, Scrubber())


@pytest.mark.parametrize(
    "status", [["x"], "Success", 7, True, {"ErrorCode": [400]}, {"ErrorCode": {"a": 1}}, {"ErrorCode": True}], ids=repr
)
def test_envelope_of_other_types_is_no_success(status: object) -> None:
    response = ngfw_answer({"Response": {}, "ResponseStatus": status}, 200)
    with pytest.raises(errors.InvalidResponse):
        ngfw.read("try", response, ErrorContext, Scrubber())
    assert ngfw.classify(response) is None
