# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ngfw_firewall_info, run as a module against servers on loopback."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.endpoints import REGIONS
from ansible_collections.panw.cloud.tests.helpers.fake_firewalls import FakeFirewalls
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import refused
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN, Reply, jwt, success
from ansible_collections.panw.cloud.tests.helpers.run_module import DELETE, STAGE, TOKENS, Cloud, failed, run

HELD = {"token": TOKEN, "subscription_key": KEY}
LIST = f"{STAGE}/v2/config/ngfirewalls"
ISSUE = f"GET {TOKENS}/cloudfirewalladmin"


def firewalls() -> FakeFirewalls:
    """Two firewalls of version 2, one of version 1."""
    fake = FakeFirewalls()
    for number, name in ((1, "web"), (2, "db")):
        tags = [{"Key": "FirewallName", "Value": name}, {"Key": "team", "Value": "network"}]
        endpoint = {"EndpointId": f"e-{number}", "VpcId": f"vpc-{number}", "Status": "Accepted"}
        fake.put(
            f"fw-{number}", {"Tags": tags, "RuleStackName": name, "GlobalRuleStackName": "all", "Endpoints": [endpoint]}
        )
    fake.put(
        "old", {"FirewallName": "old", "VpcId": "vpc-3", "RuleStackName": "web"}, Attachments=[{"Status": "PENDING"}]
    )
    return fake


def names(result: dict[str, Any]) -> list[str]:
    return [firewall["name"] for firewall in result["firewalls"]]


@pytest.mark.parametrize("check", [False, True])
def test_firewalls_of_both_versions_are_described_with_a_given_token(check: bool) -> None:
    with Cloud(firewalls=firewalls()) as cloud:
        result = run("ngfw_firewall_info", {**cloud.options, **HELD}, check=check)
        assert cloud.sts == []
        assert {call.split()[0] for call in cloud.calls} == {"GET"}
    result.pop("warnings", None)
    assert (result["changed"], result["failed_regions"]) == (False, [])
    db, old, web = result["firewalls"]
    assert (db["name"], db["version"], db["firewall_id"], db["region"]) == ("db", 2, "fw-2", "us-east-1")
    assert (db["tags"], db["status"], db["endpoints"][0]["status"]) == (
        {"team": "network"},
        "CREATE_COMPLETE",
        "accepted",
    )
    assert (old["version"], old["vpc_id"], old["endpoints"][0]["status"]) == (1, "vpc-3", "pending")
    assert (web["rulestack"], "log_profile" in web) == ("web", False)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"name": "web"}, ["web"]),
        ({"name": "old"}, ["old"]),
        ({"name": "none"}, []),
        ({"firewall_id": "fw-2"}, ["db"]),
        ({"firewall_id": "fw-9"}, []),
        ({"rulestack": "web"}, ["old", "web"]),
        ({"global_rulestack": "all"}, ["db", "web"]),
        ({"global_rulestack": "all", "rulestack": "web"}, ["web"]),
        ({"vpc_ids": ["vpc-2", "vpc-3"]}, ["db", "old"]),
        ({"vpc_ids": ["vpc-2"], "name": "web"}, []),
    ],
)
def test_filters_apply_to_both_versions(options: dict[str, Any], found: list[str]) -> None:
    with Cloud(firewalls=firewalls()) as cloud:
        assert names(run("ngfw_firewall_info", {**cloud.options, **HELD, **options})) == found


@pytest.mark.parametrize(
    ("claim", "options", "query", "body"),
    [
        ("V2", {"rulestack": "web"}, {"rulestackname": ["web"]}, {}),
        ("V2", {"global_rulestack": "all", "vpc_ids": ["vpc-1"]}, {"globalrulestackname": ["all"]}, {}),
        ("V1", {"rulestack": "web"}, {"rulestackname": ["web"]}, {"RuleStackName": "web"}),
        ("V1", {"vpc_ids": ["vpc-1"], "global_rulestack": "x"}, {"vpcids": ["vpc-1"]}, {"VpcIds": ["vpc-1"]}),
    ],
)
def test_filters_that_the_version_has_are_sent(
    claim: str, options: dict[str, Any], query: dict[str, Any], body: dict[str, Any]
) -> None:
    fake = FakeFirewalls()
    with Cloud(firewalls=fake) as cloud:
        run("ngfw_firewall_info", {**cloud.options, **HELD, "token": jwt(tenant_version=claim), **options})
        sent = parse_qs(urlsplit(cloud.received[0].target).query)
    common = {"maxresults": ["1024"], "describe": ["true"]}
    assert sent == {**common, **query, **({"region": ["us-east-1"]} if claim == "V2" else {})}
    assert fake.requests[0][2] == ({"MaxResults": 1024, **body} if claim == "V1" else {})


