# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ngfw_firewall_rulestack, run as a module against servers on loopback."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._module import firewall
from ansible_collections.panw.cloud.tests.helpers.fake_firewall_parts import (
    ACCOUNT,
    V1_BASE,
    FakeFirewalls,
    FirewallCloud,
    status,
)
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import LOST_AFTER, LOST_BEFORE, STALE, FakeRulestacks
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN, jwt, refusal
from ansible_collections.panw.cloud.tests.helpers.run_module import DELETE, TOKENS, failed, run

HELD = {"token": TOKEN, "subscription_key": KEY}
OLD, NEW = "2026-11-26T21:49:00 UTC", "2026-11-27T08:00:00 UTC"
ENDS = [status("Committing", OLD), status("PrecommitDone", OLD), status("Success", NEW)]
ASSOCIATE, DISASSOCIATE = "POST /fw-branch/rulestack", "DELETE /fw-branch/rulestack"


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firewall, "POLL_INTERVALS", (0.01, 0.01))


def firewalls(**options: Any) -> FakeFirewalls:
    """One firewall of version 2."""
    fake = FakeFirewalls(**{"ends": ENDS, **options})
    fake.add("branch")
    return fake


def rulestacks(scope: str = "Local") -> FakeRulestacks:
    """The committed rulestacks web and other, and draft, which was never committed."""
    fake = FakeRulestacks({f"/{name}": {"Scope": scope} for name in ("web", "other", "draft")})
    for name in ("web", "other"):
        fake.commit(name)
    return fake


def associated(fake: FakeFirewalls, check: bool = False, scope: str = "local", **options: Any) -> dict[str, Any]:
    """Run the module with committed rulestacks of a scope."""
    with FirewallCloud(fake, rulestacks(scope.capitalize())) as cloud:
        given = {**cloud.options, **HELD, "firewall": "branch", "rulestack": "web", "scope": scope, **options}
        return run("ngfw_firewall_rulestack", given, check=check)


def succeeded(result: Mapping[str, Any]) -> Mapping[str, Any]:
    assert not result.get("failed"), result["msg"]
    return result


@pytest.mark.parametrize("scope", ["local", "global"])
def test_rulestack_is_associated_replaced_and_disassociated_with_one_write_each(scope: str) -> None:
    ends = [
        status(word, time, scope={"local": "", "global": "Global"}[scope])
        for word, time in (("Committing", OLD), ("Success", NEW))
    ]
    fake = firewalls(ends=ends, global_names=("web", "other") if scope == "global" else ())

    def written(check: bool = False, **options: Any) -> tuple[Mapping[str, Any], list[Any]]:
        before = len(fake.writes)
        return succeeded(associated(fake, check, scope, **options)), fake.writes[before:]

    predicted, writes = written(check=True)
    assert (predicted["changed"], predicted["operation"], writes) == (True, "associate", [])
    made, writes = written()
    assert {**made, "commit": None} == predicted
    assert made["commit"] == {"status": "Success", "device_status": "Success", "time": NEW, "messages": []}
    assert writes == [(ASSOCIATE, {"RuleStackName": "web"})]
    again, writes = written()
    assert (again["changed"], again["operation"], again["before"], writes) == (False, "none", "web", [])
    assert again["commit"] == made["commit"]
    fake.ends[-1] = status("Success", "later", scope={"local": "", "global": "Global"}[scope])
    replaced, writes = written(rulestack="other")
    assert (replaced["before"], replaced["after"], len(replaced["diff"])) == ("web", "other", 1)
    assert writes == [(ASSOCIATE, {"RuleStackName": "other"})]
    assert written(check=True, rulestack="other", state="absent")[1] == []
    removed, writes = written(rulestack="other", state="absent")
    assert (removed["operation"], removed["before"], removed["after"]) == ("disassociate", "other", None)
    assert writes == [(DISASSOCIATE, {"RuleStackName": "other"})]
    assert written(rulestack="other", state="absent")[0]["changed"] is False


def test_another_rulestack_than_the_associated_one_is_not_disassociated() -> None:
    fake = firewalls()
    fake.entries["branch"]["Firewall"]["RuleStackName"] = "other"
    result = associated(fake, state="absent")
    assert (result["changed"], result["before"], fake.writes) == (False, "other", [])
    assert any("'web' is not associated with the firewall, 'other' is" in str(one) for one in result["warnings"])


