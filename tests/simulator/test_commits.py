# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validation, commit and revert of rulestacks."""

from __future__ import annotations

import pytest

BASE = "/v1/config/rulestacks"
SHOP = f"{BASE}/shop-ingress"
DRAFT = f"{BASE}/lab-draft"


@pytest.fixture
def slow(world):
    """The simulator with commits that run until they are settled."""
    world.admin("PUT", "/rulestacks", {"commit_seconds": None})
    return world


@pytest.fixture
def headers(world):
    return world.token("rulestack")


def settle(world):
    return world.admin("POST", "/rulestacks/settle").json()["settled"]


def status(world, path, headers):
    return world.content(f"{path}/commit", headers)


def rule(name, **fields):
    return {"Priority": 7, "RuleEntry": {"RuleName": name, **fields}}


def test_commit_is_pending_then_makes_the_candidate_running(slow, headers):
    before = slow.content(f"{SHOP}?running=true", headers)
    answer = slow.write("POST", f"{SHOP}/commit", headers)
    assert (answer["RuleStackName"], "Response" in answer) == ("shop-ingress", False)
    pending = status(slow, SHOP, headers)
    assert (pending["CommitStatus"], pending["ValidateStatus"]) == ("Pending", "Pending")
    assert slow.content(f"{SHOP}?running=true", headers) == before
    assert settle(slow) == 1
    done = {"CommitStatus": "Success", "ValidateStatus": "Success", "CommitMessages": [], "ValidateMessages": []}
    assert status(slow, SHOP, headers) == {"RuleStackName": "shop-ingress", **done}
    after = slow.content(f"{SHOP}?candidate=true&running=true", headers)
    assert after["RuleStackState"] == "Running"
    assert after["RuleStackRunning"] == after["RuleStackCandidate"] == before["RuleStackCandidate"]
    lists = slow.content(f"{SHOP}/prefixlists?running=true&uncommitted=true", headers)
    assert lists["PrefixListRunning"] == ["build-agents", "offices"]
    assert lists["PrefixListUncommitted"] == []


@pytest.mark.parametrize("seconds", [0, 300])
def test_commit_ends_on_the_simulators_clock(world, headers, seconds):
    world.admin("PUT", "/rulestacks", {"commit_seconds": seconds})
    world.write("POST", f"{SHOP}/commit", headers)
    if seconds:
        assert status(world, SHOP, headers)["CommitStatus"] == "Pending"
        world.admin("PUT", "/clock", {"offset_seconds": seconds})
    assert status(world, SHOP, headers)["CommitStatus"] == "Success"


REFERENCES = [
    ({"Source": {"PrefixLists": ["gone"]}}, 'prefix list "gone"'),
    ({"Destination": {"PrefixLists": ["gone"]}}, 'prefix list "gone"'),
    ({"Destination": {"FqdnLists": ["gone"]}}, 'fqdn list "gone"'),
    ({"Source": {"Feeds": ["gone"]}}, 'intelligent feed "gone"'),
    ({"Category": {"Feeds": ["gone"]}}, 'intelligent feed "gone"'),
    ({"Category": {"URLCategoryNames": ["gambling", "gone"]}}, 'custom url category "gone"'),
    ({"InboundInspectionCertificate": "gone"}, 'certificate object "gone"'),
    ({"Source": {"Countries": ["US", "XX"]}}, 'country "XX"'),
]


@pytest.mark.parametrize(("fields", "missing"), REFERENCES)
def test_rule_that_names_a_missing_object_fails_at_validation_and_commit(world, headers, fields, missing):
    world.admin("PUT", "/rulestacks", {"commit_seconds": 0})
    world.write("POST", f"{SHOP}/rulelists/LocalRule", headers, rule("broken", **fields))
    message = f'rule "broken" (LocalRule, priority 7): {missing} does not exist'
    world.write("POST", f"{SHOP}/validate", headers)
    seen = status(world, SHOP, headers)
    assert (seen["ValidateStatus"], seen["ValidateMessages"]) == ("Failed", [message])
    world.write("POST", f"{SHOP}/commit", headers)
    seen = status(world, SHOP, headers)
    assert (seen["CommitStatus"], seen["CommitMessages"]) == ("Failed", [message])
    assert world.content(f"{SHOP}/prefixlists?running=true", headers)["PrefixListRunning"] == [
        "offices",
        "old-data-centre",
    ]
    assert world.content(SHOP, headers)["RuleStackState"] == "Uncommitted"


def test_profile_and_feed_that_name_a_missing_certificate_fail_at_commit(world, headers):
    world.admin("PUT", "/rulestacks", {"commit_seconds": 0})
    world.write("PUT", SHOP, headers, {"RuleStackEntry": {"Profiles": {"OutboundTrustCertificate": "gone"}}})
    feed = {"Name": "f", "FeedURL": "https://x/", "Type": "IP_LIST", "Frequency": "DAILY", "Certificate": "lost"}
    world.write("POST", f"{SHOP}/feeds", headers, feed)
    world.write("POST", f"{SHOP}/commit", headers)
    assert status(world, SHOP, headers)["CommitMessages"] == [
        'profile OutboundTrustCertificate: certificate object "gone" does not exist',
        'intelligent feed "f": certificate object "lost" does not exist',
    ]


def test_object_in_use_is_deleted_in_the_candidate_and_fails_the_commit(world, headers):
    world.admin("PUT", "/rulestacks", {"commit_seconds": 0})
    world.write("DELETE", f"{SHOP}/prefixlists/offices", headers)
    world.write("POST", f"{SHOP}/commit", headers)
    assert status(world, SHOP, headers)["CommitMessages"] == [
        'rule "allow-offices" (LocalRule, priority 10): prefix list "offices" does not exist'
    ]
    world.write("DELETE", f"{SHOP}/rulelists/LocalRule/priorities/10", headers)
    world.write("POST", f"{SHOP}/commit", headers)
    assert status(world, SHOP, headers)["CommitStatus"] == "Success"
    assert world.content(f"{SHOP}/prefixlists?running=true", headers)["PrefixListRunning"] == ["build-agents"]


