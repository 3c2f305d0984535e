# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fakes of the network, the clock and randomness."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
import urllib3
from ansible_collections.panw.cloud.plugins.module_utils._aws.client import Credentials
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import Scrubber
from ansible_collections.panw.cloud.plugins.module_utils._common.token_pair import TokenPair
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.client import NgfwClient
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.endpoints import Endpoint
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import TokenService
from ansible_collections.panw.cloud.plugins.module_utils._transport.http import HttpClient, Limits
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

NOW = datetime(2026, 5, 19, 12, 0, 0, tzinfo=UTC)
URL = "https://api.us-east-1.aws.cloudngfw.paloaltonetworks.com"
ROLE_ARN = "arn:aws:iam::123456789012:role/CloudNGFWAdmin"
KEY = "subscription-key-0123456789"
CREDENTIALS = Credentials(
    "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "session/token+value==", "123456789012"
)


def jwt(**claims: Any) -> str:
    """A token in JWT format."""
    parts = ({"alg": "RS256", "typ": "JWT"}, {"sub": "0123456789", **claims})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*encoded, "c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"])


TOKEN = jwt(tenant_version="V2")
HELD = TokenPair(TOKEN, KEY)


class Clock:
    """A fake of the monotonic clock and of sleep: time advances only during sleep."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.seconds += seconds

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)


class Reply:
    """A response of the fake server. A body that is neither bytes nor text is sent as JSON."""

    def __init__(self, status: int = 200, body: Any = b"", headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.headers = dict(headers or {})
        text = body if isinstance(body, (bytes, str)) else json.dumps(body)
        self.body = text if isinstance(text, bytes) else text.encode()

    def to(self, request: requests.PreparedRequest) -> requests.Response:
        response = requests.Response()
        response.status_code, response.request, response.url = self.status, request, request.url or ""
        response.headers = CaseInsensitiveDict(self.headers)
        response.raw = urllib3.HTTPResponse(
            io.BytesIO(self.body), headers=self.headers, status=self.status, preload_content=False
        )
        return response


def success(content: Any = None, **more: Any) -> Reply:
    """A success response in the vendor's envelope."""
    return Reply(200, {"Response": content, "ResponseStatus": {"ErrorCode": 0, "Reason": ""}, **more})


def refusal(status: int, message: str, **headers: str) -> Reply:
    """An error response of the gateway."""
    return Reply(status, {"message": message}, headers)


MISSING_ROUTE = refusal(403, "Missing Authentication Token")
Handler = Callable[[requests.PreparedRequest], "Reply | BaseException"]


class Server(BaseAdapter):
    """A fake server: scripted responses, of which the last one repeats, or a function."""

    def __init__(self, *script: Reply | BaseException, handler: Handler | None = None) -> None:
        super().__init__()
        self._script = list(script)
        self._handler = handler
        self.requests: list[requests.PreparedRequest] = []
        self.settings: list[dict[str, Any]] = []

    def send(self, request: requests.PreparedRequest, **settings: Any) -> requests.Response:
        self.requests.append(request)
        self.settings.append(settings)
        if self._handler:
            reply = self._handler(request)
        else:
            reply = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if isinstance(reply, BaseException):
            raise reply
        return reply.to(request)

    def close(self) -> None:
        """Nothing to close."""

    @property
    def calls(self) -> list[str]:
        """The requests as method and path."""
        return [f"{request.method} {request.path_url}" for request in self.requests]


def session(server: BaseAdapter) -> requests.Session:
    """A real session over a fake server."""
    made = requests.Session()
    for scheme in ("https://", "http://"):
        made.mount(scheme, server)
    return made


def http(server: BaseAdapter, *, clock: Clock | None = None, limits: Limits | None = None, **more: Any) -> HttpClient:
    """The real client over a fake server; jitter is always at its maximum."""
    clock = clock or Clock()
    settings: dict[str, Any] = {
        "ca_option": "ngfw_ca_bundle",
        "draw": lambda _low, high: high,
        "now": clock.now,
        **more,
    }
    return HttpClient(
        True, Scrubber(), limits=limits, session=session(server), clock=clock, sleep=clock.sleep, **settings
    )


def api(server: BaseAdapter, url: str = URL, **more: Any) -> NgfwClient:
    """The Cloud NGFW API over a fake server."""
    return NgfwClient(http(server, **more), Endpoint(url, "us-east-1"))


def issued(token: str = TOKEN, key: str = KEY, minutes: Any = 30, **more: Any) -> Reply:
    """The response to a token request."""
    return success({"TokenId": token, "SubscriptionKey": key, "ExpiryTime": minutes, "Enabled": True, **more})


def service(server: BaseAdapter, **more: Any) -> TokenService:
    """The token API over a fake server."""
    return TokenService(api(server, **more), CREDENTIALS)
