# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The differences between two documents are told in words."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.differences import difference_text

LIST = {"name": "one", "prefixes": ["10.0.0.0/8"]}
WEB: dict[str, Any] = {"name": "web", "scope": "local", "description": "old", "prefix_lists": [LIST]}


@pytest.mark.parametrize(
    ("before", "now", "text"),
    [
        (None, None, ""),
        (WEB, dict(WEB), ""),
        (None, WEB, "was created"),
        (WEB, None, "was removed"),
        (WEB, {**WEB, "description": "new"}, "has changed: its 'description' changed from 'old' to 'new'"),
        (WEB, {**WEB, "prefix_lists": []}, "has changed: prefix list 'one' was removed"),
        (WEB, {**WEB, "fqdn_lists": [{"name": "f"}]}, "has changed: FQDN list 'f' was added"),
        (
            WEB,
            {**WEB, "prefix_lists": [{**LIST, "description": "x"}]},
            "has changed: prefix list 'one': 'description' changed from nothing to 'x'",
        ),
        (WEB, {**WEB, "account_id": "123456789012"}, ""),  # chosen by the server, and cannot change
    ],
)
def test_difference_names_what_changed_from_what_to_what(before: Any, now: Any, text: str) -> None:
    assert difference_text(before, now) == text


def test_many_differences_are_counted() -> None:
    lists = [{"name": f"p{number}"} for number in range(13)]
    text = difference_text(WEB, {**WEB, "prefix_lists": [LIST, *lists]})
    assert text.endswith("prefix list 'p9' was added; and 3 more")
    assert "p10" not in text
