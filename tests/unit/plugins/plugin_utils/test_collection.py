# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who runs a task, and where."""

from __future__ import annotations

import os
import pwd
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.plugin_utils import _collection


@pytest.mark.parametrize(
    ("variables", "who"),
    [
        ({}, "root@control"),
        ({"awx_job_id": 7, "awx_user_name": "alice"}, "alice in AWX job 7, root@control"),
        ({"tower_job_id": 7, "tower_user_name": "alice"}, "alice in AWX job 7, root@control"),
        ({"awx_job_id": 7, "awx_job_template_name": "Rotate"}, "a schedule in AWX job 7 (Rotate), root@control"),
    ],
)
def test_runner_is_user_and_host(monkeypatch: pytest.MonkeyPatch, variables: dict[str, Any], who: str) -> None:
    monkeypatch.setattr(_collection.socket, "gethostname", lambda: "control")
    monkeypatch.setattr(os, "getuid", lambda: 0)
    assert _collection.run_by(variables) == who


def test_runner_without_user_name_uses_uid(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_number: int) -> None:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    assert _collection.run_by({}).startswith("12345@")
