# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One HTTP client for all services: pooled connections, verified TLS, bounded retries, and errors without secrets.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import copy
import dataclasses
import functools
import random
import re
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .._common.dates import http_date
from .._common.errors import ErrorContext, InvalidResponse, PanwCloudError
from .._common.redaction import Scrubber
from .adapter import Adapter, place_of, prepare_url
from .errors import NoAnswer, explain

try:
    import requests
    import urllib3
except ImportError:
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None

if TYPE_CHECKING:
    from .rate_limiter import RateLimiter

    Auth = Callable[[requests.PreparedRequest], requests.PreparedRequest]

USER_AGENT = "panw.cloud (Ansible collection)"
REQUEST_ID_HEADERS = ("x-amzn-requestid", "x-amz-apigw-id", "x-amz-request-id", "x-request-id")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:/=+@-]{1,128}")
CHUNK = 65536
REPEATABLE: int | None = None  # for requests that change nothing, or that can be sent twice with the same effect


@dataclasses.dataclass(frozen=True)
class Limits:
    """The limits of a call.

    :param attempts: the maximum number of requests.
    :param seconds: for all attempts and pauses together.
    :param connect_timeout: seconds to connect.
    :param read_timeout: seconds without data from the server.
    :param first_pause: seconds; the pause before attempt n+1 is random between 0 and this times 2^(n-1) ("full jitter").
    :param longest_pause: seconds; also caps Retry-After.
    :param answer_bytes: the maximum size of a response.
    """

    attempts: int = 5
    seconds: float = 120
    connect_timeout: float = 10
    read_timeout: float = 30
    first_pause: float = 0.5
    longest_pause: float = 30
    answer_bytes: int = 8 * 1024 * 1024


@dataclasses.dataclass(frozen=True)
class Call:
    """A request.

    :param attempted: its purpose, as the end of "Could not …".
    :param url: the complete URL with its query.
    :param auth: adds the credentials when the request is prepared.
    :param unknown_limit: the maximum number of requests with an unknown outcome: 1 for what must not be sent twice, L(REPEATABLE) for the rest.
    """

    attempted: str
    method: str
    url: str
    auth: Auth
    body: bytes | None = None
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    unknown_limit: int | None = 1

    def may_follow(self, unknown: int) -> bool:
        """Whether it may be sent again after this number of requests with an unknown outcome."""
        return self.unknown_limit is None or unknown < self.unknown_limit


@dataclasses.dataclass(frozen=True)
class Response:
    """A response of a server.

    :param headers: with lower-case names.
    :param received: the local time of its arrival.
    :param lost: the number of earlier requests with an unknown outcome.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    received: datetime
    lost: int = 0

    @property
    def request_id(self) -> str | None:
        """The server's request ID, for its support."""
        named = (self.headers.get(name, "") for name in REQUEST_ID_HEADERS)
        return next((text for text in named if _REQUEST_ID.fullmatch(text)), None)

    @property
    def clock_difference(self) -> float | None:
        """Seconds by which the server's clock is ahead of the local one, None if the response has no Date header."""
        date = http_date(self.headers.get("date"))
        return None if date is None else (date - self.received).total_seconds()


