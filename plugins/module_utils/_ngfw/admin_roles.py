# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The vendor's admin roles for programmatic access, and the limits of their tokens.

The account role is only in the vendor's Go SDK and newer documents, not in its API specification.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses

MANAGEMENT_REGION = "us-east-1"
SHORTEST_EXPIRY, LONGEST_EXPIRY, DEFAULT_EXPIRY = 5, 1440, 30


@dataclasses.dataclass(frozen=True)
class AdminRole:
    """One of the vendor's admin roles for programmatic access.

    :param option: its name in our options. :param vendor_name: the vendor's name.
    :param tag: the key of the IAM role's tag that permits it; the value is C(Yes).
    """

    option: str
    vendor_name: str
    tag: str
    plane: str = "data"

    @property
    def path(self) -> str:
        """The API path that issues its tokens."""
        return f"/v1/mgmt/tokens/{self.vendor_name.lower()}"


ADMIN_ROLES = {
    role.option: role
    for role in (
        AdminRole("firewall", "CloudFirewallAdmin", "CloudNGFWFirewallAdmin"),
        AdminRole("rulestack", "CloudRulestackAdmin", "CloudNGFWRulestackAdmin"),
        AdminRole("global_rulestack", "CloudGlobalRulestackAdmin", "CloudNGFWGlobalRulestackAdmin"),
        AdminRole("account", "CloudAccountAdmin", "CloudNGFWAccountAdmin", plane="management"),
    )
}
