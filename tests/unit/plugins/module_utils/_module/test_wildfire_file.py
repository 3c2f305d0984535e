# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a file is downloaded, and what check mode returns."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.wildfire_file import Target
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.client import Attachment
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.downloads import Hash

NEW = Hash(hashlib.sha256(b"new").hexdigest())


def given(path: Path, **options: Any) -> dict[str, Any]:
    return {"dest": str(path), "mode": "0600", "force": False, **options}


class Download:
    """A download that counts."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> Attachment:
        self.count += 1
        return Attachment("../x", b"new")


@pytest.mark.parametrize(
    ("before", "expected", "force", "downloads"),
    [
        (None, None, False, 1),
        (b"old", None, False, 0),
        (b"old", None, True, 1),
        (b"old", NEW, False, 1),
        (b"new", NEW, True, 0),
    ],
)
@pytest.mark.parametrize("check_mode", [False, True])
def test_file_is_downloaded_if_needed(
    tmp_path: Path, before: bytes | None, expected: Hash | None, force: bool, downloads: int, check_mode: bool
) -> None:
    path, download = tmp_path / "file", Download()
    if before is not None:
        path.write_bytes(before)
        path.chmod(0o600)
    result = Target.of(given(path, force=force), expected).ensure(download, check_mode=check_mode)
    assert (result["changed"], download.count) == (bool(downloads), 0 if check_mode else downloads)
    content = before if check_mode or not downloads else b"new"
    assert (path.read_bytes() if path.exists() else None) == content
    assert result["sha256"] == (None if content is None else hashlib.sha256(content).hexdigest())
    assert (result["dest"], result["mode"]) == (str(path), "0600")
    assert result["filename"] == ("../x" if download.count else None)
    assert [one.name for one in tmp_path.parent.glob("x")] == []


def test_other_mode_is_a_change_without_a_download(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o644)
    target = Target.of(given(path))
    assert target.ensure(Download(), check_mode=True) == target.ensure(Download(), check_mode=True)
    assert target.ensure(Download(), check_mode=True)["mode"] == "0644"
    assert target.ensure(Download(), check_mode=False)["mode"] == "0600"
    assert target.ensure(Download(), check_mode=False)["changed"] is False


def test_invalid_options_are_rejected(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="executable"):
        Target.of(given(tmp_path / "file", mode="0700"))
    with pytest.raises(InvalidInput, match="does not exist"):
        Target.of(given(tmp_path / "no" / "file"))
