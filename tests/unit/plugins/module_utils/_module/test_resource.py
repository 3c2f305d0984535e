# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module for one resource, run against servers on loopback: check, create, again, change, commit, remove, again."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import PanwCloudError
from ansible_collections.panw.cloud.plugins.module_utils._module.resource import keys_of
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import LOST_AFTER, FakeRulestacks, refused
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN
from ansible_collections.panw.cloud.tests.helpers.run_module import DELETE, TOKENS, Cloud, failed, run

HELD = {"token": TOKEN, "subscription_key": KEY}
PREFIXES = {"rulestack": "web", "name": "one", "prefixes": ["10.0.0.0/8"]}
LIST, ONE = "/web/prefixlists", "/web/prefixlists/one"
FEED = {"url": "https://a.example", "type": "IP_LIST", "frequency": "DAILY", "time": 3}
MATCH = {"source": {}, "destination": {}, "applications": ["any"], "action": "Allow"}
# Module, its options, and a change.
MODULES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "ngfw_rulestack",
        {"name": "web", "profiles": {"anti_virus": "custom"}, "tags": {"a": "b"}},
        {"description": "new"},
    ),
    ("ngfw_prefix_list", {"name": "one", "prefixes": ["10.0.0.0/8"]}, {"prefixes": ["192.0.2.0/24"]}),
    ("ngfw_fqdn_list", {"name": "one", "fqdns": ["a.example"]}, {"description": "new"}),
    ("ngfw_intelligent_feed", {"name": "one", **FEED}, {"frequency": "HOURLY", "time": None}),
    ("ngfw_certificate", {"name": "one", "self_signed": True}, {"description": "new"}),
    ("ngfw_custom_url_category", {"name": "one", "urls": ["a.example"]}, {"action": "block"}),
    ("ngfw_predefined_url_category_override", {"name": "one", "action": "block"}, {"action": "alert"}),
    ("ngfw_file_blocking", {"file_type": "pdf", "action": "block", "direction": "both"}, {"direction": "upload"}),
    (
        "ngfw_security_rule",
        {"name": "one", **MATCH, "tags": {"a": "b"}},
        {"decryption_rule_type": "", "enabled": False},
    ),
]


@pytest.mark.parametrize(("module", "options", "change"), MODULES, ids=[module for module, *_rest in MODULES])
def test_resource_is_created_changed_and_removed_with_as_many_writes(
    module: str, options: dict[str, Any], change: dict[str, Any]
) -> None:
    own = module == "ngfw_rulestack"
    fake = FakeRulestacks({} if own else {"/web": {"Scope": "Local"}})
    with Cloud(rulestacks=fake) as cloud:
        given = {**cloud.options, **HELD, **({} if own else {"rulestack": "web"}), **options}

        def written(check: bool = False, **more: Any) -> tuple[dict[str, Any], int]:
            before = len(fake.writes)
            result = run(module, {**given, **more}, check=check)
            assert not result.get("failed"), result["msg"]
            return result, len(fake.writes) - before

        predicted, writes = written(check=True)
        assert (predicted["changed"], predicted["operation"], predicted["before"], writes) == (True, "create", None, 0)
        created, writes = written()
        assert created["changed"]
        assert {**created, "warnings": None} == {**predicted, "warnings": None}
        assert writes == (2 if own else 1)
        again, writes = written()
        assert (again["changed"], again["operation"], again["before"], writes) == (False, "none", created["after"], 0)
        given.update(change)
        updated, writes = written()
        assert (updated["operation"], updated["before"], writes) == ("update", created["after"], 1)
        assert written()[0]["after"] == updated["after"]
        assert len(updated["diff"]) == 1
        if module == "ngfw_file_blocking":
            return
        assert written(state="absent", check=True)[1] == 0
        removed, writes = written(state="absent")
        assert (removed["operation"], removed["after"], writes) == ("delete", None, 1)
        assert written(state="absent")[0]["changed"] is False
    assert [path for path in fake.entries if path != "/web" and fake.entries[path] != {"Action": "none"}] in (
        [],
        ["/web/urlfilteringprofiles/custom/urlcategories/one"],
    )


@pytest.mark.parametrize(("scope", "role"), [("local", "cloudrulestackadmin"), ("global", "cloudglobalrulestackadmin")])
def test_temporary_token_follows_the_scope_and_is_revoked(scope: str, role: str) -> None:
    fake = FakeRulestacks({"/web": {"Scope": scope}})
    with Cloud(rulestacks=fake) as cloud:
        assert run("ngfw_prefix_list", {**cloud.options, **PREFIXES, "scope": scope})["changed"]
        assert cloud.calls[0] == f"GET {TOKENS}/{role}"
        assert cloud.calls[-1] == DELETE


