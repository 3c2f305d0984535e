# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors of this collection.

Every failure below the edges is one of these types. A failure tells what was attempted, on what, what the server said, and what to do next;
it carries no secret, because the text a server sends is scrubbed before it gets here.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from .redaction import printable, without_user_info


@dataclasses.dataclass(frozen=True)
class Evidence:
    """What is known about a failed request.

    :param target: the URL or resource, free of secrets.
    :param status: the HTTP status, or None where no answer came.
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
        for field in dataclasses.fields(self):  # the one way of foreign text into an error
            object.__setattr__(self, field.name, printable(getattr(self, field.name)))
        object.__setattr__(self, "target", self.target and without_user_info(self.target))

    def text(self) -> str:
        """The evidence as a part of a sentence."""
        said = self.reason or "nothing"
        if self.status is None:
            return said
        code = f", error code {self.error_code}" if self.error_code else ""
        return f"the server answered HTTP {self.status}{code}: {said}"


class PanwCloudError(Exception):
    """Any failure of this collection.

    :param attempted: what was attempted, as the end of "Could not …".
    :param evidence: what is known about it.
    :param next_step: what the user can do; the class has one for most cases.
    """

    kind = "error"
    advice = ""
    # Whether the server may have done what it was asked for all the same.
    may_have_acted = False
    # How many requests were sent whose outcome is not known.
    lost = 0
    # How many secrets may be alive that nobody holds, because answers got lost.
    possibly_alive = 0

    def __init__(self, attempted: str, evidence: Evidence | None = None, next_step: str | None = None) -> None:
        self.attempted = printable(attempted)
        self.evidence = evidence or Evidence()
        self.next_step = next_step or self.advice
        self.notes: list[str] = []
        super().__init__(attempted)

    def add(self, note: str) -> None:
        """Add a sentence on what became of things, such as a token that had been issued."""
        self.notes.append(printable(note))

    @property
    def told(self) -> str:
        """What happened, without what to do next."""
        where = f" at {self.evidence.target}" if self.evidence.target else ""
        tries = f" after {self.evidence.attempts} attempts" if self.evidence.attempts > 1 else ""
        return " ".join([f"Could not {self.attempted}{where}{tries}: {self.evidence.text().rstrip('.')}.", *self.notes])

    def __str__(self) -> str:
        return f"{self.told} {self.next_step}".rstrip()

    def as_result(self) -> dict[str, Any]:
        """The failure as C(fail_json) arguments: the text, and its parts for playbooks that act on them."""
        return {
            "msg": str(self),
            "error": {
                "kind": self.kind,
                "attempted": self.attempted,
                "next_step": self.next_step,
                "possibly_alive": self.possibly_alive,
                **dataclasses.asdict(self.evidence),
            },
        }


class InvalidInput(PanwCloudError):
    """An option that cannot be right. Raised before any network call.

    :param option: the name of the option.
    :param problem: what is wrong with it, as the end of "Option … ".
    """

    kind = "invalid_input"

    def __init__(self, option: str, problem: str) -> None:
        self.option = option
        self.problem = problem
        super().__init__("start the task", Evidence(target=f"option {option}", reason=problem))

    def __str__(self) -> str:
        return f"Option '{self.option}' {self.problem}"


class TransportError(PanwCloudError):
    """No answer of the server: the name, the connection, the proxy, TLS or time failed."""

    kind = "transport"
    advice = "Check the URL, the network and the proxy between this host and the server."


class AuthenticationError(PanwCloudError):
    """The server does not accept who the caller says it is: keys, signature, token or subscription key."""

    kind = "authentication"
    advice = "Check the AWS credentials, or get a new token."


class AuthorizationError(PanwCloudError):
    """The server knows the caller and refuses what it asks for."""

    kind = "authorization"
    advice = "Check the role's tags, its permission policy and its trust policy."


class AccessDisabled(PanwCloudError):
    """Programmatic access is switched off for the Cloud NGFW tenant."""

    kind = "access_disabled"
    advice = (
        "An administrator switches it on in the Cloud NGFW console: Tenant (or Settings > Tenant), General, "
        "Programmatic Access, Enable, Confirm. There is no API for this switch."
    )


class NotFound(PanwCloudError):
    """The thing asked for does not exist."""

    kind = "not_found"
    advice = "Check the name, the region and the account."


class RouteNotFound(NotFound):
    """The gateway has no such route: a wrong URL or stage, or a call that the vendor has taken away."""

    advice = "Check the host, the stage path and the region in 'ngfw_url'."


class Throttled(PanwCloudError):
    """The server asks for fewer requests, and kept asking until the attempts or the time were used up."""

    kind = "throttled"
    advice = "Run again later, or with fewer hosts at once."


class InvalidRequest(PanwCloudError):
    """The server refuses the request's content."""

    kind = "invalid_request"
    advice = "Correct the option that the server names."


class Conflict(PanwCloudError):
    """What is there already stands in the way of what is asked for."""

    kind = "conflict"
    advice = "Use or remove what is there already, or choose another name."


class ServerError(PanwCloudError):
    """The server failed, and kept failing until the attempts or the time were used up."""

    kind = "server"
    may_have_acted = True
    advice = "Run again later; if it persists, give the request id to the vendor's support."


class MalformedAnswer(PanwCloudError):
    """The answer is not what the API promises: not JSON, too large, a redirect, or a field is missing."""

    kind = "malformed_answer"
    may_have_acted = True
    advice = "Check that the URL is the API's and that no proxy or login page answers in its place."
