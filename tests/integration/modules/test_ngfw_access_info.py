# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each cause of a rejected token request is found, and reported with its evidence and the fix."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

ACCOUNT = "123456789012"
CALLER = f"arn:aws:iam::{ACCOUNT}:user/simulator-admin"
NAMES = (f"Diagnosed{number}" for number in itertools.count())


def policy(action: str, effect: str = "Allow", **more: Any) -> str:
    resource = {} if "Principal" in more else {"Resource": "*"}
    statement = {"Effect": effect, "Action": action, **resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust(principal: str = CALLER, effect: str = "Allow", **more: Any) -> str:
    return policy("sts:AssumeRole", effect, Principal={"AWS": principal}, **more)


class World:
    """Misconfigured roles and callers, and the diagnostic module."""

    def __init__(self, services: Any, controller: Any) -> None:
        self.services, self._controller = services, controller
        self.iam = services.iam()

    def role(
        self, *, tags: dict[str, str] | None = None, invoke: str | None = "execute-api:Invoke", **options: Any
    ) -> str:
        """Create a role that can get a firewall token, except for the given deviations, and return its ARN."""
        name = next(NAMES)
        tags = {"CloudNGFWFirewallAdmin": "Yes"} if tags is None else tags
        options = {"AssumeRolePolicyDocument": trust(), **options}
        listed = [{"Key": key, "Value": value} for key, value in tags.items()]
        arn = self.iam.create_role(RoleName=name, Tags=listed, **options)["Role"]["Arn"]
        if invoke:
            self.iam.put_role_policy(RoleName=name, PolicyName="invoke", PolicyDocument=policy(invoke))
        return str(arn)

    def user(self, *actions: str) -> dict[str, str]:
        """Options with the access keys of a new user that is allowed these actions."""
        name = next(NAMES)
        self.iam.create_user(UserName=name)
        for action in actions:
            self.iam.put_user_policy(UserName=name, PolicyName=action.replace(":", "-"), PolicyDocument=policy(action))
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        return {"access_key": key["AccessKeyId"], "secret_key": key["SecretAccessKey"]}

    def look(self, environment: dict[str, str] | None = None, **options: Any) -> dict[str, Any]:
        """The module's result."""
        task = {
            "name": "look",
            "panw.cloud.ngfw_access_info": {"probe_admin_roles": ["firewall"], "diagnose": True, **options},
        }
        run = self._controller.play(task, **(environment or {}))
        assert run.returncode == 0, run.output
        result: dict[str, Any] = run.results["look"]
        return result

    def why(self, environment: dict[str, str] | None = None, **options: Any) -> Diagnosis:
        return Diagnosis(self.look(environment, **options)["diagnosis"])


class Diagnosis:
    """The findings by checked item."""

    def __init__(self, reported: dict[str, Any]) -> None:
        self.first = reported["change_first"]
        self.by_check = {found["check"]: found for found in reported["findings"]}
        self.problems = [found["check"] for found in reported["findings"] if found["status"] == "problem"]
        self.unknown = [found["check"] for found in reported["findings"] if found["status"] == "unknown"]

    def evidence(self, check: str) -> str:
        return str(self.by_check[check]["evidence"])


@pytest.fixture
def world(services: Any, controller: Any) -> Iterator[World]:
    yield World(services, controller)
    services.ask("PUT", "/access", enabled=True, describe="signed")


def test_no_probe_runs_if_access_works(world: World) -> None:
    before = world.services.state["aws_calls"].get("iam:GetRole", 0)
    found = world.look(role_arn=world.role())
    assert (found["enabled"], found["diagnosis"], found["onboarded"]) == (True, None, None)
    assert world.services.state["aws_calls"].get("iam:GetRole", 0) == before


@pytest.mark.parametrize("probed", [["firewall"], []], ids=["probed", "described"])
def test_disabled_access_is_found(world: World, probed: list[str]) -> None:
    world.services.ask("PUT", "/access", enabled=False)
    why = world.why(role_arn=world.role(), probe_admin_roles=probed)
    assert why.problems == ["switch"]
    assert "Programmatic Access, Enable, Confirm" in why.first


def test_missing_onboarding_is_found(world: World) -> None:
    entry = {"role_arn": "arn:aws:iam::345678901234:role/OrganizationAccountAccessRole"}
    account_role = world.role(tags={"CloudNGFWAccountAdmin": "Yes"})
    why = world.why(**entry, account_role_arn=account_role)
    assert why.problems == ["onboarding"]
    assert why.first == "Onboard the account with the role panw.cloud.onboard_account, or in the Cloud NGFW console."
    assert why.evidence("onboarding") == "The account 345678901234 is not among the onboarded accounts."
    assert "in another account" in why.evidence("tag_firewall")
    assert world.look(role_arn=world.role(), account_role_arn=account_role)["onboarded"] is True
    assert "account_role_arn" in world.why(**entry).by_check["onboarding"]["fix"]


@pytest.mark.parametrize(
    ("tags", "evidence"),
    [
        ({}, "The role has no tag CloudNGFWFirewallAdmin."),
        (
            {"cloudngfwfirewalladmin": "Yes"},
            "The tag cloudngfwfirewalladmin is misspelled: its name is CloudNGFWFirewallAdmin.",
        ),
        ({"CloudNGFWFirewallAdmin": "yes"}, "The tag CloudNGFWFirewallAdmin has the value 'yes' instead of 'Yes'."),
    ],
    ids=["missing", "wrong case", "wrong value"],
)
def test_wrong_tags_are_found(world: World, tags: dict[str, str], evidence: str) -> None:
    why = world.why(role_arn=world.role(tags=tags))
    assert why.problems == ["tag_firewall"]
    assert why.evidence("tag_firewall") == evidence
    assert why.first == "Tag the role with the key CloudNGFWFirewallAdmin and the value Yes."
    assert why.by_check["permission_policy"]["status"] == "ok"


def test_missing_firewall_manager_for_a_global_rulestack_admin_is_found(world: World) -> None:
    world.services.ask("PUT", f"/accounts/{ACCOUNT}", firewall_manager=False)
    try:
        role = world.role(tags={"CloudNGFWGlobalRulestackAdmin": "Yes"})
        why = world.why(
            role_arn=role,
            probe_admin_roles=["global_rulestack"],
            account_role_arn=world.role(tags={"CloudNGFWAccountAdmin": "Yes"}),
        )
    finally:
        world.services.ask("PUT", f"/accounts/{ACCOUNT}", firewall_manager=True)
    assert why.problems == []
    assert "AWS Firewall Manager" in why.first


def test_missing_permission_is_found(world: World) -> None:
    why = world.why(role_arn=world.role(invoke=None))
    assert why.problems == ["permission_policy"]
    assert "No policy of the role allows 'execute-api:Invoke'" in why.evidence("permission_policy")
    assert why.evidence("permissions_boundary") == "The role has no boundary."


def test_denying_policy_is_found(world: World) -> None:
    role = world.role()
    world.iam.put_role_policy(
        RoleName=role.rpartition("/")[2], PolicyName="no", PolicyDocument=policy("execute-api:*", "Deny")
    )
    why = world.why(role_arn=role)
    assert why.problems == ["permission_policy"]
    assert why.first == "Remove the statement that denies 'execute-api:Invoke'."


def test_denying_permissions_boundary_is_found(world: World) -> None:
    arn = world.iam.create_policy(PolicyName=next(NAMES), PolicyDocument=policy("s3:*"))["Policy"]["Arn"]
    why = world.why(role_arn=world.role(PermissionsBoundary=arn))
    assert why.problems == ["permissions_boundary"]
    assert why.evidence("permissions_boundary") == f"The boundary {arn} does not allow 'execute-api:Invoke'."


def test_denying_session_policy_is_found(world: World) -> None:
    why = world.why(role_arn=world.role(), session_policy=json.loads(policy("s3:*")))
    assert why.problems == ["permission_policy"]
    assert "session_policy" in why.first


WITH_ID = {"Condition": {"StringEquals": {"sts:ExternalId": "right"}}}
ELSEWHERE = {"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.1/32"}}}


