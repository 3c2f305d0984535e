# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens in files, for one machine. Each write creates a file, syncs it and renames it over the old one, so that a reader sees all of it or nothing.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import stat
from collections.abc import Iterator

from .._common.errors import ErrorContext, InvalidInput, PanwCloudError
from .base import lock_conflict
from .vault import HEADER, Vault
from .versioned_backend import Beside, Slotted

MODE = 0o600


class FileError(PanwCloudError):
    """The operating system rejects a file operation."""

    kind = "file"
    advice = "Check the owner and the mode of the file and its directory, and the space on the disk."


def check_place(path: str) -> str:
    """The path of a file that no other user can replace.

    :raises InvalidInput: it is not the path of a file, or other users may write to a directory above it.
    """
    if not os.path.isabs(path):
        raise InvalidInput("path", f"is not absolute: {path}")
    directory = os.path.realpath(os.path.dirname(path))
    place = os.path.join(directory, os.path.basename(path))
    if not os.path.isdir(directory):
        raise InvalidInput("path", f"is in a directory that does not exist: {directory}")
    if os.path.islink(place) or (os.path.exists(place) and not os.path.isfile(place)):
        raise InvalidInput("path", f"is not a regular file: {place}")
    _check_directory(directory, sticky=False)
    while directory != os.path.dirname(directory):
        directory = os.path.dirname(directory)
        _check_directory(directory, sticky=True)
    if not os.access(os.path.dirname(place), os.W_OK | os.X_OK):
        raise InvalidInput("path", f"is in a directory that you may not write to: {os.path.dirname(place)}")
    return place


def _check_directory(directory: str, *, sticky: bool) -> None:
    """Check who may write to a directory. :param sticky: accept one with the sticky bit, such as /tmp."""
    status = os.stat(directory)
    others_write = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not (sticky and status.st_mode & stat.S_ISVTX)
    if others_write or status.st_uid not in (0, os.geteuid()):
        raise InvalidInput(
            "path",
            f"is below a directory that others may write to: {directory}. Use your own directory, with mode 0700.",
        )


class FileSlots:
    """Files as slots; a slot's name is its path.

    :param vault: encrypts and decrypts, None for plain text.
    """

    atomic = True

    def __init__(self, vault: Vault | None = None) -> None:
        self._vault = vault

    def read(self, name: str) -> Slotted | None:
        raw = self._raw(name)
        return None if raw is None else Slotted(self._plain(raw), _mark(raw))

    def create(self, name: str, text: str, beside: Beside = None) -> str:
        return self._write(name, text, None, beside)

    def replace(self, name: str, text: str, mark: str, beside: Beside = None) -> str:
        return self._write(name, text, mark, beside)

    def delete(self, name: str, mark: str | None = None) -> None:
        with _locked(name) as directory:
            for path in (name, _new(name)):
                if path == name and mark is not None and self._mark(name) != mark:
                    continue
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(path)
            os.fsync(directory)

    def drift(self, name: str) -> list[str]:
        found = []
        with _reported("read", name):
            if stat.S_IMODE(os.stat(name).st_mode) != MODE:
                found.append("mode")
        if (self._raw(name) or b"").startswith(HEADER) != bool(self._vault):
            found.append("encryption")
        return found

    def settle(self, name: str) -> None:
        held = self.read(name)
        if held:
            self.replace(name, held.text, held.mark)

    def _write(self, name: str, text: str, expected: str | None, beside: Beside) -> str:
        raw = self._vault.encrypt(text) if self._vault else text.encode()
        with _locked(name) as directory:
            if self._mark(name) != expected or (beside and self._mark(beside[0]) != beside[1]):
                raise lock_conflict(name, "another run has written to it")
            with contextlib.suppress(FileNotFoundError):
                os.unlink(_new(name))
            descriptor = os.open(_new(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
            with open(descriptor, "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(descriptor)
            os.replace(_new(name), name)
            os.fsync(directory)
        return _mark(raw)

    def _raw(self, name: str) -> bytes | None:
        with _reported("read", name):
            try:
                with open(name, "rb") as file:
                    return file.read()
            except FileNotFoundError:
                return None

    def _mark(self, name: str) -> str | None:
        raw = self._raw(name)
        return None if raw is None else _mark(raw)

    def _plain(self, raw: bytes) -> str:
        if not raw.startswith(HEADER):
            return raw.decode(errors="replace")
        if self._vault is None:
            raise InvalidInput("vault_password_file", "is missing: the stored file is encrypted with Ansible Vault.")
        return self._vault.decrypt(raw)


def _mark(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _new(name: str) -> str:
    return f"{name}.new"


@contextlib.contextmanager
def _reported(attempted: str, name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        failure = FileError(f"{attempted} the store's file", ErrorContext(target=name, reason=error.strerror))
    else:
        return
    raise failure


@contextlib.contextmanager
def _locked(name: str) -> Iterator[int]:
    """Lock the directory of a file while comparing and replacing it; yields the directory's descriptor."""
    with _reported("write", name):
        directory = os.open(os.path.dirname(name), os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(directory, fcntl.LOCK_EX)
            yield directory
        finally:
            os.close(directory)
