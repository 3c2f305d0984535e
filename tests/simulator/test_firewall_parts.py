# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What belongs to firewalls: V1 operations, rulestack associations and their commits, log profiles, tags; faults on them."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest
import requests

V1 = "/v1/config/ngfirewalls"
V2 = "/v2/config/ngfirewalls"
QUERY = "?region=us-east-1&v1route=true"
STACKS = "/v1/config/rulestacks"
MAPPINGS = [{"SubnetId": "subnet-1", "AvailabilityZoneId": "use1-az1"}, {"SubnetId": "subnet-2"}]
WAITS = ("create", "update", "delete", "endpoint", "commit")


@pytest.fixture
def fast(world):
    """The simulator with firewalls and rulestacks whose states end at once."""
    world.admin("PUT", "/firewalls", dict.fromkeys([f"{name}_seconds" for name in WAITS], 0))
    world.admin("PUT", "/rulestacks", {"commit_seconds": 0})
    return world


def create(world, headers, **fields):
    """Create a V2 firewall and return its path."""
    sent = {"FirewallName": "new", "CustomerZoneIdList": ["use1-az1"], **fields}
    return f"{V2}/{world.write('POST', V2, headers, sent)['Response']['FirewallId']}"


def create_v1(world, headers, path=V1, **fields):
    place = {"VpcId": "vpc-1", "EndpointMode": "ServiceManaged", "SubnetMappings": MAPPINGS}
    return world.write("POST", path, headers, {"FirewallName": "old", **place, **fields})["Response"]


def state(world, headers, path):
    return world.content(path, headers)["Status"]


def moment(status, kind):
    text, zone = status[f"{kind}CommitInfo"]["CommitTS"].split(" ")
    assert zone == "UTC"
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("collection", "one"),
    [(V1, f"{V1}/old"), (f"{V2}/", f"{V2}/old{QUERY}"), (f"{V2}{QUERY}", f"{V2}/old{QUERY}"), (V2, f"{V2}/old{QUERY}")],
)
def test_v1_firewall_on_every_path(fast, access, tools, collection, one):
    nulls = dict.fromkeys(["ChangeProtection", "AllowListAccounts", "CustomerZoneIdList", "Endpoints", "SecurityZones"])
    answer = create_v1(fast, access["f"], collection, **nulls, Features={}, MultiVpc=True, AccountId=tools.MAIN)
    assert answer["FirewallId"].startswith("fw-")
    content = fast.content(one, access["f"], {"AccountId": tools.MAIN})
    firewall, status = content["Firewall"], content["Status"]
    expected = {
        "FirewallName": "old",
        "VpcId": "vpc-1",
        "MultiVpc": True,
        "MultiVpcEnable": True,
        "SubnetMappings": MAPPINGS,
    }
    assert expected.items() <= firewall.items()
    assert [(a["SubnetId"], a["Status"]) for a in status["Attachments"]] == [
        ("subnet-1", "ACCEPTED"),
        ("subnet-2", "ACCEPTED"),
    ]
    assert "does not exist" in fast.refused("GET", f"{V2}/{answer['FirewallId']}", access["f"])
    fast.write("DELETE", one, access["f"], {"AccountId": tools.MAIN})
    assert "does not exist" in fast.refused("GET", one, access["f"])


