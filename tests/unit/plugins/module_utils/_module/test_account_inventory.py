# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Linked accounts with their firewalls, read from servers on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthorizationError,
    InvalidInput,
    PanwCloudError,
)
from ansible_collections.panw.cloud.plugins.module_utils._module.account_inventory import ModuleShim, spec, work
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import Record
from ansible_collections.panw.cloud.tests.helpers.fake_aws import stored
from ansible_collections.panw.cloud.tests.helpers.fake_firewalls import FakeFirewalls
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import refused
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, MISSING_ROUTE, TOKEN, Reply, success
from ansible_collections.panw.cloud.tests.helpers.run_module import DELETE, STAGE, TOKENS, Cloud, Route
from ansible_collections.panw.cloud.tests.helpers.servers import Peer, Received, answering

CORE, SHOP, NEW, OTHER = "123456789012", "210987654321", "345678901234", "456789012345"  # CORE is that of the role
HELD = {"token": TOKEN, "subscription_key": KEY}
IN_EACH = "arn:aws:iam::{account_id}:role/Reader"
V1, V2 = f"GET {STAGE}/v1/mgmt/linkaccounts", f"GET {STAGE}/v2/linkaccounts"
ACCOUNT_TOKEN, FIREWALL_TOKEN = f"GET {TOKENS}/cloudaccountadmin", f"GET {TOKENS}/cloudfirewalladmin"
LINKS = success(
    {
        "AccountIds": [CORE, SHOP, NEW],
        "AccountDetails": [
            {"AccountId": SHOP, "OnboardingStatus": "Success", "ExternalId": "e"},
            {"AccountId": CORE, "OnboardingStatus": "Success"},
            {"AccountId": NEW, "OnboardingStatus": "Pending"},
        ],
    }
)
DENIED = b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>No</Message></Error></ErrorResponse>"
ROUTES: dict[str, Route] = {V1: LINKS, V2: LINKS}


def named(name: str, **raw: Any) -> dict[str, Any]:
    return {"Tags": [{"Key": "FirewallName", "Value": name}], **raw}


def firewalls() -> FakeFirewalls:
    """A shared and an own firewall of version 2, and a firewall of version 1."""
    fake = FakeFirewalls()
    endpoints = [{"EndpointId": "e-1", "AccountId": NEW, "Status": "Accepted"}]
    shared = {"AllowListAccounts": [SHOP], "Endpoints": endpoints}
    fake.put("fw-1", named("web", RuleStackName="web", GlobalRuleStackName="all", **shared))
    fake.put("fw-2", named("db", RuleStackName="db"))
    fake.put("old", {"FirewallName": "old", "AccountId": SHOP, "RuleStackName": "web"})
    return fake


class Roles(Cloud):
    """Servers that refuse to let roles of some accounts be assumed."""

    denied: tuple[str, ...] = ()

    def _behave(self, peer: Peer, request: Received) -> bool:
        arn = parse_qs(request.body.decode()).get("RoleArn", [""])[0] if request.target == "/" else ""
        if any(f"::{account}:" in arn for account in self.denied):
            return answering(DENIED, "403 Forbidden")(peer, request)
        return super()._behave(peer, request)


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with Cloud(ROUTES, firewalls=firewalls()) as running:
        yield running


def gathered(cloud: Cloud, **options: Any) -> dict[str, Any]:
    checked = ArgumentSpecValidator(spec()).validate({**cloud.options, **options})
    assert not checked.error_messages
    return work(ModuleShim(checked.validated_parameters))


def hosts(result: dict[str, Any]) -> dict[str, list[str]]:
    """The names of the firewalls of each account."""
    return {one["account_id"]: [firewall["name"] for firewall in one["firewalls"]] for one in result["accounts"]}


