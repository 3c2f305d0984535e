# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a request got no usable response, without texts of other libraries: they can hold URLs, and so tokens and proxy passwords.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import os
import re
import socket
import ssl
from collections.abc import Iterator
from typing import Any

from .._common.errors import PanwCloudError, TransportError

try:
    import requests
    import urllib3
except ImportError:  # the HTTP client reports it
    pass


class NoAnswer(Exception):
    """One attempt without a usable response."""

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
    """Explain a failure.

    :param ca_option: the option with the CA to trust.
    """
    causes = list(_causes(error))

    def caused_by(*kinds: type[BaseException]) -> BaseException | None:
        return next((cause for cause in causes if isinstance(cause, kinds)), None)

    why = _innermost(causes)
    if caused_by(ssl.SSLEOFError, ssl.SSLZeroReturnError):
        return NoAnswer(f"the connection broke: {why}", worth_repeating=True)
    if _is_protocol_failure(caused_by(ssl.SSLError)):
        return NoAnswer(
            f"TLS failed: {why}",
            worth_repeating=True,
            next_step="Verify that the server and all proxies on the way support TLS 1.2 or later on this port, and repeat the task.",
        )
    if caused_by(requests.exceptions.SSLError, urllib3.exceptions.SSLError) or error.__class__ is OSError:
        return NoAnswer(
            f"TLS failed: {why}",
            never_sent=True,
            next_step=f"Name the CA that signed the server's certificate in '{ca_option}'. A proxy that intercepts TLS uses a different CA.",
        )
    if caused_by(requests.exceptions.ProxyError, urllib3.exceptions.ProxyError):
        return NoAnswer(f"the proxy failed: {why}", worth_repeating=True, never_sent=True)
    if caused_by(urllib3.exceptions.NewConnectionError):  # a subclass of ConnectTimeoutError, but not a timeout
        return NoAnswer(f"could not connect: {why}", worth_repeating=True, never_sent=True)
    if caused_by(requests.exceptions.ConnectTimeout, urllib3.exceptions.ConnectTimeoutError):
        return NoAnswer("the connection timed out", worth_repeating=True, never_sent=True)
    if caused_by(requests.exceptions.Timeout, urllib3.exceptions.TimeoutError):
        return NoAnswer("the response timed out", worth_repeating=True)
    if isinstance(error, ValueError):
        return NoAnswer(f"the request cannot be built ({type(error).__name__})", never_sent=True)
    return NoAnswer(f"the connection broke: {why}", worth_repeating=True)


def _is_protocol_failure(error: BaseException | None) -> bool:
    """Whether TLS itself failed, and not the verification of a certificate or the loading of a file."""
    return getattr(error, "library", None) == "SSL" and not isinstance(error, ssl.SSLCertVerificationError)


_HARMLESS = ("profile", "provider", "cred_var", "region_name", "service_name", "config_name", "param_name", "path")
"""Safe values in botocore's messages: user input and names of files. All others can hold URLs, output of programs or a request."""


def of_botocore(error: BaseException) -> str:
    """The message of botocore with safe values only, and its cause in the words of the operating system."""
    template, values = getattr(error, "fmt", None), getattr(error, "kwargs", {})
    if not isinstance(template, str):
        return _innermost(list(_causes(error)))
    shown = {name: str(value) for name, value in values.items() if name in _HARMLESS and _is_plain(str(value))}
    said = re.sub(r"[\s:]*[\"']?\{(\w+)[^}]*\}[\"']?", lambda field: _filled(field, shown), template).strip()
    cause = values.get("error")
    if "report" in values:  # it repeats the values, too
        wrong = dict.fromkeys(re.findall(r"parameter ([\w.\[\]]+)", str(values["report"])))
        said = f"{said}: {', '.join(wrong)}"
    if not isinstance(cause, BaseException):
        return said
    return f"{said} ({_innermost(list(_causes(cause)))})"


def _filled(field: re.Match[str], shown: dict[str, str]) -> str:
    name = field.group(1)
    return field.group().partition("{")[0] + shown[name] + field.group().rpartition("}")[2] if name in shown else ""


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and all exceptions in its arguments, reasons and causes."""
    seen: set[int] = set()
    waiting: list[Any] = [error]
    while waiting:
        current = waiting.pop(0)
        if not isinstance(current, BaseException) or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        values = getattr(current, "kwargs", None)
        inner = values.get("error") if isinstance(values, dict) else None
        waiting += [getattr(current, "reason", None), inner, *current.args, current.__cause__, current.__context__]


def _innermost(causes: list[BaseException]) -> str:
    """The message of the operating system or TLS library for the innermost cause, otherwise its type."""
    for cause in reversed(causes):
        said = _in_words(cause)
        if said:
            return said
    return type(causes[-1]).__name__


def _in_words(cause: BaseException) -> str | None:
    if isinstance(cause, ssl.SSLError):
        words = getattr(cause, "verify_message", None) or str(cause.reason or "").lower().replace("_", " ")
        return words if words and _is_plain(words) else type(cause).__name__
    if isinstance(cause, socket.gaierror):
        words = cause.strerror or ""
        return words if words and _is_plain(words) else "the name cannot be resolved"
    if isinstance(cause, socket.timeout):
        return "timed out"
    if not isinstance(cause, OSError) or isinstance(cause, requests.RequestException):
        return None
    if isinstance(cause.errno, int):
        return os.strerror(cause.errno)
    refused = re.match(r"Tunnel connection failed: (\d{3})\b", str(cause))
    if refused:
        return f"it returned HTTP {refused.group(1)}"
    return type(cause).__name__


def _is_plain(text: str) -> bool:
    """Whether a text contains no URL, and nothing that could be a password in one."""
    return not re.search(r"://|@", text)
