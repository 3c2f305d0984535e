# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on writes, before and after they take effect, and the count of requests by path."""

from __future__ import annotations

import json

import pytest
import requests

BASE = "/v1/config/rulestacks"
SHOP = f"{BASE}/shop-ingress"
ROUTE = f"{BASE}/{{rulestackname}}"
RULE = {"RuleName": "x"}

# method, path below the rulestack, its route, body
WRITES = [
    ("PUT", "", "", {"RuleStackEntry": {"Description": "changed"}}),
    ("DELETE", "", "", None),
    ("POST", "/tags", "/tags", {"Tags": [{"Key": "a", "Value": "b"}]}),
    ("DELETE", "/tags", "/tags", {"TagKeys": ["owner"]}),
    ("POST", "/prefixlists", "/prefixlists", {"Name": "x", "PrefixList": ["10.0.0.0/8"]}),
    ("PUT", "/prefixlists/offices", "/prefixlists/{name}", {"PrefixList": ["10.0.0.0/8"]}),
    ("DELETE", "/prefixlists/offices", "/prefixlists/{name}", None),
    ("POST", "/rulelists/LocalRule", "/rulelists/{rulelistname}", {"Priority": 7, "RuleEntry": RULE}),
    (
        "PUT",
        "/rulelists/LocalRule/priorities/10",
        "/rulelists/{rulelistname}/priorities/{priority}",
        {"RuleEntry": RULE},
    ),
    (
        "PUT",
        "/urlfilteringprofiles/custom/urlcategories/news/action",
        "/urlfilteringprofiles/custom/urlcategories/{name}/action",
        {"Action": "block"},
    ),
    ("POST", "/validate", "/validate", None),
    ("POST", "/commit", "/commit", None),
    ("POST", "/revert", "/revert", None),
]
every_write = pytest.mark.parametrize(
    ("method", "path", "route", "body"), WRITES, ids=[f"{method} {route}" for method, _path, route, _body in WRITES]
)


@pytest.fixture(scope="module")
def headers(running):
    return running.token("rulestack", query="?expirytime=1440")


def everything(world, headers):
    """What the service knows about the rulestack, except the result of a commit that runs."""
    both = {"Candidate": True, "Running": True}
    paths = ["", "/tags", "/commit"]
    paths += [f"/{segment}" for segment in ("prefixlists", "rulelists/LocalRule")]
    paths += [
        "/urlfilteringprofiles/custom/urlcategories",
        "/prefixlists/offices",
        "/rulelists/LocalRule/priorities/10",
    ]
    return [world.read(SHOP + path, headers, json.dumps(both)).json()["Response"] for path in paths]


@every_write
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("kind", ["status", "close"])
def test_write_takes_effect_only_if_the_fault_comes_after_it(world, headers, method, path, route, body, after, kind):
    world.admin("PUT", "/rulestacks", {"commit_seconds": None})
    before = everything(world, headers)
    fault = {"status": 503} if kind == "status" else {}
    world.fault(kind, route=f"{method} {ROUTE}{route}", after_acting=after, times=1, **fault)
    text = None if body is None else json.dumps(body)
    if kind == "status":
        assert world.send(method, SHOP + path, headers, text).json() == {"message": "Service Unavailable"}
    else:
        with pytest.raises(requests.ConnectionError):
            world.send(method, SHOP + path, headers, text)
    assert (everything(world, headers) != before) == after


def test_throttled_write_takes_effect_at_the_next_try(world, headers):
    world.fault("status", status=429, route=f"POST {BASE}", retry_after=2, times=1)
    body = json.dumps({"RuleStackName": "new"})
    answer = world.send("POST", BASE, headers, body)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2")
    assert world.send("POST", BASE, headers, body).json()["ResponseStatus"]["ErrorCode"] == 0


def test_error_of_the_service_on_a_write(world, headers):
    conflict = "InvalidRequestException: please provide latest token"
    world.fault("error_code", code=400, reason=conflict, route=f"PUT {ROUTE}", times=1)
    body = {"RuleStackEntry": {"Description": "x"}}
    assert world.refused("PUT", SHOP, headers, body) == conflict
    world.write("PUT", SHOP, headers, body)


def test_requests_are_counted_by_path_without_secrets(world, headers):
    revocable = world.token("rulestack")["Authorization"]
    credentials = world.assume(world.role("rulestack"))
    world.admin("DELETE", "/calls")
    for name in ("a", "b"):
        world.write("POST", f"{SHOP}/prefixlists", headers, {"Name": name, "PrefixList": ["10.0.0.0/8"]})
    world.write("DELETE", f"{SHOP}/prefixlists/a", headers)
    world.content(f"{SHOP}/prefixlists?maxresults=7", headers)
    world.signed("DELETE", f"/v1/mgmt/tokens/{revocable}", credentials)
    world.send("GET", f"/{revocable}")
    assert world.state()["calls_by_path"] == {
        "(no route)": 1,
        f"DELETE {SHOP}/prefixlists/a": 1,
        "DELETE /v1/mgmt/tokens/{TokenId}": 1,
        f"GET {SHOP}/prefixlists": 1,
        f"POST {SHOP}/prefixlists": 2,
    }
