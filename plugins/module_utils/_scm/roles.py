# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Roles by name: predefined roles, and custom roles, which access policies reference by ID.

Source: the vendor's OpenAPI documents of roles and of custom roles.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from .._common.errors import ErrorContext, NotFound
from .client import ScmClient

CUSTOM = "/iam/v1/custom_roles"
PREDEFINED = "/iam/v1/roles"


def role_id(client: ScmClient, reference: str) -> str:
    """The ID of a role for access policies.

    :param reference: the ID of a custom role, the name of a predefined one, or the name of a custom one, tried in this order.
    :raises NotFound: the role does not exist.
    """
    custom = client.objects("list custom roles", CUSTOM)
    if any(role.get("id") == reference for role in custom):
        return reference
    if any(role.get("name") == reference for role in client.objects("list roles", PREDEFINED)):
        return reference
    ids = {role.get("name"): role.get("id") for role in custom}
    found = ids.get(reference)
    if isinstance(found, str):
        return found
    known = ", ".join(sorted(str(name) for name in ids if name)) or "none"
    raise NotFound(
        f"find role {reference}",
        ErrorContext(
            f"tenant service group {client.tsg_id}", reason=f"no role has this name or ID; its custom roles: {known}"
        ),
        "Use the name of a predefined role, or the name or ID of a custom role; create one with panw.cloud.scm_custom_role if needed.",
    )
