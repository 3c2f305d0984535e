# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of rulestack plans in Chromium: sorting, filtering, before and after, keyboard, print. Screenshots are in tests/output."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.plugin_utils._rulestack_report import report
from ansible_collections.panw.cloud.tests.helpers.report_pages import HOSTILE
from ansible_collections.panw.cloud.tests.helpers.rulestack_plans import SAMPLES, created, finding, fleet, plan, saved

from .chromium import FOCUS, Chromium

OUTPUT = Path(__file__).resolve().parents[1] / "output"
PAGED = 25
ROWS = "Array.from(document.querySelector('#all tbody').rows)"
NAMES = f"{ROWS}.map(row => row.cells[0].textContent)"
WHERE = "document.querySelector('#all').closest('section').querySelector('[role=status]').textContent"
SHOWN = "Array.from(document.querySelectorAll('details'), one => one.checkVisibility()).filter(Boolean).length"
OPEN = "document.querySelectorAll('details[open]').length"
SOON = "new Promise(done => setTimeout(done))"


def big() -> list[dict[str, Any]]:
    """200 targets with 1,000 rulestacks, of which 143 have changes and two have findings."""
    plans = fleet(200, rules=5)
    for number, severity in ((0, "error"), (2, "warning")):
        name = next(one["name"] for one in plans[number]["rulestacks"] if one["changes"])
        plans[number]["findings"] = [finding(severity, "allow-web", rulestack=name)]
    return plans


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The URL of each report page."""
    directory = tmp_path_factory.mktemp("reports")
    urls = {}
    for name, (kind, plans) in {**SAMPLES, "big": ("plan", big())}.items():
        named = [
            {**one, "target": f"{number:03}" if name == "hostile" else one["target"]}
            for number, one in enumerate(plans)
        ]
        files = [f"{saved(directory / name, [one])}/{one['target']}.json" for one in named]
        urls[name] = f"file://{report(files, kind, str(directory / f'{name}-report'))['files']['html']}"
    edited = saved(directory / "edited", [{**plan(1, [created()]), "region": "us-west-2"}])
    failed = {"shop_002": "Could not list rulestacks: HTTP 403.", HOSTILE: HOSTILE}
    urls["failed"] = f"file://{report([edited], 'plan', str(directory / 'failed-report'), failed)['files']['html']}"
    return urls


def choose(browser: Chromium, select: str, value: str) -> None:
    """Choose an option as a user does."""
    found = f"document.getElementById('{select}')"
    browser.ask(f"{found}.value = Array.from({found}.options).find(one => one.text === '{value}').value")
    browser.ask(f"{found}.dispatchEvent(new Event('input', {{ bubbles: true }}))")


def style(browser: Chromium, element: str, name: str) -> str:
    found: str = browser.ask(f"getComputedStyle({element}).{name}")
    return found


def row(name: str) -> str:
    """The row of a rule."""
    return f"Array.from(document.querySelectorAll('.rules tr')).find(row => row.querySelector('th').textContent === '{name}')"


@pytest.mark.parametrize("name", [*SAMPLES, "big"])
def test_opens_without_console_messages_or_requests(browser: Chromium, reports: dict[str, str], name: str) -> None:
    browser.open(reports[name])
    assert browser.complaints == []
    assert browser.requests == [reports[name]]
    assert browser.ask("[document.scripts.length, document.images.length]") == [1, 0]
    rows = {"nothing": 2, "empty": 0, "created": 1, "removed": 2, "drift": 5, "hostile": 2, "big": PAGED}.get(name, 3)
    assert browser.ask(f"{ROWS}.length") == rows


@pytest.mark.parametrize(("theme", "ground", "words"), [("light", 255, 27), ("dark", 20, 231)])
def test_light_and_dark(browser: Chromium, reports: dict[str, str], theme: str, ground: int, words: int) -> None:
    for name in ("changes", "drift", "big"):
        browser.open(reports[name], theme=theme)
        reds = [
            browser.ask(f"Number(getComputedStyle(document.body).{one}.match(/\\d+/)[0])")
            for one in ("backgroundColor", "color")
        ]
        assert reds == [ground, words]
        browser.screenshot(OUTPUT / f"rulestack-report-{name}-{theme}.png", full=name != "big")


def test_before_and_after_are_signs_and_not_only_colors(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["changes"])
    assert browser.ask(f"Array.from({row('allow-web')}.querySelectorAll('del, ins'), one => one.textContent)") == [
        "−guests",  # noqa: RUF001 - as on the page
        "+stores",
        "−web-browsing",  # noqa: RUF001
    ]
    assert browser.ask(f"{row('allow-updates')}.cells[0].textContent.trim()") == "−8000 +400"  # noqa: RUF001
    assert style(browser, f"{row('allow-web')}.querySelector('del s')", "textDecorationLine") == "line-through"


def test_rules_are_in_the_order_of_evaluation(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["changes"])
    shown = "Array.from(document.querySelectorAll('.rules tbody tr')).filter(row => row.checkVisibility())"
    assert browser.ask(f"{shown}.map(row => row.querySelector('th').textContent + '/' + row.cells[1].textContent)") == [
        "allow-web/changed",
        "1 unchanged rule/",
        "allow-legacy-ftp/removed",
        "allow-updates/moved",
        "allow-payments/added",
        "allow-0/",
        "8 unchanged rules/",
    ]


def test_removed_rules_are_struck_but_unexpected_ones_are_not(browser: Chromium, reports: dict[str, str]) -> None:
    for name, line in (("changes", "line-through"), ("applied", "line-through"), ("drift", "none")):
        browser.open(reports[name])
        assert style(browser, f"{row('allow-legacy-ftp')}.querySelector('th')", "textDecorationLine") == line
        assert style(browser, f"{row('allow-web')}.querySelector('th')", "textDecorationLine") == "none"


def test_sorts_by_keyboard_in_both_directions(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["big"])
    head = "document.querySelector('#all thead th')"
    browser.tab_to(f"{FOCUS}.closest('#all thead') && {FOCUS}.textContent === 'Rulestack'")
    assert style(browser, FOCUS, "outlineStyle") == "solid"
    browser.press("Enter")
    assert browser.ask(f"[{head}.ariaSort, {NAMES}.slice(0, 3)]") == ["ascending", ["app-0-0", "app-0-1", "app-0-2"]]
    browser.press(" ")
    assert browser.ask(f"[{head}.ariaSort, {NAMES}[0]]") == ["descending", "app-199-4"]


def test_numbers_are_sorted_as_such_and_rows_without_one_come_last(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["drift"])
    browser.tab_to(f"{FOCUS}.closest('#all thead') && {FOCUS}.textContent === 'Unexpected'")
    numbers = f"{ROWS}.map(row => row.cells[8].textContent)"
    browser.press("Enter")
    assert browser.ask(numbers) == ["1", "2", "", "", ""]
    browser.press("Enter")
    assert browser.ask(numbers) == ["2", "1", "", "", ""]


def test_finds_words_in_rules_and_hides_other_details(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["drift"])
    assert browser.ask(SHOWN) == 3
    browser.press("/")
    assert browser.ask(f"{FOCUS}.id") == "find"
    browser.type("NET-4711 legacy")
    assert browser.ask(f"[{NAMES}, {SHOWN}]") == [["shop-egress"], 1]
    browser.type(" nowhere")
    assert browser.ask(f"[{WHERE}, {SHOWN}]") == ["No matching rows", 0]
    assert browser.ask("Array.from(document.querySelectorAll('.target'), one => one.checkVisibility())") == [False] * 3
    browser.press("/")
    assert browser.ask("document.getElementById('find').value") == "NET-4711 legacy nowhere/"
    browser.tab_to(f"{FOCUS}.type === 'reset'")
    browser.press("Enter")
    assert browser.ask(f"{SOON}.then(() => [{ROWS}.length, {SHOWN}])") == [5, 3]
    assert browser.complaints == []


def test_filters_by_change_finding_state_account_and_region(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["big"])
    for select, value, found in (
        ("changes", "moved", "1 to 25 of 143"),
        ("findings", "warning", "1 to 1 of 1"),
        ("findings", "any or none", "1 to 25 of 143"),
        ("region", "eu-central-1", "1 to 25 of 48"),
        ("account", "210987654326", "1 to 1 of 1"),
        ("state", "unchanged", "No matching rows"),
        ("changes", "any change or none", "1 to 4 of 4"),
    ):
        choose(browser, select, value)
        assert browser.ask(WHERE) == found, (select, value)
    choose(browser, "state", "changed")
    assert browser.ask(f"[{NAMES}, {SHOWN}]") == [["app-10-2"], 1]


def test_selects_are_reached_and_used_by_keyboard(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["big"])
    browser.tab_to(f"{FOCUS}.id === 'findings'")
    browser.press("ArrowDown")
    assert browser.ask(f"[{FOCUS}.value, {WHERE}, {NAMES}]") == ["10", "1 to 1 of 1", ["app-0-3"]]


def test_link_opens_its_details_by_keyboard(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["big"])
    assert browser.ask(OPEN) == 0
    browser.tab_to(f"{FOCUS}.textContent === 'app-2-0'")
    browser.press("Enter")
    assert browser.ask(f"[{OPEN}, document.querySelector('details[open] h4').textContent]") == [1, "app-2-0"]


def test_details_open_by_keyboard_alone_and_all_at_once(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["drift"])
    assert browser.ask(OPEN) == 3
    browser.tab_to(f"{FOCUS}.textContent === 'Open or close all'")
    for number in (0, 3, 0):
        browser.press("Enter")
        assert browser.ask(OPEN) == number
    browser.tab_to(f"{FOCUS}.localName === 'summary'")
    assert style(browser, FOCUS, "outlineStyle") == "solid"
    browser.press("Enter")
    assert browser.ask(OPEN) == 1


def test_unchanged_rules_are_shown_on_request(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["changes"])
    visible = f"{row('allow-dns')}.checkVisibility()"
    assert browser.ask(visible) is False
    browser.tab_to(f"{FOCUS}.type === 'checkbox'")
    browser.press(" ")
    assert browser.ask(f"[{visible}, document.querySelector('.gap').checkVisibility()]") == [True, False]


def test_prints_everything_without_controls(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["drift"], theme="dark")
    browser.ask("document.querySelector('.legend + button').click()")
    browser.ask(
        "addEventListener('beforeprint', () => { window.opened = document.querySelectorAll('details[open]').length; })"
    )
    browser.call("Page.printToPDF")
    assert browser.ask(f"[window.opened, {OPEN}]") == [3, 0]
    browser.theme("dark", media="print")
    assert browser.ask("getComputedStyle(document.body).color") == "rgb(27, 31, 36)"
    assert browser.ask(f"{row('allow-dns')}.checkVisibility()") is True
    for control in ("form", ".unfold", ".gap", ".legend + button"):
        assert browser.ask(f"document.querySelector('{control}').checkVisibility()") is False, control
    browser.open(reports["changes"])
    browser.theme("light", media="print")
    browser.screenshot(OUTPUT / "rulestack-report-print.png", full=True)


def test_narrow_screen_scrolls_only_tables(browser: Chromium, reports: dict[str, str]) -> None:
    for name in ("hostile", "big", "changes"):
        browser.open(reports[name], width=390, height=844)
        assert browser.ask("document.documentElement.scrollWidth") == 390, name
    browser.screenshot(OUTPUT / "rulestack-report-narrow.png", full=True)


def test_every_control_has_an_accessible_name(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["changes"])
    nodes = [node for node in browser.call("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]]
    focusable = [
        node
        for node in nodes
        if any(one["name"] == "focusable" and one["value"]["value"] for one in node.get("properties", []))
    ]
    nameless = [node for node in focusable if not node.get("name", {}).get("value")]
    assert len(focusable) > 20
    assert [node["role"]["value"] for node in nameless if node["role"]["value"] != "RootWebArea"] == []
    assert {"insertion", "deletion", "search", "DisclosureTriangle"} <= {node["role"]["value"] for node in nodes}


def test_without_script_everything_can_be_read(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(f"{reports['big']}#r0-3", script=False)
    root = browser.call("DOM.getDocument")["root"]["nodeId"]

    def heights(selector: str) -> list[int]:
        nodes = browser.call("DOM.querySelectorAll", nodeId=root, selector=selector)["nodeIds"]
        return [browser.call("DOM.getBoxModel", nodeId=node)["model"]["height"] for node in nodes]

    assert len(browser.call("DOM.querySelectorAll", nodeId=root, selector="#all tbody tr")["nodeIds"]) == 1000
    assert heights("#all tbody tr:last-child")[0] > 10
    assert len(heights("details[open]")) == 1
    assert min(heights("details[open] .rules")) > 100
    with pytest.raises(RuntimeError, match="Could not compute box model"):
        heights("form")
    assert browser.complaints == []


def test_hostile_texts_are_shown_as_text(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["hostile"])
    browser.ask("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert browser.ask("document.body.innerText.includes('<script>alert(1)</script><img src=//evil onerror=alert(2)>')")
    assert (
        browser.ask("document.body.innerText.includes('\\u202e') || document.body.innerText.includes('\\u001b')")
        is False
    )
    assert browser.complaints == []


def test_failed_targets_and_edited_plans_come_first(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["failed"])
    assert browser.complaints == []
    section = "document.querySelector('main > section')"
    assert browser.ask(f"{section}.querySelector('h2').textContent") == "2 failed targets"
    texts = browser.ask(f"Array.from({section}.querySelectorAll('p'), one => one.innerText)")
    assert len(texts) == 2
    assert "failed shop_002 Could not list rulestacks: HTTP 403." in texts
    assert any("<script>alert(1)</script>" in text for text in texts)
    assert browser.ask("document.querySelector('.status').textContent") == "2 failed targets"
    assert "The plan was edited after it was made" in browser.ask("document.querySelector('.target').innerText")
    for width in (390, 1280):
        browser.open(reports["failed"], width=width, height=844)
        assert browser.ask("document.documentElement.scrollWidth") == width
    browser.screenshot(OUTPUT / "rulestack-report-failed.png", full=True)


def test_nothing_to_do_has_no_details(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["nothing"])
    assert browser.ask("document.querySelector('.verdict').textContent") == "Nothing to do in 2 rulestacks."
    assert browser.ask("document.querySelectorAll('details, .legend').length") == 0
    browser.open(reports["empty"])
    assert browser.ask(WHERE) == "No matching rows"
