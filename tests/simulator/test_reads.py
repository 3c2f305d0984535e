# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All read operations of the service: formats, filters, pages, permissions."""

from __future__ import annotations

from datetime import datetime

import pytest

STACK = "/v1/config/rulestacks/web-egress"
SHOP = "/v1/config/rulestacks/shop-ingress"
FIREWALL = "/v1/config/ngfirewalls/egress-inspection"
V2 = "/v2/ngfirewalls/fw-0c1d2e3f4a5b"

# route, key in the response, admin roles that may call it: f(irewall), r(ulestack), g(lobal), a(ccount)
READS = [
    ("/v1/config/rulestacks", "RuleStackCandidate", "frg"),
    (STACK, "RuleStackCandidate", "fr"),
    (f"{STACK}/commit", "CommitStatus", "fr"),
    (f"{STACK}/tags", "Tags", "r"),
    (f"{STACK}/rulelists/LocalRule", "RuleEntryCandidate", "fr"),
    (f"{STACK}/rulelists/LocalRule/priorities/100", "RuleEntryCandidate", "fr"),
    (f"{STACK}/certificates", "CertificateObjectCandidate", "fr"),
    (f"{STACK}/certificates/egress-trust", "CertificateObjectCandidate", "fr"),
    (f"{STACK}/prefixlists", "PrefixListCandidate", "fr"),
    (f"{STACK}/prefixlists/web-tier", "PrefixListCandidate", "fr"),
    (f"{STACK}/fqdnlists", "FqdnListCandidate", "fr"),
    (f"{STACK}/fqdnlists/package-mirrors", "FqdnListCandidate", "fr"),
    (f"{STACK}/feeds", "FeedCandidate", "fr"),
    (f"{STACK}/feeds/known-bad-addresses", "FeedCandidate", "fr"),
    (f"{STACK}/urlcustomcategories", "CategoriesCandidate", "fr"),
    (f"{STACK}/urlcustomcategories/release-sites", "URLCategoryRunning", "fr"),
    (f"{STACK}/fileblockingprofiles/custom/filetypes", "FileBlockingCandidate", "fr"),
    (f"{STACK}/fileblockingprofiles/custom/filetypes/exe", "FileBlockingCandidate", "fr"),
    (f"{STACK}/urlfilteringprofiles/custom/urlcategories", "Candidate", "r"),
    (f"{STACK}/urlfilteringprofiles/custom/urlcategories/gambling", "URLCategoryCandidate", "r"),
    ("/v1/config/rulestacks/company-baseline/rulelists/PreRule", "RuleEntryCandidate", "fg"),
    ("/v1/config/urlcategories", "CategoriesRunning", "r"),
    ("/v1/config/countries", "CountryCodes", "r"),
    ("/v1/config/appidversions", "AppIdVersions", "r"),
    ("/v1/config/appidversions/8433-6838", "Applications", "r"),
    ("/v1/config/appidversions/8433-6838/appids/ssl", "AppIdEntry", "r"),
    ("/v1/config/ngfirewalls", "Firewalls", "frg"),
    (FIREWALL, "Firewall", "frg"),
    (f"{FIREWALL}/logprofile", "LogDestinationConfigs", "frg"),
    (f"{FIREWALL}/tags", "Tags", "f"),
    ("/v2/ngfirewalls", "Firewalls", "frg"),
    ("/v2/ngfirewalls/?v1route=true", "Firewalls", "frg"),
    (V2, "Firewall", "frg"),
    (f"{V2}/logprofile", "LogConfig", "frg"),
    ("/v2/config/ngfirewalls?region=us-east-1", "Firewalls", "frg"),
    ("/v2/config/ngfirewalls/fw-0c1d2e3f4a5b", "Firewall", "frg"),
    ("/v2/config/ngfirewalls/egress-inspection?v1route=true", "Firewall", "frg"),
    ("/v2/config/ngfirewalls/fw-0c1d2e3f4a5b/logprofile", "LogConfig", "frg"),
    ("/v2/config/ngfirewalls/egress-inspection/tags?v1route=true", "Tags", "f"),
    ("/v2/ngfirewalls/egress-inspection/tags", "Tags", "f"),
    ("/v1/mgmt/linkaccounts", "AccountIds", "frga"),
    ("/v1/mgmt/linkaccounts/210987654321", "SnsTopicArn", "frga"),
    ("/v2/linkaccounts", "AccountIds", "f"),
    ("/v1/mgmt/xaccountroles", "AccountIds", "frg"),
    ("/v1/mgmt/xaccountroles/123456789012", "DefaultRole", "frg"),
    ("/v1/mgmt/subscribe", "Subscriptions", "frga"),
]