@pytest.mark.parametrize(
    ("document", "check", "status", "evidence", "fix"),
    [
        (trust(f"arn:aws:iam::{ACCOUNT}:user/else"), "trust_policy", "problem", f"names neither {CALLER}", "Name arn"),
        (
            trust(**WITH_ID),
            "trust_policy",
            "problem",
            "requires an external ID, but the task sends none",
            "Set 'external_id'",
        ),
        (trust(effect="Deny"), "trust_policy", "problem", f"denies {CALLER}", "Remove the statement"),
        (trust(**ELSEWHERE), "trust_policy", "unknown", "under conditions on aws:sourceip", "Check these conditions"),
    ],
    ids=["not named", "external id", "denied", "conditions"],
)
def test_denying_trust_policy_is_found(
    world: World, document: str, check: str, status: str, evidence: str, fix: str
) -> None:
    why = world.why(role_arn=world.role(AssumeRolePolicyDocument=document))
    assert why.by_check[check]["status"] == status
    assert evidence in why.evidence(check)
    assert why.first.startswith(fix)


def test_wrong_external_id_is_not_disclosed(world: World) -> None:
    why = world.why(role_arn=world.role(AssumeRolePolicyDocument=trust(**WITH_ID)), external_id="wrong")
    assert "requires an external ID, but the task sends a different one" in why.evidence("trust_policy")
    assert "right" not in why.evidence("trust_policy")


def test_missing_role_is_found(world: World) -> None:
    why = world.why(role_arn=f"arn:aws:iam::{ACCOUNT}:role/Nowhere")
    assert why.problems == ["trust_policy"]
    assert why.first == "Create it with the role panw.cloud.iam_role."


