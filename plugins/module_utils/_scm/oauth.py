# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access tokens of a service account, by OAuth 2.0 client credentials.

Sources: the vendor's OpenAPI document of its authentication service, which asks for HTTP Basic and C(scope=tsg_id:<id>) and tells the life of a
token, 15 minutes; its Terraform provider's guide, which shows an error's body; RFC 6749 for the errors' names.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import base64
import dataclasses
import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from .._common.errors import (
    AuthenticationError,
    AuthorizationError,
    Evidence,
    InvalidRequest,
    MalformedAnswer,
    PanwCloudError,
    RouteNotFound,
    ServerError,
    Throttled,
)
from .._common.redaction import read_json
from .._transport.http import Answer, Call, HttpClient
from .._transport.statuses import by_status, shape, with_answer

if TYPE_CHECKING:
    from requests import PreparedRequest

LIFE = 899  # seconds, as observed; for an answer that does not tell
EARLY = 60  # seconds before its expiry from which a token is not used any more
_TOKEN = re.compile(r"[\x21-\x7e]+")
Result = TypeVar("Result")
_ERRORS: dict[str, type[PanwCloudError]] = {
    "invalid_client": AuthenticationError,
    "invalid_scope": AuthorizationError,
    "unauthorized_client": AuthorizationError,
    "access_denied": AuthorizationError,
    "server_error": ServerError,
    "temporarily_unavailable": ServerError,
}


@dataclasses.dataclass(frozen=True)
class ClientCredentials:
    """A service account's own proof, and the tenant service group that it acts in.

    :param client_id: has the form of an e-mail address. :param tsg_id: ten digits.
    """

    client_id: str
    client_secret: str = dataclasses.field(repr=False)
    tsg_id: str

    @property
    def basic(self) -> str:
        """Both for HTTP Basic, as the vendor's examples send them: not encoded as RFC 6749 would have it."""
        return base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()


@dataclasses.dataclass(frozen=True)
class Header:
    """Adds an C(Authorization) header to a request."""

    value: str = dataclasses.field(repr=False)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add it, in place of one that C(~/.netrc) may have given."""
        request.headers["Authorization"] = self.value
        return request


@dataclasses.dataclass(frozen=True)
class _Held:
    text: str = dataclasses.field(repr=False)
    until: datetime


class AccessTokens:
    """Gets access tokens and keeps the last one until shortly before its expiry. Safe to share between threads.

    :param auth_url: the whole URL of the token endpoint.
    """

    def __init__(self, http: HttpClient, auth_url: str, credentials: ClientCredentials) -> None:
        self.credentials = credentials
        self._http, self._auth_url = http, auth_url
        self._lock = threading.Lock()
        self._held: _Held | None = None

    def get(self) -> str:
        """An access token that has at least a minute to live.

        :raises AuthenticationError: the server does not accept the client id and secret.
        :raises AuthorizationError: the account has no access to the tenant service group.
        """
        with self._lock:
            if self._held is None or self._http.now() >= self._held.until:
                self._held = self._request()
            return self._held.text

    def renewed(self, refused: str) -> str:
        """Another access token than one that a server refused. Of several threads that ask, one requests it."""
        with self._lock:
            if self._held is None or self._held.text == refused:
                self._held = self._request()
            return self._held.text

    def _request(self) -> _Held:
        credentials, scrubber = self.credentials, self._http.scrubber
        attempted = f"get an access token for service account {credentials.client_id}"
        scrubber.learn(credentials.client_secret, credentials.basic)
        form = {"grant_type": "client_credentials", "scope": f"tsg_id:{credentials.tsg_id}"}
        call = Call(
            attempted=attempted,
            method="POST",
            url=self._auth_url,
            auth=Header(f"Basic {credentials.basic}"),
            body=urlencode(form).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        asked = self._http.now()
        answer, evidence = self._http.send(call, _judge)
        decoded = read_json(answer.body, scrubber)
        decoded = decoded if isinstance(decoded, dict) else {}
        if not 200 <= answer.status < 300:
            raise self._refusal(attempted, answer, evidence)
        token, seconds = decoded.get("access_token"), decoded.get("expires_in")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise MalformedAnswer(
                attempted,
                dataclasses.replace(evidence, reason="the answer holds no access token"),
                "Check that 'scm_auth_url' is the token endpoint and that no proxy or login page answers in its place.",
            )
        scrubber.learn(token)
        life = seconds if isinstance(seconds, int) and 0 < seconds < 10 * LIFE else LIFE
        return _Held(token, asked + timedelta(seconds=life - EARLY))

    def _refusal(self, attempted: str, answer: Answer, evidence: Evidence) -> PanwCloudError:
        fields = _decoded(answer)
        code, description = (
            text if isinstance(text, str) else "" for text in map(fields.get, ("error", "error_description"))
        )
        error, next_step = _kind(answer)
        reason = description or code or f"no reason, with {shape(answer.body, answer.headers.get('content-type'))}"
        found = with_answer(evidence, self._http.scrubber, code or None, reason)
        return error(attempted, found, self._advice(error, answer.status) or next_step)

    def _advice(self, error: type[PanwCloudError], status: int) -> str | None:
        if error is InvalidRequest and status not in (400, 422):
            return None
        credentials = self.credentials
        return {
            AuthenticationError: "Check the client id and the client secret. Resetting the secret of a service account kills the old one at once.",
            AuthorizationError: f"Check the id of the tenant service group, {credentials.tsg_id}, and that the service account has a role in it: "
            "an access policy gives it one.",
            RouteNotFound: "Check 'scm_auth_url': it has to be the whole URL of the token endpoint, its path included.",
            InvalidRequest: "Check that 'scm_auth_url' is the URL of a token endpoint for OAuth 2.0 client credentials.",
        }.get(error)


def authorised(tokens: AccessTokens, send: Callable[[Header], Result]) -> Result:
    """Send a request with an access token, and once more with another one where the server refuses the first with HTTP 401.

    :param send: sends the request with the header that it is given. It may be sent again: who was refused has changed nothing.
    """
    token = tokens.get()
    try:
        return send(Header(f"Bearer {token}"))
    except AuthenticationError as error:
        if error.evidence.status != 401:
            raise
    return send(Header(f"Bearer {tokens.renewed(token)}"))


def _judge(answer: Answer) -> type[PanwCloudError] | None:
    error = None if 200 <= answer.status < 300 else _kind(answer)[0]
    return error if error in (Throttled, ServerError) else None


def _kind(answer: Answer) -> tuple[type[PanwCloudError], str | None]:
    """The error that an answer stands for, and what to do then."""
    if answer.status == 404:
        return RouteNotFound, None
    named = _ERRORS.get(str(_decoded(answer).get("error")))
    return (named, None) if named and 400 <= answer.status < 500 else by_status(answer.status)


def _decoded(answer: Answer) -> dict[str, Any]:
    decoded = read_json(answer.body)
    return decoded if isinstance(decoded, dict) else {}
