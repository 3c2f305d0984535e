# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each cause for which a token is refused is found, told with its evidence, and named as the one thing to change."""

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
    """Roles and callers to go wrong with, and the module that finds out why."""

    def __init__(self, stand_ins: Any, controller: Any) -> None:
        self.stand_ins, self._controller = stand_ins, controller
        self.iam = stand_ins.iam()

    def role(
        self, *, tags: dict[str, str] | None = None, invoke: str | None = "execute-api:Invoke", **options: Any
    ) -> str:
        """A role that gets a firewall token but for what is said; gives its ARN."""
        name = next(NAMES)
        tags = {"CloudNGFWFirewallAdmin": "Yes"} if tags is None else tags
        options = {"AssumeRolePolicyDocument": trust(), **options}
        listed = [{"Key": key, "Value": value} for key, value in tags.items()]
        arn = self.iam.create_role(RoleName=name, Tags=listed, **options)["Role"]["Arn"]
        if invoke:
            self.iam.put_role_policy(RoleName=name, PolicyName="invoke", PolicyDocument=policy(invoke))
        return str(arn)

    def user(self, *actions: str) -> dict[str, str]:
        """Options with the keys of a new user who may do these actions."""
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
    """What was found, by what was looked at."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.first = told["change_first"]
        self.by_check = {found["check"]: found for found in told["findings"]}
        self.problems = [found["check"] for found in told["findings"] if found["status"] == "problem"]
        self.unknown = [found["check"] for found in told["findings"] if found["status"] == "unknown"]

    def evidence(self, check: str) -> str:
        return str(self.by_check[check]["evidence"])


@pytest.fixture
def world(stand_ins: Any, controller: Any) -> Iterator[World]:
    yield World(stand_ins, controller)
    stand_ins.ask("PUT", "/access", enabled=True, describe="signed")


def test_nothing_is_looked_for_where_nothing_is_refused(world: World) -> None:
    before = world.stand_ins.state["aws_calls"].get("iam:GetRole", 0)
    found = world.look(role_arn=world.role())
    assert (found["enabled"], found["diagnosis"], found["onboarded"]) == (True, None, None)
    assert world.stand_ins.state["aws_calls"].get("iam:GetRole", 0) == before


@pytest.mark.parametrize("probed", [["firewall"], []], ids=["probed", "described"])
def test_the_switch(world: World, probed: list[str]) -> None:
    world.stand_ins.ask("PUT", "/access", enabled=False)
    why = world.why(role_arn=world.role(), probe_admin_roles=probed)
    assert why.problems == ["switch"]
    assert "Programmatic Access, Enable, Confirm" in why.first


def test_the_onboarding(world: World) -> None:
    entry = {"role_arn": "arn:aws:iam::345678901234:role/OrganizationAccountAccessRole"}
    account_role = world.role(tags={"CloudNGFWAccountAdmin": "Yes"})
    why = world.why(**entry, account_role_arn=account_role)
    assert why.problems == ["onboarding"]
    assert why.first == "Onboard the account in the Cloud NGFW console."
    assert why.evidence("onboarding") == "The account 345678901234 is not among the onboarded accounts."
    assert "in another account" in why.evidence("tag_firewall")
    assert world.look(role_arn=world.role(), account_role_arn=account_role)["onboarded"] is True
    assert "account_role_arn" in world.why(**entry).by_check["onboarding"]["fix"]


@pytest.mark.parametrize(
    ("tags", "evidence"),
    [
        ({}, "The role has no tag CloudNGFWFirewallAdmin."),
        ({"cloudngfwfirewalladmin": "Yes"}, "The tag cloudngfwfirewalladmin is not written CloudNGFWFirewallAdmin."),
        ({"CloudNGFWFirewallAdmin": "yes"}, "The tag CloudNGFWFirewallAdmin has the value 'yes' in place of 'Yes'."),
    ],
    ids=["missing", "wrong case", "wrong value"],
)
def test_the_tags(world: World, tags: dict[str, str], evidence: str) -> None:
    why = world.why(role_arn=world.role(tags=tags))
    assert why.problems == ["tag_firewall"]
    assert why.evidence("tag_firewall") == evidence
    assert why.first == "Give the role the tag CloudNGFWFirewallAdmin with the value Yes."
    assert why.by_check["permission_policy"]["status"] == "ok"


def test_a_global_rulestack_administrator_without_firewall_manager(world: World) -> None:
    world.stand_ins.ask("PUT", f"/accounts/{ACCOUNT}", firewall_manager=False)
    try:
        role = world.role(tags={"CloudNGFWGlobalRulestackAdmin": "Yes"})
        why = world.why(
            role_arn=role,
            probe_admin_roles=["global_rulestack"],
            account_role_arn=world.role(tags={"CloudNGFWAccountAdmin": "Yes"}),
        )
    finally:
        world.stand_ins.ask("PUT", f"/accounts/{ACCOUNT}", firewall_manager=True)
    assert why.problems == []
    assert "AWS Firewall Manager" in why.first


def test_the_permission_policy(world: World) -> None:
    why = world.why(role_arn=world.role(invoke=None))
    assert why.problems == ["permission_policy"]
    assert "No policy of the role allows 'execute-api:Invoke'" in why.evidence("permission_policy")
    assert why.evidence("permissions_boundary") == "The role has no boundary."


def test_a_policy_that_denies(world: World) -> None:
    role = world.role()
    world.iam.put_role_policy(
        RoleName=role.rpartition("/")[2], PolicyName="no", PolicyDocument=policy("execute-api:*", "Deny")
    )
    why = world.why(role_arn=role)
    assert why.problems == ["permission_policy"]
    assert why.first == "Take away the statement that denies 'execute-api:Invoke'."


def test_the_permissions_boundary(world: World) -> None:
    arn = world.iam.create_policy(PolicyName=next(NAMES), PolicyDocument=policy("s3:*"))["Policy"]["Arn"]
    why = world.why(role_arn=world.role(PermissionsBoundary=arn))
    assert why.problems == ["permissions_boundary"]
    assert why.evidence("permissions_boundary") == f"The boundary {arn} does not allow 'execute-api:Invoke'."


def test_a_session_policy(world: World) -> None:
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
            "asks for an external id, and the task has none",
            "Set 'external_id'",
        ),
        (trust(effect="Deny"), "trust_policy", "problem", f"denies {CALLER}", "Take the statement"),
        (trust(**ELSEWHERE), "trust_policy", "unknown", "under conditions on aws:sourceip", "Check these conditions"),
    ],
    ids=["not named", "external id", "denied", "conditions"],
)
def test_the_trust_policy(world: World, document: str, check: str, status: str, evidence: str, fix: str) -> None:
    why = world.why(role_arn=world.role(AssumeRolePolicyDocument=document))
    assert why.by_check[check]["status"] == status
    assert evidence in why.evidence(check)
    assert why.first.startswith(fix)


def test_another_external_id_is_not_told(world: World) -> None:
    why = world.why(role_arn=world.role(AssumeRolePolicyDocument=trust(**WITH_ID)), external_id="wrong")
    assert "asks for an external id, and the task's is another" in why.evidence("trust_policy")
    assert "right" not in why.evidence("trust_policy")


def test_a_role_that_is_not_there(world: World) -> None:
    why = world.why(role_arn=f"arn:aws:iam::{ACCOUNT}:role/Nowhere")
    assert why.problems == ["trust_policy"]
    assert why.first == "Make it, with the role panw.cloud.iam_role."


def test_a_path_that_is_missing_in_the_arn(world: World) -> None:
    arn = world.role(Path="/cloud/")
    why = world.why(role_arn=arn.replace("/cloud", ""))
    assert why.problems == ["trust_policy"]
    assert why.first == f"Set 'role_arn' to {arn}."


def test_the_callers_own_policy(world: World) -> None:
    role = world.role(AssumeRolePolicyDocument=trust(f"arn:aws:iam::{ACCOUNT}:root"))
    why = world.why(role_arn=role, **world.user("iam:GetRole"))
    assert why.problems == ["caller_policy"]
    assert "'sts:AssumeRole'" in why.first


def test_what_the_caller_may_not_read_is_unknown(world: World) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:root"
    why = world.why(role_arn=world.role(tags={}, AssumeRolePolicyDocument=trust(arn)), **world.user("sts:AssumeRole"))
    assert why.problems == []
    assert "IAM did not tell: User: " in why.evidence("tag_firewall")
    assert {"onboarding", "tag_firewall"} <= set(why.unknown)
    why = world.why(role_arn=world.role(AssumeRolePolicyDocument=trust(arn)), **world.user())
    assert why.problems == []
    assert "trust_policy" in why.unknown


def test_a_policy_that_cannot_be_simulated(world: World) -> None:
    document = trust(f"arn:aws:iam::{ACCOUNT}:root")
    why = world.why(
        role_arn=world.role(invoke=None, AssumeRolePolicyDocument=document),
        **world.user("sts:AssumeRole", "iam:GetRole"),
    )
    assert why.problems == ["permission_policy"]
    assert "permissions_boundary" in why.unknown


def test_the_sessions_end(world: World) -> None:
    sts = world.stand_ins.aws("sts")
    issued = sts.assume_role(RoleArn=world.role(), RoleSessionName="soon-over")["Credentials"]
    world.stand_ins.ask("POST", "/credentials/expire")
    keys = {
        "access_key": issued["AccessKeyId"],
        "secret_key": issued["SecretAccessKey"],
        "session_token": issued["SessionToken"],
    }
    why = world.why(**keys)
    assert why.problems == ["session"]
    assert why.first == "Get new AWS credentials, and run again."


def test_the_keys(world: World) -> None:
    why = world.why(role_arn=world.role(), access_key="AKIAIOSFODNN7EXAMPLE", secret_key="wrong-wrong-wrong")
    assert why.problems == ["caller"]


@pytest.mark.parametrize(("offset", "way"), [(3600, "ahead of"), (-3600, "behind")])
def test_the_clock(world: World, offset: int, way: str) -> None:
    role = world.role()
    world.stand_ins.ask("PUT", "/clock", offset_seconds=offset)
    why = world.why(role_arn=role)
    assert why.problems[0] == "clock"
    assert f"seconds {way} this host's" in why.evidence("clock")
    assert why.first.startswith("Set this host's clock")


def test_the_region(world: World) -> None:
    why = world.why(role_arn=world.role(), region="eu-west-1")
    assert why.problems == ["region"]
    assert "signed for eu-west-1, which is not the host's region" in why.evidence("region")


def test_a_certificate_of_somebody_in_between(world: World) -> None:
    why = world.why(role_arn=world.role(), ngfw_ca_bundle=requests.certs.where())
    assert why.problems == ["server"]
    assert "TLS failed" in why.evidence("server")
    assert "ngfw_ca_bundle" in why.first


def test_a_proxy_that_does_not_answer(world: World) -> None:
    aws = urlsplit(world.stand_ins.endpoints["aws_url"]).netloc
    proxied = {"HTTPS_PROXY": "http://somebody:secret@127.0.0.1:1", "NO_PROXY": aws}
    why = world.why(proxied, role_arn=world.role())
    assert why.problems == ["server"]
    assert "through the proxy 127.0.0.1:1" in why.evidence("server")
    assert "secret" not in json.dumps(why.by_check)


def test_somebody_else_who_answers(world: World) -> None:
    why = world.why(role_arn=world.role(), ngfw_url=world.stand_ins.endpoints["admin_url"])
    assert why.problems == ["server"]
    assert "is not the vendor's API gateway" in why.evidence("server")


def test_a_tenant_that_lets_only_its_administrators_describe_access(world: World) -> None:
    world.stand_ins.ask("PUT", "/access", describe="tenant_admin")
    before = world.stand_ins.state["issued"]
    found = world.look(role_arn=world.role(), probe="when_needed")
    assert (found["enabled"], found["diagnosis"]) == (True, None)
    assert world.stand_ins.state["issued"] == before + 1
    world.stand_ins.ask("PUT", "/access", describe="signed")
    assert world.look(role_arn=world.role(), probe="when_needed")["admin_roles"] == {}
    assert world.stand_ins.state["issued"] == before + 1