def test_each_region_has_a_token_of_its_own_and_all_are_revoked() -> None:
    fake = firewalls()
    with Cloud(firewalls=fake) as cloud:
        result = run("ngfw_firewall_info", {**cloud.options, "regions": ["us-east-1", "eu-central-1", "us-east-1"]})
        assert (cloud.calls.count(ISSUE), cloud.calls.count(DELETE), len(cloud.sts)) == (2, 2, 1)
        scopes = sorted(
            got.headers["Authorization"].split("/")[2] for got in cloud.received if "cloudfirewall" in got.target
        )
    assert scopes == ["eu-central-1", "us-east-1"]
    assert [firewall["region"] for firewall in result["firewalls"]] == ["us-east-1"] * 3 + ["eu-central-1"] * 3
    assert {query["region"] for _call, query, _body in fake.requests} == {"us-east-1", "eu-central-1"}


def test_all_regions_are_those_of_the_vendor() -> None:
    fake = FakeFirewalls()
    with Cloud(firewalls=fake) as cloud:
        run("ngfw_firewall_info", {**cloud.options, **HELD, "regions": ["all"]})
    assert {query["region"] for _call, query, _body in fake.requests} == set(REGIONS)
    assert len(REGIONS) == 26


def test_region_that_fails_does_not_hide_the_others() -> None:
    fake = firewalls()
    respond = fake.respond

    def closed(method: str, target: str, body: bytes | None) -> Any:
        return refused("AccessDeniedException: no") if "region=eu-west-1" in target else respond(method, target, body)

    fake.respond = closed  # type: ignore[method-assign]
    with Cloud(firewalls=fake) as cloud:
        options = {**cloud.options, **HELD, "regions": ["eu-west-1", "us-east-1"], "name": "web"}
        result = run("ngfw_firewall_info", options)
        assert names(result) == ["web"]
        ((region, kind),) = [(one["region"], one["error"]["kind"]) for one in result["failed_regions"]]
        assert (region, kind) == ("eu-west-1", "authorization")
        assert any("The firewalls in eu-west-1 are missing" in str(warning) for warning in result["warnings"])
        failure = failed(run("ngfw_firewall_info", {**options, "regions": ["eu-west-1"]}))
    assert failure["error"]["kind"] == "authorization"


def test_log_profile_is_read_on_request() -> None:
    fake = firewalls()
    profile = {
        "LogConfig": {
            "LogDestination": "logs",
            "LogDestinationType": "S3",
            "LogType": ["TRAFFIC"],
            "RoleType": "IamBased",
        }
    }
    fake.fail("GET /fw-1/logprofile", success({**profile, "AdvancedThreatLog": True}))
    fake.fail("GET /fw-2/logprofile", refused("AccessDeniedException: no"))
    with Cloud(firewalls=fake) as cloud:
        result = run("ngfw_firewall_info", {**cloud.options, **HELD, "log_profile": True, "global_rulestack": "all"})
    db, web = result["firewalls"]
    assert db["log_profile"] is None
    assert "The log profile is null: Could not read the log profile of firewall 'db'" in str(result["warnings"])
    assert web["log_profile"]["advanced_threat_log"] is True
    assert web["log_profile"]["destinations"][0]["log_types"] == ["TRAFFIC"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "a", "firewall_id": "b"}, "mutually exclusive: name|firewall_id"),
        ({"regions": ["everywhere"]}, "Option 'regions' is not the name of an AWS region: 'everywhere'"),
        ({"token": TOKEN}, "Option 'subscription_key' is empty"),
    ],
)
def test_invalid_input_is_rejected_before_any_call(options: dict[str, Any], message: str) -> None:
    with Cloud() as cloud:
        result = failed(run("ngfw_firewall_info", {**cloud.options, **options}))
        assert cloud.received == []
    assert message in result["msg"]


@pytest.mark.parametrize("reply", [Reply(400), Reply(200, "<html>")])
def test_token_is_revoked_after_a_failure(reply: Reply) -> None:
    with Cloud({f"GET {LIST}": reply}) as cloud:
        failed(run("ngfw_firewall_info", cloud.options))
        assert cloud.calls[0] == ISSUE
        assert cloud.calls[-1] == DELETE
