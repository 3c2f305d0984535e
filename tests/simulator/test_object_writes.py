# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes to the objects and rules of a rulestack: all kinds, one set of behaviors."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest
from panw_simulator.clock import Clock
from panw_simulator.pagination import Pager
from panw_simulator.rulestacks import RulestackStore
from panw_simulator.seed import load
from panw_simulator.settings import Settings

BASE = "/v1/config/rulestacks"
STACK = f"{BASE}/lab-draft"
GLOBAL = f"{BASE}/company-baseline"
RULES = "rulelists/LocalRule"


class Kind(NamedTuple):
    """One kind: paths of the list and of one object, how a POST names it, keys of a response, two entries."""

    many: str
    one: str
    named: dict
    describes: str
    written: str
    first: dict
    second: dict

    def body(self, entry):
        """The body of a PUT."""
        return {"RuleEntry": entry} if self.written == "RuleEntry" else entry

    def new(self, entry):
        """The body of a POST."""
        return {**self.named, **self.body(entry)}


RULE = {"RuleName": "first", "Source": {"Cidrs": ["10.0.0.0/8"]}, "Action": "Allow"}
FEED = {"FeedURL": "https://feeds.example.com/a", "Type": "IP_LIST", "Frequency": "DAILY"}
KINDS = {
    kind.many: kind
    for kind in (
        Kind(
            "prefixlists",
            "prefixlists/x",
            {"Name": "x"},
            "PrefixList",
            "PrefixListEntry",
            {"Description": "one", "PrefixList": ["10.0.0.0/8", "192.0.2.1"]},
            {"PrefixList": ["10.1.0.0/16"], "AuditComment": "why"},
        ),
        Kind(
            "fqdnlists",
            "fqdnlists/x",
            {"Name": "x"},
            "FqdnList",
            "FqdnListEntry",
            {"FqdnList": ["a.example.com"]},
            {"FqdnList": ["b.example.com", "c.example.com"]},
        ),
        Kind("feeds", "feeds/x", {"Name": "x"}, "Feed", "FeedEntry", FEED, {**FEED, "Frequency": "HOURLY", "Time": 0}),
        Kind(
            "certificates",
            "certificates/x",
            {"Name": "x"},
            "CertificateObject",
            "CertificateObjectEntry",
            {"CertificateSelfSigned": True},
            {"CertificateSignerArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:x"},
        ),
        Kind(
            "urlcustomcategories",
            "urlcustomcategories/x",
            {"Name": "x"},
            "URLCategory",
            "CustomURLEntry",
            {"UrlTargets": ["a.example.com/"]},
            {"UrlTargets": ["b.example.com/"], "Action": "block"},
        ),
        Kind(
            RULES, f"{RULES}/priorities/7", {"Priority": 7}, "RuleEntry", "RuleEntry", RULE, {**RULE, "Enabled": False}
        ),
    )
}
PUT_ONLY = {
    "fileblockingprofiles/custom/filetypes": (
        "/pdf",
        "",
        "FileBlockingCandidate",
        {"Action": "alert", "Direction": "both"},
        {"Action": "block", "Direction": "upload"},
    ),
    "urlfilteringprofiles/custom/urlcategories": (
        "/news",
        "/action",
        "URLCategoryCandidate",
        {"Action": "alert"},
        {"Action": "none"},
    ),
}
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def read(world, headers, kind, stack=STACK):
    """The candidate's entry of the object that the kind's examples name."""
    return world.content(f"{stack}/{kind.one}", headers, {"Candidate": True})[f"{kind.describes}Candidate"]


