# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The context of a rejected request, from the server, STS and IAM, each queried once and only when needed.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable
from typing import TypeVar

from ..._aws.assumed_role import AssumedRole
from ..._aws.iam import Iam, IamRole, Permission
from ..._aws.regions import partition_of
from ..._common.errors import AccessDisabled, AuthorizationError, PanwCloudError
from ..._transport.http import HttpClient
from ..._transport.tls_probe import Server, probe, proxy
from ..endpoints import Endpoint, data_plane
from ..tokens.service import TOKENS
from .probe import AccessProbe

Found = TypeVar("Found")
INVOKE = "execute-api:Invoke"
EXPECTED_ISSUER = "Amazon"
_EXPIRED = re.compile(r"token included in the request is expired|expiredtoken", re.IGNORECASE)
_RESOURCE = re.compile(r"on resource: (arn:\S+)")
_SESSION = re.compile(r"arn:([^:]+):sts::(\d+):assumed-role/([^/]+)/")


@dataclasses.dataclass(frozen=True)
class Subject:
    """What was attempted, and its results.

    :param session: whether there were credentials to sign with. :param admin_roles: the requested ones, by their options.
    :param onboarded: None if not looked up. :param not_looked_up: why the lookup failed.
    """

    endpoint: Endpoint
    role: AssumedRole | None
    session: bool
    admin_roles: tuple[str, ...]
    access_probe: AccessProbe
    onboarded: bool | None
    not_looked_up: PanwCloudError | None = None


class DiagnosticContext:
    """The context of a rejected request. What is unknown is an error, or a sentence that says why.

    :param verify: how to verify the API's certificate, as for L(HttpClient).
    """

    def __init__(self, subject: Subject, iam: Iam, http: HttpClient, verify: bool | str) -> None:
        self.subject = subject
        self._iam, self._http, self._verify = iam, http, verify

    @functools.cached_property
    def refusals(self) -> list[PanwCloudError]:
        """The errors for the requested role, without those of the account lookup."""
        return [error for error in self.subject.access_probe.refusals if error is not self.subject.not_looked_up]

    @functools.cached_property
    def said(self) -> str:
        """The texts of all errors of AWS and the gateway, joined."""
        errors = [f"{error.context.error_code} {error.context.reason}" for error in self.refusals]
        return " ".join([*errors, *(found.reason or "" for found in self.subject.access_probe.probes.values())])

    @functools.cached_property
    def server(self) -> Server | PanwCloudError:
        """The server at the endpoint."""
        return _or_error(lambda: probe(self._http, self.subject.endpoint.join(TOKENS), self._verify))

    @functools.cached_property
    def proxy(self) -> str | None:
        """The proxy that the environment sets for the endpoint."""
        return proxy(self.subject.endpoint.url)

    @functools.cached_property
    def caller(self) -> str | PanwCloudError:
        """The ARN of the caller."""
        return _or_error(self._iam.caller)

    @property
    def caller_role(self) -> str | None:
        """The ARN, without its path, of the role that the caller is a session of; None if it is not a role session, or unknown."""
        session = _SESSION.match(self.caller) if isinstance(self.caller, str) else None
        return f"arn:{session[1]}:iam::{session[2]}:role/{session[3]}" if session else None

    @property
    def principal(self) -> str:
        """The caller's principal in a policy: the role, because session names change with each run."""
        return f"{self.caller_role} (including its path, if it has one)" if self.caller_role else str(self.caller)

    @property
    def assumes_itself(self) -> bool:
        """Whether the caller is already a session of the requested role."""
        role = self.subject.role
        return bool(role and self.caller_role and _without_path(role.arn) == self.caller_role)

    @functools.cached_property
    def role_arn(self) -> str | None:
        """The ARN of the requested role; without one, that of the caller's own session."""
        return self.subject.role.arn if self.subject.role else self.caller_role

    @functools.cached_property
    def role(self) -> IamRole | PanwCloudError | str:
        """The role as IAM describes it."""
        arn, caller = self.role_arn, self.caller
        if not isinstance(caller, str):
            return "the caller is unknown"
        if arn is None:
            return f"{caller} is not a role session"
        if arn.split(":")[4] != caller.split(":")[4]:
            return f"{arn} is in another account than {caller}"
        return _or_error(lambda: self._iam.role(arn))

    @functools.cached_property
    def permission(self) -> Permission | PanwCloudError | str:
        """What the role's policies say about the call that the gateway denied."""
        role, named = self.role, _RESOURCE.search(self.said)
        if not isinstance(role, IamRole):
            return role
        region = self.subject.endpoint.region
        resource = named[1] if named else f"arn:{partition_of(region)}:execute-api:{region}:*:*"
        return _or_error(lambda: self._iam.permission(role.arn, INVOKE, resource))

    def refused_as(self, *kinds: type[PanwCloudError]) -> PanwCloudError | None:
        """The API's first error of these types. Without a session, the API was not called."""
        asked = self.refusals if self.subject.session else []
        return next((error for error in asked if isinstance(error, kinds)), None)

    @property
    def intercepted(self) -> bool:
        """Whether TLS may be intercepted: there is a proxy, or the vendor's host has a certificate that AWS did not issue."""
        endpoint, server = self.subject.endpoint, self.server
        issuer = None if isinstance(server, PanwCloudError) else server.issuer
        vendor = endpoint.url == data_plane(endpoint.region, None).url
        return bool(self.proxy or (vendor and issuer not in (None, EXPECTED_ISSUER)))

    @property
    def expired(self) -> bool:
        """Whether AWS or the gateway reported an expired session."""
        caller = self.caller
        reported = "" if isinstance(caller, str) else f"{caller.context.error_code} {caller.context.reason}"
        return bool(_EXPIRED.search(f"{self.said} {reported}"))

    @property
    def signature_accepted(self) -> bool:
        """Whether the gateway accepted the signature, which it checks before everything else."""
        others = [e for e in self.refusals if not isinstance(e, (AuthorizationError, AccessDisabled))]
        return self.subject.session and not others

    @property
    def invoke_refused(self) -> bool:
        """Whether the gateway said that the role's policies do not allow the call."""
        return INVOKE.lower() in self.said.lower()


def unknown(found: PanwCloudError | str) -> str:
    """Why something is unknown, as part of a sentence."""
    return found if isinstance(found, str) else f"the IAM request failed: {found.context.reason}"


def _without_path(role_arn: str) -> str:
    return f"{role_arn.partition('/')[0]}/{role_arn.rpartition('/')[2]}"


def _or_error(ask: Callable[[], Found]) -> Found | PanwCloudError:
    try:
        return ask()
    except PanwCloudError as error:
        return error
