# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ngfw_firewall_rulestack against the simulator: one write per change, waits for the commit on the device, and faults that end as desired."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ..harness.openapi import violations
from ..harness.rulestack_tenant import RulestackTenant, simulated_tenant

MODULE = "ngfw_firewall_rulestack"
ACCOUNT = "123456789012"
BASE, STACKS = "/v2/config/ngfirewalls", "/v1/config/rulestacks"
LIMIT = 20  # seconds for a wait, so that one that does not end fails its test
RULESTACKS = {"local": ("web-egress", "other-local"), "global": ("company-baseline", "other-global")}
ADMINS = {"local": "firewall", "global": "global_rulestack", "rulestack": "rulestack"}
WAITS = ("create", "update", "delete", "endpoint", "commit")
FAULTS = {
    "connection reset": {"kind": "reset"},
    "server error": {"kind": "status", "status": 500},
    "throttled": {"kind": "status", "status": 429},
    "not JSON": {"kind": "not_json"},
}


def associated(tenant: RulestackTenant, firewall: str = "version-2", **options: Any) -> dict[str, Any]:
    """Run the module, in a second of its own: the times of commits are in seconds."""
    clock = tenant.admin("GET", "/clock")["offset_seconds"]
    tenant.admin("PUT", "/clock", offset_seconds=clock + 2)
    return tenant.module(MODULE, **{"firewall": firewall, "rulestack": "web-egress", "wait_timeout": LIMIT, **options})


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RulestackTenant]:
    with simulated_tenant(tmp_path_factory.mktemp("tenant") / "state", ADMINS) as tenant:
        yield tenant


@pytest.fixture
def tenant(running: RulestackTenant) -> Iterator[RulestackTenant]:
    """The tenant with a firewall of each version, without rulestacks, and two committed rulestacks of each scope."""
    running.admin("PUT", "/firewalls", **{f"{wait}_seconds": 0 for wait in WAITS})
    running.admin("PUT", "/rulestacks", commit_seconds=0, max_unassociated=20)
    places = [{"SubnetId": "subnet-0a11b22c33d44e551"}]
    old = {"VpcId": "vpc-0a11b22c33d44e550", "EndpointMode": "ServiceManaged", "SubnetMappings": places}
    running.call("POST", f"{BASE}?region=us-east-1", {"FirewallName": "version-2", "CustomerZoneIdList": ["use1-az1"]})
    running.call("POST", "/v1/config/ngfirewalls", {"FirewallName": "version-1", "AccountId": ACCOUNT, **old})
    for name, scope, admin in (("other-local", "Local", "rulestack"), ("other-global", "Global", "global")):
        entry = {"RuleStackName": name, "RuleStackEntry": {"Scope": scope}}
        running.call("POST", STACKS, entry, scope=admin)
        running.call("POST", f"{STACKS}/{name}/commit", scope=admin)
    yield running
    running.admin("DELETE", "/faults")
    running.admin("PUT", "/firewalls", commit_failure=None)
    running.admin("POST", "/firewalls/reset")
    running.admin("POST", "/rulestacks/reset")


@pytest.mark.parametrize("scope", RULESTACKS)
@pytest.mark.parametrize("version", [1, 2])
def test_lifecycle_takes_one_write_per_change(tenant: RulestackTenant, version: int, scope: str) -> None:
    first, second = RULESTACKS[scope]

    def run(operation: str, rulestack: str, **options: Any) -> dict[str, Any]:
        before = tenant.counts()[1]
        with tenant.recorded() as sent:
            result = associated(tenant, f"version-{version}", rulestack=rulestack, scope=scope, **options)
        assert result.get("msg") is None
        own = [request for request in sent if str(request.url).partition("?")[0].endswith("rulestack")]
        assert [problem for request in own for problem in violations(request)] == []
        writes = 0 if operation == "none" or options.get("check") else 1
        assert (result["operation"], result["changed"]) == (operation, operation != "none")
        assert (tenant.counts()[1] - before, len(own), len(result["diff"])) == (writes, writes, operation != "none")
        return result

    previous = None
    for name in (first, second):
        predicted = run("associate", name, check=True)
        made = run("associate", name)
        assert (made["before"], made["after"], made["commit"]["status"]) == (previous, name, "Success")
        assert {**predicted, "commit": made["commit"]} == made
        assert run("none", name)["commit"] == made["commit"]
        run("none", name, check=True)
        previous = name
    assert run("none", first, state="absent")["after"] == second
    predicted = run("disassociate", second, state="absent", check=True)
    assert predicted == run("disassociate", second, state="absent")
    run("none", second, state="absent")
    run("none", second, state="absent", check=True)


