# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings: stable IDs and severities, suppressions, and the failure of a task."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.lint.findings import (
    IDS,
    Finding,
    LintFailed,
    Other,
    report,
)

SHADOWED = Finding("shadowed-rule", "web", "rules", "r1", "place", "is shadowed.", (Other("rules", "r0"),))
UNUSED = Finding("unused-object", "web", "feeds", "f", "elsewhere", "is unused.")
UNDECIDED = Finding(
    "undecided-shadowing", "api", "rules", "r1", "there", "may be.", (Other("rules", "r", ("source",)),)
)


def test_ids_and_severities_are_stable() -> None:
    """They are in the playbooks of users: add some, but never change one within a major release."""
    assert IDS == {
        "any-to-any-allow": "error",
        "shadowed-rule": "error",
        "unmatchable-rule": "error",
        "duplicate-rule": "warning",
        "empty-list": "warning",
        "unused-object": "warning",
        "undecided-shadowing": "info",
    }


def test_result_has_findings_and_counts() -> None:
    result = report([SHADOWED, UNDECIDED, UNDECIDED], []).as_result()
    assert result["counts"] == {"error": 1, "warning": 0, "info": 2}
    assert result["findings"][0] == {
        "id": "shadowed-rule",
        "severity": "error",
        "rulestack": "web",
        "section": "rules",
        "name": "r1",
        "place": "place",
        "message": "is shadowed.",
        "others": [{"section": "rules", "name": "r0", "undecided": []}],
    }
    assert result["findings"][1]["others"][0]["undecided"] == ["source"]
    assert (result["changed"], result["suppressed"], result["unused_suppressions"]) == (False, 0, [])


@pytest.mark.parametrize(
    ("suppression", "left"),
    [
        ({"id": "shadowed-rule"}, [UNUSED, UNDECIDED]),
        ({"id": "shadowed-rule", "rulestack": "web", "section": None, "name": "r1"}, [UNUSED, UNDECIDED]),
        ({"id": "unused-object", "section": "feeds"}, [SHADOWED, UNDECIDED]),
        ({"id": "unused-object", "section": "certificates"}, [SHADOWED, UNUSED, UNDECIDED]),
        ({"id": "shadowed-rule", "rulestack": "api"}, [SHADOWED, UNUSED, UNDECIDED]),
        ({"id": "shadowed-rule", "name": "r"}, [SHADOWED, UNUSED, UNDECIDED]),
    ],
)
def test_suppressions(suppression: dict[str, Any], left: list[Finding]) -> None:
    found = report([SHADOWED, UNUSED, UNDECIDED], [suppression])
    assert found.findings == left
    assert found.suppressed == 3 - len(left)
    given = {key: value for key, value in suppression.items() if value}
    assert found.unused == ([given] if len(left) == 3 else [])


@pytest.mark.parametrize(
    ("findings", "severity", "failing"),
    [
        ([SHADOWED, UNUSED, UNDECIDED], "error", [SHADOWED]),
        ([UNUSED, UNDECIDED], "error", []),
        ([SHADOWED, UNUSED, UNDECIDED], "warning", [SHADOWED, UNUSED]),
        ([UNDECIDED], "warning", []),
        ([UNDECIDED], "info", [UNDECIDED]),
        ([], "info", []),
    ],
)
def test_findings_of_a_severity_or_worse_fail(findings: list[Finding], severity: str, failing: list[Finding]) -> None:
    if not failing:
        report(findings, []).fail_on(severity)
        return
    with pytest.raises(LintFailed) as failure:
        report(findings, []).fail_on(severity)
    result = failure.value.as_result()
    assert result["error"]["kind"] == "findings"
    assert len(result["findings"]) == len(findings)
    assert str(failure.value).count("\n- ") == len(failing)
    assert f"{failing[0].place} {failing[0].message.rstrip('.')} ({failing[0].id})" in str(failure.value)


def test_message_shows_the_first_findings() -> None:
    with pytest.raises(LintFailed) as failure:
        report([SHADOWED] * 25, []).fail_on("error")
    lines = str(failure.value).splitlines()
    assert lines[0] == "The documents have findings:"
    assert lines[1] == "- place is shadowed (shadowed-rule)"
    assert lines[21] == "- and 5 more"
    assert lines[22] == "Correct the documents, or list in 'suppress' what is meant to be so."
