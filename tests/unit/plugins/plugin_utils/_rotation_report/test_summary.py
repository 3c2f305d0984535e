# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Summary of a rotation result: verdict, advice, failure causes, next expiries."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report.summary import Summary
from ansible_collections.panw.cloud.tests.helpers.rotation_results import FAILURES, fleet, result, target

EARLIER, LATER = "2026-05-19T07:59:00Z", "2026-05-19T08:30:00Z"


def run(*states: str, **changes: Any) -> Summary:
    return Summary(result([target(number, state) for number, state in enumerate(states)], **changes))


@pytest.mark.parametrize(
    ("states", "changes", "status", "verdict"),
    [
        ([], {}, "Done", "No targets."),
        (["rotated"], {}, "Done", "The target has a working token."),
        (["rotated", "fresh"], {}, "Done", "All 2 targets have a working token."),
        (["rotated", "locked"], {}, "Done", "1 of 2 targets have a working token; 1 was skipped."),
        (["rotated", "failed"], {}, "Done with failures", "1 of 2 targets failed."),
        (["rotated", "unknown"], {}, "Done with failures", "0 of 2 targets failed, 1 unknown."),
        (
            ["rotated", "unknown", "failed", "not_started"],
            {"interrupted": True},
            "Interrupted",
            "1 of 4 targets done, 1 failed, 1 unknown, 1 not started.",
        ),
        (["due", "fresh"], {"dry_run": True}, "Dry run", "1 of 2 targets would be rotated."),
        (["due", "failed"], {"dry_run": True}, "Dry run", "1 of 2 targets failed."),
        (
            ["fresh", "failed", "not_started"],
            {"interrupted": True},
            "Interrupted",
            "1 of 3 targets done, 1 failed, 1 not started.",
        ),
        (
            ["rotated", "failed", "not_started"],
            {"stopped": True},
            "Stopped",
            "1 of 3 targets done, 1 failed, 1 not started, after too many failures.",
        ),
    ],
)
def test_verdict_matches_result(states: list[str], changes: dict[str, Any], status: str, verdict: str) -> None:
    summary = run(*states, **changes)
    assert (summary.status, summary.verdict) == (status, verdict)
    assert summary.good is (set(states) <= {"rotated", "fresh", "due"})


def test_large_numbers_are_grouped() -> None:
    assert Summary(fleet(10000)).verdict == "68 of 10,000 targets failed."


def test_advice_without_failures_is_empty() -> None:
    assert run("rotated", "fresh").advice == []


def test_advice_is_sorted_by_urgency() -> None:
    targets = [
        target(1, "failed", name="dead", expires_at=EARLIER),
        target(2, "failed", name="dying", expires_at=LATER),
        target(3, "failed", name="later", expires_at="2026-05-19T08:31:00Z"),
        target(4, "failed", name="none", expires_at=None),
        target(5, "locked"),
        target(6, "not_started"),
        target(7, "not_started"),
        target(8, repaired=["a"]),
    ]
    assert Summary(result(targets)).advice == [
        "1 stored token had expired when the run ended, that of dead first.",
        "The first token of a failed target expires at 2026-05-19 08:30:00 UTC, in 30 min (dying).",
        "Run the job again to process the 2 targets not started; a fresh target costs one read.",
        "1 target was locked by another run and skipped.",
        "1 target was incomplete or invalid, and repaired.",
    ]


def test_dry_run_verdict_reports_no_change() -> None:
    assert run("due", dry_run=True).advice == ["Dry run: nothing was changed."]


def test_states_are_shown_for_run_and_dry_run() -> None:
    assert run("rotated", "rotated", "fresh").states == {
        "failed": 0,
        "locked": 0,
        "not_started": 0,
        "rotated": 2,
        "fresh": 1,
    }
    assert run("rotated", "unknown").states["unknown"] == 1
    assert list(run("due", dry_run=True).states) == ["failed", "locked", "not_started", "due", "fresh"]


