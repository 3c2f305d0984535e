# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans are applied and committed, or fail with an exact report, and are put back if the task says so."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import Conflict
from ansible_collections.panw.cloud.plugins.module_utils._common.polling import Poller
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.application import (
    Application,
    NotApplied,
    Settings,
    apply_all,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.document import parse
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.reader import Reader
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.rulestack_plan import plan_rulestack
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import LOST_AFTER, FakeRulestacks, refused
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN, Clock

REFUSED = refused("InvalidRequest: no")
COMMIT, REVERT, LISTS = "POST /web/commit", "POST /web/revert", "POST /web/prefixlists"
DOCUMENT = {
    "name": "web",
    "certificates": [{"name": "c", "self_signed": True}],
    "prefix_lists": [{"name": name, "prefixes": ["10.0.0.0/8"]} for name in ("a", "b")],
    "rules": [{"name": "r", "source": {}, "destination": {}, "applications": ["any"], "action": "Allow"}],
}


def application(
    fake: FakeRulestacks, document: dict[str, Any] = DOCUMENT, state: str = "merged", **settings: Any
) -> Application:
    """A prepared one, of one write at a time. The fake forgets the requests of the plan."""
    made = prepared(fake, document, state, **settings)
    fake.requests.clear()
    return made


def prepared(
    fake: FakeRulestacks, document: dict[str, Any] = DOCUMENT, state: str = "merged", **settings: Any
) -> Application:
    clock = Clock()
    chosen = {"commit": True, "include_others": False, "revert_on_failure": False, **settings}
    poller = Poller(60, 5, clock, clock.sleep)
    planned = plan_rulestack(Reader(fake.client, 1), parse([{"scope": "local", **document}])[0], state)
    made = Application(fake.client, planned, Settings(**chosen, poller=poller, concurrency=1))
    made.prepare()
    return made


def apply(*applications: Application) -> list[dict[str, Any]]:
    return apply_all(applications, lambda _result: None)


def failed(*applications: Application) -> tuple[NotApplied, list[dict[str, Any]]]:
    """The error, after checking that it shows no secret."""
    with pytest.raises(NotApplied) as failure:
        apply(*applications)
    result = failure.value.as_result()
    assert not [secret for secret in (TOKEN, KEY) if secret in repr(result)]
    found: list[dict[str, Any]] = result["rulestacks"]
    return failure.value, found


def committed() -> FakeRulestacks:
    fake = FakeRulestacks({"/web": {"Scope": "Local"}})
    fake.commit("web")
    return fake


def test_changes_are_committed_once_at_the_end() -> None:
    fake = committed()
    (outcome,) = apply(application(fake))
    assert fake.writes[-1] == COMMIT
    assert fake.writes.count(COMMIT) == 1
    assert fake.running == fake.entries
    assert (outcome["counts"], outcome["applied"], outcome["committed"]) == ({"create": 4}, 4, True)
    assert outcome["commit"]["commit_status"] == "Success"
    assert (outcome["failed"], outcome["not_attempted"], outcome["reverted"]) == ([], [], False)
    again = application(fake)
    assert not again.commits
    assert apply(again)[0]["committed"] is False
    assert fake.writes == []


def test_what_an_earlier_run_left_is_committed() -> None:
    fake = committed()
    apply(application(fake, commit=False))
    assert fake.writes[-1] != COMMIT
    left = application(fake)
    assert left.commits
    assert apply(left)[0]["committed"] is True
    assert fake.writes == [COMMIT]


def test_changes_of_others_are_refused_before_the_first_write_and_before_the_commit() -> None:
    fake = committed()
    fake.put("/web/fqdnlists/theirs", {"FqdnList": ["a.example"]})
    with pytest.raises(Conflict, match="add of FQDN list 'theirs'"):
        application(fake)
    assert fake.writes == []
    application(fake, commit=False)
    assert apply(application(fake, include_others=True))[0]["committed"] is True
    fake = committed()
    late = application(fake)
    fake.fail("POST /web/rulelists/LocalRule", lambda: fake.put("/web/fqdnlists/theirs", {"FqdnList": ["a.example"]}))
    failure, (outcome,) = failed(late)
    assert "its candidate has changes that this task did not make: add of FQDN list 'theirs'" in str(failure)
    assert (outcome["committed"], outcome["failed"]) == (False, ["commit of rulestack 'web'"])
    assert COMMIT not in fake.writes


def test_overridden_rulestack_includes_everything() -> None:
    fake = committed()
    fake.put("/web/fqdnlists/theirs", {"FqdnList": ["a.example"]})
    assert apply(application(fake, state="overridden"))[0]["committed"] is True
    assert "/web/fqdnlists/theirs" not in fake.running


@pytest.mark.parametrize(
    ("state", "settings", "again"),
    [("overridden", {}, 0), ("merged", {}, 1), ("overridden", {"revert_on_failure": True}, 1)],
    ids=["everything is committed", "changes of others count", "changes of others are kept"],
)
def test_state_of_a_rulestack_is_read_again_only_if_changes_of_others_count(
    state: str, settings: dict[str, Any], again: int
) -> None:
    fake = committed()
    apply(application(fake, state=state))
    for document, changes in ((DOCUMENT, False), ({**DOCUMENT, "description": "new"}, True)):
        fake.requests.clear()
        assert prepared(fake, document, state, **settings).commits is changes
        assert fake.calls.count("GET /web") == 1 + again


def test_failure_is_reported_exactly_and_not_committed() -> None:
    """The rest of its level is finished, and what depends on it is not begun; the next run goes on from there."""
    fake = committed()
    first = application(fake)
    fake.fail(LISTS, REFUSED)
    failure, (outcome,) = failed(first)
    assert outcome["applied"] == ["certificate 'c' in rulestack 'web'", "prefix list 'b' in rulestack 'web'"]
    assert outcome["failed"] == ["prefix list 'a' in rulestack 'web'"]
    assert outcome["not_attempted"] == ["security rule 'r' in LocalRule of rulestack 'web'"]
    assert (outcome["committed"], outcome["reverted"], len(outcome["changes"])) == (False, False, 4)
    assert "- prefix list 'a' in rulestack 'web': Could not create prefix list 'a'" in str(failure)
    assert "Rulestack 'web': 2 of 4 changes were made and are in the candidate, not committed." in str(failure)
    (reported,) = failure.as_result()["error"]["failures"]
    assert (reported["change"], reported["kind"]) == (outcome["failed"][0], "invalid_request")
    assert (failure.as_result()["changed"], failure.as_result()["error"]["kind"]) == (True, "not_applied")
    assert COMMIT not in fake.writes
    assert apply(application(fake))[0]["counts"] == {"create": 2}
    assert fake.running == fake.entries


def test_next_run_commits_the_rulestack_that_an_interrupted_one_created() -> None:
    fake = FakeRulestacks()
    first = application(fake)
    fake.fail(LISTS, REFUSED)
    failed(first)
    assert apply(application(fake))[0]["committed"] is True
    assert fake.running == fake.entries


def test_changes_of_others_in_the_rulestacks_own_options_are_refused() -> None:
    """If the document says nothing about them."""
    fake = committed()
    fake.put("/web", {"Description": "theirs"})
    with pytest.raises(Conflict, match="update of rulestack 'web'"):
        application(fake)
    assert application(fake, {**DOCUMENT, "description": "theirs"}).commits


def test_failed_commit_is_reported_with_its_messages() -> None:
    fake = committed()
    fake.commit_ends, fake.messages = ["Pending", "Failed"], ["rule 'r' is wrong"]
    failure, (outcome,) = failed(application(fake))
    assert "commit of rulestack 'web': Could not commit rulestack 'web': Failed: rule 'r' is wrong." in str(failure)
    assert (outcome["failed"], outcome["committed"], len(outcome["applied"])) == (
        ["commit of rulestack 'web'"],
        False,
        4,
    )


@pytest.mark.parametrize("call", [LISTS, COMMIT])
def test_failure_puts_a_committed_rulestack_back(call: str) -> None:
    fake = committed()
    made = application(fake, revert_on_failure=True)
    fake.fail(call, REFUSED)
    failure, (outcome,) = failed(made)
    assert outcome["reverted"] is True
    assert "changes were made and reverted." in str(failure)
    assert fake.entries == fake.running
    assert fake.writes[-1] == REVERT


def test_failure_keeps_a_candidate_with_changes_of_others() -> None:
    fake = committed()
    fake.put("/web/fqdnlists/theirs", {"FqdnList": ["a.example"]})
    made = application(fake, commit=False, revert_on_failure=True)
    fake.fail(LISTS, REFUSED)
    _failure, (outcome,) = failed(made)
    assert outcome["reverted"] is False
    assert "/web/fqdnlists/theirs" in fake.entries
    assert REVERT not in fake.writes


def test_failure_removes_a_rulestack_that_the_task_created() -> None:
    fake = FakeRulestacks()
    made = application(fake, revert_on_failure=True)
    fake.fail(LISTS, REFUSED)
    _failure, (outcome,) = failed(made)
    assert outcome["reverted"] is True
    assert fake.entries == {}
    assert fake.writes[-1] == "DELETE /web"


def test_failed_revert_is_reported_too() -> None:
    fake = committed()
    made = application(fake, revert_on_failure=True)
    fake.fail(LISTS, REFUSED)
    fake.fail(REVERT, REFUSED)
    failure, (outcome,) = failed(made)
    assert outcome["reverted"] is False
    assert outcome["failed"] == ["prefix list 'a' in rulestack 'web'", "revert of rulestack 'web'"]
    assert "- revert of rulestack 'web': Could not revert rulestack 'web'" in str(failure)


def test_removed_rulestack_is_committed_even_if_the_answer_is_lost() -> None:
    fake = committed()
    made = application(fake, {"name": "web"}, "deleted")
    fake.fail("DELETE /web", LOST_AFTER)
    (outcome,) = apply(made)
    assert (outcome["counts"], outcome["committed"]) == ({"delete": 1}, True)
    assert (fake.entries, fake.running) == ({}, {})


def test_rulestacks_do_not_depend_on_each_other() -> None:
    """All failures are one error, of which only the first are in its message."""
    fake = FakeRulestacks({"/web": {}, "/db": {}})
    many = [{"name": f"p{number}", "prefixes": ["10.0.0.0/8"]} for number in range(25)]
    one = application(fake, {"name": "web", "prefix_lists": many})
    other = application(fake, {"name": "db", "prefix_lists": many})
    fake.fail(LISTS, *[REFUSED] * 25)
    failure, (web, db) = failed(one, other)
    assert (len(web["failed"]), web["committed"]) == (25, False)
    assert (db["applied"], db["committed"]) == (25, True)
    assert "- and 5 more" in str(failure)
    assert "Rulestack 'db': 25 of 25 changes were made and committed." in str(failure)


def test_commits_of_several_rulestacks_run_at_the_same_time() -> None:
    fake = FakeRulestacks({"/web": {}, "/db": {}})
    fake.commit_ends = ["Pending", "Success"]
    lists = [{"name": "p", "prefixes": ["10.0.0.0/8"]}]
    outcomes = apply(*(application(fake, {"name": name, "prefix_lists": lists}) for name in ("web", "db")))
    assert [call.split()[0] for call, _body in fake.requests if call.endswith("/commit")] == ["POST"] * 2 + ["GET"] * 4
    assert [(one["name"], one["committed"]) for one in outcomes] == [("web", True), ("db", True)]
    assert {"/web", "/db"} <= set(fake.running)
