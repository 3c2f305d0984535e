# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Issue, prove and revoke tokens of Cloud NGFW, and describe programmatic access.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from ..._common.dates import show
from ..._common.errors import (
    AuthenticationError,
    AuthorizationError,
    ErrorContext,
    InvalidResponse,
    NotFound,
    PanwCloudError,
    RouteNotFound,
)
from ..._common.redaction import fingerprint, is_header_value
from ..._common.token_pair import TokenPair
from ..._common.urls import segment
from ..._transport.http import REPEATABLE
from ..admin_roles import AdminRole
from ..client import NgfwClient, Operation
from ..responses import named_type
from .issuing import problem, unclaimed

if TYPE_CHECKING:
    from ..._aws.client import Credentials

TOKENS = "/v1/mgmt/tokens"
# About the token itself, not the caller's AWS session ("the security token included in the request is expired").
_DEAD = re.compile(
    r"(?<!security )\btoken(?: id)?(?: \S+)?"
    r"(?:(?: is| has| was| already| been)* (?:expired|revoked|invalidated|inactive)| is (?:no longer|not) (?:active|valid))\b",
    re.IGNORECASE,
)


@dataclasses.dataclass(frozen=True)
class Token:
    """An issued token.

    :param expires_at: by this host's clock, calculated from before the request was sent, so that it is never too late.
    :param expiry_time: minutes, as the tenant granted them.
    :param possibly_alive: number of further tokens that may be valid, but were lost with their responses.
    """

    pair: TokenPair
    admin_role: str
    expires_at: datetime
    expiry_time: int
    possibly_alive: int = 0

    @property
    def claims(self) -> dict[str, Any]:
        """The token's claims, not verified; empty if it is not a JWT."""
        return claims(self.pair.token)

    def as_result(self, account_id: str | None) -> dict[str, Any]:
        """The token as the keys that modules return."""
        return {
            "token": self.pair.token,
            "subscription_key": self.pair.subscription_key,
            "expires_at": show(self.expires_at),
            "expiry_time": self.expiry_time,
            "admin_role": self.admin_role,
            "fingerprint": fingerprint(self.pair.token),
            "tenant_version": self.claims.get("tenant_version"),
            "account_id": account_id,
            "possibly_alive": self.possibly_alive,
        }


@dataclasses.dataclass(frozen=True)
class ProgrammaticAccess:
    """Whether programmatic access is on, and the longest token lifetime in minutes that the tenant grants; None if unknown."""

    enabled: bool | None
    max_expiry_time: int | None = None


class TokenService:
    """The token API with the credentials of one IAM role."""

    def __init__(self, client: NgfwClient, credentials: Credentials) -> None:
        self._client = client
        self._credentials = credentials

    def issue(self, admin_role: AdminRole, expiry_time: int) -> Token:
        """Get a token.

        A request whose response is lost may have issued a token that is lost, too, so it is repeated at most once.
        An unusable response is discarded: any token in it is revoked before this fails.

        :param expiry_time: minutes, 5 to 1440; the tenant may grant less.
        :raises AccessDisabled: programmatic access is off. :raises InvalidResponse: a part of the token is missing or unusable.
        """
        attempted = f"get a token for admin role '{admin_role.option}'"
        asked = self._client.http.now()
        operation = Operation(attempted, "GET", admin_role.path, body={"ExpiryTime": expiry_time}, unknown_limit=2)
        issue = self._client.issue(operation, self._credentials)
        content, granted = issue.content, issue.content.get("expiry_time")
        held = TokenPair(_text(content.get("token_id")), _text(content.get("subscription_key")))
        self._client.http.scrubber.learn(held.token, held.subscription_key)
        target = f"{operation.method} {self._client.endpoint.join(operation.path)}"
        failure = issue.failure or problem(attempted, target, content)
        if failure is None:
            self._client.http.possibly_alive += issue.lost
            if issue.lost:
                self._client.http.warnings.append(unclaimed(issue.lost, expiry_time))
            return Token(held, admin_role.option, asked + timedelta(minutes=granted or 0), granted or 0, issue.lost)
        unseen = failure.outcome_unknown and not issue.carried and issue.failure is None
        self._reject(failure, issue.carried)
        failure.possibly_alive += issue.lost + unseen
        if issue.lost + unseen:
            failure.add(unclaimed(issue.lost + unseen, expiry_time))
        self._client.http.possibly_alive += failure.possibly_alive
        raise failure

    def revoke(self, held: TokenPair) -> bool:
        """Revoke a token.

        :return: whether it was valid until now.
        :raises RouteNotFound: the gateway has no such route; the vendor's specification of 2026 lists none.
        """
        attempted = "revoke the token"
        self._client.http.scrubber.learn(held.token, held.subscription_key)
        headers = {"x-api-key": held.subscription_key} if is_header_value(held.subscription_key) else {}
        path = f"{TOKENS}/{segment(held.token)}"
        operation = Operation(
            attempted, "DELETE", path, body={}, headers=headers, may_be_empty=True, unknown_limit=REPEATABLE
        )
        try:
            self._client.signed(operation, self._credentials)
        except (NotFound, RouteNotFound) as error:
            # A 404 outside the service's envelope can also come from a gateway or proxy without the route.
            bare = error.context.status == 404 and error.context.error_code is None
            if not isinstance(error, RouteNotFound) and not (bare and self._works(held)):
                return False
            raise RouteNotFound(
                attempted,
                error.context,
                "The gateway has no route for revocation: the vendor's API specification of 2026 no longer lists it. "
                "Let the token expire, and keep 'expiry_time' short; switching programmatic access off in the console ends all tokens.",
            ) from None
        except PanwCloudError as error:
            if _DEAD.search(error.context.reason or ""):
                return False
            raise
        return True

    def _works(self, held: TokenPair) -> bool:
        """Whether a token certainly works, checked with a read that all admin roles may do."""
        try:
            self._client.with_token(
                Operation("prove the token", "GET", "/v1/mgmt/subscribe", unknown_limit=REPEATABLE), held
            )
        except PanwCloudError:
            return False
        return True

    def access(self) -> ProgrammaticAccess:
        """Describe programmatic access. The vendor's older editions reserve this to tenant administrators."""
        attempted = "describe programmatic access"
        response = self._client.signed(Operation(attempted, "GET", TOKENS, unknown_limit=REPEATABLE), self._credentials)
        enabled, longest = response.get("enabled"), response.get("max_expiry_time")
        wrong = [
            f"its {name} is {named_type(value)}"
            for name, value, kind in (("Enabled", enabled, bool), ("MaxExpiryTime", longest, int))
            if value is not None and value.__class__ is not kind
        ]
        if wrong:
            target = f"GET {self._client.endpoint.join(TOKENS)}"
            raise InvalidResponse(attempted, ErrorContext(target, reason=", ".join(wrong)))
        return ProgrammaticAccess(enabled, longest)

    def _reject(self, failure: PanwCloudError, carried: Iterable[TokenPair]) -> None:
        """Revoke the tokens of an unusable response, and add the results to the failure."""
        for held in carried:
            try:
                self.revoke(held)
            except PanwCloudError as error:
                failure.possibly_alive += 1
                failure.add(
                    f"A token (fingerprint {fingerprint(held.token)}) was issued and could not be revoked "
                    f"({error.context.reason}): it is valid until it expires."
                )
            else:
                failure.add("The token that was issued is revoked.")


