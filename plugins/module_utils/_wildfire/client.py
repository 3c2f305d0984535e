# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client for the WildFire public API: forms in, XML out, with an access token of a bound service account or a legacy key.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Mapping
from email.message import Message
from typing import TYPE_CHECKING, Any, Protocol
from xml.etree.ElementTree import Element

from .._common.errors import ErrorContext, InvalidResponse
from .._common.redaction import read_json
from .._scm.oauth import AccessTokens, authorize
from .._transport.http import REPEATABLE, Call, HttpClient, Response
from .hosts import API
from .responses import NO_ADVICE, check, classify, read

with contextlib.suppress(ImportError):  # the HTTP client reports it
    from urllib3 import encode_multipart_formdata

if TYPE_CHECKING:
    from requests import PreparedRequest

    Auth = Callable[[PreparedRequest], PreparedRequest]
    Answer = tuple[Response, Callable[[], ErrorContext]]
    Send = Callable[[Auth, Mapping[str, str]], Answer]
    Form = Mapping[str, Any]
    Advice = Mapping[int, str]

ONCE = 1
LARGEST_REPORT = 64 * 1024 * 1024


class Authenticator(Protocol):
    """Authenticates requests to WildFire."""

    def show(self, send: Send) -> Answer:
        """Send a request with credentials: in a header, or as form fields."""


@dataclasses.dataclass(frozen=True)
class BoundAccount:
    """Access tokens of a service account that is bound to a key. The key itself is never sent."""

    tokens: AccessTokens

    def show(self, send: Send) -> Answer:
        return authorize(self.tokens, lambda auth: send(auth, {}))


@dataclasses.dataclass(frozen=True)
class LegacyKey:
    """A key that is sent itself, which the vendor will discontinue.

    :param agent: the kind of the key; WildFire requires it for keys longer than 32 characters.
    """

    api_key: str = dataclasses.field(repr=False)
    agent: str | None = None

    def show(self, send: Send) -> Answer:
        agent = {"agent": self.agent} if self.agent else {}
        return send(anonymous, {"apikey": self.api_key, **agent})


def anonymous(request: PreparedRequest) -> PreparedRequest:
    """Add no credentials, not even those of C(~/.netrc)."""
    return request


@dataclasses.dataclass(frozen=True)
class Attachment:
    """A file in a response.

    :param name: the server's name for it, for display only: never a path to write to.
    """

    name: str
    content: bytes


class WildfireClient:
    """Calls the API of one region. Safe to share between threads.

    :ivar queries: the number of successful requests that count against the daily queries. :ivar uploads: likewise for uploads.
    """

    def __init__(self, http: HttpClient, url: str, proof: Authenticator) -> None:
        self._http = http
        self._url = url
        self._proof = proof
        self.queries = self.uploads = 0
        if isinstance(proof, LegacyKey):
            http.scrubber.learn(proof.api_key)

    def ask(self, attempted: str, path: str, form: Form, advice: Advice = NO_ADVICE) -> Element:
        """Send a query, repeated if a response is lost; return the root element of the response.

        :param form: fields as strings, files as pairs of name and content.
        :param advice: next steps by status, for statuses that mean something special for this request.
        :raises PanwCloudError: the subclass for the failure.
        """
        response, context = self._proven(attempted, path, form, advice, REPEATABLE)
        found = read(attempted, response, context, self._http.scrubber, largest=LARGEST_REPORT)
        self.queries += 1
        return found

    def fetch(self, attempted: str, path: str, form: Form, advice: Advice = NO_ADVICE) -> Attachment:
        """Send a query for a file, repeated if a response is lost. Parameters as for L(ask)."""
        response, context = self._proven(attempted, path, form, advice, REPEATABLE)
        self.queries += 1
        return attachment(attempted, response, context)

    def fetch_text(self, attempted: str, path: str, form: Form, advice: Advice = NO_ADVICE, *, is_xml: bool) -> bytes:
        """Send a query for a document, repeated if a response is lost; return it unchanged. Parameters as for L(ask).

        :param is_xml: whether it must be XML, and otherwise JSON.
        """
        response, context = self._proven(attempted, path, form, advice, REPEATABLE)
        if is_xml:
            read(attempted, response, context, self._http.scrubber, largest=LARGEST_REPORT)
        elif read_json(response.body) is None:
            raise InvalidResponse(attempted, dataclasses.replace(context(), reason="the response is not JSON"))
        self.queries += 1
        return response.body

    def submit(self, attempted: str, path: str, form: Form, advice: Advice = NO_ADVICE) -> Element:
        """Send a submission once: after a lost response, the caller has to look first. Parameters as for L(ask)."""
        response, context = self._proven(attempted, path, form, advice, ONCE)
        found = read(attempted, response, context, self._http.scrubber)
        self.uploads += 1
        return found

    def _proven(self, attempted: str, path: str, form: Form, advice: Advice, limit: int | None) -> Answer:
        return self._proof.show(lambda auth, proof: self._send(attempted, path, {**proof, **form}, auth, advice, limit))

    def _send(
        self, attempted: str, path: str, form: Form, auth: Auth, advice: Advice, unknown_limit: int | None
    ) -> Answer:
        body, content_type = encode_multipart_formdata(dict(form))
        headers = {"Content-Type": content_type, "Accept": "application/xml"}
        call = Call(attempted, "POST", f"{self._url}{API}{path}", auth, body, headers, unknown_limit)
        response, context = self._http.send(call, classify)
        check(attempted, response, context, self._http.scrubber, advice)
        return response, context


def attachment(attempted: str, response: Response, context: Callable[[], ErrorContext]) -> Attachment:
    """The file in a successful response. :raises InvalidResponse: it is something else, such as a login page."""
    message = Message()
    message["Content-Disposition"] = response.headers.get("content-disposition", "")
    name = message.get_filename()
    if not name:
        raise InvalidResponse(attempted, dataclasses.replace(context(), reason="the response is not a file"))
    return Attachment(name, response.body)
