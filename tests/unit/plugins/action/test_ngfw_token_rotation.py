# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin without a play: what it imports when, and what it makes of options. All else is tested with playbooks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible_collections.panw.cloud.plugins.action import ngfw_token_rotation
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report import Report
from ansible_collections.panw.cloud.tests.helpers.rotation_results import fleet
from ansible_collections.panw.cloud.tests.helpers.run_action import Action

TARGET = {"name": "a", "admin_role": "firewall"}


def test_the_plugin_itself_imports_no_sdk() -> None:
    script = """
import importlib
importlib.import_module("ansible_collections.panw.cloud.plugins.action.ngfw_token_rotation")
print([name for name in ("boto3", "botocore", "requests") if name in sys.modules])
"""
    command = [sys.executable, "-c", f"import sys; sys.path[:] = {[entry for entry in sys.path if entry]!r}\n{script}"]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "[]\n"


def run(**options: Any) -> dict[str, Any]:
    action = Action("ngfw_token_rotation", {"region": "us-east-1", **options})
    action.plugin._compute_environment_string = lambda _raw: ""
    result = action.run()
    assert action.modules == [], "nothing runs as a module"
    return result


def test_a_mistake_is_a_failure_with_its_kind() -> None:
    result = run(targets=[{**TARGET, "admin_role": "king"}])
    assert result["failed"] is True
    assert result["error"]["kind"] == "invalid_input"
    assert "'admin_role' is 'king'" in result["msg"]


@pytest.mark.parametrize(
    "options", [{}, {"targets": [TARGET], "surprise": 1}, {"targets": [TARGET], "concurrency": "many"}]
)
def test_options_of_a_wrong_form_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(AnsibleActionFail):
        run(**options)


def test_a_url_without_tls_is_refused() -> None:
    assert "endpoint_url" in run(targets=[TARGET], endpoint_url="http://example.org")["msg"]


def test_a_profile_and_keys_are_refused() -> None:
    assert "profile" in run(targets=[TARGET], profile="x", access_key="a", secret_key="bcdef")["msg"]


def test_a_report_that_cannot_be_written_in_the_end_fails_the_task_and_loses_nothing(tmp_path: Path) -> None:
    result = fleet(3)
    before = dict(result)
    with Report(str(tmp_path / "today"), 3) as report:
        (tmp_path / "today.txt").mkdir()
        ngfw_token_rotation._complete(result, report, registered=False)
    assert result["failed"] is True
    assert f"Could not write the report at {tmp_path}/today.txt: Is a directory." in result["msg"]
    assert result["report"] == {"json": f"{tmp_path}/today.json", "html": f"{tmp_path}/today.html"}
    assert {name: result[name] for name in before} == before
