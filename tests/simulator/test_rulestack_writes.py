# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes to rulestacks: create, update, delete, tags, saved XML."""

from __future__ import annotations

import base64
import gzip

import pytest

BASE = "/v1/config/rulestacks"
STACK = f"{BASE}/lab-draft"
COMMITTED = f"{BASE}/web-egress"
PROFILES = {
    "AntiSpywareProfile": "BestPractice",
    "AntiVirusProfile": "BestPractice",
    "VulnerabilityProfile": "BestPractice",
    "URLFilteringProfile": "None",
    "FileBlockingProfile": "BestPractice",
}


def create(world, headers, name, **entry):
    return world.write("POST", BASE, headers, {"RuleStackName": name, "RuleStackEntry": entry})["Response"]


def candidate(world, headers, name):
    return world.content(f"{BASE}/{name}?candidate=true", headers)["RuleStackCandidate"]


@pytest.mark.parametrize(("letter", "scope"), [("r", "Local"), ("g", "Global")])
def test_new_rulestack_is_uncommitted_and_has_the_default_profiles(world, access, tools, letter, scope):
    written = create(world, access[letter], "new", Scope=scope, Description="one", Tags=[{"Key": "env", "Value": "x"}])
    assert written["RuleStackName"] == "new"
    read = world.content(f"{BASE}/new?candidate=true&running=true", access[letter])
    assert (read["RuleStackState"], "RuleStackRunning" in read) == ("Uncommitted", False)
    assert read["RuleStackCandidate"] == written["RuleStackEntry"]
    expected = {"Scope": scope, "AccountId": tools.MAIN, "Description": "one", "Profiles": PROFILES}
    assert expected.items() <= read["RuleStackCandidate"].items()
    assert read["Tags"] == [{"Key": "env", "Value": "x"}]
    status = world.content(f"{BASE}/new/commit", access[letter])
    assert (status["CommitStatus"], status["ValidateStatus"]) == ("Uncommitted", "Unknown")


@pytest.mark.parametrize(("letter", "scope"), [("r", "Local"), ("g", "Global")])
def test_without_a_scope_the_token_decides(world, access, letter, scope):
    assert create(world, access[letter], "new")["RuleStackEntry"]["Scope"] == scope


@pytest.mark.parametrize(("letter", "scope"), [("r", "Global"), ("g", "Local"), ("f", "Local"), ("a", "Global")])
def test_token_of_another_scope_or_role_creates_nothing(world, access, letter, scope):
    answer = world.send(
        "POST", BASE, access[letter], f'{{"RuleStackName":"new","RuleStackEntry":{{"Scope":"{scope}"}}}}'
    )
    assert (answer.status_code, answer.json()) == (403, {"message": "User is not authorized to access this resource"})
    assert "new" not in world.content(BASE, access["f"])["RuleStackCandidate"]


def test_name_that_exists_is_refused_even_if_the_token_cannot_read_it(world, access):
    for name in ("web-egress", "company-baseline", "shop-backend"):
        reason = world.refused("POST", BASE, access["r"], {"RuleStackName": name})
        assert reason == f'InvalidRequestException: rulestack "{name}" already exists'


def test_name_of_a_rulestack_whose_deletion_is_not_committed_is_free_only_for_its_scope(world, access):
    world.admin("PUT", "/rulestacks", {"commit_seconds": 0})
    world.write("POST", f"{BASE}/company-next/commit", access["g"])
    world.write("DELETE", f"{BASE}/company-next", access["g"])
    assert world.refused("POST", BASE, access["r"], {"RuleStackName": "company-next"}).endswith(" already exists")
    create(world, access["g"], "company-next")


@pytest.mark.parametrize(
    ("method", "path", "roles"),
    [("PUT", "", "r"), ("DELETE", "", "r"), ("POST", "/xml", "r"), ("POST", "/scm", "r"), ("POST", "/tags", "fr")],
)
def test_roles_that_write_a_local_rulestack(world, access, method, path, roles):
    for letter in "fga":
        answer = world.send(method, STACK + path, access[letter])
        if letter == "a" or (letter == "f" and "f" not in roles):
            assert answer.status_code == 403
            assert answer.json() == {"message": "User is not authorized to access this resource"}
        else:
            assert answer.json()["ResponseStatus"]["ErrorCode"] == 400
    assert candidate(world, access["r"], "lab-draft")["Description"] == "Never committed"


