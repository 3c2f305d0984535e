# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `make test-matrix` runs, and how it reports the results."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import matrix
from matrix import Cell, Result

HERE = sys.version_info[:2]
PYTHONS = {(3, 9): "python3.9", (3, 11): "python3.11", (3, 12): "python3.12", (3, 13): "python3.13"}


def program(path: Path, text: str) -> str:
    """A program with that source."""
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def test_each_core_runs_with_oldest_and_newest_dependencies() -> None:
    chosen = [cell.name for cell in matrix.cells(PYTHONS, ["2.17", "2.18", "2.21"])]
    assert chosen == [
        "core2.17-python3.11-oldest",
        "core2.17-python3.12-newest",
        "core2.18-python3.11-oldest",
        "core2.18-python3.13-newest",
        "core2.21-python3.12-oldest",
        "core2.21-python3.13-newest",
    ]


def test_single_interpreter_runs_both() -> None:
    assert [(cell.python, cell.age) for cell in matrix.cells({(3, 12): "python3.12"}, ["2.19"])] == [
        ("python3.12", "oldest"),
        ("python3.12", "newest"),
    ]


def test_core_without_interpreter_is_skipped() -> None:
    assert not list(matrix.cells({(3, 9): "python3.9", (3, 13): "python3.13"}, ["2.17"]))


def test_interpreters_are_those_that_start(tmp_path: Path) -> None:
    broken = program(tmp_path / "python3.12", "#!/bin/sh\nexit 127\n")
    assert matrix.interpreters([broken, str(tmp_path / "missing"), sys.executable, "python3"]) == {HERE: sys.executable}


def test_lower_bounds_are_pinned() -> None:
    assert (
        matrix.lower_bounds("# Lower bounds only.\nboto3>=1.35.0\nurllib3>=2.1.0\n")
        == "boto3==1.35.0\nurllib3==2.1.0\n"
    )


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ("...\n===== 2 failed, 700 passed, 1 error in 61.10s (0:01:01) =====\n", "2 failed, 700 passed, 1 error"),
        ("...\n700 passed in 5.1s\n", "700 passed"),
        ("INTERNALERROR> boom\n", "pytest aborted, see .build/matrix/cell.log"),
        ("", "pytest aborted, see .build/matrix/cell.log"),
    ],
)
def test_last_output_lines_are_shown(log: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "ROOT", tmp_path)
    path = tmp_path / ".build/matrix/cell.log"
    path.parent.mkdir(parents=True)
    path.write_text(log)
    assert matrix.last_words(path) == words


def test_table_shows_results() -> None:
    cell = Cell("2.17", (3, 11), "python3.11", "oldest")
    good = Result(cell, True, ["2.17.14", "9.0.0", "1.35.0", "2.32.2", "2.1.0"], "700 passed", 90)
    bad = Result(cell, False, [], "setup failed, see .build/matrix/cell.log", 6)
    assert matrix.table([good, bad]).splitlines() == [
        "        Python  ansible-core  amazon.aws  boto3   requests  urllib3  minutes  tests",
        "ok      3.11    2.17.14       9.0.0       1.35.0  2.32.2    2.1.0    1.5      700 passed",
        "FAILED  3.11    2.17          ?           ?       ?         ?        0.1      setup failed, see .build/matrix/cell.log",
    ]


def test_failed_setup_is_a_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "ROOT", tmp_path)
    monkeypatch.setattr(matrix, "PLACE", tmp_path)
    (tmp_path / "meta").mkdir()
    (tmp_path / "meta/ee-requirements.txt").write_text("boto3>=1.35.0\n")
    program(tmp_path / "make", "#!/bin/sh\necho no such package\nexit 2\n")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    result = matrix.run(Cell("2.17", (3, 11), "python3.11", "oldest"), ["tests/unit"], "1")
    assert not result.passed
    assert result.summary == "setup failed, see core2.17-python3.11-oldest.log"
    assert (tmp_path / "core2.17-python3.11-oldest.log").read_text() == "no such package\n"
    assert (tmp_path / "oldest.txt").read_text() == "boto3==1.35.0\n"


@pytest.mark.parametrize(("passed", "code"), [((True, True), 0), ((True, False), 1)])
def test_one_failed_cell_fails_the_matrix(
    passed: tuple[bool, bool], code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = iter(passed)
    monkeypatch.setattr(matrix, "interpreters", lambda _names: {(3, 11): "python3.11"})
    monkeypatch.setattr(matrix, "run", lambda cell, _tests, _workers: Result(cell, next(outcomes), [], "said", 0))
    assert matrix.main(["--cores", "2.17"]) == code
    assert capsys.readouterr().out.count("said") == 4


def test_no_interpreter_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "interpreters", lambda _names: {})
    with pytest.raises(SystemExit, match="2"):
        matrix.main([])
