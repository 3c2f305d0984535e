# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks create_iam_role, enable_access and list_rulestacks, run by name with the example inventory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ..conftest import ROOT

EXAMPLE = ROOT / "playbooks/inventory/example.yml"
CALLER = "arn:aws:iam::123456789012:user/simulator-admin"


@pytest.fixture
def accounts(controller: Any) -> Path:
    """The example inventory, adapted to the principal and the credentials of this environment."""
    text = EXAMPLE.read_text().replace("arn:aws:iam::123456789012:role/automation", CALLER)
    lines = [line for line in text.splitlines() if "aws_profile" not in line]
    path: Path = controller.home / "accounts.yml"
    path.write_text("\n".join(lines))
    return path


def test_playbooks_in_sequence_succeed(controller: Any, accounts: Path) -> None:
    chosen = ("-i", str(accounts), "--limit", "security", "-e", "iam_role_name=FromPlaybook")
    for playbook, changed in (
        ("create_iam_role", 2),
        ("enable_access", 0),
        ("list_rulestacks", 0),
    ):
        run = controller.playbook(f"panw.cloud.{playbook}", *chosen)
        assert run.returncode == 0, run.output
        assert f"changed={changed}" in run.output
    assert "web-egress" in run.output


def test_create_iam_role_with_credentials_of_another_account_fails(controller: Any, accounts: Path) -> None:
    run = controller.playbook("panw.cloud.create_iam_role", "-i", str(accounts), "--limit", "shop_production")
    assert "belong to account 123456789012, not to 210987654321" in run.failure["msg"]


@pytest.mark.parametrize("playbook", ["create_iam_role", "enable_access", "list_rulestacks"])
def test_playbook_without_inventory_variables_names_them(controller: Any, playbook: str) -> None:
    run = controller.playbook(f"panw.cloud.{playbook}", "-i", "somewhere,")
    assert "somewhere needs aws_" in run.failure["msg"]


def test_limit_with_groups_selects_accounts(controller: Any) -> None:
    run = controller.playbook(
        "panw.cloud.enable_access", "-i", str(EXAMPLE), "--limit", "shop:&eu_west_1", "--list-hosts"
    )
    assert "hosts (1):\n      shop_test" in run.output