def test_update_replaces_the_entry_and_keeps_objects_and_tags(world, access):
    before = candidate(world, access["r"], "web-egress")
    world.write("PUT", COMMITTED, access["r"], {"RuleStackEntry": {"Scope": "Local", "MinAppIdVersion": "8441-6921"}})
    after = world.content(f"{COMMITTED}?candidate=true&running=true", access["r"])
    assert after["RuleStackState"] == "Uncommitted"
    assert after["RuleStackRunning"] == before
    assert after["RuleStackCandidate"]["UpdateToken"] != before["UpdateToken"]
    assert after["RuleStackCandidate"]["Profiles"] == PROFILES
    assert "Description" not in after["RuleStackCandidate"]
    assert after["Tags"] == before["Tags"]
    assert world.content(f"{COMMITTED}/prefixlists", access["r"])["PrefixListCandidate"]


def test_scope_and_account_of_a_rulestack_cannot_be_changed(world, access, tools):
    for key, value in [("Scope", "Global"), ("AccountId", tools.OTHER)]:
        reason = world.refused("PUT", STACK, access["r"], {"RuleStackEntry": {key: value}})
        assert reason == f"InvalidRequestException: invalid request: {key} cannot be changed"


def test_local_rulestack_of_another_account_is_refused(world, access, tools):
    body = {"RuleStackName": "new", "RuleStackEntry": {"AccountId": tools.OTHER}}
    assert world.refused("POST", BASE, access["r"], body).startswith("AccessDeniedException: ")


def test_delete_before_the_first_commit_takes_effect_at_once(world, access):
    world.write("DELETE", STACK, access["r"])
    assert "does not exist" in world.refused("GET", STACK, access["r"])
    assert "does not exist" in world.refused("POST", f"{STACK}/commit", access["r"])


@pytest.mark.parametrize("name", ["web-egress", "company-baseline"])
def test_rulestack_that_a_firewall_uses_is_not_deleted(world, access, name):
    headers = access["r" if name == "web-egress" else "g"]
    reason = world.refused("DELETE", f"{BASE}/{name}", headers)
    assert reason.endswith(f'rulestack "{name}" is associated with the firewall egress-inspection')
    assert candidate(world, headers, name)


def test_outdated_update_token_is_refused(world, access):
    first = candidate(world, access["r"], "lab-draft")["UpdateToken"]
    body = {"RuleStackEntry": {"Description": "two", "UpdateToken": first}}
    second = world.write("PUT", STACK, access["r"], body)["Response"]["RuleStackEntry"]["UpdateToken"]
    assert second != first
    assert "please provide latest token" in world.refused("PUT", STACK, access["r"], body)
    assert "please provide latest token" in world.refused("DELETE", STACK, access["r"], {"UpdateToken": first})
    body["RuleStackEntry"]["UpdateToken"] = second
    world.write("PUT", STACK, access["r"], body)


def test_keys_in_any_case_and_both_spellings_and_unknown_keys(world, access):
    entry = {
        "description": "x",
        "PROFILES": {"OutboundUntrustCertificate": "a", "outboundTRUSTcertificate": "b"},
        "AccountGroup": "",
        "LookupXForwardedFor": None,
        "FutureKey": {"Inner": [1]},
    }
    world.write("PUT", STACK, access["r"], {"rulestackentry": entry})
    read = candidate(world, access["r"], "lab-draft")
    assert read["Description"] == "x"
    assert read["Profiles"] == {**PROFILES, "OutboundUnTrustCertificate": "a", "OutboundTrustCertificate": "b"}
    assert read["FutureKey"] == {"Inner": [1]}
    assert {"AccountGroup", "LookupXForwardedFor"}.isdisjoint(read)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "RuleStackName is required"),
        ({"RuleStackName": ""}, "RuleStackName must be a string that matches"),
        ({"RuleStackName": "a_b"}, "RuleStackName must be a string that matches"),
        ({"RuleStackName": "a" * 129}, "RuleStackName must be at most 128 characters long"),
        ({"RuleStackName": "new", "RuleStackEntry": []}, "RuleStackEntry must be an object"),
        ({"RuleStackName": "new", "RuleStackEntry": {"Scope": "Moon"}}, "RuleStackEntry.Scope must be one of Local"),
        (
            {"RuleStackName": "new", "RuleStackEntry": {"Description": "a" * 513}},
            "RuleStackEntry.Description must be at most 512 characters long",
        ),
        (
            {"RuleStackName": "new", "RuleStackEntry": {"Profiles": {"AntiVirusProfile": "None"}}},
            "RuleStackEntry.Profiles.AntiVirusProfile must be one of custom",
        ),
        ({"RuleStackName": "new", "RuleStackEntry": {"AccountId": "x"}}, "RuleStackEntry.AccountId must be a string"),
    ],
)
def test_invalid_rulestacks_are_refused(world, access, body, reason):
    assert world.refused("POST", BASE, access["r"], body).startswith(
        f"InvalidRequestException: invalid request: {reason}"
    )


