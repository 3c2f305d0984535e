# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Defaults from the environment."""

from __future__ import annotations

import pytest
from ansible.module_utils.basic import AnsibleFallbackNotFound
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import from_environment


def test_empty_environment_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NGFW_URL", "")
    with pytest.raises(AnsibleFallbackNotFound):
        from_environment("NGFW_URL")
    monkeypatch.setenv("NGFW_OTHER_URL", "https://one.example")
    assert from_environment("NGFW_URL", "NGFW_OTHER_URL") == "https://one.example"
