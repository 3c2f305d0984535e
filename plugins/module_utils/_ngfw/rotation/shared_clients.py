# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clients that the targets of a fleet share: connections, AWS clients, role sessions and rate limits.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import copy
import dataclasses
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from ..._aws.assumed_role import AssumedRole
from ..._aws.client import AwsClient, Connection, Credentials
from ..._aws.quotas import QUOTAS
from ..._common.errors import PanwCloudError
from ..._common.redaction import Scrubber
from ..._transport.http import HttpClient
from ..._transport.rate_limiter import RateLimits, ServiceLimiter
from .models import Account

KINDS = ("api", "sts", "store")
_SESSION = 3600  # seconds, AWS's default for a session
_MARGIN = 300


class Sessions:
    """Provides credentials like an L(AwsClient). Each role is assumed once, by the first thread that needs it, and again before its session expires."""

    def __init__(self, aws: AwsClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._aws, self._clock = aws, clock
        self._lock = threading.Lock()
        self._known: dict[AssumedRole, tuple[float, Future[Credentials]]] = {}

    def credentials(self, role: AssumedRole | None) -> Credentials:
        """As L(AwsClient.credentials), which keeps and renews the caller's own."""
        if role is None:
            return self._aws.credentials(None)
        with self._lock:
            until, future = self._known.get(role, (0.0, None))
            mine = None
            if future is None or self._clock() > until:
                mine = future = Future()
                self._known[role] = (self._clock() + (role.duration or _SESSION) - _MARGIN, future)
        if mine:
            self._get(role, mine)
        try:
            return future.result()
        except PanwCloudError as error:
            raise _own(error) from None

    def account_of(self, credentials: Credentials) -> str | None:
        """As L(AwsClient.account_of)."""
        return self._aws.account_of(credentials)

    def _get(self, role: AssumedRole, future: Future[Credentials]) -> None:
        try:
            future.set_result(self._aws.credentials(role))
        except BaseException as error:
            with self._lock:
                self._known.pop(role, None)
            future.set_exception(error)


def _own(error: PanwCloudError) -> PanwCloudError:
    """Copy an error for one target, which adds its own notes."""
    made = copy.copy(error)
    made.notes = list(error.notes)
    return made


class SharedClients:
    """Creates the clients that targets need, each one once.

    :param connection: from the task's options. :param http: with enough connections for all threads.
    """

    def __init__(
        self, connection: Connection, http: HttpClient, rates: RateLimits, connections: int, scrubber: Scrubber
    ) -> None:
        self._connection, self._http, self.rates = connection, http, rates
        self._connections, self._scrubber = connections, scrubber
        self._lock = threading.Lock()
        self._aws: dict[Account, AwsClient] = {}
        self._sessions: dict[Account, Sessions] = {}

    def aws(self, account: Account) -> AwsClient:
        """The client for an account."""
        with self._lock:
            if account not in self._aws:
                self._aws[account] = AwsClient(
                    self._at(account),
                    self._scrubber,
                    connections=self._connections,
                    pace=self._pacer(account),
                    direct=True,
                )
            return self._aws[account]

    def sessions(self, account: Account) -> Sessions:
        """The sessions of roles that are assumed with the credentials of an account."""
        aws = self.aws(account)
        with self._lock:
            return self._sessions.setdefault(account, Sessions(aws))

    def http(self, place: str) -> HttpClient:
        """The client for the requests of one target. :param place: selects their rate limit."""
        return self._http.with_limiter(Scrubber(), self.rates.of("api", place))

    def _at(self, account: Account) -> Connection:
        parameters = dict(self._connection.parameters)
        if account.profile:
            parameters["profile_name"] = account.profile
        return dataclasses.replace(self._connection, region=account.region, parameters=parameters)

    def _pacer(self, account: Account) -> Callable[[str], ServiceLimiter]:
        place = f"{account.profile} {account.region}"

        def pace(service: str) -> ServiceLimiter:
            kind = "sts" if service == "sts" else "store"
            return self.rates.service(kind, f"{service} {place}", QUOTAS.get(service, {}))

        return pace
