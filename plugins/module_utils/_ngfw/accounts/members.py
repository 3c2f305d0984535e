# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the cross-account roles of member accounts: those in which the vendor's CloudFormation template has created them.

Calls and keys are those of the vendor's OpenAPI document "User Onboarding using Endpoint Role" of 2026.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._common.token_pair import TokenPair
from ..client import NgfwClient
from ..rulestack_calls import Calls, Read

MEMBERS = Read("/xaccountroles", body=True, base="/v1/mgmt")
MEMBER = Read("/xaccountroles/{}", "lower", base="/v1/mgmt")


class Members:
    """Reads member accounts with one token of a firewall or rulestack administrator."""

    def __init__(self, client: NgfwClient, pair: TokenPair) -> None:
        self._calls = Calls(client, pair)

    def accounts(self) -> list[str]:
        """The ids of all member accounts."""
        attempted = "list the member accounts"
        return [
            str(account)
            for page in self._calls.pages(attempted, MEMBERS, (), {})
            for account in self._calls.field(attempted, MEMBERS, (), page, "account_ids", list) or ()
        ]

    def roles(self, account_id: str, *, vpcs: bool = False) -> dict[str, Any] | None:
        """The cross-account roles of an account, None if it is not a member. :param vpcs: whether to read its VPCs too."""
        attempted = f"read the cross-account roles of AWS account '{account_id}'"
        found = self._calls.found(attempted, MEMBER, (account_id,), {"DescribeAccount": vpcs})
        if found is None:
            return None
        firewall, rulestack = found.get("firewall") or {}, found.get("rulestack") or {}
        roles = {
            "allowed_mode": found.get("allowed_mode"),
            "default_role": found.get("default_role"),
            "cloud_trail_role": found.get("cloud_trail_role"),
            "endpoint_role": firewall.get("endpoint_role"),
            "logging_role": firewall.get("logging_role"),
            "decryption_role": rulestack.get("decryption_role"),
            "account_groups": found.get("account_groups") or [],
            "availability_zones": found.get("availability_zones") or [],
        }
        return {**roles, "vpcs": [_vpc(vpc) for vpc in found.get("vpc_informations") or ()]} if vpcs else roles


def _vpc(vpc: Mapping[str, Any]) -> dict[str, Any]:
    subnets = vpc.get("subnet_informations") or ()
    return {
        "vpc_id": vpc.get("vpc_id"),
        "name": vpc.get("vpc_name"),
        "subnets": [{"subnet_id": one.get("subnet_id"), "name": one.get("subnet_name")} for one in subnets],
    }
