# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ngfw_firewall action plugin without a play: lazy imports, option types, results and progress."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible_collections.panw.cloud.plugins.module_utils._module import firewall
from ansible_collections.panw.cloud.tests.helpers.fake_firewalls import FakeFirewalls
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN
from ansible_collections.panw.cloud.tests.helpers.firewall_runs import SIMPLE
from ansible_collections.panw.cloud.tests.helpers.run_action import Action
from ansible_collections.panw.cloud.tests.helpers.run_module import SECRETS, Cloud

HELD = {"token": TOKEN, "subscription_key": KEY}


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firewall, "POLL_INTERVALS", (0.001, 0.001))


def run(
    cloud: Cloud, *, check: bool = False, diff: bool = False, lines: list[str] | None = None, **options: Any
) -> dict[str, Any]:
    action = Action("ngfw_firewall", {**cloud.options, **HELD, "name": "web", **options})
    action.task.check_mode, action.task.diff = check, diff
    action.plugin._compute_environment_string = lambda _raw: ""
    action.plugin._display.display = [].append if lines is None else lines.append
    result = action.run()
    assert action.modules == [], "the action plugin runs no module"
    assert not [secret for secret in SECRETS if secret in repr(result)]
    return result


def test_firewall_is_managed_on_the_controller_and_shows_what_it_waits_for() -> None:
    fake, lines = FakeFirewalls(), list[str]()
    with Cloud(firewalls=fake) as cloud:
        predicted = run(cloud, check=True, diff=True, **SIMPLE)
        assert (predicted["changed"], len(predicted["diff"]), fake.writes) == (True, 1, [])
        result = run(cloud, lines=lines, **SIMPLE)
        assert (result["changed"], "diff" in result) == (True, False)
        assert run(cloud, **SIMPLE)["changed"] is False
    assert lines == [
        "panw.cloud.ngfw_firewall: the firewall is in CREATING",
        "panw.cloud.ngfw_firewall: the firewall is in CREATE_COMPLETE",
    ]


def test_text_of_the_service_does_not_control_the_terminal() -> None:
    fake, lines = FakeFirewalls(ends={"create": ["CREATING\x1b[2J", "CREATE_FAIL"]}, reason="no \x1b[31mcapacity"), []
    with Cloud(firewalls=fake) as cloud:
        result = run(cloud, lines=lines, **SIMPLE)
        present = run(cloud, state="absent", check=True)
    assert "no [31mcapacity" in result["msg"]
    for text in (result["msg"], result["error"]["reason"], present["firewall"]["failure_reason"], "".join(lines)):
        assert text
        assert "\x1b" not in text


def test_failure_has_its_kind_and_whether_something_changed() -> None:
    fake = FakeFirewalls(ends={"create": ["CREATING", "CREATE_FAIL"]}, reason="no capacity")
    with Cloud(firewalls=fake) as cloud:
        result = run(cloud, **SIMPLE)
        invalid = run(cloud, zones=["us-east-1a"])
        assert run(cloud, name="")["msg"].startswith("Invalid option: name is missing.")
    assert (result["failed"], result["changed"], result["error"]["kind"]) == (True, True, "firewall_failed")
    assert "the firewall is in CREATE_FAIL: no capacity" in result["msg"]
    assert (invalid["failed"], invalid["error"]["kind"], "changed" in invalid) == (True, "invalid_input", False)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"surprise": 1}, "surprise"),
        ({"wait_timeout": "long"}, "wait_timeout"),
        ({"state": "started"}, "value of state must be one of: present, absent"),
        ({"endpoints": [{"zone_id": "use1-az1"}]}, "missing required arguments: mode found in endpoints"),
        ({"endpoints": [{"mode": "Other"}]}, "value of mode must be one of: ServiceManaged, CustomerManaged"),
        ({"egress_nat": {"setting": {}}}, "setting"),
    ],
)
def test_options_of_wrong_type_or_name_are_rejected(options: dict[str, Any], message: str) -> None:
    with Cloud() as cloud:
        with pytest.raises(AnsibleActionFail, match=message):
            run(cloud, **options)
        assert cloud.received == []
