# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Cloud NGFW API as calls: signed with AWS credentials, or with a token and its subscription key.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .._common.errors import AuthenticationError, PanwCloudError
from .._transport.http import Answer, Call, HttpClient
from .._transport.sigv4 import SERVICE, Signer, SigV4Auth
from .endpoints import Endpoint
from .responses import SIGNATURE_ADVICE, Sent, carried_tokens, judge, read

if TYPE_CHECKING:
    from requests import PreparedRequest

    from .._aws.client import Credentials
    from .._common.errors import Evidence


@dataclasses.dataclass(frozen=True)
class Held:
    """A token and the subscription key that belongs to it: what every call to the API carries."""

    token: str = dataclasses.field(repr=False)
    subscription_key: str = dataclasses.field(repr=False)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add both to a request: the token as it is, without "Bearer"."""
        request.headers["Authorization"] = self.token
        request.headers["x-api-key"] = self.subscription_key
        return request


@dataclasses.dataclass(frozen=True)
class Operation:
    """A request of the API.

    :param attempted: what it is for, as the end of "Could not …".
    :param query: parameters in the URL. :param body: parameters as JSON; None for no body at all. Which of them the API wants where, and where its
        sources contradict each other, is listed in L(deviations).
    :param may_be_empty: whether a success may come without a body.
    :param unknown_limit: how many requests with an unknown outcome it may take in all, None for any number.
    """

    attempted: str
    method: str
    path: str
    query: Mapping[str, str] = dataclasses.field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    may_be_empty: bool = False
    unknown_limit: int | None = None


@dataclasses.dataclass(frozen=True)
class Issue:
    """What came of a request for a token.

    :param content: of the answer. :param failure: why it is no use.
    :param carried: the tokens in the answer, whatever its shape. :param lost: how many requests had an outcome that nobody knows.
    """

    content: Mapping[str, Any] = dataclasses.field(repr=False)
    failure: PanwCloudError | None
    carried: tuple[Held, ...] = dataclasses.field(repr=False)
    lost: int


class NgfwClient:
    """Calls one endpoint. Safe to share between threads."""

    def __init__(self, http: HttpClient, endpoint: Endpoint) -> None:
        self.http = http
        self.endpoint = endpoint

    def signed(self, operation: Operation, credentials: Credentials) -> dict[str, Any]:
        """Call with a signature, as the token API wants it; return the decoded content of the answer.

        :raises PanwCloudError: of the kind that tells what went wrong.
        """
        self.http.scrubber.learn(credentials.secret_key, credentials.token)
        sent = Sent(token=False, subscription_key="x-api-key" in operation.headers)
        try:
            return self._send(operation, self._signature(credentials), sent)
        except AuthenticationError as error:
            if error.next_step == SIGNATURE_ADVICE:
                error.add(f"The request was signed for the region {self.endpoint.region}.")
            raise

    def held(self, operation: Operation, held: Held) -> dict[str, Any]:
        """Call with a token, as all else of the API wants it; return the decoded content of the answer.

        :raises PanwCloudError: of the kind that tells what went wrong.
        """
        self.http.scrubber.learn(held.token, held.subscription_key)
        return self._send(operation, held, Sent())

    def issue(self, operation: Operation, credentials: Credentials) -> Issue:
        """Call for a token with a signature. An answer that carries one is not asked for again, whatever else it says."""
        self.http.scrubber.learn(credentials.secret_key, credentials.token)

        def judge_unless_carried(answer: Answer) -> type[PanwCloudError] | None:
            return None if carried_tokens(answer.body) else judge(answer)

        try:
            answer, evidence = self.http.send(self._call(operation, self._signature(credentials)), judge_unless_carried)
        except PanwCloudError as error:
            return Issue({}, error, (), error.lost)
        carried = tuple(Held(*pair) for pair in carried_tokens(answer.body))
        for held in carried:
            self.http.scrubber.learn(held.token, held.subscription_key)
        try:
            return Issue(self._content(operation, Sent(False, False), answer, evidence), None, carried, answer.lost)
        except PanwCloudError as error:
            return Issue({}, error, carried, answer.lost + (error.may_have_acted and not carried))

    def _send(
        self, operation: Operation, auth: Callable[[PreparedRequest], PreparedRequest], sent: Sent
    ) -> dict[str, Any]:
        answer, evidence = self.http.send(self._call(operation, auth), judge)
        return self._content(operation, sent, answer, evidence)

    def _content(self, operation: Operation, sent: Sent, answer: Answer, evidence: Evidence) -> dict[str, Any]:
        scrubber = self.http.scrubber
        decoded = read(operation.attempted, answer, evidence, scrubber, sent, may_be_empty=operation.may_be_empty)
        return decoded.get("response") or {}

    def _signature(self, credentials: Credentials) -> SigV4Auth:
        return SigV4Auth(Signer(credentials, self.endpoint.region, SERVICE, self.http.now))

    def _call(self, operation: Operation, auth: Callable[[PreparedRequest], PreparedRequest]) -> Call:
        body = None if operation.body is None else json.dumps(operation.body).encode()
        kind = {} if body is None else {"Content-Type": "application/json"}
        return Call(
            attempted=operation.attempted,
            method=operation.method,
            url=self.endpoint.join(operation.path, operation.query),
            auth=auth,
            body=body,
            headers={**kind, **operation.headers},
            unknown_limit=operation.unknown_limit,
        )
