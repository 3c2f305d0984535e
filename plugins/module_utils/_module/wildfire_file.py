# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A file that a WildFire module writes: whether it is needed, and its part of the result.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
from collections.abc import Callable, Mapping
from typing import Any

from .._common.files import check_destination, digest_of, mode_of, private_mode, replace, set_mode
from .._wildfire.client import Attachment
from .._wildfire.downloads import Hash

NO_FILE = dict.fromkeys(("dest", "filename", "mode", "size", "sha256"))
"""The part of the result without a file."""


@dataclasses.dataclass(frozen=True)
class Target:
    """The file to write.

    :param expected: the hash of its content, None if it is not known in advance. :param force: whether to replace an existing file then.
    """

    path: str
    mode: int
    expected: Hash | None = None
    force: bool = False

    @classmethod
    def of(cls, params: Mapping[str, Any], expected: Hash | None = None) -> Target:
        """The target that options describe. :raises InvalidInput: one is invalid."""
        path = check_destination("dest", params["dest"])
        return cls(path, private_mode("mode", params["mode"]), expected, params.get("force", False))

    def ensure(self, download: Callable[[], Attachment], *, check_mode: bool) -> dict[str, Any]:
        """Download the file if it is needed, and set its mode; return the result of the module.

        :raises PanwCloudError: the download fails, or the operating system refuses to write; an existing file is unchanged.
        """
        needed = self._needed()
        name = None
        changed = needed or mode_of(self.path) != self.mode
        if needed and not check_mode:
            found = download()
            name = found.name
            replace(self.path, found.content, self.mode)
        elif changed and not check_mode:
            set_mode(self.path, self.mode)
        return {"changed": changed, "filename": name, **self._described()}

    def _needed(self) -> bool:
        if not os.path.exists(self.path):
            return True
        if self.expected is None:
            return self.force
        return digest_of(self.path, self.expected.algorithm) != self.expected.digest

    def _described(self) -> dict[str, Any]:
        """The file as it is, which check mode has not changed."""
        exists = os.path.exists(self.path)
        return {
            "dest": self.path,
            "mode": f"{mode_of(self.path) if exists else self.mode:04o}",
            "size": os.path.getsize(self.path) if exists else None,
            "sha256": digest_of(self.path, hashlib.sha256().name),
        }
