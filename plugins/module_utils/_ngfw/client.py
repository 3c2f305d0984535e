# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Client for the Cloud NGFW API: calls are signed with AWS credentials, or carry a token and its subscription key.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .._common.errors import AuthenticationError, PanwCloudError
from .._common.token_pair import TokenPair
from .._transport.http import Call, HttpClient, Response
from .._transport.sigv4 import SERVICE, Signer, SigV4Auth
from .endpoints import Endpoint
from .responses import SIGNATURE_ADVICE, Sent, carried_tokens, classify, content, read, read_raw

if TYPE_CHECKING:
    from requests import PreparedRequest

    from .._aws.client import Credentials
    from .._common.errors import ErrorContext


@dataclasses.dataclass(frozen=True)
class Operation:
    """A request to the API.

    :param attempted: its purpose, as the end of "Could not …".
    :param query: parameters in the URL. :param body: parameters as JSON; None for no body at all. L(deviations) lists which parameters go where, and
        where the API's sources contradict each other.
    :param may_be_empty: whether a success may have no body.
    :param unknown_limit: maximum number of requests with an unknown outcome, None for no limit.
    """

    attempted: str
    method: str
    path: str
    query: Mapping[str, str] = dataclasses.field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    may_be_empty: bool = False
    unknown_limit: int | None = 1


@dataclasses.dataclass(frozen=True)
class Issue:
    """The result of a token request.

    :param content: of the response. :param failure: why it is unusable.
    :param carried: the tokens in the response, whatever its shape. :param lost: number of requests with an unknown outcome.
    """

    content: Mapping[str, Any] = dataclasses.field(repr=False)
    failure: PanwCloudError | None
    carried: tuple[TokenPair, ...] = dataclasses.field(repr=False)
    lost: int


class NgfwClient:
    """A client for one endpoint. Thread-safe."""

    def __init__(self, http: HttpClient, endpoint: Endpoint) -> None:
        self.http = http
        self.endpoint = endpoint

    def signed(self, operation: Operation, credentials: Credentials) -> dict[str, Any]:
        """Call with a signature, as the token API requires; return the decoded content of the response.

        :raises PanwCloudError: the call failed; the subclass names the cause.
        """
        self.http.scrubber.learn(credentials.secret_key, credentials.token)
        sent = Sent(token=False, subscription_key="x-api-key" in operation.headers)
        try:
            return self._send(operation, self._signature(credentials), sent)
        except AuthenticationError as error:
            if error.next_step == SIGNATURE_ADVICE:
                error.add(f"The request was signed for the region {self.endpoint.region}.")
            raise

    def with_token(self, operation: Operation, held: TokenPair) -> dict[str, Any]:
        """Call with a token, as the rest of the API requires; return the decoded content of the response.

        :raises PanwCloudError: the call failed; the subclass names the cause.
        """
        self.http.scrubber.learn(held.token, held.subscription_key)
        return self._send(operation, held, Sent())

    def raw(self, operation: Operation, held: TokenPair) -> dict[str, Any]:
        """Call with a token; return the content of the response with the keys and values that the server wrote.

        :raises PanwCloudError: the call failed; the subclass names the cause.
        """
        document, context = self.document(operation, held)
        return content(operation.attempted, document, context)

    def document(self, operation: Operation, held: TokenPair) -> tuple[dict[str, Any], Callable[[], ErrorContext]]:
        """Call with a token; return the whole JSON of the response as the server wrote it, and its context.

        :raises PanwCloudError: the call failed; the subclass names the cause.
        """
        scrubber = self.http.scrubber
        scrubber.learn(held.token, held.subscription_key)
        response, context = self.http.send(self._call(operation, held), classify)
        document = read_raw(operation.attempted, response, context, scrubber, may_be_empty=operation.may_be_empty)
        return document, context

    def issue(self, operation: Operation, credentials: Credentials) -> Issue:
        """Request a token with a signature. The request is not repeated after a response with a token, whatever else it says."""
        self.http.scrubber.learn(credentials.secret_key, credentials.token)
        carried: tuple[TokenPair, ...] = ()

        def judge_unless_carried(response: Response) -> type[PanwCloudError] | None:
            nonlocal carried
            carried = tuple(TokenPair(*pair) for pair in carried_tokens(response.body))
            return None if carried else classify(response)

        try:
            response, context = self.http.send(
                self._call(operation, self._signature(credentials)), judge_unless_carried
            )
        except PanwCloudError as error:
            return Issue({}, error, (), error.lost)
        for held in carried:
            self.http.scrubber.learn(held.token, held.subscription_key)
        try:
            return Issue(self._content(operation, Sent(False, False), response, context), None, carried, response.lost)
        except PanwCloudError as error:
            return Issue({}, error, carried, response.lost + (error.outcome_unknown and not carried))

    def _send(
        self, operation: Operation, auth: Callable[[PreparedRequest], PreparedRequest], sent: Sent
    ) -> dict[str, Any]:
        response, context = self.http.send(self._call(operation, auth), classify)
        return self._content(operation, sent, response, context)

    def _content(
        self, operation: Operation, sent: Sent, response: Response, context: Callable[[], ErrorContext]
    ) -> dict[str, Any]:
        scrubber = self.http.scrubber
        decoded = read(operation.attempted, response, context, scrubber, sent, may_be_empty=operation.may_be_empty)
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
