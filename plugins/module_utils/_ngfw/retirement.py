# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The end of tokens: revoked when they are due, and remembered in the store until that is done.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime

from .._errors import PanwCloudError, RouteNotFound
from .._stores.documents import DamagedDocument, StoredToken
from .._stores.store import Retiring, Store
from .client import Held
from .targets import Api, Outcome


class Retirement:
    """Ends the tokens of one store.

    :param outcome: its list of tokens that wait is worked on. :param now: the time of day in UTC.
    """

    def __init__(self, store: Store[StoredToken], api: Api, outcome: Outcome, now: Callable[[], datetime]) -> None:
        self._store, self._api, self.outcome, self._now = store, api, outcome, now

    def add(self, entry: Retiring | None) -> None:
        """Take note of a token that has just begun to wait."""
        if entry:
            self.outcome.retiring.append(entry)

    def end_due(self, *, everything: bool = False) -> list[PanwCloudError]:
        """Revoke what is due, and remember the rest. :return: why tokens could not be revoked."""
        failures: list[PanwCloudError] = []
        waiting, self.outcome.retiring = self.outcome.retiring, []
        for entry in waiting:
            left, failure = entry if entry.due > self._now() and not everything else None, None
            if left is None:
                left, failure = self._end(entry)
            if left:
                self.outcome.retiring.append(left)
            if failure:
                failures.append(failure)
                self.outcome.warnings.append(str(failure))
        return failures

    def _end(self, entry: Retiring) -> tuple[Retiring | None, PanwCloudError | None]:
        """Revoke a token and forget it. :return: what is left of it, and why."""
        name = f"The token (fingerprint {entry.fingerprint})"
        try:
            token = self._store.read(entry)
            self.revoke(token)
        except RouteNotFound as error:
            self._store.postpone(entry, token.expires_at)
            error.add(f"{name} stays in the store as one to forget when it has expired.")
            return dataclasses.replace(entry, due=token.expires_at), error
        except DamagedDocument as error:
            self._store.forget(entry)
            error.add(f"{name} cannot be revoked without it, and is forgotten.")
            return None, error
        except PanwCloudError as error:
            error.add(f"{name} stays in the store as one to revoke; the next run tries again.")
            return entry, error
        self._store.forget(entry)
        self.outcome.changed = True
        return None, None

    def revoke(self, token: StoredToken) -> None:
        """Revoke a token where it can still be alive, with the role that it was issued to."""
        if token.expires_at > self._now():
            held = Held(token.token, token.subscription_key)
            self._api.service(token.role_arn, token.region, token.url).revoke(held)
