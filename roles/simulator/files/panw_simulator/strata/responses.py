# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Error responses in the format of each service."""

from __future__ import annotations

from http.client import responses
from xml.sax.saxutils import escape

from ..messages import Response, json_response
from .forms import Attachment

XML = "application/xml"
WILDFIRE_REASONS = {
    401: "Invalid API key",
    413: "Request Entity Too Large",
    418: "Unsupported File Type",
    419: "Quota Exceeded",
    420: "Insufficient Arguments",
    421: "Invalid Argument",
    422: "Unprocessable Entities",
    456: "Invalid Request",
    513: "File Upload Failed",
}
"""Reason phrases of the WildFire API that differ from HTTP's. Source: its error codes, and pan-python's list."""


class Refusal(Exception):
    """A service rejects a call; carries the complete response."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def phrase(status: int) -> str:
    """HTTP's reason phrase, empty for an unknown status."""
    return responses.get(status, "")


def oauth_error(status: int, error: str, description: str) -> Response:
    """An error of the token server."""
    return json_response(status, {"error_description": description, "error": error})


def platform_error(status: int, message: str = "") -> Response:
    """An error of the identity, tenancy and subscription APIs."""
    title = phrase(status)
    return json_response(status, {"error": title, "message": message or title, "statusCode": status})


def text_error(status: int, text: str) -> Response:
    """A plain-text error, as the platform's gateway returns it for access tokens."""
    return Response(status, text.encode(), [("Content-Type", "text/plain")])


def wildfire_error(status: int, message: str = "") -> Response:
    """An error of the WildFire API, with its reason phrase; the message is in quotation marks."""
    reason = WILDFIRE_REASONS.get(status) or phrase(status)
    return xml_response(status, f"<error><error-message>'{escape(message or reason)}'</error-message></error>", reason)


def xml_response(status: int, document: str, reason: str = "") -> Response:
    """A response with an XML body; ``document`` is the root element as text."""
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{document}\n'
    return Response(status, body.encode(), [("Content-Type", XML)], reason=reason)


def attachment_response(attachment: Attachment) -> Response:
    """A response with a file."""
    disposition = ("Content-Disposition", f'attachment; filename="{attachment.name}"')
    return Response(200, attachment.content, [("Content-Type", "application/octet-stream"), disposition])
