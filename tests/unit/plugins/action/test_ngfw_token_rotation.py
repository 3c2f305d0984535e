# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ngfw_token_rotation action plugin without a play: option checks. Playbook tests cover the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible_collections.panw.cloud.plugins.action import ngfw_token_rotation
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report import Report
from ansible_collections.panw.cloud.tests.helpers.rotation_results import fleet
from ansible_collections.panw.cloud.tests.helpers.run_action import Action

TARGET = {"name": "a", "admin_role": "firewall"}


def run(**options: Any) -> dict[str, Any]:
    action = Action("ngfw_token_rotation", {"region": "us-east-1", **options})
    action.plugin._compute_environment_string = lambda _raw: ""
    result = action.run()
    assert action.modules == [], "the action plugin runs no module"
    return result


def test_rotation_invalid_option_fails_with_error_kind() -> None:
    result = run(targets=[{**TARGET, "admin_role": "king"}])
    assert result["failed"] is True
    assert result["error"]["kind"] == "invalid_input"
    assert "'admin_role' is 'king'" in result["msg"]


@pytest.mark.parametrize(
    "options", [{}, {"targets": [TARGET], "surprise": 1}, {"targets": [TARGET], "concurrency": "many"}]
)
def test_rotation_options_of_wrong_type_are_rejected(options: dict[str, Any]) -> None:
    with pytest.raises(AnsibleActionFail):
        run(**options)


def test_rotation_url_without_tls_is_rejected() -> None:
    assert "endpoint_url" in run(targets=[TARGET], endpoint_url="http://example.org")["msg"]


def test_rotation_profile_with_keys_is_rejected() -> None:
    assert "profile" in run(targets=[TARGET], profile="x", access_key="a", secret_key="bcdef")["msg"]


def test_rotation_report_write_failure_fails_task_and_keeps_result(tmp_path: Path) -> None:
    result = fleet(3)
    before = dict(result)
    with Report(str(tmp_path / "today"), 3) as report:
        (tmp_path / "today.txt").mkdir()
        ngfw_token_rotation._complete(result, report, registered=False)
    assert result["failed"] is True
    assert f"Could not write the report at {tmp_path}/today.txt: Is a directory." in result["msg"]
    assert result["report"] == {"json": f"{tmp_path}/today.json", "html": f"{tmp_path}/today.html"}
    assert {name: result[name] for name in before} == before
