# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls for links of AWS accounts, in both sets of routes."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.accounts.links import (
    LINK,
    ROUTES,
    LinkClient,
    details_of,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.engine import Engine
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.planner import Change, Desired, Observed, plan
from ansible_collections.panw.cloud.tests.helpers.fakes import HELD, Reply, Server, api, refusal, success

ACCOUNT, OTHER = "123456789012", "210987654321"
V1, V2 = ROUTES
DETAILS = {
    "OnboardingStatus": "Pending",
    "ExternalId": "e",
    "ServiceAccountId": OTHER,
    "SNSTopicArn": "arn:aws:sns:us-east-1:1:t",
    "CloudFormationTemplateURL": "https://templates.example.com/t",
}
NAMED = {
    "onboarding_status": "Pending",
    "external_id": "e",
    "service_account_id": OTHER,
    "sns_topic_arn": "arn:aws:sns:us-east-1:1:t",
    "cloudformation_template_url": "https://templates.example.com/t",
}
GONE = Reply(200, {"ResponseStatus": {"ErrorCode": 400, "Reason": "ResourceNotFoundException: account does not exist"}})


def body(request: requests.PreparedRequest) -> Any:
    return json.loads(request.body) if request.body else None


def client(*script: Reply, routes: Any = V1) -> tuple[LinkClient, Server]:
    server = Server(*script)
    return LinkClient(api(server), HELD, routes), server


def read(link_client: LinkClient, account: str = ACCOUNT) -> Observed | None:
    return link_client.read(link_client.routes.resource, (account,), account)


def change(routes: Any, observed: Observed | None, *, absent: bool = False) -> Change:
    planned = plan(routes.resource, observed, Desired((ACCOUNT,), ACCOUNT, None if absent else {}))
    assert planned
    return planned


@pytest.mark.parametrize("topic", ["SNSTopicArn", "SnsTopicArn"])
def test_v1_reads_one_account_in_any_spelling(topic: str) -> None:
    answer = {**DETAILS, topic: DETAILS["SNSTopicArn"]}
    reader, server = client(
        success({key: value for key, value in answer.items() if key.lower() != "snstopicarn" or key == topic})
    )
    assert details_of(read(reader)) == NAMED
    assert server.calls == [f"GET /v1/mgmt/linkaccounts/{ACCOUNT}"]
    assert server.requests[0].body is None


def test_v1_account_that_is_not_linked_is_none() -> None:
    assert read(client(GONE)[0]) is None
    assert details_of(None) == dict.fromkeys(NAMED)


def test_v2_finds_the_account_in_all_pages() -> None:
    pages = [
        success({"AccountIds": [OTHER], "AccountDetails": [{"AccountId": OTHER}], "NextToken": "2"}),
        success({"AccountIds": [ACCOUNT], "AccountDetails": [{"AccountId": ACCOUNT, **DETAILS}]}),
    ]
    reader, server = client(*pages, routes=V2)
    assert details_of(read(reader)) == NAMED
    queries = [parse_qs(urlsplit(request.url or "").query) for request in server.requests]
    assert queries[1] == {"describe": ["true"], "maxresults": ["50"], "nexttoken": ["2"]}
    assert read(client(success({"AccountIds": []}), routes=V2)[0]) is None


def test_list_reads_accounts_without_details_one_by_one() -> None:
    lister, server = client(success({"AccountIds": [OTHER, ACCOUNT]}), success(DETAILS), GONE)
    found = lister.links()
    assert [link.name for link in found] == [ACCOUNT, OTHER]
    assert [details_of(link)["external_id"] for link in found] == [None, "e"]
    assert body(server.requests[0]) == {"Describe": True, "MaxResults": 50}


def test_v2_list_without_details_has_the_accounts() -> None:
    lister, server = client(success({"AccountIds": [OTHER]}), routes=V2)
    assert [(link.name, details_of(link)["external_id"]) for link in lister.links()] == [(OTHER, None)]
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    ("routes", "created", "deleted"),
    [
        (V1, "POST /v1/mgmt/linkaccounts", (f"DELETE /v1/mgmt/linkaccounts/{ACCOUNT}", None)),
        (V2, "POST /v2/linkaccounts", ("DELETE /v2/linkaccounts", {"AccountId": ACCOUNT})),
    ],
)
def test_writes_name_the_account_where_the_routes_have_it(routes: Any, created: str, deleted: tuple[str, Any]) -> None:
    writer, server = client(success({}), routes=routes)
    writer.write(change(routes, None))
    writer.write(change(routes, Observed((ACCOUNT,), ACCOUNT, DETAILS, {"origin": ""}), absent=True))
    assert body(server.requests[0]) == {"AccountId": ACCOUNT, "Origin": "ProgrammaticAccess"}
    assert [(call, body(request)) for call, request in zip(server.calls, server.requests, strict=True)] == [
        (created, body(server.requests[0])),
        deleted,
    ]


def test_existing_link_needs_no_change() -> None:
    assert plan(LINK, Observed((ACCOUNT,), ACCOUNT, DETAILS, {"origin": ""}), Desired((ACCOUNT,), ACCOUNT, {})) is None


@pytest.mark.parametrize(
    "answer",
    [
        refusal(500, "Internal server error"),
        Reply(
            200, {"ResponseStatus": {"ErrorCode": 400, "Reason": "InvalidOperationException: account already exists"}}
        ),
    ],
)
def test_creation_with_unknown_outcome_is_settled_by_reading(answer: Reply) -> None:
    writer, server = client(answer, success(DETAILS))
    Engine(writer).apply(change(V1, None))
    assert server.calls == ["POST /v1/mgmt/linkaccounts", f"GET /v1/mgmt/linkaccounts/{ACCOUNT}"]
