# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commits: what they include, and how they end."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import Conflict, NotFound
from ansible_collections.panw.cloud.plugins.module_utils._common.polling import Poller
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog import (
    EVERY_RESOURCE,
    IN_RULESTACK,
    sections_of,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.client import ResourceClient
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.commit import CommitFailed, Commits, mapped
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import FakeRulestacks
from ansible_collections.panw.cloud.tests.helpers.fakes import HELD, Clock, Server, api, success
from ansible_collections.panw.cloud.tests.helpers.meeting import let_meet

RULES = "/web/rulelists/LocalRule/priorities"
COMMIT = "POST /web/commit"


def commits(fake: FakeRulestacks, scope: str = "local", clock: Clock | None = None) -> Commits:
    clock = clock or Clock()
    return Commits(fake.client, "web", scope, Poller(60, 5, clock, clock.sleep))


def changed() -> FakeRulestacks:
    """A committed rulestack with one uncommitted change of each kind."""
    fake = FakeRulestacks(
        {"/web": {}, "/web/prefixlists/gone": {}, "/web/feeds/same": {}, f"{RULES}/5": {"RuleName": "r"}}
    )
    fake.commit("web")
    fake.entries.pop("/web/prefixlists/gone")
    fake.put("/web/fqdnlists/new", {"FqdnList": ["a.example"]})
    fake.put("/web/urlfilteringprofiles/custom/urlcategories/games", {"Action": "block"})
    fake.put(f"{RULES}/5", {"RuleName": "r", "Action": "Allow"})
    fake.put("/web", {"Description": "x"})
    return fake


def test_uncommitted_changes_are_read_from_every_list() -> None:
    assert [change.report for change in commits(changed()).uncommitted()] == [
        {"section": "rulestack", "name": "web", "operation": "update"},
        {"section": "prefix_lists", "name": "gone", "operation": "delete"},
        {"section": "fqdn_lists", "name": "new", "operation": "add"},
        {"section": "predefined_url_category_overrides", "name": "games", "operation": "add"},
        {"section": "rules", "name": "r", "operation": "update"},
    ]


def test_uncommitted_changes_are_read_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = changed()
    let_meet(monkeypatch, fake, len(sections_of("local")) + 2)
    assert len(commits(fake).uncommitted()) == 5


def test_tags_that_the_api_keeps_apart_are_no_uncommitted_change() -> None:
    fake = FakeRulestacks({"/web": {}})
    fake.commit("web")
    fake.tags["web"] = {"team": "network"}
    assert commits(fake).uncommitted() == []


@pytest.mark.parametrize("act", [Commits.commit, Commits.validate, Commits.revert])
def test_name_is_one_segment_of_the_path(act: Callable[[Commits], object]) -> None:
    server = Server(success({"CommitStatus": "Success", "ValidateStatus": "Success"}))
    act(Commits(ResourceClient(api(server), HELD), "../a?b", "local"))
    path = urlsplit(server.requests[0].url or "").path
    assert path.rpartition("/")[0] == "/v1/config/rulestacks/..%2Fa%3Fb"


def test_differences_show_both_configurations() -> None:
    found = {change["name"]: (change["running"], change["candidate"]) for change in commits(changed()).differences()}
    assert found["web"][0]["description"] == ""
    assert found["web"][1]["description"] == "x"
    assert found["gone"][1] is found["new"][0] is None
    assert found["new"][1]["fqdns"] == ["a.example"]
    assert [side["priority"] for side in found["r"]] == [5, 5]


@pytest.mark.parametrize(("scope", "section"), [("local", "rules"), ("global", "pre_rules"), ("global", "post_rules")])
def test_rule_lists_are_those_of_the_scope(scope: str, section: str) -> None:
    lists = {"rules": "LocalRule", "pre_rules": "PreRule", "post_rules": "PostRule"}
    fake = FakeRulestacks({"/web": {}})
    fake.commit("web")
    fake.put(f"/web/rulelists/{lists[section]}/priorities/5", {"RuleName": "r"})
    assert [change.key for change in commits(fake, scope).uncommitted()] == [(section, "r")]


def test_lists_that_the_api_does_not_have_are_skipped() -> None:
    fake = changed()
    fake.missing.add("feeds")
    assert len(commits(fake).uncommitted()) == 5


def test_changes_of_others_are_refused_by_name() -> None:
    fake = changed()
    found = commits(fake).uncommitted()
    commits(fake).refuse_others({change.key for change in found}, found)
    commits(fake).refuse_others(None, found)
    with pytest.raises(Conflict) as conflict:
        commits(fake).refuse_others({("", "web"), ("rules", "r"), ("fqdn_lists", "new")}, found)
    assert "delete of prefix list 'gone' in rulestack 'web', add of predefined URL category override" in str(
        conflict.value
    )
    assert "include_other_changes: true" in str(conflict.value)
    with pytest.raises(Conflict, match=" and 5 more"):
        commits(fake).refuse_others(set(), found * 3)


def test_pending_follows_the_state_of_the_rulestack() -> None:
    fake = FakeRulestacks({"/web": {}})
    assert commits(fake).pending() is True
    fake.commit("web")
    assert commits(fake).pending() is False
    fake.entries.clear()
    assert commits(fake).pending() is True
    assert [change.operation for change in commits(fake).uncommitted()] == ["delete"]


@pytest.mark.parametrize("words", [["Success"], ["Pending", "Committing", "PrecommitDone", "Validating", "Success"]])
def test_commit_waits_for_its_end(words: list[str]) -> None:
    fake, clock = FakeRulestacks({"/web": {}}, commit_ends=words), Clock()
    assert commits(fake, clock=clock).commit()["commit_status"] == "Success"
    assert fake.running == fake.entries
    assert clock.pauses == [5] * (len(words) - 1)
    assert fake.writes == [COMMIT]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Pending", "Failed"], "Failed: rule 'r' is wrong | prefix list offices is missing"),
        (["Uncommitted"], "Uncommitted: rule 'r' is wrong"),
        (["Pending"], "Pending: it is still Pending after 60 seconds"),
        ([""], "rule 'r' is wrong"),
    ],
)
def test_commit_without_success_says_how_it_ended(words: list[str], said: str) -> None:
    fake, clock = FakeRulestacks({"/web": {}}, commit_ends=words), Clock()
    fake.messages = ["rule 'r' is wrong", "prefix list offices is missing"]
    with pytest.raises(CommitFailed) as failure:
        commits(fake, clock=clock).commit()
    assert "Could not commit rulestack 'web'" in str(failure.value)
    assert said in str(failure.value)
    assert failure.value.as_result()["error"]["messages"] == [
        {"text": "rule 'r' is wrong", "kind": "security rule", "name": "r"},
        {"text": "prefix list offices is missing", "kind": "prefix list", "name": "offices"},
    ]
    assert fake.running == {}
    assert clock.seconds == (60 if words == ["Pending"] else 5 * (len(words) - 1))