@pytest.mark.parametrize(("path", "key", "allowed"), READS)
def test_reads_and_the_permission_matrix(world, access, path, key, allowed):
    in_a_stack = path.count("/") > 3 and "/rulestacks/" in path
    for letter, headers in access.items():
        answer = world.read(path, headers)
        status = answer.json().get("ResponseStatus", {}).get("ErrorCode")
        if letter in allowed:
            assert (answer.status_code, status) == (200, 0), answer.text
            assert answer.json()["Response"][key] not in (None, [], {})
        elif answer.status_code == 200:
            assert in_a_stack
            assert "does not exist" in answer.json()["ResponseStatus"]["Reason"]
        else:
            assert (answer.status_code, answer.json()) == (
                403,
                {"message": "User is not authorized to access this resource"},
            )


def test_every_route_that_reads_is_tested(world):
    desired = {route for route in world.state()["routes"] if route.startswith("GET ") and "tokens" not in route}
    world.admin("DELETE", "/calls")
    headers = world.token("rulestack")
    for path, *_rest in [*READS, (f"{STACK}/export",), ("/v2/config/ngfirewalls/",)]:
        world.read(path, headers)
    assert desired <= set(world.state()["calls"])


def test_list_of_rulestacks(world, access):
    base = "/v1/config/rulestacks"
    names = ["lab-draft", "shop-ingress", "web-egress"]
    assert world.content(base, access["r"]) == {"RuleStackCandidate": names}
    assert world.content(base, access["g"])["RuleStackCandidate"] == ["company-baseline", "company-next"]
    assert len(world.content(base, access["f"])["RuleStackCandidate"]) == 5
    assert world.content(f"{base}?scope=Global", access["r"])["RuleStackCandidate"] == []
    assert world.content(f"{base}?scope=Local", access["f"])["RuleStackCandidate"] == names
    assert world.content(base, access["f"], {"Scope": "Global"})["RuleStackCandidate"] == [
        "company-baseline",
        "company-next",
    ]
    assert world.content(f"{base}?tagkey=owner&tagvalue=shop", access["r"])["RuleStackCandidate"] == ["shop-ingress"]
    assert world.content(base, access["r"], {"TagKey": "owner"})["RuleStackCandidate"] == names[1:]
    assert world.content(base, access["r"], {"Candidate": False, "Running": True, "Uncommitted": True}) == {
        "RuleStackRunning": names[1:],
        "RuleStackUncommitted": [
            {"RuleStackName": "lab-draft", "Operation": "add"},
            {"RuleStackName": "shop-ingress", "Operation": "update"},
        ],
    }
    described = world.content(f"{base}?describe=true&running=true", access["r"])
    assert [entry["RuleStackState"] for entry in described["RuleStackCandidateDescribe"]] == ["Uncommitted"] * 2 + [
        "Running"
    ]
    assert [entry["RuleStackName"] for entry in described["RuleStackRunningDescribe"]] == names[1:]


def test_one_rulestack(world, access):
    both = world.content(f"{STACK}?candidate=true&running=true", access["r"])
    assert both["RuleStackState"] == "Running"
    assert both["RuleStackCandidate"]["Profiles"]["OutboundUnTrustCertificate"] == "egress-untrust"
    assert both["Tags"] == both["RuleStackCandidate"]["Tags"] != []
    draft = world.content("/v1/config/rulestacks/lab-draft", access["r"], {"Running": True})
    assert "RuleStackRunning" not in draft
    assert draft["RuleStackState"] == "Uncommitted"


def test_uncommitted_objects_and_rules(world, access):
    body = {"Candidate": True, "Running": True, "Uncommitted": True}
    lists = world.content(f"{SHOP}/prefixlists", access["r"], body)
    assert lists["PrefixListRunning"] == ["offices", "old-data-centre"]
    operations = {entry["Name"]: entry["Operation"] for entry in lists["PrefixListUncommitted"]}
    assert operations == {"build-agents": "add", "offices": "update", "old-data-centre": "delete"}
    assert world.content(f"{SHOP}/fqdnlists", access["r"], body)["FqdnListUncommitted"][0]["operation"] == "add"
    rules = world.content(f"{SHOP}/rulelists/LocalRule", access["r"], body)
    assert rules["RuleEntryUncommitted"] == [{"Priority": 20, "RuleName": "allow-build", "Operation": "add"}]


def test_spellings_of_the_specification_and_of_the_sdk(world, access):
    tags = world.content(f"{STACK}/tags", access["r"])
    assert tags["RuleStackName"] == tags["ResourceName"] == "web-egress"
    category = world.content(f"{STACK}/urlcustomcategories/release-sites", access["r"], {"Candidate": True})
    flat, nested = category["URLCategoryCandidate"], category["URLCategoryCandidate"]["URLCategoryEntry"]
    assert flat["UrlTargets"] == nested["UrlTargets"] == ["releases.example.com/", "*.cdn.example.net/"]
    rule = world.content(f"{STACK}/rulelists/LocalRule/priorities/300", access["r"])["RuleEntryCandidate"]
    assert rule["Category"]["IntelligentFeeds"] == rule["Category"]["Feeds"] == ["phishing-sites"]
    assert world.content(f"{STACK}/export", access["r"]).startswith("<rulestack ")


