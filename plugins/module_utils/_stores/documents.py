# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What lies in a store: JSON documents with a version.

A reader needs nothing but the document of a token. Beside tokens there are reservations, which say that a token is about to be made.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .._dates import parse, show
from .._errors import Evidence, PanwCloudError
from .._secrets import fingerprint

VERSION = 1
_TEXTS = ("token", "subscription_key", "admin_role", "region", "url")
_OPTIONAL_TEXTS = ("role_arn", "account_id")


class DamagedDocument(PanwCloudError):
    """What lies in the store is not what this collection writes."""

    kind = "damaged_document"
    advice = "Look at it, then set 'on_damaged' to 'replace', or choose another place."

    def __init__(self, place: str, problem: str) -> None:
        super().__init__("read the stored document", Evidence(target=place, reason=problem))


@dataclasses.dataclass(frozen=True)
class StoredToken:
    """A token with all that its readers, and the next run, have to know of it.

    :param role_arn: the IAM role it was issued to, None where the caller's own credentials were used.
    """

    token: str = dataclasses.field(repr=False)
    subscription_key: str = dataclasses.field(repr=False)
    expires_at: datetime
    issued_at: datetime
    admin_role: str
    region: str
    url: str
    role_arn: str | None = None
    account_id: str | None = None

    @property
    def fingerprint(self) -> str:
        """By which the token can be recognised."""
        return fingerprint(self.token)

    def as_json(self) -> dict[str, Any]:
        """The document, without its version."""
        dates = {"expires_at": show(self.expires_at), "issued_at": show(self.issued_at)}
        return {**dataclasses.asdict(self), **dates, "fingerprint": self.fingerprint}


@dataclasses.dataclass(frozen=True)
class Reservation:
    """Somebody is about to make a token.

    :param reserved_by: an identifier of the run.
    """

    reserved_at: datetime
    reserved_by: str

    def as_json(self) -> dict[str, Any]:
        """The document, without its version."""
        return {"reserved_at": show(self.reserved_at), "reserved_by": self.reserved_by}


@dataclasses.dataclass(frozen=True)
class Record:
    """One document as it lies in a store: a token, a reservation or neither; with tokens that wait for revocation where the store keeps them inside.

    :param retiring: tokens, each with the time at which it is to be revoked.
    """

    content: StoredToken | Reservation | None = None
    retiring: tuple[tuple[StoredToken, datetime], ...] = ()

    @property
    def token(self) -> StoredToken | None:
        """The content, where it is a token."""
        return self.content if isinstance(self.content, StoredToken) else None

    def dump(self) -> str:
        """The document."""
        document: dict[str, Any] = {"version": VERSION, **(self.content.as_json() if self.content else {})}
        if self.retiring:
            document["retiring"] = [{**token.as_json(), "retire_at": show(due)} for token, due in self.retiring]
        return json.dumps(document)


def load(text: str, place: str) -> Record:
    """Read a document. :param place: where it lies, for the error. :raises DamagedDocument: it is not what this collection writes."""
    try:
        document = json.loads(text)
    except ValueError:
        raise DamagedDocument(place, "it is not JSON") from None
    try:
        return _record(document)
    except ValueError as error:
        failure = DamagedDocument(place, str(error))
    raise failure


def _record(document: Any) -> Record:
    if not isinstance(document, dict):
        raise ValueError("it is not an object")
    version = document.get("version")
    if version != VERSION:
        raise ValueError(f"its version is {version!r}; this release of the collection reads version {VERSION}")
    waiting = document.get("retiring", [])
    if not isinstance(waiting, list):
        raise ValueError("'retiring' is not a list")
    retiring = tuple((_token(entry), _date(entry, "retire_at")) for entry in waiting)
    if "token" in document:
        return Record(_token(document), retiring)
    if "reserved_at" in document:
        return Record(Reservation(_date(document, "reserved_at"), _text(document, "reserved_by")), retiring)
    return Record(None, retiring)


def _token(fields: Any) -> StoredToken:
    if not isinstance(fields, dict):
        raise ValueError("an entry of 'retiring' is not an object")
    token = StoredToken(
        expires_at=_date(fields, "expires_at"),
        issued_at=_date(fields, "issued_at"),
        **{name: _text(fields, name) for name in _TEXTS},
        **{name: _text(fields, name) for name in _OPTIONAL_TEXTS if fields.get(name) is not None},
    )
    if fields.get("fingerprint") != token.fingerprint:
        raise ValueError("its fingerprint is not that of its token")
    return token


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"'{name}' is missing or not text")
    return value


def _date(fields: Mapping[str, Any], name: str) -> datetime:
    try:
        return parse(_text(fields, name))
    except ValueError:
        raise ValueError(f"'{name}' is missing or no date") from None
