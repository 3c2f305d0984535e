# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read coverage's JSON report, show what the unit tests miss in module_utils, and fail below 95 % branch coverage."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

GUARDED = "plugins/module_utils/"
LEAST_PERCENT = 95.0


def percent(summary: Mapping[str, int]) -> float:
    """The percentage of covered branches; 100 if there are no branches."""
    return 100.0 * summary["covered_branches"] / summary["num_branches"] if summary["num_branches"] else 100.0


def listing(values: Iterable[object]) -> str:
    """Values as text."""
    return ", ".join(map(str, values)) or "-"


def report(files: Mapping[str, Any]) -> tuple[str, bool]:
    """Show what is missing, worst file first, and return whether enough is covered.

    :param files: the files of coverage's JSON report: their summaries and missing lines and branches.
    """
    guarded = {name.removeprefix(GUARDED): file for name, file in files.items() if name.startswith(GUARDED)}
    shares = {name: percent(file["summary"]) for name, file in guarded.items()}
    lines = []
    for name in sorted(guarded, key=lambda name: (shares[name], name)):
        missing = guarded[name]["missing_lines"], guarded[name]["missing_branches"]
        if any(missing):
            jumps = [f"{start}->{end if end > 0 else 'exit'}" for start, end in missing[1]]
            lines.append(f"{shares[name]:5.1f} %  {name}: lines {listing(missing[0])}; branches {listing(jumps)}")
    counts = ("covered_branches", "num_branches")
    total = percent({count: sum(file["summary"][count] for file in guarded.values()) for count in counts})
    lines.append(f"{total:5.1f} % of the branches of {GUARDED} are covered; {LEAST_PERCENT:.0f} % are required.")
    return "\n".join(lines), bool(guarded) and total >= LEAST_PERCENT


def main(path: str) -> int:
    """Return 0 if enough is covered."""
    text, enough = report(json.loads(Path(path).read_text(encoding="utf-8"))["files"])
    print(text)
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
