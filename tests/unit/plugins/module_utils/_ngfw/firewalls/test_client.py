# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls for firewalls: paths and methods that the API has, lists, names and tags."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidResponse, NotFound, RouteNotFound
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.versions import V1, V1_ON_V2, V2, Call, Version
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.paging import MOST_PAGES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.planner import Desired, Observed, plan
from ansible_collections.panw.cloud.tests.helpers.fake_firewalls import DOCUMENTED, OLD, SDK, FakeFirewalls
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import refused
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply, success

WEB = {
    "Tags": [{"Key": "FirewallName", "Value": "web"}, {"Key": "a", "Value": "b"}],
    "CustomerZoneIdList": ["use1-az1"],
}
OLD_WEB = {"FirewallName": "web", "AccountId": "123456789012", "VpcId": "vpc-1"}


def read(fake: FakeFirewalls, version: Version, **more: Any) -> Any:
    return fake.client(version, **more).read(version.resource, ("web",), "web")


def test_name_of_version_2_is_a_tag() -> None:
    fake = FakeFirewalls()
    fake.put("fw-1", WEB)
    fake.put("fw-2", {})
    found = read(fake, V2)
    assert (found.name, found.id, found.values["tags"], found.update_token) == ("web", "fw-1", {"a": "b"}, "token-1")
    assert fake.calls == ["GET ", "GET /fw-1"]
    assert [one.name for one in fake.client(V2).each()] == ["web", "fw-2"], "without the tag, the ID is the name"
    assert fake.client(V2).by_id("fw-9") is None


@pytest.mark.parametrize(
    ("version", "account", "query", "body"),
    [
        (V1, None, {}, {}),
        (V1, "123456789012", {}, {"AccountId": "123456789012"}),
        (V1_ON_V2, None, {"region": "us-east-1", "v1route": "true"}, {}),
        (V1_ON_V2, "1" * 12, {"region": "us-east-1", "v1route": "true", "accountid": "1" * 12}, {}),
    ],
)
def test_version_1_is_read_by_name(
    version: Version, account: str | None, query: dict[str, str], body: dict[str, str]
) -> None:
    fake = FakeFirewalls()
    fake.put("web", OLD_WEB)
    found = read(fake, version, account_id=account)
    assert (found.name, found.version, found.values["vpc_id"]) == ("web", 1, "vpc-1")
    assert fake.requests == [("GET /web", query, body)]


@pytest.mark.parametrize("version", [V1, V1_ON_V2])
def test_version_1_is_deleted_in_its_account(version: Version) -> None:
    fake = FakeFirewalls()
    fake.put("web", OLD_WEB)
    change = plan(version.resource, read(fake, version), Desired(("web",), "web", None))
    assert change is not None
    fake.client(version).write(change)
    _call, query, body = fake.requests[-1]
    assert {**query, **body}.get("AccountId" if version is V1 else "accountid") == "123456789012"


@pytest.mark.parametrize(
    ("version", "bases", "tried"),
    [
        (V2, {SDK}, [SDK]),
        (V2, {DOCUMENTED}, [SDK, DOCUMENTED]),
        (V1_ON_V2, {DOCUMENTED}, [SDK, DOCUMENTED]),
        (V1_ON_V2, {OLD}, [SDK, DOCUMENTED, OLD]),
    ],
)
def test_first_path_that_the_api_has_is_used_from_then_on(version: Version, bases: set[str], tried: list[str]) -> None:
    fake = FakeFirewalls(bases=bases)
    client = fake.client(version)
    for _again in range(2):
        assert list(client.each()) == []
    slash = "/" if version is V1_ON_V2 else ""
    assert fake.paths == [f"GET {one}{slash}" for one in [*tried, tried[-1]]]


@pytest.mark.parametrize("version", [V2, V1_ON_V2, V1])
def test_api_without_any_of_the_paths_says_so(version: Version) -> None:
    with pytest.raises(RouteNotFound):
        list(FakeFirewalls(bases=set()).client(version).each())


def test_call_that_one_path_lacks_is_sent_to_another() -> None:
    """The Go SDK (v2.0.5) has some calls of version 1 below the old path only."""
    fake = FakeFirewalls(missing={f"PUT {SDK}/web/description", "PUT /web/subnets"})
    fake.put("web", OLD_WEB)
    fake.firewalls["web"]["raw"]["SubnetMappings"] = []
    client = fake.client(V1_ON_V2)
    firewall = client.named("web")[0]
    client.call("describe it", firewall, Call(("PUT",), "/description", {"Description": "two"}))
    assert fake.paths[-3:] == [f"PUT {base}/web/description" for base in (SDK, DOCUMENTED, OLD)]
    assert fake.firewalls["web"]["raw"]["Description"] == "two"
    client.call("map subnets", firewall, Call(("PUT", "POST"), "/subnets", {"MultiVpcEnable": True}))
    assert fake.calls[-2:] == ["PUT /web/subnets", "POST /web/subnets"]


def test_answer_outside_the_envelope_can_be_of_the_path() -> None:
    fake = FakeFirewalls(bases={SDK, DOCUMENTED})
    fake.put("fw-1", WEB)
    fake.fail("GET /fw-1", Reply(404, {"message": "Not Found"}))
    assert fake.client(V2).by_id("fw-1") is not None
    assert fake.paths == [f"GET {SDK}/fw-1", f"GET {DOCUMENTED}/fw-1"]
    fake.fail("GET /fw-1", *[Reply(404, {"message": "Not Found"})] * 2)
    assert fake.client(V2).by_id("fw-1") is None


def test_missing_firewall_is_not_taken_for_a_missing_path() -> None:
    fake = FakeFirewalls()
    client = fake.client(V2)
    assert client.named("web") == []
    fake.fail("GET ", refused("the tenant does not exist", 404))
    with pytest.raises(NotFound):
        client.named("web")
    assert fake.calls == ["GET ", "GET "]


