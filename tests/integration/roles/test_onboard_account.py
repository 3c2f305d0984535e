# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role onboard_account: an account is linked, its stack deployed, drift repaired, and everything removed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from ..conftest import ROOT, Controller, SimulatedServices
from .test_iam_role import changed

NEW = "345678901234"
STACK = "PaloAltoNetworksCrossAccountRoleSetup"
WRITES = ("POST /v1/mgmt/linkaccounts", "DELETE /v1/mgmt/linkaccounts/{accountid}")
DEPLOYS = ("cloudformation:CreateStack", "cloudformation:UpdateStack", "cloudformation:DeleteStack")


class Account:
    """The account that is onboarded."""

    def __init__(self, services: SimulatedServices, controller: Controller) -> None:
        self._services, self._controller = services, controller
        self._before = self._written()
        self.cloudformation = self._client("cloudformation")

    def _client(self, service: str) -> Any:
        entry = f"arn:aws:iam::{NEW}:role/OrganizationAccountAccessRole"
        found = self._services.aws("sts").assume_role(RoleArn=entry, RoleSessionName="test")["Credentials"]
        return boto3.client(
            service,
            region_name="us-east-1",
            endpoint_url=self._services.endpoints["aws_url"],
            verify=self._services.endpoints["ca_bundle"],
            aws_access_key_id=found["AccessKeyId"],
            aws_secret_access_key=found["SecretAccessKey"],
            aws_session_token=found["SessionToken"],
        )

    def run(self, *arguments: str, expected: int = 0, **variables: Any) -> Any:
        """Run the role."""
        given = {"account_id": NEW, "role_arn": self._services.role_arn, "profile": NEW, **variables}
        task = {
            "ansible.builtin.include_role": {"name": "panw.cloud.onboard_account"},
            "vars": {f"onboard_account_{name}": value for name, value in given.items()},
        }
        fact = {"name": "fact", "ansible.builtin.debug": {"var": "ngfw_account"}}
        run = self._controller.play(task, *([] if given.get("state") == "absent" else [fact]), arguments=arguments)
        assert run.returncode == expected, run.output
        return run

    @property
    def writes(self) -> tuple[int, int]:
        """How many links were created or deleted since the test began, and how many stacks."""
        links, stacks = self._written()
        return links - self._before[0], stacks - self._before[1]

    def _written(self) -> tuple[int, int]:
        calls = self._services.state
        return (
            sum(calls["calls"].get(name, 0) for name in WRITES),
            sum(calls["aws_calls"].get(name, 0) for name in DEPLOYS),
        )

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the stack."""
        stack = self.cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
        return {one["ParameterKey"]: one["ParameterValue"] for one in stack["Parameters"]}

    @property
    def status(self) -> str | None:
        """The onboarding status, None without a link."""
        status: str | None = self._services.state["links"].get(NEW, {}).get("status")
        return status


@pytest.fixture
def account(services: SimulatedServices, controller: Controller) -> Iterator[Account]:
    found = Account(services, controller)
    yield found
    services.ask("POST", "/accounts/reset")
    found.cloudformation.delete_stack(StackName=STACK)


def test_account_is_onboarded_once_repaired_and_removed(services: Any, account: Account) -> None:
    before = services.state
    predicted = account.run("--check", "--diff")
    assert (changed(predicted), account.writes, account.status) == (2, (0, 0), None)
    assert predicted.results["fact"]["ngfw_account"]["external_id"] is None
    assert predicted.results["Show what differs"]["msg"]["after"]["S3Bucket"] == "None"
    made = account.run()
    assert (changed(made), account.writes, account.status) == (2, (1, 1), "Success")
    fact = made.results["fact"]["ngfw_account"]
    assert (fact["onboarding_status"], fact["stack_name"]) == ("Success", STACK)
    assert account.parameters["ExternalId"] == fact["external_id"]
    for arguments in ((), ("--check", "--diff")):
        assert changed(account.run(*arguments)) == 0
    writes = account.writes[0]
    drifted = account.run("--check", "--diff", endpoint_mode="CustomerManaged", parameters={"S3Bucket": 4711})
    assert drifted.results["Show what differs"]["msg"] == {
        "before": {"EndpointMode": "Yes", "S3Bucket": "None"},
        "after": {"EndpointMode": "No", "S3Bucket": "4711"},
    }
    assert (changed(drifted), account.parameters["EndpointMode"]) == (1, "Yes")
    assert changed(account.run(endpoint_mode="CustomerManaged", parameters={"S3Bucket": 4711})) == 1
    assert (account.parameters["EndpointMode"], account.parameters["S3Bucket"]) == ("No", "4711")
    assert account.writes[0] == writes
    removal = account.run("--check", state="absent")
    assert (changed(removal), account.status) == (2, "Success")
    assert changed(account.run(state="absent")) == 2
    assert (account.status, changed(account.run(state="absent"))) == (None, 0)
    assert (
        account.cloudformation.list_stacks(StackStatusFilter=["CREATE_COMPLETE", "UPDATE_COMPLETE"])["StackSummaries"]
        == []
    )
    assert services.alive_since(before) == 0


def test_new_link_is_given_to_the_stack_that_exists(services: Any, account: Account) -> None:
    account.run()
    services.ask("POST", "/accounts/reset")
    predicted = account.run("--check", "--diff")
    assert changed(predicted) == 1
    after = predicted.results["Show what differs"]["msg"]["after"]
    assert after == dict.fromkeys(
        ["TrustedAccount", "ExternalId", "SNSTopicArn"], "(known after the account is linked)"
    )
    assert changed(account.run()) == 2
    assert account.status == "Success"


def test_stack_removed_by_hand_is_deployed_again(account: Account) -> None:
    account.run()
    account.cloudformation.delete_stack(StackName=STACK)
    assert account.status == "Pending"
    assert changed(account.run("--check")) == 1
    assert changed(account.run()) == 1
    assert account.status == "Success"


def test_stack_of_a_stack_set_is_waited_for(account: Account) -> None:
    stacks = account.writes[1]
    run = account.run(deploy_stack=False, wait=False, profile="")
    assert (changed(run), account.writes[1], account.status) == (1, stacks, "Pending")
    late = account.run(deploy_stack=False, wait_timeout=1, profile="", expected=2)
    assert "its onboarding status is Pending; it did not become Success within 1 seconds" in late.failure["msg"]


def test_readme_example_onboards_the_account(services: Any, controller: Controller, account: Account) -> None:
    text = (ROOT / "roles/onboard_account/README.md").read_text().partition("```yaml\n")[2].partition("```")[0]
    for shown, here in {
        "arn:aws:iam::123456789012:role/CloudNGFWAccountAdmin": services.role_arn,
        "profile: security": "profile: simulator",
        "profile: shop": f"profile: '{NEW}'",
    }.items():
        assert shown in text
        text = text.replace(shown, here)
    playbook = controller.home / "readme.yml"
    playbook.write_text(text)
    run = controller.playbook(playbook)
    assert run.returncode == 0, run.output
    assert (account.status, account.parameters["S3Bucket"]) == ("Success", "shop-firewall-logs")


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"account_id": "1234"}, "onboard_account_account_id is '1234' and must be the ID of an AWS account"),
        ({"template": "/a", "template_url": "https://a"}, "must not be set together"),
        ({"wait_timeout": 0}, "onboard_account_wait_timeout is 0"),
        ({"profile": ""}, "The credentials for CloudFormation are of the account 123456789012"),
    ],
)
def test_bad_input_is_refused_before_any_write(account: Account, variables: dict[str, Any], message: str) -> None:
    before = account.writes
    assert message in account.run(**variables, expected=2).failure["msg"]
    assert account.writes == before
