# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Query all that the API reports about access, up to the first error or past it.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from ..._common.errors import AuthorizationError, InvalidInput, PanwCloudError
from ..admin_roles import AdminRole
from ..tokens.service import ProgrammaticAccess, TokenService
from .checks import AdminRoleProbe, describe, probe

Found = TypeVar("Found")


@dataclasses.dataclass(frozen=True)
class ProbePlan:
    """What to query. :param sparing: try admin roles only if the API does not describe access. :param really: issue tokens."""

    admin_roles: tuple[AdminRole, ...]
    sparing: bool
    really: bool


class AccessProbe:
    """Queries the API; if tolerant, it collects errors instead of raising them.

    :ivar refusals: the collected errors. :ivar access: as far as it is known. :ivar probes: by the admin role's option.
    """

    def __init__(self, *, tolerant: bool) -> None:
        self._tolerant = tolerant
        self.refusals: list[PanwCloudError] = []
        self.access = ProgrammaticAccess(None)
        self.probes: Mapping[str, AdminRoleProbe] = {}

    def attempt(self, ask: Callable[[], Found]) -> Found | None:
        """The result of a query, None if it fails. :raises PanwCloudError: it fails, and that is not tolerated."""
        try:
            return ask()
        except InvalidInput:
            raise
        except PanwCloudError as error:
            if not self._tolerant:
                raise
            self.refusals.append(error)
            return None

    def ask(self, tokens: Callable[[AdminRole | None], TokenService], plan: ProbePlan) -> None:
        """Describe access and try admin roles. :param tokens: the token API for an admin role, None for the data plane."""
        service = tokens(None)
        if plan.sparing:
            described = self.attempt(lambda: _if_permitted(service))
            if described is not None or self.refusals:
                self.access = described or self.access
                return
        self.probes = dict(self._tried(tokens, plan))
        self.access = self.attempt(lambda: describe(service, list(self.probes.values()))) or self.access

    @property
    def in_order(self) -> bool:
        """Whether nothing was rejected and access is on."""
        refused = any(found.allowed is False for found in self.probes.values())
        return not (self.refusals or refused or self.access.enabled is False)

    def _tried(
        self, tokens: Callable[[AdminRole | None], TokenService], plan: ProbePlan
    ) -> Iterable[tuple[str, AdminRoleProbe]]:
        for role in plan.admin_roles:
            known = len(self.refusals)
            found = self.attempt(lambda role=role: probe(tokens(role), role, really=plan.really))  # type: ignore[misc]
            if found is None:
                found = AdminRoleProbe(allowed=False, reason=self.refusals[known].context.reason)
            yield role.option, found


def _if_permitted(service: TokenService) -> ProgrammaticAccess | None:
    try:
        return service.access()
    except AuthorizationError:
        return None
