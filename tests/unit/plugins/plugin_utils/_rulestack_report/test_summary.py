# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verdict, advice, counts, and what is shown first."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.plugin_utils._rulestack_report.kinds import KINDS
from ansible_collections.panw.cloud.plugins.plugin_utils._rulestack_report.plans import OPERATIONS
from ansible_collections.panw.cloud.plugins.plugin_utils._rulestack_report.summary import Summary
from ansible_collections.panw.cloud.tests.helpers.rulestack_plans import (
    change,
    created,
    egress,
    finding,
    fleet,
    plan,
    removed,
    rulestack,
    shop,
    untouched,
)

NOTHING = plan(0, [untouched("a"), untouched("b")])
ONE = plan(0, [rulestack("a", {"name": "a"}, {"name": "a"}, [change("update", "rulestack", "a")])])
CLEAN = shop(findings=[])


@pytest.mark.parametrize(
    ("kind", "plans", "status", "tone", "verdict"),
    [
        ("plan", [plan()], "Nothing to do", "good", "No rulestacks."),
        ("plan", [NOTHING], "Nothing to do", "good", "Nothing to do in 2 rulestacks."),
        ("plan", [ONE], "To be reviewed", "neutral", "1 change in 1 of 1 rulestack."),
        ("plan", [CLEAN], "To be reviewed", "neutral", "8 changes in 1 of 2 rulestacks."),
        ("plan", [shop()], "1 error", "attention", "8 changes in 1 of 2 rulestacks."),
        ("plan", [NOTHING, plan(1)], "Nothing to do", "good", "Nothing to do in 2 rulestacks of 2 targets."),
        ("drift", [NOTHING], "No drift", "good", "No drift in 2 rulestacks."),
        ("drift", [ONE], "Drift", "attention", "1 of 1 rulestack differs from the policy, in 1 place."),
        (
            "drift",
            [CLEAN, CLEAN],
            "Drift",
            "attention",
            "2 of 4 rulestacks of 2 targets differ from the policy, in 16 places.",
        ),
        ("apply", [NOTHING], "Nothing was changed", "good", "Nothing was changed in 2 rulestacks."),
        ("apply", [ONE], "Applied", "good", "1 change was made in 1 of 1 rulestack."),
        ("apply", [CLEAN], "Applied", "good", "8 changes were made in 1 of 2 rulestacks."),
    ],
)
def test_verdict_matches_plans_and_kind(kind: str, plans: list[Any], status: str, tone: str, verdict: str) -> None:
    summary = Summary(plans, kind)
    assert (summary.status, summary.tone, summary.verdict) == (status, tone, verdict)


