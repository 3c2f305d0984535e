# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page as an HTML5 parser reads it: valid, self-contained, safe against hostile texts, and accessible.

Checks that need a browser are in tests/browser.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report.page import HERE, page
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report.summary import Summary
from ansible_collections.panw.cloud.tests.helpers.rotation_results import fleet, result, target

HOSTILE = "</td></script></style><script>alert(1)</script><img src=//evil onerror=alert(2)> \"'{{ 7 * 7 }}{% raw %} \u202egnp \x00\x1b[31m \ud800 &lt; "
TEXTS = (
    "name",
    "account_id",
    "role_arn",
    "admin_role",
    "region",
    "store",
    "location",
    "state",
    "fingerprint",
    "step",
    "kind",
    "reason",
    "next_step",
)
LONG = 20_000


def hostile() -> dict[str, Any]:
    """Every external text tries to break out, one by one and all at once."""
    targets = [{**target(number, "failed"), text: HOSTILE + "x" * LONG} for number, text in enumerate(TEXTS)]
    targets.append({**target(1, "failed"), **dict.fromkeys(TEXTS, HOSTILE), "repaired": [HOSTILE]})
    targets[-1]["pending_revocation"] = [{"fingerprint": HOSTILE, "revoke_at": HOSTILE}]
    report = result(targets)
    report["steps"][HOSTILE] = report["steps"]["read"]
    return report


RESULTS = {
    "one": fleet(1),
    "thousand": fleet(1000),
    "none": fleet(0),
    "nothing": {},
    "dry": result([target(number, ("due", "fresh")[number % 2]) for number in range(40)], dry_run=True),
    "interrupted": result([target(0), target(1, "not_started")], interrupted=True),
    "partial": {"interrupted": True, "targets": [{"name": "a", "state": "not_started"}]},
    "expired": result([target(0, expires_at="2020-01-01T00:00:00Z"), target(1, expires_at="9999-12-31T23:59:59Z")]),
    "hostile": hostile(),
}


def parsed(report: dict[str, Any]) -> Element:
    """The page's tree. The parser is strict: any markup error raises an exception."""
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False)
    tree: Element = parser.parse(page(Summary(report)))
    return tree


@pytest.fixture(scope="module", params=RESULTS)
def tree(request: pytest.FixtureRequest) -> Element:
    return parsed(RESULTS[request.param])


def every(tree: Element, name: str) -> list[Element]:
    return [element for element in tree.iter() if str(element.tag).rpartition("}")[2] == name]


def text(element: Element) -> str:
    return "".join(element.itertext())


def by_id(tree: Element) -> dict[str, Element]:
    return {element.attrib["id"]: element for element in tree.iter() if "id" in element.attrib}


def cells(tree: Element) -> list[list[str]]:
    """The texts of the table of all targets, by row."""
    body = by_id(tree)["all"].find("tbody")
    assert body is not None
    return [[text(cell) for cell in row] for row in body]


def test_page_loads_nothing_and_runs_only_its_own_script(tree: Element) -> None:
    links = {
        value
        for element in tree.iter()
        for name, value in element.attrib.items()
        if name in ("href", "src", "xlink:href", "data", "action")
    }
    assert links == {"#targets", "data:,"}
    style, script = text(*every(tree, "style")), text(*every(tree, "script"))
    assert not re.search(r"url\(|@import|@font-face|https?://(?!www\.gnu\.org/licenses)", style + script)
    assert not re.search(r"fetch|XMLHttp|WebSocket|sendBeacon|innerHTML|eval|localStorage|cookie", script)
    (policy,) = (element.attrib["content"] for element in every(tree, "meta") if element.get("http-equiv"))
    style_hash, script_hash = (
        base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (style, script)
    )
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; script-src 'sha256-{script_hash}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_page_style_and_script_equal_their_files(tree: Element) -> None:
    assert text(*every(tree, "style")) == (HERE / "page.css").read_text(encoding="utf-8")
    assert text(*every(tree, "script")) == (HERE / "page.js").read_text(encoding="utf-8")


def test_page_attributes_hold_no_code_or_external_text(tree: Element) -> None:
    for element in tree.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            assert name != "style"
            assert "evil" not in value or (element.tag, name) == ("option", "value")


def test_hostile_texts_create_no_elements_and_are_shown() -> None:
    tree, plain = parsed(RESULTS["hostile"]), parsed(RESULTS["thousand"])
    assert {element.tag for element in tree.iter()} <= {element.tag for element in plain.iter()} | {"strong"}
    shown = (
        r"""</td></script></style><script>alert(1)</script><img src=//evil onerror=alert(2)> """
        r""""'{{ 7 * 7 }}{% raw %} \u202egnp \u0000\u001b[31m \ud800 &lt;"""
    )
    rows = cells(tree)
    assert len(rows) == len(TEXTS) + 1
    (row,) = (row for row in rows if row[1] == shown and row[5] == shown)
    assert row[0] == f"{shown}{shown} {shown}"
    assert row[4] == shown * 2
    assert row[7].startswith(f"{shown}, {shown}: {shown}. {shown}. {shown}. Old token {shown} will be revoked")
    assert len(text(tree)) < 40_000 + LONG


