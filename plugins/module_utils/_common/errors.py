# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors of this collection.

Every failure outside of the entry points has one of these types. It holds what was attempted, on what, what the server said, and what to do next;
it contains no secrets, because text from servers is scrubbed before it gets here.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from .redaction import printable, without_user_info


@dataclasses.dataclass(frozen=True)
class ErrorContext:
    """What is known about a failed request.

    :param target: the URL or resource, free of secrets.
    :param status: the HTTP status, or None without a response.
    :param error_code: the vendor's C(ErrorCode) or AWS's error code, as a string.
    :param reason: what the server said, scrubbed and shortened.
    :param request_id: the server's identifier of the request.
    :param attempts: how many times the request was sent.
    """

    target: str | None = None
    status: int | None = None
    error_code: str | None = None
    reason: str | None = None
    request_id: str | None = None
    attempts: int = 1

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):  # all external text in errors passes here
            object.__setattr__(self, field.name, printable(getattr(self, field.name)))
        object.__setattr__(self, "target", self.target and without_user_info(self.target))

    def text(self) -> str:
        """The context as part of a sentence."""
        said = self.reason or "no details"
        if self.status is None:
            return said
        code = f", error code {self.error_code}" if self.error_code else ""
        return f"the server returned HTTP {self.status}{code}: {said}"


class PanwCloudError(Exception):
    """Any failure of this collection.

    :param attempted: what was attempted, as the end of "Could not …".
    :param context: what is known about the failure.
    :param next_step: what the user can do; the class has a default for most cases.
    :ivar partial: parts of the result that are known despite the failure.
    """

    kind = "error"
    advice = ""
    # Whether the server may have processed the request despite the failure.
    outcome_unknown = False
    # Whether the task changed something before it failed.
    changed = False
    # The number of requests with an unknown outcome.
    lost = 0
    # The number of secrets that may be alive but are unknown, because responses were lost.
    possibly_alive = 0

    def __init__(self, attempted: str, context: ErrorContext | None = None, next_step: str | None = None) -> None:
        self.operation = printable(attempted)
        self.context = context or ErrorContext()
        self.next_step = next_step or self.advice
        self.notes: list[str] = []
        self.partial: dict[str, Any] = {}
        super().__init__(attempted)

    def add(self, note: str) -> None:
        """Add a sentence about the consequences, such as the state of a token that was issued."""
        self.notes.append(printable(note))

    @property
    def summary(self) -> str:
        """What happened, without the next step."""
        where = f" at {self.context.target}" if self.context.target else ""
        tries = f" after {self.context.attempts} attempts" if self.context.attempts > 1 else ""
        return " ".join([f"Could not {self.operation}{where}{tries}: {self.context.text().rstrip('.')}.", *self.notes])

    def __str__(self) -> str:
        return f"{self.summary} {self.next_step}".rstrip()

    def as_result(self) -> dict[str, Any]:
        """The failure as C(fail_json) arguments: the message, and its parts for use in playbooks."""
        return {
            **self.partial,
            **({"changed": True} if self.changed else {}),
            "msg": str(self),
            "error": {
                "kind": self.kind,
                "operation": self.operation,
                "next_step": self.next_step,
                "possibly_alive": self.possibly_alive,
                **dataclasses.asdict(self.context),
            },
        }


class InvalidInput(PanwCloudError):
    """An invalid option. Raised before any network call.

    :param option: the name of the option.
    :param problem: what is wrong with it, as the end of "Option … ".
    """

    kind = "invalid_input"

    def __init__(self, option: str, problem: str) -> None:
        self.option = option
        self.problem = problem
        super().__init__("start the task", ErrorContext(target=f"option {option}", reason=problem))

    def __str__(self) -> str:
        return f"Option '{self.option}' {self.problem}"


class TransportError(PanwCloudError):
    """No response from the server: name resolution, connection, proxy or TLS failed, or it timed out."""

    kind = "transport"
    advice = "Check the URL, the network and the proxy between this host and the server."


class AuthenticationError(PanwCloudError):
    """The server rejects the caller's identity: keys, signature, token or subscription key."""

    kind = "authentication"
    advice = "Check the AWS credentials, or get a new token."


class AuthorizationError(PanwCloudError):
    """The server knows the caller and denies the request."""

    kind = "authorization"
    advice = "Check the role's tags, its permission policy and its trust policy."


class AccessDisabled(PanwCloudError):
    """Programmatic access is disabled for the Cloud NGFW tenant."""

    kind = "access_disabled"
    advice = (
        "An administrator enables it in the Cloud NGFW console: Tenant (or Settings > Tenant), General, "
        "Programmatic Access, Enable, Confirm. The vendor has no API for it."
    )


class NotFound(PanwCloudError):
    """The requested resource does not exist."""

    kind = "not_found"
    advice = "Check the name, the region and the account."


class RouteNotFound(PanwCloudError):
    """The gateway has no such route: a wrong URL or stage, or a call that the vendor removed."""

    kind = "route_not_found"
    advice = "Check the host, the stage path and the region in 'ngfw_url'."


class Throttled(PanwCloudError):
    """The server throttled requests until the attempts or the time were used up."""

    kind = "throttled"
    advice = "Run again later, or with fewer hosts at once."


class InvalidRequest(PanwCloudError):
    """The server rejects the content of the request."""

    kind = "invalid_request"
    advice = "Correct the option that the server names."


class Conflict(PanwCloudError):
    """An existing resource conflicts with the request."""

    kind = "conflict"
    advice = "Use or remove the existing resource, or choose another name."


class StaleUpdateToken(Conflict):
    """The resource has changed since it was read."""

    advice = "The resource has changed since it was read: run again."


class ServerError(PanwCloudError):
    """The server failed until the attempts or the time were used up."""

    kind = "server"
    outcome_unknown = True
    advice = "Run again later; if it persists, give the request ID to the vendor's support."


class InvalidResponse(PanwCloudError):
    """The response violates the API's contract: not JSON, too large, a redirect, or a field is missing."""

    kind = "invalid_response"
    outcome_unknown = True
    advice = "Check that the URL is that of the API, and that no proxy or login page responds instead."