def test_identical_failures_are_one_cause_sorted_by_frequency() -> None:
    targets = [target(0, "failed"), *(target(1 + 3 * number, "failed") for number in range(20))]
    first, second = Summary(result(targets)).causes
    assert first.title == "create, throttled"
    assert first.next_step == FAILURES[0]["next_step"]
    assert first.reason == f"{FAILURES[0]['reason']}."
    assert first.alike
    assert len(first.names) == 20
    assert first.examples.startswith("workload-0000-rulestack, ")
    assert first.examples.endswith(" and 8 more")
    assert second.title == "assume, authorization"
    assert second.examples == "workload-0000-firewall"


def test_cause_with_different_reasons_is_marked() -> None:
    (cause,) = Summary(result([target(1, "failed"), target(4, "failed", reason="another")])).causes
    assert not cause.alike


def test_unknown_outcome_has_cause_and_advice() -> None:
    summary = Summary(result([target(1), target(2, "unknown", **FAILURES[0])]))
    assert [cause.names for cause in summary.causes] == [[summary.targets[0].name]]
    assert summary.advice == [
        "1 store may hold a new token. Run again to find out; the next run completes interrupted rotations."
    ]


def test_difference_to_previous_run_is_one_sentence() -> None:
    nothing: dict[str, Any] = {name: [] for name in ("newly_failed", "still_failed", "recovered", "added", "removed")}
    last = {**nothing, "ended_at": EARLIER, "newly_failed": ["a"], "removed": list("bcdef")}
    assert Summary(result([], since_last_run=last)).difference == (
        "Since the last run, which ended 2026-05-19 07:59:00 UTC: 1 newly failed (a), 5 removed (b, c, d and 2 more)."
    )
    assert Summary(result([], since_last_run={**nothing, "ended_at": None})).difference == (
        "Since the last run: no change."
    )
    assert (Summary(result([], since_last_run=None)).difference, Summary({}).difference) == ("", "")


def test_failure_of_unknown_step_has_title() -> None:
    (cause,) = Summary(result([target(1, "failed", step=None, kind=None)])).causes
    assert cause.title == "unknown step"


def test_targets_are_sorted_by_attention_then_expiry() -> None:
    states = ["fresh", "rotated", "due", "not_started", "locked", "failed"]
    targets = [target(number, state) for number, state in enumerate(states)]
    targets += [target(6, "failed", name="b", expires_at=EARLIER), target(6, "failed", name="a", expires_at=EARLIER)]
    summary = Summary(result(targets))
    assert [entry.state for entry in summary.targets] == ["failed"] * 3 + [
        "locked",
        "not_started",
        "due",
        "rotated",
        "fresh",
    ]
    assert [entry.name for entry in summary.targets[:2]] == ["a", "b"]


def test_expiries_and_durations_are_sorted_and_missing_ones_omitted() -> None:
    targets = [
        target(1, expires_at=LATER, duration=0.2),
        target(2, expires_at=EARLIER, duration=0.3),
        target(3, expires_at=None, duration=None),
        target(4, "not_started"),
    ]
    summary = Summary(result(targets))
    assert [entry.name for entry in summary.dead] == [targets[1]["name"]]
    assert [entry.name for entry in summary.alive] == [targets[0]["name"]]
    assert [entry.duration for entry in summary.slowest] == [0.3, 0.2]


def test_notes_describe_failure_and_pending_revocation() -> None:
    pending = [{"fingerprint": "abc", "revoke_at": LATER}]
    failed, good = Summary(
        result([target(2, pending_revocation=pending, repaired=["Mended"]), target(1, "failed")])
    ).targets
    assert failed.notes == f"create, throttled: {FAILURES[0]['reason']}. {FAILURES[0]['next_step']}"
    assert good.notes == "Mended. Old token abc will be revoked after 2026-05-19 08:30:00."


def test_partial_result_is_accepted() -> None:
    """An interrupted run reports partial results."""
    summary = Summary({"interrupted": True, "targets": [{"name": "a", "state": "not_started"}]})
    assert summary.targets[0].name == "a"
    assert summary.status == "Interrupted"
    assert summary.advice == []
