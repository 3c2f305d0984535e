# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of a report, with disk space reserved before they are written.

Next to each file is a hidden one, filled to the largest size of the report and synced. At the end it is overwritten in place, which needs no more
space, and renamed. It is locked meanwhile, so that the next run can remove the leftovers of a killed one.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import fcntl
import glob
import json
import os
import stat
import tempfile
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    ErrorContext,
    InvalidInput,
    PanwCloudError,
)

SUFFIXES = {"json": ".json", "text": ".txt", "html": ".html"}
BLOCK = 1 << 20


class ReportError(PanwCloudError):
    """A file of the report was not written."""

    kind = "report"
    advice = "Check the directory and the free disk space."


@dataclasses.dataclass(frozen=True)
class Destination:
    """Where a report is written.

    :param path: an existing directory, or the files' common path without suffix; a trailing C(.html) is dropped.
    :param option: the name of the option that has the path. :param name: the name of the files in a directory, without suffix.
    """

    path: str
    option: str
    name: str

    @property
    def places(self) -> dict[str, str]:
        """The paths of the files by format, C(json), C(text) and C(html)."""
        path = os.path.join(self.path, self.name) if os.path.isdir(self.path) else self.path
        stem = path.removesuffix(SUFFIXES["html"])
        return {form: stem + suffix for form, suffix in SUFFIXES.items()}

    def check(self) -> None:
        """Check whether the files can be written. :raises InvalidInput: they cannot."""
        if "\0" in self.path or not os.path.isabs(self.path):
            raise InvalidInput(self.option, f"is not an absolute path: {self.path!r}")
        for place in self.places.values():
            try:
                self._check_place(place)
            except OSError as error:
                raise self.refused(place, error) from None

    def refused(self, place: str, error: OSError, more: str = "") -> InvalidInput:
        """The error for a file that cannot be written."""
        return InvalidInput(self.option, f"cannot be written: {place}: {error.strerror}{more}")

    def _check_place(self, place: str) -> None:
        directory, name = os.path.split(place)
        try:
            around = os.stat(directory)
        except FileNotFoundError:
            raise InvalidInput(
                self.option,
                f"cannot be written. Directory {directory} does not exist. Create it, or choose another path.",
            ) from None
        if name in SUFFIXES.values():
            raise InvalidInput(self.option, f"has no file name, only the directory {directory}")
        try:
            status = os.lstat(place)
        except FileNotFoundError:
            return
        if not stat.S_ISREG(status.st_mode):
            raise InvalidInput(self.option, f"is not a regular file: {place}")
        if around.st_mode & stat.S_ISVTX and os.geteuid() not in (0, status.st_uid, around.st_uid):
            raise PermissionError(errno.EPERM, "It belongs to another user, and its directory is sticky")


class ReportFiles:
    """The files of a report, which have mode 0600 and are written atomically, with reserved disk space. A context manager that releases
    the space.

    :param rooms: the bytes to reserve by format.
    :raises InvalidInput: they cannot be written, or the disk space is insufficient.
    """

    def __init__(self, destination: Destination, rooms: Mapping[str, int]) -> None:
        destination.check()
        self.places = destination.places
        self._files: dict[str, _ReservedFile] = {}
        try:
            for form, room in rooms.items():
                self._files[form] = _ReservedFile(destination, self.places[form], room)
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> ReportFiles:
        return self

    def __exit__(self, *_failure: object) -> None:
        for file in self._files.values():
            file.discard()

    def write_all(self, forms: Mapping[str, Callable[[], str]]) -> tuple[dict[str, str], list[ReportError]]:
        """Write the files independently of each other.

        :param forms: what renders the content, by format.
        :return: the paths of the written files by format, and the errors for the others.
        """
        written, failures = {}, []
        for form, render in forms.items():
            try:
                self._files[form].write(render())
            except ReportError as failure:
                failures.append(failure)
            except Exception as error:  # a bug in the report must not lose the run's result
                reason = f"{type(error).__name__}, a bug in panw.cloud"
                failures.append(ReportError("write the report", ErrorContext(target=self.places[form], reason=reason)))
            else:
                written[form] = self.places[form]
        return written, failures


def json_lines(values: Mapping[str, Any], entries: str) -> str:
    """Values as JSON, with one line for each key and for each element of the list C(entries), so that grep works, too."""
    parts = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in values.items() if name != entries]
    elements: Iterable[Any] = values.get(entries) or []
    lines = ",\n".join(map(json.dumps, elements))
    return "{\n" + ",\n".join([*parts, f"{json.dumps(entries)}: [\n{lines}\n]"]) + "\n}\n"


class _ReservedFile:
    """One file of a report.

    :param room: bytes to reserve.
    :raises InvalidInput: it cannot be written, or the disk space is insufficient.
    """

    def __init__(self, destination: Destination, place: str, room: int) -> None:
        self._place = place
        try:
            _sweep(place)
            self._descriptor, self._beside = _locked_file(place)
        except OSError as error:
            raise destination.refused(place, error) from None
        try:
            self._fill(room)
        except OSError as error:
            self.discard()
            raise destination.refused(place, error, f" ({room:,} bytes are reserved for it)") from None

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
