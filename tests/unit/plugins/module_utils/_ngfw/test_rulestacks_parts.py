# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Optional parts of a rulestack: tags, commit status, rules and security objects."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    InvalidResponse,
    PanwCloudError,
    RouteNotFound,
    ServerError,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rulestacks import (
    OBJECT_KINDS,
    PARTS,
    RulestackReader,
    Selection,
)
from ansible_collections.panw.cloud.tests.helpers.fakes import (
    HELD,
    MISSING_ROUTE,
    Reply,
    Server,
    api,
    refusal,
    success,
)

BASE = "/v1/config/rulestacks/rs"
BOTH = ("candidate", "running")
LOCAL = success({"RuleStackName": "rs", "RuleStackCandidate": {"Scope": "Local"}})
ABSENT = Reply(400, {"Response": None, "ResponseStatus": {"ErrorCode": 404, "Reason": "it does not exist"}})


def serving(routes: dict[str, Reply | list[Reply]], rulestack: Reply = LOCAL) -> Server:
    """A server with these paths under a rulestack, and nothing else."""
    waiting = {path: list(reply) if isinstance(reply, list) else [reply] for path, reply in routes.items()}
    waiting[""] = [rulestack]

    def handle(request: Any) -> Reply:
        replies = waiting.get(urlsplit(request.url).path.removeprefix(BASE))
        if replies is None:
            return ABSENT
        return replies.pop(0) if len(replies) > 1 else replies[0]

    return Server(handler=handle)


def gathered(part: str, server: Server, configurations: tuple[str, ...] = ("candidate",)) -> Any:
    selection = Selection(name="rs", configurations=configurations, gather=(part,))
    (found,) = RulestackReader(api(server), HELD).read(selection)
    return found[part]


def test_tags_of_all_pages_are_merged() -> None:
    pages = [
        success({"Tags": [{"Key": "a", "Value": "1"}], "NextToken": "2"}),
        success({"Tags": [{"Key": "b", "Value": "2"}, {"Key": "c"}]}),
    ]
    assert gathered("tags", serving({"/tags": pages})) == {"a": "1", "b": "2", "c": ""}


@pytest.mark.parametrize("content", [None, {}, {"Tags": None}, {"Tags": []}])
def test_no_tags_is_empty(content: Any) -> None:
    assert gathered("tags", serving({"/tags": success(content)})) == {}


def test_commit_status_is_read() -> None:
    content = {"CommitStatus": "Failed", "ValidateStatus": "Success", "CommitMessages": ["no"], "RuleStackName": "rs"}
    assert gathered("commit_status", serving({"/commit": success(content)})) == {
        "commit_status": "Failed",
        "validate_status": "Success",
        "commit_messages": ["no"],
        "validate_messages": [],
    }


def test_no_commit_is_null() -> None:
    assert gathered("commit_status", serving({})) is None


def rule(priority: int, name: str) -> Reply:
    return success({"Priority": priority, "RuleEntryCandidate": {"RuleName": name, "Enabled": "true"}})


def rules(**lists: Any) -> dict[str, Any]:
    return {f"/rulelists/{name}": success({"RuleEntryCandidate": entries}) for name, entries in lists.items()}


def test_local_rules_are_sorted_by_priority() -> None:
    server = serving(
        {
            **rules(LocalRule=[{"Priority": 20, "RuleName": "b"}, {"Priority": "3", "RuleName": "a"}]),
            "/rulelists/LocalRule/priorities/3": rule(3, "a"),
            "/rulelists/LocalRule/priorities/20": rule(20, "b"),
        }
    )
    found = gathered("rules", server)
    assert [(one["rule_list"], one["priority"], one["candidate"]["rule_name"]) for one in found] == [
        ("LocalRule", 3, "a"),
        ("LocalRule", 20, "b"),
    ]
    assert found[0]["candidate"]["enabled"] is True
    assert "running" not in found[0]
    assert not [call for call in server.calls if "PreRule" in call]


def test_rule_query_is_capitalized() -> None:
    server = serving({**rules(LocalRule=[{"Priority": 1}]), "/rulelists/LocalRule/priorities/1": rule(1, "a")})
    gathered("rules", server, BOTH)
    (call,) = [call for call in server.calls if "priorities" in call]
    assert call.endswith("?Candidate=true&Running=true")


def test_global_rules_are_split_into_pre_and_post_rules() -> None:
    paths = {f"/rulelists/{one}/priorities/1": rule(1, one) for one in ("PreRule", "PostRule")}
    server = serving(
        {**rules(PreRule=[{"Priority": 1}], PostRule=[{"Priority": 1}]), **paths},
        success({"RuleStackName": "rs", "RuleStackCandidate": {"Scope": "Global"}}),
    )
    assert [one["rule_list"] for one in gathered("rules", server)] == ["PreRule", "PostRule"]


def test_rules_of_rulestack_without_scope_query_all_lists() -> None:
    server = serving({**rules(LocalRule=[])}, success({"RuleStackName": "rs"}))
    assert gathered("rules", server) == []
    asked = [call.split("/")[6].split("?")[0] for call in server.calls if "rulelists" in call]
    assert asked == ["LocalRule", "PreRule", "PostRule"]


