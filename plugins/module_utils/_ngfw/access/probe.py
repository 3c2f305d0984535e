# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All that the API tells about access in one go, with or without an end at the first refusal.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from ..._common.errors import AuthorizationError, InvalidInput, PanwCloudError
from ..admin_roles import AdminRole
from ..tokens.service import Access, TokenService
from .checks import Probe, describe, probe

Found = TypeVar("Found")


@dataclasses.dataclass(frozen=True)
class Plan:
    """What to ask. :param sparing: try admin roles only where the API does not describe access. :param really: make tokens."""

    admin_roles: tuple[AdminRole, ...]
    sparing: bool
    really: bool


class Survey:
    """Asks, and where it is tolerant keeps refusals in place of raising them.

    :ivar refusals: what was refused. :ivar access: as far as it was told. :ivar probes: by the admin role's option.
    """

    def __init__(self, *, tolerant: bool) -> None:
        self._tolerant = tolerant
        self.refusals: list[PanwCloudError] = []
        self.access = Access(None)
        self.probes: Mapping[str, Probe] = {}

    def attempt(self, ask: Callable[[], Found]) -> Found | None:
        """What was asked for, None where it is refused. :raises PanwCloudError: it is refused, and that is not tolerated."""
        try:
            return ask()
        except InvalidInput:
            raise
        except PanwCloudError as error:
            if not self._tolerant:
                raise
            self.refusals.append(error)
            return None

    def ask(self, tokens: Callable[[AdminRole | None], TokenService], plan: Plan) -> None:
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
        """Whether nothing was refused and access is on."""
        refused = any(found.allowed is False for found in self.probes.values())
        return not (self.refusals or refused or self.access.enabled is False)

    def _tried(self, tokens: Callable[[AdminRole | None], TokenService], plan: Plan) -> Iterable[tuple[str, Probe]]:
        for role in plan.admin_roles:
            known = len(self.refusals)
            found = self.attempt(lambda role=role: probe(tokens(role), role, really=plan.really))  # type: ignore[misc]
            if found is None:
                found = Probe(allowed=False, reason=self.refusals[known].evidence.reason)
            yield role.option, found


def _if_permitted(service: TokenService) -> Access | None:
    try:
        return service.access()
    except AuthorizationError:
        return None
