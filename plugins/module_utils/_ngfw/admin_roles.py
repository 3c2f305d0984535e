# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The vendor's administrator roles for programs, and the limits of their tokens.

The account role is in the vendor's Go SDK and in its newer documents only, not in its API specification.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses

MANAGEMENT_REGION = "us-east-1"
SHORTEST_EXPIRY, LONGEST_EXPIRY, DEFAULT_EXPIRY = 5, 1440, 30


@dataclasses.dataclass(frozen=True)
class AdminRole:
    """One of the vendor's administrator roles for programs.

    :param option: its name in our options. :param title: the vendor's name.
    :param tag: the key of the IAM role's tag that permits it; the value is C(Yes).
    """

    option: str
    title: str
    tag: str

    @property
    def path(self) -> str:
        """The path that issues tokens for it."""
        return f"/v1/mgmt/tokens/{self.title.lower()}"


ADMIN_ROLES = {
    role.option: role
    for role in (
        AdminRole("firewall", "CloudFirewallAdmin", "CloudNGFWFirewallAdmin"),
        AdminRole("rulestack", "CloudRulestackAdmin", "CloudNGFWRulestackAdmin"),
        AdminRole("global_rulestack", "CloudGlobalRulestackAdmin", "CloudNGFWGlobalRulestackAdmin"),
        AdminRole("account", "CloudAccountAdmin", "CloudNGFWAccountAdmin"),
    )
}
