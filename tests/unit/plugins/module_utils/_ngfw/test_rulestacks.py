# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rulestack lists are read to their last page, and rulestacks are described one by one."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthorizationError,
    InvalidResponse,
    PanwCloudError,
    RouteNotFound,
    ServerError,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw import paging
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rulestacks import (
    CONFIGURATIONS,
    RulestackReader,
    Selection,
)
from ansible_collections.panw.cloud.tests.helpers.fakes import (
    HELD,
    MISSING_ROUTE,
    TOKEN,
    Reply,
    Server,
    api,
    refusal,
    success,
)

LIST = "/v1/config/rulestacks"
ABSENT = Reply(400, {"Response": None, "ResponseStatus": {"ErrorCode": 404, "Reason": "rulestack does not exist"}})


def described(request: requests.PreparedRequest, scope: str = "Local") -> Reply:
    """A description of any requested rulestack."""
    name = urlsplit(request.url or "").path.rpartition("/")[2]
    return success({"RuleStackName": name, "RuleStackCandidate": {"Scope": scope}, "RuleStackState": "Uncommitted"})


def paged(*pages: dict[str, Any]) -> Server:
    """A server with these pages of the list, and any rulestack."""
    waiting = list(pages)

    def handle(request: requests.PreparedRequest) -> Reply:
        if urlsplit(request.url or "").path == LIST:
            return success(waiting.pop(0) if len(waiting) > 1 else waiting[0])
        return described(request)

    return Server(handler=handle)


def read(server: Server, **selection: Any) -> list[dict[str, Any]]:
    return RulestackReader(api(server), HELD).read(Selection(**selection))


def lists(server: Server) -> list[dict[str, Any]]:
    """Return the bodies of the list requests; assert that they equal their queries."""
    found = []
    for request in server.requests:
        parts = urlsplit(request.url or "")
        if parts.path == LIST:
            body = json.loads(request.body or b"")
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            assert query == {k.lower(): str(v).lower() if isinstance(v, bool) else str(v) for k, v in body.items()}
            found.append(body)
    return found


def test_rulestacks_are_listed_and_described() -> None:
    server = paged({"RuleStackCandidate": ["rs-2", "rs-1"]})
    found = read(server)
    assert [rulestack["name"] for rulestack in found] == ["rs-1", "rs-2"]
    assert found[0] == {
        "name": "rs-1",
        "scope": "local",
        "state": "Uncommitted",
        "candidate": {"scope": "Local"},
    }
    assert all(request.headers["Authorization"] == TOKEN for request in server.requests)


def test_rulestacks_are_sorted_by_name() -> None:
    names = [f"rs-{number:02}" for number in range(40)]
    server = paged({"RuleStackCandidate": names[::-1]})
    assert [rulestack["name"] for rulestack in read(server)] == names


@pytest.mark.parametrize(
    ("config", "flags"), [("candidate", (True, False)), ("running", (False, True)), ("both", (True, True))]
)
@pytest.mark.parametrize("scope", ["local", "global", "all"])
def test_list_sends_parameters(config: str, flags: tuple[bool, bool], scope: str) -> None:
    server = paged({})
    assert read(server, scope=scope, configurations=CONFIGURATIONS[config]) == []
    assert lists(server) == [
        {"Scope": scope.capitalize(), "Candidate": flags[0], "Running": flags[1], "MaxResults": 1024}
    ]


def test_list_filters_by_tag() -> None:
    server = paged({})
    read(server, tag_key="team", tag_value="a b+c/ü")
    assert lists(server)[0].items() >= {"TagKey": "team", "TagValue": "a b+c/ü"}.items()
    assert "tagvalue=a%20b%2Bc%2F%C3%BC" in server.calls[0]


def test_both_configurations_are_merged() -> None:
    server = paged({"RuleStackCandidate": ["b", "a"], "RuleStackRunning": ["c", "a"]})
    found = read(server, configurations=("candidate", "running"))
    assert [rulestack["name"] for rulestack in found] == ["a", "b", "c"]


def test_single_configuration_lists_only_that_one() -> None:
    server = paged({"RuleStackCandidate": ["a"], "RuleStackRunning": ["b"]})
    assert [rulestack["name"] for rulestack in read(server, configurations=("running",))] == ["b"]


def test_list_reads_all_pages() -> None:
    pages = [{"RuleStackCandidate": [f"rs-{n}"], "NextToken": f"token/{n}+="} for n in range(5)]
    server = paged(*pages, {"RuleStackCandidate": ["rs-5"], "NextToken": ""})
    assert len(read(server)) == 6
    assert [body.get("NextToken") for body in lists(server)] == [None, *(f"token/{n}+=" for n in range(5))]


