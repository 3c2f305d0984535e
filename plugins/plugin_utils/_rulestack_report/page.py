# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as an HTML page.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from pathlib import Path

from .._report.shell import render
from .differences import singular
from .plans import OPERATIONS, SEVERITIES
from .rows import COLUMNS
from .summary import Summary

HERE = Path(__file__).parent
OPENED = 3  # with more rulestacks to show, all are closed at first


def page(summary: Summary) -> str:
    """The self-contained page."""
    shown = [
        target
        for target in summary.targets
        if target.rulestacks or target.unmanaged or target.warnings or target.edited
    ]
    return render(
        HERE,
        summary=summary,
        shown=shown,
        opened=sum(len(target.rulestacks) for target in shown) <= OPENED,
        operations=OPERATIONS,
        severities=SEVERITIES,
        columns=list(COLUMNS),
        singular=singular,
    )
