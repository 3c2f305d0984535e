# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings that the administrator can change while the simulator runs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from .seed import Seed
from .validation import Invalid, Shape, boolean, choice, integer, number, text

ACCESS = Shape(
    {
        "enabled": boolean(),
        "max_expiry_time": integer(5, 1440),
        "describe": choice("signed", "tenant_admin"),
        "revoke_route": boolean(),
        "application_error_status": choice(200, 400),
        "v2_error_status": choice(200, 400),
    }
)
RULESTACKS = Shape({"commit_seconds": number(0, 86_400, null=True), "max_unassociated": integer(0, 100_000)})
FIREWALLS = Shape(
    {
        **{
            f"{name}_seconds": number(0, 86_400, null=True)
            for name in ("create", "update", "delete", "endpoint", "commit")
        },
        **{f"{name}_failure": text(null=True) for name in ("create", "update", "delete", "commit")},
        "endpoint_rejection": text(null=True),
    }
)
ACCOUNT = Shape({"onboarded": boolean(), "firewall_manager": boolean()})


@dataclass
class Access:
    """Programmatic access of the tenant.

    :param describe: who may query whether access is enabled: every ``signed`` role, or only a ``tenant_admin``, which is not an IAM role.
    :param revoke_route: whether the gateway has the route that revokes a token.
    :param application_error_status: HTTP status of errors in the envelope on V1 paths: 200, or 400 for the error's own
        status.
    :param v2_error_status: the same on V2 paths. The specification has 400; the vendor's Go SDK v2.0.5 recognizes errors
        only with 200.
    """

    enabled: bool = True
    max_expiry_time: int = 1440
    describe: str = "signed"
    revoke_route: bool = True
    application_error_status: int = 200
    v2_error_status: int = 400


@dataclass
class Rulestacks:
    """Rulestacks of the tenant.

    :param commit_seconds: how long a commit or validation is Pending; None until the administrator settles it.
    :param max_unassociated: limit of the rulestacks that no firewall uses, for each scope of an account (the vendor's
        page "Limits and quotas").
    """

    commit_seconds: float | None = 1.0
    max_unassociated: int = 10


@dataclass
class Firewalls:
    """Firewalls of the tenant: how long their states last, and how they end.

    :param create_seconds: how long a firewall is CREATING, likewise for updates and deletions; None until the administrator
        settles it. :param endpoint_seconds: how long an endpoint is Pending after that. :param commit_seconds: how long a
        rulestack is Committing on the device.
    :param create_failure: the FailureReason of the firewalls whose creation starts from now on, likewise for updates and
        deletions; None lets them succeed. :param commit_failure: the message of commits on the device.
    :param endpoint_rejection: the RejectedReason of endpoints; None leaves those that the service itself finds.
    """

    create_seconds: float | None = 0.5
    update_seconds: float | None = 0.5
    delete_seconds: float | None = 0.5
    endpoint_seconds: float | None = 0.5
    commit_seconds: float | None = 0.5
    create_failure: str | None = None
    update_failure: str | None = None
    delete_failure: str | None = None
    commit_failure: str | None = None
    endpoint_rejection: str | None = None


@dataclass
class Account:
    """The tenant's record of an AWS account."""

    onboarded: bool
    firewall_manager: bool


class Settings:
    """All settings, with the seed's values as defaults."""

    def __init__(self, seed: Seed) -> None:
        tenant = seed.tenant
        self.access = Access(tenant["programmatic_access"], tenant["max_expiry_time"])
        self.rulestacks = Rulestacks()
        self.firewalls = Firewalls()
        self.accounts = {
            account["id"]: Account(account["onboarded"], account["firewall_manager"]) for account in seed.accounts
        }

    def onboarded(self, account_id: str) -> bool:
        """Whether the account belongs to the tenant."""
        account = self.accounts.get(account_id)
        return account is not None and account.onboarded

    def change_access(self, document: Any) -> dict[str, Any]:
        """Apply an administrator's change and return the new state.

        :raises Invalid: an unknown field or value.
        """
        return _changed(ACCESS, self.access, document)

    def change_rulestacks(self, document: Any) -> dict[str, Any]:
        """Apply an administrator's change and return the new state.

        :raises Invalid: an unknown field or value.
        """
        return _changed(RULESTACKS, self.rulestacks, document)

    def change_firewalls(self, document: Any) -> dict[str, Any]:
        """Apply an administrator's change and return the new state.

        :raises Invalid: an unknown field or value.
        """
        return _changed(FIREWALLS, self.firewalls, document)

    def change_account(self, account_id: str, document: Any) -> dict[str, Any]:
        """Apply an administrator's change to an account of the seed and return its new state.

        :raises Invalid: an unknown account, field or value.
        """
        if account_id not in self.accounts:
            raise Invalid(f"unknown account; allowed: {', '.join(self.accounts)}")
        ACCOUNT.check(document)
        for name, value in document.items():
            setattr(self.accounts[account_id], name, value)
        return {"id": account_id, **asdict(self.accounts[account_id])}


def _changed(shape: Shape, settings: Access | Rulestacks | Firewalls, document: Any) -> dict[str, Any]:
    shape.check(document)
    for name, value in document.items():
        setattr(settings, name, value)
    return asdict(settings)
