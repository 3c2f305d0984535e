# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Life of V2 firewalls: states on the clock, endpoints, egress NAT, change protection, names, tokens."""

from __future__ import annotations

import pytest

BASE = "/v2/config/ngfirewalls"
REGION = "?region=us-east-1"
ZONES = ["use1-az1", "use1-az2"]
ENDPOINT = {"Mode": "ServiceManaged", "VpcId": "vpc-1", "SubnetId": "subnet-1"}
SEEDED = f"{BASE}/fw-0c1d2e3f4a5b"
UPDATING = f"{BASE}/fw-9a8b7c6d5e4f"


@pytest.fixture
def slow(world):
    """The simulator with firewalls whose states end when they are settled."""
    world.admin("PUT", "/firewalls", {"create_seconds": None, "update_seconds": None, "delete_seconds": None})
    return world


@pytest.fixture
def fast(world):
    """The simulator with firewalls whose states end at once."""
    world.admin("PUT", "/firewalls", dict.fromkeys([f"{n}_seconds" for n in WAITS], 0))
    return world


WAITS = ("create", "update", "delete", "endpoint", "commit")


def settle(world):
    return world.admin("POST", "/firewalls/settle").json()["settled"]


def body(name="new", **fields):
    return {"Tags": [{"Key": "FirewallName", "Value": name}], "CustomerZoneIdList": ZONES, **fields}


def create(world, headers, name="new", **fields):
    """Create a firewall and return its path."""
    content = world.write("POST", BASE + REGION, headers, body(name, **fields))["Response"]
    return f"{BASE}/{content['FirewallId']}"


def read(world, headers, path):
    content = world.content(path + REGION, headers)
    return content["Firewall"], content["Status"]


def endpoints(world, headers, path):
    return [(e["Status"], e["RejectedReason"]) for e in read(world, headers, path)[0]["Endpoints"]]


def test_life_of_a_firewall(slow, access):
    path = create(slow, access["f"], Description="one", Endpoints=[ENDPOINT], ChangeProtection=["GlobalFirewallAdmin"])
    firewall, status = read(slow, access["f"], path)
    assert (status["FirewallStatus"], status["Attachments"][0]["Status"]) == ("CREATING", "PENDING")
    assert settle(slow) > 1
    firewall, status = read(slow, access["f"], path)
    assert status["FirewallStatus"] == "CREATE_COMPLETE"
    assert (firewall["Endpoints"][0]["Status"], status["Attachments"][0]["Status"]) == ("Accepted", "ACCEPTED")
    assert firewall["Endpoints"][0]["Prefixes"]["PublicPrefix"] == {"Cidrs": []}
    assert firewall["Endpoints"][0]["ZoneId"] == "use1-az1"
    assert (firewall["Description"], firewall["FirewallName"]) == ("one", "new")
    patch = {key: firewall[key] for key in ("UpdateToken", "DeploymentUpdateToken")}
    answer = slow.write("PATCH", path + REGION, access["f"], {**patch, "Description": ""})["Response"]
    after, status = read(slow, access["f"], path)
    assert (after["Description"], status["FirewallStatus"]) == ("", "CREATE_COMPLETE")
    assert after["UpdateToken"] == answer["UpdateToken"] != firewall["UpdateToken"]
    assert after["DeploymentUpdateToken"] == answer["DeploymentUpdateToken"] == firewall["DeploymentUpdateToken"]
    slow.write("PATCH", path + REGION, access["f"], {"CustomerZoneIdList": ZONES[:1]})
    changed, status = read(slow, access["f"], path)
    assert (changed["CustomerZoneIdList"], status["FirewallStatus"]) == (ZONES[:1], "UPDATING")
    assert changed["DeploymentUpdateToken"] != after["DeploymentUpdateToken"]
    settle(slow)
    assert read(slow, access["f"], path)[1]["FirewallStatus"] == "UPDATE_COMPLETE"
    deleted = slow.write("DELETE", path + REGION, access["f"], {"FirewallId": "x"})["Response"]
    assert deleted["FirewallStatus"] == read(slow, access["f"], path)[1]["FirewallStatus"] == "DELETING"
    settle(slow)
    assert "does not exist" in slow.refused("GET", path + REGION, access["f"])


