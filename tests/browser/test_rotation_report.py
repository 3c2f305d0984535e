# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report in Chromium: no console message, no request, keyboard, light and dark. Screenshots are in tests/output."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.tests.helpers.rotation_results import fleet, result, target, written

from .chromium import FOCUS, Chromium

OUTPUT = Path(__file__).resolve().parents[1] / "output"
HOSTILE = "</script><script>console.log('evil')</script><img src=/evil onerror=alert(1)>\"'\u202egnp\x00\ud800"
PAGED = 50
ROWS = "Array.from(document.querySelector('#all tbody').rows)"
FIRST = f"{ROWS}.map(row => row.cells[0].firstChild.textContent)"
WHERE = "document.querySelector('#targets-table').closest('section').querySelector('[role=status]').textContent"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The URL of each report page."""
    hostile = target(1, "failed", name=HOSTILE, reason=HOSTILE * 9, admin_role=HOSTILE, location="x" * 9000)
    results = {
        "none": fleet(0),
        "one": fleet(1),
        "thousand": fleet(1000),
        "many": fleet(10000),
        "dry": result([target(number, ("due", "fresh")[number % 2]) for number in range(40)], dry_run=True),
        "interrupted": result([target(0), target(1, "not_started", expires_at=None)], interrupted=True),
        "hostile": result([hostile]),
    }
    directory = tmp_path_factory.mktemp("reports")
    return {name: f"file://{written(report, directory / name)['html']}" for name, report in results.items()}


def tab_to_head(browser: Chromium, name: str) -> None:
    browser.tab_to(f"{FOCUS}.closest('#all thead') && {FOCUS}.textContent === '{name}'")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["none", "one", "thousand", "many", "dry", "interrupted", "hostile"])
def test_opens_without_console_messages_or_requests(
    browser: Chromium, reports: dict[str, str], name: str, theme: str
) -> None:
    browser.open(reports[name], theme=theme)
    assert browser.complaints == []
    assert browser.requests == [reports[name]]
    assert browser.ask("document.scripts.length") == 1
    assert browser.ask("document.images.length") == 0
    shown = {"none": 0, "one": 1, "dry": 40, "interrupted": 2, "hostile": 1}.get(name, PAGED)
    assert browser.ask(f"{ROWS}.length") == shown


@pytest.mark.parametrize(("theme", "ground", "words"), [("light", 255, 27), ("dark", 20, 231)])
def test_light_and_dark(browser: Chromium, reports: dict[str, str], theme: str, ground: int, words: int) -> None:
    browser.open(reports["thousand"], theme=theme)
    style = "getComputedStyle(document.body)"
    reds = [browser.ask(f"Number({style}.{name}.match(/\\d+/)[0])") for name in ("backgroundColor", "color")]
    assert reds == [ground, words]
    browser.screenshot(OUTPUT / f"rotation-report-{theme}.png", full=True)


def test_prints_dark_on_white_without_controls(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["thousand"], theme="dark")
    browser.theme("dark", media="print")
    assert browser.ask("getComputedStyle(document.body).color") == "rgb(27, 31, 36)"
    assert browser.ask("document.querySelector('form').checkVisibility()") is False
    assert browser.ask("document.querySelector('#all').checkVisibility()") is True


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_narrow_screen_scrolls_only_tables(browser: Chromium, reports: dict[str, str], theme: str) -> None:
    for name in ("thousand", "hostile"):
        browser.open(reports[name], width=390, height=844, theme=theme)
        assert browser.ask("document.documentElement.scrollWidth") == 390
    browser.open(reports["thousand"], width=390, height=844, theme=theme)
    browser.screenshot(OUTPUT / f"rotation-report-narrow-{theme}.png")


def test_no_text_is_too_small_to_read(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["thousand"])
    sizes = "Array.from(document.querySelectorAll('body *'), one => parseFloat(getComputedStyle(one).fontSize))"
    assert browser.ask(f"Math.min(...{sizes})") >= 11
    assert browser.ask("parseFloat(getComputedStyle(document.querySelector('#all td')).fontSize)") >= 13


def sorted_by_name() -> list[str]:
    return sorted(entry["name"] for entry in fleet(1000)["targets"])


def test_sorts_by_keyboard_in_both_directions(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["thousand"])
    head = "document.querySelector('#all thead th')"
    assert browser.ask(f"{head}.getAttribute('aria-sort')") == "none"
    tab_to_head(browser, "Target")
    assert browser.ask(f"getComputedStyle({FOCUS}).outlineStyle") == "solid"
    browser.press("Enter")
    assert browser.ask(f"{head}.getAttribute('aria-sort')") == "ascending"
    assert browser.ask(FIRST) == sorted_by_name()[:PAGED]
    browser.press(" ")
    assert browser.ask(f"{head}.getAttribute('aria-sort')") == "descending"
    assert browser.ask(FIRST) == sorted_by_name()[: -PAGED - 1 : -1]


@pytest.mark.parametrize(("name", "part", "column"), [("Seconds", "duration", 6), ("Expires", "expires_at", 2)])
def test_numbers_and_dates_are_sorted_as_such(
    browser: Chromium, reports: dict[str, str], name: str, part: str, column: int
) -> None:
    browser.open(reports["thousand"])
    tab_to_head(browser, name)
    browser.press("Enter", times=2)
    assert browser.ask("document.querySelector('#all [aria-sort=descending]').textContent") == name
    assert (
        browser.ask("document.querySelectorAll('#all [aria-sort=descending], #all [aria-sort=ascending]').length") == 1
    )
    most = sorted((entry[part] for entry in fleet(1000)["targets"]), reverse=True)[:PAGED]
    expected = [f"{value:.3f}" if part == "duration" else value.replace("T", " ").rstrip("Z") for value in most]
    assert browser.ask(f"{ROWS}.map(row => row.cells[{column}].firstChild.textContent)") == expected


def test_grouped_numbers_are_sorted_by_value(browser: Chromium, tmp_path: Path) -> None:
    few, many = (
        [target(number, account_id=account) for number in range(size)]
        for account, size in (("7", 999 * 4), ("8", 1000 * 4))
    )
    browser.open(f"file://{written(result([*few, *many]), tmp_path / 'report')['html']}")
    browser.tab_to(f"{FOCUS}.closest('thead') && {FOCUS}.textContent === 'Targets'")
    browser.press("Enter", times=2)
    counts = "Array.from(document.querySelector('tbody[data-rows]').rows, row => row.cells[2].textContent)"
    assert browser.ask(counts) == ["1,000"] * 4 + ["999"] * 4


def test_rows_without_a_value_come_last(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["interrupted"])
    tab_to_head(browser, "Expires")
    for direction in ("ascending", "descending"):
        browser.press("Enter")
        assert browser.ask("document.querySelector('#all [aria-sort]:not([aria-sort=none])').ariaSort") == direction
        assert browser.ask(f"{ROWS}.map(row => row.cells[2].firstChild.localName === 'small')") == [False, True]


def test_filters_by_keyboard_and_clears(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["thousand"])
    assert browser.ask(WHERE) == "1 to 50 of 1,000"
    browser.tab_to(f"{FOCUS}.id === 'find'")
    browser.type("WORKLOAD-003 firewall")
    assert browser.ask(WHERE) == "1 to 10 of 10"
    browser.type(" nowhere")
    assert browser.ask(WHERE) == "No matching rows"
    assert browser.ask(f"{ROWS}.length") == 0
    browser.tab_to(f"{FOCUS}.type === 'reset'")
    browser.press("Enter")
    assert browser.ask(f"new Promise(done => setTimeout(() => done({WHERE})))") == "1 to 50 of 1,000"
    assert browser.ask("document.querySelector('#find').value") == ""
    assert browser.complaints == []


def test_selects_states_and_admin_roles_by_keyboard(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["thousand"])
    browser.tab_to(f"{FOCUS}.id === 'state'")
    browser.press("ArrowDown")
    assert browser.ask(f"{FOCUS}.value") == "failed"
    failed = [entry for entry in fleet(1000)["targets"] if entry["state"] == "failed"]
    assert browser.ask(WHERE) == f"1 to {len(failed)} of {len(failed)}"
    assert set(browser.ask(FIRST)) == {entry["name"] for entry in failed}
    browser.press("Tab")
    browser.press("ArrowDown")
    assert browser.ask(f"{FOCUS}.value") == "account"
    assert set(browser.ask(FIRST)) == {entry["name"] for entry in failed if entry["admin_role"] == "account"}


def test_turns_pages_by_keyboard_and_keeps_the_focus(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["thousand"])
    before = browser.ask(FIRST)
    browser.tab_to(f"{FOCUS}.closest('nav')?.ariaLabel.includes('All targets') && {FOCUS}.textContent === 'Next'")
    browser.press("Enter")
    assert browser.ask(WHERE) == "51 to 100 of 1,000"
    assert not set(before) & set(browser.ask(FIRST))
    browser.press("Enter", times=30)
    assert browser.ask(WHERE) == "951 to 1,000 of 1,000"
    assert browser.ask(f"[{FOCUS}.textContent, {FOCUS}.ariaDisabled]") == ["Next", "true"]


def test_shows_the_selected_number_of_rows(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["thousand"])
    browser.tab_to(f"{FOCUS}.id === 'rows'")
    browser.press("End")
    assert browser.ask(f"{ROWS}.length") == 1000
    assert browser.ask(WHERE) == "1 to 1,000 of 1,000"


def test_every_control_has_an_accessible_name(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["thousand"])
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    known = [node for node in nodes if not node["ignored"]]
    roles = {node["role"]["value"] for node in known}
    assert {
        "banner",
        "main",
        "contentinfo",
        "search",
        "navigation",
        "table",
        "columnheader",
        "rowheader",
        "status",
    } <= roles
    focusable = [
        node
        for node in known
        if any(one["name"] == "focusable" and one["value"]["value"] for one in node.get("properties", []))
    ]
    nameless = [
        node for node in focusable if not node.get("name", {}).get("value") and node["role"]["value"] != "RootWebArea"
    ]
    assert len(focusable) > 20
    assert nameless == []
    assert "image" not in roles  # charts repeat the data of the tables


def test_without_script_is_a_plain_table_of_all_targets(browser: Chromium, reports: dict[str, str]) -> None:
    browser.open(reports["thousand"], script=False)
    shape = browser.call("DOM.getDocument")["root"]["nodeId"]
    rows = browser.call("DOM.querySelectorAll", nodeId=shape, selector="#all tbody tr")["nodeIds"]
    assert len(rows) == 1000
    assert browser.call("DOM.getBoxModel", nodeId=rows[-1])["model"]["height"] > 10
    form = browser.call("DOM.querySelector", nodeId=shape, selector="form")["nodeId"]
    with pytest.raises(RuntimeError, match="Could not compute box model"):
        browser.call("DOM.getBoxModel", nodeId=form)
    assert browser.complaints == []


class Server(ThreadingHTTPServer):
    """Serves one page and records the requests."""

    def __init__(self, page: bytes, headers: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.page, self.headers, self.asked = page, headers, list[str]()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/report.html"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server: Any = self.server
        server.asked.append(self.path)
        self.send_response(200)
        for name, value in {
            "Content-Type": "text/html",
            "Content-Length": str(len(server.page)),
            **server.headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(server.page)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture(params=[{}, {"Content-Security-Policy": "script-src 'none'"}], ids=["plainly", "without_scripts"])
def server(request: pytest.FixtureRequest, reports: dict[str, str]) -> Iterator[Server]:
    with Server(Path(reports["thousand"].removeprefix("file://")).read_bytes(), request.param) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_served_page_requests_nothing_and_shows_all_if_its_script_is_blocked(browser: Chromium, server: Server) -> None:
    """Like a CI server that forbids scripts in artifacts."""
    browser.open(server.url)
    assert browser.ask(f"{ROWS}.filter(row => row.checkVisibility()).length") == (1000 if server.headers else PAGED)
    assert bool(browser.complaints) is bool(server.headers)
    assert server.asked == ["/report.html"]
