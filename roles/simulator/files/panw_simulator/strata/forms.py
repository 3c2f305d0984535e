# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Form parsing for the two encodings that clients send.

Multipart is parsed manually: pan-python sends an unquoted boundary with characters that require quotes, and no line break at
the end of the body, which the real service accepts, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from urllib.parse import parse_qsl

from ..messages import Request

BOUNDARY = re.compile(r'multipart/form-data\s*;.*?boundary=(?:"([^"]+)"|([^\s;]+))', re.IGNORECASE)
URLENCODED = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Attachment:
    """A file in a response."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Form:
    """The fields of a form, including files; ``filenames`` has the file names that were sent."""

    fields: dict[str, bytes]
    filenames: dict[str, str]

    def text(self, name: str) -> str | None:
        """A field as text; None if it is missing."""
        value = self.fields.get(name)
        return None if value is None else value.decode("utf-8", "replace")


def read_form(request: Request) -> Form:
    """The form in a request's body; empty if the body is not a form."""
    content_type = request.headers.get("Content-Type") or ""
    match = BOUNDARY.match(content_type)
    if match:
        return _multipart(request.body, (match[1] or match[2]).encode())
    if content_type.partition(";")[0].strip().lower() != URLENCODED:
        return Form({}, {})
    pairs = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    return Form({name: value.encode() for name, value in pairs}, {})


def _multipart(body: bytes, boundary: bytes) -> Form:
    form = Form({}, {})
    for headers, content in _parts(body, boundary):
        name = headers.get_param("name", header="content-disposition")
        filename = headers.get_filename()
        if isinstance(name, str):
            form.fields[name] = content
            if filename is not None:
                form.filenames[name] = filename
    return form


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[Message, bytes]]:
    """Header fields and content of each part. A delimiter is a line break, two hyphens and the boundary."""
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:]:
        if part.startswith(b"--"):
            return
        head, blank, content = part.partition(b"\r\n\r\n")
        if blank:
            yield BytesHeaderParser().parsebytes(head.lstrip(b"\r\n") + b"\r\n\r\n"), content
