# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Firewalls whose answers are lost, whose states fail or never come, and whose regions fail, against the simulator."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._module import firewall

from ..harness.killed import killed_at_write
from ..harness.rulestack_tenant import RulestackTenant, simulated_tenant

ACCOUNT = "123456789012"
NEW: dict[str, Any] = {"zones": ["use1-az1"], "allowed_accounts": [ACCOUNT], "description": "one"}
ENDPOINT = {
    "mode": "ServiceManaged",
    "zone_id": "use1-az1",
    "vpc_id": "vpc-0a11b22c33d44e550",
    "subnet_id": "subnet-0a11b22c33d44e551",
}
NAT = {"endpoints": [{**ENDPOINT, "egress_nat_enabled": True}], "egress_nat": {"enabled": True}}
WAITS = ("create", "update", "delete", "endpoint", "commit")
FAULTS = {
    "connection reset": {"kind": "reset"},
    "truncated": {"kind": "truncate", "announced": True},
    "server error": {"kind": "status", "status": 500},
    "throttled": {"kind": "status", "status": 429},
    "not JSON": {"kind": "not_json"},
}
ROUTES = {
    "POST /v2/config/ngfirewalls": {**NEW},
    "PATCH /v2/config/ngfirewalls/{firewall_id}": {"description": "two"},
    "POST /v2/config/ngfirewalls/{firewall_id}/rulestack": {"rulestack": "web-egress"},
    "DELETE /v2/config/ngfirewalls/{firewall_id}/rulestack": {"rulestack": ""},
    "DELETE /v2/config/ngfirewalls/{firewall_id}": {"state": "absent"},
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RulestackTenant]:
    with simulated_tenant(tmp_path_factory.mktemp("tenant") / "state", {"local": "firewall"}) as tenant:
        yield tenant


@pytest.fixture
def tenant(running: RulestackTenant, monkeypatch: pytest.MonkeyPatch) -> Iterator[RulestackTenant]:
    monkeypatch.setattr(firewall, "POLL_INTERVALS", (0.02, 0.05))
    states = {f"{name}_{end}": None for name in ("create", "update", "delete", "commit") for end in ("failure",)}
    running.admin("PUT", "/firewalls", **{f"{wait}_seconds": 0 for wait in WAITS}, **states, endpoint_rejection=None)
    yield running
    running.admin("DELETE", "/faults")
    running.admin("POST", "/firewalls/reset")


def named(tenant: RulestackTenant, name: str = "new") -> list[dict[str, Any]]:
    """The firewalls of a name on the server."""
    listed = tenant.call("GET", "/v2/config/ngfirewalls?region=us-east-1&describe=true")["FirewallsDescribe"]
    found: list[dict[str, Any]] = [one["Firewall"] for one in listed if one["Firewall"]["FirewallName"] == name]
    return found


@pytest.mark.parametrize("acted", [False, True], ids=["before acting", "after acting"])
@pytest.mark.parametrize("fault", FAULTS)
def test_faulty_writes_end_as_desired(tenant: RulestackTenant, fault: str, acted: bool) -> None:
    for route, options in ROUTES.items():
        tenant.admin("POST", "/faults", **FAULTS[fault], route=route, after_acting=acted, times=1)
        result = tenant.firewall(name="new", **options)
        assert (result.get("msg"), result["changed"]) == (None, True), route
        assert tenant.admin("GET", "/faults")["faults"][-1]["hits"] == 1
        assert tenant.firewall(name="new", **options)["changed"] is False
        assert len(named(tenant)) == (options.get("state") != "absent")


@pytest.mark.parametrize(
    ("settings", "options", "message"),
    [
        ({"create_failure": "no capacity"}, NEW, "the firewall is in CREATE_FAIL: no capacity"),
        (
            {"update_failure": "no capacity"},
            {**NEW, "endpoints": [ENDPOINT]},
            "the firewall is in UPDATE_FAIL: no capacity",
        ),
        ({"endpoint_rejection": "CIDR conflict"}, {**NEW, **NAT}, "is rejected: CIDR conflict"),
    ],
)
def test_failures_of_the_service_are_told_with_their_reason_again_and_again(
    tenant: RulestackTenant, settings: dict[str, str], options: dict[str, Any], message: str
) -> None:
    tenant.admin("PUT", "/firewalls", **settings)
    for number in range(2):
        result = tenant.firewall(name="new", **options)
        assert (result["failed"], result["error"]["kind"], result.get("changed", False)) == (
            True,
            "firewall_failed",
            number == 0,
        )
        assert message in result["msg"]
    assert tenant.firewall(name="new", state="absent")["changed"] is True
    assert named(tenant) == []


def test_failed_deletion_is_told_and_can_be_repeated(tenant: RulestackTenant) -> None:
    tenant.firewall(name="new", **NEW)
    tenant.admin("PUT", "/firewalls", delete_failure="endpoints are in use")
    assert "the firewall is in DELETE_FAIL: endpoints are in use" in tenant.firewall(name="new", state="absent")["msg"]
    tenant.admin("PUT", "/firewalls", delete_failure=None)
    assert tenant.firewall(name="new", state="absent")["changed"] is True
    assert named(tenant) == []


