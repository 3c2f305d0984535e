# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Linked accounts: create, describe and delete, and onboarding by a stack in the account."""

from __future__ import annotations

import json
from typing import Any

import botocore.exceptions
import pytest

LINKS = "/v1/mgmt/linkaccounts"
NEW = "345678901234"
ENTRY = f"arn:aws:iam::{NEW}:role/OrganizationAccountAccessRole"
STACK = "cloud-ngfw"


@pytest.fixture
def accounts(world: Any) -> Any:
    """The simulator with the seed's accounts only."""
    yield world
    cloudformation = world.client("cloudformation", world.assume(ENTRY))
    for region in ("us-east-1", "eu-west-1"):
        world.client("cloudformation", world.assume(ENTRY), region).delete_stack(StackName=STACK)
    assert cloudformation.list_stacks(StackStatusFilter=["CREATE_COMPLETE"])["StackSummaries"] == []
    world.admin("POST", "/accounts/reset")


def deploy(
    world: Any, link: dict[str, Any], region: str = "us-east-1", operation: str = "create", **changed: str
) -> None:
    """Deploy the template of a link in the account."""
    given = {
        "TrustedAccount": link["ServiceAccountId"],
        "ExternalId": link["ExternalId"],
        "SNSTopicArn": link["SnsTopicArn"],
        **changed,
    }
    client = world.client("cloudformation", world.assume(ENTRY), region)
    getattr(client, f"{operation}_stack")(
        StackName=STACK,
        TemplateURL=link["CloudFormationTemplateURL"],
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )


def test_new_link_is_onboarded_by_its_stack(accounts: Any, access: Any) -> None:
    def status() -> str:
        return str(accounts.content(f"{LINKS}/{NEW}", access["a"])["OnboardingStatus"])

    body = {"AccountId": NEW, "Origin": "ProgrammaticAccess"}
    created = accounts.write("POST", LINKS, access["a"], body)["Response"]
    link = accounts.content(f"{LINKS}/{NEW}", access["a"])
    assert link["OnboardingStatus"] == "Pending"
    assert created == {
        "Origin": "ProgrammaticAccess",
        "ExternalId": link["ExternalId"],
        "ServiceAccountId": link["ServiceAccountId"],
        "SNSTopicArn": link["SnsTopicArn"],
    }
    assert "already exists" in accounts.refused("POST", LINKS, access["a"], body)
    deploy(accounts, link, "eu-west-1", ExternalId="wrong")
    assert status() == "Failed"
    assert accounts.read(f"/v1/mgmt/xaccountroles/{NEW}", access["f"]).json()["Response"] is None
    deploy(accounts, link, "eu-west-1", "update", EndpointMode="No", DecryptionCertificate="None")
    assert status() == "Success"
    roles = accounts.content(f"/v1/mgmt/xaccountroles/{NEW}?describeaccount=true", access["f"])
    assert (roles["AllowedMode"], roles["RuleStack"], roles["VpcInformations"]) == ("CustomerManaged", {}, [])
    accounts.client("cloudformation", accounts.assume(ENTRY), "eu-west-1").delete_stack(StackName=STACK)
    assert status() == "Pending"
    assert accounts.write("DELETE", f"{LINKS}/{NEW}", access["a"])["Response"] == {}
    assert "does not exist" in accounts.refused("DELETE", f"{LINKS}/{NEW}", access["a"])


def test_v2_routes_take_the_account_in_the_body(accounts: Any, access: Any) -> None:
    path, headers = "/v2/linkaccounts", access["f"]
    created = accounts.write("POST", path, headers, {"AccountId": NEW, "EndpointMode": "ServiceManaged"})["Response"]
    assert (created["AccountId"], created["Origin"], created["EndpointMode"]) == (
        NEW,
        "CloudNGFWConsole",
        "ServiceManaged",
    )
    listed = accounts.content(f"{path}?describe=true", headers)
    details = {entry["AccountId"]: entry for entry in listed["AccountDetails"]}
    assert (details[NEW]["OnboardingStatus"], details[NEW]["SnsTopicArn"]) == ("Pending", created["SNSTopicArn"])
    assert NEW not in {entry["AccountId"] for entry in listed["XAccountDetails"]}
    assert accounts.state()["links"][NEW]["external_id"] == created["ExternalId"]
    deleted = accounts.write("DELETE", path, headers, {"AccountId": NEW})["Response"]
    assert deleted["ExternalId"] == created["ExternalId"]
    assert accounts.state()["links"] == {}


@pytest.mark.parametrize(
    ("method", "path", "body", "allowed"),
    [
        ("POST", LINKS, {"AccountId": "1"}, "a"),
        ("DELETE", f"{LINKS}/{NEW}", None, "a"),
        ("POST", "/v2/linkaccounts", {"AccountId": "1"}, "f"),
        ("DELETE", "/v2/linkaccounts", {"AccountId": NEW}, "f"),
    ],
)
def test_only_its_administrator_may_change_links(
    accounts: Any, access: Any, method: str, path: str, body: Any, allowed: str
) -> None:
    for letter, headers in access.items():
        answer = accounts.send(method, path, headers, None if body is None else json.dumps(body))
        reason = answer.json().get("ResponseStatus", answer.json())
        if letter == allowed:
            assert reason["ErrorCode"] == 400
        else:
            assert (answer.status_code, reason) == (403, {"message": "User is not authorized to access this resource"})


