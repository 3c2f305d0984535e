# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read, create and delete links of AWS accounts with the Cloud NGFW tenant.

The API has two sets of routes. Those of V1 need a token of the account administrator; their writes are in the vendor's Go SDK (v2.0.5) only. Those of
V2 need one of the firewall administrator, name the account in the body, and have no call for a single account (the vendor's OpenAPI document of 2026).

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ..._common.errors import NotFound
from ..._common.token_pair import TokenPair
from ..admin_roles import ADMIN_ROLES, AdminRole
from ..client import NgfwClient
from ..codec import lookup
from ..resources.client import CANDIDATE, ResourceClient
from ..resources.descriptor import Field, Resource, Values
from ..resources.planner import Address, Change, Observed
from ..resources.texts import ACCOUNT
from ..rulestack_calls import Read

PAGE_SIZE = 50  # of the vendor's clients; no document has the maximum
DETAILS = {
    "onboarding_status": "onboarding_status",
    "external_id": "external_id",
    "service_account_id": "service_account_id",
    "sns_topic_arn": "sns_topic_arn",
    "cloudformation_template_url": "cloud_formation_template_url",
}
"""The details of a link: names in results, and keys of answers."""

LINK = Resource(
    kind="link of AWS account",
    section="",
    list=Read("/linkaccounts", body=True, base="/v1/mgmt"),
    describe=Read("/linkaccounts/{}", base="/v1/mgmt"),
    listed="account_details",
    described="",
    name=Field("account_id", "AccountId", text=ACCOUNT),
    # Answers to reads do not have it.
    fields=(Field("origin", "Origin", initial="ProgrammaticAccess", compared=False, mutable=False),),
)


@dataclasses.dataclass(frozen=True)
class LinkRoutes:
    """The routes for links in one version of the API.

    :param resource: with the paths. :param admin_role: the role that may create and delete links.
    :param by_path: whether the account is in the path of a deletion, and can be read alone. Otherwise it is in the body, and in the list.
    """

    resource: Resource
    admin_role: AdminRole
    by_path: bool


ROUTES = (
    LinkRoutes(LINK, ADMIN_ROLES["account"], by_path=True),
    LinkRoutes(
        dataclasses.replace(
            LINK,
            list=Read("/linkaccounts", "lower", base="/v2"),
            describe=Read("/linkaccounts", base="/v2"),
        ),
        dataclasses.replace(ADMIN_ROLES["firewall"], plane="management"),
        by_path=False,
    ),
)
"""In the order in which they are tried. A tenant may lack the first."""


class LinkClient(ResourceClient):
    """Calls the API for links with one token. Thread-safe."""

    def __init__(self, client: NgfwClient, pair: TokenPair, routes: LinkRoutes) -> None:
        super().__init__(client, pair)
        self.routes = routes

    def read(self, resource: Resource, address: Address, name: str, configuration: str = CANDIDATE) -> Observed | None:
        """Read the link of an account; None if it is not linked."""
        attempted = f"read the {resource.kind} '{name}'"
        if not self.routes.by_path:
            return next((self._observed(raw) for raw in self._listed_details() if _account(raw) == name), None)
        try:
            raw = self.send(attempted, "GET", resource.describe.at(address))
        except NotFound:
            return None
        return self._observed({"AccountId": name, **raw})

    def write(self, change: Change) -> None:
        """Create or delete a link.

        :raises PanwCloudError: it failed; C(outcome_unknown) says whether it may have been made.
        """
        resource, attempted = change.resource, f"{change.operation} {change.title}"
        if change.operation == "create":
            self.send(attempted, "POST", resource.list.at(()), change.body, repeatable=False)
        elif self.routes.by_path:
            self.send(attempted, "DELETE", resource.describe.at(change.address))
        else:
            body = {resource.name.wire: change.desired.name}
            self.send(attempted, "DELETE", resource.describe.at(()), body)

    def links(self) -> list[Observed]:
        """All links in the order of the accounts."""
        return sorted((self._observed(raw) for raw in self._listed_details()), key=lambda link: link.name)

    def _listed_details(self) -> list[Mapping[str, Any]]:
        """The details of all links. Accounts of which the list has none are read one by one if the API can."""
        call, ids, details = self.routes.resource.list, [], {}
        pages = self.pages(call, (), "list the linked AWS accounts", {"Describe": True}, PAGE_SIZE)
        for page in pages:
            ids += [str(account) for account in lookup(page, "account_ids") or ()]
            details.update({_account(raw): raw for raw in lookup(page, self.routes.resource.listed) or ()})
        for account in ids:
            if account not in details:
                found = self.read(LINK, (account,), account) if self.routes.by_path else None
                details[account] = found.raw if found else {"AccountId": account}
        return list(details.values())

    def _observed(self, raw: Mapping[str, Any]) -> Observed:
        account = _account(raw)
        return Observed((account,), account, raw, {"origin": ""}, lookup(raw, "update_token"))


def details_of(link: Observed | None) -> Values:
    """The details of a link for results, each None if it is unknown."""
    raw = link.raw if link else {}
    return {name: lookup(raw, key) for name, key in DETAILS.items()}


def _account(raw: Mapping[str, Any]) -> str:
    return str(lookup(raw, "account_id"))
