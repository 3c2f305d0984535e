# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of a fleet rotation: the result of one run as a page for people, as JSON for programs, and as a short text for a message.

The page is one file. It loads nothing, needs no script to be read, and its content security policy allows no script but its own.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._common.errors import Evidence

from . import files
from .difference import difference, earlier
from .files import ReportError
from .message import failures, message
from .page import page
from .short import short
from .summary import Summary

__all__ = ["Report", "failures", "message", "short_text"]

# Bytes that a form needs by itself and for each target: a target that failed with long texts takes about so many.
ROOM = {"json": (1 << 14, 3 << 10), "text": (1 << 13, 0), "html": (1 << 16, 3 << 10)}


class Report:
    """A report whose files have mode 0600, each complete or not there at all, and whose room on the disk is reserved. A context that gives
    the room back.

    :param path: a directory that exists, or the files' common path without its suffix; C(.html) at its end is dropped.
    :param targets: how many targets the report will have.
    :raises InvalidInput: it cannot be written, or there is no room for it.
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
        """What has changed since the run whose report this one replaces, None if there is none."""
        return difference(earlier(self._places["json"]), result)

    def write(self, result: dict[str, Any]) -> tuple[dict[str, str], list[ReportError]]:
        """Write the files, each by itself.

        :param result: what a rotation returns, also of a dry run or of a part of a run.
        :return: the paths of those that were written by form, C(json), C(text) and C(html), and why others were not.
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
            except Exception as error:  # the run's result must not be lost by a defect of its report
                reason = f"{type(error).__name__}, a defect of panw.cloud"
                failures.append(ReportError("write the report", Evidence(target=self._places[form], reason=reason)))
            else:
                written[form] = self._places[form]
        return written, failures


def short_text(result: dict[str, Any]) -> str:
    """The short text alone: at most 24 lines of at most 79 characters."""
    return short(Summary(result))


def _lines(result: dict[str, Any]) -> str:
    """The result as JSON, with a line for each of its parts and for each target: for programs, and for grep."""
    parts = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in result.items() if name != "targets"]
    targets = ",\n".join(map(json.dumps, result.get("targets") or []))
    return "{\n" + ",\n".join([*parts, f'"targets": [\n{targets}\n]']) + "\n}\n"
