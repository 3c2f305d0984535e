# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ngfw_rulestack_config action plugin without a play: lazy imports, option types, results and progress."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible_collections.panw.cloud.plugins.plugin_utils import _rulestack_action
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import FakeRulestacks, refused
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN
from ansible_collections.panw.cloud.tests.helpers.run_action import Action
from ansible_collections.panw.cloud.tests.helpers.run_module import SECRETS, Cloud

WEB = {"name": "web", "prefix_lists": [{"name": "one", "prefixes": ["10.0.0.0/8"]}]}
HELD = {"token": TOKEN, "subscription_key": KEY}


def run(cloud: Cloud, *, check: bool = False, diff: bool = False, **options: Any) -> dict[str, Any]:
    action = Action("ngfw_rulestack_config", {**cloud.options, **HELD, **options})
    action.task.check_mode, action.task.diff = check, diff
    action.plugin._compute_environment_string = lambda _raw: ""
    result = action.run()
    assert action.modules == [], "the action plugin runs no module"
    assert not [secret for secret in SECRETS if secret in repr(result)]
    return result


def test_rulestack_is_applied_on_the_controller() -> None:
    fake = FakeRulestacks()
    with Cloud(rulestacks=fake) as cloud:
        predicted = run(cloud, check=True, diff=True, rulestacks=[WEB])
        assert (predicted["changed"], len(predicted["diff"]), fake.writes) == (True, 2, [])
        result = run(cloud, rulestacks=[WEB])
        assert (result["changed"], "diff" in result) == (True, False)
        assert fake.running.keys() == {"/web", "/web/prefixlists/one"}
        assert run(cloud, rulestacks=[WEB])["changed"] is False


def test_failure_has_its_kind_and_what_is_applied() -> None:
    fake = FakeRulestacks()
    fake.fail("POST /web/prefixlists", refused("InvalidRequest: no"))
    with Cloud(rulestacks=fake) as cloud:
        result = run(cloud, rulestacks=[WEB])
        invalid = run(cloud, rulestacks=[{"name": "web", "scope": "both"}])
    assert (result["failed"], result["changed"], result["error"]["kind"]) == (True, True, "not_applied")
    assert result["rulestacks"][0]["applied"] == ["rulestack 'web'"]
    assert (invalid["failed"], invalid["error"]["kind"]) == (True, "invalid_input")
    assert "rulestacks[0] web > scope is 'both', not one of Local, Global" in invalid["msg"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rulestacks": [WEB], "surprise": 1}, "surprise"),
        ({"rulestacks": [WEB], "concurrency": "many"}, "concurrency"),
        ({"rulestacks": [WEB], "state": "present"}, "value of state must be one of: merged, replaced, overridden"),
    ],
)
def test_options_of_wrong_type_or_name_are_rejected(options: dict[str, Any], message: str) -> None:
    with Cloud() as cloud:
        with pytest.raises(AnsibleActionFail, match=message):
            run(cloud, **options)
        assert cloud.received == []


def test_progress_is_shown_every_few_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([0.0, 4.0, 5.0, 5.0, 8.0, 10.0, 10.0])
    monkeypatch.setattr(_rulestack_action.time, "monotonic", lambda: next(now))
    action, lines = Action("ngfw_rulestack_config", {}), list[str]()
    action.plugin._display.display = lines.append
    report = action.plugin._progress()
    for done in (1, 2, 3, 4):
        report("written" if done > 2 else "read", done, 9 if done > 2 else 0)
    assert lines == ["panw.cloud.ngfw_rulestack_config: 2 read", "panw.cloud.ngfw_rulestack_config: 4 of 9 written"]
