# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that modules write."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common import files
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._common.files import FileError


@pytest.mark.parametrize(("given", "mode"), [("0600", 0o600), ("640", 0o640), ("0000", 0), (0o600, 0o600)])
def test_octal_modes_are_accepted(given: Any, mode: int) -> None:
    assert files.private_mode("mode", given) == mode


@pytest.mark.parametrize("given", ["u=rw", "0800", "", "06000", 1000, -1, True, None])
def test_other_modes_are_rejected(given: Any) -> None:
    with pytest.raises(InvalidInput, match="'mode' is not an octal number in quotes"):
        files.private_mode("mode", given)


@pytest.mark.parametrize("given", ["0755", "0601", "0610", 0o700])
def test_executable_modes_are_rejected(given: Any) -> None:
    with pytest.raises(InvalidInput, match="'mode' would make the file executable"):
        files.private_mode("mode", given)


def test_destination_is_a_file_in_an_existing_directory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "file")
    for name in ("file", "new"):
        assert files.check_destination("dest", str(tmp_path / name)) == str(tmp_path / name)
    for name, words in (("link", "not a regular file"), (".", "not a regular file"), ("no/file", "does not exist")):
        with pytest.raises(InvalidInput, match=f"'dest' .*{words}"):
            files.check_destination("dest", str(tmp_path / name))


def test_file_is_replaced_with_its_mode_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    umask = os.umask(0o777)
    try:
        files.replace(str(path), b"new", 0o640)
    finally:
        os.umask(umask)
    assert (path.read_bytes(), files.mode_of(str(path))) == (b"new", 0o640)
    assert list(tmp_path.glob("*file*")) == [path]
    files.set_mode(str(path), 0o600)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_failed_replacement_leaves_the_old_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "not shown")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match=r"Could not write .*file: No space left on device\. Check the owner"):
        files.replace(str(path), b"new", 0o600)
    assert [one.read_text() for one in tmp_path.glob("*file*")] == ["old"]


def test_digests(tmp_path: Path) -> None:
    path = tmp_path / "file"
    assert files.digest_of(str(path), "sha256") is None
    path.write_bytes(b"x")
    assert files.digest_of(str(path), "sha256") == hashlib.sha256(b"x").hexdigest()
    with pytest.raises(FileError, match=r"Could not read .*: Is a directory"):
        files.digest_of(str(tmp_path), "md5")
