# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The WildFire public API as calls: forms in, XML out, with an access token of a bound service account or with a legacy key.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol
from xml.etree.ElementTree import Element

from .._scm.oauth import AccessTokens, authorised
from .._transport.http import Call, HttpClient
from .hosts import API
from .responses import judge, read

with contextlib.suppress(ImportError):  # the HTTP client reports it
    from urllib3 import encode_multipart_formdata

if TYPE_CHECKING:
    from requests import PreparedRequest

    Auth = Callable[[PreparedRequest], PreparedRequest]
    Send = Callable[[Auth, Mapping[str, str]], Element]


class Proof(Protocol):
    """Shows WildFire a key."""

    def show(self, send: Send) -> Element:
        """Send a request with the proof: in a header, or as fields of the form."""


@dataclasses.dataclass(frozen=True)
class BoundAccount:
    """Access tokens of a service account that is bound to a key. The key's own text is never sent."""

    tokens: AccessTokens

    def show(self, send: Send) -> Element:
        return authorised(self.tokens, lambda auth: send(auth, {}))


@dataclasses.dataclass(frozen=True)
class LegacyKey:
    """A key that is sent itself, which the vendor is going to end.

    :param agent: the kind of the key; WildFire asks for it with keys of more than 32 characters.
    """

    api_key: str = dataclasses.field(repr=False)
    agent: str | None = None

    def show(self, send: Send) -> Element:
        agent = {"agent": self.agent} if self.agent else {}
        return send(_unchanged, {"apikey": self.api_key, **agent})


def _unchanged(request: PreparedRequest) -> PreparedRequest:
    """No credentials in the header, those of C(~/.netrc) neither."""
    return request


class WildfireClient:
    """Calls the API of one region. Safe to share between threads."""

    def __init__(self, http: HttpClient, url: str, proof: Proof) -> None:
        self._http = http
        self._url = url
        self._proof = proof
        if isinstance(proof, LegacyKey):
            http.scrubber.learn(proof.api_key)

    def ask(self, attempted: str, path: str, form: Mapping[str, Any]) -> Element:
        """Ask for information, which a lost answer lets be asked for again; gives the root of the answer.

        :param form: fields as text, files as pairs of a name and a text.
        :raises PanwCloudError: of the kind that tells what went wrong.
        """
        return self._proof.show(lambda auth, proof: self._send(attempted, path, {**proof, **form}, auth))

    def _send(self, attempted: str, path: str, form: Mapping[str, Any], auth: Auth) -> Element:
        body, content_type = encode_multipart_formdata(dict(form))
        headers = {"Content-Type": content_type, "Accept": "application/xml"}
        call = Call(attempted, "POST", f"{self._url}{API}{path}", auth, body, headers)
        answer, evidence = self._http.send(call, judge)
        return read(attempted, answer, evidence, self._http.scrubber)
