# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Models of a fleet rotation: targets with their stores, and the rotation plan.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..._aws.client import AwsClient
    from ..._stores.base import Store
    from ..._stores.documents import StoredToken
    from ..tokens.spec import TokenSpec

# Options that a target can override; the task's values are the defaults.


@dataclasses.dataclass(frozen=True)
class Account:
    """The AWS credentials and the region of a store.

    :param profile: None for the credentials of the task.
    """

    profile: str | None
    region: str | None


@dataclasses.dataclass(frozen=True)
class FleetTarget:
    """One target of a fleet.

    :param name: unique in the fleet.
    :param location: the name or path in the store, empty without a store. :param open: creates the store with a client for the account.
    """

    name: str
    target: TokenSpec
    account: Account
    store: str
    location: str
    open: Callable[[AwsClient], Store[StoredToken]] = dataclasses.field(repr=False)  # has options that are secret

    @property
    def account_id(self) -> str | None:
        """The account of the role that requests the token, None without one."""
        role = self.target.source.role
        return role.account_id if role else None

    def as_json(self) -> dict[str, Any]:
        """The part of its result that does not depend on the outcome."""
        return {
            "name": self.name,
            "account_id": self.account_id,
            "role_arn": self.target.source.role_arn,
            "admin_role": self.target.admin_role.option,
            "region": self.target.source.endpoint.region,
            "url": self.target.source.endpoint.url,
            "store": self.store,
            "location": self.location,
        }


@dataclasses.dataclass(frozen=True)
class RotationPlan:
    """How to rotate a fleet.

    :param state: C(present) renews due tokens, C(rotated) all. :param dry_run: only report what is due.
    :param concurrency: maximum number of targets in progress.
    :param retries: number of further attempts at a target after transient failures.
    :param max_failed: percentage of the targets; beyond it, no further ones are started. None for no limit.
    """

    state: str = "present"
    dry_run: bool = False
    concurrency: int = 128
    retries: int = 2
    max_failed: float | None = None