def test_validation_changes_nothing(world, headers):
    world.admin("PUT", "/rulestacks", {"commit_seconds": 0})
    before = world.content(f"{SHOP}?running=true", headers)
    world.write("POST", f"{SHOP}/validate", headers)
    seen = status(world, SHOP, headers)
    assert (seen["ValidateStatus"], seen["CommitStatus"]) == ("Success", "Failed")  # the commit failed in the seed
    assert world.content(f"{SHOP}?running=true", headers) == before


def test_change_during_a_commit_stays_uncommitted(slow, headers):
    slow.write("POST", f"{SHOP}/commit", headers)
    slow.write("POST", f"{SHOP}/prefixlists", headers, {"Name": "late", "PrefixList": ["10.0.0.0/8"]})
    settle(slow)
    lists = slow.content(f"{SHOP}/prefixlists?running=true&uncommitted=true", headers)
    assert "late" not in lists["PrefixListRunning"]
    assert lists["PrefixListUncommitted"] == [{"Name": "late", "Operation": "add"}]


def test_second_commit_replaces_one_that_runs(slow, headers):
    slow.write("POST", f"{SHOP}/commit", headers)
    slow.write("POST", f"{SHOP}/prefixlists", headers, {"Name": "late", "PrefixList": ["10.0.0.0/8"]})
    slow.write("POST", f"{SHOP}/commit", headers)
    assert settle(slow) == 1
    assert "late" in slow.content(f"{SHOP}/prefixlists?running=true", headers)["PrefixListRunning"]


def test_deletion_of_a_committed_rulestack_takes_effect_at_the_commit(slow, headers):
    slow.write("DELETE", SHOP, headers)
    listed = slow.content(f"{BASE}?running=true&uncommitted=true", headers)
    assert "shop-ingress" not in listed["RuleStackCandidate"]
    assert "shop-ingress" in listed["RuleStackRunning"]
    assert {"RuleStackName": "shop-ingress", "Operation": "delete"} in listed["RuleStackUncommitted"]
    assert "does not exist" in slow.refused("GET", SHOP, headers)
    assert "does not exist" in slow.refused("POST", f"{SHOP}/prefixlists", headers, {"Name": "x", "PrefixList": []})
    assert slow.content(f"{SHOP}?running=true", headers)["RuleStackState"] == "Uncommitted"
    slow.write("POST", f"{SHOP}/commit", headers)
    assert status(slow, SHOP, headers)["CommitStatus"] == "Pending"
    settle(slow)
    assert "does not exist" in slow.refused("GET", f"{SHOP}/commit", headers)
    assert "shop-ingress" not in slow.content(f"{BASE}?running=true", headers)["RuleStackRunning"]


def test_deleted_rulestack_can_be_created_again_before_the_commit(slow, headers):
    slow.write("DELETE", SHOP, headers)
    slow.write("POST", BASE, headers, {"RuleStackName": "shop-ingress"})
    both = slow.content(f"{SHOP}/prefixlists?running=true", headers)
    assert (both["PrefixListCandidate"], both["PrefixListRunning"]) == ([], ["offices", "old-data-centre"])


def test_revert_restores_the_running_configuration(world, headers):
    running = world.content(f"{SHOP}?running=true", headers)["RuleStackRunning"]
    answer = world.write("POST", f"{SHOP}/revert", headers)
    assert (answer["RuleStackName"], "Response" in answer) == ("shop-ingress", False)
    after = world.content(SHOP, headers)
    assert (after["RuleStackState"], after["RuleStackCandidate"]) == ("Running", running)
    lists = world.content(f"{SHOP}/prefixlists?uncommitted=true", headers)
    assert lists["PrefixListCandidate"] == ["offices", "old-data-centre"]
    assert lists["PrefixListUncommitted"] == []
    world.write("DELETE", f"{SHOP}/prefixlists/offices", headers)
    assert "offices" in world.content(f"{SHOP}/prefixlists?running=true", headers)["PrefixListRunning"]


def test_revert_undoes_a_deletion_that_was_not_committed(world, headers):
    world.write("DELETE", SHOP, headers)
    world.write("POST", f"{SHOP}/revert", headers)
    assert world.content(SHOP, headers)["RuleStackState"] == "Running"


def test_revert_of_a_rulestack_that_was_never_committed_removes_it(world, headers):
    world.write("POST", f"{DRAFT}/revert", headers)
    assert "does not exist" in world.refused("GET", DRAFT, headers)


@pytest.mark.parametrize("action", ["commit", "validate", "revert"])
def test_actions_need_a_rulestack_admin(world, headers, action):
    answer = world.send("POST", f"{SHOP}/{action}", world.token("firewall"))
    assert (answer.status_code, answer.json()) == (403, {"message": "User is not authorized to access this resource"})
    assert "does not exist" in world.refused("POST", f"{SHOP}/{action}", world.token("globalrulestack"))


def test_settings_are_read_changed_and_checked(world):
    assert world.admin("GET", "/rulestacks").json() == {"commit_seconds": 1.0, "max_unassociated": 10}
    changed = world.admin("PUT", "/rulestacks", {"commit_seconds": None})
    assert changed.json() == {"commit_seconds": None, "max_unassociated": 10}
    answer = world.admin("PUT", "/rulestacks", {"commit_seconds": -1})
    assert (answer.status_code, "from 0 to 86400 or null" in answer.json()["error"]) == (400, True)