@pytest.mark.parametrize("end", [{}, {"NextToken": None}, {"NextToken": ""}])
def test_list_ends_without_page_token(end: dict[str, Any]) -> None:
    server = paged({"RuleStackCandidate": ["a"], **end})
    assert len(read(server)) == 1
    assert len(lists(server)) == 1


@pytest.mark.parametrize("token", ["again", " "])
def test_repeated_page_token_raises_error(token: str) -> None:
    server = paged({"RuleStackCandidate": ["a"], "NextToken": token})
    with pytest.raises(InvalidResponse, match="the server returned the same pagination token twice"):
        read(server)
    assert len(lists(server)) == 2


def test_circular_page_tokens_raise_error() -> None:
    server = paged({"NextToken": "1"}, {"NextToken": "2"}, {"NextToken": "1"})
    with pytest.raises(InvalidResponse, match="twice"):
        read(server)


def test_endless_list_raises_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MOST_PAGES", 7)
    server = paged(*({"NextToken": str(number)} for number in range(100)))
    with pytest.raises(InvalidResponse, match="the list has more than 7 pages"):
        read(server)
    assert len(lists(server)) == 7


@pytest.mark.parametrize("content", [None, {}, {"RuleStackCandidate": None}, {"RuleStackCandidate": []}])
def test_empty_list_returns_no_rulestacks(content: Any) -> None:
    assert read(paged(content)) == []


@pytest.mark.parametrize("listed", ["rs-1", {"a": 1}, [{"RuleStackName": "rs-1"}], [None], [["rs-1"]], 7])
def test_list_of_other_type_raises_error(listed: Any) -> None:
    with pytest.raises(InvalidResponse, match="the list holds other values than names"):
        read(paged({"RuleStackCandidate": listed}))


def test_rulestack_deleted_between_list_and_description_is_skipped() -> None:
    def handle(request: requests.PreparedRequest) -> Reply:
        if "gone" in request.path_url:
            return ABSENT
        return (
            success({"RuleStackCandidate": ["gone", "here"]})
            if "maxresults" in request.path_url
            else described(request)
        )

    assert [rulestack["name"] for rulestack in read(Server(handler=handle))] == ["here"]


def test_named_rulestack_is_described() -> None:
    server = Server(handler=described)
    (found,) = read(server, name="web", configurations=("candidate", "running"))
    assert found["name"] == "web"
    assert server.calls == [f"GET {LIST}/web?candidate=true&running=true"]
    assert json.loads(server.requests[0].body or b"") == {"Candidate": True, "Running": True}


@pytest.mark.parametrize(
    "reply",
    [ABSENT, refusal(404, "Not Found"), Reply(200, {"ResponseStatus": {"ErrorCode": 1, "Reason": "x does not exist"}})],
)
def test_named_rulestack_missing_is_skipped(reply: Reply) -> None:
    assert read(Server(reply), name="web") == []


@pytest.mark.parametrize("name", ["a b", "a/b", "a?b", "a#b", "ü", "%2e", "a+b"])
def test_rulestack_name_is_one_path_segment(name: str) -> None:
    server = Server(success({"RuleStackName": name}))
    assert read(server, name=name)[0]["name"] == name
    path = urlsplit(server.requests[0].url or "").path
    assert path.count("/") == LIST.count("/") + 1
    assert requests.utils.unquote(path).endswith(f"/{name}")


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (MISSING_ROUTE, RouteNotFound),
        (Reply(404, "<html>no such page</html>"), RouteNotFound),
        (refusal(403, "User is not authorized to access this resource"), AuthorizationError),
        (Reply(500), ServerError),
    ],
)
@pytest.mark.parametrize("name", [None, "web"])
def test_list_failure_is_raised(reply: Reply, kind: type[PanwCloudError], name: str | None) -> None:
    with pytest.raises(PanwCloudError) as caught:
        read(Server(reply), name=name)
    assert caught.value.__class__ is kind
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("scope", "theirs", "found"),
    [("local", "Local", 1), ("local", "Global", 0), ("global", "Global", 1), ("all", "Local", 1), ("local", None, 1)],
)
def test_named_rulestack_is_filtered_by_scope(scope: str, theirs: str | None, found: int) -> None:
    server = Server(success({"RuleStackName": "web", "RuleStackCandidate": {"Scope": theirs}}))
    assert len(read(server, name="web", scope=scope)) == found


def test_scope_is_derived_from_running_configuration() -> None:
    server = Server(success({"RuleStackRunning": {"Scope": "Global"}}))
    (found,) = read(server, name="web", configurations=("running",))
    assert found == {"name": "web", "scope": "global", "state": None, "running": {"scope": "Global"}}


def test_name_invalid_in_url_raises_no_traceback() -> None:
    server = Server(
        handler=lambda request: success(
            {"RuleStackCandidate": ["half \ud800 a character"]} if request.path_url.count("/") == 3 else {}
        )
    )
    (found,) = read(server, gather=("tags", "rules"))
    assert found["tags"] == {}
