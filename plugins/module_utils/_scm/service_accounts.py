# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service accounts: find, create, update, reset the secret, delete.

Source: the vendor's OpenAPI document of service accounts. An account is created in the tenant service group of the calling one; its secret is
returned only on creation and reset, and a reset invalidates the previous one immediately.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import dataclasses
import re
from collections.abc import Callable
from typing import Any

from .._common.errors import Conflict, ErrorContext, InvalidInput, NotFound
from .._common.urls import segment
from .._transport.http import REPEATABLE
from .client import ScmClient
from .create_once import create_once

PATH = "/iam/v1/service_accounts"
_SECRET = re.compile(r"[\x20-\x7e]+")  # RFC 6749, appendix A.2


@dataclasses.dataclass(frozen=True)
class ServiceAccount:
    """A service account.

    :param id: a UUID. :param client_id: has the form of an email address.
    :param client_secret: only after creation and reset.
    """

    id: str
    name: str
    client_id: str
    tsg_id: str
    description: str = ""
    contact_email: str = ""
    client_secret: str | None = dataclasses.field(default=None, repr=False)


class ServiceAccounts:
    """The service accounts of the calling account's tenant service group."""

    def __init__(self, client: ScmClient) -> None:
        self._client = client

    def all(self) -> list[ServiceAccount]:
        """All accounts of this tenant service group; a list may also hold those of others."""
        attempted = "list service accounts"
        accounts = [self._account(attempted, "GET", PATH, item) for item in self._client.objects(attempted, PATH)]
        return [account for account in accounts if account.tsg_id == self._client.tsg_id]

    def named(self, name: str) -> ServiceAccount | None:
        """The account with this name, None if it does not exist. :raises Conflict: several exist."""
        return self._only(name, lambda account: account.name == name)

    def find(self, reference: str) -> ServiceAccount | None:
        """The account with this ID, client ID or name, None if it does not exist. :raises Conflict: several exist."""
        desired = reference.lower()
        return self._only(
            reference,
            lambda account: account.name == reference or desired in (account.id.lower(), account.client_id.lower()),
        )

    def exists(self, account: ServiceAccount) -> bool:
        """Whether an account still exists with the same client ID."""
        attempted = f"look up service account {account.name}"
        path = _path(account)
        try:
            found = self._account(
                attempted, "GET", path, self._client.ask(attempted, "GET", path, unknown_limit=REPEATABLE)
            )
        except NotFound:
            return False
        return found.client_id.lower() == account.client_id.lower()

    def create(self, name: str, description: str = "", contact_email: str = "") -> ServiceAccount:
        """Create an account and return it with its secret.

        If the response is lost and the account exists, its secret is reset, because the first one is unknown.

        :raises Conflict: an account with this name exists.
        """
        body = {"name": name, "description": description, "contact_email": contact_email}
        body = {key: value for key, value in body.items() if value}
        attempted = f"create service account {name}"

        def create() -> ServiceAccount:
            response = self._client.ask(attempted, "POST", PATH, body=body)
            return self._with_secret(attempted, PATH, response)

        account = create_once(create, lambda: self.named(name), self._client.http.warnings.append)
        return account if account.client_secret else self.reset(account)

    def describe(self, account: ServiceAccount, description: str, contact_email: str) -> ServiceAccount:
        """Update the description and contact of an account."""
        attempted, path = f"update service account {account.name}", _path(account)
        body = {"description": description, "contact_email": contact_email}
        self._client.ask(attempted, "PUT", path, body=body, unknown_limit=REPEATABLE)
        return dataclasses.replace(account, **body)

    def reset(self, account: ServiceAccount) -> ServiceAccount:
        """Reset the secret of an account and return it with the new one. The old one is invalid immediately.

        It is repeated once after a lost response: that invalidates a secret that is unknown anyway.
        """
        attempted, path = f"reset the secret of service account {account.name}", f"{_path(account)}/operations/reset"
        answered = self._with_secret(attempted, path, self._client.ask(attempted, "POST", path, unknown_limit=2))
        return dataclasses.replace(account, client_secret=answered.client_secret)

    def delete(self, account: ServiceAccount) -> None:
        """Delete an account; a missing one is not an error."""
        attempted = f"delete service account {account.name}"
        with contextlib.suppress(NotFound):
            self._client.ask(attempted, "DELETE", _path(account), unknown_limit=REPEATABLE)

    def _only(self, reference: str, fits: Callable[[ServiceAccount], bool]) -> ServiceAccount | None:
        found = [account for account in self.all() if fits(account)]
        if len(found) > 1:
            which = ", ".join(f"{account.id} ({account.client_id})" for account in found)
            raise Conflict(
                f"identify service account {reference}",
                ErrorContext(f"{PATH} of tenant service group {self._client.tsg_id}", reason=f"several match: {which}"),
                "Rename or delete all but one of them in the console.",
            )
        return found[0] if found else None

    def _with_secret(self, attempted: str, path: str, response: Any) -> ServiceAccount:
        secret = response.get("client_secret") if isinstance(response, dict) else None
        self._client.http.scrubber.learn(secret if isinstance(secret, str) else None)
        account = self._account(attempted, "POST", path, response)
        if secret is None or secret == "":
            raise self._client.malformed(attempted, "POST", path, "the response lacks client_secret")
        if not isinstance(secret, str) or not _SECRET.fullmatch(secret):
            raise self._client.malformed(attempted, "POST", path, "the client_secret in the response is unusable")
        return dataclasses.replace(account, client_secret=secret)

    def _account(self, attempted: str, method: str, path: str, item: Any) -> ServiceAccount:
        fields = item if isinstance(item, dict) else {}
        missing = [name for name in ("id", "name", "client_id") if not isinstance(fields.get(name), str)]
        if missing:
            problem = f"the response lacks {', '.join(missing)} of a service account"
            raise self._client.malformed(attempted, method, path, problem)
        if not all(isinstance(fields.get(name) or "", str) for name in ("description", "contact_email")):
            raise self._client.malformed(attempted, method, path, "a text field of the service account is not a string")
        return ServiceAccount(
            fields["id"],
            fields["name"],
            fields["client_id"],
            str(fields.get("tsg_id") or self._client.tsg_id),
            str(fields.get("description") or ""),
            str(fields.get("contact_email") or ""),
        )


def check_name(option: str, name: str) -> None:
    """Check a service account's name. :raises InvalidInput: it is invalid."""
    if not name.strip() or name != name.strip() or not name.isprintable():
        raise InvalidInput(option, f"must be a name without leading or trailing white space: {name!r}.")
    if "@" in name:
        raise InvalidInput(option, f"must be the name of the service account, not its client ID: {name!r}.")


def _path(account: ServiceAccount) -> str:
    return f"{PATH}/{segment(account.id)}"
