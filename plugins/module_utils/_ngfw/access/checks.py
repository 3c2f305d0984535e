# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check programmatic access, the admin roles that an IAM role can get tokens for, and the onboarding of an account.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses

from ..._common.errors import AccessDisabled, AuthorizationError, NotFound
from ..._transport.http import REPEATABLE
from ..admin_roles import ADMIN_ROLES, SHORTEST_EXPIRY, AdminRole
from ..client import NgfwClient, Operation
from ..tokens.service import ProgrammaticAccess, TemporaryToken, TokenService

LINKED_ACCOUNTS = "/v1/mgmt/linkaccounts"
SUCCESS = "success"  # the onboarding status of a link, in any case


@dataclasses.dataclass(frozen=True)
class AdminRoleProbe:
    """The result of an attempt to get a token.

    :param allowed: None if no attempt was made. :param enabled: whether programmatic access is on, None if unknown.
    """

    allowed: bool | None = None
    enabled: bool | None = None
    reason: str | None = None
    warnings: tuple[str, ...] = ()


def probe(service: TokenService, admin_role: AdminRole, *, really: bool = True) -> AdminRoleProbe:
    """Get a token for an admin role and revoke it.

    :raises PanwCloudError: the cause is neither a missing permission nor disabled programmatic access.
    """
    if not really:
        return AdminRoleProbe()
    temporary = TemporaryToken(service, admin_role, SHORTEST_EXPIRY)
    try:
        with temporary:
            pass
    except AccessDisabled as error:
        return AdminRoleProbe(allowed=False, enabled=False, reason=error.context.reason, warnings=tuple(error.notes))
    except AuthorizationError as error:
        return AdminRoleProbe(allowed=False, reason=error.context.reason)
    return AdminRoleProbe(allowed=True, enabled=True, warnings=tuple(temporary.warnings))


def describe(service: TokenService, probes: list[AdminRoleProbe]) -> ProgrammaticAccess:
    """Describe programmatic access, from probes if the API reserves the description to tenant administrators.

    :raises AuthorizationError: the API reserves it, and no probe shows whether access is on.
    """
    reported = [found.enabled for found in probes if found.enabled is not None]
    try:
        found = service.access()
        return dataclasses.replace(found, enabled=any(reported)) if found.enabled is None and reported else found
    except AuthorizationError as error:
        if reported:
            return ProgrammaticAccess(any(reported))
        error.add(
            "The API may let only tenant administrators describe access; 'probe_admin_roles' finds out by requesting tokens."
        )
        raise


def is_onboarded(service: TokenService, client: NgfwClient, account_id: str) -> bool:
    """Whether an AWS account is linked to the tenant, and its onboarding is complete if the API says how far it is.

    Uses a token of the account admin role and revokes it at once; if that fails, it expires within 5 minutes.

    :raises PanwCloudError: the token request or the lookup fails.
    """
    operation = Operation(
        f"look up account {account_id}", "GET", f"{LINKED_ACCOUNTS}/{account_id}", unknown_limit=REPEATABLE
    )
    with TemporaryToken(service, ADMIN_ROLES["account"], SHORTEST_EXPIRY) as held:
        try:
            link = client.with_token(operation, held)
        except NotFound:
            return False
    return str(link.get("onboarding_status") or SUCCESS).lower() == SUCCESS
