# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Local files that may be submitted.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import glob
import hashlib
import os
import stat
from collections.abc import Iterator, Sequence

from .._common.errors import ErrorContext, InvalidInput
from .._common.files import FileError
from .file_types import HEAD_SIZE, file_type

_CHUNK = 1024 * 1024


class FileUnreadable(FileError):
    """The operating system does not let this user read a file."""

    advice = "Check the owner and the mode of the file, or run the task with become."


@dataclasses.dataclass(frozen=True)
class LocalFile:
    """A file.

    :param size: in bytes. :param kind: its type, None if WildFire does not analyze it.
    """

    path: str
    size: int
    sha256: str
    kind: str | None


def collect(paths: Sequence[str], *, recurse: bool) -> list[str]:
    """The regular files that paths, directories and patterns name, sorted, each once. Symbolic links in directories are not followed.

    :param recurse: whether to include subdirectories of directories.
    :raises InvalidInput: a path that is not a pattern does not exist, or is neither a file nor a directory.
    """
    found: dict[str, None] = {}
    for path in paths:
        if not path:
            raise InvalidInput("paths", "has an empty item.")
        for match in sorted(glob.glob(path)) if glob.has_magic(path) else [path]:
            if os.path.isdir(match):
                found.update(dict.fromkeys(_inside(match, recurse)))
            elif os.path.isfile(match):
                found[match] = None
            elif not glob.has_magic(path):
                raise InvalidInput("paths", f"names what is neither a file nor a directory: {match}")
    return list(found)


def _inside(directory: str, recurse: bool) -> Iterator[str]:
    for folder, folders, names in os.walk(directory, onerror=_refuse):
        folders.sort()
        yield from (path for path in (os.path.join(folder, name) for name in sorted(names)) if _is_regular(path))
        if not recurse:
            return


def _refuse(error: OSError) -> None:
    raise unreadable(str(error.filename), error)


def _is_regular(path: str) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except FileNotFoundError:  # deleted meanwhile
        return False


def inspect(path: str) -> LocalFile:
    """Hash a file in place. :raises FileUnreadable: it cannot be read."""
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        with open(path, "rb") as file:
            while part := file.read(_CHUNK):
                head = head or part[:HEAD_SIZE]
                digest.update(part)
                size += len(part)
    except OSError as error:
        raise unreadable(path, error) from None
    return LocalFile(path, size, digest.hexdigest(), file_type(path, head))


def content_of(file: LocalFile) -> bytes:
    """The content of a file for its upload.

    :raises FileUnreadable: it cannot be read, or has changed since it was inspected.
    """
    try:
        with open(file.path, "rb") as opened:
            content = opened.read(file.size + 1)
    except OSError as error:
        raise unreadable(file.path, error) from None
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise FileUnreadable(
            f"read {file.path}", ErrorContext(reason="the file has changed since it was hashed"), "Run again."
        )
    return content


def unreadable(path: str, error: OSError) -> FileUnreadable:
    """The error for a file that cannot be read."""
    return FileUnreadable(f"read {path}", ErrorContext(reason=os.strerror(error.errno or 0)))
