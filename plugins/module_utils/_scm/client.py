# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client for the Strata Cloud Manager API with access tokens.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .._common.errors import ErrorContext, InvalidResponse, PanwCloudError
from .._common.urls import join
from .._transport.http import REPEATABLE, Call, HttpClient
from .oauth import AccessTokens, Header, authorize
from .responses import classify, read, refused


class ScmClient:
    """Calls one host with the access tokens of one service account. Safe to share between threads.

    :param url: the base URL, without a trailing slash.
    """

    def __init__(self, http: HttpClient, url: str, tokens: AccessTokens) -> None:
        self.http, self.url, self.tokens = http, url, tokens

    @property
    def tsg_id(self) -> str:
        """The ID of the tenant service group of all calls."""
        return self.tokens.credentials.tsg_id

    def ask(
        self,
        attempted: str,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        unknown_limit: int | None = 1,
    ) -> Any:
        """Call the API; return the decoded JSON of the response, None if it is empty.

        :param attempted: its purpose, as the end of "Could not …".
        :param unknown_limit: the maximum number of requests with an unknown outcome, L(REPEATABLE) for no limit.
        :raises PanwCloudError: the subclass for the failure.
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
            response, context = self.http.send(call, classify)
            decoded = read(attempted, response, context, self.http.scrubber)
            if response.lost and unknown_limit is not None:
                self.http.warnings.append(f"The outcome of a request to {attempted} is unknown; it was repeated.")
            return decoded

        return authorize(self.tokens, send)

    def objects(self, attempted: str, path: str, query: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
        """All objects of a list, in either of the vendor's formats: an array, or C(items) with C(count). Lists are not paginated.

        :raises InvalidResponse: it is neither, or has fewer objects than C(count).
        """
        decoded = self.ask(attempted, "GET", path, query=query, unknown_limit=REPEATABLE)
        items, count = decoded, None
        if isinstance(decoded, dict):
            items, count = decoded.get("items"), decoded.get("count")
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise self.malformed(attempted, "GET", path, "the response is not a list of objects")
        if isinstance(count, int) and count > len(items):
            raise self.malformed(
                attempted, "GET", path, f"the list is truncated: it has {len(items)} of {count} objects"
            )
        return items

    def malformed(self, attempted: str, method: str, path: str, problem: str) -> PanwCloudError:
        """The error for a successful response with unusable content."""
        return refused(InvalidResponse, attempted, ErrorContext(f"{method} {self.url}{path}"), problem)
