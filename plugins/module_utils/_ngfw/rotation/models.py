# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a rotation of a fleet is about: targets, each with its place, and how to go about them.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..._aws.assumed_role import AssumedRole
    from ..._aws.client import AwsClient
    from ..._stores.base import Store
    from ..._stores.documents import StoredToken
    from ..tokens.spec import Target

# Options that a target can have of its own, else it has those of the task.
KEPT_OPTIONS = ("expiry_time", "renew_before", "grace_period", "on_damaged")
STORED_OPTIONS = ("kms_key_id", "store_tags", "resource_policy", "vault_password_file")
REACHED_OPTIONS = ("role_arn", "external_id", "region", "profile", "ngfw_url")


@dataclasses.dataclass(frozen=True)
class Account:
    """Whose AWS credentials a store is accessed with, and where it is.

    :param profile: None for the credentials of the task.
    """

    profile: str | None
    region: str | None


@dataclasses.dataclass(frozen=True)
class Member:
    """One target of a fleet.

    :param name: unique in the fleet. :param role: to assume, None for the caller's own credentials.
    :param location: the name or path in the store, empty for none. :param open: makes the store with a client for the account.
    """

    name: str
    target: Target
    role: AssumedRole | None
    account: Account
    store: str
    location: str
    open: Callable[[AwsClient], Store[StoredToken]]

    def as_json(self) -> dict[str, Any]:
        """What results tell of it, whatever becomes of it."""
        return {
            "name": self.name,
            "account_id": self.role.account_id if self.role else None,
            "role_arn": self.target.role_arn,
            "admin_role": self.target.admin_role.option,
            "region": self.target.region,
            "url": self.target.url,
            "store": self.store,
            "location": self.location,
        }


@dataclasses.dataclass(frozen=True)
class Plan:
    """How to go about a fleet.

    :param state: C(present) renews what is due, C(rotated) all. :param dry_run: only tell what is due.
    :param concurrency: how many targets are under way at one time.
    :param retries: how often a target is begun again after a failure that can pass.
    :param most_failed: percent of the targets; beyond it no further ones are begun. None for no such limit.
    """

    state: str = "present"
    dry_run: bool = False
    concurrency: int = 16
    retries: int = 2
    most_failed: float | None = None
