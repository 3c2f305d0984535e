# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests carry what the vendor's 2026 documents require, plus the listed deviations, and nothing else."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import PanwCloudError
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.checks import is_onboarded
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.deviations import (
    DEVIATIONS,
    FIREWALL_PART_DEVIATIONS,
    RESOURCE_DEVIATIONS,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.log_profiles import LogProfileClient
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog import (
    EVERY_RESOURCE,
    RULESTACK_RESOURCE,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog.log_profile import LOG_PROFILE
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalogs import Catalogs
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.client import ResourceClient, request_for
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.codec import values_of
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.descriptor import Field
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.planner import Desired, Observed, plan
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rulestacks import PARTS, RulestackReader, Selection
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import is_alive
from ansible_collections.panw.cloud.tests.helpers.fake_firewall_parts import V1_BASE, V2_BASE, FakeFirewalls
from ansible_collections.panw.cloud.tests.helpers.fakes import (
    HELD,
    Reply,
    Server,
    api,
    issued,
    refusal,
    service,
    success,
)

RS = "/v1/config/rulestacks/{rulestackname}"
PAGED = {"nexttoken", "candidate", "running", "uncommitted", "maxresults"}
# The query and body of each read request in the OpenAPI documents of 2026-08.
DOCUMENTS: dict[str, tuple[set[str], set[str]]] = {
    "/v1/mgmt/tokens": (set(), set()),
    "/v1/mgmt/tokens/cloudfirewalladmin": (set(), {"ExpiryTime"}),
    "/v1/mgmt/tokens/cloudrulestackadmin": (set(), {"ExpiryTime"}),
    "/v1/mgmt/tokens/cloudglobalrulestackadmin": (set(), {"ExpiryTime"}),
    "/v1/mgmt/subscribe": (set(), set()),
    "/v1/mgmt/linkaccounts": (set(), set()),
    "/v1/mgmt/linkaccounts/{accountid}": (set(), set()),
    "/v1/config/rulestacks": (
        set(),
        {"Candidate", "MaxResults", "NextToken", "Running", "Scope", "TagKey", "TagValue", "Uncommitted"},
    ),
    RS: (set(), {"Candidate", "MaxResults", "Running"}),
    f"{RS}/tags": ({"maxresults", "nexttoken"}, set()),
    f"{RS}/commit": (set(), set()),
    f"{RS}/rulelists/{{rulelistname}}": (PAGED, set()),
    f"{RS}/rulelists/{{rulelistname}}/priorities/{{priority}}": ({"Candidate", "Running"}, set()),
    f"{RS}/prefixlists": (PAGED, set()),
    f"{RS}/prefixlists/{{name}}": (set(), {"Candidate", "MaxResults", "NextToken", "Running"}),
    f"{RS}/fqdnlists": (PAGED | {"describe"}, set()),
    f"{RS}/fqdnlists/{{name}}": (set(), {"Candidate", "Running"}),
    f"{RS}/feeds/{{name}}": (set(), {"Candidate", "Running"}),
    f"{RS}/certificates": (PAGED, set()),
    f"{RS}/certificates/{{name}}": (set(), {"Candidate", "MaxResults", "NextToken", "Running"}),
    f"{RS}/urlcustomcategories": (PAGED, set()),
    f"{RS}/urlcustomcategories/{{name}}": ({"candidate", "running"}, set()),
    f"{RS}/fileblockingprofiles/custom/filetypes": (PAGED | {"describe"}, set()),
    f"{RS}/fileblockingprofiles/custom/filetypes/{{type}}": ({"candidate", "running"}, set()),
}
NAMES = {
    "RuleStackCandidate": ["a"],
    "PrefixListCandidate": ["a"],
    "FqdnListCandidate": ["a"],
    "FeedCandidate": ["a"],
    "CertificateObjectCandidate": ["a"],
    "CategoriesCandidate": ["a"],
    "FileBlockingCandidate": ["a"],
    "RuleEntryCandidate": [{"Priority": 1}],
}


def vendor(request: requests.PreparedRequest) -> Reply:
    """A tenant with one of everything, on two pages."""
    path = urlsplit(request.url or "").path
    if path.endswith("admin"):
        return issued()
    if path.endswith("/a") or path.endswith("/1"):
        return success({})
    paged = f"{request.url}{request.body!r}".lower()
    return success({**NAMES, "NextToken": "" if "nexttoken" in paged else "2"})


@pytest.fixture(scope="module")
def sent() -> list[requests.PreparedRequest]:
    """All requests that the collection sends to Cloud NGFW."""
    server = Server(handler=vendor)
    reader = RulestackReader(api(server), HELD)
    reader.read(Selection(gather=PARTS, tag_key="k", tag_value="v", configurations=("candidate", "running")))
    for admin_role in ADMIN_ROLES.values():
        service(server).issue(admin_role, 30)
    service(server).access()
    service(server).revoke(HELD)
    is_alive(api(server), HELD)
    is_alive(api(server), HELD, management=True)
    is_onboarded(service(server), api(server), "123456789012")
    gone = Server(refusal(404, "Not Found"), success({}))
    with contextlib.suppress(PanwCloudError):
        service(gone).revoke(HELD)
    return [*server.requests, *gone.requests]


def template(path: str) -> str:
    """The path of a request as written in the documents."""
    known = [*DOCUMENTS, *(deviation.path for deviation in (*DEVIATIONS, *RESOURCE_DEVIATIONS))]
    fitting = [one for one in known if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(one)), path)]
    return min(fitting, key=lambda one: one.count("{"), default=path)


