# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The difference between a run and the previous one with the same report path.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

BAD = ("failed", "unknown")


def earlier(place: str) -> dict[str, Any] | None:
    """The result in an earlier report, None if it is missing or unreadable."""
    try:
        with open(place, encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("targets"), list) else None


def difference(before: dict[str, Any] | None, after: Mapping[str, Any]) -> dict[str, Any] | None:
    """Names of targets by kind of change, None without an earlier run."""
    if before is None:
        return None
    old, new = _states(before["targets"]), _states(after["targets"])
    failed = [name for name, state in new.items() if state in BAD]
    ended = before.get("ended_at")
    return {
        "ended_at": ended if isinstance(ended, str) else None,
        "newly_failed": [name for name in failed if old.get(name) not in BAD],
        "still_failed": [name for name in failed if old.get(name) in BAD],
        "recovered": [name for name, state in old.items() if state in BAD and new.get(name) in ("fresh", "rotated")],
        "added": [name for name in new if name not in old],
        "removed": [name for name in old if name not in new],
    }


def _states(targets: list[Any]) -> dict[str, Any]:
    return {
        entry["name"]: entry.get("state")
        for entry in targets
        if isinstance(entry, dict) and isinstance(entry.get("name"), str)
    }
