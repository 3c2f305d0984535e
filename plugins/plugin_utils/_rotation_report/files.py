# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of a report, with disk space reserved before the rotation starts.

Next to each file is a hidden one, filled to the largest size of the report and synced. At the end it is overwritten in place, which needs no more
space, and renamed. It is locked during the run, so that the next run can remove the leftovers of a killed one.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import glob
import os
import stat
import tempfile

from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    ErrorContext,
    InvalidInput,
    PanwCloudError,
)

SUFFIXES = {"json": ".json", "text": ".txt", "html": ".html"}
NAME_IN_DIRECTORY = "ngfw_token_rotation"
BLOCK = 1 << 20


class ReportError(PanwCloudError):
    """A file of the report was not written."""

    kind = "report"
    advice = "The rotation itself is not affected. Check the directory and the free disk space."


def places(path: str) -> dict[str, str]:
    """The paths of the files by format."""
    if os.path.isdir(path):
        path = os.path.join(path, NAME_IN_DIRECTORY)
    stem = path.removesuffix(SUFFIXES["html"])
    return {form: stem + suffix for form, suffix in SUFFIXES.items()}


def check(path: str) -> None:
    """Check the path of a report. :raises InvalidInput: it is unusable."""
    if "\0" in path or not os.path.isabs(path):
        raise InvalidInput("report", f"is not an absolute path: {path!r}")
    for place in places(path).values():
        try:
            _check_place(place)
        except OSError as error:
            raise _refused(place, error) from None


class ReservedFile:
    """One file of a report.

    :param room: bytes to reserve.
    :raises InvalidInput: it cannot be written, or the disk space is insufficient.
    """

    def __init__(self, place: str, room: int) -> None:
        self._place = place
        try:
            _sweep(place)
            self._descriptor, self._beside = _locked_file(place)
        except OSError as error:
            raise _refused(place, error) from None
        try:
            self._fill(room)
        except OSError as error:
            self.discard()
            raise _refused(place, error, f" ({room:,} bytes are reserved for it)") from None

    def write(self, text: str) -> None:
        """Write the text atomically. An existing symbolic link is replaced, not followed.

        :raises ReportError: the operating system reports an error.
        """
        content = text.encode()
        try:
            with open(self._descriptor, "r+b", closefd=False) as file:
                file.seek(0)
                file.write(content)
                file.truncate()
                file.flush()
                os.fsync(self._descriptor)
            os.replace(self._beside, self._place)
        except OSError as error:
            failure = ReportError("write the report", ErrorContext(target=self._place, reason=error.strerror))
        else:
            return
        raise failure

    def discard(self) -> None:
        """Release the reserved space, unless the file was written."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._beside)
        os.close(self._descriptor)

    def _fill(self, room: int) -> None:
        # Random data, and written instead of allocated: file systems can compress, and not all honor an allocation.
        block = os.urandom(min(room, BLOCK))
        with open(self._descriptor, "wb", closefd=False) as file:
            for start in range(0, room, BLOCK):
                file.write(block[: room - start])
            file.flush()
            os.fsync(self._descriptor)


def _check_place(place: str) -> None:
    directory, name = os.path.split(place)
    try:
        around = os.stat(directory)
    except FileNotFoundError:
        raise InvalidInput(
            "report", f"cannot be written. Directory {directory} does not exist. Create it, or choose another path."
        ) from None
    if name in SUFFIXES.values():
        raise InvalidInput("report", f"has no file name, only the directory {directory}")
    try:
        status = os.lstat(place)
    except FileNotFoundError:
        return
    if not stat.S_ISREG(status.st_mode):
        raise InvalidInput("report", f"is not a regular file: {place}")
    if around.st_mode & stat.S_ISVTX and os.geteuid() not in (0, status.st_uid, around.st_uid):
        raise PermissionError(errno.EPERM, "It belongs to another user, and its directory is sticky")


def _prefix(place: str) -> str:
    directory, name = os.path.split(place)
    return os.path.join(directory, f".{name}.reserved-")


def _locked_file(place: str) -> tuple[int, str]:
    """A new file with mode 0600 and an unpredictable name."""
    directory, prefix = os.path.split(_prefix(place))
    while True:
        descriptor, beside = tempfile.mkstemp(prefix=prefix, dir=directory)
        with contextlib.suppress(OSError):  # a file system without locks: leftovers are not removed there either
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.path.lexists(beside):  # otherwise another run removed it before it was locked
            return descriptor, beside
        os.close(descriptor)


def _sweep(place: str) -> None:
    """Remove the leftovers of killed runs next to a file."""
    for path in glob.glob(f"{glob.escape(_prefix(place))}*"):
        with contextlib.suppress(OSError):  # gone, in use by another run, or another user's
            descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.unlink(path)
            finally:
                os.close(descriptor)


def _refused(place: str, error: OSError, more: str = "") -> InvalidInput:
    return InvalidInput("report", f"cannot be written: {place}: {error.strerror}{more}")
