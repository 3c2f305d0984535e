# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files: errors of the operating system, leftovers of killed runs, and the mode."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._stores.file import FileError, FileSlots


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    made = tmp_path / "store"
    made.mkdir()
    return made


def test_unreadable_or_unwritable_file_raises_error(directory: Path) -> None:
    (directory / "ngfw").mkdir()
    slots = FileSlots()
    with pytest.raises(FileError) as caught:
        slots.read(str(directory / "ngfw"))
    assert str(directory) in str(caught.value)
    with pytest.raises(FileError):
        slots.create(str(directory / "none/ngfw"), "text")
    with pytest.raises(FileError):
        slots.drift(str(directory / "none"))
    slots.settle(str(directory / "absent"))


def test_temporary_file_of_killed_run_is_removed(directory: Path) -> None:
    slots, name = FileSlots(), str(directory / "ngfw")
    (directory / "ngfw.new").write_text("half")
    slots.create(name, "text")
    assert sorted(os.listdir(directory)) == ["ngfw"]
    (directory / "ngfw.new").write_text("half")
    slots.delete(name)
    assert os.listdir(directory) == []


def test_file_mode_is_repaired(directory: Path) -> None:
    slots, path = FileSlots(), directory / "ngfw"
    slots.create(str(path), "text")
    assert slots.drift(str(path)) == []
    path.chmod(0o644)
    assert slots.drift(str(path)) == ["mode"]
    slots.settle(str(path))
    assert slots.drift(str(path)) == []
    assert path.read_text() == "text"
