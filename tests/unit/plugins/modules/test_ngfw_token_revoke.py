# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ngfw_token_revoke, run as a module against servers on loopback."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import fingerprint
from ansible_collections.panw.cloud.tests.helpers.fakes import (
    KEY,
    TOKEN,
    Reply,
    refusal,
    success,
)
from ansible_collections.panw.cloud.tests.helpers.run_module import (
    DELETE,
    Cloud,
    failed,
    run,
)

HELD = {"token": TOKEN, "subscription_key": KEY}


def test_revoke_valid_token_is_changed() -> None:
    with Cloud() as cloud:
        result = run("ngfw_token_revoke", {**cloud.options, **HELD})
        assert cloud.calls == [DELETE]
    result.pop("warnings", None)
    assert result == {"changed": True, "revoked": True, "fingerprint": fingerprint(TOKEN)}


def test_revoke_dead_token_is_unchanged() -> None:
    with Cloud({DELETE: refusal(404, "Not Found")}) as cloud:
        result = run("ngfw_token_revoke", {**cloud.options, **HELD})
    assert (result["changed"], result["revoked"]) == (False, True)


@pytest.mark.parametrize(
    ("role", "reply", "changed"),
    [
        (None, success({}), True),
        ("firewall", refusal(401, "Unauthorized"), False),
        ("account", success({}), True),
        ("account", refusal(403, "Forbidden"), False),
    ],
)
def test_revoke_check_mode_verifies_token(role: str | None, reply: Reply, changed: bool) -> None:
    path = "/prod/v1/mgmt/linkaccounts" if role == "account" else "/prod/v1/config/rulestacks"
    options = {"admin_role": role} if role else {}
    with Cloud({f"GET {path}": reply}) as cloud:
        result = run("ngfw_token_revoke", {**cloud.options, **HELD, **options}, check=True)
        assert cloud.calls == [f"GET {path}"]
        assert cloud.sts == []
    assert (result["changed"], result["revoked"]) == (changed, True)


@pytest.mark.parametrize(
    ("more", "reported"),
    [
        ({"expires_at": "2999-01-01T00:00:00Z"}, "The token is valid until 2999-01-01T00:00:00Z"),
        ({}, "The token is still valid; its expiry is unknown."),
    ],
)
def test_revoke_without_route_reports_remaining_life(more: dict[str, str], reported: str) -> None:
    with Cloud({DELETE: refusal(403, "Missing Authentication Token")}) as cloud:
        result = failed(run("ngfw_token_revoke", {**cloud.options, **HELD, **more}))
    assert "specification of 2026 no longer lists it" in result["msg"]
    assert reported in result["msg"]
    assert (result["error"]["kind"], result["error"]["status"]) == ("route_not_found", 403)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"token": ""}, "Option 'token' is empty"),
        ({"token": "  "}, "Option 'token' is empty"),
        ({"subscription_key": ""}, "Option 'subscription_key' is empty"),
        ({"token": None}, "missing required arguments: token"),
        ({"subscription_key": None}, "missing required arguments: subscription_key"),
        ({"token": f"{TOKEN}\n"}, "Option 'token' contains white space"),
        ({"expires_at": "soon"}, "Option 'expires_at' is 'soon'; it must be a date"),
        ({"admin_role": "root"}, "value of admin_role must be one of"),
    ],
)
def test_revoke_invalid_input_is_rejected_before_any_call(change: dict[str, Any], message: str) -> None:
    with Cloud() as cloud:
        options = {**cloud.options, **HELD, **change}
        result = failed(run("ngfw_token_revoke", {k: v for k, v in options.items() if v is not None}))
        assert cloud.received == []
    assert message in result["msg"]
