# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ngfw_api_request, run as a module against servers on loopback."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN, Reply, refusal, success
from ansible_collections.panw.cloud.tests.helpers.run_module import DELETE, STAGE, TOKENS, Cloud, failed, run
from ansible_collections.panw.cloud.tests.helpers.servers import Received

HELD = {"token": TOKEN, "subscription_key": KEY}
PATH = "/v1/config/ngfirewalls"
LINK = Reply(
    200,
    {"Response": {"FirewallName": "fw", "New": [1]}, "ResponseStatus": {"ErrorCode": 0}},
    {"x-amzn-RequestId": "r-1"},
)


@pytest.mark.parametrize("check", [False, True])
def test_get_changes_nothing_and_returns_what_the_server_wrote(check: bool) -> None:
    with Cloud({f"GET {STAGE}{PATH}": LINK}) as cloud:
        options = {**cloud.options, **HELD, "path": PATH, "query": {"describe": True, "maxresults": 5}}
        result = run("ngfw_api_request", options, check=check)
        assert cloud.received[0].target.endswith(f"{PATH}?describe=true&maxresults=5")
        assert cloud.received[0].body == b""
    expected = {"changed": False, "response": {"FirewallName": "fw", "New": [1]}, "status": 200, "request_id": "r-1"}
    assert {name: result[name] for name in expected} == expected


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_write_is_sent_with_its_body_but_not_in_check_mode(method: str) -> None:
    with Cloud({f"{method} {STAGE}{PATH}": success({})}) as cloud:
        options = {**cloud.options, **HELD, "method": method, "path": PATH, "body": {"A": {"b": [1]}}}
        predicted = run("ngfw_api_request", options, check=True)
        assert cloud.received == []
        result = run("ngfw_api_request", options)
        assert json.loads(cloud.received[0].body) == {"A": {"b": [1]}}
        assert len(cloud.received) == 1
    assert predicted["changed"] is result["changed"] is True
    assert predicted.keys() == result.keys()


@pytest.mark.parametrize(("method", "requests"), [("POST", 1), ("PATCH", 1), ("DELETE", 2), ("GET", 2)])
def test_only_what_has_the_same_effect_twice_is_repeated(method: str, requests: int) -> None:
    answers = [refusal(503, "Service Unavailable"), success({})]

    def answer(_request: Received) -> Reply:
        return answers.pop(0)

    with Cloud({f"{method} {STAGE}{PATH}": answer}) as cloud:
        result = run("ngfw_api_request", {**cloud.options, **HELD, "method": method, "path": PATH})
        assert len(cloud.received) == requests
    assert result.get("failed", False) is (requests == 1)


def test_temporary_token_is_of_the_given_role_and_revoked() -> None:
    with Cloud({f"GET {STAGE}{PATH}": LINK}) as cloud:
        run("ngfw_api_request", {**cloud.options, "admin_role": "firewall", "path": PATH})
        assert cloud.calls == [f"GET {TOKENS}/cloudfirewalladmin", f"GET {STAGE}{PATH}", DELETE]


def test_path_is_one_of_the_api() -> None:
    outside = [
        "",
        "v1/config",
        "/config",
        "/v1/config?x=1",
        "/v1/../v1/mgmt",
        "/v1/./a",
        "/v1/a b",
        "/v1/a#b",
        "/v1//a",
        "https://a.example/v1/a",
    ]
    with Cloud() as cloud:
        results = [failed(run("ngfw_api_request", {**cloud.options, **HELD, "path": path})) for path in outside]
        assert cloud.received == []
    assert [result["msg"] for result in results if "is not a path of the API" not in result["msg"]] == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({**HELD, "path": "/v1/mgmt/tokens/x"}, "is of the token API, which takes no token"),
        ({"path": PATH}, "Option 'token' is missing"),
        ({**HELD, "path": PATH, "method": "HEAD"}, "value of method must be one of"),
    ],
)
def test_invalid_options_are_refused_before_any_call(options: dict[str, Any], message: str) -> None:
    with Cloud() as cloud:
        assert message in failed(run("ngfw_api_request", {**cloud.options, **options}))["msg"]
        assert cloud.received == []