@pytest.mark.parametrize("seconds", [0, 300])
def test_states_end_on_the_simulators_clock(world, access, seconds):
    world.admin("PUT", "/firewalls", {"create_seconds": seconds, "endpoint_seconds": seconds})
    path = create(world, access["f"], Endpoints=[ENDPOINT])
    for passed, state, endpoint in [
        (seconds, "CREATE_COMPLETE", "Pending"),
        (2 * seconds, "CREATE_COMPLETE", "Accepted"),
    ]:
        if seconds:
            world.admin("PUT", "/clock", {"offset_seconds": passed})
            assert endpoints(world, access["f"], path)[0][0] == endpoint
        assert read(world, access["f"], path)[1]["FirewallStatus"] == state
    assert endpoints(world, access["f"], path) == [("Accepted", "")]


@pytest.mark.parametrize(
    ("kind", "state"), [("create", "CREATE_FAIL"), ("update", "UPDATE_FAIL"), ("delete", "DELETE_FAIL")]
)
def test_states_that_fail_have_the_ordered_reason(fast, access, kind, state):
    fast.admin("PUT", "/firewalls", {f"{kind}_failure": "quota exceeded"})
    path = create(fast, access["f"])
    if kind == "update":
        fast.write("PATCH", path + REGION, access["f"], {"CustomerZoneIdList": ZONES[:1]})
    if kind == "delete":
        fast.write("DELETE", path + REGION, access["f"])
    status = read(fast, access["f"], path)[1]
    assert (status["FirewallStatus"], status["FailureReason"]) == (state, "quota exceeded")
    if kind == "create":
        assert "in state CREATE_FAIL" in fast.refused("PATCH", path, access["f"], {"Description": "x"})
    fast.admin("PUT", "/firewalls", {f"{kind}_failure": None})
    fast.write("DELETE", path + REGION, access["f"])
    assert "does not exist" in fast.refused("GET", path + REGION, access["f"])


CUSTOM = {"PrivatePrefix": {"Cidrs": ["100.64.0.0/16"]}}
OVERLAPPING = {**ENDPOINT, "VpcId": "vpc-2", "Prefixes": {"PublicPrefix": {"Cidrs": ["100.64.9.0/24"]}}}


@pytest.mark.parametrize(
    ("wanted", "reasons"),
    [
        ([{**ENDPOINT, "AccountId": "210987654321"}], ["account 210987654321 is not in AllowListAccounts"]),
        ([{**ENDPOINT, "ZoneId": "use1-az6"}], ["zone use1-az6 is not in CustomerZoneIdList"]),
        (
            [{**ENDPOINT, "ZoneId": ZONES[0], "Prefixes": CUSTOM}, {**OVERLAPPING, "ZoneId": ZONES[0]}],
            ["", "CIDR conflict in zone use1-az1 with endpoint"],
        ),
        ([{**ENDPOINT, "ZoneId": ZONES[0], "Prefixes": CUSTOM}, {**OVERLAPPING, "ZoneId": ZONES[1]}], ["", ""]),
    ],
)
def test_endpoints_are_rejected_with_a_reason(fast, access, wanted, reasons):
    path = create(fast, access["f"], Endpoints=wanted)
    for (status, said), reason in zip(endpoints(fast, access["f"], path), reasons, strict=True):
        assert (status, said.startswith(reason)) == ("Rejected" if reason else "Accepted", True)


def test_rejected_endpoint_is_decided_again_after_an_update(fast, access):
    fast.admin("PUT", "/firewalls", {"endpoint_rejection": "subnet is full"})
    path = create(fast, access["f"], Endpoints=[{**ENDPOINT, "AccountId": "210987654321"}])
    assert endpoints(fast, access["f"], path) == [("Rejected", "subnet is full")]
    fast.admin("PUT", "/firewalls", {"endpoint_rejection": None})
    fast.write("PATCH", path + REGION, access["f"], {"AllowListAccounts": ["123456789012", "210987654321"]})
    assert endpoints(fast, access["f"], path) == [("Accepted", "")]


