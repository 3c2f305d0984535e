# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why an attempt to send a request brought no usable answer, told without the exception's own text where that can hold the URL, and so a token.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any

from ._errors import PanwCloudError, TransportError

try:
    import requests
    import urllib3
except ImportError:  # the HTTP client reports it
    pass


class NoAnswer(Exception):
    """One attempt without a usable answer."""

    def __init__(
        self,
        reason: str,
        *,
        kind: type[PanwCloudError] = TransportError,
        worth_repeating: bool = False,
        never_sent: bool = False,
        next_step: str | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason, self.kind, self.next_step = reason, kind, next_step
        self.worth_repeating, self.never_sent = worth_repeating, never_sent


def explain(error: BaseException, ca_option: str) -> NoAnswer:
    """Say what went wrong without the exception's own text where that can hold the URL, and so a token.

    :param ca_option: the option that names the CA to trust.
    """
    causes = list(_causes(error))

    def caused_by(*kinds: type[BaseException]) -> BaseException | None:
        return next((cause for cause in causes if isinstance(cause, kinds)), None)

    if caused_by(ssl.SSLEOFError, ssl.SSLZeroReturnError):
        return NoAnswer(f"the connection broke: {_innermost(causes)}", worth_repeating=True)
    if caused_by(requests.exceptions.SSLError, urllib3.exceptions.SSLError) or error.__class__ is OSError:
        return NoAnswer(
            f"TLS failed: {_innermost(causes)}",
            never_sent=True,
            next_step=f"Name the CA that signed the server's certificate in '{ca_option}'. A proxy that opens TLS has a CA of its own.",
        )
    if caused_by(requests.exceptions.ProxyError):
        return NoAnswer(f"the proxy failed: {_innermost(causes)}", worth_repeating=True, never_sent=True)
    if caused_by(urllib3.exceptions.NewConnectionError):  # a ConnectTimeoutError by inheritance, which it is not
        return NoAnswer(f"no connection: {_innermost(causes)}", worth_repeating=True, never_sent=True)
    if caused_by(requests.exceptions.ConnectTimeout, urllib3.exceptions.ConnectTimeoutError):
        return NoAnswer("no connection in time", worth_repeating=True, never_sent=True)
    if caused_by(requests.exceptions.Timeout, urllib3.exceptions.TimeoutError):
        return NoAnswer("no answer in time", worth_repeating=True)
    if isinstance(error, ValueError):
        return NoAnswer(f"the request cannot be built ({type(error).__name__})", never_sent=True)
    return NoAnswer(f"the connection broke: {_innermost(causes)}", worth_repeating=True)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and all that it wraps, in arguments, reasons and causes."""
    seen: set[int] = set()
    waiting: list[Any] = [error]
    while waiting:
        current = waiting.pop(0)
        if not isinstance(current, BaseException) or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += [getattr(current, "reason", None), *current.args, current.__cause__, current.__context__]


def _innermost(causes: list[BaseException]) -> str:
    """The operating system's or TLS library's own words, which name no URL."""
    for cause in reversed(causes):
        if isinstance(cause, OSError) and not isinstance(cause, requests.RequestException):
            return getattr(cause, "verify_message", None) or cause.strerror or str(cause) or type(cause).__name__
    return type(causes[-1]).__name__