V1_WRITES = [
    ("PUT", "description", {"Description": "new"}, {"Description": "new"}),
    ("PUT", "description", {}, {"Description": ""}),
    (
        "PUT",
        "subnets",
        {"AssociateSubnetMappings": [{"SubnetId": "s3"}], "DisassociateSubnetMappings": [{"SubnetId": "subnet-1"}]},
        {"SubnetMappings": [MAPPINGS[1], {"SubnetId": "s3"}]},
    ),
    (
        "POST",
        "subnets",
        {"AssociateSubnetMappings": [{"SubnetId": "s3"}], "DisassociateSubnetMappings": [{"SubnetId": "s3"}]},
        {"SubnetMappings": [*MAPPINGS, {"SubnetId": "s3"}]},
    ),
    ("PUT", "contentversion", {"AppIdVersion": "8441-6921"}, {"AppIdVersion": "8441-6921"}),
    ("PUT", "contentversion", {"AutomaticUpgradeAppIdVersion": False}, {"AutomaticUpgradeAppIdVersion": False}),
    ("PUT", "features", {"Features": {"EgressNAT": {"Enabled": True}}}, {"EgressNAT": {"Enabled": True}}),
    ("PUT", "rulestack", {"RuleStackName": "web-egress"}, {"RuleStackName": "web-egress"}),
    (
        "POST",
        "globalrulestack",
        {"RuleStackName": "company-baseline", "AccountId": "999900001111"},
        {"GlobalRuleStackName": "company-baseline"},
    ),
    (
        "POST",
        "tags",
        {"Tags": [{"Key": "a", "Value": "b"}]},
        {"Tags": [{"Key": "env", "Value": "x"}, {"Key": "a", "Value": "b"}]},
    ),
    ("DELETE", "tags", {"TagKeys": ["env", "none"]}, {"Tags": []}),
]


@pytest.mark.parametrize("base", [V1, V2])
@pytest.mark.parametrize(("method", "segment", "sent", "expected"), V1_WRITES)
def test_operations_on_a_v1_firewall(fast, access, base, method, segment, sent, expected):
    create_v1(fast, access["f"], Description="x", Tags=[{"Key": "env", "Value": "x"}])
    before = fast.content(f"{V1}/old", access["f"])["Firewall"]
    fast.write(method, f"{base}/old/{segment}{QUERY}", access["f"], sent)
    after = fast.content(f"{V1}/old", access["f"])["Firewall"]
    assert expected.items() <= after.items()
    assert after["UpdateToken"] != before["UpdateToken"]
    listed = fast.content(f"{base}/old/tags{QUERY}", access["f"])["Tags"]
    assert listed == after["Tags"]


def test_features_of_endpoints_of_a_v1_firewall(fast, access):
    create_v1(fast, access["f"])
    zones = fast.content(f"{V1}/old", access["f"])["Firewall"]["SecurityZones"]
    prefixes = {"PrivatePrefix": {"Cidrs": ["100.64.0.0/16"]}}
    changed = {"EndpointId": zones[0]["EndpointId"], "EgressNATEnabled": True, "Prefixes": prefixes}
    fast.write("PUT", f"{V1}/old/features", access["f"], {"Features": {"SecurityZones": [changed]}})
    after = fast.content(f"{V1}/old", access["f"])["Firewall"]["SecurityZones"]
    assert after[1] == zones[1]
    assert (after[0]["EgressNATEnabled"], after[0]["Prefixes"]) == (True, {**zones[0]["Prefixes"], **prefixes})


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"VpcId": None}, "VpcId is required"),
        ({"FirewallName": "a_b"}, "FirewallName must be a string that matches"),
        ({"SubnetMappings": [{}]}, "SubnetMappings[0] must be an object with SubnetId"),
        ({"EndpointMode": "x"}, "EndpointMode must be one of"),
        ({"AccountId": "210987654321"}, "AccountId of a firewall must be 123456789012"),
        ({"RuleStackName": "none"}, 'rulestack "none" does not exist'),
        ({"GlobalRuleStackName": "web-egress"}, 'rulestack "web-egress" does not exist'),
        ({"EgressNAT": {"Enabled": True}}, "egress NAT needs an endpoint that is accepted"),
    ],
)
def test_invalid_v1_firewalls_are_refused(world, access, sent, reason):
    body = {"FirewallName": "old", "VpcId": "v", "EndpointMode": "ServiceManaged", "SubnetMappings": MAPPINGS, **sent}
    assert reason in world.refused("POST", V1, access["f"], body)
    assert "does not exist" in world.refused("GET", f"{V1}/old", access["f"])


