# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be learnt about a refusal: from the server, from STS and from IAM, each asked once and only when it matters.

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
from ..._transport.tls_probe import Server, look, proxy
from ..endpoints import Endpoint, data_plane
from ..tokens.service import TOKENS
from .probe import Survey

Found = TypeVar("Found")
INVOKE = "execute-api:Invoke"
EXPECTED_ISSUER = "Amazon"
_EXPIRED = re.compile(r"token included in the request is expired|expiredtoken", re.IGNORECASE)
_RESOURCE = re.compile(r"on resource: (arn:\S+)")
_SESSION = re.compile(r"arn:([^:]+):sts::(\d+):assumed-role/([^/]+)/")


@dataclasses.dataclass(frozen=True)
class Subject:
    """What was tried, and what came of it.

    :param session: whether there were credentials to sign with. :param admin_roles: those that were asked for, by their options.
    :param onboarded: None where that was not looked up. :param not_looked_up: why it could not be.
    """

    endpoint: Endpoint
    role: AssumedRole | None
    session: bool
    admin_roles: tuple[str, ...]
    survey: Survey
    onboarded: bool | None
    not_looked_up: PanwCloudError | None = None


class Circumstances:
    """The circumstances of a refusal. What could not be learnt is an error, or a sentence that says why not.

    :param verify: whom to trust for the API's certificate, as L(HttpClient) takes it.
    """

    def __init__(self, subject: Subject, iam: Iam, http: HttpClient, verify: bool | str) -> None:
        self.subject = subject
        self._iam, self._http, self._verify = iam, http, verify

    @functools.cached_property
    def refusals(self) -> list[PanwCloudError]:
        """What was refused to the role that is asked for, and not to that which looks accounts up."""
        return [error for error in self.subject.survey.refusals if error is not self.subject.not_looked_up]

    @functools.cached_property
    def said(self) -> str:
        """What AWS and the gateway said, all in one."""
        errors = [f"{error.evidence.error_code} {error.evidence.reason}" for error in self.refusals]
        return " ".join([*errors, *(found.reason or "" for found in self.subject.survey.probes.values())])

    @functools.cached_property
    def server(self) -> Server | PanwCloudError:
        """Who answers at the endpoint."""
        return _or_error(lambda: look(self._http, self.subject.endpoint.join(TOKENS), self._verify))

    @functools.cached_property
    def proxy(self) -> str | None:
        """The proxy that the environment names for the endpoint."""
        return proxy(self.subject.endpoint.url)

    @functools.cached_property
    def caller(self) -> str | PanwCloudError:
        """The ARN of the caller."""
        return _or_error(self._iam.caller)

    @property
    def caller_role(self) -> str | None:
        """The ARN, without its path, of the role that the caller is a session of; None where it is no session, or not known."""
        session = _SESSION.match(self.caller) if isinstance(self.caller, str) else None
        return f"arn:{session[1]}:iam::{session[2]}:role/{session[3]}" if session else None

    @property
    def principal(self) -> str:
        """What a policy has to name for the caller: the name of a session is another one in the next run."""
        return f"{self.caller_role} (with its path, if it has one)" if self.caller_role else str(self.caller)

    @property
    def assumes_itself(self) -> bool:
        """Whether the caller already is a session of the role that is asked for."""
        role = self.subject.role
        return bool(role and self.caller_role and _without_path(role.arn) == self.caller_role)

    @functools.cached_property
    def role_arn(self) -> str | None:
        """The ARN of the role that is asked for; where none is assumed, that of the caller's own session."""
        return self.subject.role.arn if self.subject.role else self.caller_role

    @functools.cached_property
    def role(self) -> IamRole | PanwCloudError | str:
        """The role as IAM has it."""
        arn, caller = self.role_arn, self.caller
        if not isinstance(caller, str):
            return "the caller is not known"
        if arn is None:
            return f"{caller} is no session of a role"
        if arn.split(":")[4] != caller.split(":")[4]:
            return f"{arn} is in another account than {caller}"
        return _or_error(lambda: self._iam.role(arn))

    @functools.cached_property
    def permission(self) -> Permission | PanwCloudError | str:
        """What the role's policies say about the call that the gateway refused."""
        role, named = self.role, _RESOURCE.search(self.said)
        if not isinstance(role, IamRole):
            return role
        region = self.subject.endpoint.region
        resource = named[1] if named else f"arn:{partition_of(region)}:execute-api:{region}:*:*"
        return _or_error(lambda: self._iam.permission(role.arn, INVOKE, resource))

    def refused_as(self, *kinds: type[PanwCloudError]) -> PanwCloudError | None:
        """The API's first refusal of some kinds. Without a session, nothing was asked of it."""
        asked = self.refusals if self.subject.session else []
        return next((error for error in asked if isinstance(error, kinds)), None)

    @property
    def intercepted(self) -> bool:
        """Whether something may open TLS: a proxy, or on the vendor's host a certificate that AWS did not issue."""
        endpoint, server = self.subject.endpoint, self.server
        issuer = None if isinstance(server, PanwCloudError) else server.issuer
        vendor = endpoint.url == data_plane(endpoint.region, None).url
        return bool(self.proxy or (vendor and issuer not in (None, EXPECTED_ISSUER)))

    @property
    def expired(self) -> bool:
        """Whether somebody said that the session is over."""
        caller = self.caller
        told = "" if isinstance(caller, str) else f"{caller.evidence.error_code} {caller.evidence.reason}"
        return bool(_EXPIRED.search(f"{self.said} {told}"))

    @property
    def signature_accepted(self) -> bool:
        """Whether the gateway accepted the signature: what else it can say comes after that."""
        others = [e for e in self.refusals if not isinstance(e, (AuthorizationError, AccessDisabled))]
        return self.subject.session and not others

    @property
    def invoke_refused(self) -> bool:
        """Whether the gateway said that the role's policies do not let it in."""
        return INVOKE.lower() in self.said.lower()


def unknown(found: PanwCloudError | str) -> str:
    """Why something is not known, as a part of a sentence."""
    return found if isinstance(found, str) else f"IAM did not tell: {found.evidence.reason}"


def _without_path(role_arn: str) -> str:
    return f"{role_arn.partition('/')[0]}/{role_arn.rpartition('/')[2]}"


def _or_error(ask: Callable[[], Found]) -> Found | PanwCloudError:
    try:
        return ask()
    except PanwCloudError as error:
        return error
