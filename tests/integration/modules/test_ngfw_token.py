# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lifecycle of a token, each step twice, verified by the servers' own records."""

from __future__ import annotations

from typing import Any

import pytest


def token_task(services: Any, **options: Any) -> dict[str, Any]:
    return {
        "name": "token",
        "panw.cloud.ngfw_token": {"admin_role": "rulestack", "role_arn": services.role_arn, **options},
        "register": "ngfw",
    }


def revoke_task(services: Any, name: str = "revoke", **options: Any) -> dict[str, Any]:
    held = {"token": "{{ ngfw.token }}", "subscription_key": "{{ ngfw.subscription_key }}"}
    return {"name": name, "panw.cloud.ngfw_token_revoke": {**held, "role_arn": services.role_arn, **options}}


def asserting(*conditions: str) -> dict[str, Any]:
    return {"name": "assert", "ansible.builtin.assert": {"that": list(conditions)}}


def test_token_is_issued_kept_and_revoked_once(services: Any, controller: Any) -> None:
    before = services.state
    again = {**token_task(services, current="{{ ngfw }}"), "name": "again", "register": "kept"}
    run = controller.play(
        token_task(services),
        again,
        asserting(
            "ngfw is changed",
            "ngfw.expiry_time == 30",
            "ngfw.tenant_version == 'V2'",
            "ngfw.account_id == '123456789012'",
            "kept is not changed",
            "kept | dict2items | rejectattr('key', 'in', ['changed', '_ansible_no_log']) | sort(attribute='key')"
            " == ngfw | dict2items | selectattr('key', 'in', kept) | rejectattr('key', 'equalto', 'changed') | sort(attribute='key')",
        ),
        revoke_task(services),
        revoke_task(services, "revoke again"),
    )
    assert run.returncode == 0, run.output
    assert run.results["revoke"]["changed"] is True
    assert run.results["revoke again"]["changed"] is False
    after = services.state
    assert after["issued"] - before["issued"] == 1
    assert after["revoked"] - before["revoked"] == 1


@pytest.mark.parametrize("admin_role", ["firewall", "rulestack", "global_rulestack", "account"])
def test_each_admin_role_gets_a_token_valid_for_its_calls(services: Any, controller: Any, admin_role: str) -> None:
    path = "mgmt/linkaccounts" if admin_role == "account" else "config/rulestacks"
    call = {
        "name": "call",
        "ansible.builtin.uri": {
            "url": f"{services.endpoints['ngfw_url']}/v1/{path}",
            "ca_path": services.endpoints["ca_bundle"],
            "headers": {"Authorization": "{{ ngfw.token }}", "x-api-key": "{{ ngfw.subscription_key }}"},
        },
        "no_log": True,
    }
    run = controller.play(
        token_task(services, admin_role=admin_role, expiry_time=5),
        call,
        revoke_task(services, admin_role=admin_role),
    )
    assert run.returncode == 0, run.output
    newest = services.state["tokens"][-1]
    assert newest["state"] == "revoked"


def test_check_mode_creates_and_revokes_no_token(services: Any, controller: Any) -> None:
    before = services.state
    predicted = {**token_task(services, force=True), "name": "predicted", "check_mode": True, "register": "predicted"}
    run = controller.play(
        predicted,
        asserting("predicted is changed", "predicted.token is none", "predicted.subscription_key is none"),
        token_task(services),
        {**revoke_task(services, "would revoke"), "check_mode": True},
        revoke_task(services),
        {**revoke_task(services, "would revoke again"), "check_mode": True},
    )
    assert run.returncode == 0, run.output
    assert run.results["would revoke"]["changed"] is True
    assert run.results["would revoke again"]["changed"] is False
    after = services.state
    assert after["issued"] - before["issued"] == 1


def test_token_that_is_due_is_replaced(services: Any, controller: Any) -> None:
    second = {
        **token_task(services, current="{{ ngfw }}", expiry_time=30, renew_before=6),
        "name": "second",
        "register": "second",
    }
    run = controller.play(
        token_task(services, expiry_time=5),
        second,
        asserting("second is changed", "second.fingerprint != ngfw.fingerprint"),
        revoke_task(services),
    )
    assert run.returncode == 0, run.output


def test_fresh_token_needs_no_server(services: Any, controller: Any) -> None:
    current = {"token": "a.b.c", "subscription_key": "key", "expires_at": "2099-01-01T00:00:00Z"}
    before = services.calls()
    run = controller.play(
        token_task(services, current=current, ngfw_url="https://127.0.0.1:1", endpoint_url="https://127.0.0.1:1"),
        asserting("ngfw is not changed", "ngfw.token == 'a.b.c'", "ngfw.subscription_key == 'key'"),
    )
    assert run.returncode == 0, run.output
    assert services.calls() == before


def test_missing_gateway_route_is_distinguished_from_an_invalid_token(services: Any, controller: Any) -> None:
    services.ask("PUT", "/access", revoke_route=False)
    try:
        run = controller.play(token_task(services, expiry_time=5), revoke_task(services))
    finally:
        services.ask("PUT", "/access", revoke_route=True)
    assert run.returncode != 0
    message = run.results["revoke"]["msg"]
    assert "no longer lists it" in message
    assert "another 5 minutes" in message
    assert "eyJ" not in message


def test_keys_of_a_role_work_without_assuming_it(services: Any, controller: Any) -> None:
    assumed = {
        "name": "assume",
        "amazon.aws.sts_assume_role": {"role_arn": services.role_arn, "role_session_name": "ambient"},
        "register": "session",
        "no_log": True,
    }
    keys = {
        "access_key": "{{ session.sts_creds.access_key }}",
        "secret_key": "{{ session.sts_creds.secret_key }}",
        "session_token": "{{ session.sts_creds.session_token }}",
    }
    ambient = {
        "name": "token",
        "panw.cloud.ngfw_token": {"admin_role": "firewall", "expiry_time": 5, **keys},
        "register": "ngfw",
    }
    run = controller.play(assumed, ambient, asserting("ngfw.account_id == '123456789012'"))
    assert run.returncode == 0, run.output
