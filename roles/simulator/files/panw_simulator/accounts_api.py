# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read operations for the tenant: linked accounts, cross-account roles, subscription keys."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from .documents import compact, update_token
from .envelope import ServiceError
from .pagination import Pager
from .routing import EVERYBODY, READERS, Call, Caller, Content, Route
from .settings import Settings
from .tokens import AdminRole, TokenStore

LINKS = "/v1/mgmt/linkaccounts"
ROLES = "/v1/mgmt/xaccountroles"
PAGE = 1024


class Management:
    """Handlers of the routes. Link accounts are served in the management-plane region."""

    def __init__(
        self,
        accounts: Sequence[Mapping[str, Any]],
        service_account: str,
        settings: Settings,
        tokens: TokenStore,
        mp_region: str,
        pager: Pager,
    ) -> None:
        self._accounts = {str(account["id"]): account for account in accounts}
        self._service_account = service_account
        self._settings = settings
        self._tokens = tokens
        self._mp_region = mp_region
        self._pager = pager

    def routes(self) -> list[Route]:
        """The routes with their handlers."""
        firewall_admin = frozenset({AdminRole.FIREWALL})
        return [
            Route("GET", LINKS, self.list_links, roles=EVERYBODY, management=True),
            Route("GET", f"{LINKS}/{{accountid}}", self.describe_link, roles=EVERYBODY, management=True),
            Route("GET", "/v2/linkaccounts", self.list_links_v2, roles=firewall_admin, management=True),
            Route("GET", ROLES, self.list_roles, roles=READERS),
            Route("GET", f"{ROLES}/{{accountid}}", self.describe_roles, roles=READERS),
            Route("GET", "/v1/mgmt/subscribe", self.subscriptions, roles=EVERYBODY),
        ]

    def list_links(self, call: Call, caller: Caller) -> Content:
        """Account ids; ``describe``, which the SDK sets, adds the details."""
        ids, token = self._page(call, caller)
        content: dict[str, Any] = {"AccountIds": ids, "NextToken": token}
        if call.flag("describe", False):
            content["AccountDetails"] = [self._link(account) for account in ids]
        return compact(content)

    def describe_link(self, call: Call, caller: Caller) -> Content:
        """The link of one account."""
        account = self._known(call)
        return {**self._link(account), "UpdateToken": update_token(self._link(account))}

    def list_links_v2(self, call: Call, caller: Caller) -> Content:
        """The V2 list, with the management-plane region and the roles."""
        ids, token = self._page(call, caller)
        content: dict[str, Any] = {"AccountIds": ids, "MpRegion": self._mp_region, "NextToken": token}
        if call.flag("describe", False):
            content["AccountDetails"] = [
                {**self._link(account), "PrimaryAccount": account == ids[0]} for account in ids
            ]
            content["XAccountDetails"] = [_roles(account) for account in ids]
        return compact(content)

    def list_roles(self, call: Call, caller: Caller) -> Content:
        """Ids of the member accounts."""
        ids, token = self._page(call, caller)
        return compact({"AccountIds": ids, "NextToken": token})

    def describe_roles(self, call: Call, caller: Caller) -> Content:
        """Cross-account roles of a member account; ``describeaccount`` adds its VPCs."""
        account = self._known(call)
        entry = self._accounts[account]
        content = {
            **_roles(account),
            "AccountGroups": entry["groups"],
            "AvailabilityZones": entry["zones"],
            "OnboardingStatus": "Success",
        }
        if call.flag("describeaccount", False):
            wanted = call.text("vpcid")
            content["VpcInformations"] = [_vpc(vpc) for vpc in entry["vpcs"] if wanted in (None, vpc["id"])]
        return content

    def subscriptions(self, call: Call, caller: Caller) -> Content:
        """The subscription key of the caller's account."""
        return {"Subscriptions": [{"SubscriptionKey": self._tokens.subscription_key(caller.account_id)}]}

    def _page(self, call: Call, caller: Caller) -> tuple[list[str], str | None]:
        ids = sorted(account for account in self._accounts if self._settings.onboarded(account))
        listing = f"{caller.account_id}/{'/'.join(call.place.segments)}"
        size = call.integer("maxresults", PAGE, 1, PAGE)
        page, token = self._pager.cut(ids, listing, call.text("nexttoken"), size)
        return list(page), token

    def _known(self, call: Call) -> str:
        account = call.path["accountid"]
        if account not in self._accounts or not self._settings.onboarded(account):
            raise ServiceError("ResourceNotFoundException", f'account "{account}" does not exist')
        return account

    def _link(self, account: str) -> dict[str, Any]:
        return {
            "AccountId": account,
            "CloudFormationTemplateURL": "https://templates.example.com/cloudngfw/cross-account-roles.yaml",
            "ExternalId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"cloudngfw/{account}")),
            "OnboardingStatus": "Success",
            "ServiceAccountId": self._service_account,
            "SnsTopicArn": f"arn:aws:sns:{self._mp_region}:{self._service_account}:cloudngfw-onboarding",
        }


def _roles(account: str) -> dict[str, Any]:
    def role(name: str) -> str:
        return f"arn:aws:iam::{account}:role/{name}"

    return {
        "AccountId": account,
        "AllowedMode": "ServiceManaged",
        "CloudTrailRole": role("PaloAltoNetworksCloudTrail"),
        "DefaultRole": role("PaloAltoNetworksDefault"),
        "Firewall": {
            "EndpointRole": role("PaloAltoNetworksEndpoint"),
            "LoggingRole": role("PaloAltoNetworksLogging"),
        },
        "RuleStack": {"DecryptionRole": role("PaloAltoNetworksDecryption")},
    }


def _vpc(vpc: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "VpcId": vpc["id"],
        "VpcName": vpc["name"],
        "SubnetInformations": [{"SubnetId": subnet, "SubnetName": name} for subnet, name in vpc["subnets"].items()],
    }