def test_accounts_have_their_status_and_firewalls_of_both_versions(cloud: Cloud) -> None:
    result = gathered(cloud)
    core, shop, new = result["accounts"]
    assert core == {
        "account_id": CORE,
        "onboarding_status": "Success",
        "firewalls": [
            {
                "name": "db",
                "firewall_id": "fw-2",
                "region": "us-east-1",
                "status": "CREATE_COMPLETE",
                "rulestack": "db",
                "global_rulestack": "",
            },
            {
                "name": "web",
                "firewall_id": "fw-1",
                "region": "us-east-1",
                "status": "CREATE_COMPLETE",
                "rulestack": "web",
                "global_rulestack": "all",
            },
        ],
        "regions": ["us-east-1"],
        "rulestacks": ["all", "db", "web"],
        "failed_regions": [],
    }
    assert hosts(result) == {CORE: ["db", "web"], SHOP: ["old", "web"], NEW: ["web"]}
    assert (new["onboarding_status"], shop["rulestacks"], result["warnings"]) == ("Pending", ["all", "web"], [])
    assert [cloud.calls.count(call) for call in (ACCOUNT_TOKEN, V1, FIREWALL_TOKEN, DELETE)] == [1, 1, 1, 2]


@pytest.mark.parametrize("missing", [(), (V2,)])
def test_one_given_token_reads_accounts_and_firewalls(missing: tuple[str, ...]) -> None:
    with Cloud({**ROUTES, **dict.fromkeys(missing, MISSING_ROUTE)}, firewalls=firewalls()) as cloud:
        result = gathered(cloud, **HELD, role_arn=None)
        assert cloud.sts == []
        assert [call for call in cloud.calls if "ngfirewalls" not in call] == [V2, *([V1] if missing else [])]
    assert hosts(result) == {CORE: [], SHOP: ["old", "web"], NEW: ["web"]}
    (warning,) = result["warnings"]
    assert warning == ("Firewall 'db' in us-east-1 is not in the inventory: no linked account is known to have it.")


def test_one_stored_token_of_the_firewall_administrator_reads_both(cloud: Cloud, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    path, now = tmp_path / "token.json", datetime.now(UTC).replace(microsecond=0)
    lasting = {"issued_at": now, "expires_at": now + timedelta(hours=1)}
    token = stored(admin_role="firewall", url=cloud.options["ngfw_url"], **lasting)
    path.write_text(Record(token).dump())
    path.chmod(0o600)
    result = gathered(cloud, role_arn=None, token_store={"type": "file", "path": str(path)})
    assert hosts(result) == {CORE: [], SHOP: ["old", "web"], NEW: ["web"]}
    assert cloud.calls[0] == V2
    assert {got.headers["authorization"] for got in cloud.received} == {token.token}


def test_firewalls_are_read_with_a_role_in_each_account_and_are_there_once(cloud: Cloud) -> None:
    result = gathered(cloud, firewall_role_arn=IN_EACH, regions=["us-east-1", "eu-central-1"])
    arns = sorted(parse_qs(got.body.decode())["RoleArn"][0] for got in cloud.sts)
    assert arns == sorted([cloud.options["role_arn"], *(IN_EACH.format(account_id=one) for one in (CORE, SHOP, NEW))])
    assert cloud.calls.count(FIREWALL_TOKEN) == 6
    assert cloud.calls.count(DELETE) == 7
    shop = result["accounts"][1]
    assert [(one["region"], one["name"]) for one in shop["firewalls"]] == [
        (region, name) for region in ("eu-central-1", "us-east-1") for name in ("db", "old", "web")
    ]
    assert shop["regions"] == ["eu-central-1", "us-east-1"]


@pytest.mark.parametrize(
    ("filters", "found", "roles"),
    [
        ({}, [CORE, SHOP, NEW], 3),
        ({"account_id": SHOP}, [SHOP], 1),
        ({"account_id": [SHOP, NEW], "onboarding_status": "Success"}, [SHOP], 1),
        ({"account_id": int(NEW)}, [NEW], 1),
        ({"onboarding_status": "Failed"}, [], 0),
        ({"region": "eu-west-1"}, [], 3),
        ({"global_rulestack": ["all"], "onboarding_status": ["Pending"]}, [NEW], 1),
        ({"rulestack": ["other"]}, [], 3),
    ],
)
def test_all_filters_have_to_match(cloud: Cloud, filters: dict[str, Any], found: list[str], roles: int) -> None:
    assert list(hosts(gathered(cloud, filters=filters, firewall_role_arn=IN_EACH))) == found
    assert len(cloud.sts) == 1 + roles


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"regions": ["mars"]}, "Option 'regions' is not the name of an AWS region: 'mars'"),
        ({"region": ""}, "Option 'region' is missing"),
        ({"filters": {"state": "x"}}, "Option 'filters' has the unknown key 'state'. The keys are account_id, "),
        ({"firewall_role_arn": "arn:aws:iam::123456789012:role/R"}, "Option 'firewall_role_arn' does not contain"),
        ({"firewall_role_arn": "{account_id}:role/R"}, "Option 'firewall_role_arn' is malformed"),
        ({"firewall_role_arn": IN_EACH, "role_arn": None, **HELD}, "Option 'firewall_role_arn' must not be set"),
        ({"token": TOKEN, "token_store": {"name": "x"}}, "Option 'token_store' must not be set together"),
        ({"ngfw_url": "http://example.com"}, "Option 'ngfw_url'"),
    ],
)
def test_invalid_option_is_refused_before_any_call(cloud: Cloud, options: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidInput) as failure:
        gathered(cloud, **options)
    assert str(failure.value).startswith(problem)
    assert cloud.received == []


