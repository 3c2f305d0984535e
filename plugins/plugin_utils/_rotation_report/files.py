# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of a report.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile

from ansible_collections.panw.cloud.plugins.module_utils._errors import Evidence, InvalidInput, PanwCloudError

SUFFIXES = {"json": ".json", "text": ".txt", "html": ".html"}
NAME_IN_DIRECTORY = "ngfw_token_rotation"


class ReportError(PanwCloudError):
    """The operating system refuses to write the report."""

    kind = "report"
    advice = "The rotation itself is not affected. Check the directory and the space on the disk."


def places(path: str) -> dict[str, str]:
    """The files' paths by form."""
    if os.path.isdir(path):
        path = os.path.join(path, NAME_IN_DIRECTORY)
    stem = path.removesuffix(SUFFIXES["html"])
    return {form: stem + suffix for form, suffix in SUFFIXES.items()}


def check(path: str) -> None:
    """See that each file can be written, by making one beside it. :raises InvalidInput: it cannot."""
    if "\0" in path or not os.path.isabs(path):
        raise InvalidInput("report", f"is not an absolute path: {path!r}")
    for place in places(path).values():
        if os.path.basename(place) in SUFFIXES.values():
            raise InvalidInput("report", f"names no file in {os.path.dirname(place)}, which is no directory yet")
        try:
            _check_file(place)
            descriptor, beside = _beside(place)
            os.close(descriptor)
            os.unlink(beside)
        except OSError as error:
            raise InvalidInput("report", f"cannot be written: {place}: {error.strerror}") from None


def replace(place: str, text: str) -> None:
    """Put a text in the place of a file, all at once. A symbolic link in that place is replaced, not followed."""
    try:
        descriptor, beside = _beside(place)
        try:
            with open(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(descriptor)
            os.replace(beside, place)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(beside)
            raise
    except OSError as error:
        failure = ReportError("write the report", Evidence(target=place, reason=error.strerror))
    else:
        return
    raise failure


def _check_file(place: str) -> None:
    try:
        mode = os.lstat(place).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        raise InvalidInput("report", f"is taken by something that is no file: {place}")


def _beside(place: str) -> tuple[int, str]:
    """A new file with mode 0600 and a name that nobody can foresee."""
    directory, name = os.path.split(place)
    return tempfile.mkstemp(prefix=f".{name}.", dir=directory)
