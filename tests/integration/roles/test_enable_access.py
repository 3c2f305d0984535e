# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role enable_access: its result, its failures, and how it waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

DESCRIBE = "GET /v1/mgmt/tokens"


def enable_access(services: Any, **variables: Any) -> dict[str, Any]:
    named = {"role_arn": services.role_arn, **variables}
    return {
        "name": "enable_access",
        "ansible.builtin.include_role": {"name": "panw.cloud.enable_access"},
        "vars": {f"enable_access_{name}": value for name, value in named.items()},
    }


SHOW_FACT = {"name": "show fact", "ansible.builtin.debug": {"var": "ngfw_access"}}


@pytest.fixture(autouse=True)
def access(services: Any) -> Iterator[None]:
    yield
    services.ask("PUT", "/access", enabled=True, describe="signed", max_expiry_time=1440)


def test_enabled_access_sets_the_fact_without_a_token(services: Any, controller: Any) -> None:
    before = services.state["issued"]
    run = controller.play(enable_access(services, expiry_time=1440), SHOW_FACT)
    assert run.returncode == 0, run.output
    assert run.results["show fact"]["ngfw_access"] == {
        "enabled": True,
        "max_expiry_time": 1440,
        "onboarded": None,
        "onboarding_status": None,
        "account_id": "123456789012",
        "role_arn": services.role_arn,
    }
    assert "changed=0" in run.output
    assert services.state["issued"] == before


def test_probing_admin_roles_leaves_no_token(services: Any, controller: Any) -> None:
    services.ask("PUT", "/access", describe="tenant_admin")
    before = services.state
    task = enable_access(services, account_role_arn=services.role_arn)
    run = controller.play(task, SHOW_FACT, arguments=("-vvvv",))
    assert run.returncode == 0, run.output
    assert not [secret for secret in services.secrets() if secret in run.output]
    assert run.results["show fact"]["ngfw_access"]["enabled"] is True
    assert run.results["show fact"]["ngfw_access"]["onboarded"] is True
    assert run.results["show fact"]["ngfw_access"]["onboarding_status"] == "Success"
    assert services.state["issued"] == before["issued"] + 3
    assert services.alive_since(before) == 0


def test_account_that_is_linked_and_not_onboarded_is_reported(services: Any, controller: Any) -> None:
    account = "345678901234"
    link = {"name": "link", "panw.cloud.ngfw_account": {"role_arn": services.role_arn, "account_id": account}}
    entry = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
    task = enable_access(services, role_arn=entry, account_role_arn=services.role_arn)
    run = controller.play(link, task)
    services.ask("POST", "/accounts/reset")
    assert f"{account} is not among the onboarded accounts" in run.failure["msg"]
    assert "The onboarding status of the account is Pending." in run.failure["msg"]


@pytest.mark.parametrize("describe", ["signed", "tenant_admin"])
def test_check_mode_creates_no_token(services: Any, controller: Any, describe: str) -> None:
    services.ask("PUT", "/access", describe=describe)
    before = services.state["issued"]
    task = enable_access(services, account_role_arn=services.role_arn)
    run = controller.play(task, SHOW_FACT, arguments=("--check",))
    assert run.returncode == 0, run.output
    assert run.results["show fact"]["ngfw_access"]["enabled"] is (True if describe == "signed" else None)
    assert services.state["issued"] == before


def test_disabled_access_shows_the_steps_and_fails(services: Any, controller: Any) -> None:
    services.ask("PUT", "/access", enabled=False)
    run = controller.play(enable_access(services))
    assert "run again" in run.failure["msg"]
    assert run.output.count("Turn on the switch Programmatic Access") == 1


def test_disabled_access_with_wait_succeeds_once_enabled(services: Any, controller: Any) -> None:
    services.ask("PUT", "/access", enabled=False)
    runs: list[Any] = []
    task = enable_access(services, on_disabled="wait", wait_interval=1, wait_timeout=120)
    seen = services.state["calls"].get(DESCRIBE, 0)
    waiting = threading.Thread(target=lambda: runs.append(controller.play(task, SHOW_FACT)))
    waiting.start()
    while waiting.is_alive() and services.state["calls"].get(DESCRIBE, 0) < seen + 2:
        waiting.join(0.1)
    services.ask("PUT", "/access", enabled=True)
    waiting.join()
    assert runs[0].returncode == 0, runs[0].output
    assert runs[0].results["show fact"]["ngfw_access"]["enabled"] is True
    assert runs[0].output.count("Turn on the switch Programmatic Access") == 1
    assert "changed=0" in runs[0].output


def test_disabled_access_with_wait_fails_after_the_timeout(services: Any, controller: Any) -> None:
    services.ask("PUT", "/access", enabled=False)
    run = controller.play(enable_access(services, on_disabled="wait", wait_interval=1, wait_timeout=1))
    assert run.returncode != 0
    assert "still off after 1 seconds" in run.output


def test_denied_access_is_diagnosed(services: Any, controller: Any) -> None:
    missing = services.role_arn + "Missing"
    failure = controller.play(enable_access(services, role_arn=missing)).failure
    assert "Change this first: Create it with the role panw.cloud.iam_role." in failure["msg"]
    assert f"problem: Role {missing} does not exist." in failure["msg"].splitlines()


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"expiry_time": 481}, "the tenant grants 480"),
        ({"expiry_time": 2}, "5 to 1440 minutes"),
        ({"wait_interval": 0}, "must be 1 or more"),
        ({"wait_timeout": 1}, "must not be less than the interval"),
        ({"on_disabled": "hope"}, "must be one of: fail, wait"),
        ({"admin_roles": ["root"]}, "Got no match for: root"),
        ({"role_arn": "arn:aws:iam::123456789012:user/me"}, "is the ARN of a user"),
        ({"account_role_arn": "me"}, "Option 'account_role_arn' is malformed"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_invalid_input_is_rejected(services: Any, controller: Any, variables: dict[str, Any], message: str) -> None:
    services.ask("PUT", "/access", max_expiry_time=480)
    assert message in str(controller.play(enable_access(services, **variables)).failure["msg"])
