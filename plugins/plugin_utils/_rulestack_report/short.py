# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as text: short for the output of a job or an approval, and with all changes for terminals and mails.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Iterator

from .._report.wording import count, wrapped
from .differences import singular
from .summary import Rulestack, Summary

LISTED = 50  # rulestacks in the short text


def short(summary: Summary) -> str:
    """The outcome, a line for each of the first rulestacks with changes, findings or uncommitted changes, and the totals."""
    listed = [one for one in summary.managed if one.has_details]
    lines = [line for one in listed[:LISTED] for line in wrapped(_line(summary, one))]
    more = len(listed) - LISTED
    if more > 0:
        lines.append(f"And {count(more, 'other rulestack')}.")
    failed = [f"{name} failed: {reason}" for name, reason in summary.failed]
    lines += [line for one in failed[:LISTED] for line in wrapped(one)]
    return _text([*_head(summary), *lines, *wrapped(_totals(summary))])


def long(summary: Summary) -> str:
    """The same for all rulestacks, each with its changes and findings, unmanaged rulestacks and warnings."""
    lines = []
    for target in summary.targets:
        for rulestack in target.rulestacks:
            lines += ["", *wrapped(_line(summary, rulestack)), *_details(summary, rulestack)]
        others = [f"{target.name} {name}: {_UNMANAGED}" for name in target.unmanaged]
        others += [f"{target.name} warning: {warning}" for warning in target.warnings]
        lines += ["", *(line for other in others for line in wrapped(other))] if others else []
    lines += (
        ["", *(line for name, reason in summary.failed for line in wrapped(f"{name} failed: {reason}"))]
        if summary.failed
        else []
    )
    return _text([*_head(summary), *lines, "", *wrapped(_totals(summary))])


_UNMANAGED = "unmanaged"


def _head(summary: Summary) -> list[str]:
    sentences = [f"{summary.words.title}: {summary.verdict}", *summary.advice]
    return [line for sentence in sentences for line in wrapped(sentence)]


def _line(summary: Summary, rulestack: Rulestack) -> str:
    state = f"{summary.words.states[rulestack.state]}; " if rulestack.state in ("create", "delete") else ""
    return f"{rulestack.target} {rulestack.name}: {state}{summary.outcome(rulestack)}"


def _details(summary: Summary, rulestack: Rulestack) -> Iterator[str]:
    """A line for each change, finding and uncommitted change."""
    if rulestack.rows is None:
        return
    tables = [rulestack.rows.objects, *(table.rows for table in rulestack.rows.tables)]
    for row in (row for rows in tables for row in rows if not row.quiet):
        operation = summary.words.operations.get(row.operation, "")
        options = f": {', '.join(row.options)}" if row.operation in ("update", "move") else ""
        comment = f" ({row.comment})" if row.comment else ""
        place = f"{row.kind} {row.name}"
        if operation:
            yield from wrapped(f"  {operation} {place}{options}{comment}")
        for finding in row.findings:
            yield from wrapped(f"  {finding.severity} {place} {finding.message} ({finding.id})")
    for section, name, operation in rulestack.uncommitted:
        yield from wrapped(f"  uncommitted: {operation} {singular(section)} {name}")


def _totals(summary: Summary) -> str:
    counts = summary.counts
    changes = ", ".join(f"{count(summary.number(one))} {word}" for one, word in summary.words.operations.items())
    findings = ", ".join(count(number, severity) for severity, number in counts["findings"].items())
    return f"Totals: {changes}; {findings}; {count(counts['uncommitted'])} uncommitted, {count(counts['unmanaged'])} {_UNMANAGED}."


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
