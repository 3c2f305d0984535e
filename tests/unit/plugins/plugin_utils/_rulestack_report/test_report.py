# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as a whole: files, result, check mode, and the same report for the same plans."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.plugin_utils._report.files import ReportError
from ansible_collections.panw.cloud.plugins.plugin_utils._rulestack_report import report
from ansible_collections.panw.cloud.plugins.plugin_utils._rulestack_report.short import short
from ansible_collections.panw.cloud.plugins.plugin_utils._rulestack_report.summary import Summary
from ansible_collections.panw.cloud.tests.helpers.rulestack_plans import SAMPLES, fleet, plan, saved, shop

NAMES = {"json": "review.json", "text": "review.txt", "html": "review.html"}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty directory."""
    directory = tmp_path / "reports"
    directory.mkdir()
    return directory


@pytest.fixture
def plans(tmp_path: Path) -> str:
    """A directory of plans."""
    return saved(tmp_path / "plans", [shop(0), plan(1)])


def test_files_are_written_once(place: Path, plans: str) -> None:
    first = report([plans], "plan", f"{place}/review.html")
    assert first["files"] == {form: f"{place}/{name}" for form, name in NAMES.items()}
    assert {stat.S_IMODE(os.stat(path).st_mode) for path in first["files"].values()} == {0o600}
    before = {path: os.stat(path).st_mtime_ns for path in first["files"].values()}
    second = report([plans], "plan", f"{place}/review")
    assert (first["changed"], second["changed"]) == (True, False)
    assert {**second, "changed": True} == first
    assert {path: os.stat(path).st_mtime_ns for path in first["files"].values()} == before
    third = report([plans], "drift", f"{place}/review")
    assert (third["changed"], third["counts"]) == (True, first["counts"])
    assert sorted(os.listdir(place)) == sorted(NAMES.values())


def test_dry_run_predicts_and_writes_nothing(place: Path, plans: str) -> None:
    predicted = report([plans], "plan", f"{place}/review", dry_run=True)
    assert os.listdir(place) == []
    assert report([plans], "plan", f"{place}/review") == predicted
    assert report([plans], "plan", f"{place}/review", dry_run=True)["changed"] is False


def test_report_in_the_directory_of_the_plans_is_no_plan(plans: str) -> None:
    first = report([plans], "plan", plans)
    assert first["files"]["json"] == f"{plans}/ngfw_rulestack_report.json"
    assert report([plans], "plan", plans) == {**first, "changed": False}


def test_without_destination_the_report_is_only_returned(place: Path, plans: str) -> None:
    result = report([plans], "plan", None)
    assert result == {
        "changed": False,
        "counts": Summary([shop(0), plan(1)], "plan").counts,
        "text": short(Summary([shop(0), plan(1)], "plan")),
        "files": None,
    }
    assert os.listdir(place) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_json_has_everything_with_a_line_per_plan(tmp_path: Path, name: str) -> None:
    kind, plans = SAMPLES[name]
    paths = [f"{saved(tmp_path / str(number), [{**one, 'target': 'a'}])}/a.json" for number, one in enumerate(plans)]
    result = report(paths, kind, str(tmp_path / "review"))
    text = Path(result["files"]["json"]).read_text(encoding="ascii")
    named = [{**one, "target": "a"} for one in plans]
    assert json.loads(text) == {"kind": kind, "counts": result["counts"], "plans": named}
    assert [json.loads(line.rstrip(",")) for line in text.splitlines() if line.startswith('{"format"')] == named


@pytest.mark.parametrize("dest", ["review", "/nowhere/review"])
def test_unwritable_destination_is_refused(plans: str, dest: str) -> None:
    for dry_run in (False, True):
        with pytest.raises(InvalidInput) as caught:
            report([plans], "plan", dest, dry_run=dry_run)
        assert caught.value.option == "dest"


def test_failed_write_is_an_error(place: Path, plans: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_source: str, place: str) -> None:
        raise OSError(28, f"No space left for {Path(place).name}")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(
        ReportError, match=r"Could not write the report at .*review\.json: No space left for review\.json"
    ):
        report([plans], "plan", f"{place}/review")
    assert os.listdir(place) == []


def test_page_grows_with_what_changes_and_not_with_what_does_not(tmp_path: Path) -> None:
    sizes = []
    for name, rules in (("few", 5), ("many", 100)):
        plans = saved(tmp_path / name, [plan(0, [fleet(2, rules)[0]["rulestacks"][0]] * 5)])
        html = report([plans], "plan", str(tmp_path / f"{name}-report"))["files"]["html"]
        sizes.append(os.path.getsize(html))
    assert sizes[0] == sizes[1]
