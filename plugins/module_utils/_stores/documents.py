# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What lies in a store: JSON documents with a version.

A store keeps either a token or the credentials of a service account; a reader needs nothing but that document. Beside them there are
reservations, which say that another one is about to be made.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from .._common.dates import parse, show
from .._common.errors import Evidence, PanwCloudError
from .._common.redaction import fingerprint

VERSION = 1


class DamagedDocument(PanwCloudError):
    """What lies in the store is not what this collection writes."""

    kind = "damaged_document"
    advice = "Look at it, then set 'on_damaged' to 'replace', or choose another place."

    def __init__(self, place: str, problem: str) -> None:
        super().__init__("read the stored document", Evidence(target=place, reason=problem))


class OtherDocument(PanwCloudError):
    """What lies in the store is sound, and of another kind: never replaced, because it may be the only copy of a secret that works."""

    kind = "other_document"
    advice = "Choose another place, or take away what is there with the module that keeps it."

    def __init__(self, place: str, found: str, wanted: str) -> None:
        super().__init__(
            "read the stored document", Evidence(target=place, reason=f"it holds {found}, and not {wanted}")
        )


@dataclasses.dataclass(frozen=True)
class Kept:
    """A secret that a store can keep, with all that its readers, and the next run, have to know of it.

    :cvar NAME: what it is, with its article. :cvar DESCRIPTION: for the places where it is kept.
    :cvar SECRET: the field by which its documents are known. :cvar COEXISTS: whether older ones work on beside a new one.
    :param issued_at: when the secret was made.
    """

    NAME: ClassVar[str]
    DESCRIPTION: ClassVar[str]
    SECRET: ClassVar[str]
    COEXISTS: ClassVar[bool] = False

    issued_at: datetime

    @property
    def fingerprint(self) -> str:
        """By which the secret can be recognised."""
        return fingerprint(getattr(self, self.SECRET))

    def as_json(self) -> dict[str, Any]:
        """The document, without its version."""
        fields = vars(self).items()
        shown = {name: show(value) if isinstance(value, datetime) else value for name, value in fields}
        return {**shown, "fingerprint": self.fingerprint}


K = TypeVar("K", bound=Kept)


@dataclasses.dataclass(frozen=True)
class StoredToken(Kept):
    """A token of Cloud NGFW.

    :param role_arn: the IAM role it was issued to, None where the caller's own credentials were used.
    """

    NAME = "a token"
    DESCRIPTION = "Cloud NGFW token, kept by panw.cloud"
    SECRET = "token"  # noqa: S105 - the name of a field
    COEXISTS = True

    token: str = dataclasses.field(repr=False)
    subscription_key: str = dataclasses.field(repr=False)
    expires_at: datetime
    admin_role: str
    region: str
    url: str
    role_arn: str | None = None
    account_id: str | None = None


@dataclasses.dataclass(frozen=True)
class StoredCredentials(Kept):
    """The client credentials of a service account of Strata Cloud Manager.

    :param name: of the service account. :param auth_url: where they are exchanged for an access token.
    """

    NAME = "the credentials of a service account"
    DESCRIPTION = "Credentials of a service account of Strata Cloud Manager, kept by panw.cloud"
    SECRET = "client_secret"  # noqa: S105 - the name of a field

    client_id: str
    client_secret: str = dataclasses.field(repr=False)
    tsg_id: str
    auth_url: str
    name: str
    service_account_id: str


KINDS: tuple[type[Kept], ...] = (StoredToken, StoredCredentials)


@dataclasses.dataclass(frozen=True)
class Reservation:
    """Somebody is about to make what is kept.

    :param reserved_by: an identifier of the run. :param reserved_for: what for, where the next run has to know.
    """

    reserved_at: datetime
    reserved_by: str
    reserved_for: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The document, without its version."""
        purpose = {"reserved_for": self.reserved_for} if self.reserved_for else {}
        return {"reserved_at": show(self.reserved_at), "reserved_by": self.reserved_by, **purpose}


@dataclasses.dataclass(frozen=True)
class Record(Generic[K]):
    """One document as it lies in a store: what is kept, a reservation or neither; with what waits for its end where the store keeps it inside.

    :param retiring: tokens, each with the time at which it is to be revoked.
    :param staged_by: the run that has staged the content, None if it was not staged.
    """

    content: K | Reservation | None = None
    retiring: tuple[tuple[K, datetime], ...] = ()
    staged_by: str | None = None

    @property
    def kept(self) -> K | None:
        """The content, where it is no reservation."""
        return None if isinstance(self.content, Reservation) else self.content

    def dump(self) -> str:
        """The document."""
        document: dict[str, Any] = {"version": VERSION, **(self.content.as_json() if self.content else {})}
        if self.staged_by:
            document["staged_by"] = self.staged_by
        if self.retiring:
            document["retiring"] = [{**kept.as_json(), "retire_at": show(due)} for kept, due in self.retiring]
        return json.dumps(document)


def load(text: str, place: str, kind: type[K]) -> Record[K]:
    """Read a document.

    :param place: where it lies, for the error.
    :raises DamagedDocument: it is not what this collection writes. :raises OtherDocument: it is of another kind.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):  # the latter for brackets in thousands
        raise DamagedDocument(place, "it is not JSON") from None
    try:
        _check(document)
        for other in KINDS:
            if other is not kind and other.SECRET in document:
                raise OtherDocument(place, other.NAME, kind.NAME)
        return _record(document, kind)
    except ValueError as error:
        failure = DamagedDocument(place, str(error))
    raise failure


def _check(document: Any) -> None:
    if not isinstance(document, dict):
        raise ValueError("it is not an object")
    version = document.get("version")
    if version != VERSION:
        raise ValueError(f"its version is {version!r}; this release of the collection reads version {VERSION}")


def _record(document: Mapping[str, Any], kind: type[K]) -> Record[K]:
    waiting = document.get("retiring", [])
    if not isinstance(waiting, list):
        raise ValueError("'retiring' is not a list")
    retiring = tuple((_kept(entry, kind), _date(entry, "retire_at")) for entry in waiting)
    if kind.SECRET in document:
        staged_by = _text(document, "staged_by") if "staged_by" in document else None
        return Record(_kept(document, kind), retiring, staged_by)
    if "reserved_at" in document:
        purpose = _text(document, "reserved_for") if "reserved_for" in document else None
        return Record(Reservation(_date(document, "reserved_at"), _text(document, "reserved_by"), purpose), retiring)
    return Record(None, retiring)


def _kept(fields: Any, kind: type[K]) -> K:
    if not isinstance(fields, dict):
        raise ValueError("an entry of 'retiring' is not an object")
    values: dict[str, Any] = {}
    for field in dataclasses.fields(kind):
        if field.name.endswith("_at"):
            values[field.name] = _date(fields, field.name)
        elif field.default is dataclasses.MISSING or fields.get(field.name) is not None:
            values[field.name] = _text(fields, field.name)
    kept = kind(**values)
    if fields.get("fingerprint") != kept.fingerprint:
        raise ValueError(f"its fingerprint is not that of its {kind.SECRET}")
    return kept


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
