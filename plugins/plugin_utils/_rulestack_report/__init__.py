# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of rulestack plans: what changes in the rulestacks of many accounts, as an HTML page, as JSON and as text.

The same files have the same report: it does not say when it was made.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._report.files import Destination, ReportFiles, json_lines
from .page import page
from .plans import read
from .short import long, short
from .summary import Summary

__all__ = ["report"]

NAME_IN_DIRECTORY = "ngfw_rulestack_report"


def report(
    paths: Sequence[str], kind: str, dest: str | None, failed: Mapping[str, str] | None = None, *, dry_run: bool = False
) -> dict[str, Any]:
    """Read plans and write their report. Files that have the same content are left alone.

    :param paths: of plans, and of directories of plans. :param kind: C(plan), C(drift) or C(apply).
    :param failed: what failed for targets, by name. They can be without a plan.
    :param dest: a directory, or the files' common path without suffix; without it, only the result has the report.
    :param dry_run: write nothing.
    :return: what the module returns.
    :raises InvalidInput: a plan is unreadable, or the report cannot be written. :raises ReportError: a file was not written.
    """
    destination = Destination(dest, "dest", NAME_IN_DIRECTORY) if dest else None
    places = destination.places if destination else {}
    failed = {str(name): str(reason) for name, reason in (failed or {}).items()}
    summary = Summary([] if failed and not paths else read(paths, places.values()), kind, failed)
    result = {"changed": False, "counts": summary.counts, "text": short(summary), "files": places or None}
    if destination:
        destination.check()
        whole = {"kind": kind, "counts": summary.counts, "failed": failed, "plans": summary.plans}
        texts = {"json": json_lines(whole, "plans"), "text": long(summary), "html": page(summary)}
        new = {form: text for form, text in texts.items() if _content(places[form]) != text.encode()}
        result["changed"] = bool(new)
        if new and not dry_run:
            _write(destination, new)
    return result


def _write(destination: Destination, texts: dict[str, str]) -> None:
    """:raises ReportError: a file was not written; the others are."""
    with ReportFiles(destination, {form: len(text.encode()) for form, text in texts.items()}) as files:
        _written, failures = files.write_all({form: text.__str__ for form, text in texts.items()})
    if failures:
        raise failures[0]


def _content(place: str) -> bytes | None:
    """The content of a file, None if there is none."""
    try:
        with open(place, "rb") as file:
            return file.read()
    except OSError:
        return None
