# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service accounts: find, create, describe anew, reset the secret, delete.

Source: the vendor's OpenAPI document of service accounts. An account is made in the tenant service group of the calling one; its secret is told
by creation and by reset only, and a reset kills the one before at once.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

from .._common.errors import Conflict, Evidence, InvalidInput, NotFound, RouteNotFound
from .._common.urls import segment
from .client import ScmClient
from .create_once import created_once

PATH = "/iam/v1/service_accounts"
_SECRET = re.compile(r"[\x20-\x7e]+")  # RFC 6749, appendix A.2


@dataclasses.dataclass(frozen=True)
class ServiceAccount:
    """A service account.

    :param id: a UUID. :param client_id: has the form of an e-mail address.
    :param client_secret: in the answers to creation and reset only.
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
        """All of them, without those that a list may hold of other tenant service groups."""
        attempted = "list service accounts"
        accounts = [self._account(attempted, "GET", PATH, item) for item in self._client.objects(attempted, PATH)]
        return [account for account in accounts if account.tsg_id == self._client.tsg_id]

    def named(self, name: str) -> ServiceAccount | None:
        """The account of this name, None where there is none. :raises Conflict: there are several."""
        return self._only(name, lambda account: account.name == name)

    def find(self, reference: str) -> ServiceAccount | None:
        """The account with this id, client id or name, None where there is none. :raises Conflict: there are several."""
        wanted = reference.lower()
        return self._only(
            reference,
            lambda account: account.name == reference or wanted in (account.id.lower(), account.client_id.lower()),
        )

    def exists(self, account: ServiceAccount) -> bool:
        """Whether an account is still there, with the client id that is known of it."""
        attempted = f"look up service account {account.name}"
        path = _path(account)
        try:
            found = self._account(attempted, "GET", path, self._client.ask(attempted, "GET", path))
        except RouteNotFound:
            raise
        except NotFound:
            return False
        return found.client_id.lower() == account.client_id.lower()

    def create(self, name: str, description: str = "", contact_email: str = "") -> ServiceAccount:
        """Create an account, whose secret the result holds.

        Where the answer is lost, the account is looked for; if it is there, its secret is reset, because nobody knows the first one.

        :raises Conflict: there is one of this name already.
        """
        body = {"name": name, "description": description, "contact_email": contact_email}
        body = {key: value for key, value in body.items() if value}
        attempted = f"create service account {name}"

        def create() -> ServiceAccount:
            answer = self._client.ask(attempted, "POST", PATH, body=body, unknown_limit=1)
            return self._with_secret(attempted, PATH, answer)

        account = created_once(create, lambda: self.named(name), self._client.http.warnings.append)
        return account if account.client_secret else self.reset(account)

    def describe(self, account: ServiceAccount, description: str, contact_email: str) -> ServiceAccount:
        """Give an account another description and contact."""
        attempted, path = f"update service account {account.name}", _path(account)
        body = {"description": description, "contact_email": contact_email}
        self._client.ask(attempted, "PUT", path, body=body)
        return dataclasses.replace(account, **body)

    def reset(self, account: ServiceAccount) -> ServiceAccount:
        """Give an account a new secret, which the result holds. The old one is dead at once.

        It is repeated once after a lost answer: the secret that dies then is one that nobody knows.
        """
        attempted, path = f"reset the secret of service account {account.name}", f"{_path(account)}/operations/reset"
        answered = self._with_secret(attempted, path, self._client.ask(attempted, "POST", path, unknown_limit=2))
        return dataclasses.replace(account, client_secret=answered.client_secret)

    def delete(self, account: ServiceAccount) -> None:
        """Delete an account; one that is gone meanwhile is no error."""
        attempted = f"delete service account {account.name}"
        try:
            self._client.ask(attempted, "DELETE", _path(account))
        except RouteNotFound:
            raise
        except NotFound:
            pass

    def _only(self, reference: str, fits: Callable[[ServiceAccount], bool]) -> ServiceAccount | None:
        found = [account for account in self.all() if fits(account)]
        if len(found) > 1:
            which = ", ".join(f"{account.id} ({account.client_id})" for account in found)
            raise Conflict(
                f"tell which service account {reference} is",
                Evidence(f"{PATH} of tenant service group {self._client.tsg_id}", reason=f"there are {which}"),
                "Rename or remove all but one of them in the console.",
            )
        return found[0] if found else None

    def _with_secret(self, attempted: str, path: str, answer: Any) -> ServiceAccount:
        secret = answer.get("client_secret") if isinstance(answer, dict) else None
        self._client.http.scrubber.learn(secret if isinstance(secret, str) else None)
        account = self._account(attempted, "POST", path, answer)
        if secret is None or secret == "":
            raise self._client.malformed(attempted, "POST", path, "the answer lacks client_secret")
        if not isinstance(secret, str) or not _SECRET.fullmatch(secret):
            raise self._client.malformed(
                attempted, "POST", path, "what the answer holds as client_secret cannot be used"
            )
        return dataclasses.replace(account, client_secret=secret)

    def _account(self, attempted: str, method: str, path: str, item: Any) -> ServiceAccount:
        fields = item if isinstance(item, dict) else {}
        missing = [name for name in ("id", "name", "client_id") if not isinstance(fields.get(name), str)]
        if missing:
            problem = f"the answer lacks {', '.join(missing)} of a service account"
            raise self._client.malformed(attempted, method, path, problem)
        if not all(isinstance(fields.get(name) or "", str) for name in ("description", "contact_email")):
            raise self._client.malformed(attempted, method, path, "a text of the service account is none")
        return ServiceAccount(
            fields["id"],
            fields["name"],
            fields["client_id"],
            str(fields.get("tsg_id") or self._client.tsg_id),
            str(fields.get("description") or ""),
            str(fields.get("contact_email") or ""),
        )


def check_name(option: str, name: str) -> None:
    """:raises InvalidInput: no service account has such a name."""
    if not name.strip() or name != name.strip() or not name.isprintable():
        raise InvalidInput(option, f"must be a name without white space around it: {name!r}.")
    if "@" in name:
        raise InvalidInput(option, f"has to be the name of the service account, not its client id: {name!r}.")


def _path(account: ServiceAccount) -> str:
    return f"{PATH}/{segment(account.id)}"
