# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ngfw_access_info, run as a module against servers on loopback."""

from __future__ import annotations

import json

from ansible_collections.panw.cloud.tests.helpers.fakes import TOKEN, refusal, success
from ansible_collections.panw.cloud.tests.helpers.run_module import DELETE, TOKENS, Cloud, failed, run

DENIED = refusal(403, "User is not authorized to access this resource")
LOCAL, GLOBAL = f"GET {TOKENS}/cloudrulestackadmin", f"GET {TOKENS}/cloudglobalrulestackadmin"


def test_access_is_described() -> None:
    with Cloud() as cloud:
        result = run("ngfw_access_info", cloud.options)
        assert cloud.calls == [f"GET {TOKENS}"]
    expected = {
        "changed": False,
        "enabled": True,
        "max_expiry_time": 1440,
        "admin_roles": {},
        "account_id": "123456789012",
    }
    assert {key: result[key] for key in expected} == expected


def test_access_is_found_by_probes() -> None:
    with Cloud({f"GET {TOKENS}": DENIED, GLOBAL: DENIED}) as cloud:
        roles = ["rulestack", "global_rulestack", "rulestack"]
        result = run("ngfw_access_info", {**cloud.options, "probe_admin_roles": roles})
        assert cloud.calls == [LOCAL, DELETE, GLOBAL, f"GET {TOKENS}"]
        assert json.loads(cloud.received[1].body) == {"ExpiryTime": 5}
        assert len(cloud.sts) == 1
    assert (result["enabled"], result["max_expiry_time"]) == (True, None)
    assert result["admin_roles"] == {
        "rulestack": {"allowed": True, "reason": None},
        "global_rulestack": {"allowed": False, "reason": "User is not authorized to access this resource"},
    }


def test_access_off_is_reported() -> None:
    with Cloud({f"GET {TOKENS}": DENIED, LOCAL: success({"Enabled": False})}) as cloud:
        result = run("ngfw_access_info", {**cloud.options, "probe_admin_roles": ["rulestack"]})
    assert result["enabled"] is False


def test_probes_in_check_mode_create_no_token() -> None:
    with Cloud() as cloud:
        result = run("ngfw_access_info", {**cloud.options, "probe_admin_roles": ["account"]}, check=True)
        assert cloud.calls == [f"GET {TOKENS}"]
    assert result["admin_roles"] == {"account": {"allowed": None, "reason": None}}


def test_probe_that_leaves_a_token_warns() -> None:
    with Cloud({DELETE: refusal(403, "Missing Authentication Token")}) as cloud:
        result = run("ngfw_access_info", {**cloud.options, "probe_admin_roles": ["firewall"]})
    assert result["admin_roles"]["firewall"]["allowed"] is True
    assert any("expires at" in str(warning) for warning in result["warnings"])
    assert TOKEN not in str(result)


def test_access_unknown_fails_with_hint() -> None:
    with Cloud({f"GET {TOKENS}": DENIED}) as cloud:
        result = failed(run("ngfw_access_info", cloud.options))
    assert "'probe_admin_roles' finds out by requesting tokens" in result["msg"]


def test_probe_of_unknown_admin_role_is_rejected() -> None:
    with Cloud() as cloud:
        result = failed(run("ngfw_access_info", {**cloud.options, "probe_admin_roles": ["root"]}))
        assert cloud.received == []
    assert "must be one or more of: firewall, rulestack, global_rulestack, account" in result["msg"]


def test_account_probe_validates_url_before_any_call() -> None:
    with Cloud() as cloud:
        options = {"probe_admin_roles": ["firewall", "account"], "ngfw_management_url": "http://h.example"}
        failed(run("ngfw_access_info", {**cloud.options, **options}))
        assert cloud.calls == []
