# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role enable_access: what it tells, when it fails, and how it waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

DESCRIBE = "GET /v1/mgmt/tokens"


def enable_access(stand_ins: Any, **variables: Any) -> dict[str, Any]:
    named = {"role_arn": stand_ins.role_arn, **variables}
    return {
        "name": "enable_access",
        "ansible.builtin.include_role": {"name": "panw.cloud.enable_access"},
        "vars": {f"enable_access_{name}": value for name, value in named.items()},
    }


TOLD = {"name": "told", "ansible.builtin.debug": {"var": "ngfw_access"}}


@pytest.fixture(autouse=True)
def access(stand_ins: Any) -> Iterator[None]:
    yield
    stand_ins.ask("PUT", "/access", enabled=True, describe="signed", max_expiry_time=1440)


def test_facts_without_a_token(stand_ins: Any, controller: Any) -> None:
    before = stand_ins.state["issued"]
    run = controller.play(enable_access(stand_ins, expiry_time=1440), TOLD)
    assert run.returncode == 0, run.output
    assert run.results["told"]["ngfw_access"] == {
        "enabled": True,
        "max_expiry_time": 1440,
        "onboarded": None,
        "account_id": "123456789012",
        "role_arn": stand_ins.role_arn,
    }
    assert "changed=0" in run.output
    assert stand_ins.state["issued"] == before


def test_tokens_that_are_tried_do_not_stay(stand_ins: Any, controller: Any) -> None:
    stand_ins.ask("PUT", "/access", describe="tenant_admin")
    before = stand_ins.state
    task = enable_access(stand_ins, account_role_arn=stand_ins.role_arn)
    run = controller.play(task, TOLD, arguments=("-vvvv",))
    assert run.returncode == 0, run.output
    assert not [secret for secret in stand_ins.secrets() if secret in run.output]
    assert run.results["told"]["ngfw_access"]["enabled"] is True
    assert run.results["told"]["ngfw_access"]["onboarded"] is True
    assert stand_ins.state["issued"] == before["issued"] + 2
    assert stand_ins.alive_since(before) == 0


@pytest.mark.parametrize("describe", ["signed", "tenant_admin"])
def test_check_mode_makes_no_token(stand_ins: Any, controller: Any, describe: str) -> None:
    stand_ins.ask("PUT", "/access", describe=describe)
    before = stand_ins.state["issued"]
    task = enable_access(stand_ins, account_role_arn=stand_ins.role_arn)
    run = controller.play(task, TOLD, arguments=("--check",))
    assert run.returncode == 0, run.output
    assert run.results["told"]["ngfw_access"]["enabled"] is (True if describe == "signed" else None)
    assert stand_ins.state["issued"] == before


def test_where_it_is_off_the_steps_are_told_and_it_fails(stand_ins: Any, controller: Any) -> None:
    stand_ins.ask("PUT", "/access", enabled=False)
    run = controller.play(enable_access(stand_ins))
    assert "run again" in run.failure["msg"]
    assert run.output.count("Move the switch Programmatic Access") == 1


def test_it_waits_until_somebody_has_switched_it_on(stand_ins: Any, controller: Any) -> None:
    stand_ins.ask("PUT", "/access", enabled=False)
    runs: list[Any] = []
    task = enable_access(stand_ins, on_disabled="wait", delay=1, timeout=120)
    seen = stand_ins.state["calls"].get(DESCRIBE, 0)
    waiting = threading.Thread(target=lambda: runs.append(controller.play(task, TOLD)))
    waiting.start()
    while waiting.is_alive() and stand_ins.state["calls"].get(DESCRIBE, 0) < seen + 2:
        waiting.join(0.1)
    stand_ins.ask("PUT", "/access", enabled=True)
    waiting.join()
    assert runs[0].returncode == 0, runs[0].output
    assert runs[0].results["told"]["ngfw_access"]["enabled"] is True
    assert runs[0].output.count("Move the switch Programmatic Access") == 1
    assert "changed=0" in runs[0].output


def test_it_does_not_wait_for_ever(stand_ins: Any, controller: Any) -> None:
    stand_ins.ask("PUT", "/access", enabled=False)
    run = controller.play(enable_access(stand_ins, on_disabled="wait", delay=1, timeout=1))
    assert run.returncode != 0
    assert "still off after 1 seconds" in run.output


def test_a_refusal_is_explained(stand_ins: Any, controller: Any) -> None:
    missing = stand_ins.role_arn + "Missing"
    failure = controller.play(enable_access(stand_ins, role_arn=missing)).failure
    assert "Change this first: Make it, with the role panw.cloud.iam_role." in failure["msg"]
    assert f"problem: There is no role {missing}." in failure["msg"].splitlines()


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"expiry_time": 481}, "the tenant grants 480"),
        ({"expiry_time": 2}, "5 to 1440 minutes"),
        ({"delay": 0}, "has to be 1 or more"),
        ({"timeout": 1}, "as much or more"),
        ({"on_disabled": "hope"}, "must be one of: fail, wait"),
        ({"admin_roles": ["root"]}, "Got no match for: root"),
        ({"role_arn": "arn:aws:iam::123456789012:user/me"}, "is the ARN of a user"),
        ({"account_role_arn": "me"}, "Option 'account_role_arn' is malformed"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_bad_input(stand_ins: Any, controller: Any, variables: dict[str, Any], message: str) -> None:
    stand_ins.ask("PUT", "/access", max_expiry_time=480)
    assert message in str(controller.play(enable_access(stand_ins, **variables)).failure["msg"])
