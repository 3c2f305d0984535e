# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a report: found out before anything starts, each complete or not there, for the user's eyes only."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._errors import InvalidInput
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report import check_writable, files, write
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report.files import ReportError
from ansible_collections.panw.cloud.tests.unit.plugins.rotations import fleet


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty directory."""
    directory = tmp_path / "reports"
    directory.mkdir()
    return directory


@pytest.mark.parametrize(
    ("given", "stem"),
    [("", "ngfw_token_rotation"), ("today", "today"), ("today.html", "today"), ("v1.2", "v1.2"), ("a.htm", "a.htm")],
)
def test_names(place: Path, given: str, stem: str) -> None:
    written = write(fleet(1), str(place / given))
    assert written == {
        "json": f"{place}/{stem}.json",
        "text": f"{place}/{stem}.txt",
        "html": f"{place}/{stem}.html",
    }
    assert sorted(path.name for path in place.iterdir()) == sorted(Path(path).name for path in written.values())


def test_mode_is_for_the_user_alone_whatever_the_mask_and_the_old_file(place: Path) -> None:
    (place / "today.html").touch(0o666)
    before = os.umask(0)
    try:
        written = write(fleet(1), str(place / "today"))
    finally:
        os.umask(before)
    assert {stat.S_IMODE(os.stat(path).st_mode) for path in written.values()} == {0o600}


def test_link_that_comes_later_is_replaced_and_not_followed(place: Path) -> None:
    precious = place / "precious"
    precious.write_text("precious", encoding="utf-8")
    (place / "today.html").symlink_to(precious)
    written = write(fleet(1), str(place / "today"))
    assert precious.read_text(encoding="utf-8") == "precious"
    assert not os.path.islink(written["html"])


def test_checking_leaves_nothing_behind_and_harms_no_earlier_report(place: Path) -> None:
    earlier = write(fleet(1), str(place / "today"))
    texts = {path: Path(path).read_bytes() for path in earlier.values()}
    check_writable(str(place / "today"))
    check_writable(str(place))
    assert {str(path): path.read_bytes() for path in place.iterdir()} == texts


def refused(path: str) -> str:
    with pytest.raises(InvalidInput) as caught:
        check_writable(path)
    assert caught.value.option == "report"
    return str(caught.value)


@pytest.mark.parametrize("path", ["", "report", "./report", "~/report", "/tmp/a\0b"])
def test_path_that_is_not_absolute_is_refused(path: str) -> None:
    assert "is not an absolute path" in refused(path)


def test_directory_that_does_not_exist_is_refused(place: Path) -> None:
    assert "No such file or directory" in refused(str(place / "missing/report"))
    assert "which is no directory yet" in refused(f"{place}/missing/")


def test_name_that_is_too_long_is_refused(place: Path) -> None:
    assert "File name too long" in refused(str(place / ("x" * 300)))


@pytest.mark.parametrize("suffix", [".html", ".json", ".txt"])
def test_link_or_directory_in_the_way_is_refused(place: Path, suffix: str) -> None:
    (place / f"linked{suffix}").symlink_to(place / "elsewhere")
    (place / f"taken{suffix}").mkdir()
    for name in ("linked", "taken"):
        assert refused(str(place / name)).endswith(f"is taken by something that is no file: {place}/{name}{suffix}")


def test_path_below_a_file_is_refused(place: Path) -> None:
    (place / "file").touch()
    assert "Not a directory" in refused(str(place / "file/report"))


def test_failure_to_write_names_the_file_and_leaves_the_earlier_one(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = place / "today.txt"
    text.write_text("earlier", encoding="utf-8")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(ReportError, match=rf"at {text}: No space left on device\. The rotation itself is not affected"):
        files.replace(str(text), "later")
    assert [path.name for path in place.iterdir()] == ["today.txt"]
    assert text.read_text(encoding="utf-8") == "earlier"
