# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether programmatic access is on, for which admin roles an IAM role can get tokens, and whether an account is onboarded.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses

from ..._common.errors import AccessDisabled, AuthorizationError, NotFound, RouteNotFound
from ..admin_roles import ADMIN_ROLES, SHORTEST_EXPIRY, AdminRole
from ..client import NgfwClient, Operation
from ..tokens.service import Access, Loan, TokenService

LINKED_ACCOUNTS = "/v1/mgmt/linkaccounts"


@dataclasses.dataclass(frozen=True)
class Probe:
    """What became of an attempt to get a token.

    :param allowed: None where it was not made. :param enabled: what it tells about the console's switch, None for nothing.
    """

    allowed: bool | None = None
    enabled: bool | None = None
    reason: str | None = None
    warnings: tuple[str, ...] = ()


def probe(service: TokenService, admin_role: AdminRole, *, really: bool = True) -> Probe:
    """Get a token for an admin role and revoke it.

    :raises PanwCloudError: something else than permission or the switch stands in the way.
    """
    if not really:
        return Probe()
    loan = Loan(service, admin_role, SHORTEST_EXPIRY)
    try:
        with loan:
            pass
    except AccessDisabled as error:
        return Probe(allowed=False, enabled=False, reason=error.evidence.reason, warnings=tuple(error.notes))
    except AuthorizationError as error:
        return Probe(allowed=False, reason=error.evidence.reason)
    return Probe(allowed=True, enabled=True, warnings=tuple(loan.warnings))


def describe(service: TokenService, probes: list[Probe]) -> Access:
    """Programmatic access as the API describes it, or as probes tell where it reserves that to tenant administrators.

    :raises AuthorizationError: it does, and no probe tells.
    """
    told = [found.enabled for found in probes if found.enabled is not None]
    try:
        found = service.access()
        return dataclasses.replace(found, enabled=any(told)) if found.enabled is None and told else found
    except AuthorizationError as error:
        if told:
            return Access(any(told))
        error.add(
            "The API may let only tenant administrators describe access; 'probe_admin_roles' finds it out by trying."
        )
        raise


def is_onboarded(service: TokenService, client: NgfwClient, account_id: str) -> bool:
    """Whether an AWS account is linked to the tenant.

    Asked with a token of the account admin role, which is revoked at once; where that fails, it dies within 5 minutes.

    :raises PanwCloudError: the token or the answer is refused.
    """
    operation = Operation(f"look up account {account_id}", "GET", f"{LINKED_ACCOUNTS}/{account_id}")
    with Loan(service, ADMIN_ROLES["account"], SHORTEST_EXPIRY) as held:
        try:
            client.held(operation, held)
        except RouteNotFound:
            raise
        except NotFound:
            return False
    return True
