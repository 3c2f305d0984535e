# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the report on rulestack plans.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from typing import Any


def spec() -> dict[str, Any]:
    """All options."""
    return {
        "plans": {"type": "list", "elements": "path", "required": True},
        "kind": {"type": "str", "choices": ["plan", "drift", "apply"], "default": "plan"},
        "dest": {"type": "path"},
        "failed": {"type": "dict", "default": {}},
    }
