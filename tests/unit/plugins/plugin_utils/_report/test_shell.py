# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of all reports as an HTML5 parser reads them: valid, self-contained, safe against hostile texts, and accessible.

Checks that need a browser are in tests/browser.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from xml.etree.ElementTree import Element

import pytest
from ansible_collections.panw.cloud.plugins.plugin_utils._report.shell import script_of, style_of
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report.page import HERE as ROTATION
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report.page import page as rotation_page
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report.summary import Summary as RotationSummary
from ansible_collections.panw.cloud.plugins.plugin_utils._rulestack_report.page import HERE as RULESTACK
from ansible_collections.panw.cloud.plugins.plugin_utils._rulestack_report.page import page as rulestack_page
from ansible_collections.panw.cloud.plugins.plugin_utils._rulestack_report.summary import Summary as RulestackSummary
from ansible_collections.panw.cloud.tests.helpers.report_pages import contrast, every, parsed, text, themes
from ansible_collections.panw.cloud.tests.helpers.rotation_results import RESULTS
from ansible_collections.panw.cloud.tests.helpers.rulestack_plans import SAMPLES

FOLDERS = {"rotation": ROTATION, "rulestack": RULESTACK}
STYLES = {name: style_of(folder) for name, folder in FOLDERS.items()}
# Colors of words, which need more contrast than those of marks.
WORDS = {"text", "muted", "accent", "bad", "good"}
MORE_WORDS = {"rotation": set[str](), "rulestack": {"warn", "move"}}
GROUNDS = {"ground", "raised", "line"}
PAGES = [*(f"rotation {name}" for name in RESULTS), *(f"rulestack {name}" for name in SAMPLES)]


@pytest.fixture(scope="module", params=PAGES)
def report(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The kind of a report, and its page."""
    kind, name = request.param.split()
    if kind == "rotation":
        return kind, rotation_page(RotationSummary(RESULTS[name]))
    about, plans = SAMPLES[name]
    return kind, rulestack_page(RulestackSummary(plans, about))


@pytest.fixture(scope="module")
def tree(report: tuple[str, str]) -> Element:
    return parsed(report[1])


def test_page_loads_nothing_and_runs_only_its_own_script(tree: Element) -> None:
    links = {
        value
        for element in tree.iter()
        for name, value in element.attrib.items()
        if name in ("href", "src", "xlink:href", "data", "action")
    }
    assert {link for link in links if not link.startswith("#")} == {"data:,"}
    named = {f"#{element.attrib['id']}" for element in tree.iter() if "id" in element.attrib}
    assert links - {"data:,"} <= named
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


def test_page_attributes_hold_no_code_or_external_text(tree: Element) -> None:
    for element in tree.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            assert name != "style"
            assert "evil" not in value or (element.tag, name) == ("option", "value")


def test_tables_have_table_markup(tree: Element) -> None:
    for table in every(tree, "table"):
        assert [child.tag for child in table][:2] == ["caption", "thead"]
        assert text(table[0]).strip()
        heads = table.findall("thead/tr/th")
        assert all(head.get("scope") == "col" for head in heads)
        for row in table.findall("tbody/tr"):
            assert [cell.get("scope") for cell in row if cell.tag == "th"] == ["row"]
            assert sum(int(cell.get("colspan", "1")) for cell in row) == len(table.findall("thead/tr/*"))


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
    controls = [element for element in tree.iter() if element.tag in ("input", "select")]
    assert controls == [control for label in every(tree, "label") for control in label]
    assert {element.get("aria-hidden") for element in every(tree, "svg")} <= {"true"}


def test_controls_are_hidden_until_script_runs(tree: Element) -> None:
    assert every(tree, "form")[0].get("hidden") is not None
    assert [element.get("type") for element in every(tree, "button")] == ["reset"]


def test_style_and_script_equal_their_files(tree: Element, report: tuple[str, str]) -> None:
    assert text(*every(tree, "style")) == STYLES[report[0]]
    assert text(*every(tree, "script")) == script_of(FOLDERS[report[0]])


def test_bidi_and_control_characters_never_reach_a_page(report: tuple[str, str]) -> None:
    assert all(character.isprintable() or character == "\n" for character in report[1])
    report[1].encode()


def test_contrast_formula_equals_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("kind", STYLES)
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_contrast_is_sufficient_for_words_and_marks(kind: str, theme: int) -> None:
    colors = {name.removeprefix("--"): color for name, color in themes(STYLES[kind])[theme].items()}
    words = WORDS | MORE_WORDS[kind]
    assert words | GROUNDS < colors.keys()
    for name in words:
        for ground in ("ground", "raised"):
            assert contrast(colors[name], colors[ground]) >= 4.5, name
    for name in colors.keys() - GROUNDS:
        assert contrast(colors[name], colors["ground"]) >= 3, name


@pytest.mark.parametrize("kind", STYLES)
def test_every_color_is_measured(kind: str) -> None:
    light, dark = themes(STYLES[kind])
    without = re.sub(r":root \{.*?\}", "", STYLES[kind], flags=re.DOTALL)
    assert not re.search(r"#[0-9a-f]{3,8}\b(?! \{)|rgb|hsl", without.replace("#all", ""))
    assert set(re.findall(r"var\((--(?!mark)[a-z-]+)", STYLES[kind])) == set(light) == set(dark)
