# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of a policy directory: found, kept inside of it, and read once.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from ..resources.validation import Problem
from .nodes import INVALID, Node, read_yaml

SUFFIXES = (".yml", ".yaml")
RULESTACKS, VARIABLES = "rulestacks", "variables"


class Refused(Exception):
    """A file cannot be read. Its text is the end of a sentence about what names the file."""


class PolicyFiles:
    """The files of a directory.

    :param directory: the policy directory. :param problems: where problems are added.
    """

    def __init__(self, directory: str, problems: list[Problem]) -> None:
        self._root = os.path.realpath(directory)
        self._problems = problems
        self._loaded: dict[str, Node] = {}

    @property
    def read(self) -> list[str]:
        """The files that were read, relative to the directory, sorted."""
        return sorted(self._loaded)

    def under(self, folder: str) -> list[str]:
        """The YAML files in a folder and below, relative to the directory, sorted. Names with a leading dot are left out."""
        return sorted(self._walk(folder))

    def exists(self, path: str) -> bool:
        """Whether there is something of a name, which may be unreadable. :param path: relative to the directory."""
        return os.path.lexists(os.path.join(self._root, path))

    def load(self, path: str) -> Node:
        """The content of a file, C(INVALID) if it is not as it should be.

        :param path: relative to the directory. :raises Refused: the file is not in the directory, or cannot be read.
        """
        name = self.name_of(path)
        if name not in self._loaded:
            try:
                with open(os.path.join(self._root, name), "rb") as file:
                    content = file.read()
            except OSError as error:
                raise Refused(f"cannot be read: {error.strerror}.") from None
            self._loaded[name], problems = read_yaml(content, name)
            self._problems.extend(problems)
        return self._loaded[name]

    def name_of(self, path: str) -> str:
        """The one name of an existing file, without C(..) and symbolic links. :raises Refused: it has none."""
        if os.path.isabs(path):
            raise Refused("is absolute: paths are relative to the policy directory.")
        try:
            real = os.path.realpath(os.path.join(self._root, path))
            inside = os.path.commonpath([real, self._root]) == self._root
            exists, regular = os.path.exists(real), os.path.isfile(real)
        except (OSError, ValueError):  # such as a null character
            raise Refused("is not a path.") from None
        if not inside:
            raise Refused("is outside of the policy directory.")
        if not exists:
            raise Refused("does not exist.")
        if not regular:
            raise Refused("is not a file.")
        return os.path.relpath(real, self._root)

    def _walk(self, folder: str) -> Iterator[str]:
        for current, folders, files in os.walk(os.path.join(self._root, folder), onerror=self._unreadable):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in folders:
                if os.path.islink(os.path.join(current, name)):
                    self._problems.append(
                        Problem(self._relative(current, name), "is a link to a directory, which is not followed.")
                    )
            yield from (
                self._relative(current, name) for name in files if name.endswith(SUFFIXES) and not name.startswith(".")
            )

    def _relative(self, current: str, name: str) -> str:
        return os.path.relpath(os.path.join(current, name), self._root)

    def _unreadable(self, error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            self._problems.append(
                Problem(os.path.relpath(str(error.filename), self._root), f"cannot be read: {error.strerror}.")
            )


def invalid(file: str) -> Node:
    """The content of a file that cannot be read."""
    return Node(INVALID, file, 1)
