# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access tokens of a service account, by OAuth 2.0 client credentials.

Sources: the vendor's OpenAPI document of its authentication service, which requires HTTP Basic and C(scope=tsg_id:<id>) and gives the lifetime of a
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
    ErrorContext,
    InvalidRequest,
    InvalidResponse,
    PanwCloudError,
    RouteNotFound,
    ServerError,
    Throttled,
)
from .._common.redaction import read_json
from .._transport.http import REPEATABLE, Call, HttpClient, Response
from .._transport.statuses import by_status, shape, with_answer

if TYPE_CHECKING:
    from requests import PreparedRequest

LIFE = 899  # seconds, as observed; for a response without expires_in
EARLY = 60  # seconds before expiry, when a token is replaced
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
    """The client credentials of a service account, and the tenant service group in which it acts.

    :param client_id: has the form of an e-mail address. :param tsg_id: ten digits.
    """

    client_id: str
    client_secret: str = dataclasses.field(repr=False)
    tsg_id: str

    @property
    def basic(self) -> str:
        """The value for HTTP Basic, as in the vendor's examples: without the encoding that RFC 6749 requires."""
        return base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()


@dataclasses.dataclass(frozen=True)
class Header:
    """Adds an C(Authorization) header to a request."""

    value: str = dataclasses.field(repr=False)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add it, replacing a header from C(~/.netrc)."""
        request.headers["Authorization"] = self.value
        return request


@dataclasses.dataclass(frozen=True)
class _Held:
    text: str = dataclasses.field(repr=False)
    until: datetime


class AccessTokens:
    """Gets access tokens and caches the last one until shortly before its expiry. Safe to share between threads.

    :param auth_url: the complete URL of the token endpoint.
    """

    def __init__(self, http: HttpClient, auth_url: str, credentials: ClientCredentials) -> None:
        self.credentials = credentials
        self._http, self._auth_url = http, auth_url
        self._lock = threading.Lock()
        self._held: _Held | None = None

    def get(self) -> str:
        """An access token that is valid for at least one minute.

        :raises AuthenticationError: the server rejects the client ID and secret.
        :raises AuthorizationError: the account has no access to the tenant service group.
        """
        with self._lock:
            if self._held is None or self._http.now() >= self._held.until:
                self._held = self._request()
            return self._held.text

    def renewed(self, refused: str) -> str:
        """A new access token to replace one that a server rejected. If several threads call this, one of them requests it."""
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
            unknown_limit=REPEATABLE,
        )
        asked = self._http.now()
        response, context = self._http.send(call, _judge)
        decoded = read_json(response.body, scrubber)
        decoded = decoded if isinstance(decoded, dict) else {}
        if not 200 <= response.status < 300:
            raise self._refusal(attempted, response, context())
        token, seconds = decoded.get("access_token"), decoded.get("expires_in")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise InvalidResponse(
                attempted,
                dataclasses.replace(context(), reason="the response has no access token"),
                "Check that 'scm_auth_url' is the token endpoint, and that no proxy or login page responds instead.",
            )
        scrubber.learn(token)
        life = seconds if isinstance(seconds, int) and 0 < seconds < 10 * LIFE else LIFE
        return _Held(token, asked + timedelta(seconds=life - EARLY))

    def _refusal(self, attempted: str, response: Response, context: ErrorContext) -> PanwCloudError:
        fields = _decoded(response)
        code, description = (
            text if isinstance(text, str) else "" for text in map(fields.get, ("error", "error_description"))
        )
        error, next_step = _kind(response)
        reason = description or code or f"no reason, with {shape(response.body, response.headers.get('content-type'))}"
        found = with_answer(context, self._http.scrubber, code or None, reason)
        return error(attempted, found, self._advice(error, response.status) or next_step)

    def _advice(self, error: type[PanwCloudError], status: int) -> str | None:
        if error is InvalidRequest and status not in (400, 422):
            return None
        credentials = self.credentials
        return {
            AuthenticationError: "Check the client ID and the client secret. Resetting the secret of a service account invalidates the old one immediately.",
            AuthorizationError: f"Check the ID of the tenant service group, {credentials.tsg_id}, and that the service account has a role in it: "
            "an access policy assigns it one.",
            RouteNotFound: "Check 'scm_auth_url': it must be the complete URL of the token endpoint, including the path.",
            InvalidRequest: "Check that 'scm_auth_url' is the URL of a token endpoint for OAuth 2.0 client credentials.",
        }.get(error)


def authorize(tokens: AccessTokens, send: Callable[[Header], Result]) -> Result:
    """Send a request with an access token, and again with a new one if the server rejects the first with HTTP 401.

    :param send: sends the request with the given header. A retry is safe: a rejected request has changed nothing.
    """
    token = tokens.get()
    try:
        return send(Header(f"Bearer {token}"))
    except AuthenticationError as error:
        if error.context.status != 401:
            raise
    return send(Header(f"Bearer {tokens.renewed(token)}"))


def _judge(response: Response) -> type[PanwCloudError] | None:
    error = None if 200 <= response.status < 300 else _kind(response)[0]
    return error if error in (Throttled, ServerError) else None


def _kind(response: Response) -> tuple[type[PanwCloudError], str | None]:
    """The error class for a response, and the next step."""
    if response.status == 404:
        return RouteNotFound, None
    named = _ERRORS.get(str(_decoded(response).get("error")))
    return (named, None) if named and 400 <= response.status < 500 else by_status(response.status)


def _decoded(response: Response) -> dict[str, Any]:
    decoded = read_json(response.body)
    return decoded if isinstance(decoded, dict) else {}