@every_kind
def test_create_update_delete(world, access, kind):
    headers = access["r"]
    created = world.write("POST", f"{STACK}/{kind.many}", headers, kind.new(kind.first))["Response"]
    assert created["RuleStackName"] == "lab-draft"
    assert kind.named.items() <= created.items()
    first = read(world, headers, kind)
    assert first == created[kind.written]
    assert kind.first.items() <= first.items()
    updated = world.write("PUT", f"{STACK}/{kind.one}", headers, kind.body(kind.second))["Response"]
    second = read(world, headers, kind)
    assert second == updated[kind.written]
    assert kind.second.items() <= second.items()
    assert second["UpdateToken"] != first["UpdateToken"]
    gone = set(kind.first) - set(kind.second) - {"CertificateSelfSigned"}  # which has a default
    assert gone.isdisjoint(second)
    deleted = world.write("DELETE", f"{STACK}/{kind.one}", headers)["Response"]
    assert deleted[kind.written] == second
    reason = world.refused("GET", f"{STACK}/{kind.one}?candidate=true", headers)
    assert reason.startswith("ResourceNotFoundException: ")
    assert reason.endswith(" does not exist")


@every_kind
def test_change_of_an_object_makes_the_rulestack_uncommitted(world, access, kind):
    headers, stack = access["g"], GLOBAL
    assert world.content(stack, headers)["RuleStackState"] == "Running"
    many = kind.many.replace("LocalRule", "PreRule")
    world.write("POST", f"{stack}/{many}", headers, kind.new(kind.first))
    assert world.content(stack, headers)["RuleStackState"] == "Uncommitted"
    listed = world.content(f"{stack}/{many}", headers, {"Running": True, "Uncommitted": True})
    changed = next(value for key, value in listed.items() if key.endswith("Uncommitted"))
    assert len(changed) == 1
    assert {"add"} < set(changed[0].values())


@every_kind
def test_object_that_exists_is_not_created_again(world, access, kind):
    path = f"{STACK}/{kind.many}"
    world.write("POST", path, access["r"], kind.new(kind.first))
    before = read(world, access["r"], kind)
    assert world.refused("POST", path, access["r"], kind.new(kind.second)).endswith(" already exists")
    assert read(world, access["r"], kind) == before


@every_kind
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_object_that_does_not_exist_is_not_changed(world, access, kind, method):
    body = kind.body(kind.first)
    assert world.refused(method, f"{STACK}/{kind.one}", access["r"], body).endswith(" does not exist")


@every_kind
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_outdated_update_token_is_refused(world, access, kind, method):
    path = f"{STACK}/{kind.one}"
    created = world.write("POST", f"{STACK}/{kind.many}", access["r"], kind.new(kind.first))["Response"]
    old = created[kind.written]["UpdateToken"]
    written = world.write("PUT", path, access["r"], kind.body({**kind.second, "UpdateToken": old}))["Response"]
    new = written[kind.written]["UpdateToken"]
    assert "please provide latest token" in world.refused(
        method, path, access["r"], kind.body({**kind.second, "UpdateToken": old})
    )
    world.write(method, path, access["r"], kind.body({**kind.second, "updateToken": new}))


@every_kind
def test_unknown_keys_are_kept_and_keys_accepted_in_any_case(world, access, kind):
    sent = {key.swapcase(): value for key, value in kind.first.items()}
    world.write("POST", f"{STACK}/{kind.many}", access["r"], kind.new({**sent, "FutureKey": {"a": [1]}, "Null": None}))
    stored = read(world, access["r"], kind)
    assert kind.first.items() <= stored.items()
    assert stored["FutureKey"] == {"a": [1]}
    assert set(sent).isdisjoint(stored)


@every_kind
def test_writes_need_a_rulestack_admin_of_the_scope(world, access, kind):
    calls = [
        ("POST", kind.many, kind.new(kind.first)),
        ("PUT", kind.one, kind.body(kind.first)),
        ("DELETE", kind.one, None),
    ]
    for method, path, body in calls:
        for letter in "fa":
            answer = world.send(method, f"{STACK}/{path}", access[letter], json.dumps(body) if body else None)
            assert answer.status_code == 403
            assert answer.json() == {"message": "User is not authorized to access this resource"}
        assert world.refused(method, f"{STACK}/{path}", access["g"], body).endswith(
            'rulestack "lab-draft" does not exist'
        )
        assert world.refused(method, f"{GLOBAL}/{path}", access["r"], body).endswith("does not exist")


