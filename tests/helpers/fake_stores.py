# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real stores over fake services."""

from __future__ import annotations

from typing import Any, Protocol

from ansible_collections.panw.cloud.plugins.module_utils._stores.base import Store
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import K
from ansible_collections.panw.cloud.plugins.module_utils._stores.hashi_vault import PENDING_SUFFIX, VaultSlots
from ansible_collections.panw.cloud.plugins.module_utils._stores.secret_settings import Settings
from ansible_collections.panw.cloud.plugins.module_utils._stores.secretsmanager import SecretsManagerStore
from ansible_collections.panw.cloud.plugins.module_utils._stores.ssm import LARGEST, SsmSlots
from ansible_collections.panw.cloud.plugins.module_utils._stores.versioned_backend import SlotStore

STORES = ["secretsmanager", "ssm", "hashi_vault", "file"]


class Services(Protocol):
    """What stores need. C(slots) are in place of files."""

    aws: Any
    slots: Any
    vault: Any


def open_store(kind: str, name: str, stored: type[K], services: Services) -> Store[K]:
    """A store. :param kind: one of C(STORES)."""
    if kind == "secretsmanager":
        return SecretsManagerStore(services.aws, name, Settings(), stored)
    if kind == "ssm":
        return SlotStore(SsmSlots(services.aws, stored.NAME), kind, name, stored, LARGEST)
    if kind == "hashi_vault":
        return SlotStore(VaultSlots(services.vault, name), kind, name, stored, suffix=PENDING_SUFFIX)
    return SlotStore(services.slots, kind, name, stored)


def stored_secrets(store: Store[K], stored: type[K]) -> set[str]:
    """All secrets in a store: the current one, the pending one, and those pending revocation."""
    contents = store.load()
    found = [store.read(entry) for entry in contents.pending_revocations]
    found += [secret for secret in (contents.current, contents.pending) if isinstance(secret, stored)]
    return {getattr(secret, stored.SECRET) for secret in found}
