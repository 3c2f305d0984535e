# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Report files: checked before the run starts, with reserved space, each complete or absent, and readable by the user only."""

from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.plugin_utils import _rotation_report
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report import ROOM, Report
from ansible_collections.panw.cloud.tests.helpers.rotation_results import fleet, result, target, written


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty directory."""
    directory = tmp_path / "reports"
    directory.mkdir()
    return directory


@contextmanager
def files_limited_to(size: int) -> Iterator[None]:
    """Simulate a full disk: no file of this process grows beyond a size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def texts(directory: Path) -> dict[str, bytes]:
    """All files in a directory, hidden ones included."""
    return {path.name: path.read_bytes() for path in directory.iterdir()}


@pytest.mark.parametrize(
    ("given", "stem"),
    [("", "ngfw_token_rotation"), ("today", "today"), ("today.html", "today"), ("v1.2", "v1.2"), ("a.htm", "a.htm")],
)
def test_report_file_names_are_derived(place: Path, given: str, stem: str) -> None:
    paths = written(fleet(1), place / given)
    assert paths == {
        "json": f"{place}/{stem}.json",
        "text": f"{place}/{stem}.txt",
        "html": f"{place}/{stem}.html",
    }
    assert sorted(texts(place)) == sorted(Path(path).name for path in paths.values())


def test_file_mode_is_private_despite_umask_and_old_file(place: Path) -> None:
    (place / "today.html").touch(0o666)
    before = os.umask(0)
    try:
        with Report(str(place / "today"), 1) as report:
            reserved = {stat.S_IMODE(path.stat().st_mode) for path in place.glob(".*")}
            paths, _failures = report.write(fleet(1))
    finally:
        os.umask(before)
    assert reserved == {stat.S_IMODE(os.stat(path).st_mode) for path in paths.values()} == {0o600}


def test_later_link_is_replaced_and_not_followed(place: Path) -> None:
    precious = place / "precious"
    precious.write_text("precious", encoding="utf-8")
    with Report(str(place / "today"), 1) as report:
        (place / "today.html").symlink_to(precious)
        paths, failures = report.write(fleet(1))
    assert precious.read_text(encoding="utf-8") == "precious"
    assert (os.path.islink(paths["html"]), failures) == (False, [])


def test_reservation_keeps_earlier_report_and_is_released(place: Path) -> None:
    written(fleet(1), place / "today")
    earlier = texts(place)
    with Report(str(place / "today"), 10):
        assert len(texts(place)) == 6
    assert texts(place) == earlier


REFUSED = {
    "": "is not an absolute path",
    "report": "is not an absolute path",
    "./report": "is not an absolute path",
    "~/report": "is not an absolute path",
    "{0}/a\0b": "is not an absolute path",
    "{0}/missing/report": "cannot be written. Directory {0}/missing does not exist. Create it, or choose another path.",
    "{0}/missing/": "cannot be written. Directory {0}/missing does not exist. Create it, or choose another path.",
    "{0}/missing/deeper/": "cannot be written. Directory {0}/missing/deeper does not exist. Create it, or choose another path.",
    "{0}/lost/report": "cannot be written. Directory {0}/lost does not exist. Create it, or choose another path.",
    "{0}/.html": "has no file name, only the directory {0}",
    "{0}/file/report": "cannot be written: {0}/file/report.json: Not a directory",
    "/proc/report": "cannot be written: /proc/report.json: No such file or directory",
    "/sys/kernel/report": "cannot be written: /sys/kernel/report.json: ",  # read-only, or not permitted
    "{0}/" + "x" * 300: "File name too long",
    "{0}/linked": "is not a regular file: {0}/linked.json",
    "{0}/taken": "is not a regular file: {0}/taken.txt",
    "{0}/piped": "is not a regular file: {0}/piped.html",
}


@pytest.mark.parametrize("path", REFUSED)
def test_unwritable_path_is_rejected(place: Path, path: str) -> None:
    (place / "file").touch()
    (place / "lost").symlink_to(place / "nowhere")
    (place / "linked.json").symlink_to(place / "elsewhere")
    (place / "taken.txt").mkdir()
    os.mkfifo(place / "piped.html")
    before = sorted(os.listdir(place))
    with pytest.raises(InvalidInput) as caught:
        Report(path.format(place), 1)
    assert caught.value.option == "report"
    assert REFUSED[path].format(place) in str(caught.value)
    assert sorted(os.listdir(place)) == before


