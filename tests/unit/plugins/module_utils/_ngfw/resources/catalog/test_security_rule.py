# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for security rules beyond their fields."""

from __future__ import annotations

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog.security_rule import RULES

MATCHES: list[tuple[dict[str, Any], list[str]]] = [
    ({"source": {"cidrs": ["Any"], "feeds": [], "countries": None}, "applications": ["ANY"]}, []),
    ({"source": {"cidrs": ["Any", "10.0.0.0/8"]}}, ["source"]),
    (
        {"source": {"cidrs": ["any"], "countries": ["US"]}, "destination": {"cidrs": ["any"], "fqdn_lists": ["a"]}},
        ["source", "destination"],
    ),
    ({"destination": {"cidrs": ["10.0.0.0/8"], "feeds": ["a"]}, "applications": ["ssl", "dns"]}, []),
    ({"applications": ["ssl", "Any"]}, ["applications"]),
]


def test_any_is_alone() -> None:
    for values, options in MATCHES:
        expected = [(option, "has 'any' together with other values.") for option in options]
        assert [list(resource.check(values)) for resource in RULES.values()] == [expected] * 3
