# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files are found, and what is read of them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._wildfire import local_files
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.local_files import (
    FileUnreadable,
    collect,
    content_of,
    inspect,
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Files at two levels, a link to one of them, a link to a directory, and a pipe."""
    (tmp_path / "sub").mkdir()
    for name in ("b.sh", "a.sh", "sub/c.sh"):
        (tmp_path / name).write_text(name)
    (tmp_path / "link.sh").symlink_to(tmp_path / "a.sh")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


@pytest.mark.parametrize(
    ("patterns", "recurse", "found"),
    [
        (["."], False, ["a.sh", "b.sh"]),
        (["."], True, ["a.sh", "b.sh", "sub/c.sh"]),
        (["b.sh", "*.sh"], False, ["b.sh", "a.sh", "link.sh"]),
        (["*/c.sh"], True, ["sub/c.sh"]),
        (["nothing-*"], False, []),
        (["link.sh"], False, ["link.sh"]),
        (["sub", "sub/c.sh"], False, ["sub/c.sh"]),
        ([], False, []),
    ],
)
def test_files_are_found_once(tree: Path, patterns: list[str], recurse: bool, found: list[str]) -> None:
    assert collect([str(tree / one) for one in patterns], recurse=recurse) == [str(tree / one) for one in found]


@pytest.mark.parametrize("name", ["missing.sh", "pipe"])
def test_path_that_is_no_file_is_rejected(tree: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match=f"neither a file nor a directory: .*{name}"):
        collect([str(tree / name)], recurse=False)
    with pytest.raises(InvalidInput, match="empty item"):
        collect([""], recurse=False)


def test_file_is_hashed_in_pieces(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_files, "_CHUNK", 3)
    (tree / "x").write_bytes(b"MZ" + b"x" * 10)
    found = inspect(str(tree / "x"))
    assert (found.size, found.kind) == (12, "pe")
    assert found.sha256 == hashlib.sha256(b"MZ" + b"x" * 10).hexdigest()
    assert content_of(found) == b"MZ" + b"x" * 10


@pytest.mark.parametrize("text", ["longer than before", "c.sh", ""])
def test_file_that_has_changed_is_not_submitted(tree: Path, text: str) -> None:
    found = inspect(str(tree / "a.sh"))
    (tree / "a.sh").write_text(text)
    with pytest.raises(FileUnreadable, match="has changed since it was hashed"):
        content_of(found)


def test_unreadable_file_is_reported_in_words(tree: Path) -> None:
    found = inspect(str(tree / "a.sh"))
    (tree / "a.sh").unlink()
    for read in (lambda: inspect(str(tree / "a.sh")), lambda: content_of(found)):
        with pytest.raises(FileUnreadable, match=r"Could not read .*a\.sh: No such file or directory"):
            read()