def test_file_of_other_user_in_sticky_directory_is_rejected(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "today.txt").touch()
    place.chmod(0o1777)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 12345)
    with pytest.raises(InvalidInput, match=r"today\.txt: It belongs to another user"):
        Report(str(place / "today"), 1)


@pytest.mark.parametrize(("form", "at"), [("json", 0), ("text", 1), ("html", 2)])
def test_insufficient_space_is_rejected_and_leaves_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch, form: str, at: int
) -> None:
    rooms = {name: (1 << 20 if name == form else 100, 0) for name in ROOM}
    monkeypatch.setattr(_rotation_report, "ROOM", rooms)
    with files_limited_to(1000), pytest.raises(InvalidInput) as caught:
        Report(str(place / "today"), 1)
    name = ("today.json", "today.txt", "today.html")[at]
    assert str(caught.value) == (
        f"Option 'report' cannot be written: {place}/{name}: File too large (1,048,576 bytes are reserved for it)"
    )
    assert texts(place) == {}


@pytest.mark.parametrize("number", [1, 40, 1000])
def test_reserved_space_fits_failed_fleet_with_long_texts(place: Path, number: int) -> None:
    """After the reservation, the disk may be full: no file grows."""
    said = "Could not describe secret <b>'one'</b> & its kin: the server returned HTTP 503: " + "because " * 55
    results = result([target(index, "failed", reason=said, next_step=said[:200]) for index in range(number)])
    with Report(str(place / "today"), number) as report:
        sizes = {path.name.split(".reserved-")[0][1:]: path.stat().st_size for path in place.iterdir()}
        paths, failures = report.write(results)
    assert failures == []
    assert {Path(path).name: os.path.getsize(path) <= sizes[Path(path).name] for path in paths.values()} == {
        "today.json": True,
        "today.txt": True,
        "today.html": True,
    }


def test_failed_write_is_named_and_other_files_are_written(place: Path) -> None:
    written(fleet(1), place / "today")
    earlier = texts(place)
    with Report(str(place / "today"), 1) as report, files_limited_to(10_000):
        paths, failures = report.write(fleet(1))
    assert paths == {"json": f"{place}/today.json", "text": f"{place}/today.txt"}
    (failure,) = failures
    assert str(failure).startswith(
        f"Could not write the report at {place}/today.html: File too large. The rotation itself is not affected."
    )
    assert texts(place)["today.html"] == earlier["today.html"]
    assert len(texts(place)) == 3


def test_report_defect_counts_as_write_failure(place: Path) -> None:
    broken: Any = {**fleet(1), "counts": {"targets": "many"}}
    with Report(str(place / "today"), 1) as report:
        paths, failures = report.write(broken)
    assert list(paths) == ["json"]
    assert [failure.context.reason for failure in failures] == ["ValueError, a bug in panw.cloud"] * 2


def test_reservation_of_killed_run_is_released_and_of_running_run_is_kept(place: Path) -> None:
    script = """
import os, signal, sys
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report import Report
report = Report(sys.argv[1], 1)
os.kill(os.getpid(), signal.SIGKILL)
"""
    path = str(place / "today")
    code = f"import sys; sys.path[:] = {[entry for entry in sys.path if entry]!r}\n{script}"
    assert subprocess.run([sys.executable, "-c", code, path], check=False).returncode == -9
    left = set(texts(place))
    assert len(left) == 3
    (place / ".today.json.swp").touch()
    with Report(path, 1) as mine:
        held = set(texts(place)) - {".today.json.swp"}
        assert not left & held
        with Report(path, 1) as other:
            assert held < set(texts(place))
            assert other.write(fleet(2))[1] == []
        assert mine.write(fleet(1))[1] == []
    assert sorted(texts(place)) == [".today.json.swp", "today.html", "today.json", "today.txt"]