def test_bidi_and_control_characters_never_reach_page() -> None:
    whole = page(Summary(RESULTS["hostile"]))
    assert all(character.isprintable() or character == "\n" for character in whole)
    whole.encode()


def test_page_shows_only_known_parts() -> None:
    """If a result holds unexpected secrets, the page and the text do not show them."""
    extra = {"token": "s3cr3t", "subscription_key": "s3cr3t"}
    whole = page(Summary({**result([target(1, "failed", **extra)]), **extra}))
    assert "s3cr3t" not in whole


@pytest.mark.parametrize("size", [0, 1, 1000])
def test_every_target_has_a_row(size: int) -> None:
    report = fleet(size)
    rows = cells(parsed(report))
    assert sorted(row[0].partition("secretsmanager")[0] for row in rows) == sorted(
        entry["name"] for entry in report["targets"]
    )


def test_row_shows_all_facts_of_target() -> None:
    report = result([target(7, "failed", duration=1.23456)])
    assert cells(parsed(report)) == [
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
    tree = parsed(fleet(1000))
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
    table = next(table for table in every(parsed(fleet(1000)), "table") if "Durations" in text(table))
    rows = [[text(cell) for cell in row] for row in table.findall("tbody/tr")]
    assert rows[0] == ["read read the store", "1,000", "11 ms", "18 ms", "30 ms", "44 ms", ""]
    assert [row[0].split()[0] for row in rows] == ["read", "assume", "create", "prove", "finish", "revoke", "total"]


def test_dry_run_shows_planned_rotations_and_next_expiries() -> None:
    tree = parsed(RESULTS["dry"])
    assert text(*every(tree, "title")) == "Token rotation 2026-05-19 08:00:00 UTC: Dry run"
    assert "20 of 40 targets would be rotated." in text(tree)
    nearest = next(table for table in every(tree, "table") if "Nearest" in text(table[0]))
    dates = [text(row[1]) for row in nearest.findall("tbody/tr")]
    assert (
        dates == sorted(entry["expires_at"].replace("T", " ").rstrip("Z") for entry in RESULTS["dry"]["targets"])[:10]
    )
    assert [row[1] for row in cells(tree)] == ["due"] * 20 + ["fresh"] * 20


def test_tables_have_table_markup(tree: Element) -> None:
    for table in every(tree, "table"):
        assert [child.tag for child in table][:2] == ["caption", "thead"]
        assert text(table[0]).strip()
        heads = table.findall("thead/tr/th")
        assert all(head.get("scope") == "col" for head in heads)
        for row in table.findall("tbody/tr"):
            assert (row[0].tag, row[0].get("scope")) == ("th", "row")
            assert len(row) == len(table.findall("thead/tr/*"))


def test_page_has_landmarks_headings_and_names(tree: Element) -> None:
    (html,) = every(tree, "html")
    assert html.get("lang") == "en"
    assert [len(every(tree, name)) for name in ("title", "h1", "header", "main", "footer")] == [1] * 5
    levels = [int(element.tag[1]) for element in tree.iter() if re.fullmatch("h[1-6]", str(element.tag))]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    named = [element.attrib["id"] for element in tree.iter() if "id" in element.attrib]
    assert len(named) == len(set(named))
    for element in tree.iter():
        assert element.get("aria-labelledby", named[0]) in named
        if element.tag in ("section", "form") or element.get("tabindex") == "0":
            assert element.get("aria-labelledby") or element.get("aria-label")
    controls = [*every(tree, "input"), *every(tree, "select")]
    assert controls == [control for label in every(tree, "label") for control in label]
    assert {element.get("aria-hidden") for element in every(tree, "svg")} <= {"true"}


def test_controls_are_hidden_until_script_runs(tree: Element) -> None:
    assert every(tree, "form")[0].get("hidden") is not None
    assert [element.get("type") for element in every(tree, "button")] == ["reset"]


def test_page_grows_by_less_than_half_a_kilobyte_per_target() -> None:
    small, large = (len(page(Summary(fleet(size)))) for size in (1000, 2000))
    assert large - small < 512 * 1000


STYLE = (HERE / "page.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6});", block))
    for block in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[:2]
)
WORDS = ("text", "muted", "accent", "failed", "rotated")
MARKS = ("control", "accent", "failed", "unknown", "locked", "not-started", "due", "rotated", "fresh")


def luminance(color: str) -> float:
    """WCAG 2.2, relative luminance."""
    shares = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        with_limiter / 12.92 if with_limiter <= 0.04045 else ((with_limiter + 0.055) / 1.055) ** 2.4
        for with_limiter in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_formula_equals_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast_is_sufficient_for_text_and_marks(theme: dict[str, str]) -> None:
    assert len(theme) == len(LIGHT)
    for name in WORDS:
        for ground in ("ground", "raised"):
            assert contrast(theme[f"--{name}"], theme[f"--{ground}"]) >= 4.5, name
    for name in MARKS:
        assert contrast(theme[f"--{name}"], theme["--ground"]) >= 3, name


def test_every_color_is_measured() -> None:
    without = re.sub(r":root \{.*?\}", "", STYLE, flags=re.DOTALL)
    assert not re.search(r"#[0-9a-f]{3,8}\b(?! \{)|rgb|hsl", without.replace("#all", ""))
    assert set(re.findall(r"var\((--[a-z-]+)\)", STYLE)) == set(LIGHT)
