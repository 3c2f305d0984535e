# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes to rulestacks whose answer is lost, refused or late end as desired, once; failures say what is applied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ..harness.rulestack_tenant import RulestackTenant, simulated_tenant

STACK = "/v1/config/rulestacks/web-egress"
ROUTE = "/v1/config/rulestacks/{rulestackname}/prefixlists"
RULES = "/v1/config/rulestacks/{rulestackname}/rulelists/{rulelistname}"
FAULTS = {
    "connection reset": {"kind": "reset"},
    "truncated": {"kind": "truncate", "announced": True},
    "server error": {"kind": "status", "status": 500},
    "gateway timeout": {"kind": "status", "status": 504},
    "throttled": {"kind": "status", "status": 429},
    "not JSON": {"kind": "not_json"},
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RulestackTenant]:
    with simulated_tenant(tmp_path_factory.mktemp("tenant") / "state") as tenant:
        tenant.admin("PUT", "/rulestacks", commit_seconds=0)
        yield tenant


@pytest.fixture
def tenant(running: RulestackTenant) -> Iterator[RulestackTenant]:
    yield running
    running.admin("DELETE", "/faults")
    running.admin("POST", "/rulestacks/reset")


def prefixes(tenant: RulestackTenant, name: str = "a") -> list[str] | None:
    """The prefixes of a list in the candidate, None if it does not exist."""
    if name not in tenant.call("GET", f"{STACK}/prefixlists")["PrefixListCandidate"]:
        return None
    found: list[str] = tenant.call("GET", f"{STACK}/prefixlists/{name}")["PrefixListCandidate"]["PrefixList"]
    return found


@pytest.mark.parametrize("acted", [False, True], ids=["before acting", "after acting"])
@pytest.mark.parametrize("fault", FAULTS)
def test_faulty_writes_end_as_desired(tenant: RulestackTenant, fault: str, acted: bool) -> None:
    def run(method: str, route: str, **options: Any) -> None:
        tenant.admin("POST", "/faults", **FAULTS[fault], route=f"{method} {route}", after_acting=acted, times=1)
        result = tenant.module("ngfw_prefix_list", rulestack="web-egress", name="a", **options)
        assert (result.get("msg"), result["changed"]) == (None, True)
        assert tenant.admin("GET", "/faults")["faults"][-1]["hits"] == 1

    run("POST", ROUTE, prefixes=["10.0.0.0/8"])
    assert prefixes(tenant) == ["10.0.0.0/8"]
    run("PUT", f"{ROUTE}/{{name}}", prefixes=["10.0.0.0/9"])
    assert prefixes(tenant) == ["10.0.0.0/9"]
    run("DELETE", f"{ROUTE}/{{name}}", state="absent")
    assert prefixes(tenant) is None


@pytest.mark.parametrize("acted", [False, True], ids=["before acting", "after acting"])
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_interrupted_move_leaves_one_rule_with_all_its_options(
    tenant: RulestackTenant, method: str, acted: bool
) -> None:
    rule = tenant.call("GET", f"{STACK}/rulelists/LocalRule/priorities/200")["RuleEntryCandidate"]
    tenant.call("PUT", f"{STACK}/rulelists/LocalRule/priorities/200", {"RuleEntry": {**rule, "FutureKey": {"a": [1]}}})
    route = RULES if method == "POST" else f"{RULES}/priorities/{{priority}}"
    tenant.admin("POST", "/faults", kind="reset", route=f"{method} {route}", after_acting=acted, times=1)
    result = tenant.module("ngfw_security_rule", rulestack="web-egress", name="allow-updates", place="first")
    assert (result["operation"], result["after"]["priority"]) == ("move", 50)
    listed = tenant.call("GET", f"{STACK}/rulelists/LocalRule")["RuleEntryCandidate"]
    assert [entry["Priority"] for entry in listed if entry["RuleName"] == "allow-updates"] == [50]
    moved = tenant.call("GET", f"{STACK}/rulelists/LocalRule/priorities/50")["RuleEntryCandidate"]
    assert {**moved, "UpdateToken": ""} == {**rule, "FutureKey": {"a": [1]}, "UpdateToken": ""}