def test_association_is_committed_on_the_device_later_than_it_started(world, access):
    world.admin("PUT", "/firewalls", {"create_seconds": 0, "commit_seconds": 0})
    path = create(world, access["f"])
    assert state(world, access["f"], path)["DeviceRuleStackCommitStatus"] == "Success"
    world.admin("PUT", "/firewalls", {"commit_seconds": None})
    started = int(time.time())
    world.write(
        "POST", f"{path}/rulestack", access["f"], {"RuleStackName": "web-egress", "FirewallId": "", "AccountId": ""}
    )
    status = state(world, access["f"], path)
    assert (status["RuleStackStatus"], "RuleStackCommitInfo" in status) == ("Committing", False)
    assert status["DeviceRuleStackCommitStatus"] == "Committing"
    world.admin("POST", "/firewalls/settle")
    status = state(world, access["f"], path)
    for kind in ("RuleStack", "DeviceRuleStack"):
        assert moment(status, kind) > started
    assert (status["RuleStackStatus"], status["DeviceRuleStackCommitStatus"]) == ("Success", "Success")


def test_failed_commit_on_the_device_has_messages(fast, access):
    fast.admin("PUT", "/firewalls", {"commit_failure": "device is out of memory"})
    path = create(fast, access["f"], RuleStackName="web-egress")
    status = state(fast, access["f"], path)
    assert (status["FirewallStatus"], status["RuleStackStatus"]) == ("CREATE_COMPLETE", "Failed")
    assert status["RuleStackCommitInfo"]["CommitMessages"] == ["device is out of memory"]


def test_commit_of_a_rulestack_is_committed_on_its_firewalls(fast, access):
    path = create(fast, access["f"], RuleStackName="lab-draft", GlobalRuleStackName="company-baseline")
    status = state(fast, access["f"], path)
    assert (status["RuleStackStatus"], status["GlobalRuleStackStatus"]) == ("Uncommitted", "Success")
    before = moment(status, "GlobalRuleStack"), moment(status, "DeviceRuleStack")
    fast.write("POST", f"{STACKS}/lab-draft/commit", access["r"])
    status = state(fast, access["f"], path)
    assert (status["RuleStackStatus"], moment(status, "GlobalRuleStack")) == ("Success", before[0])
    assert moment(status, "DeviceRuleStack") > before[1]
    first = moment(status, "RuleStack")
    fast.write("POST", f"{STACKS}/lab-draft/commit", access["r"])
    assert moment(state(fast, access["f"], path), "RuleStack") > first


def test_commits_of_a_rulestack_and_of_its_firewalls_follow_each_other_on_the_clock(world, access):
    world.admin("PUT", "/firewalls", {"create_seconds": 0, "commit_seconds": 600})
    world.admin("PUT", "/rulestacks", {"commit_seconds": 300})
    path = create(world, access["f"], RuleStackName="lab-draft")
    begun = time.time()
    world.write("POST", f"{STACKS}/lab-draft/commit", access["r"])
    for passed, expected in [(0, "Uncommitted"), (300, "Committing"), (600, "Committing"), (900, "Success")]:
        world.admin("PUT", "/clock", {"offset_seconds": passed})
        status = state(world, access["f"], path)
        assert status["RuleStackStatus"] == expected
    assert 899 <= moment(status, "RuleStack") - begun < 960


def test_associated_rulestack_is_not_deleted_until_the_last_firewall_is(fast, access):
    fast.admin("PUT", "/firewalls", {"delete_seconds": None})
    path = create(fast, access["f"], RuleStackName="lab-draft")
    used = 'rulestack "lab-draft" is associated with the firewall new'
    assert fast.refused("DELETE", f"{STACKS}/lab-draft", access["r"]).endswith(used)
    fast.write("DELETE", path, access["f"])
    assert fast.refused("DELETE", f"{STACKS}/lab-draft", access["r"]).endswith(used)
    fast.admin("POST", "/firewalls/settle")
    fast.write("DELETE", f"{STACKS}/lab-draft", access["r"])


