# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reconcile one service account with the desired state: present with description, contact and role, or absent.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from .._common.errors import Conflict, ErrorContext, InvalidInput, PanwCloudError
from .access_policies import AccessPolicies
from .client import ScmClient
from .roles import role_id
from .service_accounts import ServiceAccount, ServiceAccounts, check_name

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclasses.dataclass(frozen=True)
class DesiredServiceAccount:
    """The desired service account.

    :param description: None to leave it unchanged; likewise the others.
    :param role: name or ID of a role to assign, in addition to existing ones.
    :param reset_secret: reset the secret if the account exists.
    """

    name: str
    description: str | None = None
    contact_email: str | None = None
    role: str | None = None
    reset_secret: bool = False


@dataclasses.dataclass(frozen=True)
class State:
    """The observed or desired state."""

    account: ServiceAccount | None
    role: str | None = None

    def shown(self) -> dict[str, Any]:
        """The state for a diff."""
        if self.account is None:
            return {}
        known = self.account
        return {
            "name": known.name,
            "description": known.description,
            "contact_email": known.contact_email,
            "role": self.role,
        }


def desired(params: Mapping[str, Any]) -> DesiredServiceAccount:
    """The desired state from the options. :raises InvalidInput: one of them is invalid."""
    check_name("name", params["name"])
    email = params["contact_email"]
    if email and not _EMAIL.fullmatch(email):
        raise InvalidInput("contact_email", f"is not an email address: {email!r}.")
    return DesiredServiceAccount(*(params[field.name] for field in dataclasses.fields(DesiredServiceAccount)))


class ServiceAccountReconciler:
    """Reconciles one service account.

    :param check_mode: only predict changes.
    """

    def __init__(self, client: ScmClient, desired: DesiredServiceAccount, *, check_mode: bool) -> None:
        self._accounts, self._policies = ServiceAccounts(client), AccessPolicies(client)
        self._client, self._desired, self._check_mode = client, desired, check_mode

    def present(self) -> dict[str, Any]:
        """Create or update the account; return the module's result keys.

        The role is looked up before any change. A reset comes last, and a new account that cannot get its role is deleted, so that
        no failure loses a secret.
        """
        desired = self._desired
        role = role_id(self._client, desired.role) if desired.role else None
        found = self._accounts.named(desired.name)
        held = self._policies.held(role, found) if role and found else None
        before = State(found, held.role if held else None)
        after = State(self._planned(found), role)
        reset = bool(found) and desired.reset_secret
        changed = before.shown() != after.shown() or reset
        account = after.account
        if changed and not self._check_mode:
            account = self._change(found, None if held else role)
        return _result(before, dataclasses.replace(after, account=account), changed=changed, reset=reset)

    def absent(self) -> dict[str, Any]:
        """Delete the access policies of the account, then the account.

        :raises Conflict: it is the calling account, which would lose access halfway.
        """
        found = self._accounts.named(self._desired.name)
        if found and found.client_id.lower() == self._client.tokens.credentials.client_id.lower():
            raise Conflict(
                f"delete service account {found.name}",
                ErrorContext(found.client_id, reason="it is the calling account of this task"),
                "Call the API as another service account, or delete this one in the console.",
            )
        if found and not self._check_mode:
            for policy in self._policies.of(found):
                self._policies.delete(policy)
            self._accounts.delete(found)
        return _result(State(found), State(None), changed=bool(found), reset=False)

    def _planned(self, found: ServiceAccount | None) -> ServiceAccount:
        desired, client = self._desired, self._client
        known = found or ServiceAccount("", desired.name, "", client.tsg_id)
        texts = {"description": desired.description, "contact_email": desired.contact_email}
        return dataclasses.replace(known, **{name: text for name, text in texts.items() if text is not None})

    def _change(self, found: ServiceAccount | None, missing_role: str | None) -> ServiceAccount:
        planned = self._planned(found)
        if found is None:
            account = self._accounts.create(planned.name, planned.description, planned.contact_email)
            if missing_role:
                self._bind_or_remove(missing_role, account)
            return account
        if planned != found:
            self._accounts.describe(found, planned.description, planned.contact_email)
        if missing_role:
            self._policies.bind(missing_role, found)
        return self._accounts.reset(planned) if self._desired.reset_secret else planned

    def _bind_or_remove(self, role: str, account: ServiceAccount) -> None:
        try:
            self._policies.bind(role, account)
        except PanwCloudError as failure:
            try:
                self._accounts.delete(account)
            except PanwCloudError as error:
                failure.add(
                    f"The service account was created ({account.client_id}), its secret is lost, and deleting it also failed: {error} "
                    "Delete it, or run again with 'reset_secret'."
                )
            else:
                failure.add("The new service account was deleted again.")
            raise


def _result(before: State, after: State, *, changed: bool, reset: bool) -> dict[str, Any]:
    account = after.account
    return {
        "changed": changed,
        "id": (account.id or None) if account else None,
        "client_id": (account.client_id or None) if account else None,
        "client_secret": account.client_secret if account else None,
        "tsg_id": account.tsg_id if account else None,
        "role": after.role,
        "secret_reset": reset,
        "diff": {
            "before": before.shown(),
            "after": {**after.shown(), **({"secret": "a new one; the old one is invalid"} if reset else {})},
        },
    }
