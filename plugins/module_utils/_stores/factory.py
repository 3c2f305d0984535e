# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Create the store that the options of a task select.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .._common.errors import InvalidInput
from .documents import K
from .file import FileSlots, check_place
from .hashi_vault import PENDING_SUFFIX, VaultSlots
from .hashi_vault_client import VaultClient
from .hashi_vault_connection import VaultConnection, check_path, connection_from
from .limits import check_key, check_name, check_policy, checked_tags
from .memory import MemoryStore
from .options import STORE_OPTIONS
from .secret_settings import Settings
from .secretsmanager import SecretsManagerStore
from .ssm import LARGEST, SsmSlots
from .vault import Vault
from .versioned_backend import SlotStore

if TYPE_CHECKING:
    from .._aws.client import AwsClient
    from .base import Store


def open_store(
    params: Mapping[str, Any],
    aws: Callable[[], AwsClient],
    region: str | None,
    kept: type[K],
    vault: Callable[[VaultConnection], VaultClient] = VaultClient,
) -> Store[K]:
    """Create the store that the options select.

    :param kept: the type of secret. :param aws: creates the client for the stores in AWS. :param region: of the client, None if not set.
    :param vault: creates the client for HashiCorp Vault.
    :raises InvalidInput: an option is missing, invalid, or belongs to another store.
    """
    params = {**dict.fromkeys(STORE_OPTIONS), **params}
    kind = params["store"]
    for option, owners in STORE_OPTIONS.items():
        if params[option] is not None and kind not in owners:
            raise InvalidInput(option, f"belongs to {' and '.join(owners)}, but 'store' is '{kind}'.")
    if kind == "none":
        return MemoryStore()
    if kind == "file":
        return _file(params, kept)
    if kind == "hashi_vault":
        path = check_path("name", params["name"])
        return SlotStore(VaultSlots(vault(connection_from(params)), path), kind, path, kept, suffix=PENDING_SUFFIX)
    if not region:
        raise InvalidInput("region", "is missing: the store is in an AWS region. Set it, or AWS_REGION.")
    check_name(kind, params["name"], region)
    check_key(kind, params["kms_key_id"], region)
    tags = checked_tags(kind, params["store_tags"])
    if kind == "ssm":
        slots = SsmSlots(aws(), kept.DESCRIPTION, params["kms_key_id"], tags)
        return SlotStore(slots, kind, params["name"], kept, LARGEST)
    settings = _settings(params, tags)
    return SecretsManagerStore(aws(), params["name"], settings, kept)


def _file(params: Mapping[str, Any], kept: type[K]) -> Store[K]:
    if not params["path"]:
        raise InvalidInput("path", "is required if 'store' is 'file'.")
    vault = Vault(params["vault_password_file"]) if params["vault_password_file"] else None
    return SlotStore(FileSlots(vault), "file", check_place(params["path"]), kept)


def _settings(params: Mapping[str, Any], tags: dict[str, str]) -> Settings:
    window = 30 if params["recovery_window"] is None else params["recovery_window"]
    if window and not 7 <= window <= 30:
        raise InvalidInput("recovery_window", f"is {window}; AWS allows 7 to 30 days, or 0 for no recovery.")
    check_policy(params["resource_policy"])
    return Settings(params["kms_key_id"], tags, params["resource_policy"], window)