def test_token_of_an_account_works_once_it_is_onboarded(accounts: Any, access: Any) -> None:
    accounts.write("POST", LINKS, access["a"], {"AccountId": NEW})
    role = accounts.role("rulestack", credentials=accounts.assume(ENTRY), document=None)
    path, credentials = "/v1/mgmt/tokens/cloudrulestackadmin", accounts.assume(role)
    assert accounts.signed("GET", path, credentials).status_code == 403
    link = accounts.content(f"{LINKS}/{NEW}", access["a"])
    deploy(accounts, link)
    assert accounts.signed("GET", path, credentials).json()["ResponseStatus"]["ErrorCode"] == 0
    endpoint = accounts.client("iam", accounts.assume(ENTRY)).get_role(RoleName="PaloAltoNetworksEndpoint")["Role"]
    trusted = endpoint["AssumeRolePolicyDocument"]["Statement"][0]
    assert trusted["Principal"]["AWS"] == f"arn:aws:iam::{link['ServiceAccountId']}:root"
    assert trusted["Condition"] == {"StringEquals": {"sts:ExternalId": link["ExternalId"]}}


def test_gateway_without_v1_routes(accounts: Any, access: Any) -> None:
    accounts.admin("PUT", "/access", {"v1_links": False})
    for path in (LINKS, f"{LINKS}/{NEW}"):
        assert accounts.read(path, access["a"]).json() == {"message": "Missing Authentication Token"}
    assert accounts.content("/v2/linkaccounts", access["f"])["AccountIds"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"TemplateURL": "https://bucket.s3.amazonaws.com/other.yml"}, "ValidationError"),
        ({"Capabilities": []}, "InsufficientCapabilitiesException"),
        ({"StackName": "-"}, "ValidationError"),
    ],
)
def test_stacks_that_aws_rejects(accounts: Any, access: Any, given: dict[str, Any], code: str) -> None:
    url = accounts.content(f"{LINKS}/210987654321", access["a"])["CloudFormationTemplateURL"]
    options = {"StackName": STACK, "TemplateURL": url, "Capabilities": ["CAPABILITY_NAMED_IAM"], **given}
    client = accounts.client("cloudformation", accounts.assume(ENTRY))
    with pytest.raises(botocore.exceptions.ClientError) as failure:
        client.create_stack(**options)
    assert failure.value.response["Error"]["Code"] == code


def test_change_set_without_a_type_is_of_the_existing_stack(accounts: Any, access: Any) -> None:
    """As check mode of amazon.aws.cloudformation creates it."""
    accounts.write("POST", LINKS, access["a"], {"AccountId": NEW})
    link = accounts.content(f"{LINKS}/{NEW}", access["a"])
    deploy(accounts, link)
    client = accounts.client("cloudformation", accounts.assume(ENTRY))
    same = client.describe_stacks(StackName=STACK)["Stacks"][0]["Parameters"]
    same = [one for one in same if one["ParameterKey"] in ("TrustedAccount", "ExternalId", "SNSTopicArn")]
    other = [*same[:2], {**same[2], "ParameterValue": "other"}]
    for parameters, status in ((same, "FAILED"), (other, "CREATE_COMPLETE")):
        made = client.create_change_set(
            StackName=STACK,
            ChangeSetName=status.replace("_", "-"),
            TemplateURL=link["CloudFormationTemplateURL"],
            Parameters=parameters,
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        assert client.describe_change_set(ChangeSetName=made["Id"])["Status"] == status
    assert len(client.describe_stacks()["Stacks"]) == 1


def test_permission_to_change_a_stack_is_checked(accounts: Any) -> None:
    allowed = {
        "Effect": "Allow",
        "Action": "cloudformation:DescribeStacks",
        "Resource": "arn:aws:cloudformation:*:*:stack/known/*",
    }
    keys, _arn = accounts.user_with(allowed)
    client = accounts.client("cloudformation", keys)
    for name, code in (("known", "ValidationError"), ("other", "AccessDenied")):
        with pytest.raises(botocore.exceptions.ClientError) as failure:
            client.describe_stacks(StackName=name)
        assert failure.value.response["Error"]["Code"] == code


def test_template_is_public_and_the_same_as_in_the_stack(accounts: Any, access: Any) -> None:
    url = accounts.content(f"{LINKS}/210987654321", access["a"])["CloudFormationTemplateURL"]
    assert url.startswith(accounts.endpoints.ngfw_url)
    answer = accounts.session.get(url, verify=accounts.ca, timeout=20)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/yaml")
    assert "TrustedAccount" in answer.text