@pytest.mark.parametrize(
    ("name", "left"),
    [(None, {"GlobalRuleStackName"}), ("web-egress", {"GlobalRuleStackName"}), ("company-baseline", {"RuleStackName"})],
)
def test_disassociation_by_name_and_without(fast, access, name, left):
    path = create(fast, access["f"])
    for stack in ("web-egress", "company-baseline"):
        fast.write("POST", f"{path}/rulestack", access["f"], {"RuleStackName": stack})
    fast.write("DELETE", f"{path}/rulestack", access["f"], {"RuleStackName": name, "AccountId": ""})
    firewall = fast.content(path, access["f"])["Firewall"]
    assert {"RuleStackName", "GlobalRuleStackName"} & firewall.keys() == left
    if name is None:
        fast.write("DELETE", f"{path}/rulestack", access["f"])
        assert "rulestack association does not exist" in fast.refused("DELETE", f"{path}/rulestack", access["f"])


@pytest.mark.parametrize(
    ("letter", "name", "found"),
    [
        ("f", "none", False),
        ("f", "shop-backend", False),
        ("r", "company-baseline", False),
        ("g", "web-egress", False),
        ("f", "company-baseline", True),
        ("r", "web-egress", True),
        ("g", "company-baseline", True),
    ],
)
def test_only_rulestacks_that_exist_for_the_token_are_associated(fast, access, letter, name, found):
    path = create(fast, access["f"])
    if found:
        fast.write("POST", f"{path}/rulestack", access[letter], {"RuleStackName": name})
    else:
        reason = f'ResourceNotFoundException: rulestack "{name}" does not exist'
        assert fast.refused("POST", f"{path}/rulestack", access[letter], {"RuleStackName": name}) == reason
    firewall = fast.content(path, access["f"])["Firewall"]
    assert (name in (firewall.get("RuleStackName"), firewall.get("GlobalRuleStackName"))) == found


CONFIG = {"LogDestination": "bucket", "LogDestinationType": "S3", "LogType": ["TRAFFIC", "THREAT"]}
NAMESPACE = {"CloudWatchMetricNamespace": "ns"}


def test_log_profile_of_a_v2_firewall(fast, access, tools):
    path = create(fast, access["f"])
    log = f"{path}/logprofile"
    assert set(fast.content(log, access["f"])) == {"FirewallId", "Region", "UpdateToken"}
    role = {"RoleType": "ResourceBased", "AccountId": tools.OTHER}
    first = fast.write("POST", log, access["f"], {"LogConfig": {**CONFIG, **role}, "LogDestinationConfigs": None})[
        "Response"
    ]
    read = fast.content(log, access["f"])
    assert (read, read["LogConfig"], "AdvancedThreatLog" in read) == (first, {**CONFIG, **role}, False)
    fast.write(
        "POST",
        log,
        access["f"],
        {"CloudwatchMetrics": NAMESPACE, "CloudWatchMetricsFields": ["BytesIn"], "AdvancedThreatLog": True},
    )
    read = fast.content(log, access["f"])
    metrics = {**NAMESPACE, "AccountId": tools.MAIN, "CloudWatchMetricsFields": ["BytesIn"]}
    assert (read["CloudwatchMetrics"], read["LogConfig"]) == (metrics, first["LogConfig"])
    fast.write("POST", log, access["f"], {"UpdateToken": read["UpdateToken"]})
    assert fast.content(log, access["f"])["AdvancedThreatLog"] is True
    fast.write("POST", log, access["f"], {"AdvancedThreatLog": False})
    assert fast.content(log, access["f"])["AdvancedThreatLog"] is False
    assert "please provide latest token" in fast.refused("POST", log, access["f"], {"UpdateToken": read["UpdateToken"]})
    fast.write("POST", log, access["f"], {"LogConfig": {**CONFIG, "LogType": []}})
    assert "LogConfig" not in fast.content(log, access["f"])


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"LogConfig": {**CONFIG, "LogDestinationType": "Disk"}}, "LogConfig.LogDestinationType must be one of S3"),
        ({"LogConfig": {**CONFIG, "LogType": ["AUDIT"]}}, "LogConfig.LogType[0] must be one of TRAFFIC"),
        ({"LogConfig": {**CONFIG, "LogDestination": ""}}, "LogConfig.LogDestination is required"),
        ({"LogConfig": {**CONFIG, "RoleType": "x"}}, "LogConfig.RoleType must be one of ResourceBased"),
        (
            {"CloudwatchMetrics": {**NAMESPACE, "CloudWatchMetricsFields": ["x"]}},
            "CloudwatchMetrics.CloudWatchMetricsFields[0]",
        ),
        ({"CloudWatchMetricsFields": ["BytesIn"]}, "CloudWatchMetricNamespace is required"),
        ({"AdvancedThreatLog": "false"}, "AdvancedThreatLog must be true or false"),
    ],
)
def test_invalid_log_profiles_are_refused(fast, access, sent, reason):
    path = create(fast, access["f"])
    before = fast.content(f"{path}/logprofile", access["f"])
    assert f"invalid request: {reason}" in fast.refused("POST", f"{path}/logprofile", access["f"], sent)
    assert fast.content(f"{path}/logprofile", access["f"]) == before


