# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that modules write: as a whole or not at all.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from typing import Any

from .errors import ErrorContext, InvalidInput, PanwCloudError

_CHUNK = 1024 * 1024
_OCTAL = re.compile(r"0?[0-7]{3}")


class FileError(PanwCloudError):
    """The operating system rejects a file operation."""

    kind = "file"
    advice = "Check the owner and the mode of the file and its directory, and the space on the disk."


def private_mode(option: str, given: Any) -> int:
    """The mode of a file that must not be executable.

    :param given: an octal number as text, or the number itself.
    :raises InvalidInput: it is something else, or makes the file executable.
    """
    if isinstance(given, str) and _OCTAL.fullmatch(given):
        mode = int(given, 8)
    elif isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= 0o777:
        mode = given
    else:
        raise InvalidInput(option, f"is not an octal number in quotes, such as '0600': {given}")
    if mode & 0o111:
        raise InvalidInput(option, f"would make the file executable, which is not supported: {mode:04o}")
    return mode


def check_destination(option: str, path: str) -> str:
    """The path of a file to write. :raises InvalidInput: it is a directory or another special file, or its directory does not exist."""
    directory = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(directory):
        raise InvalidInput(option, f"is in a directory that does not exist: {directory}")
    if os.path.lexists(path) and not stat.S_ISREG(os.lstat(path).st_mode):
        raise InvalidInput(option, f"exists, and is not a regular file: {path}")
    return path


def digest_of(path: str, algorithm: str) -> str | None:
    """The hash of a file, None if it does not exist. :raises FileError: it cannot be read."""
    digest = hashlib.new(algorithm, usedforsecurity=False)
    with reported("read", path):
        try:
            with open(path, "rb") as file:
                while part := file.read(_CHUNK):
                    digest.update(part)
        except FileNotFoundError:
            return None
    return digest.hexdigest()


def mode_of(path: str) -> int:
    """The permissions of a file. :raises FileError: it cannot be read."""
    with reported("read", path):
        return stat.S_IMODE(os.stat(path).st_mode)


def set_mode(path: str, mode: int) -> None:
    """Set the permissions of a file. :raises FileError: the operating system refuses."""
    with reported("change the mode of", path):
        os.chmod(path, mode)


def replace(path: str, content: bytes, mode: int) -> None:
    """Write a file, which readers see either before or after. :raises FileError: the operating system refuses; the old file is unchanged."""
    directory, name = os.path.split(os.path.abspath(path))
    with reported("write", path):
        descriptor, temporary = tempfile.mkstemp(dir=directory, prefix=f".{name}.")  # with mode 0600
        try:
            with open(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fchmod(descriptor, mode)
                os.fsync(descriptor)
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise


@contextlib.contextmanager
def reported(action: str, path: str) -> Iterator[None]:
    """Turn errors of the operating system into L(FileError)."""
    try:
        yield
    except OSError as error:
        raise FileError(f"{action} {path}", ErrorContext(reason=os.strerror(error.errno or 0))) from None