def test_missing_path_in_the_arn_is_found(world: World) -> None:
    arn = world.role(Path="/cloud/")
    why = world.why(role_arn=arn.replace("/cloud", ""))
    assert why.problems == ["trust_policy"]
    assert why.first == f"Set 'role_arn' to {arn}."


def test_missing_caller_permission_is_found(world: World) -> None:
    role = world.role(AssumeRolePolicyDocument=trust(f"arn:aws:iam::{ACCOUNT}:root"))
    why = world.why(role_arn=role, **world.user("iam:GetRole"))
    assert why.problems == ["caller_policy"]
    assert "'sts:AssumeRole'" in why.first


def test_unreadable_settings_are_unknown(world: World) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:root"
    why = world.why(role_arn=world.role(tags={}, AssumeRolePolicyDocument=trust(arn)), **world.user("sts:AssumeRole"))
    assert why.problems == []
    assert "the IAM request failed: User: " in why.evidence("tag_firewall")
    assert {"onboarding", "tag_firewall"} <= set(why.unknown)
    why = world.why(role_arn=world.role(AssumeRolePolicyDocument=trust(arn)), **world.user())
    assert why.problems == []
    assert "trust_policy" in why.unknown


def test_missing_permission_is_found_without_policy_simulation(world: World) -> None:
    document = trust(f"arn:aws:iam::{ACCOUNT}:root")
    why = world.why(
        role_arn=world.role(invoke=None, AssumeRolePolicyDocument=document),
        **world.user("sts:AssumeRole", "iam:GetRole"),
    )
    assert why.problems == ["permission_policy"]
    assert "permissions_boundary" in why.unknown


def test_expired_session_is_found(world: World) -> None:
    sts = world.services.aws("sts")
    issued = sts.assume_role(RoleArn=world.role(), RoleSessionName="soon-over")["Credentials"]
    world.services.ask("POST", "/credentials/expire")
    keys = {
        "access_key": issued["AccessKeyId"],
        "secret_key": issued["SecretAccessKey"],
        "session_token": issued["SessionToken"],
    }
    why = world.why(**keys)
    assert why.problems == ["session"]
    assert why.first == "Get new AWS credentials, and run again."


def test_wrong_access_keys_are_found(world: World) -> None:
    why = world.why(role_arn=world.role(), access_key="AKIAIOSFODNN7EXAMPLE", secret_key="wrong-wrong-wrong")
    assert why.problems == ["caller"]


@pytest.mark.parametrize(("offset", "way"), [(3600, "ahead of"), (-3600, "behind")])
def test_wrong_clock_is_found(world: World, offset: int, way: str) -> None:
    role = world.role()
    world.services.ask("PUT", "/clock", offset_seconds=offset)
    why = world.why(role_arn=role)
    assert why.problems[0] == "clock"
    assert f"seconds {way} this host's" in why.evidence("clock")
    assert why.first.startswith("Set this host's clock")


def test_wrong_region_is_found(world: World) -> None:
    why = world.why(role_arn=world.role(), region="eu-west-1")
    assert why.problems == ["region"]
    assert "signed for eu-west-1, which is not the host's region" in why.evidence("region")


def test_intercepting_proxy_certificate_is_found(world: World) -> None:
    why = world.why(role_arn=world.role(), ngfw_ca_bundle=requests.certs.where())
    assert why.problems == ["server"]
    assert "TLS failed" in why.evidence("server")
    assert "ngfw_ca_bundle" in why.first


def test_unreachable_proxy_is_found(world: World) -> None:
    aws = urlsplit(world.services.endpoints["aws_url"]).netloc
    proxied = {"HTTPS_PROXY": "http://somebody:secret@127.0.0.1:1", "NO_PROXY": aws}
    why = world.why(proxied, role_arn=world.role())
    assert why.problems == ["server"]
    assert "through the proxy 127.0.0.1:1" in why.evidence("server")
    assert "secret" not in json.dumps(why.by_check)


def test_other_server_than_the_gateway_is_found(world: World) -> None:
    why = world.why(role_arn=world.role(), ngfw_url=world.services.endpoints["admin_url"])
    assert why.problems == ["server"]
    assert "is not the vendor's API gateway" in why.evidence("server")


def test_describe_limited_to_tenant_admins_falls_back_to_a_token_request(world: World) -> None:
    world.services.ask("PUT", "/access", describe="tenant_admin")
    before = world.services.state["issued"]
    found = world.look(role_arn=world.role(), probe="when_needed")
    assert (found["enabled"], found["diagnosis"]) == (True, None)
    assert world.services.state["issued"] == before + 1
    world.services.ask("PUT", "/access", describe="signed")
    assert world.look(role_arn=world.role(), probe="when_needed")["admin_roles"] == {}
    assert world.services.state["issued"] == before + 1
