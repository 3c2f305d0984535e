# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as a short text for a terminal, an email or a notification.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from .._report.wording import count, date, seconds, visible, wrapped
from .summary import Summary

LINES = 24
ADVICE, CAUSES = 3, 3


def short(summary: Summary) -> str:
    """At most 24 lines of at most 79 characters, most important first."""
    numbers = ", ".join(f"{state.replace('_', ' ')} {count(number)}" for state, number in summary.states.items())
    sentences = [f"Token rotation, {summary.status.lower()}: {summary.verdict}", _run(summary), f"Targets: {numbers}."]
    sentences += summary.advice[:ADVICE]
    if summary.difference:
        sentences.append(summary.difference)
    if summary.due:
        sentences.append(f"The next token is due {summary.due}.")
    if summary.alive:
        sentences.append(f"The next token expiry is {summary.expiry(summary.alive[0])}.")
    for cause in summary.causes[:CAUSES]:
        sentences.append(f"Failed at {cause.title}: {count(len(cause.names), 'target')}. {cause.reason}")
        sentences += [f"  Next step: {cause.next_step}"] if cause.next_step else []
    more = sum(len(cause.names) for cause in summary.causes[CAUSES:])
    if more:
        sentences.append(f"Other failures: {count(more, 'target')}.")
    lines = [line for sentence in sentences for line in wrapped(sentence)]
    end = wrapped(_requests(summary))
    return "".join(f"{line}\n" for line in [*lines[: LINES - len(end)], *end])


def _run(summary: Summary) -> str:
    who = visible(summary.result.get("run_by"))
    release = visible(summary.result.get("version"))
    by = f", run by {who}" if who else ""
    under = f" with panw.cloud {release}" if release else ""
    return f"Ended {date(summary.ended)} UTC after {seconds(summary.result.get('duration'))}{by}{under}."


def _requests(summary: Summary) -> str:
    number, throttled = summary.result.get("requests") or 0, summary.result.get("throttled") or 0
    if not number:
        return ""
    refused = f", {count(throttled)} throttled" if throttled else ""
    return f"{count(number, 'request')}, {summary.requests_per_second:.1f} per second{refused}."