def test_endpoints_are_known_by_id_or_place_in_any_order(fast, access):
    second = {**ENDPOINT, "SubnetId": "subnet-2"}
    path = create(fast, access["f"], Endpoints=[ENDPOINT, second])
    before, _status = read(fast, access["f"], path)
    listed = before["Endpoints"]
    by_id = {"EndpointId": listed[1]["EndpointId"], "Mode": "ServiceManaged", "Status": "Rejected"}
    backwards = {"PrivatePrefix": {"Cidrs": listed[0]["Prefixes"]["PrivatePrefix"]["Cidrs"][::-1]}}
    fast.write("PATCH", path + REGION, access["f"], {"Endpoints": [by_id, {**ENDPOINT, "Prefixes": backwards}]})
    after, _status = read(fast, access["f"], path)
    assert after["Endpoints"] == listed[::-1]
    assert after["DeploymentUpdateToken"] == before["DeploymentUpdateToken"]
    fast.write("PATCH", path + REGION, access["f"], {"Endpoints": [ENDPOINT]})
    assert read(fast, access["f"], path)[0]["Endpoints"] == listed[:1]
    unknown = {"Endpoints": [{"Mode": "ServiceManaged", "EndpointId": "vpce-0"}]}
    assert 'endpoint "vpce-0" does not exist' in fast.refused("PATCH", path + REGION, access["f"], unknown)


def test_egress_nat_needs_an_accepted_endpoint(fast, access):
    on = {"EgressNAT": {"Enabled": True, "Settings": {"IPPoolType": "AWSService"}}}
    refusal = "InvalidOperationException: egress NAT needs an endpoint that is accepted"
    assert fast.refused("POST", BASE, access["f"], body(**on)) == refusal
    path = create(fast, access["f"])
    assert fast.refused("PATCH", path, access["f"], on) == refusal
    fast.write("PATCH", path, access["f"], {"Endpoints": [ENDPOINT]})
    own = {**ENDPOINT, "EgressNATEnabled": True}
    fast.write("PATCH", path, access["f"], {**on, "Endpoints": [own]})
    firewall, status = read(fast, access["f"], path)
    assert (firewall["EgressNAT"], firewall["Endpoints"][0]["EgressNATEnabled"]) == (on["EgressNAT"], True)
    assert len(status["PublicIPs"]) == len(ZONES)
    pending = {"Endpoints": [own, {**own, "SubnetId": "subnet-2"}]}
    assert "must be accepted before egress NAT is enabled on it" in fast.refused("PATCH", path, access["f"], pending)


ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:user-id-AbCdEf"


def test_other_fields_of_the_deployment_are_stored_and_null_keeps_them(fast, access):
    sent = {
        "PrivateAccess": {"Type": "NetworkLoadBalancer", "ResourceID": "nlb-1"},
        "UserID": {"Enabled": True, "Port": 5007, "AgentName": "agent", "SecretKeyARN": ARN},
        "AllowListAccounts": ["210987654321"],
        "GwlbTcpIdleTimeout": 600,
    }
    path = create(fast, access["f"], **sent, Features={}, SecurityZones=None, FutureKey=1)
    fast.write("PATCH", path, access["f"], {**dict.fromkeys(sent), "Endpoints": None, "Description": "x"})
    firewall, status = read(fast, access["f"], path)
    assert {key: firewall[key] for key in sent} == {**sent, "UserID": {**sent["UserID"], "UserIDStatus": "Enabled"}}
    assert status["FirewallStatus"] == "CREATE_COMPLETE"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"CustomerZoneIdList": None}, "CustomerZoneIdList is required"),
        ({"CustomerZoneIdList": ["moon"]}, "CustomerZoneIdList[0] must be a string that matches"),
        (
            {"EgressNAT": {"Enabled": True, "Settings": {"IPPoolType": "BYOIP"}}},
            "EgressNAT.Settings.IPAMPoolId is required",
        ),
        ({"UserID": {"Enabled": True, "Port": 5007}}, "UserID.SecretKeyARN is required"),
        ({"Endpoints": [{"VpcId": "vpc-1"}]}, "Endpoints[0].Mode is required"),
        ({"PrivateAccess": {"Type": "NetworkLoadBalancer"}}, "PrivateAccess.ResourceID is required"),
        ({"Description": "x" * 513}, "Description must be at most 512 characters long"),
        ({"AllowListAccounts": ["x"]}, "AllowListAccounts[0] must be a string that matches"),
        ({"GwlbTcpIdleTimeout": 3601}, "GwlbTcpIdleTimeout must be a whole number from 0 to 3600"),
        ({"Tags": [{"Key": str(n), "Value": "1"} for n in range(51)]}, "Tags must be a list of at most 50 items"),
        ({"Tags": [{"Key": "FirewallName", "Value": "a b"}]}, "tag FirewallName must be a string that matches"),
    ],
)
def test_invalid_firewalls_are_refused(world, access, fields, reason):
    said = world.refused("POST", BASE, access["f"], body(**fields))
    assert said.startswith(f"InvalidRequestException: invalid request: {reason}")
    assert [f["FirewallName"] for f in world.content(BASE, access["f"])["Firewalls"]] == ["egress-inspection"]