def test_rules_of_both_configurations_are_queried_once() -> None:
    listed = success({"RuleEntryCandidate": [{"Priority": 1}], "RuleEntryRunning": [{"Priority": 1}, {"Priority": 2}]})
    server = serving(
        {"/rulelists/LocalRule": listed, **{f"/rulelists/LocalRule/priorities/{n}": rule(n, "x") for n in (1, 2)}}
    )
    assert [one["priority"] for one in gathered("rules", server, BOTH)] == [1, 2]


def test_rule_deleted_meanwhile_is_skipped() -> None:
    server = serving(
        {**rules(LocalRule=[{"Priority": 1}, {"Priority": 2}]), "/rulelists/LocalRule/priorities/2": rule(2, "b")}
    )
    assert [one["priority"] for one in gathered("rules", server)] == [2]


@pytest.mark.parametrize(
    "entries",
    [[{}], ["x"], [None], [{"Priority": "first"}], [{"Priority": None}], [{"Priority": 1.5}], [{"Priority": [1]}]],
)
def test_rule_without_priority_raises_error(entries: Any) -> None:
    with pytest.raises(InvalidResponse, match="a rule in the list has no priority"):
        gathered("rules", serving(rules(LocalRule=entries)))


LISTED = {
    "prefix_lists": ("prefixlists", "PrefixListCandidate", "PrefixListCandidate", {"PrefixList": ["10.0.0.0/8"]}),
    "fqdn_lists": ("fqdnlists", "FqdnListCandidate", "FqdnListCandidate", {"FqdnList": ["example.com"]}),
    "feeds": ("feeds", "FeedCandidate", "FeedCandidate", {"FeedURL": "https://f", "Time": "4"}),
    "certificates": (
        "certificates",
        "CertificateObjectCandidate",
        "CertificateObjectCandidate",
        {"CertificateSelfSigned": "true"},
    ),
    "custom_url_categories": (
        "urlcustomcategories",
        "CategoriesCandidate",
        "URLCategoryCandidate",
        {"URLTargets": ["example.com"], "Action": "block"},
    ),
    "file_blocking": (
        "fileblockingprofiles/custom/filetypes",
        "FileBlockingCandidate",
        "FileBlockingCandidate",
        {"Direction": "both"},
    ),
}
DECODED = {
    "prefix_lists": {"prefix_list": ["10.0.0.0/8"]},
    "fqdn_lists": {"fqdn_list": ["example.com"]},
    "feeds": {"feed_url": "https://f", "time": 4},
    "certificates": {"certificate_self_signed": True},
    "custom_url_categories": {"url_targets": ["example.com"], "action": "block"},
    "file_blocking": {"direction": "both"},
}


def test_object_table_has_all_kinds() -> None:
    assert set(LISTED) == set(DECODED) == set(OBJECT_KINDS)
    assert set(PARTS) == {"tags", "commit_status", "rules", *OBJECT_KINDS}


@pytest.mark.parametrize("part", LISTED)
def test_objects_are_read(part: str) -> None:
    path, listed, described, content = LISTED[part]
    server = serving(
        {
            f"/{path}": success({listed: ["b c", "a"]}),
            f"/{path}/a": success({"Name": "a", described: content}),
            f"/{path}/b%20c": success({"Name": "b c"}),
        }
    )
    assert gathered(part, server) == [
        {"name": "a", "candidate": DECODED[part]},
        {"name": "b c", "candidate": None},
    ]


@pytest.mark.parametrize("part", LISTED)
def test_no_objects_is_empty(part: str) -> None:
    assert gathered(part, serving({f"/{LISTED[part][0]}": success(None)})) == []


@pytest.mark.parametrize("operation", ["operation", "Operation"])
def test_nested_url_category_is_flattened(operation: str) -> None:
    nested = {
        "URLCategoryEntry": {"UrlTargets": ["example.com"], "Action": "block"},
        operation: "add",
        "pk": "1",
        "sk": "2",
    }
    server = serving(
        {
            "/urlcustomcategories": success({"CategoriesCandidate": ["a"]}),
            "/urlcustomcategories/a": success({"Name": "a", "URLCategoryCandidate": nested}),
        }
    )
    (found,) = gathered("custom_url_categories", server)
    assert found["candidate"] == {"url_targets": ["example.com"], "action": "block", "operation": "add"}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    ("reply", "kind"), [(MISSING_ROUTE, RouteNotFound), (Reply(500), ServerError), (refusal(404, "Not Found"), None)]
)
def test_unreadable_part_raises_error_or_is_empty(part: str, reply: Reply, kind: type[PanwCloudError] | None) -> None:
    paths = {"tags": "/tags", "commit_status": "/commit", "rules": "/rulelists/LocalRule"}
    path = paths.get(part) or f"/{LISTED[part][0]}"
    server = serving({path: reply})
    if kind is None and part in ("commit_status", "rules"):
        assert not gathered(part, server)
        return
    with pytest.raises(PanwCloudError) as caught:
        gathered(part, server)
    assert kind is None or caught.value.__class__ is kind


def test_rulestack_of_other_scope_is_not_read() -> None:
    server = serving({"/tags": success({})})
    selection = Selection(name="rs", scope="global", gather=PARTS)
    assert RulestackReader(api(server), HELD).read(selection) == []
    assert len(server.requests) == 1
