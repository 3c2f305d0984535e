# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan files: which are read, and which are refused by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.plugin_utils._rulestack_report.plans import read
from ansible_collections.panw.cloud.tests.helpers.rulestack_plans import fleet, plan, saved, shop


def targets(plans: list[dict[str, Any]]) -> list[str]:
    return [one["target"] for one in plans]


def test_directories_and_files_are_read_once_by_name(tmp_path: Path) -> None:
    directory = saved(tmp_path / "plans", [plan(2), plan(1), plan(3)])
    (tmp_path / "plans/notes.txt").write_text("no plan", encoding="utf-8")
    (tmp_path / "plans/.shop.json").write_text("no plan", encoding="utf-8")
    report = tmp_path / "plans/report.json"
    report.write_text("{}", encoding="utf-8")
    paths = [f"{directory}/shop_003.json", directory]
    assert targets(read(paths, [str(report)])) == ["shop_003", "shop_001", "shop_002"]


def test_plans_are_read_as_they_are(tmp_path: Path) -> None:
    plans = [shop(), *fleet(3)]
    names = [f"{saved(tmp_path / str(number), [one])}/{one['target']}.json" for number, one in enumerate(plans)]
    assert read(names) == plans


def changed(path: str, value: Any) -> Callable[[dict[str, Any]], Any]:
    """What sets one value of a plan, named by keys and indexes."""

    def edit(whole: dict[str, Any]) -> dict[str, Any]:
        *way, last = (int(part) if part.isdigit() else part for part in path.split("."))
        inner: Any = whole
        for part in way:
            inner = inner[part]
        inner[last] = value
        return whole

    return edit


def _without(whole: dict[str, Any], key: str) -> dict[str, Any]:
    """Without the key, the rulestack would seem to be removed."""
    del whole["rulestacks"][0][key]
    return whole


REFUSED: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "list": (lambda whole: [whole], "which is not a plan: it has no 'format', 'id' and 'rulestacks'."),
    "other": (lambda _whole: {"counts": {}}, "which is not a plan: it has no 'format', 'id' and 'rulestacks'."),
    "newer": (changed("format", 2), "whose format is 2. This version of panw.cloud reads format 1."),
    "text": (changed("format", "1"), "whose format is '1'. This version"),
    "switch": (changed("format", True), "whose format is True. This version"),
    "target": (changed("target", None), "which is not a plan: target has the wrong type."),
    "rulestacks": (changed("rulestacks", {}), "rulestacks has the wrong type"),
    "rulestack": (changed("rulestacks.1", "web"), "rulestacks[1] has the wrong type"),
    "operation": (
        changed("rulestacks.0.changes.2.operation", "drop"),
        "rulestacks[0] > changes[2] > operation is not one of create, update, move, delete",
    ),
    "unhashable": (changed("findings.0.severity", []), "findings[0] > severity is not one of error, warning, info"),
    "before": (changed("rulestacks.0.before", []), "rulestacks[0] > before has the wrong type"),
    "after": (lambda whole: _without(whole, "after"), "rulestacks[0] > after is missing"),
    "section": (changed("rulestacks.0.after.rules.1", "web"), "rulestacks[0] > after > rules[1] has the wrong type"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_file_that_is_no_plan_is_refused(tmp_path: Path, name: str) -> None:
    edit, message = REFUSED[name]
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps(edit(shop())), encoding="utf-8")
    saved(tmp_path, [plan()])
    with pytest.raises(InvalidInput) as caught:
        read([str(tmp_path)])
    assert str(caught.value).startswith(f"Option 'plans' names {path}, ")
    assert message in str(caught.value)


@pytest.mark.parametrize("content", [b"{", b"", b"\xff\xfe", b"[" * 100_000], ids=["open", "empty", "binary", "deep"])
def test_file_that_is_not_json_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "wrong.json"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=f"names {path}, which is not JSON"):
        read([str(path)])


def test_missing_plans_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"names /nowhere\.json, which cannot be read: No such file or directory\."):
        read(["/nowhere.json"])
    with pytest.raises(InvalidInput, match=r"which has no file that ends with \.json"):
        read([str(tmp_path)])
    with pytest.raises(InvalidInput, match="has no plan"):
        read([])
