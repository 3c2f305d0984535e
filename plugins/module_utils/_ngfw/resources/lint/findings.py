# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings of the lint: their IDs, their severities, and what suppresses them.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...._common.errors import ErrorContext, PanwCloudError

SEVERITIES = ("error", "warning", "info")
"""The worst first."""
ANY_TO_ANY, SHADOWED, UNMATCHABLE = "any-to-any-allow", "shadowed-rule", "unmatchable-rule"
DUPLICATE, EMPTY, UNUSED = "duplicate-rule", "empty-list", "unused-object"
UNDECIDED = "undecided-shadowing"
IDS = {
    ANY_TO_ANY: "error",
    SHADOWED: "error",
    UNMATCHABLE: "error",
    DUPLICATE: "warning",
    EMPTY: "warning",
    UNUSED: "warning",
    UNDECIDED: "info",
}
"""The severity of each kind of finding. IDs and severities are part of the module's interface."""
PLACE = ("rulestack", "section", "name")
SHOWN = 20  # findings in a message


def suppression_spec() -> dict[str, Any]:
    """The options of a suppression."""
    return {"id": {"type": "str", "required": True, "choices": list(IDS)}, **{key: {"type": "str"} for key in PLACE}}


@dataclasses.dataclass(frozen=True)
class Other:
    """Another rule that a finding is about. :param undecided: the options that leave it open whether this rule shadows the other."""

    section: str
    name: str
    undecided: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Finding:
    """What is wrong with a rule or an object.

    :param id: one of L(IDS). :param place: for messages. :param message: the end of a sentence about the place.
    """

    id: str
    rulestack: str
    section: str
    name: str
    place: str
    message: str
    others: tuple[Other, ...] = ()

    @property
    def severity(self) -> str:
        """One of L(SEVERITIES)."""
        return IDS[self.id]

    def as_result(self) -> dict[str, Any]:
        """The finding in results."""
        others = [{**dataclasses.asdict(other), "undecided": list(other.undecided)} for other in self.others]
        own = {key: getattr(self, key) for key in ("id", "severity", *PLACE, "place", "message")}
        return {**own, "others": others}


@dataclasses.dataclass(frozen=True)
class Report:
    """The findings that are left, and what the suppressions did.

    :param suppressed: the number of findings that are left out. :param unused: the suppressions that no finding matches.
    """

    findings: Sequence[Finding]
    suppressed: int
    unused: Sequence[Mapping[str, Any]]

    def as_result(self) -> dict[str, Any]:
        """The report as the result of a module."""
        counts = Counter(finding.severity for finding in self.findings)
        return {
            "changed": False,
            "findings": [finding.as_result() for finding in self.findings],
            "counts": {severity: counts[severity] for severity in SEVERITIES},
            "suppressed": self.suppressed,
            "unused_suppressions": [dict(one) for one in self.unused],
        }

    def fail_on(self, severity: str) -> None:
        """Raise if there are findings of a severity or a worse one. :raises LintFailed: there are."""
        failing = SEVERITIES[: SEVERITIES.index(severity) + 1]
        if any(finding.severity in failing for finding in self.findings):
            raise LintFailed(self, [finding for finding in self.findings if finding.severity in failing])


class LintFailed(PanwCloudError):
    """There are findings that are not accepted. :param report: all findings. :param failing: those that are not accepted."""

    kind = "findings"
    advice = "Correct the documents, or list in 'suppress' what is meant to be so."

    def __init__(self, report: Report, failing: Sequence[Finding]) -> None:
        self.report = report
        texts = [f"{one.place} {one.message.rstrip('.')} ({one.id})" for one in failing[:SHOWN]]
        more = [f"and {len(failing) - SHOWN} more"] if len(failing) > SHOWN else []
        self._texts = [*texts, *more]
        super().__init__("accept the documents", ErrorContext(reason="; ".join(self._texts)))

    @property
    def summary(self) -> str:
        """All findings that are not accepted, one a line."""
        return "\n- ".join(["The documents have findings:", *self._texts])

    def __str__(self) -> str:
        return f"{self.summary}\n{self.advice}"

    def as_result(self) -> dict[str, Any]:
        """The failure as C(fail_json) arguments, with all findings."""
        return {**super().as_result(), **self.report.as_result()}


def report(findings: Iterable[Finding], suppressions: Sequence[Mapping[str, Any]]) -> Report:
    """The report of findings.

    :param suppressions: each with an C(id), and on request a C(rulestack), a C(section) and a C(name) that a finding must have.
    """
    left, used, suppressed = [], set(), 0
    for finding in findings:
        matching = [index for index, one in enumerate(suppressions) if _matches(one, finding)]
        used.update(matching)
        if matching:
            suppressed += 1
        else:
            left.append(finding)
    unused = [{key: value for key, value in one.items() if value} for one in suppressions]
    return Report(left, suppressed, [one for index, one in enumerate(unused) if index not in used])


def _matches(suppression: Mapping[str, Any], finding: Finding) -> bool:
    return finding.id == suppression["id"] and all(
        suppression.get(key) in (None, getattr(finding, key)) for key in PLACE
    )
