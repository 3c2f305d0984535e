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
from ansible_collections.panw.cloud.tests.helpers.rulestack_plans import SAMPLES, fleet, plan, saved, shop, untouched

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
    assert json.loads(text) == {"kind": kind, "counts": result["counts"], "failed": {}, "plans": named}
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


def test_edited_plan_is_named_in_every_format(tmp_path: Path) -> None:
    edited = plan(3, [untouched("web")])
    edited["rulestacks"][0]["after"] = {"name": "web", "description": "Harmless"}
    result = report([saved(tmp_path / "plans", [edited, plan(4)])], "plan", str(tmp_path / "review"))
    sentence = "Plans that were edited after they were made, and cannot be applied: shop_003."
    files = {form: Path(path).read_text(encoding="utf-8") for form, path in result["files"].items()}
    assert json.loads(files["json"])["counts"]["edited"] == 1
    for text in (result["text"], files["text"]):
        assert sentence in " ".join(text.split())
    assert f"<li><bdi>{sentence}</bdi></li>" in files["html"]
    assert files["html"].count("<b>edited</b>") == 1


def test_failed_targets_are_named_with_their_reasons_in_every_format(tmp_path: Path) -> None:
    failed = {
        "shop_009": "Could not list rulestacks: HTTP 403.",
        "<b>": "</script><img src=//evil onerror=alert(2)>\x1b[2J",
    }
    plans = saved(tmp_path / "plans", [plan(1)])
    result = report([plans], "plan", str(tmp_path / "review"), failed)
    files = {form: Path(path).read_text(encoding="utf-8") for form, path in result["files"].items()}
    assert result["counts"]["failed"] == json.loads(files["json"])["counts"]["failed"] == 2
    assert json.loads(files["json"])["failed"] == failed
    for text in (result["text"], files["text"]):
        assert "shop_009 failed: Could not list rulestacks: HTTP 403.\n" in text
        assert "\x1b" not in text
    assert '<h2 id="failed">2 failed targets</h2>' in files["html"]
    assert "<strong><bdi>shop_009</bdi></strong> <bdi>Could not list rulestacks: HTTP 403.</bdi>" in files["html"]
    assert "<bdi>&lt;b&gt;</bdi>" in files["html"]
    assert "//evil onerror" in files["html"]
    assert "<img" not in files["html"]


def test_report_of_failures_alone_needs_no_plan(tmp_path: Path) -> None:
    result = report([], "drift", str(tmp_path / "review"), {"shop_009": "No."})
    assert (result["counts"]["targets"], result["counts"]["failed"]) == (0, 1)
    assert result["text"].startswith("Rulestack drift: No rulestacks.\nshop_009 failed: No.\n")
    with pytest.raises(InvalidInput, match="has no plan"):
        report([], "drift", None, {})