@pytest.mark.parametrize("path", [f"{V1}/old/logprofile", f"{V2}/old/logprofile{QUERY}"])
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_log_profile_of_a_v1_firewall(fast, access, path, method):
    create_v1(fast, access["f"])
    targets = [
        {**CONFIG, "LogType": "TRAFFIC"},
        {"LogDestination": "g", "LogDestinationType": "CloudWatchLogs", "LogType": "THREAT"},
    ]
    fast.write(method, path, access["f"], {"LogDestinationConfigs": targets, **NAMESPACE, "FirewallName": "old"})
    read = fast.content(path, access["f"])
    assert (read["LogDestinationConfigs"], read["CloudWatchMetricNamespace"]) == (targets, "ns")
    fast.write(method, path, access["f"], {"LogDestinationConfigs": []})
    assert fast.content(path, access["f"])["LogDestinationConfigs"] == []
    twice = {"LogDestinationConfigs": [targets[0], targets[0]]}
    assert "more than one destination for TRAFFIC" in fast.refused(method, path, access["f"], twice)


def test_firewall_has_at_most_50_tags(fast, access):
    create_v1(fast, access["f"], Tags=[{"Key": str(n), "Value": "1"} for n in range(50)])
    fast.write("POST", f"{V1}/old/tags", access["f"], {"Tags": [{"Key": "0", "Value": "2"}]})
    body = {"Tags": [{"Key": "51st", "Value": "1"}]}
    assert fast.refused("POST", f"{V1}/old/tags", access["f"], body).startswith("LimitExceededException: ")


WRITES = [
    ("POST", V2, {"FirewallName": "x", "CustomerZoneIdList": ["use1-az1"]}),
    ("PATCH", "{}", {"Description": "x"}),
    ("DELETE", "{}", None),
    ("POST", "{}/rulestack", {"RuleStackName": "web-egress"}),
    ("POST", "{}/logprofile", {"AdvancedThreatLog": True}),
    ("POST", "{}/link", {"LinkId": "x"}),
    ("PUT", f"{V1}/egress-inspection/description", {"Description": "x"}),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
@pytest.mark.parametrize("after", [False, True])
def test_lost_response_of_a_write(fast, access, method, path, body, after):
    one = f"{V2}/fw-0c1d2e3f4a5b"

    def everything():
        pages = (f"{V2}?describe=true", f"{one}/logprofile")
        return [fast.read(page, access["f"]).json()["Response"] for page in pages]

    before = everything()
    fast.fault("close", route="*", after_acting=after, times=1)
    with pytest.raises(requests.ConnectionError):
        fast.send(method, path.format(one), access["f"], json.dumps(body))
    assert (everything() != before) == after


def test_writes_are_counted_by_path(fast, access):
    fast.admin("DELETE", "/calls")
    path = create(fast, access["f"])
    fast.write("PATCH", f"{path}?region=us-east-1", access["f"], {"Description": "x"})
    assert fast.state()["calls_by_path"] == {f"PATCH {path}": 1, f"POST {V2}": 1}
