# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The response envelope of Cloud NGFW: ``Response`` and ``ResponseStatus``."""

from __future__ import annotations

from typing import Any

from .messages import Response, json_response

DENIED = "User is not authorized to access this resource"
SUCCESS = {"ResponseStatus": {"ErrorCode": 0, "Reason": ""}}


class ServiceError(Exception):
    """An error of the service behind the gateway, returned in the envelope.

    :param kind: exception name of the service, such as ``InvalidRequestException``.
    """

    def __init__(self, kind: str, message: str, code: int = 400) -> None:
        super().__init__(message)
        self.reason = f"{kind}: {message}"
        self.code = code


class GatewayError(Exception):
    """An error of the API gateway itself, outside the envelope.

    :param kind: value of the ``x-amzn-ErrorType`` header.
    :param key: JSON key of the message; ``Message`` for a missing Invoke permission.
    """

    def __init__(self, status: int, message: str, kind: str, key: str = "message") -> None:
        super().__init__(message)
        self.status = status
        self.document = {key: message}
        self.kind = kind


def not_authorized(explicit: bool = False) -> GatewayError:
    """The authorizer's rejection; its texts for a missing tag or account are not public, so all cases get this one."""
    return GatewayError(403, DENIED + (" with an explicit deny" if explicit else ""), "AccessDeniedException")


def success(content: dict[str, Any] | str | None) -> Response:
    """HTTP 200 with ErrorCode 0."""
    return json_response(200, {"Response": content, **SUCCESS})


def accepted(**fields: str) -> Response:
    """HTTP 200 with ErrorCode 0, and these fields in place of ``Response``."""
    return json_response(200, {**fields, **SUCCESS})


def failure(error: ServiceError, status: int) -> Response:
    """An error in the envelope at the given HTTP status."""
    return json_response(
        status, {"Response": None, "ResponseStatus": {"ErrorCode": error.code, "Reason": error.reason}}
    )
