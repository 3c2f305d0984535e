# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ngfw_rulestack_info, run as a module against servers on loopback."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN, Reply, refusal, success
from ansible_collections.panw.cloud.tests.helpers.run_module import DELETE, STAGE, TOKENS, Cloud, failed, run

HELD = {"token": TOKEN, "subscription_key": KEY}
LOCAL, GLOBAL = f"GET {TOKENS}/cloudrulestackadmin", f"GET {TOKENS}/cloudglobalrulestackadmin"
LIST = f"GET {STAGE}/v1/config/rulestacks"
WEB = f"{LIST}/web"


@pytest.mark.parametrize("check", [False, True])
def test_rulestacks_with_given_token_are_read(check: bool) -> None:
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
def test_rulestack_tokens_follow_scope_and_are_revoked(options: dict[str, str], roles: list[str]) -> None:
    with Cloud() as cloud:
        run("ngfw_rulestack_info", {**cloud.options, **options})
        assert [call for call in cloud.calls if "/tokens/cloud" in call] == roles
        assert cloud.calls.count(DELETE) == len(roles)
        assert cloud.calls[-1] == DELETE


@pytest.mark.parametrize("reply", [Reply(400), refusal(403, "Missing Authentication Token"), Reply(200, "<html>")])
def test_rulestack_token_is_revoked_after_read_failure(reply: Reply) -> None:
    with Cloud({LIST: reply}) as cloud:
        failed(run("ngfw_rulestack_info", cloud.options))
        assert cloud.calls.count(LOCAL) == cloud.calls.count(DELETE) == 1
        assert cloud.calls[-1] == DELETE


def test_rulestack_token_revocation_failure_warns() -> None:
    with Cloud({DELETE: refusal(403, "Missing Authentication Token")}) as cloud:
        result = run("ngfw_rulestack_info", cloud.options)
    assert result["rulestacks"]
    assert any("expires at" in str(warning) for warning in result["warnings"])
    assert TOKEN not in str(result)


def test_named_rulestack_missing_is_skipped() -> None:
    with Cloud({f"{LIST}/none": refusal(404, "Rulestack does not exist")}) as cloud:
        assert run("ngfw_rulestack_info", {**cloud.options, **HELD, "name": "none"})["rulestacks"] == []


def test_gather_all_reads_all_parts() -> None:
    parts = ("tags", "commit", "rulelists/LocalRule", "prefixlists", "fqdnlists", "feeds", "certificates")
    parts += ("urlcustomcategories", "fileblockingprofiles/custom/filetypes")
    with Cloud({f"{WEB}/{part}": success({}) for part in parts}) as cloud:
        options = {"name": "web", "gather": ["all"], "config": "both"}
        (found,) = run("ngfw_rulestack_info", {**cloud.options, **HELD, **options})["rulestacks"]
        assert cloud.calls == [WEB, *(f"{WEB}/{part}" for part in parts)]
        assert parse_qs(urlsplit(cloud.received[0].target).query) == {"candidate": ["true"], "running": ["true"]}
    assert set(found) == {
        *("name", "scope", "state", "candidate", "running", "tags", "commit_status", "rules", "prefix_lists"),
        *("fqdn_lists", "feeds", "certificates", "custom_url_categories", "file_blocking", "uncommitted"),
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
def test_invalid_input_is_rejected_before_any_call(options: dict[str, Any], message: str) -> None:
    with Cloud() as cloud:
        result = failed(run("ngfw_rulestack_info", {**cloud.options, **options}))
        assert cloud.received == []
    assert message in result["msg"]
