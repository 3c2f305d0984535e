# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API of Strata Cloud Manager as calls that carry an access token.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .._common.errors import Evidence, MalformedAnswer, PanwCloudError
from .._common.urls import join
from .._transport.http import Call, HttpClient
from .oauth import AccessTokens, Header, authorised
from .responses import judge, read, refused


class ScmClient:
    """Calls one host with the access tokens of one service account. Safe to share between threads.

    :param url: the base URL, without a slash at its end.
    """

    def __init__(self, http: HttpClient, url: str, tokens: AccessTokens) -> None:
        self.http, self.url, self.tokens = http, url, tokens

    @property
    def tsg_id(self) -> str:
        """The tenant service group that all calls act in."""
        return self.tokens.credentials.tsg_id

    def ask(
        self,
        attempted: str,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        unknown_limit: int | None = None,
    ) -> Any:
        """Call the API; return the decoded JSON of the answer, None where it is empty.

        :param attempted: what it is for, as the end of "Could not …".
        :param unknown_limit: how many requests with an unknown outcome it may take in all, None for any number.
        :raises PanwCloudError: of the kind that tells what went wrong.
        """

        def send(bearer: Header) -> Any:
            call = Call(
                attempted=attempted,
                method=method,
                url=join(self.url, path, query),
                auth=bearer,
                body=None if body is None else json.dumps(body).encode(),
                headers={} if body is None else {"Content-Type": "application/json"},
                unknown_limit=unknown_limit,
            )
            answer, evidence = self.http.send(call, judge)
            decoded = read(attempted, answer, evidence, self.http.scrubber)
            if answer.lost and unknown_limit is not None:
                self.http.warnings.append(f"The outcome of a request to {attempted} is not known; it was repeated.")
            return decoded

        return authorised(self.tokens, send)

    def objects(self, attempted: str, path: str, query: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
        """All objects of a list, in either of the vendor's shapes: an array, or C(items) with their C(count). Lists have no pages.

        :raises MalformedAnswer: it is neither, or holds fewer objects than it counts.
        """
        decoded = self.ask(attempted, "GET", path, query=query)
        items, count = decoded, None
        if isinstance(decoded, dict):
            items, count = decoded.get("items"), decoded.get("count")
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise self.malformed(attempted, "GET", path, "the answer is no list of objects")
        if isinstance(count, int) and count > len(items):
            raise self.malformed(attempted, "GET", path, f"the list is cut: it has {len(items)} of {count} objects")
        return items

    def malformed(self, attempted: str, method: str, path: str, problem: str) -> PanwCloudError:
        """The error for a success whose content is no use."""
        return refused(MalformedAnswer, attempted, Evidence(f"{method} {self.url}{path}"), problem)