@pytest.mark.parametrize(
    ("endless", "options", "waited_for"),
    [
        ("create", NEW, "the firewall is in CREATING"),
        ("update", {**NEW, "endpoints": [ENDPOINT]}, "the firewall is in UPDATING; endpoint vpce-"),
        ("endpoint", {**NEW, **NAT}, "is pending"),
        ("delete", None, "the firewall is in DELETING"),
    ],
)
def test_state_that_never_comes_ends_the_wait_and_is_continued(
    tenant: RulestackTenant, endless: str, options: dict[str, Any] | None, waited_for: str
) -> None:
    if options is None:
        tenant.firewall(name="new", **NEW)
    tenant.admin("PUT", "/firewalls", **{f"{endless}_seconds": None})
    desired = {"state": "absent"} if options is None else options
    result = tenant.firewall(name="new", **desired, wait_timeout=1)
    assert (result["failed"], result["changed"], result["error"]["kind"]) == (True, True, "timeout")
    assert "after 1 seconds" in result["msg"]
    assert waited_for in result["msg"]
    tenant.admin("PUT", "/firewalls", **{f"{endless}_seconds": 0})
    tenant.admin("POST", "/firewalls/settle")
    result = tenant.firewall(name="new", **desired)
    assert result.get("msg") is None
    assert tenant.firewall(name="new", **desired)["changed"] is False


def test_protected_firewall_is_neither_changed_nor_removed(tenant: RulestackTenant) -> None:
    tenant.firewall(name="new", **NEW)
    (stored,) = named(tenant)
    tenant.admin("PUT", f"/firewalls/{stored['FirewallId']}", change_protection=["FirewallAdmin"])
    for options in ({"description": "two"}, {"state": "absent"}):
        result = tenant.firewall(name="new", **options)
        assert (result["failed"], result["error"]["kind"]) == (True, "authorization")
        assert "The firewall has change protection (FirewallAdmin)" in result["msg"]
    assert named(tenant)[0]["Description"] == "one"


def test_drift_of_another_client_is_found_in_check_mode_and_repaired(tenant: RulestackTenant) -> None:
    desired = {**NEW, **NAT, "tags": {"team": "network"}}
    tenant.firewall(name="new", **desired)
    (stored,) = named(tenant)
    tokens = {key: stored[key] for key in ("UpdateToken", "DeploymentUpdateToken")}
    drifted = {"Description": "", "EgressNAT": {"Enabled": False}, "Endpoints": [], "Tags": stored["Tags"][:1]}
    tenant.call("PATCH", f"/v2/config/ngfirewalls/{stored['FirewallId']}?region=us-east-1", {**tokens, **drifted})
    predicted = tenant.firewall(name="new", check=True, **desired)
    assert set(predicted["after"]) >= {"description", "endpoints"}
    changed = {key for key in predicted["after"] if predicted["after"][key] != predicted["before"][key]}
    assert changed == {"description", "egress_nat", "endpoints", "tags"}
    assert tenant.firewall(name="new", **desired)["diff"] == predicted["diff"]
    assert tenant.firewall(name="new", **desired)["changed"] is False


def test_firewalls_of_several_regions_are_described(tenant: RulestackTenant) -> None:
    tenant.firewall(name="new", **NEW, **NAT)
    tenant.firewall(name="new", region="eu-central-1", zones=["euc1-az1"])
    result = tenant.module("ngfw_firewall_info", name="new", regions=["us-east-1", "eu-central-1"], log_profile=True)
    here, there = result["firewalls"]
    assert (here["region"], there["region"], result["failed_regions"]) == ("us-east-1", "eu-central-1", [])
    assert (here["status"], here["endpoints"][0]["status"], here["commits"]["device"]["status"]) == (
        "UPDATE_COMPLETE",
        "accepted",
        "Success",
    )
    assert here["commits"]["device"]["commit_ts"].endswith(" UTC")
    assert here["public_ips"] == ["198.51.100.1"]
    assert here["log_profile"]["destinations"] == []
    listed = tenant.module("ngfw_firewall_info", rulestack="web-egress")["firewalls"]
    assert [one["name"] for one in listed] == ["egress-inspection"]
    assert (listed[0]["version"], listed[0]["commits"]["rulestack"]["status"]) == (2, "Success")


def test_run_that_is_killed_at_any_write_is_continued_by_the_next(tenant: RulestackTenant) -> None:
    desired = {**NEW, **NAT, "rulestack": "web-egress", "tags": {"team": "network"}}
    for options, kills, left in ((desired, 2, 1), ({"state": "absent"}, 0, 0)):
        run = functools.partial(tenant.firewall, name="new", **options)
        assert killed_at_write(run, 0)
        killed = 0
        while killed_at_write(run, 1):
            killed += 1
            assert len(named(tenant)) == 1
        assert killed == kills
        assert run()["changed"] is False
        assert len(named(tenant)) == left
