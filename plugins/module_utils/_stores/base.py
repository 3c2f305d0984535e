# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every store can do. The text says token for what is kept; the credentials of service accounts are kept in the same way.

A store has three places: the current token, which readers use; a pending one, which is being made; and tokens that wait for revocation
("retiring"). Each write replaces one thing at once, so that a process can be killed between any two of them. A store remembers what it has
loaded, and refuses to write over what somebody else has changed since then.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Generic, Protocol

from .._common.errors import Evidence, PanwCloudError
from .documents import DamagedDocument, K, Reservation


class Taken(PanwCloudError):
    """Somebody else is changing, or has changed, the same place in the store."""

    kind = "conflict"
    advice = "Let the other run end, then run again."


@dataclasses.dataclass(frozen=True)
class Retiring:
    """A token that waits for revocation.

    :param due: when to revoke it; of one that is due at once, the time of its issue. :param handle: by which the store finds it.
    """

    fingerprint: str
    due: datetime
    handle: str


@dataclasses.dataclass(frozen=True)
class Contents(Generic[K]):
    """What lies in a store.

    :param exists: whether there is anything at all to remove.
    :param damage: why the current or the pending document cannot be read, None where both can.
    :param staged_by: the run that has staged the pending token, None if that is not known.
    """

    current: K | None = None
    pending: K | Reservation | None = None
    retiring: tuple[Retiring, ...] = ()
    exists: bool = False
    damage: DamagedDocument | None = None
    staged_by: str | None = None


class Store(Protocol[K]):
    """A place for one token. All methods raise L(PanwCloudError) if the store fails, and L(Taken) if another run was quicker.

    A write whose answer is lost is settled by reading: it raises an error only if it was not done, or if the store cannot be read either.
    """

    @property
    def fences(self) -> bool:
        """Whether no promotion that another run has prepared can succeed once L(drop_pending) has dropped its token."""

    @property
    def location(self) -> dict[str, str]:
        """Where it is, as the keys of a result."""

    @property
    def version(self) -> str | None:
        """The store's own identifier of what is current, where it has one."""

    def load(self) -> Contents[K]:
        """Read it all."""

    def drift(self) -> list[str]:
        """Which settings of the place (key, tags, policy, mode) differ from what is wanted; of a place that is not there yet, none."""

    def settle(self) -> None:
        """Make the settings what is wanted."""

    def reserve(self, reservation: Reservation) -> None:
        """Put a reservation in the pending place, in place of what was loaded; proves that the caller may write, and keeps others away."""

    def stage(self, token: K, staged_by: str) -> None:
        """Put a token in the pending place, in place of the own reservation. :param staged_by: the run that does it."""

    def promote(self, due: datetime | None) -> Retiring | None:
        """Make the pending token current, and let the one that was current, if any, retire; return that one.

        :param due: when it is to be revoked, None for at once.
        """

    def unlock(self) -> None:
        """Let others go ahead after a promotion."""

    def withdraw(self) -> Retiring | None:
        """Let the current token, if any, retire, due at once, and have none; return it. The caller holds a reservation."""

    def drop_pending(self, due: datetime | None = None) -> Retiring | None:
        """Empty the pending place; a token that was in it retires, and is returned. :param due: when it is to be revoked, None for at once."""

    def read(self, retiring: Retiring) -> K:
        """The document of a token that waits for revocation."""

    def postpone(self, retiring: Retiring, due: datetime) -> None:
        """Let a token wait longer."""

    def forget(self, retiring: Retiring) -> None:
        """Drop a token that waits no more."""

    def remove(self) -> None:
        """Take the place itself away."""


def taken(place: str, reason: str) -> Taken:
    """The error where somebody else was quicker."""
    return Taken("write to the store", Evidence(target=place, reason=reason))
