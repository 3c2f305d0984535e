# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret that the servers issued is in any output of the modules for firewalls at verbosity 4."""

from __future__ import annotations

from typing import Any

from .test_secrecy import _expecting, leaks, places


def every_module_for_a_part_of_a_firewall(arn: str) -> list[dict[str, Any]]:
    """Typical use of each module: with a token of the task, of a loop, and with the role; in diff mode; failures."""
    role, place = {"role_arn": arn}, {"firewall": "secrecy"}
    held = {"token": "{{ item.token }}", "subscription_key": "{{ item.subscription_key }}"}
    one = {"token": "{{ ngfw.token }}", "subscription_key": "{{ ngfw.subscription_key }}"}
    logs = {"destinations": [{"type": "S3", "destination": "bucket", "log_types": ["TRAFFIC"]}]}
    profile, rulestack = "panw.cloud.ngfw_firewall_log_profile", "panw.cloud.ngfw_firewall_rulestack"
    tasks: list[dict[str, Any]] = [
        {"panw.cloud.ngfw_token": {**role, "admin_role": "firewall"}, "register": "ngfw"},
        {"panw.cloud.ngfw_firewall": {**one, "name": "secrecy", "zones": ["use1-az1"]}},
        {profile: {**held, **place, **logs}, "loop": ["{{ ngfw }}"], "diff": True},
        {profile: {**one, **place, "destinations": [*logs["destinations"]] * 2}, "expected": "failure"},
        {rulestack: {**role, **place, "rulestack": "company-baseline", "scope": "global"}, "diff": True},
        {rulestack: {**one, **place, "rulestack": "none"}, "expected": "failure"},
        {"panw.cloud.ngfw_firewall": {**role, "name": "secrecy", "state": "absent"}},
    ]
    return [_expecting(number, task) for number, task in enumerate(tasks)]


def test_no_secret_of_a_task_for_a_part_of_a_firewall_is_in_any_output(services: Any, controller: Any) -> None:
    tasks = every_module_for_a_part_of_a_firewall(services.role_arn)
    run = controller.play(*tasks, arguments=("-vvvv",), **places(controller.home))
    assert run.returncode == 0, run.output
    assert leaks(controller.home, run.output, services.secrets()) == []


def every_firewall_module(arn: str) -> list[dict[str, Any]]:
    """Typical use of the modules for whole firewalls: with a token of the task, of a loop, and with the role; in diff mode; failures."""
    role, place = {"role_arn": arn}, {"name": "secrecy"}
    held = {"token": "{{ item.token }}", "subscription_key": "{{ item.subscription_key }}"}
    one = {"token": "{{ ngfw.token }}", "subscription_key": "{{ ngfw.subscription_key }}"}
    tasks: list[dict[str, Any]] = [
        {"panw.cloud.ngfw_token": {**role, "admin_role": "firewall"}, "register": "ngfw"},
        {"panw.cloud.ngfw_firewall": {**one, **place, "zones": ["use1-az1"]}, "diff": True},
        {"panw.cloud.ngfw_firewall": {**held, **place, "description": "two"}, "loop": ["{{ ngfw }}"], "diff": True},
        {"panw.cloud.ngfw_firewall": {**one, **place, "zones": ["us-east-1a"]}, "expected": "failure"},
        {
            "panw.cloud.ngfw_firewall": {**one, **place, "ngfw_url": "https://127.0.0.1:1"},
            "expected": "failure",
        },
        {"panw.cloud.ngfw_firewall_info": {**one, "log_profile": True}},
        {"panw.cloud.ngfw_firewall_info": held, "loop": ["{{ ngfw }}"]},
        {"panw.cloud.ngfw_firewall_info": {**role, "regions": ["us-east-1", "eu-central-1"]}},
        {"panw.cloud.ngfw_firewall_info": {**one, "ngfw_url": "https://127.0.0.1:1"}, "expected": "failure"},
        {"panw.cloud.ngfw_firewall": {**role, **place, "state": "absent"}},
    ]
    return [_expecting(number, task) for number, task in enumerate(tasks)]


def test_no_secret_of_a_task_for_whole_firewalls_is_in_any_output(services: Any, controller: Any) -> None:
    run = controller.play(*every_firewall_module(services.role_arn), arguments=("-vvvv",), **places(controller.home))
    assert run.returncode == 0, run.output
    assert leaks(controller.home, run.output, services.secrets()) == []
