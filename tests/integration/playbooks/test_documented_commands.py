# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs every documented ansible-playbook command for a playbook of the collection, first in check mode."""

from __future__ import annotations

import json
import re
import shlex
import uuid
from pathlib import Path
from typing import Any

from ..conftest import ROOT, Controller

PAGES = [ROOT / "README.md", *ROOT.glob("roles/*/README.md"), *ROOT.glob("docs/docsite/rst/*.rst")]
COMMAND = re.compile(r"ansible-playbook panw\.cloud\.(\w+)((?: (?![#>|&;])[^\s`]+)*)")
# Variables with the path of a file or directory that a playbook writes.
WRITTEN = re.compile("(manage_tokens_report|report_tokens_metrics|rulestacks_export)=.*")
# In the order of their dependencies.
PLAYBOOKS = """create_iam_role enable_access list_rulestacks issue_tokens rotate_fleet report_tokens rotate_tokens verify_tokens revoke_pending_tokens
revoke_tokens
wildfire_access rotate_wildfire_secret scan_files
validate_rulestacks plan_rulestacks apply_rulestacks drift_rulestacks rollback_rulestacks export_rulestacks"""


def documented() -> list[tuple[str, str]]:
    """Playbooks and their arguments. The README shows one command for all playbooks that it names."""
    shown = {(match[1], match[2].strip()) for page in PAGES for match in COMMAND.finditer(page.read_text())}
    assert len({playbook for playbook, _arguments in shown}) > 1
    named = [name for name in PLAYBOOKS.split() if f"`{name}`" in (ROOT / "README.md").read_text()]
    assert named == PLAYBOOKS.split()
    shown |= {(name, "-i inventory") for name in named}
    return sorted(shown, key=lambda command: (named.index(command[0]), command[1]))


def inventory(services: Any, controller: Controller) -> str:
    """An inventory with one host that is both an account and a tenant."""
    name = uuid.uuid4().hex[:12]
    point = services.endpoints
    host = {
        "aws_account_id": point["account_id"],
        "aws_region": point["region"],
        "aws_profile": "simulator",
        "iam_role_name": f"Shown-{name}",
        "iam_role_principals": [f"arn:aws:iam::{point['account_id']}:user/simulator-admin"],
        "ngfw_role_arn": f"arn:aws:iam::{point['account_id']}:role/Shown-{name}",
        "manage_tokens_tokens": [{"admin_role": "rulestack", "name": f"shown/{name}"}],
        "scm_tsg_id": point["tsg_id"],
        "wildfire_access_service_account": f"shown-{name}",
        "wildfire_access_name": f"wildfire/{name}",
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "scan_files_paths": [str(controller.home / "nothing")],
        "wildfire_access_registry": json.loads(Path(point["registry_contract"]).read_text()),
        "rulestacks_directory": str(ROOT / "playbooks/examples/organization/policy"),
        "rulestacks_plans": str(controller.home / "plans"),
        "rulestacks_export": str(controller.home / "rulestacks_export"),
    }
    path = controller.home / "inventory.json"
    path.write_text(json.dumps({"all": {"hosts": {"shop": host}}}))
    return str(path)


def test_documented_commands_in_check_mode_and_normal_mode_succeed(services: Any, controller: Controller) -> None:
    hosts = inventory(services, controller)
    begun = set()
    for playbook, shown in documented():
        arguments = [hosts if Path(word).stem == "inventory" else word for word in shlex.split(shown)]
        arguments = [WRITTEN.sub(rf"\1={controller.home}/\1", word) for word in arguments]
        for mode in (["--check"], []):
            command = (playbook, *dict.fromkeys([*arguments, *mode]))
            if command in begun:  # pages name one inventory differently
                continue
            begun.add(command)
            run = controller.playbook(ROOT / f"playbooks/{playbook}.yml", *command[1:], **services.administrator)
            assert run.returncode == 0, f"{playbook} {shown} {mode}:\n{run.output}"
