# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vendor's admin roles."""

from __future__ import annotations

from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES


def test_admin_roles_have_vendor_names() -> None:
    assert {name: (role.path, role.tag) for name, role in ADMIN_ROLES.items()} == {
        "firewall": ("/v1/mgmt/tokens/cloudfirewalladmin", "CloudNGFWFirewallAdmin"),
        "rulestack": ("/v1/mgmt/tokens/cloudrulestackadmin", "CloudNGFWRulestackAdmin"),
        "global_rulestack": ("/v1/mgmt/tokens/cloudglobalrulestackadmin", "CloudNGFWGlobalRulestackAdmin"),
        "account": ("/v1/mgmt/tokens/cloudaccountadmin", "CloudNGFWAccountAdmin"),
    }
