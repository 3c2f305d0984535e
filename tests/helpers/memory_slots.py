# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In-memory slots that replace a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from ansible_collections.panw.cloud.plugins.module_utils._stores.base import lock_conflict
from ansible_collections.panw.cloud.plugins.module_utils._stores.versioned_backend import Beside, Slotted


class MemorySlots:
    """Slots in a dictionary; as with files, equal text has an equal mark. :ivar before: called with "write" or "delete" before each one."""

    atomic = True

    def __init__(self, held: dict[str, Slotted] | None = None) -> None:
        self.held = held or {}
        self.before: Callable[[str], None] = lambda name: None

    def read(self, name: str) -> Slotted | None:
        return self.held.get(name)

    def create(self, name: str, text: str, beside: Beside = None) -> str:
        return self._write(name, text, None, beside)

    def replace(self, name: str, text: str, mark: str, beside: Beside = None) -> str:
        return self._write(name, text, mark, beside)

    def delete(self, name: str, mark: str | None = None) -> None:
        self.before("delete")
        if mark is None or self._mark(name) == mark:
            self.held.pop(name, None)

    def drift(self, name: str) -> list[str]:
        return []

    def settle(self, name: str) -> None:
        """Nothing to settle."""

    def _write(self, name: str, text: str, expected: str | None, beside: Beside) -> str:
        self.before("write")
        if self._mark(name) != expected or (beside and self._mark(beside[0]) != beside[1]):
            raise lock_conflict(name, "another run has written to it")
        self.held[name] = Slotted(text, hashlib.sha256(text.encode()).hexdigest())
        return self.held[name].mark

    def _mark(self, name: str) -> str | None:
        held = self.held.get(name)
        return held.mark if held else None