def regional(reply: Reply) -> FakeFirewalls:
    """Firewalls of which one region responds otherwise."""
    fake = firewalls()
    respond = fake.respond
    fake.respond = lambda method, target, body: (  # type: ignore[method-assign]
        reply if "region=eu-west-1" in target else respond(method, target, body)
    )
    return fake


def test_region_that_denies_access_fails_or_is_skipped_with_a_warning() -> None:
    with Cloud(ROUTES, firewalls=regional(refused("AccessDeniedException: no"))) as cloud:
        options = {"regions": ["eu-west-1", "us-east-1"]}
        with pytest.raises(AuthorizationError):
            gathered(cloud, **options)
        result = gathered(cloud, **options, strict_permissions=False)
    assert hosts(result)[CORE] == ["db", "web"]
    assert [one["failed_regions"] for one in result["accounts"]] == [["eu-west-1"]] * 3
    (warning,) = result["warnings"]
    assert warning.startswith("The firewalls in eu-west-1 are missing: Could not list the firewalls in eu-west-1")


def test_other_failure_of_a_region_is_never_skipped() -> None:
    with Cloud(ROUTES, firewalls=regional(Reply(200, "<html>"))) as cloud, pytest.raises(PanwCloudError) as failure:
        gathered(cloud, regions=["eu-west-1", "us-east-1"], strict_permissions=False)
    assert failure.value.kind == "invalid_response"


def test_account_whose_role_cannot_be_assumed_fails_or_is_skipped_with_a_warning() -> None:
    with Roles(ROUTES, firewalls=firewalls()) as cloud:
        cloud.denied = (NEW,)
        with pytest.raises(AuthorizationError) as failure:
            gathered(cloud, firewall_role_arn=IN_EACH)
        result = gathered(cloud, firewall_role_arn=IN_EACH, strict_permissions=False)
    assert f"This is about the firewalls of AWS account '{NEW}'." in str(failure.value)
    assert [one["failed_regions"] for one in result["accounts"]] == [[], [], ["us-east-1"]]
    (warning,) = result["warnings"]
    assert warning.startswith(f"The firewalls of AWS account '{NEW}' in us-east-1 are missing: Could not assume")


def test_accounts_that_cannot_be_listed_are_a_failure() -> None:
    denied = refused("AccessDeniedException: no")
    with Cloud({V1: denied, V2: denied}, firewalls=firewalls()) as cloud, pytest.raises(AuthorizationError):
        gathered(cloud, strict_permissions=False)