def test_pages_to_the_end(world, access):
    found, token = [], None
    for _index in range(5):
        suffix = f"&nexttoken={token.replace('+', '%2B')}" if token else ""
        page = world.content(f"/v1/config/rulestacks?maxresults=1{suffix}", access["r"])
        found += page["RuleStackCandidate"]
        token = page.get("NextToken")
        if token is None:
            break
    assert found == ["lab-draft", "shop-ingress", "web-egress"]


def test_page_token_is_valid_only_for_its_list(world, access):
    base = "/v1/config/rulestacks"
    token = world.content(base, access["r"], {"MaxResults": 1})["NextToken"]
    for path, letter, value in [
        (base, "g", token),
        (f"{STACK}/prefixlists", "r", token),
        (base, "r", "1:x"),
        (base, "r", "no!"),
    ]:
        answer = world.read(path, access[letter], f'{{"NextToken": "{value}"}}').json()
        assert answer["ResponseStatus"]["Reason"].startswith("InvalidRequestException: ")


@pytest.mark.parametrize("query", ["maxresults=0", "maxresults=1025", "maxresults=x", "candidate=maybe", "scope=Moon"])
def test_invalid_parameters_are_rejected(world, access, query):
    status = world.read(f"/v1/config/rulestacks?{query}", access["r"]).json()["ResponseStatus"]
    assert status["ErrorCode"] == 400
    assert status["Reason"].startswith("InvalidRequestException: ")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/config/rulestacks/nope", 200),
        ("/v1/config/rulestacks/shop-backend", 200),
        (f"{STACK}/prefixlists/nope", 200),
        (f"{STACK}/rulelists/LocalRule/priorities/7", 200),
        ("/v1/config/ngfirewalls/shop-inspection", 200),
        ("/v2/ngfirewalls/fw-nope0000", 400),
        ("/v1/mgmt/linkaccounts/345678901234", 200),
    ],
)
def test_missing_objects_are_reported(world, access, path, status):
    answer = world.read(path, access["r"])
    assert answer.status_code == status
    assert answer.json()["Response"] is None
    assert answer.json()["ResponseStatus"]["ErrorCode"] == 400
    assert "does not exist" in answer.json()["ResponseStatus"]["Reason"]
    world.admin("PUT", "/access", {"application_error_status": 400})
    assert world.read(path, access["r"]).status_code == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_write_methods_are_rejected(world, access, method):
    answer = world.send(method, f"{STACK}/export", access["r"], "{}")
    assert (answer.status_code, answer.json()) == (403, {"message": "Missing Authentication Token"})


def test_firewalls_by_vpc_and_rulestack(world, access):
    base = "/v1/config/ngfirewalls"
    assert world.content(base, access["f"], {"VpcIds": ["vpc-none"]})["Firewalls"] == []
    assert world.content(f"{base}?rulestackname=web-egress&describe=true", access["f"])["FirewallsDescribe"]
    assert world.content("/v2/ngfirewalls?region=eu-west-1", access["f"])["Firewalls"] == []


@pytest.mark.parametrize("name", ["egress-inspection", "shop-inspection"])
@pytest.mark.parametrize("base", ["/v2/ngfirewalls", "/v2/config/ngfirewalls"])
def test_firewall_fields_that_the_vendors_sdk_and_provider_read_are_present(world, tools, base, name):
    """They crash or hang without these fields: firewall.go and utils.go of the SDK v2.0.5, ngfw.go of the provider v3.0.4."""
    home = None if name == "egress-inspection" else f"arn:aws:iam::{tools.OTHER}:role/OrganizationAccountAccessRole"
    headers = world.token("firewall", world.role("firewall", credentials=world.assume(home)) if home else None)
    listed = {item["FirewallName"]: item["FirewallId"] for item in world.content(base, headers)["Firewalls"]}
    answer = world.content(f"{base}/{listed[name]}", headers)
    firewall, status = answer["Firewall"], answer["Status"]
    assert {tag["Key"]: tag["Value"] for tag in firewall["Tags"]}["FirewallName"] == name
    assert firewall["EgressNAT"] == {"Enabled": False}
    assert firewall["Endpoints"]
    for endpoint in firewall["Endpoints"]:
        assert endpoint["Prefixes"]["PrivatePrefix"]["Cidrs"] == ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
        assert endpoint["Prefixes"]["PublicPrefix"] == {"Cidrs": []}
    assert status["DeviceRuleStackCommitStatus"] == "Success"
    for kind in ("RuleStack", "DeviceRuleStack", *(["GlobalRuleStack"] if firewall.get("GlobalRuleStackName") else [])):
        commit = status[f"{kind}CommitInfo"]
        moment, zone = commit["CommitTS"].split(" ")  # the SDK splits and parses it like this
        assert (datetime.fromisoformat(moment).tzinfo, zone, commit["CommitMessages"]) == (None, "UTC", [])


def test_v1_form_of_a_firewall_has_its_endpoints_too(world, access):
    firewall = world.content(FIREWALL, access["f"])["Firewall"]
    assert firewall["SecurityZones"] == world.content(V2, access["f"])["Firewall"]["Endpoints"]