def differences(request: requests.PreparedRequest) -> set[tuple[str, str, str, str]]:
    """The parts of a request that the documents lack, as method, path, part and name."""
    parts = urlsplit(request.url or "")
    method, path = str(request.method), template(parts.path)
    query, body = DOCUMENTS.get(path, (set(), set())) if method == "GET" else (set(), set())
    found = {("path", "")} if method != "GET" or path not in DOCUMENTS else set()
    found |= {("query", name) for name in parse_qs(parts.query).keys() - query}
    found |= {("body", name) for name in (json.loads(request.body) if request.body else {}).keys() - body}
    if request.headers.get("x-api-key") and "Signature" in request.headers["Authorization"]:
        found.add(("header", "x-api-key"))
    return {(method, path, part, name) for part, name in found}


def listed() -> set[tuple[str, str, str, str]]:
    return {(one.method, one.path, one.part, name) for one in DEVIATIONS for name in one.names or ("",)}


def test_deviations_sent_equal_deviations_listed(sent: list[requests.PreparedRequest]) -> None:
    found = set[Any]().union(*map(differences, sent))
    assert found - listed() == set(), "sent but not listed"
    assert listed() - found == set(), "listed but not sent"


@pytest.mark.parametrize(
    "parameter", ["Candidate", "Running", "MaxResults", "NextToken", "ExpiryTime", "Scope", "TagKey", "TagValue"]
)
def test_parameter_is_sent_in_each_place_that_a_source_names(
    sent: list[requests.PreparedRequest], parameter: str
) -> None:
    """The API finds it, whichever source is right."""
    asked = 0
    for request in sent:
        url = urlsplit(request.url or "")
        path, body = template(url.path), json.loads(request.body) if request.body else {}
        given = {"query": {*parse_qs(url.query)}, "body": {*body}}
        if request.method != "GET" or parameter.lower() not in {
            name.lower() for names in given.values() for name in names
        }:
            continue
        documents = dict(zip(given, DOCUMENTS.get(path, (set(), set())), strict=True))
        for place, names in documents.items():
            desired = names | {name for _method, where, part, name in listed() if (where, part) == (path, place)}
            expected = {name for name in desired if name.lower() == parameter.lower()}
            if expected:
                asked += 1
                assert expected <= given[place], (request.path_url, place)
    assert asked


def sample(field: Field) -> Any:
    """A value of a field."""
    values: dict[str, Any] = {"str": "a", "int": 1, "bool": True, "list": ["a"], "tags": {"a": "b"}}
    return {one.option: sample(one) for one in field.fields} if field.fields else values[field.type]