@pytest.mark.parametrize("segment", PUT_ONLY)
def test_objects_that_only_put_writes(world, access, segment):
    name, action, key, first, second = PUT_ONLY[segment]
    path = f"{STACK}/{segment}{name}"
    tokens = []
    for entry in (first, second):
        world.write("PUT", path + action, access["r"], entry)
        stored = world.content(path, access["r"], {"Candidate": True})[key]
        assert entry.items() <= stored.items()
        tokens.append(stored["UpdateToken"])
    assert tokens[0] != tokens[1]
    outdated = {**first, "UpdateToken": tokens[0]}
    assert "please provide latest token" in world.refused("PUT", path + action, access["r"], outdated)
    for method in ("POST", "DELETE"):
        assert world.send(method, path, access["r"], "{}").json() == {"message": "Missing Authentication Token"}


@pytest.mark.parametrize(("segment", "allowed"), [*zip(PUT_ONLY, ("rg", "r"), strict=True)])
def test_roles_that_write_objects_of_profiles(world, access, segment, allowed):
    name, action, _key, entry, _second = PUT_ONLY[segment]
    stacks = {"r": STACK, "g": GLOBAL}
    for letter, headers in access.items():
        path = f"{stacks.get(letter, STACK)}/{segment}{name}{action}"
        answer = world.send("PUT", path, headers, json.dumps(entry))
        assert answer.status_code == (200 if letter in allowed else 403)
        assert answer.json().get("ResponseStatus", {}).get("ErrorCode") == (0 if letter in allowed else None)


def test_category_that_is_not_predefined_has_no_override(world, access):
    path = f"{STACK}/urlfilteringprofiles/custom/urlcategories/nothing/action"
    assert world.refused("PUT", path, access["r"], {"Action": "block"}).endswith('"nothing" does not exist')


def test_spellings_of_the_sdk_are_stored_in_those_of_the_specification(world, access):
    category = {"Name": "x", "URLTargets": ["a.example.com/"]}
    written = world.write("POST", f"{STACK}/urlcustomcategories", access["r"], category)["Response"]
    assert written["CustomURLEntry"]["UrlTargets"] == ["a.example.com/"]
    feeds = {"Category": {"Feeds": ["a"], "URLCategoryNames": ["gambling"]}}
    world.write("POST", f"{STACK}/{RULES}", access["r"], {"Priority": 7, "RuleEntry": {**RULE, **feeds}})
    stored = world.content(f"{STACK}/{RULES}/priorities/7", access["r"])["RuleEntryCandidate"]
    expected = {"IntelligentFeeds": ["a"], "Feeds": ["a"], "URLCategoryNames": ["gambling"]}
    assert stored["Category"] == expected
    both = {"Category": {"IntelligentFeeds": ["b"], "Feeds": ["a"]}}
    world.write("PUT", f"{STACK}/{RULES}/priorities/7", access["r"], {"RuleEntry": {**RULE, **both}})
    stored = world.content(f"{STACK}/{RULES}/priorities/7", access["r"])["RuleEntryCandidate"]
    assert stored["Category"]["IntelligentFeeds"] == ["b"]


def test_only_one_handler_runs_at_a_time():
    seed = load()
    store = RulestackStore(seed.rulestacks, Clock(), Settings(seed), lambda name: [], Pager())
    with ThreadPoolExecutor(1) as pool:
        handler = store.handler(lambda call, caller: pool.submit(store.lock.acquire, False).result())
        assert handler(None, None) is False
        assert pool.submit(store.lock.acquire, False).result() is True


def test_pages_of_objects(world, access):
    for index in range(5):
        body = {"Name": f"list-{index}", "PrefixList": ["10.0.0.0/8"]}
        world.write("POST", f"{STACK}/prefixlists", access["r"], body)
    found, token = [], None
    while token != "":
        query = {"MaxResults": 2, **({"NextToken": token} if token else {})}
        page = world.content(f"{STACK}/prefixlists", access["r"], query)
        assert len(page["PrefixListCandidate"]) <= 2
        found += page["PrefixListCandidate"]
        token = page.get("NextToken", "")
    assert found == [f"list-{index}" for index in range(5)]
