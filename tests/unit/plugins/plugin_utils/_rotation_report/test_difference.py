# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The difference to the previous run, and the message of a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report import Report, failures, message
from ansible_collections.panw.cloud.tests.helpers.rotation_results import result, target, written


def run(**states: str) -> dict[str, Any]:
    return result([target(number, state, name=name) for number, (name, state) in enumerate(states.items())])


def since(path: Path, report: dict[str, Any]) -> Any:
    with Report(str(path), 9) as files:
        return files.since_last_run(report)


def test_difference_groups_targets_by_change(tmp_path: Path) -> None:
    before = run(a="failed", b="failed", c="rotated", d="fresh", e="unknown", f="failed", g="failed")
    after = run(a="rotated", b="failed", c="failed", d="unknown", e="unknown", g="not_started", h="fresh", i="failed")
    written(before, tmp_path / "today")
    assert since(tmp_path / "today", after) == {
        "ended_at": before["ended_at"],
        "newly_failed": ["c", "d", "i"],
        "still_failed": ["b", "e"],
        "recovered": ["a"],
        "added": ["h", "i"],
        "removed": ["f"],
    }


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{",
        "[]",
        "7",
        "{}",
        '{"targets": null}',
        '{"targets": {"a": 1}}',
        "[" * 100_000,
        "\xff",
        '{"targets": [], "ended_at": 7}',
        '{"targets": [7, null, {"name": 7}, {"name": "b"}, {"state": "failed"}, {"name": "c", "state": []}]}',
    ],
)
def test_difference_tolerates_invalid_earlier_report(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "today.json").write_text(text, encoding="latin-1")
    found = since(tmp_path / "today", run(a="failed"))
    assert found is None or (found["newly_failed"], found["ended_at"], found["recovered"]) == (["a"], None, [])
    with Report(str(tmp_path / "today"), 1) as report:
        assert report.write({**run(a="failed"), "since_last_run": found})[1] == []
    assert json.loads((tmp_path / "today.json").read_text())["since_last_run"] == found


def test_message_names_only_failed_targets() -> None:
    report = run(good="rotated", bad="failed", doubt="unknown", other="locked", left="not_started", too="failed")
    report["targets"][2].update(reason="The run was interrupted", next_step="Run again")
    report["targets"][5].update(reason=report["targets"][1]["reason"])
    assert message(report) == (
        "The rotation of 6 tokens took 20.8 seconds: 1 rotated, 2 failed, 1 unknown, 1 locked, 1 not_started."
    )
    assert failures(report) == (
        "(1) bad, too: the server returned HTTP 429: Too Many Requests. Run again later, or with fewer hosts at once. "
        "(2) doubt: Unknown. The run was interrupted. Run again."
    )
    assert failures(run(good="rotated")) == ""


def test_message_names_at_most_ten_failures_and_stays_short() -> None:
    targets = [
        target(number, "failed", name="n" * 5000, reason=f"{number} \x1b[31m" * 5000, next_step="do " * 5000)
        for number in range(1011)
    ]
    reported = failures(result(targets))
    assert ("(10) " in reported, "(11) " in reported) == (True, False)
    assert reported.endswith("And 1,001 other failures.")
    assert len(reported) < 10_000
    assert reported.isprintable()
