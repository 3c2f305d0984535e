# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals, in the form of the service that refuses."""

from __future__ import annotations

from http.client import responses
from xml.sax.saxutils import escape

from ..messages import Response, json_response

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
"""Reason phrases of the WildFire API where they differ from HTTP's. Source: its error codes, and pan-python's list."""


class Refusal(Exception):
    """A service refuses a call; carries the whole answer."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def phrase(status: int) -> str:
    """HTTP's own reason phrase, empty for a number that HTTP does not know."""
    return responses.get(status, "")


def oauth_error(status: int, error: str, description: str) -> Response:
    """An error of the token server."""
    return json_response(status, {"error_description": description, "error": error})


def platform_error(status: int, message: str = "") -> Response:
    """An error of the identity, tenancy and subscription APIs."""
    title = phrase(status)
    return json_response(status, {"error": title, "message": message or title, "statusCode": status})


def text_error(status: int, text: str) -> Response:
    """An error in plain text, as the gateway of the platform writes it about access tokens."""
    return Response(status, text.encode(), [("Content-Type", "text/plain")])


def wildfire_error(status: int, message: str = "") -> Response:
    """An error of the WildFire API, with its own reason phrase; the message stands in quotation marks there."""
    reason = WILDFIRE_REASONS.get(status) or phrase(status)
    return xml_response(status, f"<error><error-message>'{escape(message or reason)}'</error-message></error>", reason)


def xml_response(status: int, document: str, reason: str = "") -> Response:
    """A response with an XML body; takes the root element as text."""
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{document}\n'
    return Response(status, body.encode(), [("Content-Type", XML)], reason=reason)
