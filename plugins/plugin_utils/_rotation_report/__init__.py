# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of a fleet rotation: the result of one run as an HTML page, as JSON, and as a short text for messages.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from typing import Any

from .._report.files import Destination, ReportError, ReportFiles, json_lines
from .difference import difference, earlier
from .message import failures, message
from .page import page
from .short import short
from .summary import Summary

__all__ = ["Report", "failures", "message", "short_text"]

NAME_IN_DIRECTORY = "ngfw_token_rotation"
# Bytes that a format needs, and more for each target: about the size of a failed target with long texts.
ROOM = {"json": (1 << 14, 3 << 10), "text": (1 << 13, 0), "html": (1 << 16, 3 << 10)}


class Report(ReportFiles):
    """A report whose disk space is reserved before the rotation starts.

    :param path: an existing directory, or the files' common path without suffix; a trailing C(.html) is dropped.
    :param targets: the number of targets in the report.
    :raises InvalidInput: it cannot be written, or the disk space is insufficient.
    """

    def __init__(self, path: str, targets: int) -> None:
        rooms = {form: base + each * targets for form, (base, each) in ROOM.items()}
        super().__init__(Destination(path, "report", NAME_IN_DIRECTORY), rooms)

    def __enter__(self) -> Report:
        return self

    def since_last_run(self, result: dict[str, Any]) -> dict[str, Any] | None:
        """The changes since the run whose report this one replaces, None without an earlier report."""
        return difference(earlier(self.places["json"]), result)

    def write(self, result: dict[str, Any]) -> tuple[dict[str, str], list[ReportError]]:
        """Write the files independently of each other.

        :param result: what a rotation returns, also for a dry run or an interrupted run.
        :return: the paths of the written files by format, C(json), C(text) and C(html), and the errors for the others.
        """
        written, failures = self.write_all(
            {
                "json": lambda: json_lines(result, "targets"),
                "text": lambda: short(Summary(result)),
                "html": lambda: page(Summary(result)),
            }
        )
        for failure in failures:
            failure.add("The rotation itself is not affected.")
        return written, failures


def short_text(result: dict[str, Any]) -> str:
    """The short text: at most 24 lines of at most 79 characters."""
    return short(Summary(result))
