# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens in HashiCorp Vault or OpenBao, in a KV engine of version 2.

One secret holds both slots: the fields of the current document are the secret's keys, so that readers find C(token) and C(subscription_key), and the key
C(pending) holds the pending document. So one write checks both slots: it names the version of the secret that it was read from, and Vault rejects it if
another write was quicker (check-and-set). Then the slots are read again, and the write is repeated if it concerns a slot that has not changed.

Vault keeps old versions of a secret for all who may read it. The secret's metadata therefore limits them to one: a write deletes what it replaces, with
the tokens in it. Vault cannot delete a secret only if it is unchanged; an emptied secret is therefore a version without keys, and its path remains.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from .._common.errors import InvalidRequest, PanwCloudError, Throttled
from .base import LockConflict, lock_conflict
from .hashi_vault_client import VaultSecret
from .versioned_backend import Beside, Slotted

PENDING_SUFFIX = " (pending)"  # no path has a space
_CURRENT, _PENDING = "current", "pending"
_MOST_WRITES = 8


class SecretClient(Protocol):
    """What L(VaultSlots) needs of L(VaultClient)."""

    def read(self, path: str) -> VaultSecret:
        """The newest version of a secret."""

    def write(self, path: str, data: Mapping[str, Any], version: int) -> None:
        """Write a new version. :raises InvalidRequest: the newest one is not this one."""

    def limit_versions(self, path: str) -> None:
        """Keep only the newest version, from the next write on."""

    def keeps_old_versions(self, path: str) -> bool:
        """Whether older versions are kept."""

    def require_version_2(self) -> None:
        """Check the engine."""


class VaultSlots:
    """The two slots of one secret; a slot's mark is a digest of its document. :param path: of the secret, and the name of the current slot."""

    atomic = True

    def __init__(self, client: SecretClient, path: str) -> None:
        self._client, self._path = client, path
        self._seen: VaultSecret | None = None

    def read(self, name: str) -> Slotted | None:
        document = _slots(self._look()).get(_key(name))
        return None if document is None else Slotted(_text(document), _digest(document))

    def create(self, name: str, text: str, beside: Beside = None) -> str:
        return self._put(name, text, None, beside)

    def replace(self, name: str, text: str, mark: str, beside: Beside = None) -> str:
        return self._put(name, text, mark, beside)

    def delete(self, name: str, mark: str | None = None) -> None:
        if mark is None:
            self._look()
        with contextlib.suppress(LockConflict):  # it holds something else now
            self._change(name, None, lambda slots: mark is None or _mark(slots, name) == mark)

    def drift(self, name: str) -> list[str]:
        return ["max_versions"] if self._client.keeps_old_versions(self._path) else []

    def settle(self, name: str) -> None:
        self._client.limit_versions(self._path)
        held, self._seen = self._look(), None
        with contextlib.suppress(InvalidRequest):  # if another run was quicker, its write has deleted the old versions
            self._client.write(self._path, held.data, held.version)

    def _put(self, name: str, text: str, mark: str | None, beside: Beside) -> str:
        document = json.loads(text)

        def allows(slots: Mapping[str, Any]) -> bool:
            return _mark(slots, name) == mark and (beside is None or _mark(slots, beside[0]) == beside[1])

        self._change(name, document, allows)
        return _digest(document)

    def _change(self, name: str, document: Any, allows: Callable[[Mapping[str, Any]], bool]) -> None:
        """Put a document into a slot, None to empty it.

        :param allows: whether the slots are as the caller knows them.
        :raises LockConflict: they are not. :raises PanwCloudError: Vault rejects the write, or its outcome stays unknown.
        """
        place = f"hashi_vault {name}"
        failure: PanwCloudError = lock_conflict(place, "other runs write to it all the time")
        held = self._seen
        if held is None or not allows(_slots(held)):
            held = self._look()
        for _attempt in range(_MOST_WRITES):
            slots = _slots(held)
            if not allows(slots):
                raise lock_conflict(place, "another run has written to it")
            try:
                self._write({**slots, _key(name): document}, held)
                return
            except PanwCloudError as error:
                if not (error.outcome_unknown or isinstance(error, (InvalidRequest, Throttled))):
                    raise
                failure = error
            before, held = held, self._look_after(failure)
            if _slots(held).get(_key(name)) == document:  # the response was lost
                return
            if held.version == before.version and isinstance(failure, InvalidRequest):
                raise failure
        raise failure

    def _write(self, slots: Mapping[str, Any], held: VaultSecret) -> None:
        """Write the slots as a new version of what was read."""
        data = dict(slots.get(_CURRENT) or {})
        if slots.get(_PENDING) is not None:
            data[_PENDING] = slots[_PENDING]
        self._seen = None
        if not held.version:
            self._client.require_version_2()
        if not held.data or not data:
            self._client.limit_versions(self._path)
        self._client.write(self._path, data, held.version)
        self._seen = VaultSecret(held.version + 1, data)

    def _look(self) -> VaultSecret:
        self._seen = self._client.read(self._path)
        return self._seen

    def _look_after(self, failure: PanwCloudError) -> VaultSecret:
        """Read the secret after a failed write. :raises PanwCloudError: that failure, if it cannot be read."""
        try:
            return self._look()
        except PanwCloudError:
            raise failure from None


def _key(name: str) -> str:
    return _PENDING if name.endswith(PENDING_SUFFIX) else _CURRENT


def _slots(held: VaultSecret) -> dict[str, Any]:
    """The documents of the filled slots."""
    current = dict(held.data)
    pending = current.pop(_PENDING, None)
    filled = {_CURRENT: current or None, _PENDING: pending}
    return {key: document for key, document in filled.items() if document is not None}


def _text(document: Any) -> str:
    """The document as text, the same for equal ones: Vault does not keep the order of keys."""
    return json.dumps(document, sort_keys=True)


def _digest(document: Any) -> str:
    return hashlib.sha256(_text(document).encode()).hexdigest()


def _mark(slots: Mapping[str, Any], name: str) -> str | None:
    document = slots.get(_key(name))
    return None if document is None else _digest(document)
