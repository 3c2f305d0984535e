# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ngfw_firewall_log_profile against the simulator: one write per change, none the second time or in check mode, and faults that end as desired."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ..harness.openapi import violations
from ..harness.rulestack_tenant import RulestackTenant, simulated_tenant

MODULE = "ngfw_firewall_log_profile"
ACCOUNT = "123456789012"
BASE = "/v2/config/ngfirewalls"
LOGS = {"type": "CloudWatchLogs", "destination": "logs", "log_types": ["TRAFFIC", "THREAT"]}
BUCKET = {"type": "S3", "destination": "bucket", "log_types": ["DECRYPTION"]}
OURS = {**LOGS, "account_id": ACCOUNT}
FAULTS = {
    "connection reset": {"kind": "reset"},
    "truncated": {"kind": "truncate", "announced": True},
    "server error": {"kind": "status", "status": 500},
    "throttled": {"kind": "status", "status": 429},
    "not JSON": {"kind": "not_json"},
}
# By version: options at first, as changed, and in another form that means the same.
LIFECYCLES: dict[int, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    2: (
        {
            "destinations": [OURS],
            "cloudwatch_metrics": {"namespace": "ngfw", "fields": ["BytesIn", "PktsIn"], "account_id": ACCOUNT},
            "advanced_threat_log": True,
        },
        {
            "destinations": [
                {
                    **BUCKET,
                    "log_types": ["USER_ID", "TRAFFIC"],
                    "account_id": "210987654321",
                    "role_type": "ResourceBased",
                }
            ],
            "cloudwatch_metrics": {"fields": ["BytesOut"]},
            "advanced_threat_log": False,
        },
        {"destinations": [{**BUCKET, "log_types": ["TRAFFIC", "USER_ID"]}]},
    ),
    1: (
        {"destinations": [LOGS, BUCKET], "cloudwatch_metrics": {"namespace": "ngfw"}, "advanced_threat_log": True},
        {"destinations": [{**LOGS, "log_types": ["THREAT"]}], "advanced_threat_log": False},
        {"destinations": [{**LOGS, "log_types": ["THREAT"]}], "cloudwatch_metrics": {"namespace": "ngfw"}},
    ),
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RulestackTenant]:
    with simulated_tenant(tmp_path_factory.mktemp("tenant") / "state", {"local": "firewall"}) as tenant:
        yield tenant


@pytest.fixture
def tenant(running: RulestackTenant) -> Iterator[RulestackTenant]:
    """The tenant with a firewall of each version, without log profiles."""
    places = [{"SubnetId": "subnet-0a11b22c33d44e551"}]
    old = {"VpcId": "vpc-0a11b22c33d44e550", "EndpointMode": "ServiceManaged", "SubnetMappings": places}
    waits = ("create", "update", "delete", "endpoint", "commit")
    running.admin("PUT", "/firewalls", **{f"{wait}_seconds": 0 for wait in waits})
    running.call("POST", f"{BASE}?region=us-east-1", {"FirewallName": "version-2", "CustomerZoneIdList": ["use1-az1"]})
    running.call("POST", "/v1/config/ngfirewalls", {"FirewallName": "version-1", "AccountId": ACCOUNT, **old})
    yield running
    running.admin("DELETE", "/faults")
    running.admin("POST", "/firewalls/reset")


@pytest.mark.parametrize("version", LIFECYCLES)
def test_lifecycle_takes_one_write_per_change(tenant: RulestackTenant, version: int) -> None:
    created, updated, same = LIFECYCLES[version]

    def run(changed: bool, writes: int, **options: Any) -> dict[str, Any]:
        before = tenant.counts()[1]
        with tenant.recorded() as sent:
            result = tenant.module(MODULE, firewall=f"version-{version}", **options)
        assert result.get("msg") is None
        assert [
            problem for request in sent if "/logprofile" in str(request.url) for problem in violations(request)
        ] == []
        assert (result["changed"], tenant.counts()[1] - before, bool(result["diff"])) == (changed, writes, changed)
        return result

    for options in (created, updated):
        predicted = run(True, 0, **options, check=True)
        made = run(True, 1, **options)
        assert predicted == made
        run(False, 0, **options)
        run(False, 0, **options, check=True)
        assert run(False, 0)["after"] == made["after"]
    run(False, 0, **same)
    predicted = run(True, 0, state="absent", check=True)
    assert predicted == run(True, 1, state="absent")
    assert run(False, 0, state="absent")["before"] is None
    run(False, 0, destinations=[], cloudwatch_metrics={"namespace": ""}, advanced_threat_log=False)


@pytest.mark.parametrize("acted", [False, True], ids=["before acting", "after acting"])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("version", [1, 2])
def test_faulty_writes_end_as_desired(tenant: RulestackTenant, version: int, fault: str, acted: bool) -> None:
    route = f"{BASE}/{{firewall_id}}/logprofile"
    tenant.admin("POST", "/faults", **FAULTS[fault], route=f"POST {route}", after_acting=acted, times=1)
    wanted = [LOGS if version == 1 else OURS]
    result = tenant.module(MODULE, firewall=f"version-{version}", destinations=wanted)
    assert (result.get("msg"), result["changed"]) == (None, True)
    assert tenant.admin("GET", "/faults")["faults"][-1]["hits"] == 1
    again = tenant.module(MODULE, firewall=f"version-{version}", destinations=wanted)
    assert (again["changed"], again["after"]) == (False, result["after"])


def test_drift_is_found_and_repaired(tenant: RulestackTenant) -> None:
    wanted = {"firewall": "version-2", "destinations": [OURS], "advanced_threat_log": True}
    made = tenant.module(MODULE, **wanted)
    path = f"{BASE}/{made['firewall_id']}/logprofile?region=us-east-1"
    token = tenant.call("GET", path)["UpdateToken"]
    tenant.call("POST", path, {"AdvancedThreatLog": False, "UpdateToken": token})
    found = tenant.module(MODULE, **wanted, check=True)
    assert (found["changed"], found["before"]["advanced_threat_log"]) == (True, False)
    assert tenant.module(MODULE, **wanted)["after"] == made["after"]
    assert tenant.module(MODULE, **wanted)["changed"] is False


def test_what_another_client_set_is_kept(tenant: RulestackTenant) -> None:
    tenant.module(MODULE, firewall="version-2", **LIFECYCLES[2][0])
    result = tenant.module(MODULE, firewall="version-2", destinations=[{**BUCKET, "account_id": ACCOUNT}])
    before, after = (
        {key: value for key, value in result[side].items() if key != "destinations"} for side in ("before", "after")
    )
    assert (result["changed"], before) == (True, after)
    assert tenant.module(MODULE, firewall="version-2")["after"] == result["after"]


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ({"destinations": [LOGS, {**BUCKET, "log_types": ["TRAFFIC"]}]}, "destinations[1] > log_types"),
        ({"firewall": None}, "firewall"),
    ],
)
def test_mistakes_are_refused_before_any_call(tenant: RulestackTenant, options: dict[str, Any], place: str) -> None:
    before = tenant.counts()
    result = tenant.module(MODULE, **{"firewall": "version-2", **options})
    assert [problem["place"] for problem in result["error"]["problems"]] == [place]
    assert tenant.counts() == before


def test_second_destination_is_refused_before_any_write(tenant: RulestackTenant) -> None:
    before = tenant.counts()[1]
    result = tenant.module(MODULE, firewall="version-2", destinations=[LOGS, BUCKET])
    assert [problem["place"] for problem in result["error"]["problems"]] == ["destinations[1]"]
    assert tenant.counts()[1] == before
