# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of a fleet rotation: the result of one run as an HTML page, as JSON, and as a short text for messages.

The page is a single file. It loads nothing, is readable without scripts, and its content security policy allows only its own script.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._common.errors import ErrorContext

from . import files
from .difference import difference, earlier
from .files import ReportError
from .message import failures, message
from .page import page
from .short import short
from .summary import Summary

__all__ = ["Report", "failures", "message", "short_text"]

# Bytes that a format needs, and more for each target: about the size of a failed target with long texts.
ROOM = {"json": (1 << 14, 3 << 10), "text": (1 << 13, 0), "html": (1 << 16, 3 << 10)}


class Report:
    """A report whose files have mode 0600 and are written atomically, with reserved disk space. A context manager that releases
    the space.

    :param path: an existing directory, or the files' common path without suffix; a trailing C(.html) is dropped.
    :param targets: the number of targets in the report.
    :raises InvalidInput: it cannot be written, or the disk space is insufficient.
    """

    def __init__(self, path: str, targets: int) -> None:
        files.check(path)
        self._places = files.places(path)
        self._files: dict[str, files.ReservedFile] = {}
        try:
            for form, (base, each) in ROOM.items():
                self._files[form] = files.ReservedFile(self._places[form], base + each * targets)
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> Report:
        return self

    def __exit__(self, *_failure: object) -> None:
        for file in self._files.values():
            file.discard()

    def since_last_run(self, result: dict[str, Any]) -> dict[str, Any] | None:
        """The changes since the run whose report this one replaces, None without an earlier report."""
        return difference(earlier(self._places["json"]), result)

    def write(self, result: dict[str, Any]) -> tuple[dict[str, str], list[ReportError]]:
        """Write the files independently of each other.

        :param result: what a rotation returns, also for a dry run or an interrupted run.
        :return: the paths of the written files by format, C(json), C(text) and C(html), and the errors for the others.
        """
        forms: dict[str, Callable[[], str]] = {
            "json": lambda: _lines(result),
            "text": lambda: short(Summary(result)),
            "html": lambda: page(Summary(result)),
        }
        written, failures = {}, []
        for form, render in forms.items():
            try:
                self._files[form].write(render())
            except ReportError as failure:
                failures.append(failure)
            except Exception as error:  # a bug in the report must not lose the run's result
                reason = f"{type(error).__name__}, a bug in panw.cloud"
                failures.append(ReportError("write the report", ErrorContext(target=self._places[form], reason=reason)))
            else:
                written[form] = self._places[form]
        return written, failures


def short_text(result: dict[str, Any]) -> str:
    """The short text: at most 24 lines of at most 79 characters."""
    return short(Summary(result))


def _lines(result: dict[str, Any]) -> str:
    """The result as JSON, with one line for each key and each target, so that grep works, too."""
    parts = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in result.items() if name != "targets"]
    targets = ",\n".join(map(json.dumps, result.get("targets") or []))
    return "{\n" + ",\n".join([*parts, f'"targets": [\n{targets}\n]']) + "\n}\n"
