# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests in a real browser. Without one, they are not collected, and the run's summary says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .chromium import NAMES, Chromium, find

BROWSER = find()
collect_ignore_glob = [] if BROWSER else ["test_*.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if BROWSER:
        terminalreporter.write_line(f"Browser tests: run in {BROWSER}")
    else:
        text = f"Browser tests: NOT RUN, {', '.join(NAMES)} not found on PATH. On Debian: apt install chromium"
        terminalreporter.write_line(text, yellow=True, bold=True)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    assert BROWSER
    chromium = Chromium(BROWSER, tmp_path_factory.mktemp("chromium"))
    yield chromium
    chromium.close()
