# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the EXAMPLES of each module and compare the results with RETURN."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.panw.cloud.tests.helpers.rulestack_plans import plan, saved, shop

from .conftest import ROOT
from .harness.wildfire_helpers import Keyring

MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("[!_]*.py"))


# What the stores of examples hold.
TOKEN = {
    "panw.cloud.ngfw_stored_token": {
        "admin_role": "rulestack",
        "role_arn": "arn:aws:iam::123456789012:role/CloudNGFWAdmin",
        "region": "us-east-1",
        "name": "cloud-ngfw/rulestack",
    }
}
CREDENTIALS = {
    "panw.cloud.scm_stored_credentials": {
        "service_account": "scanner",
        "region": "us-east-1",
        "name": "wildfire/scanner",
    }
}
FIREWALL = {
    "panw.cloud.ngfw_firewall": {
        "role_arn": "arn:aws:iam::123456789012:role/CloudNGFWAdmin",
        "region": "us-east-1",
        "name": "branch-egress",
        "zones": ["use1-az1"],
    }
}
PREPARED = {
    "ngfw_firewall_log_profile": [FIREWALL],
    "ngfw_firewall_rulestack": [FIREWALL],
    "ngfw_prefix_list": [TOKEN],
    "ngfw_rulestack_info": [TOKEN],
    "ngfw_stored_token_info": [TOKEN],
    "scm_stored_credentials_info": [CREDENTIALS],
}

# Called with a service account that is bound to a key.
WILDFIRE = (
    *("wildfire_report_info", "wildfire_sample", "wildfire_submission", "wildfire_test_file"),
    *("wildfire_verdict_change_request", "wildfire_verdict_info"),
)


def documented(module: str, name: str) -> Any:
    """One of the YAML blocks of a module."""
    tree = ast.parse((ROOT / f"plugins/modules/{module}.py").read_text())
    values = {node.targets[0].id: node.value for node in tree.body if isinstance(node, ast.Assign)}  # type: ignore[attr-defined]
    return yaml.safe_load(ast.literal_eval(values[name]))


def given(services: Any) -> dict[str, Any]:
    """The variables that examples use."""
    point, administrator = services.endpoints, services.administrator
    return {
        "ngfw_url": point["ngfw_url"],
        "ngfw_ca_bundle": point["ca_bundle"],
        "scm_client_id": administrator["SCM_CLIENT_ID"],
        "scm_client_secret": administrator["SCM_CLIENT_SECRET"],
        "scm_tsg_id": point["tsg_id"],
        "my_regions": ["us-east-1"],
        "my_rulestacks": [{"name": "branch-egress"}],
        "my_registry": json.loads(Path(point["registry_contract"]).read_text()),
    }


def arranged(services: Any, module: str, directory: Path) -> dict[str, Any]:
    """Set up the prerequisites of a module's examples and return them as variables."""
    if module == "role_options":
        return {"role_path": str(ROOT / "roles/iam_role"), "iam_role_tags": {"cost_center": 4711}}
    if module == "ngfw_rulestack_directory":
        (directory / "rulestacks").mkdir()
        (directory / "rulestacks/branch-egress.yml").write_text("deploy_to: {groups: [production]}\n")
        return {"my_policy": str(directory)}
    if module == "ngfw_rulestack_report":
        plans = saved(directory / "plans", [shop(target="shop_production"), plan(1)])
        return {"my_plans": plans, "my_reports": str(directory)}
    if module in ("ngfw_rulestack_config", "ngfw_rulestack_plan"):
        return {"my_plans": str(directory / "plans")}
    if module not in WILDFIRE:
        return {}
    keyring = Keyring(services)
    keyring.operator_creates()
    uploads = directory / "uploads"
    uploads.mkdir()
    (uploads / "hello.sh").write_text("echo hello")
    return {
        "upload_directory": str(uploads),
        "quarantine_directory": str(directory),
        "scanner": keyring.account,
        "old_api_key": services.ask("POST", "/strata/legacy-keys", length=32)["api_key"],
    }


@pytest.mark.parametrize("module", MODULES)
def test_examples_run_and_return_what_is_documented(
    services: Any, controller: Any, tmp_path: Path, module: str
) -> None:
    returned = documented(module, "RETURN")
    keys = [key for key, entry in returned.items() if entry["returned"] == "success"]
    tasks = documented(module, "EXAMPLES")
    checks = []
    for number, task in enumerate(tasks):
        if f"panw.cloud.{module}" in task:
            task.setdefault("register", f"result_{number}")
            condition = f"{task['register']}.keys() | sort | difference({[*returned, 'changed', 'diff', 'failed', 'warnings']}) == []"
            every = f"{keys} | difference({task['register']}.keys()) == []"
            checks.append((number, {"name": f"check {number}", "ansible.builtin.assert": {"that": [condition, every]}}))
    for number, check in reversed(checks):
        tasks.insert(number + 1, check)
    variables = tmp_path / "variables.yml"
    variables.write_text(yaml.safe_dump({**given(services), **arranged(services, module, tmp_path)}))
    tasks = [*PREPARED.get(module, []), *tasks]
    run = controller.play(*tasks, arguments=("-e", f"@{variables}"), **services.administrator)
    assert run.returncode == 0, run.output
    assert checks
