# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations for the tenant: linked accounts, cross-account roles, subscription keys.

Sources: the vendor's OpenAPI documents "User Onboarding using Link Account", "User Onboarding using Endpoint Role" and "Manage NGFW V2"; for the
writes of V1, its Go SDK (v2.0.5, ngfw/aws/account.go). The topic's key is C(SnsTopicArn) in descriptions and C(SNSTopicArn) after creation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .documents import compact, update_token
from .envelope import ServiceError
from .messages import Response
from .onboarding import ORIGINS, TEMPLATE_PATH, Link, Links, template_text, unknown
from .pagination import Pager
from .routing import EVERYBODY, READERS, Auth, Call, Caller, Content, Route
from .tokens import AdminRole, TokenStore

LINKS = "/v1/mgmt/linkaccounts"
LINK = f"{LINKS}/{{accountid}}"
LINKS_V2 = "/v2/linkaccounts"
ROLES = "/v1/mgmt/xaccountroles"
PAGE = 1024
ENDPOINT_MODES = ("ServiceManaged", "CustomerManaged")
NOTHING: Mapping[str, Any] = {"groups": [], "zones": [], "vpcs": []}


class Management:
    """Handlers of the routes. Linked accounts are served in the management-plane region."""

    def __init__(
        self, accounts: Sequence[Mapping[str, Any]], links: Links, tokens: TokenStore, mp_region: str, pager: Pager
    ) -> None:
        self._accounts = {str(account["id"]): account for account in accounts}
        self._links = links
        self._tokens = tokens
        self._mp_region = mp_region
        self._pager = pager

    def routes(self) -> list[Route]:
        """The routes with their handlers."""
        firewall, account = frozenset({AdminRole.FIREWALL}), frozenset({AdminRole.ACCOUNT})
        return [
            Route("GET", LINKS, self.list_links, roles=EVERYBODY, management=True),
            Route("POST", LINKS, self.create_link, roles=account, management=True),
            Route("GET", LINK, self.describe_link, roles=EVERYBODY, management=True),
            Route("DELETE", LINK, self.delete_link, roles=account, management=True),
            Route("GET", LINKS_V2, self.list_links_v2, roles=firewall, management=True),
            Route("POST", LINKS_V2, self.create_link_v2, roles=firewall, management=True),
            Route("DELETE", LINKS_V2, self.delete_link_v2, roles=firewall, management=True),
            Route("GET", TEMPLATE_PATH, self.template, auth=Auth.NONE),
            Route("GET", ROLES, self.list_roles, roles=READERS),
            Route("GET", f"{ROLES}/{{accountid}}", self.describe_roles, roles=READERS),
            Route("GET", "/v1/mgmt/subscribe", self.subscriptions, roles=EVERYBODY),
        ]

    def list_links(self, call: Call, caller: Caller) -> Content:
        """Account ids; ``describe``, which the SDK sets, adds the details."""
        ids, token = self._page(call, caller, self._links.accounts())
        content: dict[str, Any] = {"AccountIds": ids, "NextToken": token}
        if call.flag("describe", False):
            content["AccountDetails"] = [self._described(call, account) for account in ids]
        return compact(content)

    def describe_link(self, call: Call, caller: Caller) -> Content:
        """The link of one account."""
        return self._with_token(call, call.path["accountid"])

    def create_link(self, call: Call, caller: Caller) -> Content:
        """Link an account, the caller's own by default."""
        return self._created(self._link(call, caller))

    def delete_link(self, call: Call, caller: Caller) -> Content:
        """Remove the link of an account."""
        self._links.delete(call.path["accountid"])
        return {}

    def list_links_v2(self, call: Call, caller: Caller) -> Content:
        """The V2 list, with the management-plane region and the roles."""
        ids, token = self._page(call, caller, self._links.accounts())
        content: dict[str, Any] = {"AccountIds": ids, "MpRegion": self._mp_region, "NextToken": token}
        if call.flag("describe", False):
            first = self._links.accounts()[0]
            content["AccountDetails"] = [
                {**self._with_token(call, account), "PrimaryAccount": account == first} for account in ids
            ]
            content["XAccountDetails"] = [
                self._roles(account) for account in ids if self._links.status(account) == "Success"
            ]
        return compact(content)

    def create_link_v2(self, call: Call, caller: Caller) -> Content:
        """Link an account, the caller's own by default."""
        mode = _choice(call, "endpointmode", ENDPOINT_MODES)
        link = self._link(call, caller)
        content = {**self._created(link), "AccountId": link.account, "EndpointMode": mode, "Existing": False}
        if call.flag("enablecftroleurlcreation", False):
            content["CFTRoleURL"] = _template_url(call)
        return compact(content)

    def delete_link_v2(self, call: Call, caller: Caller) -> Content:
        """Remove the link of the account in the body."""
        link = self._links.delete(_account(call) or "")
        return {"AccountId": link.account, "ExternalId": link.external_id, "Organization": ""}

    def template(self, call: Call, caller: Caller) -> Content:
        """The CloudFormation template of the cross-account roles."""
        return Response(200, template_text().encode(), [("Content-Type", "application/yaml")])

    def list_roles(self, call: Call, caller: Caller) -> Content:
        """Ids of the member accounts."""
        ids, token = self._page(call, caller, self._members())
        return compact({"AccountIds": ids, "NextToken": token})

    def describe_roles(self, call: Call, caller: Caller) -> Content:
        """Cross-account roles of a member account; ``describeaccount`` adds its VPCs."""
        account = call.path["accountid"]
        if account not in self._members():
            raise unknown(account)
        entry = self._accounts.get(account, NOTHING)
        content = {
            **self._roles(account),
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

    def _page(self, call: Call, caller: Caller, ids: Sequence[str]) -> tuple[list[str], str | None]:
        listing = f"{caller.account_id}/{'/'.join(call.place.segments)}"
        size = call.integer("maxresults", PAGE, 1, PAGE)
        page, token = self._pager.cut(ids, listing, call.text("nexttoken"), size)
        return list(page), token

    def _members(self) -> list[str]:
        """The accounts whose roles are known."""
        return [account for account in self._links.accounts() if self._links.status(account) == "Success"]

    def _link(self, call: Call, caller: Caller) -> Link:
        origin = _choice(call, "origin", ORIGINS) or "CloudNGFWConsole"
        return self._links.create(_account(call) or caller.account_id, origin)

    def _created(self, link: Link) -> dict[str, Any]:
        return {
            "ExternalId": link.external_id,
            "Origin": link.origin,
            "ServiceAccountId": self._links.service_account,
            "SNSTopicArn": self._links.topic_arn,
        }

    def _described(self, call: Call, account: str) -> dict[str, Any]:
        link = self._links.find(account)
        if link is None:
            raise unknown(account)
        return {
            "AccountId": account,
            "CloudFormationTemplateURL": _template_url(call),
            "ExternalId": link.external_id,
            "OnboardingStatus": self._links.status(account),
            "ServiceAccountId": self._links.service_account,
            "SnsTopicArn": self._links.topic_arn,
        }

    def _with_token(self, call: Call, account: str) -> dict[str, Any]:
        described = self._described(call, account)
        return {**described, "UpdateToken": update_token(described)}

    def _roles(self, account: str) -> dict[str, Any]:
        given = self._links.parameters(account)
        decrypts = given.get("DecryptionCertificate", "TagBasedCertificate") != "None"
        return {
            "AccountId": account,
            "AllowedMode": "CustomerManaged" if given.get("EndpointMode") == "No" else "ServiceManaged",
            "CloudTrailRole": _role(account, "CloudTrail"),
            "DefaultRole": _role(account, "Default"),
            "Firewall": {"EndpointRole": _role(account, "Endpoint"), "LoggingRole": _role(account, "Logging")},
            "RuleStack": {"DecryptionRole": _role(account, "Decryption")} if decrypts else {},
        }


def _account(call: Call) -> str | None:
    account = call.text("accountid")
    if account is not None and not re.fullmatch(r"\d{12}", account, re.ASCII):
        raise ServiceError("InvalidRequestException", "invalid request: AccountId must have 12 digits")
    return account


def _choice(call: Call, name: str, choices: Sequence[str]) -> str | None:
    value = call.text(name)
    if value is not None and value not in choices:
        raise ServiceError("InvalidRequestException", f"invalid request: {name} must be one of {', '.join(choices)}")
    return value


def _template_url(call: Call) -> str:
    return f"https://{call.request.headers.get('Host')}{TEMPLATE_PATH}"


def _role(account: str, name: str) -> str:
    return f"arn:aws:iam::{account}:role/PaloAltoNetworks{name}"


def _vpc(vpc: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "VpcId": vpc["id"],
        "VpcName": vpc["name"],
        "SubnetInformations": [{"SubnetId": subnet, "SubnetName": name} for subnet, name in vpc["subnets"].items()],
    }