def test_list_is_read_page_by_page_with_the_filters_of_the_version() -> None:
    fake = FakeFirewalls()
    for version, query, body in (
        (V2, {"region": "us-east-1", "maxresults": "1024", "describe": "true", "rulestackname": "web"}, {}),
        (
            V1,
            {"maxresults": "1024", "describe": "true", "vpcids": "vpc-1,vpc-2"},
            {"MaxResults": 1024, "VpcIds": ["vpc-1", "vpc-2"]},
        ),
    ):
        fake.requests.clear()
        page = {"FirewallsDescribe": [{"Firewall": {"FirewallName": "a"}}], "NextToken": "next"}
        fake.fail("GET ", success(page), success({"FirewallsDescribe": [{"Firewall": {"FirewallName": "b"}}]}))
        filters: dict[str, Any] = {"RuleStackName": "web"} if version is V2 else {"VpcIds": ["vpc-1", "vpc-2"]}
        assert [one.name for one in fake.client(version).each(**filters)] == ["a", "b"]
        assert fake.requests[0][1:] == (query, body)
        assert fake.requests[1][1] == {**query, "nexttoken": "next"}
        assert fake.requests[1][2] == ({**body, "NextToken": "next"} if body else {})


def test_list_that_does_not_end_is_no_answer() -> None:
    fake = FakeFirewalls()
    fake.fail("GET ", *[success({"Firewalls": [], "NextToken": "same"})] * 3)
    with pytest.raises(InvalidResponse, match="the same pagination token twice"):
        list(fake.client(V2).each())
    fake.requests.clear()
    fake.fail("GET ", *(success({"NextToken": str(number)}) for number in range(MOST_PAGES)))
    with pytest.raises(InvalidResponse, match=f"more than {MOST_PAGES} pages"):
        list(fake.client(V2).each())
    assert len(fake.requests) == MOST_PAGES


@pytest.mark.parametrize(("version", "brief"), [(V2, {"FirewallId": "fw-1"}), (V1, {"FirewallName": "web"})])
def test_list_without_descriptions_is_described_one_by_one(version: Version, brief: dict[str, str]) -> None:
    fake = FakeFirewalls()
    fake.put("fw-1", WEB)
    fake.put("web", OLD_WEB)
    fake.fail("GET ", success({"Firewalls": [brief, dict.fromkeys(brief, "gone")]}))
    first, second = fake.client(version).each()
    assert (first.name, first.raw["UpdateToken"][:5]) == ("web", "token")
    assert (second.name, second.values["description"]) == ("gone", "")


def test_several_firewalls_of_a_name_need_an_id() -> None:
    fake = FakeFirewalls()
    fake.put("fw-1", WEB)
    fake.put("fw-2", WEB)
    with pytest.raises(InvalidResponse, match=r"2 firewalls have the name: fw-1, fw-2\. Set 'firewall_id'"):
        read(fake, V2)
    client = fake.client(V2)
    client.choose(client.named("web")[1])
    found = client.read(V2.resource, ("web",), "web")
    assert found is not None
    assert found.id == "fw-2"


def test_deleted_firewall_is_gone_and_a_new_one_of_its_name_is_found() -> None:
    fake = FakeFirewalls()
    fake.put("fw-1", WEB, FirewallStatus="DELETE_COMPLETE")
    client = fake.client(V2)
    assert client.read(V2.resource, ("web",), "web") is None
    fake.put("fw-2", WEB)
    assert client.named("web")[0].id == "fw-2"
    client.choose(client.named("web")[0])
    del fake.firewalls["fw-2"]
    assert client.read(V2.resource, ("web",), "web") is None
    fake.put("fw-3", WEB)
    found = client.read(V2.resource, ("web",), "web")
    assert found is not None
    assert found.id == "fw-3"


def test_created_firewall_is_read_by_the_id_of_the_answer() -> None:
    fake = FakeFirewalls()
    client = fake.client(V2)
    change = plan(V2.resource, None, Desired(("web",), "web", {"zones": ["use1-az1"], "tags": {"n": 1}}))
    assert change is not None
    client.write(change)
    assert fake.sent("POST ")["Tags"] == [{"Key": "FirewallName", "Value": "web"}, {"Key": "n", "Value": "1"}]
    assert client.read(V2.resource, ("web",), "web") is not None
    assert fake.calls == ["POST ", "GET /fw-1"]


@pytest.mark.parametrize(("account", "sent"), [(None, {}), ("1" * 12, {"AccountId": "1" * 12})])
def test_version_1_is_created_in_the_given_account(account: str | None, sent: dict[str, str]) -> None:
    fake = FakeFirewalls()
    values = {"vpc_id": "vpc-1", "endpoint_mode": "ServiceManaged", "subnet_mappings": [{"subnet_id": "subnet-1"}]}
    change = plan(V1.resource, None, Desired(("web",), "web", values))
    assert change is not None
    fake.client(V1, account).write(change)
    body = fake.sent("POST ")
    assert {key: body[key] for key in body if key == "AccountId"} == sent


def test_change_of_something_else_is_a_mistake() -> None:
    fake = FakeFirewalls()
    change = plan(
        V2.resource, Observed(("web",), "web", {}, {"description": ""}), Desired(("web",), "web", {"description": "x"})
    )
    assert change is not None
    with pytest.raises(ValueError, match="no observed firewall"):
        fake.client(V2).write(change)
    assert fake.client(V2).tags(V2.resource, ("web",)) == {}
    fake.client(V2).write_tags(V2.resource, ("web",), {}, {"a": "b"})
    assert fake.calls == []