def test_failure_finishes_its_level_commits_nothing_and_is_continued(tenant: RulestackTenant) -> None:
    document = {
        "name": "web-egress",
        "prefix_lists": [{"name": name, "prefixes": ["10.0.0.0/8"]} for name in "abc"],
        "rules": [
            {
                "name": "allow-a",
                "source": {"prefix_lists": ["a"]},
                "destination": {"cidrs": ["any"]},
                "applications": ["any"],
                "action": "Allow",
            }
        ],
    }
    refusal = {"kind": "error_code", "code": 400, "reason": "LimitExceededException: too many lists"}
    tenant.admin("POST", "/faults", **refusal, route=f"POST {ROUTE}", times=1)
    result = tenant.config(rulestacks=[document], concurrency=1)
    assert (result["error"]["kind"], result["changed"]) == ("not_applied", True)
    (outcome,) = result["rulestacks"]
    assert outcome["failed"] == ["prefix list 'a' in rulestack 'web-egress'"]
    assert outcome["applied"] == [f"prefix list '{name}' in rulestack 'web-egress'" for name in "bc"]
    assert outcome["not_attempted"] == ["security rule 'allow-a' in LocalRule of rulestack 'web-egress'"]
    assert "LimitExceededException: too many lists" in result["msg"]
    assert (outcome["committed"], prefixes(tenant, "a"), prefixes(tenant, "c")) == (False, None, ["10.0.0.0/8"])
    assert tenant.config(rulestacks=[document])["rulestacks"][0]["counts"] == {"create": 2}
    assert tenant.call("GET", f"{STACK}?candidate=true")["RuleStackState"] == "Running"


@pytest.mark.parametrize("name", ["web-egress", "new"])
@pytest.mark.parametrize("others", [False, True], ids=["clean", "with changes of others"])
def test_failed_commit_is_taken_back_unless_others_made_changes(
    tenant: RulestackTenant, name: str, others: bool
) -> None:
    bad = {"name": "bad", "source": {}, "destination": {}, "applications": ["any"], "action": "Allow"}
    document = {"name": name, "rules": [bad | {"inbound_inspection_certificate": "later"}]}
    document["certificates"] = [{"name": "later", "self_signed": True}]
    if others:
        if name == "new":
            tenant.call("POST", "/v1/config/rulestacks", {"RuleStackName": "new", "RuleStackEntry": {"Scope": "Local"}})
        tenant.call(
            "POST", f"/v1/config/rulestacks/{name}/prefixlists", {"Name": "theirs", "PrefixList": ["10.0.0.0/8"]}
        )
    route = "GET /v1/config/rulestacks/{rulestackname}/commit"
    failed = {
        "Response": {"CommitStatus": "Failed", "CommitMessages": ['rule "bad" is invalid']},
        "ResponseStatus": {"ErrorCode": 0},
    }
    tenant.admin("POST", "/faults", kind="status", status=400, body=failed, route=route, times=1)
    tenant.admin("PUT", "/rulestacks", commit_seconds=3600)
    try:
        result = tenant.config(rulestacks=[document], revert_on_failure=True, include_other_changes=others)
    finally:
        tenant.admin("PUT", "/rulestacks", commit_seconds=0)
    (outcome,) = result["rulestacks"]
    assert (outcome["committed"], outcome["reverted"]) == (False, not others), result
    rulestacks = tenant.call("GET", "/v1/config/rulestacks")["RuleStackCandidate"]
    assert ("new" in rulestacks) is (others and name == "new")
    if name in rulestacks:
        place = f"/v1/config/rulestacks/{name}"
        kept = {"later"} if others else set()
        assert set(tenant.call("GET", f"{place}/certificates")["CertificateObjectCandidate"]) & {"later"} == kept
        assert ("theirs" in tenant.call("GET", f"{place}/prefixlists")["PrefixListCandidate"]) is others