class TemporaryToken:
    """A token for the duration of a C(with) block, always revoked at its end.

    :ivar warnings: failures to revoke the token after a block that succeeded.
    """

    def __init__(self, service: TokenService, admin_role: AdminRole, expiry_time: int) -> None:
        self._service, self._admin_role, self._expiry_time = service, admin_role, expiry_time
        self._token: Token
        self.warnings: list[str] = []

    def __enter__(self) -> TokenPair:
        self._token = self._service.issue(self._admin_role, self._expiry_time)
        return self._token.pair

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        try:
            self._service.revoke(self._token.pair)
        except PanwCloudError as trouble:
            note = f"{trouble} The token (fingerprint {fingerprint(self._token.pair.token)}) expires at {show(self._token.expires_at)}."
            if isinstance(error, PanwCloudError):
                error.add(note)
            else:
                self.warnings.append(note)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def claims(token: str) -> dict[str, Any]:
    """The claims of a JWT, not verified; empty for any other token."""
    parts = token.split(".")
    try:
        decoded = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (IndexError, RecursionError, ValueError):
        return {}
    return decoded if isinstance(decoded, dict) else {}


def is_alive(client: NgfwClient, held: TokenPair, *, management: bool = False) -> bool:
    """Whether the API accepts a token, checked with the cheapest read that its admin role may do.

    :param management: for tokens of the account admin role.
    :raises PanwCloudError: the check failed.
    """
    attempted = "prove the token"
    operation = Operation(attempted, "GET", "/v1/mgmt/linkaccounts", unknown_limit=REPEATABLE)
    if not management:
        operation = Operation(
            attempted, "GET", "/v1/config/rulestacks", {"maxresults": "1"}, {"MaxResults": 1}, unknown_limit=REPEATABLE
        )
    try:
        client.with_token(operation, held)
    except (AuthenticationError, AuthorizationError):
        return False
    return True


def life_left(token: str, expires_at: datetime | None, now: datetime) -> str:
    """A sentence on the remaining lifetime of a token, from the caller's knowledge or the token's own claims."""
    reported = claims(token).get("exp")
    if expires_at is None and isinstance(reported, (int, float)):
        with contextlib.suppress(OSError, OverflowError, ValueError):  # a claim of an unverified token
            expires_at = datetime.fromtimestamp(reported, timezone.utc)
    if expires_at is None:
        return "The token is still valid; its expiry is unknown."
    minutes = (expires_at - now).total_seconds() / 60
    return (
        f"The token is valid until {show(expires_at)}, for another {minutes:.0f} minutes."
        if minutes > 0
        else f"The token expired at {show(expires_at)}."
    )
