# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin, run by C(ansible-inventory) as a user does."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from ..modules.test_secrecy import leaks, places

MAIN, SHOP = "123456789012", "210987654321"
ROLE = "NgfwInventory"
EGRESS = {
    "name": "egress-inspection",
    "firewall_id": "fw-0c1d2e3f4a5b",
    "region": "us-east-1",
    "status": "CREATE_COMPLETE",
    "rulestack": "web-egress",
    "global_rulestack": "company-baseline",
}
Inventory = Callable[..., subprocess.CompletedProcess[str]]


def iam_of(services: Any, account: str) -> Any:
    """An IAM client of an account's administrator."""
    if account == MAIN:
        return services.iam()
    entry = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
    found = services.aws("sts").assume_role(RoleArn=entry, RoleSessionName="test")["Credentials"]
    return boto3.client(
        "iam",
        aws_access_key_id=found["AccessKeyId"],
        aws_secret_access_key=found["SecretAccessKey"],
        aws_session_token=found["SessionToken"],
        endpoint_url=services.endpoints["aws_url"],
        verify=services.endpoints["ca_bundle"],
        region_name="us-east-1",
    )


@pytest.fixture
def reader(services: Any) -> Iterator[Callable[[str], None]]:
    """Creates the role that reads firewalls in an account."""
    made = []

    def create(account: str) -> None:
        iam = iam_of(services, account)
        trust = {"Effect": "Allow", "Principal": {"AWS": MAIN}, "Action": "sts:AssumeRole"}
        iam.create_role(
            RoleName=ROLE,
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
            Tags=[{"Key": "CloudNGFWFirewallAdmin", "Value": "Yes"}],
        )
        made.append(iam)
        iam.attach_role_policy(RoleName=ROLE, PolicyArn="arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess")

    yield create
    for iam in made:
        iam.detach_role_policy(RoleName=ROLE, PolicyArn="arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess")
        iam.delete_role(RoleName=ROLE)


@pytest.fixture
def inventory(services: Any, controller: Any) -> Inventory:
    """Run C(ansible-inventory --list) on an inventory file with options; all files of Ansible are in the home directory."""
    settings = {**services.environment(), "HOME": str(controller.home), **places(controller.home)}

    def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        path = controller.home / "test.ngfw_accounts.yml"
        path.write_text(yaml.safe_dump({"plugin": "panw.cloud.ngfw_accounts", **options}))
        program = str(Path(sys.executable).parent / "ansible-inventory")
        command = [program, "-i", str(path), "--list", *arguments]
        # Without it, an inventory that cannot be read is a warning only.
        environment = {**settings, "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)

    return run


def test_accounts_are_hosts_and_the_cache_needs_no_call(
    services: Any, controller: Any, reader: Callable[[str], None], inventory: Inventory
) -> None:
    services.ask("POST", "/firewalls/reset")
    for account in (MAIN, SHOP):
        reader(account)
    cache = controller.home / "cache"
    options = {
        "role_arn": "{{ my_role }}",
        "firewall_role_arn": f"arn:aws:iam::{{account_id}}:role/{ROLE}",
        "regions": ["us-east-1"],
        "filters": {"onboarding_status": "Success", "region": ["us-east-1"]},
        "keyed_groups": [
            {"prefix": "onboarding", "key": "onboarding_status"},
            {"prefix": "region", "key": "regions"},
            {"prefix": "rulestack", "key": "rulestacks"},
        ],
        "groups": {"busy": "firewalls | selectattr('status', 'equalto', 'UPDATING') | list | length > 0"},
        "compose": {"first_firewall": "firewalls[0].name"},
        "strict": True,
        "cache": True,
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": str(cache),
    }
    before = services.state
    given = ("-vvvv", "-e", f"my_role={services.role_arn}")
    first = inventory(*given, **options)
    assert first.returncode == 0, first.stderr
    assert services.alive_since(before) == 0
    listed = json.loads(first.stdout[first.stdout.index("{\n") :])
    hosts = listed["_meta"]["hostvars"]
    assert set(hosts) == {MAIN, SHOP}
    assert hosts[MAIN] == {
        "account_id": MAIN,
        "onboarding_status": "Success",
        "firewalls": [EGRESS],
        "regions": ["us-east-1"],
        "rulestacks": ["company-baseline", "web-egress"],
        "failed_regions": [],
        "first_firewall": "egress-inspection",
        "my_role": services.role_arn,
    }
    assert {group: entry["hosts"] for group, entry in listed.items() if entry.get("hosts")} == {
        "onboarding_Success": [MAIN, SHOP],
        "region_us_east_1": [MAIN, SHOP],
        "rulestack_web_egress": [MAIN],
        "rulestack_company_baseline": [MAIN],
        "rulestack_shop_backend": [SHOP],
        "busy": [SHOP],
    }

    calls = services.calls()
    second = inventory(*given, **options)
    assert services.calls() == calls
    assert json.loads(second.stdout[second.stdout.index("{\n") :]) == listed
    (stored,) = [path for path in cache.iterdir() if path.is_file()]
    assert "egress-inspection" in stored.read_text()
    shown = "".join((first.stdout, first.stderr, second.stdout, second.stderr))
    assert leaks(controller.home, shown, services.secrets()) == []


def test_account_that_denies_access_is_skipped_with_a_warning_on_request(
    services: Any, reader: Callable[[str], None], inventory: Inventory
) -> None:
    reader(SHOP)
    role = f"arn:aws:iam::{{account_id}}:role/{ROLE}"
    done = inventory(
        role_arn=services.role_arn, firewall_role_arn=role, strict_permissions=False, regions=["us-east-1"]
    )
    hosts = json.loads(done.stdout)["_meta"]["hostvars"]
    assert (hosts[MAIN]["firewalls"], hosts[MAIN]["failed_regions"]) == ([], ["us-east-1"])
    assert [firewall["name"] for firewall in hosts[SHOP]["firewalls"]] == ["shop-inspection"]
    warning = " ".join(done.stderr.split())
    assert f"The firewalls of AWS account '{MAIN}' in us-east-1 are missing: Could not assume" in warning


def test_rejected_token_fails_without_being_shown(services: Any, controller: Any, inventory: Inventory) -> None:
    token, key = "made.up.token-of-the-inventory", "made-up-subscription-key"
    secrets = controller.home / "secrets.json"
    secrets.write_text(json.dumps({"my_key": key}))
    done = inventory("-vvvv", "-e", f"@{secrets}", token=token, subscription_key="{{ my_key }}")
    for path in (secrets, controller.home / "test.ngfw_accounts.yml"):
        path.unlink()
    assert done.returncode != 0
    assert "Could not list the linked AWS accounts" in " ".join(done.stderr.split())
    assert leaks(controller.home, done.stdout + done.stderr, [token, key, *services.secrets()]) == []
