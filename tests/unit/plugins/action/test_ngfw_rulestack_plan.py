# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ngfw_rulestack_plan action plugin without a play: a directory beside the playbook, and a plan of it."""

from __future__ import annotations

import json
from pathlib import Path

from ansible.parsing.dataloader import DataLoader
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import FakeRulestacks
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN
from ansible_collections.panw.cloud.tests.helpers.run_action import Action
from ansible_collections.panw.cloud.tests.helpers.run_module import SECRETS, Cloud

HELD = {"token": TOKEN, "subscription_key": KEY}


def test_directory_beside_the_playbook_is_planned(tmp_path: Path) -> None:
    (tmp_path / "policy/rulestacks").mkdir(parents=True)
    (tmp_path / "policy/rulestacks/web.yml").write_text("description: Account {{ account_id }}, {{ team }}\n")
    fake, dest = FakeRulestacks(), tmp_path / "plan.json"
    with Cloud(rulestacks=fake) as cloud:
        options = {"directory": "policy", "variables": {"team": "web"}, "account_id": "123456789012", "dest": str(dest)}
        action = Action("ngfw_rulestack_plan", {**cloud.options, **HELD, **options})
        action.task.check_mode, action.task.diff = False, True
        action.plugin._compute_environment_string = lambda _raw: ""
        action.plugin._loader = DataLoader()
        action.plugin._loader.set_basedir(str(tmp_path))
        result = action.run()
    assert (result["changed"], result["has_changes"], len(result["diff"]), fake.writes) == (True, True, 1, [])
    plan = json.loads(dest.read_text())
    assert plan["rulestacks"][0]["after"]["description"] == "Account 123456789012, web"
    assert not [secret for secret in SECRETS if secret in repr(result) + dest.read_text()]
