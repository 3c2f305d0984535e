# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is gathered of a rulestack: tags, commit status, rules and security objects."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    MalformedAnswer,
    PanwCloudError,
    RouteNotFound,
    ServerError,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rulestacks import (
    GATHER,
    OBJECT_KINDS,
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


def test_tags_of_all_pages() -> None:
    pages = [
        success({"Tags": [{"Key": "a", "Value": "1"}], "NextToken": "2"}),
        success({"Tags": [{"Key": "b", "Value": "2"}, {"Key": "c"}]}),
    ]
    assert gathered("tags", serving({"/tags": pages})) == {"a": "1", "b": "2", "c": ""}


@pytest.mark.parametrize("content", [None, {}, {"Tags": None}, {"Tags": []}])
def test_no_tags(content: Any) -> None:
    assert gathered("tags", serving({"/tags": success(content)})) == {}


def test_commit_status() -> None:
    content = {"CommitStatus": "Failed", "ValidateStatus": "Success", "CommitMessages": ["no"], "RuleStackName": "rs"}
    assert gathered("commit_status", serving({"/commit": success(content)})) == {
        "commit_status": "Failed",
        "validate_status": "Success",
        "commit_messages": ["no"],
        "validate_messages": [],
    }


def test_no_commit() -> None:
    assert gathered("commit_status", serving({})) is None


def rule(priority: int, name: str) -> Reply:
    return success({"Priority": priority, "RuleEntryCandidate": {"RuleName": name, "Enabled": "true"}})


def rules(**lists: Any) -> dict[str, Any]:
    return {f"/rulelists/{name}": success({"RuleEntryCandidate": entries}) for name, entries in lists.items()}


def test_rules_of_a_local_rulestack_by_priority() -> None:
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


def test_rule_is_asked_with_capital_query() -> None:
    server = serving({**rules(LocalRule=[{"Priority": 1}]), "/rulelists/LocalRule/priorities/1": rule(1, "a")})
    gathered("rules", server, BOTH)
    (call,) = [call for call in server.calls if "priorities" in call]
    assert call.endswith("?Candidate=true&Running=true")


def test_rules_of_a_global_rulestack_come_before_and_after() -> None:
    paths = {f"/rulelists/{one}/priorities/1": rule(1, one) for one in ("PreRule", "PostRule")}
    server = serving(
        {**rules(PreRule=[{"Priority": 1}], PostRule=[{"Priority": 1}]), **paths},
        success({"RuleStackName": "rs", "RuleStackCandidate": {"Scope": "Global"}}),
    )
    assert [one["rule_list"] for one in gathered("rules", server)] == ["PreRule", "PostRule"]


def test_rules_of_a_rulestack_whose_scope_is_not_told() -> None:
    server = serving({**rules(LocalRule=[])}, success({"RuleStackName": "rs"}))
    assert gathered("rules", server) == []
    asked = [call.split("/")[6].split("?")[0] for call in server.calls if "rulelists" in call]
    assert asked == ["LocalRule", "PreRule", "PostRule"]


def test_rules_of_both_configurations_are_asked_once() -> None:
    listed = success({"RuleEntryCandidate": [{"Priority": 1}], "RuleEntryRunning": [{"Priority": 1}, {"Priority": 2}]})
    server = serving(
        {"/rulelists/LocalRule": listed, **{f"/rulelists/LocalRule/priorities/{n}": rule(n, "x") for n in (1, 2)}}
    )
    assert [one["priority"] for one in gathered("rules", server, BOTH)] == [1, 2]


def test_rule_that_vanishes_is_left_out() -> None:
    server = serving(
        {**rules(LocalRule=[{"Priority": 1}, {"Priority": 2}]), "/rulelists/LocalRule/priorities/2": rule(2, "b")}
    )
    assert [one["priority"] for one in gathered("rules", server)] == [2]


@pytest.mark.parametrize(
    "entries",
    [[{}], ["x"], [None], [{"Priority": "first"}], [{"Priority": None}], [{"Priority": 1.5}], [{"Priority": [1]}]],
)
def test_rule_without_a_priority(entries: Any) -> None:
    with pytest.raises(MalformedAnswer, match="a rule in the list has no priority"):
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


def test_table_knows_all_kinds() -> None:
    assert set(LISTED) == set(DECODED) == set(OBJECT_KINDS)
    assert set(GATHER) == {"tags", "commit_status", "rules", *OBJECT_KINDS}


@pytest.mark.parametrize("part", LISTED)
def test_objects(part: str) -> None:
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
def test_no_objects(part: str) -> None:
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


@pytest.mark.parametrize("part", GATHER)
@pytest.mark.parametrize(
    ("reply", "kind"), [(MISSING_ROUTE, RouteNotFound), (Reply(500), ServerError), (refusal(404, "Not Found"), None)]
)
def test_part_that_cannot_be_read(part: str, reply: Reply, kind: type[PanwCloudError] | None) -> None:
    paths = {"tags": "/tags", "commit_status": "/commit", "rules": "/rulelists/LocalRule"}
    path = paths.get(part) or f"/{LISTED[part][0]}"
    server = serving({path: reply})
    if kind is None and part in ("commit_status", "rules"):
        assert not gathered(part, server)
        return
    with pytest.raises(PanwCloudError) as caught:
        gathered(part, server)
    assert kind is None or caught.value.__class__ is kind


def test_nothing_is_read_of_rulestacks_that_are_not_wanted() -> None:
    server = serving({"/tags": success({})})
    selection = Selection(name="rs", scope="global", gather=GATHER)
    assert RulestackReader(api(server), HELD).read(selection) == []
    assert len(server.requests) == 1