class HttpClient:
    """Sends calls over one pool of connections. Safe to share between threads.

    :param verify: the path of a CA bundle, True for the default (C(REQUESTS_CA_BUNDLE), else the certifi package), False disables verification.
    :param ca_option: the option that sets C(verify), for advice.
    :param connections: the number of pooled connections per host.
    :param scrubber: removes secrets from text of servers.
    :param session: a C(requests.Session), for tests.
    :ivar warnings: warnings for the user about calls that succeeded.
    :ivar possibly_alive: the number of secrets that may be alive but are unknown, because responses to its calls were lost.
    :param clock: seconds that only grow. :param sleep: waits. :param now: the time of day in UTC. :param draw: a random number between two.
    """

    def __init__(
        self,
        verify: bool | str,
        scrubber: Scrubber,
        *,
        ca_option: str,
        limits: Limits | None = None,
        connections: int = 16,
        session: requests.Session | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self.scrubber = scrubber
        self.now = now
        self.warnings: list[str] = []
        self.possibly_alive = 0
        self._verify = verify
        self._ca_option = ca_option
        self._limits = limits or Limits()
        self._clock, self._sleep, self._draw = clock, sleep, draw
        self._session = session or _pooled_session(connections)
        self._pace: RateLimiter | None = None
        self._by_place: dict[str, Mapping[str, Any]] = {}

    def with_limiter(self, scrubber: Scrubber, pace: RateLimiter) -> HttpClient:
        """A client over the same connections with separate secrets, warnings and rate limiter."""
        made = copy.copy(self)
        made.scrubber, made._pace = scrubber, pace
        made.warnings, made.possibly_alive = [], 0
        return made

    def send(
        self, call: Call, classify: Callable[[Response], type[PanwCloudError] | None]
    ) -> tuple[Response, Callable[[], ErrorContext]]:
        """Send a call, with retries if they are useful and safe.

        :param classify: returns L(Throttled) or L(ServerError) for a response that is worth a retry, otherwise None.
        :return: the last response, and what makes the context of an error about it, without the secrets that are known by then.
        :raises TransportError: no response. :raises InvalidResponse: it is too large, or a redirect.
        """
        deadline = self._clock() + self._limits.seconds
        attempt = lost = 0
        while True:
            attempt += 1
            if self._pace:
                deadline += self._pace.wait()
            sent = self._clock()
            try:
                response = self._once(call, deadline)
            except NoAnswer as failure:
                lost += not failure.never_sent
                again = failure.worth_repeating and (failure.never_sent or call.may_follow(lost))
                if not (again and self._wait(self._pause(attempt), attempt, deadline)):
                    raise self._failure(call, attempt, failure, lost) from None
                continue
            trouble = classify(response)
            refused = trouble is not None and trouble.kind == "throttled"
            if self._pace:
                self._pace.took(f"{call.attempted} {urlsplit(call.url).netloc}", sent)
                self._pace.answered(throttled=refused, retry_after=_retry_after(response))
            unknown = lost + (trouble is not None and not refused)
            again = trouble is not None and (refused or call.may_follow(unknown))
            if not (again and self._wait(self._pause(attempt, response), attempt, deadline)):
                context = functools.partial(self._evidence, call, attempt, response)
                return dataclasses.replace(response, lost=lost), context
            lost = unknown

    def _failure(self, call: Call, attempt: int, failure: NoAnswer, lost: int) -> PanwCloudError:
        context = self._evidence(call, attempt)
        error = failure.kind(
            call.attempted,
            dataclasses.replace(context, reason=self.scrubber.clean(failure.reason)),
            failure.next_step,
        )
        error.outcome_unknown, error.lost = lost > 0, lost
        return error

    def _evidence(self, call: Call, attempts: int, response: Response | None = None) -> ErrorContext:
        target = f"{call.method} {self.scrubber.clean(call.url)}"
        if response is None:
            return ErrorContext(target, attempts=attempts)
        return ErrorContext(target, status=response.status, request_id=response.request_id, attempts=attempts)

    def _wait(self, pause: float, attempt: int, deadline: float) -> bool:
        """Pause before the next attempt; False if no attempt or time is left."""
        if attempt >= self._limits.attempts or self._clock() + pause >= deadline:
            return False
        self._sleep(pause)
        return True

    def _pause(self, attempt: int, response: Response | None = None) -> float:
        jitter = self._draw(0, min(self._limits.longest_pause, self._limits.first_pause * 2 ** (attempt - 1)))
        asked = _retry_after(response) if response else None
        return jitter if asked is None else min(asked, self._limits.longest_pause) + jitter

    def _once(self, call: Call, deadline: float) -> Response:
        try:
            return self._exchange(call, deadline)
        except (OSError, ValueError, urllib3.exceptions.HTTPError) as error:  # exceptions of requests are OSErrors
            failure = explain(error, self._ca_option)
        raise failure  # outside of the handler: a chained exception would show the URL

    def _exchange(self, call: Call, deadline: float) -> Response:
        remaining = max(0.1, deadline - self._clock())
        headers = {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "identity"}
        # Prepared without a session, which would use cookies and netrc.
        request = requests.PreparedRequest()
        request.prepare_method(call.method)
        prepare_url(request, call.url)
        request.prepare_headers({**headers, **call.headers})
        request.prepare_body(call.body, None)
        request.prepare_auth(call.auth)
        timeout = (min(self._limits.connect_timeout, remaining), min(self._limits.read_timeout, remaining))
        adapter = self._session.get_adapter(call.url)  # bypasses the session, which would also follow redirects
        with adapter.send(request, stream=True, timeout=timeout, **self._surroundings(call.url)) as response:
            if response.is_redirect:
                raise NoAnswer(
                    f"the server returned HTTP {response.status_code}, a redirect, which is not followed with credentials",
                    kind=InvalidResponse,
                )
            names = {name.lower(): response.headers[name] for name in response.headers}  # joins repeated ones
            return Response(response.status_code, names, self._read(response, deadline), self.now())

    def _surroundings(self, url: str) -> Mapping[str, Any]:
        """Proxies, certificates and other settings that C(requests) would read from the environment for each request."""
        place = place_of(url)
        if place not in self._by_place:
            found = self._session.merge_environment_settings(url, {}, None, self._verify, None)
            self._by_place[place] = {name: value for name, value in found.items() if name != "stream"}
        return self._by_place[place]

    def _read(self, response: requests.Response, deadline: float) -> bytes:
        parts, size = [], 0
        for part in _parts(response):
            size += len(part)
            if size > self._limits.answer_bytes:
                raise NoAnswer(f"the response is larger than {self._limits.answer_bytes} bytes", kind=InvalidResponse)
            if self._clock() > deadline:
                raise NoAnswer(f"the response did not end within {self._limits.seconds:.0f} seconds")
            parts.append(part)
        promised = response.headers.get("Content-Length", "")
        came = response.raw.tell()  # as sent, not as decoded
        if promised.isdigit() and came < int(promised):  # urllib3 1.x does not report it
            raise NoAnswer(f"the response broke off after {came} of {promised} bytes", worth_repeating=True)
        return b"".join(parts)


def _pooled_session(connections: int) -> requests.Session:
    session = requests.Session()
    adapter = Adapter(connections)
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    return session


def _parts(response: requests.Response) -> Iterator[bytes]:
    """The body as it arrives; before urllib3 2.2 only in complete chunks, which a slow server can delay."""
    if hasattr(response.raw, "read1"):
        return iter(lambda: response.raw.read1(CHUNK, decode_content=True), b"")
    return response.iter_content(CHUNK)


def _retry_after(response: Response) -> float | None:
    """Seconds that the server asks to wait: a number, or a date by the server's own clock."""
    text = response.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    date = http_date(text)
    if date is None:
        return None
    reference = http_date(response.headers.get("date")) or response.received
    return max(0.0, (date - reference).total_seconds())