@pytest.mark.parametrize("state", ["create", "update"])
def test_changing_firewall_cannot_be_updated_but_deleted(slow, access, state):
    path = create(slow, access["f"])
    if state == "update":
        settle(slow)
        slow.write("PATCH", path, access["f"], {"GwlbTcpIdleTimeout": 10})
    refusal = f'InvalidOperationException: firewall "new" cannot be changed in state {state.upper()[:-1]}ING'
    assert slow.refused("PATCH", path, access["f"], {"Description": "x"}) == refusal
    slow.write("DELETE", path, access["f"])
    for method in ("POST", "DELETE"):
        assert "in state DELETING" in slow.refused(method, f"{path}/link", access["f"], {"LinkId": "x"})
    slow.write("DELETE", path, access["f"])
    settle(slow)
    assert "does not exist" in slow.refused("GET", path, access["f"])


def test_outdated_tokens_are_refused(fast, access):
    path = create(fast, access["f"])
    first, _status = read(fast, access["f"], path)
    fast.write("PATCH", path, access["f"], {"GwlbTcpIdleTimeout": 10})
    writes = [
        ("PATCH", "", {"UpdateToken": first["UpdateToken"]}),
        ("PATCH", "", {"DeploymentUpdateToken": first["DeploymentUpdateToken"]}),
        ("POST", "/rulestack", {"UpdateToken": first["UpdateToken"], "RuleStackName": "web-egress"}),
        ("DELETE", "/rulestack", {"UpdateToken": first["UpdateToken"]}),
        ("POST", "/link", {"UpdateToken": first["UpdateToken"], "LinkId": "link-1"}),
        ("DELETE", "/link", {"UpdateToken": first["UpdateToken"], "LinkId": "link-1"}),
    ]
    for method, segment, sent in writes:
        assert "please provide latest token" in fast.refused(method, path + segment, access["f"], sent)
    current = read(fast, access["f"], path)[0]
    for method, segment, sent in writes[4:]:
        current = read(fast, access["f"], path)[0]
        fast.write(method, path + segment, access["f"], {**sent, "UpdateToken": current["UpdateToken"]})
        assert read(fast, access["f"], path)[0].get("LinkId") == ("link-1" if method == "POST" else None)


@pytest.mark.parametrize("role", ["FirewallAdmin", "LocalFirewallAdmin"])
def test_change_protection_refuses_every_write_of_the_role(fast, access, role):
    path = create(fast, access["f"], ChangeProtection=[role])
    before = fast.content(path, access["f"])
    for method, segment, sent in [
        ("PATCH", "", {"ChangeProtection": []}),
        ("DELETE", "", None),
        ("POST", "/rulestack", {"RuleStackName": "web-egress"}),
        ("POST", "/logprofile", {}),
        ("POST", "/link", {"LinkId": "x"}),
    ]:
        reason = f'AccessDeniedException: firewall "new" has change protection against {role}'
        assert fast.refused(method, path + segment, access["f"], sent) == reason
    assert fast.content(path, access["f"]) == before
    fast.write("POST", f"{path}/rulestack", access["r"], {"RuleStackName": "web-egress"})
    fast.admin("PUT", f"/firewalls/{path.rpartition('/')[2]}", {"change_protection": []})
    fast.write("DELETE", path, access["f"])


