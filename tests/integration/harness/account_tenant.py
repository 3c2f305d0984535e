# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated tenant for the modules of accounts, whose tasks assume a role and get temporary tokens."""

from __future__ import annotations

import configparser
import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3

from .rulestack_tenant import RulestackTenant

TAGS = ("CloudNGFWAccountAdmin", "CloudNGFWFirewallAdmin")
STACK = "cloud-ngfw"


class AccountTenant(RulestackTenant):
    """A running simulator with clients for AWS."""

    part = "account"

    def aws(self, service: str, account: str | None = None) -> Any:
        """A client of the bootstrap user, or of the administrator of another account."""
        own = self.options()
        keys = {"aws_access_key_id": own["access_key"], "aws_secret_access_key": own["secret_key"]}
        place = {"region_name": "us-east-1", "endpoint_url": own["endpoint_url"], "verify": own["aws_ca_bundle"]}
        if account:
            sts = boto3.client("sts", **keys, **place)
            entry = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
            found = sts.assume_role(RoleArn=entry, RoleSessionName="test")["Credentials"]
            keys = {
                "aws_access_key_id": found["AccessKeyId"],
                "aws_secret_access_key": found["SecretAccessKey"],
                "aws_session_token": found["SessionToken"],
            }
        return boto3.client(service, **keys, **place)

    def deploy(self, link: dict[str, Any], **changed: str) -> None:
        """Deploy the template of a link, as the module returns it, in its account."""
        given = {
            "TrustedAccount": link["service_account_id"],
            "ExternalId": link["external_id"],
            "SNSTopicArn": link["sns_topic_arn"],
            **changed,
        }
        self.aws("cloudformation", link["account_id"]).create_stack(
            StackName=STACK,
            TemplateURL=link["cloudformation_template_url"],
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )

    def undeploy(self, account: str) -> None:
        """Delete the stack in an account."""
        self.aws("cloudformation", account).delete_stack(StackName=STACK)


@contextlib.contextmanager
def account_tenant(directory: Path) -> Iterator[AccountTenant]:
    """Start a simulator with a role that has the tags of the firewall and the account administrator."""
    from panw_simulator import Simulator

    with Simulator(directory) as simulator:
        endpoints = dict(simulator.endpoints)
        credentials = configparser.ConfigParser()
        credentials.read(endpoints["credentials_file"])
        own = {
            "access_key": credentials["default"]["aws_access_key_id"],
            "secret_key": credentials["default"]["aws_secret_access_key"],
            "endpoint_url": endpoints["aws_url"],
            "aws_ca_bundle": str(endpoints["ca_bundle"]),
        }
        iam = AccountTenant(endpoints, {"local": own}).aws("iam")
        trust = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}
        role = iam.create_role(
            RoleName="CloudNGFWAdmin",
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
            Tags=[{"Key": key, "Value": "Yes"} for key in TAGS],
        )["Role"]
        invoke = "arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess"
        iam.attach_role_policy(RoleName="CloudNGFWAdmin", PolicyArn=invoke)
        yield AccountTenant(endpoints, {"local": {**own, "role_arn": str(role["Arn"])}})
