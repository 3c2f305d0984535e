# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP/1.1 as bytes: requests read from a connection, and responses written to it.

The standard library's parser builds an e-mail message for each request, which takes longer than most responses here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import BinaryIO

from .messages import Delivery, Headers, Response

MAX_BODY = 16 * 1024 * 1024
MAX_LINE = 65536
MAX_FIELDS = 100
REQUEST_LINE = re.compile(r"([A-Za-z]{1,32}) (\S+) HTTP/1\.([01])")
FIELD_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
OWN_FIELDS = frozenset({"content-length", "connection", "transfer-encoding", "date", "server"})
SERVER = "Server: panw-simulator"
PHRASES = {status.value: status.phrase for status in HTTPStatus}
BODILESS = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class BadRequest(Exception):
    """The bytes on the connection are not a valid request."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


@dataclass(frozen=True)
class Head:
    """A request without its body. ``last``: the client closes the connection after the response."""

    method: str
    target: str
    headers: Headers
    last: bool

    @property
    def waits(self) -> bool:
        """Whether the client waits for "100 Continue" before it sends the body."""
        return (self.headers.get("Expect") or "").lower() == "100-continue"


def read_head(stream: BinaryIO) -> Head | None:
    """The next request line and header fields; None if the client has finished.

    :raises BadRequest: they are malformed.
    """
    line = stream.readline(MAX_LINE + 1)
    if not line:
        return None
    if len(line) > MAX_LINE:
        raise BadRequest(HTTPStatus.REQUEST_URI_TOO_LONG)
    match = REQUEST_LINE.fullmatch(line.decode("latin-1").rstrip("\r\n"))
    if match is None:
        raise BadRequest(HTTPStatus.BAD_REQUEST)
    headers = Headers(_fields(stream))
    wish = (headers.get("Connection") or "").lower()
    return Head(match[1], match[2], headers, last=wish == "close" or (match[3] == "0" and wish != "keep-alive"))


def read_body(stream: BinaryIO, headers: Headers) -> bytes:
    """The body that belongs to the header fields.

    :raises BadRequest: its length is missing, invalid or too large.
    """
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower():
        return _chunked(stream)
    try:
        length = int(headers.get("Content-Length") or 0)
    except ValueError:
        raise BadRequest(HTTPStatus.BAD_REQUEST) from None
    if not 0 <= length <= MAX_BODY:
        raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return stream.read(length) if length else b""


def response_bytes(response: Response, method: str, now: float, last: bool) -> bytes:
    """A response as bytes.

    :param now: seconds since the epoch, for the field Date. :param last: the connection is closed after it.
    """
    lines = [
        f"HTTP/1.1 {response.status} {response.reason or PHRASES.get(response.status, '')}",
        SERVER,
        _date(int(now)),
    ]
    lines += [f"{name}: {value}" for name, value in response.headers if name.lower() not in OWN_FIELDS]
    half = response.body[: len(response.body) // 2]
    whole = half if response.delivery is Delivery.SHORT else response.body
    if response.status not in BODILESS:
        lines.append(f"Content-Length: {len(whole)}")
    if last:
        lines.append("Connection: close")
    body = half if response.delivery is Delivery.TRUNCATED else whole
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (b"" if method == "HEAD" else body)


@lru_cache(maxsize=4)
def _date(second: int) -> str:
    return f"Date: {formatdate(second, usegmt=True)}"


def _fields(stream: BinaryIO) -> Iterator[tuple[str, str]]:
    for _index in range(MAX_FIELDS + 1):
        line = stream.readline(MAX_LINE + 1)
        if line in (b"\r\n", b"\n"):
            return
        name, colon, value = line.decode("latin-1").partition(":")
        if not line.endswith(b"\n") or not colon or not FIELD_NAME.fullmatch(name):
            break
        yield name, value.strip(" \t\r\n")
    raise BadRequest(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)


def _chunked(stream: BinaryIO) -> bytes:
    body = bytearray()
    while True:
        try:
            size = int(stream.readline(64).partition(b";")[0], 16)
        except ValueError:
            raise BadRequest(HTTPStatus.BAD_REQUEST) from None
        if size < 0 or len(body) + size > MAX_BODY:
            raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body += stream.read(size)
        line = stream.readline(MAX_LINE + 1)
        if size:
            continue
        while line.strip():
            line = stream.readline(MAX_LINE + 1)
        return bytes(body)
