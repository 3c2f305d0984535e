# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate of `make coverage`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import coverage_gate


def file(
    covered: int, of: int, lines: tuple[int, ...] = (), branches: tuple[tuple[int, int], ...] = ()
) -> dict[str, Any]:
    """A file in coverage's report."""
    counts = {
        "covered_branches": covered,
        "num_branches": of,
        "missing_lines": len(lines),
        "missing_branches": len(branches),
    }
    return {"summary": counts, "missing_lines": list(lines), "missing_branches": list(branches)}


def test_report_is_sorted_by_missing_lines() -> None:
    files = {
        "plugins/module_utils/_good.py": file(60, 60),
        "plugins/module_utils/_fair.py": file(36, 38, branches=((7, 9), (8, -1))),
        "plugins/module_utils/_poor.py": file(0, 2, lines=(4, 5), branches=((3, 4), (3, 6))),
        "plugins/modules/edge.py": file(0, 50),
    }
    text, enough = coverage_gate.report(files)
    assert text.splitlines() == [
        "  0.0 %  _poor.py: lines 4, 5; branches 3->4, 3->6",
        " 94.7 %  _fair.py: lines -; branches 7->9, 8->exit",
        " 96.0 % of the branches of plugins/module_utils/ are covered; 95 % are required.",
    ]
    assert enough


@pytest.mark.parametrize(("covered", "code"), [(95, 0), (94, 1)])
def test_gate_fails_below_threshold(covered: int, code: int, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text(json.dumps({"files": {"plugins/module_utils/_a.py": file(covered, 100)}}))
    assert coverage_gate.main(str(report)) == code


def test_gate_without_measurement_fails(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text(json.dumps({"files": {"plugins/modules/edge.py": file(1, 1)}}))
    assert coverage_gate.main(str(report)) == 1