def test_counts_are_those_of_all_plans() -> None:
    summary = Summary([shop(), plan(1, [created(), removed(), untouched("a")], unmanaged=["x", "y"]), plan(2)], "plan")
    assert summary.counts == {
        "targets": 3,
        "failed": 0,
        "edited": 0,
        "rulestacks": 5,
        "changed_rulestacks": 3,
        "added": 4,
        "changed": 3,
        "moved": 1,
        "removed": 3,
        "findings": {"error": 1, "warning": 1, "info": 1},
        "uncommitted": 1,
        "unmanaged": 3,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_counts_have_the_same_names_for_every_kind(kind: str) -> None:
    assert Summary([shop()], kind).counts == Summary([shop()], "plan").counts


def test_advice_is_sorted_by_urgency() -> None:
    gone = plan(1, [removed(f"retired-{number}") for number in range(5)])
    assert Summary([shop(), gone], "plan").advice == [
        "Findings that are errors: shop-egress (shop_000).",
        "To be removed as a whole: retired-0 (shop_001), retired-1 (shop_001), retired-2 (shop_001) and 2 more.",
        "Uncommitted changes, which a commit includes: shop-egress (shop_000).",
        "Not in the policy, left as is: old-egress (shop_000).",
        "1 warning, listed with the targets.",
    ]
    assert Summary([NOTHING], "plan").advice == []


def test_words_of_drift_are_about_the_policy() -> None:
    summary = Summary([shop(), plan(1, [created(), removed()])], "drift")
    assert summary.advice[1:3] == [
        "Unexpected as a whole: retired (shop_001).",
        "Uncommitted changes: shop-egress (shop_000).",
    ]
    words = {one.name: summary.words.states[one.state] for one in summary.rulestacks}
    assert words == {
        "shop-egress": "drifted",
        "retired": "unexpected",
        "new-stack": "missing",
        "old-egress": "unmanaged",
        "shop-ingress": "as the policy",
    }
    outcomes = {one.name: summary.outcome(one) for one in summary.rulestacks}
    assert outcomes["shop-egress"] == (
        "2 missing, 3 different, 1 misplaced, 2 unexpected; 1 error, 1 warning, 1 info, 1 uncommitted"
    )
    assert outcomes["shop-ingress"] == ""


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words_for_everything(kind: str) -> None:
    assert list(KINDS[kind].operations) == list(OPERATIONS)
    assert KINDS[kind].states.keys() == {"create", "update", "delete", "unmanaged", ""}


def test_rulestacks_are_sorted_by_attention() -> None:
    bad = finding("error", "deny-all", rulestack="lint")
    plans = [
        plan(3, [untouched("same"), egress("many")], unmanaged=["foreign"]),
        plan(
            1,
            [untouched("lint"), untouched("warned"), created()],
            findings=[bad, {**bad, "rulestack": "warned", "severity": "info"}],
        ),
        plan(2, [removed(), untouched("also-same")]),
    ]
    summary = Summary(plans, "plan")
    assert [one.name for one in summary.rulestacks] == [
        "lint",
        "retired",
        "many",
        "new-stack",
        "warned",
        "foreign",
        "also-same",
        "same",
    ]
    assert [target.name for target in summary.targets] == ["shop_001", "shop_002", "shop_003"]
    assert [one.name for one in summary.targets[0].rulestacks] == ["lint", "new-stack", "warned"]


def test_findings_belong_to_the_rulestack_of_their_target() -> None:
    other = plan(1, [egress()], findings=[finding("warning", "allow-web")])
    found = {
        one.target: dict(one.findings) for one in Summary([shop(), other], "plan").managed if one.name == "shop-egress"
    }
    assert found == {"shop_000": {"error": 1, "warning": 1, "info": 1}, "shop_001": {"warning": 1}}


def test_ids_of_elements_are_unique_for_equal_names() -> None:
    summary = Summary([*fleet(20), *fleet(20)], "plan")
    assert len({one.id for one in summary.rulestacks}) == 200
    assert len({target.id for target in summary.targets}) == 40


def test_facts_are_those_of_the_plans() -> None:
    summary = Summary([plan(5), plan(1, created="soon"), plan(2)], "plan")
    assert summary.made == "2026-11-27 14:02:00 to 2026-11-27 14:05:00"
    assert summary.distinct("region") == ["ap-southeast-2", "eu-central-1"]
    assert Summary([plan(5)], "plan").made == "2026-11-27 14:05:00"
    assert Summary([plan(1, created="soon")], "plan").made == ""
    facts = {target.name: target.facts for target in summary.targets}
    assert facts["shop_005"] == f"made 2026-11-27 14:05:00 UTC, {plan(5)['id']}"
    assert facts["shop_001"] == plan(1)["id"]


def test_edited_plans_are_named_first() -> None:
    """What they show is not what was planned, and applying them is refused."""
    edited = {**shop(), "rulestacks": [untouched("shop-egress")], "findings": []}
    summary = Summary([edited, shop(1, findings=[]), plan(2)], "plan")
    assert summary.advice[0] == "Plans that were edited after they were made, and cannot be applied: shop_000."
    assert (summary.status, summary.tone, summary.counts["edited"]) == ("1 edited plan", "attention", 1)
    assert {target.name: target.edited for target in summary.targets} == {
        "shop_000": True,
        "shop_001": False,
        "shop_002": False,
    }
    assert summary.targets[0].name == "shop_000"


def test_what_no_plan_changes_is_not_edited() -> None:
    later = {**plan(0, [created()]), "unmanaged": ["new"], "warnings": ["careful"], "created": "2027-01-01T00:00:00Z"}
    assert Summary([later], "plan").counts["edited"] == 0


def test_many_edited_plans_are_counted() -> None:
    edited = [{**plan(number), "region": "us-west-2"} for number in range(5)]
    assert Summary(edited, "drift").advice == [
        "Plans that were edited after they were made, and cannot be applied: shop_000, shop_001, shop_002 and 2 more."
    ]