def test_validation_ends_as_a_commit_does_and_commits_nothing() -> None:
    fake = FakeRulestacks({"/web": {}}, commit_ends=["Pending", "Failed"], messages=["no"])
    with pytest.raises(CommitFailed, match="Could not validate rulestack 'web': Failed: no"):
        commits(fake).validate()
    fake.commit_ends = ["Validating", "Success"]
    assert commits(fake).validate()["validate_status"] == "Success"
    assert fake.running == {}


def test_removed_rulestack_is_gone_after_the_commit() -> None:
    fake = FakeRulestacks({"/web": {}})
    fake.commit("web")
    fake.entries.clear()
    assert commits(fake).commit(deleted=True) == {"commit_status": "Success", "commit_messages": []}
    assert fake.running == {}
    assert commits(fake).commit(deleted=True) == {"commit_status": "Success", "commit_messages": []}
    with pytest.raises(NotFound):
        commits(fake).commit()


def test_revert_restores_the_running_configuration() -> None:
    fake = changed()
    commits(fake).revert()
    assert fake.entries == fake.running
    assert fake.writes == ["POST /web/revert"]


def test_messages_are_mapped_to_what_they_name() -> None:
    for resource in EVERY_RESOURCE:
        texts = [f"{resource.kind} 'a.b-1' is invalid", f'unknown {resource.kind.upper()} "a.b-1"']
        assert list(mapped(texts)) == [{"text": text, "kind": resource.kind, "name": "a.b-1"} for text in texts]


def test_messages_that_name_nothing_are_kept() -> None:
    assert list(mapped(["internal error"])) == [{"text": "internal error", "kind": None, "name": None}]
    assert IN_RULESTACK["rules"].kind == next(mapped(["Rule r: no source"]))["kind"]
