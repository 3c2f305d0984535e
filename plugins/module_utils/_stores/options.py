# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of stores, and the options of each.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

LASTING_STORES = ("secretsmanager", "ssm", "hashi_vault", "file")
STORES = (*LASTING_STORES, "none")
# The options to reach HashiCorp Vault or OpenBao. Ansible Vault, which "vault_password_file" is for, is unrelated.
HASHI_VAULT_OPTIONS = (
    "hashi_vault_url",
    "hashi_vault_mount_point",
    "hashi_vault_namespace",
    "hashi_vault_token",
    "hashi_vault_role_id",
    "hashi_vault_secret_id",
    "hashi_vault_ca_cert",
)
# The options to locate and read a store.
PLACE_OPTIONS = ("name", "path", "vault_password_file", *HASHI_VAULT_OPTIONS)
# The options for the contents and settings of a store, which the targets of a fleet can share.
STORED_OPTIONS = ("kms_key_id", "store_tags", "resource_policy", "vault_password_file", *HASHI_VAULT_OPTIONS)
# Options, and the stores that they belong to.
STORE_OPTIONS = {
    "name": ("secretsmanager", "ssm", "hashi_vault"),
    "kms_key_id": ("secretsmanager", "ssm"),
    "store_tags": ("secretsmanager", "ssm"),
    "resource_policy": ("secretsmanager",),
    "recovery_window": ("secretsmanager",),
    "path": ("file",),
    "vault_password_file": ("file",),
    **dict.fromkeys(HASHI_VAULT_OPTIONS, ("hashi_vault",)),
}


def options_of(store: str) -> set[str]:
    """The options that belong to a kind of store."""
    return {option for option, stores in STORE_OPTIONS.items() if store in stores}
