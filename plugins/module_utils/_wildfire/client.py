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
from typing import TYPE_CHECKING, Any, Protocol
from xml.etree.ElementTree import Element

from .._scm.oauth import AccessTokens, authorize
from .._transport.http import REPEATABLE, Call, HttpClient
from .hosts import API
from .responses import classify, read

with contextlib.suppress(ImportError):  # the HTTP client reports it
    from urllib3 import encode_multipart_formdata

if TYPE_CHECKING:
    from requests import PreparedRequest

    Auth = Callable[[PreparedRequest], PreparedRequest]
    Send = Callable[[Auth, Mapping[str, str]], Element]


class Authenticator(Protocol):
    """Authenticates requests to WildFire."""

    def show(self, send: Send) -> Element:
        """Send a request with credentials: in a header, or as form fields."""


@dataclasses.dataclass(frozen=True)
class BoundAccount:
    """Access tokens of a service account that is bound to a key. The key itself is never sent."""

    tokens: AccessTokens

    def show(self, send: Send) -> Element:
        return authorize(self.tokens, lambda auth: send(auth, {}))


@dataclasses.dataclass(frozen=True)
class LegacyKey:
    """A key that is sent itself, which the vendor will discontinue.

    :param agent: the kind of the key; WildFire requires it for keys longer than 32 characters.
    """

    api_key: str = dataclasses.field(repr=False)
    agent: str | None = None

    def show(self, send: Send) -> Element:
        agent = {"agent": self.agent} if self.agent else {}
        return send(_unchanged, {"apikey": self.api_key, **agent})


def _unchanged(request: PreparedRequest) -> PreparedRequest:
    """Add no credentials, not even those of C(~/.netrc)."""
    return request


class WildfireClient:
    """Calls the API of one region. Safe to share between threads."""

    def __init__(self, http: HttpClient, url: str, proof: Authenticator) -> None:
        self._http = http
        self._url = url
        self._proof = proof
        if isinstance(proof, LegacyKey):
            http.scrubber.learn(proof.api_key)

    def ask(self, attempted: str, path: str, form: Mapping[str, Any]) -> Element:
        """Send a query, repeated if a response is lost; return the root element of the response.

        :param form: fields as strings, files as pairs of name and content.
        :raises PanwCloudError: the subclass for the failure.
        """
        return self._proof.show(lambda auth, proof: self._send(attempted, path, {**proof, **form}, auth))

    def _send(self, attempted: str, path: str, form: Mapping[str, Any], auth: Auth) -> Element:
        body, content_type = encode_multipart_formdata(dict(form))
        headers = {"Content-Type": content_type, "Accept": "application/xml"}
        call = Call(attempted, "POST", f"{self._url}{API}{path}", auth, body, headers, REPEATABLE)
        response, context = self._http.send(call, classify)
        return read(attempted, response, context, self._http.scrubber)
