# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Manual steps in Strata Cloud Manager for which no API exists, with all names filled in.

Sources: "Get Your Advanced WildFire Cloud API Key for Token-Based Authentication" and "Manage Advanced WildFire Cloud API Tokens" of the
vendor's WildFire API reference, August 2026.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

PRODUCTS = {"advanced_wildfire": "Advanced WildFire", "prisma_access": "Prisma Access"}


def _open(tsg_id: str) -> list[str]:
    return [
        f"Sign in to Strata Cloud Manager as an administrator of the tenant with the TSG id {tsg_id}.",
        "Open Configuration > WildFire Setting.",
    ]


def create(tsg_id: str, product: str, account: str) -> list[str]:
    """The steps that bind a service account to a new key.

    :param account: the name and client ID of the service account, for display.
    """
    return [
        *_open(tsg_id),
        f"In the pane Keys List select Create New Key. The tenant needs a license for {PRODUCTS[product]}. The button is missing while the "
        "list has keys that are not migrated: migrate or revoke those first.",
        f"Select the service account {account}, and the type {PRODUCTS[product]} if the console asks for one. The "
        "account needs access to All Apps & Services, and a custom role with the permissions iam.service_account and iam.custom_role.",
        "Select Apply Change, and wait until the status of the key turns from Pending to Valid.",
    ]


def revoke(tsg_id: str, product: str, account: str) -> list[str]:
    """The steps that revoke the key of a service account.

    :param account: the name and client ID of the service account, for display.
    """
    return [
        *_open(tsg_id),
        f"In the pane Keys List find the key of the type {PRODUCTS[product]} that is bound to the service account {account}.",
        "Select More actions next to it, then Revoke API Access. This cannot be undone.",
        "Select Apply Change, and wait until the status of the key turns from Pending to Revoked.",
    ]
