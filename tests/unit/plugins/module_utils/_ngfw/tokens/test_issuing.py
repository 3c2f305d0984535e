# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Unusable tokens are revoked, and orphaned tokens are counted."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
import requests
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidResponse, PanwCloudError
from ansible_collections.panw.cloud.tests.helpers.fakes import (
    KEY,
    TOKEN,
    Reply,
    Server,
    issued,
    refusal,
    service,
    success,
)
from ansible_collections.panw.cloud.tests.helpers.send_request import assert_no_secret
from ansible_collections.panw.cloud.tests.unit.plugins.module_utils._ngfw.tokens.test_service import (
    DELETE,
    GET,
    RULESTACK,
    failure,
)

UNSENDABLE = [
    "two\nlines",
    "carriage\rreturn",
    " space",
    "in between",
    "tab\t",
    "nul\0",
    "esc\x1b[31m",
    "ümlaut",
    "\u202eover",
    "\ud800",
]


@pytest.mark.parametrize("part", ["TokenId", "SubscriptionKey"])
@pytest.mark.parametrize("text", UNSENDABLE)
def test_token_invalid_in_header_is_revoked_and_not_returned(part: str, text: str) -> None:
    server = Server(issued(**({"token": text} if part == "TokenId" else {"key": text})), success({}))
    error = failure(server, InvalidResponse)
    assert error.context.reason == f"the response has an unusable {part}"
    assert error.notes == ["The token that was issued is revoked."]
    revoked = text if part == "TokenId" else TOKEN
    assert server.calls == [GET, f"DELETE /v1/mgmt/tokens/{quote(revoked, safe='', errors='replace')}"]
    assert text not in str(error.as_result())


def tokens_envelope(**more: Any) -> dict[str, Any]:
    return {"TokenId": TOKEN, "SubscriptionKey": KEY, "ExpiryTime": 30, "Enabled": True, **more}


REFUSED = {"ErrorCode": 400, "Reason": f"no use: {KEY}"}
CARRIERS = {
    "an error code": Reply(200, {"Response": tokens_envelope(), "ResponseStatus": REFUSED}),
    "a status": Reply(403, {"Response": tokens_envelope(), "ResponseStatus": {"ErrorCode": 0, "Reason": "Success"}}),
    "a failure": Reply(500, {"Response": tokens_envelope(), "message": f"see {KEY}"}),
    "throttling": Reply(429, {"Response": tokens_envelope()}),
    "a list at the top": Reply(200, [tokens_envelope()]),
    "a list as the response": Reply(200, {"Response": [tokens_envelope()]}),
    "a text as the response": Reply(200, {"Response": json.dumps(tokens_envelope())}),
    "no envelope": Reply(200, tokens_envelope()),
    "a status of another type": Reply(200, {"Response": tokens_envelope(), "ResponseStatus": ["no"]}),
    "a code of another type": Reply(200, {"Response": tokens_envelope(), "ResponseStatus": {"ErrorCode": [1]}}),
    "half of the response": Reply(200, json.dumps({"Response": tokens_envelope(), "ResponseStatus": REFUSED})[:-4]),
    "another spelling": Reply(400, {"response": {"token_id": TOKEN, "subscriptionkey": KEY}, "message": "no"}),
    "UTF-16": Reply(200, json.dumps([tokens_envelope()]).encode("utf-16")),
    "a switch of another type": success(tokens_envelope(Enabled="perhaps")),
}


@pytest.mark.parametrize("reply", CARRIERS.values(), ids=CARRIERS)
def test_received_token_is_revoked_whatever_the_response_reports(reply: Reply) -> None:
    """It is requested once only: each further request would issue another token."""
    server = Server(reply, success({}))
    with pytest.raises(PanwCloudError) as caught:
        service(server).issue(RULESTACK, 30)
    assert_no_secret(caught.value)
    assert server.calls == [GET, DELETE]
    assert server.requests[1].headers["x-api-key"] == KEY
    assert caught.value.notes == ["The token that was issued is revoked."]
    assert caught.value.possibly_alive == 0


LOST = requests.exceptions.ReadTimeout("late")
NEVER_SENT = requests.exceptions.ConnectTimeout("late")


@pytest.mark.parametrize(
    ("script", "alive"),
    [
        ([Reply(503)], 2),
        ([Reply(503), Reply(200, "<html>")], 2),
        ([Reply(200, "<html>")], 1),
        ([Reply(200, "")], 1),
        ([LOST], 2),
        ([requests.exceptions.ConnectionError("broken")], 2),
        ([LOST, refusal(403, "Forbidden")], 1),
        ([refusal(429, "slow"), LOST, refusal(429, "slow"), LOST, success()], 2),
        ([LOST, NEVER_SENT], 1),
        ([NEVER_SENT], 0),
        ([refusal(403, "Forbidden")], 0),
    ],
)
def test_possibly_issued_tokens_are_counted(script: list[Any], alive: int) -> None:
    with pytest.raises(PanwCloudError) as caught:
        service(Server(*script)).issue(RULESTACK, 30)
    assert caught.value.possibly_alive == caught.value.as_result()["error"]["possibly_alive"] == alive
    lost = re.search(r"The outcome of .* unknown.* lost.* expires? within 30 minutes", str(caught.value))
    assert bool(lost) is bool(alive)
    assert (f"up to {alive} lost tokens may be valid" in str(caught.value)) is (alive > 1)


@pytest.mark.parametrize(("script", "alive"), [([LOST], 1), ([Reply(503)], 1), ([NEVER_SENT], 0), ([], 0)])
def test_success_after_lost_response_warns(script: list[Any], alive: int) -> None:
    made = service(Server(*script, issued()))
    assert made.issue(RULESTACK, 30).possibly_alive == alive
    warnings = made._client.http.warnings
    assert [("it is lost, and expires within 30 minutes" in warning) for warning in warnings] == [True] * alive