def test_change_is_committed_and_an_uncommitted_one_too() -> None:
    fake = FakeRulestacks({"/web": {}})
    fake.commit("web")
    with Cloud(rulestacks=fake) as cloud:
        options = {**cloud.options, **HELD, **PREFIXES}
        assert "commit" not in run("ngfw_prefix_list", options)
        predicted = run("ngfw_prefix_list", {**options, "commit": True}, check=True)
        assert (predicted["changed"], fake.writes) == (True, [f"POST {LIST}"])
        result = run("ngfw_prefix_list", {**options, "commit": True})
        assert (result["changed"], result["operation"], result["commit"]["commit_status"]) == (True, "none", "Success")
        assert ONE in fake.running
        assert run("ngfw_prefix_list", {**options, "commit": True})["changed"] is False
        fake.put("/web/fqdnlists/theirs", {"FqdnList": ["a.example"]})
        assert run("ngfw_prefix_list", {**options, "commit": True})["changed"] is False
        changed = {**options, "commit": True, "description": "new"}
        refusal = failed(run("ngfw_prefix_list", changed))
        assert "add of FQDN list 'theirs' in rulestack 'web'" in refusal["msg"]
        assert "Description" not in fake.entries[ONE]
        assert (
            run("ngfw_prefix_list", {**changed, "include_other_changes": True})["commit"]["commit_status"] == "Success"
        )
    assert fake.writes.count("POST /web/commit") == 2
    assert fake.running == fake.entries


def test_change_of_others_during_the_write_is_not_committed() -> None:
    fake = FakeRulestacks({"/web": {}})
    fake.commit("web")
    fake.fail(f"POST {LIST}", lambda: fake.put("/web/fqdnlists/theirs", {"FqdnList": ["a.example"]}))
    with Cloud(rulestacks=fake) as cloud:
        result = failed(run("ngfw_prefix_list", {**cloud.options, **HELD, **PREFIXES, "commit": True}))
    assert "FQDN list 'theirs'" in result["msg"]
    assert fake.writes == [f"POST {LIST}"]


def test_removed_rulestack_is_committed() -> None:
    fake = FakeRulestacks({"/web": {}, ONE: {"PrefixList": ["10.0.0.0/8"]}})
    fake.commit("web")
    with Cloud(rulestacks=fake) as cloud:
        options = {**cloud.options, **HELD, "name": "web", "state": "absent", "commit": True}
        assert run("ngfw_rulestack", options)["commit"]["commit_status"] == "Success"
        assert (fake.entries, fake.running) == ({}, {})
        assert run("ngfw_rulestack", options)["changed"] is False


def test_lost_answer_is_settled_over_http() -> None:
    fake = FakeRulestacks({"/web": {}})
    fake.fail(f"POST {LIST}", LOST_AFTER)
    with Cloud(rulestacks=fake) as cloud:
        assert run("ngfw_prefix_list", {**cloud.options, **HELD, **PREFIXES})["changed"]
    assert fake.writes == [f"POST {LIST}"]


def test_rulestack_in_use_is_not_removed() -> None:
    fake = FakeRulestacks({"/web": {}})
    fake.fail("DELETE /web", refused("RuleStack web is associated with firewall fw"))
    with Cloud(rulestacks=fake) as cloud:
        result = failed(run("ngfw_rulestack", {**cloud.options, **HELD, "name": "web", "state": "absent"}))
    assert "is associated with firewall fw" in result["msg"]
    assert "Disassociate the rulestack from the firewall first. Nothing was removed." in result["msg"]
    assert "/web" in fake.entries


@pytest.mark.parametrize(
    ("module", "options", "calls", "message"),
    [
        ("ngfw_prefix_list", {**PREFIXES, "prefixes": ["10.0.0.1/8", "::/0"]}, 0, "2 options are invalid"),
        ("ngfw_prefix_list", {**PREFIXES, "name": "a_b"}, 0, "name is 'a_b'"),
        ("ngfw_prefix_list", {"rulestack": "web", "name": "two"}, 1, "prefixes is required to create the prefix list"),
        ("ngfw_prefix_list", {**PREFIXES, "prefixes": []}, 0, "prefixes is empty"),
        ("ngfw_rulestack", {"name": "web", "scope": "global"}, 2, "scope cannot change after creation; it is 'Local'"),
        ("ngfw_rulestack", {"name": "web", "description": ""}, 2, "description cannot be emptied"),
        (
            "ngfw_file_blocking",
            {"rulestack": "web", "file_type": "pdf", "state": "absent"},
            0,
            "Unsupported parameters",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_before_the_first_write(
    module: str, options: dict[str, Any], calls: int, message: str
) -> None:
    fake = FakeRulestacks({"/web": {"Scope": "Local", "Description": "x"}})
    with Cloud(rulestacks=fake) as cloud:
        result = failed(run(module, {**cloud.options, **HELD, **options}))
        assert message in result["msg"]
    assert (len(fake.calls), fake.writes) == (calls, [])


def test_results_name_what_they_are_about() -> None:
    """With the rules that moved to make room."""
    results = [{"section": "rulestack", "name": "web"}, {"section": "rules", "name": "a", "also_moved": ["b"]}]
    assert keys_of(results) == {("", "web"), ("rules", "a"), ("rules", "b")}
    with pytest.raises(PanwCloudError, match=r"changes\[1\] has no 'section' and 'name'"):
        keys_of([results[0], {"name": "x"}])