@pytest.mark.parametrize("methods", [("PUT", "DELETE"), ("POST", "DELETE")])
@pytest.mark.parametrize("base", ["/v2/ngfirewalls", V1_BASE])
def test_firewall_of_version_1_has_a_path_for_each_scope(base: str, methods: tuple[str, ...]) -> None:
    fake = FakeFirewalls(
        base=base, methods=methods, ends=[{"RuleStackStatus": "Success", "GlobalRuleStackStatus": "Success"}]
    )
    fake.add("branch", version=1)
    token = jwt(tenant_version="V1" if base == V1_BASE else "V2")
    for scope, part in (("local", "rulestack"), ("global", "globalrulestack")):
        assert succeeded(associated(fake, scope=scope, token=token))["changed"]
        assert not succeeded(associated(fake, scope=scope, token=token))["changed"]
        assert succeeded(associated(fake, scope=scope, token=token, state="absent"))["changed"]
        calls = [call for call, _body in fake.writes[-2:]]
        assert calls == [f"{methods[0]} /branch/{part}", f"DELETE /branch/{part}"]
        assert fake.writes[-2][1]["AccountId"] == ACCOUNT
        assert fake.writes[-2][1]["RuleStackName"] == "web"
    assert len(fake.writes) == 4


@pytest.mark.parametrize(
    ("state", "fault", "writes"),
    [
        *((state, fault, 2) for state in ("present", "absent") for fault in (STALE, LOST_BEFORE)),
        ("present", LOST_AFTER, 1),
        ("absent", LOST_AFTER, 2),  # a DELETE is repeated
    ],
)
def test_stale_token_and_lost_answer_are_settled_by_reading(state: str, fault: Any, writes: int) -> None:
    fake = firewalls()
    if state == "absent":
        fake.entries["branch"]["Firewall"]["RuleStackName"] = "web"
    fake.fail(ASSOCIATE if state == "present" else DISASSOCIATE, fault)
    assert succeeded(associated(fake, state=state))["changed"]
    assert fake.entries["branch"]["Firewall"].get("RuleStackName") == ("web" if state == "present" else None)
    assert len(fake.writes) == writes


def test_association_of_another_client_is_not_overwritten() -> None:
    fake = firewalls()

    def theirs() -> None:
        fake.entries["branch"]["Firewall"]["RuleStackName"] = "theirs"
        fake.touch("branch")

    fake.fail(ASSOCIATE, theirs)
    result = failed(associated(fake))
    assert result["error"]["kind"] == "conflict"
    assert fake.entries["branch"]["Firewall"]["RuleStackName"] == "theirs"


def test_failed_commit_maps_its_messages_and_fails_again() -> None:
    message = "rule 'r' refers to prefix list 'none'"
    fake = firewalls(ends=[status("Committing"), status("Failed", NEW, message)])
    for changed in (True, False):
        result = failed(associated(fake))
        assert result.get("changed", False) is changed
        assert result["error"]["kind"] == "commit_failed"
        assert result["error"]["messages"] == [{"text": message, "kind": "security rule", "name": "r"}]
        assert "The rulestack stays associated." in result["msg"]
    assert len(fake.writes) == 1


def test_commit_that_never_comes_ends_the_wait() -> None:
    fake = firewalls(ends=[status("Committing", OLD)])
    result = failed(associated(fake, wait_timeout=0))
    assert result["error"]["kind"] == "timeout"
    assert "after 0 seconds the commit of rulestack 'web' is Committing, on the device Committing" in result["msg"]
    fake.ends = []
    fake.entries["branch"]["Status"].update(status("Success", NEW))
    assert succeeded(associated(fake))["changed"] is False


def test_without_wait_nothing_is_read_after_the_write() -> None:
    fake = firewalls(ends=[status("Committing", OLD)])
    result = succeeded(associated(fake, wait=False))
    assert (result["changed"], result["commit"], fake.calls[-1]) == (True, None, ASSOCIATE)
    assert succeeded(associated(fake, wait=False))["changed"] is False
    assert succeeded(associated(fake, wait=False, state="absent"))["changed"] is True
    assert fake.calls[-1] == DISASSOCIATE