@pytest.mark.parametrize("acted", [False, True], ids=["before acting", "after acting"])
@pytest.mark.parametrize("fault", FAULTS)
def test_faulty_writes_end_as_desired(tenant: RulestackTenant, fault: str, acted: bool) -> None:
    for method, state, after in (("POST", "present", "web-egress"), ("DELETE", "absent", None)):
        route = f"{method} {BASE}/{{firewall_id}}/rulestack"
        tenant.admin("POST", "/faults", **FAULTS[fault], route=route, after_acting=acted, times=1)
        result = associated(tenant, state=state)
        assert (result.get("msg"), result["changed"], result["after"]) == (None, True, after)
        assert tenant.admin("GET", "/faults")["faults"][-1]["hits"] == 1
        again = associated(tenant, state=state)
        assert (again["changed"], again["before"]) == (False, after)


def test_commit_that_never_comes_ends_the_wait_and_is_continued(tenant: RulestackTenant) -> None:
    tenant.admin("PUT", "/firewalls", commit_seconds=None)
    for _run in range(2):
        result = associated(tenant, wait_timeout=0)
        assert result["error"]["kind"] == "timeout"
        assert "the commit of rulestack 'web-egress' is Committing, on the device Committing" in result["msg"]
    writes = tenant.counts()[1]
    tenant.admin("PUT", "/firewalls", commit_seconds=0)
    result = associated(tenant)
    assert (result["changed"], result["commit"]["status"], tenant.counts()[1]) == (False, "Success", writes)


def test_failed_commit_names_its_reason_and_what_it_is_about(tenant: RulestackTenant) -> None:
    tenant.admin("PUT", "/firewalls", commit_failure="rule 'deny-games' refers to prefix list 'none'")
    result = associated(tenant)
    assert result["error"]["kind"] == "commit_failed"
    assert [message["name"] for message in result["error"]["messages"]] == ["deny-games"]
    tenant.admin("PUT", "/firewalls", commit_failure=None)
    replaced = associated(tenant, rulestack="other-local")
    assert (replaced["before"], replaced["commit"]["status"]) == ("web-egress", "Success")


def test_rulestack_that_was_never_committed_is_told_before_the_write(tenant: RulestackTenant) -> None:
    tenant.call("POST", STACKS, {"RuleStackName": "draft", "RuleStackEntry": {"Scope": "Local"}}, scope="rulestack")
    before = tenant.counts()[1]
    result = associated(tenant, rulestack="draft")
    assert "rulestack 'draft' was never committed" in result["msg"]
    assert "rulestack 'none' does not exist" in associated(tenant, rulestack="none")["msg"]
    assert tenant.counts()[1] == before


def test_drift_is_found_and_repaired(tenant: RulestackTenant) -> None:
    made = associated(tenant)
    path = f"{BASE}/{made['firewall_id']}"
    token = tenant.call("GET", f"{path}?region=us-east-1")["Firewall"]["UpdateToken"]
    body = {"RuleStackName": "other-local", "UpdateToken": token}
    tenant.call("POST", f"{path}/rulestack?region=us-east-1", body)
    assert associated(tenant, check=True)["before"] == "other-local"
    assert associated(tenant)["changed"] is True
    assert associated(tenant)["changed"] is False


def test_mistakes_are_refused_before_any_call(tenant: RulestackTenant) -> None:
    before = tenant.counts()
    result = tenant.module(MODULE, rulestack="../web egress", wait_timeout=-1)
    assert [problem["place"] for problem in result["error"]["problems"]] == ["firewall", "rulestack", "wait_timeout"]
    assert tenant.counts() == before
