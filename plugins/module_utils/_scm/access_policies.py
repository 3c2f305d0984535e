# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access policies: roles for service accounts.

Source: the vendor's OpenAPI document of access policies. A policy for an address that is not known makes a user of that address without a word,
so that an account is looked up before it is given a role.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from .._common.errors import Evidence, NotFound, RouteNotFound
from .._common.urls import segment
from .client import ScmClient
from .create_once import created_once
from .service_accounts import ServiceAccount, ServiceAccounts

PATH = "/iam/v1/access_policies"


@dataclasses.dataclass(frozen=True)
class AccessPolicy:
    """A role for a principal.

    :param role: the name of a predefined role or the id of a custom one.
    :param resource: C(prn:<id of a tenant service group>::::).
    """

    id: str
    role: str
    principal: str
    resource: str


class AccessPolicies:
    """The access policies of the calling account's tenant service group itself, without those that it inherits."""

    def __init__(self, client: ScmClient) -> None:
        self._client = client
        self.resource = f"prn:{client.tsg_id}::::"

    def of(self, account: ServiceAccount) -> list[AccessPolicy]:
        """The policies that give an account its roles."""
        attempted = f"list the access policies of service account {account.name}"
        listed = self._client.objects(attempted, PATH, {"principal": account.client_id})
        policies = [self._policy(attempted, "GET", item) for item in listed]
        principal = account.client_id.lower()
        return [
            policy for policy in policies if (policy.principal.lower(), policy.resource) == (principal, self.resource)
        ]

    def held(self, role: str, account: ServiceAccount) -> AccessPolicy | None:
        """The policy that gives an account a role, None where it has not got it."""
        return next((policy for policy in self.of(account) if policy.role == role), None)

    def bind(self, role: str, account: ServiceAccount) -> AccessPolicy:
        """Give an account a role that it has not got.

        :param role: the name of a predefined role or the id of a custom one.
        :raises NotFound: the account is gone.
        """
        attempted = f"give service account {account.name} the role {role}"
        if not ServiceAccounts(self._client).exists(account):
            raise NotFound(
                attempted,
                Evidence(f"service account {account.id}", reason=f"there is none with client id {account.client_id}"),
                "Run again: an access policy for an address that is not known would make a user of it.",
            )
        body = {"role": role, "principal": account.client_id, "resource": self.resource}

        def create() -> AccessPolicy:
            answer = self._client.ask(attempted, "POST", PATH, body=body, unknown_limit=1)
            return self._policy(attempted, "POST", answer)

        return created_once(create, lambda: self.held(role, account), self._client.http.warnings.append)

    def delete(self, policy: AccessPolicy) -> None:
        """Delete a policy; one that is gone meanwhile is no error."""
        attempted = f"take the role {policy.role} from {policy.principal}"
        try:
            self._client.ask(attempted, "DELETE", f"{PATH}/{segment(policy.id)}")
        except RouteNotFound:
            raise
        except NotFound:
            pass

    def _policy(self, attempted: str, method: str, item: Any) -> AccessPolicy:
        fields = item if isinstance(item, dict) else {}
        names = ("id", "role", "principal", "resource")
        missing = [name for name in names if not isinstance(fields.get(name), str)]
        if missing:
            problem = f"the answer lacks {', '.join(missing)} of an access policy"
            raise self._client.malformed(attempted, method, PATH, problem)
        return AccessPolicy(*(fields[name] for name in names))
