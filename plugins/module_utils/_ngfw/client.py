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

from .._errors import AuthenticationError
from .._http import Call, HttpClient
from .._sigv4 import SERVICE, Signer, SigV4Auth
from .answers import SIGNATURE_ADVICE, judge, read
from .endpoints import Endpoint

if TYPE_CHECKING:
    from requests import PreparedRequest

    from .._aws import Credentials


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
    :param query: as the editions of 2022 and the Go SDK send parameters. :param body: as the editions since 2023 do. Both are sent.
    """

    attempted: str
    method: str
    path: str
    query: Mapping[str, str] = dataclasses.field(default_factory=dict)
    body: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)


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
        try:
            return self._send(operation, SigV4Auth(Signer(credentials, self.endpoint.region, SERVICE, self.http.now)))
        except AuthenticationError as error:
            if error.next_step == SIGNATURE_ADVICE:
                error.add(f"The request was signed for the region {self.endpoint.region}.")
            raise

    def held(self, operation: Operation, held: Held) -> dict[str, Any]:
        """Call with a token, as all else of the API wants it; return the decoded content of the answer.

        :raises PanwCloudError: of the kind that tells what went wrong.
        """
        self.http.scrubber.learn(held.token, held.subscription_key)
        return self._send(operation, held)

    def _send(self, operation: Operation, auth: Callable[[PreparedRequest], PreparedRequest]) -> dict[str, Any]:
        call = Call(
            attempted=operation.attempted,
            method=operation.method,
            url=self.endpoint.join(operation.path, operation.query),
            auth=auth,
            body=json.dumps(operation.body).encode(),
            headers={"Content-Type": "application/json", **operation.headers},
        )
        answer, evidence = self.http.send(call, judge)
        decoded = read(operation.attempted, answer, evidence, self.http.scrubber)
        content = decoded.get("response")
        return content if isinstance(content, dict) else {}
