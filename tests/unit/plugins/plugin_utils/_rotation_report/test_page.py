# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a rotation as an HTML5 parser reads it. What all reports' pages have in common is tested in _report."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

import pytest
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report.page import page
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report.summary import Summary
from ansible_collections.panw.cloud.tests.helpers.report_pages import HOSTILE_SHOWN, by_id, every, parsed, text
from ansible_collections.panw.cloud.tests.helpers.rotation_results import LONG, RESULTS, TEXTS, fleet, result, target


def parsed_page(report: dict[str, Any]) -> Element:
    return parsed(page(Summary(report)))


def cells(tree: Element) -> list[list[str]]:
    """The texts of the table of all targets, by row."""
    body = by_id(tree)["all"].find("tbody")
    assert body is not None
    return [[text(cell) for cell in row] for row in body]


def test_hostile_texts_create_no_elements_and_are_shown() -> None:
    tree, plain = parsed_page(RESULTS["hostile"]), parsed_page(RESULTS["thousand"])
    assert {element.tag for element in tree.iter()} <= {element.tag for element in plain.iter()} | {"strong"}
    shown = HOSTILE_SHOWN
    rows = cells(tree)
    assert len(rows) == len(TEXTS) + 1
    (row,) = (row for row in rows if row[1] == shown and row[5] == shown)
    assert row[0] == f"{shown}{shown} {shown}"
    assert row[4] == shown * 2
    assert row[7].startswith(f"{shown}, {shown}: {shown}. {shown}. {shown}. Old token {shown} will be revoked")
    assert len(text(tree)) < 40_000 + LONG


def test_page_shows_only_known_parts() -> None:
    """If a result holds unexpected secrets, the page and the text do not show them."""
    extra = {"token": "s3cr3t", "subscription_key": "s3cr3t"}
    whole = page(Summary({**result([target(1, "failed", **extra)]), **extra}))
    assert "s3cr3t" not in whole


@pytest.mark.parametrize("size", [0, 1, 1000])
def test_every_target_has_a_row(size: int) -> None:
    report = fleet(size)
    rows = cells(parsed_page(report))
    assert sorted(row[0].partition("secretsmanager")[0] for row in rows) == sorted(
        entry["name"] for entry in report["targets"]
    )


def test_row_shows_all_facts_of_target() -> None:
    report = result([target(7, "failed", duration=1.23456)])
    assert cells(parsed_page(report)) == [
        [
            "workload-0001-accountsecretsmanager ngfw/100000000007/account",
            "failed",
            "2026-05-19 08:13:007902699be42c",
            "2026-05-19 07:53:00",
            "100000000007eu-central-1",
            "account",
            "1.235",
            "create, throttled: the server returned HTTP 429: Too Many Requests. Run again later, or with fewer hosts at once.",
        ]
    ]


def test_header_shows_counts_and_facts() -> None:
    tree = parsed_page(fleet(1000))
    pairs = {
        text(pair[0]): text(pair[1]).split() for pair in every(tree, "div") if len(pair) == 2 and pair[0].tag == "dt"
    }
    assert {name: value[0] for name, value in pairs.items()} == {
        "Started": "2026-05-19",
        "Ended": "2026-05-19",
        "Duration": "20.8",
        "Next due": "2026-05-19",
        "Run by": "alice@control",
        "panw.cloud version": "0.2.0",
        "failed": "7",
        "locked": "4",
        "not started": "0",
        "rotated": "618",
        "fresh": "371",
        "Targets per second": "48.1",
        "Requests": "7,000",
        "Requests per second": "336.5",
        "Throttled": "51",
    }
    assert list(pairs)[-4:] == ["Targets per second", "Requests", "Requests per second", "Throttled"]
    (shares,) = (element for element in every(tree, "svg") if element.get("class") == "bar")
    assert [part.get("class") for part in shares] == ["failed", "locked", "rotated", "fresh"]
    widths = [float(part.attrib["width"]) for part in shares]
    assert sum(widths) == pytest.approx(1000, abs=0.1)
    assert min(widths) > 10


def test_percentiles_are_shown_by_step() -> None:
    table = next(table for table in every(parsed_page(fleet(1000)), "table") if "Durations" in text(table))
    rows = [[text(cell) for cell in row] for row in table.findall("tbody/tr")]
    assert rows[0] == ["read read the store", "1,000", "11 ms", "18 ms", "30 ms", "44 ms", ""]
    assert [row[0].split()[0] for row in rows] == ["read", "assume", "create", "prove", "finish", "revoke", "total"]


def test_dry_run_shows_planned_rotations_and_next_expiries() -> None:
    tree = parsed_page(RESULTS["dry"])
    assert text(*every(tree, "title")) == "Token rotation 2026-05-19 08:00:00 UTC: Dry run"
    assert "20 of 40 targets would be rotated." in text(tree)
    nearest = next(table for table in every(tree, "table") if "Nearest" in text(table[0]))
    dates = [text(row[1]) for row in nearest.findall("tbody/tr")]
    assert (
        dates == sorted(entry["expires_at"].replace("T", " ").rstrip("Z") for entry in RESULTS["dry"]["targets"])[:10]
    )
    assert [row[1] for row in cells(tree)] == ["due"] * 20 + ["fresh"] * 20


def test_page_grows_by_less_than_half_a_kilobyte_per_target() -> None:
    small, large = (len(page(Summary(fleet(size)))) for size in (1000, 2000))
    assert large - small < 512 * 1000