def written() -> Iterator[tuple[str, str, Any]]:
    """The method, path and body of each write with all options."""
    for resource in (RULESTACK_RESOURCE, *EVERY_RESOURCE):
        address = ("a", "LocalRule", "1") if resource.addressed_by == "priority" else ("a", "a")
        address = address if resource.section else ("a",)
        desired = Desired(address, "a", {field.option: sample(field) for field in resource.fields})
        for observed in (None, Observed(address, "a", {}, values_of(resource.fields, None), "token")):
            change = plan(resource, observed, desired)
            assert change
            yield request_for(change)


def keys(body: Any, place: str = "") -> Iterator[str]:
    """The keys of a body, each with those around it."""
    for key, value in (body or {}).items():
        yield f"{place}{key}"
        if isinstance(value, dict):
            yield from keys(value, f"{place}{key}.")


def test_deviations_of_resources_are_sent() -> None:
    server = Server(handler=vendor)
    client = ResourceClient(api(server), HELD)
    catalogs = Catalogs(client)
    for read in (catalogs.countries, catalogs.app_id_versions, lambda: catalogs.applications("v")):
        read()
    for resource in (RULESTACK_RESOURCE, *EVERY_RESOURCE):
        place = ("a", "LocalRule") if resource.addressed_by == "priority" else ("a",)
        client.list(resource, place if resource.section else (), "uncommitted")
        client.list(resource, place if resource.section else ())
        client.read(resource, (*place, "1") if resource.section else place, "a")
    found = set[Any]().union(*map(differences, server.requests))
    for method, path, body in written():
        found |= {(method, template(path), "body", key) for key in keys(body)} | {(method, template(path), "path", "")}
    wanted = {(one.method, one.path, one.part, name) for one in RESOURCE_DEVIATIONS for name in one.names or ("",)}
    assert wanted - found == set(), "listed but not sent"


def parts_sent(base: str, methods: tuple[str, ...], place: str) -> set[tuple[str, str, str, str]]:
    """What the calls for the log profile and the rulestacks of a firewall of version 1 have. :param place: its path in the documents."""
    fake = FakeFirewalls(base=base, methods=methods)
    fake.add("a", version=1)
    client = fake.client(1)
    address = ("a",)
    profile = LogProfileClient(client, client.named("a")[0])
    given = {"cloudwatch_metrics": {"namespace": "a", "fields": ["b"]}, "advanced_threat_log": True}
    change = plan(LOG_PROFILE, profile.read(LOG_PROFILE, address, "a"), Desired(address, "a", given))
    assert change
    profile.write(change)
    for values in ({"rulestack": "a"}, {"rulestack": ""}, {"global_rulestack": "a"}, {"global_rulestack": ""}):
        change = plan(client.version.resource, client.named("a")[0], Desired(address, "a", values))
        assert change
        client.write(change)
    found = set()
    for (call, body), query in zip(fake.requests, fake.queries, strict=True):
        method, _space, path = call.partition(" /a")
        found |= {(method, place + path, "path", ""), *((method, place + path, "query", name) for name in query)}
        found |= {(method, place + path, "body", key) for key in body}
    return found


def test_deviations_of_the_parts_of_firewalls_are_sent() -> None:
    places = {V1_BASE: f"{V1_BASE}/{{ngfirewallname}}", V2_BASE: f"{V2_BASE}/{{firewall_name}}"}
    found = set[Any]().union(
        *(parts_sent(base, (method, "DELETE"), place) for base, place in places.items() for method in ("PUT", "POST"))
    )
    wanted = {(one.method, one.path, one.part, name) for one in FIREWALL_PART_DEVIATIONS for name in one.names or ("",)}
    assert wanted - found == set(), "listed but not sent"


def test_each_deviation_has_a_source() -> None:
    every = (*DEVIATIONS, *RESOURCE_DEVIATIONS, *FIREWALL_PART_DEVIATIONS)
    assert all(deviation.source.strip() for deviation in every)


def test_body_with_parameters_has_content_type(sent: list[requests.PreparedRequest]) -> None:
    for request in sent:
        has_type = request.headers.get("Content-Type") == "application/json"
        assert has_type is (request.body is not None), request.path_url
        assert request.body != b"{}" or request.method == "DELETE"
