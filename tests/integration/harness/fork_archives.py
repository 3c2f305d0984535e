# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The archive that Ansible puts into a module's script: the module, and the module_utils that it imports."""

from __future__ import annotations

import base64
import dataclasses
import importlib
import io
import re
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

DIRECTORY = Path(sys.argv[2]).parent  # of copies of archives
# The archive in a script: the only string of this length in base64.
ENCODED = re.compile(rb"[A-Za-z0-9+/=]{1000,}")
# What an archive contains of ansible-core, except its modules.
OF_CORE = re.compile(r"ansible/(__init__\.py|module_utils/|$)")


@dataclasses.dataclass
class Archive:
    """An archive. :ivar files: their names and checksums; the archive's bytes also depend on the time."""

    content: bytes
    files: frozenset[tuple[str, int]]

    @classmethod
    def in_script(cls, script: bytes) -> Archive | None:
        """The archive in a module's script."""
        found = ENCODED.search(script)
        if not found:
            return None
        content = base64.b64decode(found[0])
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
        return cls(content, frozenset((member.filename, member.CRC) for member in members))

    def shared(self) -> frozenset[tuple[str, int]]:
        """The files that the archives of other modules contain, too, if those modules need them."""
        return frozenset(file for file in self.files if OF_CORE.match(file[0]))

    def import_utils(self, names: Iterable[str]) -> None:
        """Import packages and module_utils like a module does, from a copy of the archive that stays.

        :param names: of their files. Those of ansible-core can have been imported from another archive.
        """
        _number, path = tempfile.mkstemp(".zip", "archive", DIRECTORY)
        Path(path).write_bytes(self.content)
        sys.path.insert(0, path)
        for module in [module for module in sys.modules.values() if hasattr(module, "__path__")]:
            folder = module.__name__.replace(".", "/")
            if OF_CORE.match(f"{folder}/"):
                module.__path__ = [f"{path}/{folder}", *module.__path__]
        for name in sorted(names):
            if name.endswith("/__init__.py") or ("/module_utils/" in name and name.endswith(".py")):
                try:
                    importlib.import_module(name.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
                except ImportError:  # the module will handle it
                    continue
        sys.path.remove(path)
