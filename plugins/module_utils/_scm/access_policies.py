# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access policies: roles for service accounts.

Source: the vendor's OpenAPI document of access policies. A policy for an unknown address silently creates a user with that address,
so an account is looked up before it gets a role.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Any

from .._common.errors import ErrorContext, NotFound
from .._common.urls import segment
from .._transport.http import REPEATABLE
from .client import ScmClient
from .create_once import create_once
from .service_accounts import ServiceAccount, ServiceAccounts

PATH = "/iam/v1/access_policies"


@dataclasses.dataclass(frozen=True)
class AccessPolicy:
    """A role assigned to a principal.

    :param role: the name of a predefined role or the ID of a custom one.
    :param resource: C(prn:<TSG ID>::::).
    """

    id: str
    role: str
    principal: str
    resource: str


class AccessPolicies:
    """The access policies of the calling account's tenant service group, without inherited ones."""

    def __init__(self, client: ScmClient) -> None:
        self._client = client
        self.resource = f"prn:{client.tsg_id}::::"

    def of(self, account: ServiceAccount) -> list[AccessPolicy]:
        """The policies that assign an account's roles."""
        attempted = f"list the access policies of service account {account.name}"
        listed = self._client.objects(attempted, PATH, {"principal": account.client_id})
        policies = [self._policy(attempted, "GET", item) for item in listed]
        principal = account.client_id.lower()
        return [
            policy for policy in policies if (policy.principal.lower(), policy.resource) == (principal, self.resource)
        ]

    def held(self, role: str, account: ServiceAccount) -> AccessPolicy | None:
        """The policy that assigns a role to an account, None if the role is not assigned."""
        return next((policy for policy in self.of(account) if policy.role == role), None)

    def bind(self, role: str, account: ServiceAccount) -> AccessPolicy:
        """Assign a role to an account that does not have it.

        :param role: the name of a predefined role or the ID of a custom one.
        :raises NotFound: the account does not exist.
        """
        attempted = f"assign role {role} to service account {account.name}"
        if not ServiceAccounts(self._client).exists(account):
            raise NotFound(
                attempted,
                ErrorContext(
                    f"service account {account.id}", reason=f"no account with client ID {account.client_id} exists"
                ),
                "Run again: an access policy for an unknown address would create a user with it.",
            )
        body = {"role": role, "principal": account.client_id, "resource": self.resource}

        def create() -> AccessPolicy:
            response = self._client.ask(attempted, "POST", PATH, body=body)
            return self._policy(attempted, "POST", response)

        return create_once(create, lambda: self.held(role, account), self._client.http.warnings.append)

    def delete(self, policy: AccessPolicy) -> None:
        """Delete a policy; a missing one is not an error."""
        attempted = f"unassign role {policy.role} from {policy.principal}"
        with contextlib.suppress(NotFound):
            self._client.ask(attempted, "DELETE", f"{PATH}/{segment(policy.id)}", unknown_limit=REPEATABLE)

    def _policy(self, attempted: str, method: str, item: Any) -> AccessPolicy:
        fields = item if isinstance(item, dict) else {}
        names = ("id", "role", "principal", "resource")
        missing = [name for name in names if not isinstance(fields.get(name), str)]
        if missing:
            problem = f"the response lacks {', '.join(missing)} of an access policy"
            raise self._client.malformed(attempted, method, PATH, problem)
        return AccessPolicy(*(fields[name] for name in names))
