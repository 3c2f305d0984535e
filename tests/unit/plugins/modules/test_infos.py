# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ngfw_access_info and ngfw_rulestack_info, run as modules."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN, Reply, refusal, success
from ansible_collections.panw.cloud.tests.helpers.run_module import DELETE, STAGE, TOKENS, Cloud, failed, run

DENIED = refusal(403, "User is not authorized to access this resource")
HELD = {"token": TOKEN, "subscription_key": KEY}
LOCAL, GLOBAL = f"GET {TOKENS}/cloudrulestackadmin", f"GET {TOKENS}/cloudglobalrulestackadmin"
LIST = f"GET {STAGE}/v1/config/rulestacks"
WEB = f"{LIST}/web"


def test_access() -> None:
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


def test_access_by_probes() -> None:
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


def test_access_that_is_off() -> None:
    with Cloud({f"GET {TOKENS}": DENIED, LOCAL: success({"Enabled": False})}) as cloud:
        result = run("ngfw_access_info", {**cloud.options, "probe_admin_roles": ["rulestack"]})
    assert result["enabled"] is False


def test_probes_in_check_mode_make_no_token() -> None:
    with Cloud() as cloud:
        result = run("ngfw_access_info", {**cloud.options, "probe_admin_roles": ["account"]}, check=True)
        assert cloud.calls == [f"GET {TOKENS}"]
    assert result["admin_roles"] == {"account": {"allowed": None, "reason": None}}


def test_probe_that_leaves_a_token_warns() -> None:
    with Cloud({DELETE: refusal(403, "Missing Authentication Token")}) as cloud:
        result = run("ngfw_access_info", {**cloud.options, "probe_admin_roles": ["firewall"]})
    assert result["admin_roles"]["firewall"]["allowed"] is True
    assert any("dies at" in str(warning) for warning in result["warnings"])
    assert TOKEN not in str(result)


def test_access_that_nobody_tells() -> None:
    with Cloud({f"GET {TOKENS}": DENIED}) as cloud:
        result = failed(run("ngfw_access_info", cloud.options))
    assert "'probe_admin_roles' finds it out by trying" in result["msg"]


def test_unknown_admin_role_to_probe() -> None:
    with Cloud() as cloud:
        result = failed(run("ngfw_access_info", {**cloud.options, "probe_admin_roles": ["root"]}))
        assert cloud.received == []
    assert "must be one or more of: firewall, rulestack, global_rulestack, account" in result["msg"]


def test_account_probe_checks_its_url_before_any_call() -> None:
    with Cloud() as cloud:
        options = {"probe_admin_roles": ["firewall", "account"], "ngfw_management_url": "http://h.example"}
        failed(run("ngfw_access_info", {**cloud.options, **options}))
        assert cloud.calls == []


@pytest.mark.parametrize("check", [False, True])
def test_rulestacks_with_a_held_token(check: bool) -> None:
    with Cloud() as cloud:
        result = run("ngfw_rulestack_info", {**cloud.options, **HELD}, check=check)
        assert cloud.calls == [LIST, WEB]
        assert cloud.sts == []
        assert cloud.received[0].headers["Authorization"] == TOKEN
        assert parse_qs(urlsplit(cloud.received[0].target).query)["scope"] == ["All"]
    result.pop("warnings", None)
    assert result == {
        "changed": False,
        "rulestacks": [{"name": "web", "scope": "local", "state": "Running", "candidate": {"scope": "Local"}}],
    }


@pytest.mark.parametrize(
    ("options", "roles"),
    [
        ({}, [LOCAL]),
        ({"scope": "local"}, [LOCAL]),
        ({"scope": "global"}, [GLOBAL]),
        ({"scope": "all"}, [LOCAL, GLOBAL]),
        ({"admin_role": "firewall"}, [f"GET {TOKENS}/cloudfirewalladmin"]),
        ({"admin_role": "firewall", "scope": "all"}, [f"GET {TOKENS}/cloudfirewalladmin"]),
    ],
)
def test_own_tokens_follow_the_scope_and_are_revoked(options: dict[str, str], roles: list[str]) -> None:
    with Cloud() as cloud:
        run("ngfw_rulestack_info", {**cloud.options, **options})
        assert [call for call in cloud.calls if "/tokens/cloud" in call] == roles
        assert cloud.calls.count(DELETE) == len(roles)
        assert cloud.calls[-1] == DELETE


@pytest.mark.parametrize("reply", [Reply(400), refusal(403, "Missing Authentication Token"), Reply(200, "<html>")])
def test_own_token_is_revoked_when_reading_fails(reply: Reply) -> None:
    with Cloud({LIST: reply}) as cloud:
        failed(run("ngfw_rulestack_info", cloud.options))
        assert cloud.calls.count(LOCAL) == cloud.calls.count(DELETE) == 1
        assert cloud.calls[-1] == DELETE


def test_own_token_that_cannot_be_revoked_warns() -> None:
    with Cloud({DELETE: refusal(403, "Missing Authentication Token")}) as cloud:
        result = run("ngfw_rulestack_info", cloud.options)
    assert result["rulestacks"]
    assert any("dies at" in str(warning) for warning in result["warnings"])
    assert TOKEN not in str(result)


def test_named_rulestack_that_does_not_exist() -> None:
    with Cloud({f"{LIST}/none": refusal(404, "Rulestack does not exist")}) as cloud:
        assert run("ngfw_rulestack_info", {**cloud.options, **HELD, "name": "none"})["rulestacks"] == []


def test_everything_is_gathered() -> None:
    parts = ("tags", "commit", "rulelists/LocalRule", "prefixlists", "fqdnlists", "feeds", "certificates")
    parts += ("urlcustomcategories", "fileblockingprofiles/custom/filetypes")
    with Cloud({f"{WEB}/{part}": success({}) for part in parts}) as cloud:
        options = {"name": "web", "gather": ["all"], "config": "both"}
        (found,) = run("ngfw_rulestack_info", {**cloud.options, **HELD, **options})["rulestacks"]
        assert cloud.calls == [WEB, *(f"{WEB}/{part}" for part in parts)]
        assert parse_qs(urlsplit(cloud.received[0].target).query) == {"candidate": ["true"], "running": ["true"]}
    assert set(found) == {
        *("name", "scope", "state", "candidate", "running", "tags", "commit_status", "rules", "prefix_lists"),
        *("fqdn_lists", "feeds", "certificates", "custom_url_categories", "file_blocking"),
    }


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"token": TOKEN}, "Option 'subscription_key' is empty"),
        ({"subscription_key": KEY}, "Option 'token' is empty"),
        ({**HELD, "token": ""}, "Option 'token' is empty"),
        ({**HELD, "admin_role": "firewall"}, "mutually exclusive: token|admin_role"),
        ({"name": "web", "tag_key": "team"}, "mutually exclusive: name|tag_key"),
        ({"tag_value": "x"}, "tag_key"),
        ({"scope": "some"}, "value of scope must be one of: local, global, all"),
        ({"config": "some"}, "value of config must be one of: candidate, running, both"),
        ({"gather": ["some"]}, "value of gather must be one or more of: all, tags"),
        ({"admin_role": "account"}, "value of admin_role must be one of: firewall, rulestack, global_rulestack"),
    ],
)
def test_bad_input_is_refused_before_any_call(options: dict[str, Any], message: str) -> None:
    with Cloud() as cloud:
        result = failed(run("ngfw_rulestack_info", {**cloud.options, **options}))
        assert cloud.received == []
    assert message in result["msg"]