def test_interrupted_wait_is_continued_without_a_write() -> None:
    fake = firewalls()
    associated(fake, wait=False)
    result = succeeded(associated(fake))
    assert (result["changed"], result["commit"]["time"], len(fake.writes)) == (False, NEW, 1)


def test_firewall_that_is_being_changed_is_waited_for() -> None:
    fake = firewalls()
    entry = fake.entries["branch"]
    entry["Status"]["FirewallStatus"] = "UPDATING"
    reads = 0

    def complete() -> None:
        nonlocal reads
        reads += 1
        if reads == 2:
            entry["Status"]["FirewallStatus"] = "UPDATE_COMPLETE"
            fake.touch("branch")

    fake.fail("GET /fw-branch", *[complete] * 3)
    assert succeeded(associated(fake))["changed"]
    assert len(fake.writes) == 1
    entry["Status"]["FirewallStatus"] = "UPDATING"
    result = failed(associated(fake, rulestack="other", wait_timeout=0))
    assert "after 0 seconds the firewall is in UPDATING" in result["msg"]
    assert len(fake.writes) == 1


@pytest.mark.parametrize(
    ("rulestack", "scope", "message"),
    [
        ("missing", "Local", "'missing' does not exist. Create and commit it with panw.cloud.ngfw_rulestack"),
        ("draft", "Local", "'draft' was never committed"),
        ("web", "Global", "scope is 'local', but rulestack 'web' is global. Set 'scope: global'"),
    ],
)
def test_rulestack_that_cannot_be_committed_is_told_before_the_write(rulestack: str, scope: str, message: str) -> None:
    fake = firewalls()
    with FirewallCloud(fake, rulestacks(scope)) as cloud:
        options = {**cloud.options, **HELD, "firewall": "branch", "rulestack": rulestack}
        assert message in failed(run("ngfw_firewall_rulestack", options))["msg"]
        predicted = run("ngfw_firewall_rulestack", options, check=True)
    assert fake.writes == []
    if rulestack == "web":
        assert message in failed(predicted)["msg"]
    else:
        assert predicted["changed"]
        assert any(
            message in str(warning) and "The task fails unless" in str(warning) for warning in predicted["warnings"]
        )


def test_rulestack_that_the_token_may_not_read_is_left_to_the_api() -> None:
    fake, stacks = firewalls(), rulestacks()
    stacks.fail("GET /web", refusal(403, "User is not authorized to access this resource"))
    with FirewallCloud(fake, stacks) as cloud:
        assert run("ngfw_firewall_rulestack", {**cloud.options, **HELD, "firewall": "branch", "rulestack": "web"})[
            "changed"
        ]


def test_missing_firewall_is_a_warning_in_check_mode_only() -> None:
    fake = FakeFirewalls()
    predicted = succeeded(associated(fake, check=True))
    assert (predicted["changed"], predicted["before"], predicted["after"]) == (True, None, "web")
    assert any("Firewall 'branch' does not exist." in str(warning) for warning in predicted["warnings"])
    assert failed(associated(fake))["error"]["kind"] == "not_found"
    assert succeeded(associated(fake, state="absent"))["changed"] is False


def test_mistakes_are_refused_before_any_call() -> None:
    fake = firewalls()
    result = failed(associated(fake, firewall=None, rulestack="a_b", wait_timeout=-1, account_id="1"))
    assert {problem["place"] for problem in result["error"]["problems"]} == {
        "firewall",
        "rulestack",
        "wait_timeout",
        "account_id",
    }
    assert fake.calls == []


@pytest.mark.parametrize(("scope", "role"), [("local", "cloudfirewalladmin"), ("global", "cloudglobalrulestackadmin")])
def test_temporary_token_follows_the_scope_and_is_revoked(scope: str, role: str) -> None:
    fake = firewalls(global_names=("web",))
    with FirewallCloud(fake, rulestacks(scope.capitalize())) as cloud:
        options = {**cloud.options, "firewall": "branch", "rulestack": "web", "scope": scope, "wait": False}
        assert succeeded(run("ngfw_firewall_rulestack", options))["changed"]
        assert (cloud.calls[0], cloud.calls[-1]) == (f"GET {TOKENS}/{role}", DELETE)