def test_names_are_unique_in_an_account_and_region_in_all_forms(fast, access, tools):
    first = create(fast, access["f"], "one")
    mapped = {"EndpointMode": "ServiceManaged", "VpcId": "vpc-1", "SubnetMappings": [{"SubnetId": "subnet-1"}]}
    fast.write("POST", "/v1/config/ngfirewalls", access["f"], {"FirewallName": "two", **mapped})
    refusal = 'InvalidRequestException: firewall "{}" already exists'
    for name in ("one", "two", "egress-inspection"):
        assert fast.refused("POST", BASE, access["f"], body(name)) == refusal.format(name)
        old = {"FirewallName": name, **mapped}
        assert fast.refused("POST", "/v1/config/ngfirewalls", access["f"], old) == refusal.format(name)
        if name != "one":
            assert fast.refused("PATCH", first, access["f"], {"Tags": body(name)["Tags"]}) == refusal.format(name)
    fast.write("POST", f"{BASE}?region=eu-west-1", access["f"], body("one"))
    assert [f["FirewallName"] for f in fast.content(f"{BASE}?region=eu-west-1", access["f"])["Firewalls"]] == ["one"]
    listed = {
        path: [f["FirewallName"] for f in fast.content(path, access["f"])["Firewalls"]] for path in (BASE, f"{BASE}/")
    }
    assert listed == {BASE: ["egress-inspection", "one"], f"{BASE}/": ["egress-inspection", "two"]}


def test_name_and_tags_are_changed_together(fast, access):
    path = create(fast, access["f"])
    fast.write("PATCH", path, access["f"], {"Tags": [*body("renamed")["Tags"], {"Key": "env", "Value": "x"}]})
    firewall, _status = read(fast, access["f"], path)
    assert firewall["FirewallName"] == "renamed"
    assert firewall["Tags"] == [{"Key": "FirewallName", "Value": "renamed"}, {"Key": "env", "Value": "x"}]


def test_firewall_of_another_account_does_not_exist(world, access):
    for method, path in [("GET", UPDATING), ("PATCH", UPDATING), ("DELETE", UPDATING)]:
        assert "does not exist" in world.refused(method, path, access["f"])


@pytest.mark.parametrize("letter", "rga")
def test_only_firewall_admins_write(world, access, letter):
    for method, path in [("POST", BASE), ("PATCH", SEEDED), ("DELETE", SEEDED), ("POST", f"{SEEDED}/link")]:
        answer = world.send(method, path, access[letter], "{}")
        assert (answer.status_code, answer.json()) == (
            403,
            {"message": "User is not authorized to access this resource"},
        )
    assert read(world, access["f"], SEEDED)[1]["FirewallStatus"] == "CREATE_COMPLETE"


def test_status_of_errors_on_v2_paths_can_be_that_of_v1_paths(world, access):
    world.admin("PUT", "/access", {"v2_error_status": 200})
    answer = world.read(f"{BASE}/fw-none", access["f"])
    assert (answer.status_code, answer.json()["ResponseStatus"]["ErrorCode"]) == (200, 400)


def test_settings_are_read_changed_and_checked(world):
    assert world.admin("PUT", "/firewalls", {"create_seconds": None}).json()["create_seconds"] is None
    assert world.admin("GET", "/firewalls").json()["endpoint_seconds"] == 0.5
    for sent, said in [
        ({"create_failure": ""}, "not empty or null"),
        ({"commit_seconds": -1}, "from 0 to 86400 or null"),
    ]:
        answer = world.admin("PUT", "/firewalls", sent)
        assert (answer.status_code, said in answer.json()["error"]) == (400, True)
    unknown = world.admin("PUT", "/firewalls/fw-x", {"change_protection": []})
    assert (unknown.status_code, "unknown firewall" in unknown.json()["error"]) == (400, True)