def test_limit_of_rulestacks_without_a_firewall(world, access):
    world.admin("PUT", "/rulestacks", {"max_unassociated": 3})
    create(world, access["r"], "third")
    assert world.refused("POST", BASE, access["r"], {"RuleStackName": "x"}).startswith("LimitExceededException: ")
    create(world, access["g"], "second-global")
    world.write("DELETE", f"{BASE}/third", access["r"])
    create(world, access["r"], "third-again")


def test_tags_are_added_changed_and_removed(world, access):
    path = f"{COMMITTED}/tags"
    world.write("POST", path, access["r"], {"Tags": [{"Key": "a", "Value": "1"}, {"Key": "owner", "Value": "me"}]})
    world.write("DELETE", path, access["f"], {"TagKeys": ["environment", "no-such-key"]})
    assert world.content(path, access["r"])["Tags"] == [{"Key": "owner", "Value": "me"}, {"Key": "a", "Value": "1"}]
    assert world.content(COMMITTED, access["r"])["RuleStackState"] == "Running"


@pytest.mark.parametrize(
    ("method", "body", "reason"),
    [
        ("POST", {}, "Tags is required"),
        ("POST", {"Tags": [{"Key": "a"}]}, "Tags[0].Value is required"),
        ("POST", {"Tags": [{"Key": "a" * 129, "Value": "1"}]}, "Tags[0].Key must be at most 128"),
        ("POST", {"Tags": [{"Key": "a", "Value": "1" * 257}]}, "Tags[0].Value must be at most 256"),
        ("POST", {"Tags": [{"Key": str(n), "Value": "1"} for n in range(51)]}, "Tags must be a list of at most 50"),
        ("DELETE", None, "TagKeys is required"),
        ("DELETE", {"TagKeys": "a"}, "TagKeys must be a list"),
    ],
)
def test_invalid_tags_are_refused(world, access, method, body, reason):
    assert f"invalid request: {reason}" in world.refused(method, f"{STACK}/tags", access["r"], body)


def test_rulestack_has_at_most_50_tags(world, access):
    world.write("POST", f"{STACK}/tags", access["r"], {"Tags": [{"Key": str(n), "Value": "1"} for n in range(49)]})
    body = {"Tags": [{"Key": "51st", "Value": "1"}]}
    assert world.refused("POST", f"{STACK}/tags", access["r"], body).startswith("LimitExceededException: ")


@pytest.mark.parametrize("route", ["xml", "scm"])
def test_saved_xml_is_exported(world, access, route):
    document = "<config>é</config>"
    sent = base64.b64encode(gzip.compress(document.encode())).decode()
    body = {"RuleStackEntryXml": {"Xml": sent}, "Firewalls": [{"Firewall": "a"}]}
    for name in ("from-panorama", "web-egress"):
        world.write("POST", f"{BASE}/{name}/{route}", access["r"], body)
        assert world.content(f"{BASE}/{name}/export", access["r"]) == document
    assert world.content(f"{COMMITTED}/export?running=true", access["r"]).startswith("<rulestack ")
    assert world.content(COMMITTED, access["r"])["RuleStackState"] == "Uncommitted"


@pytest.mark.parametrize("xml", ["", "no base64", base64.b64encode(b"no gzip").decode(), None])
def test_xml_that_cannot_be_decoded_is_refused(world, access, xml):
    body = {"RuleStackEntryXml": {"Xml": xml}}
    assert "RuleStackEntryXml.Xml" in world.refused("POST", f"{STACK}/xml", access["r"], body)
    assert world.content(f"{STACK}/export", access["r"]).startswith("<rulestack ")


@pytest.mark.parametrize("body", ["[]", "{", '"text"'])
def test_body_that_is_no_object_is_refused_by_the_gateway(world, access, body):
    answer = world.send("PUT", STACK, access["r"], body)
    assert (answer.status_code, answer.json()) == (400, {"message": "Invalid request body"})
