# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documents in a store: versioned JSON.

A store holds either a token or the credentials of a service account; readers need only that document. Reservations are documents that
announce a new secret before it is created.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from .._common.dates import parse, show
from .._common.errors import ErrorContext, PanwCloudError
from .._common.redaction import fingerprint
from .._common.token_pair import TokenPair

VERSION = 1
K = TypeVar("K", bound="StoredSecret")


class InvalidDocument(PanwCloudError):
    """The store holds a document that this collection does not write."""

    kind = "invalid_document"
    advice = "Check it, then set 'on_invalid_document' to 'replace', or choose another place."

    def __init__(self, place: str, problem: str) -> None:
        super().__init__("read the stored document", ErrorContext(target=place, reason=problem))


class DocumentTypeMismatch(PanwCloudError):
    """The store holds a valid document of another type: never replaced, because it may be the only copy of a working secret."""

    kind = "document_type_mismatch"
    advice = "Choose another place, or remove the document with the module that manages it."

    def __init__(self, place: str, found: str, desired: str) -> None:
        super().__init__(
            "read the stored document", ErrorContext(target=place, reason=f"it holds {found}, not {desired}")
        )


@dataclasses.dataclass(frozen=True)
class StoredSecret:
    """A secret that a store can keep, with everything that its readers and the next run need.

    :cvar NAME: what it is, with its article. :cvar DESCRIPTION: for the places where it is kept.
    :cvar SECRET: the field that identifies its documents. :cvar COEXISTS: whether older ones stay valid beside a new one.
    :param issued_at: when the secret was issued.
    """

    NAME: ClassVar[str]
    DESCRIPTION: ClassVar[str]
    SECRET: ClassVar[str]
    COEXISTS: ClassVar[bool] = False

    issued_at: datetime

    @classmethod
    def fields(cls) -> dict[str, bool]:
        """The fields of the document, and whether each is required."""
        return {field.name: field.default is dataclasses.MISSING for field in dataclasses.fields(cls)}

    @classmethod
    def build(cls: type[K], values: dict[str, Any]) -> K:
        """The secret from the fields of its document."""
        return cls(**values)

    @functools.cached_property
    def fingerprint(self) -> str:
        """The fingerprint of the secret."""
        return fingerprint(getattr(self, self.SECRET))

    def as_json(self) -> dict[str, Any]:
        """The document, without its version."""
        fields = {name: getattr(self, name) for name in self.fields()}
        shown = {name: show(value) if isinstance(value, datetime) else value for name, value in fields.items()}
        return {**shown, "fingerprint": self.fingerprint}


@dataclasses.dataclass(frozen=True)
class StoredToken(StoredSecret):
    """A token of Cloud NGFW.

    :param role_arn: the IAM role it was issued to, None if the caller's own credentials were used.
    """

    NAME = "a token"
    DESCRIPTION = "Cloud NGFW token, managed by panw.cloud"
    SECRET = "token"  # noqa: S105 - the name of a field
    COEXISTS = True

    pair: TokenPair
    expires_at: datetime
    admin_role: str
    region: str
    url: str
    role_arn: str | None = None
    account_id: str | None = None

    @classmethod
    def fields(cls) -> dict[str, bool]:
        own = super().fields()
        del own["pair"]
        return {"token": True, "subscription_key": True, **own}

    @classmethod
    def build(cls, values: dict[str, Any]) -> StoredToken:
        pair = TokenPair(values.pop("token"), values.pop("subscription_key"))
        return cls(pair=pair, **values)

    @property
    def token(self) -> str:
        """The token itself."""
        return self.pair.token

    @property
    def subscription_key(self) -> str:
        """The key that belongs to it."""
        return self.pair.subscription_key


@dataclasses.dataclass(frozen=True)
class StoredCredentials(StoredSecret):
    """The client credentials of a service account of Strata Cloud Manager.

    :param name: of the service account. :param auth_url: where they are exchanged for an access token.
    """

    NAME = "the credentials of a service account"
    DESCRIPTION = "Strata Cloud Manager service account credentials, managed by panw.cloud"
    SECRET = "client_secret"  # noqa: S105 - the name of a field

    client_id: str
    client_secret: str = dataclasses.field(repr=False)
    tsg_id: str
    auth_url: str
    name: str
    service_account_id: str


KINDS: tuple[type[StoredSecret], ...] = (StoredToken, StoredCredentials)


@dataclasses.dataclass(frozen=True)
class Reservation:
    """A run's announcement that it is about to create a secret.

    :param reserved_by: an identifier of the run. :param reserved_for: the purpose, if the next run has to know it.
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
    """One document of a store: a secret, a reservation or neither; with the secrets pending revocation if the store keeps them inside.

    :param pending_revocations: tokens, each with the time of its revocation.
    :param staged_by: the run that has staged the content, None if it was not staged.
    """

    content: K | Reservation | None = None
    pending_revocations: tuple[tuple[K, datetime], ...] = ()
    staged_by: str | None = None

    @property
    def kept(self) -> K | None:
        """The content, None if it is a reservation."""
        return None if isinstance(self.content, Reservation) else self.content

    def dump(self) -> str:
        """The document as text."""
        document: dict[str, Any] = {"version": VERSION, **(self.content.as_json() if self.content else {})}
        if self.staged_by:
            document["staged_by"] = self.staged_by
        if self.pending_revocations:
            document["pending_revocation"] = [
                {**kept.as_json(), "revoke_at": show(due)} for kept, due in self.pending_revocations
            ]
        return json.dumps(document)


def load(text: str, place: str, kind: type[K]) -> Record[K]:
    """Read a document.

    :param place: where it is stored, for the error.
    :raises InvalidDocument: this collection does not write such documents. :raises DocumentTypeMismatch: it is of another type.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):  # the latter for thousands of nested brackets
        raise InvalidDocument(place, "it is not JSON") from None
    try:
        _check(document)
        for other in KINDS:
            if other is not kind and other.SECRET in document:
                raise DocumentTypeMismatch(place, other.NAME, kind.NAME)
        return _record(document, kind)
    except ValueError as error:
        failure = InvalidDocument(place, str(error))
    raise failure


def _check(document: Any) -> None:
    if not isinstance(document, dict):
        raise ValueError("it is not an object")
    version = document.get("version")
    if version != VERSION:
        raise ValueError(f"its version is {version!r}; this release of the collection reads version {VERSION}")


def _record(document: Mapping[str, Any], kind: type[K]) -> Record[K]:
    waiting = document.get("pending_revocation", [])
    if not isinstance(waiting, list):
        raise ValueError("'pending_revocation' is not a list")
    pending_revocations = tuple((_kept(entry, kind), _date(entry, "revoke_at")) for entry in waiting)
    if kind.SECRET in document:
        staged_by = _text(document, "staged_by") if "staged_by" in document else None
        return Record(_kept(document, kind), pending_revocations, staged_by)
    if "reserved_at" in document:
        purpose = _text(document, "reserved_for") if "reserved_for" in document else None
        return Record(
            Reservation(_date(document, "reserved_at"), _text(document, "reserved_by"), purpose), pending_revocations
        )
    return Record(None, pending_revocations)


def _kept(fields: Any, kind: type[K]) -> K:
    if not isinstance(fields, dict):
        raise ValueError("an entry in 'pending_revocation' is not a JSON object")
    values: dict[str, Any] = {}
    for name, required in kind.fields().items():
        if name.endswith("_at"):
            values[name] = _date(fields, name)
        elif required or fields.get(name) is not None:
            values[name] = _text(fields, name)
    kept = kind.build(values)
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
        raise ValueError(f"'{name}' is missing or not a date") from None
