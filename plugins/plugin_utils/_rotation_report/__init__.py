# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of a fleet rotation: the result of one run as a page for people, as JSON for programs, and as a short text for a message.

The page is one file. It loads nothing, needs no script to be read, and its content security policy allows no script but its own.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import json
from typing import Any

from . import files
from .page import page
from .short import short
from .summary import Summary

__all__ = ["check_writable", "short_text", "write"]


def check_writable(path: str) -> None:
    """See that a report can be written, before anything is started.

    :param path: as for func:`write`.
    :raises InvalidInput: on the option C(report).
    """
    files.check(path)


def write(result: dict[str, Any], path: str) -> dict[str, str]:
    """Write the report: three files with mode 0600, each complete or not there at all.

    :param result: what a rotation returns, also of a dry run or of a part of a run.
    :param path: a directory that exists, or the files' common path without its suffix; C(.html) at its end is dropped.
    :returns: the paths by form: C(json), C(text) and C(html), in the order in which they were written.
    :raises ReportError: the operating system refuses.
    """
    places = files.places(path)
    files.replace(places["json"], _lines(result))
    summary = Summary(result)
    files.replace(places["text"], short(summary))
    files.replace(places["html"], page(summary))
    return places


def short_text(result: dict[str, Any]) -> str:
    """The short text alone: at most 24 lines of at most 79 characters."""
    return short(Summary(result))


def _lines(result: dict[str, Any]) -> str:
    """The result as JSON, with a line for each of its parts and for each target: for programs, and for grep."""
    parts = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in result.items() if name != "targets"]
    targets = ",\n".join(map(json.dumps, result.get("targets") or []))
    return "{\n" + ",\n".join([*parts, f'"targets": [\n{targets}\n]']) + "\n}\n"
