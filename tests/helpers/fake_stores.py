# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real stores over fake services."""

from __future__ import annotations

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._stores.base import Store
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import K
from ansible_collections.panw.cloud.plugins.module_utils._stores.secret_settings import Settings
from ansible_collections.panw.cloud.plugins.module_utils._stores.secretsmanager import SecretsManagerStore
from ansible_collections.panw.cloud.plugins.module_utils._stores.ssm import LARGEST, SsmSlots
from ansible_collections.panw.cloud.plugins.module_utils._stores.versioned_backend import SlotStore

STORES = ["secretsmanager", "ssm", "file"]


def open_store(kind: str, name: str, stored: type[K], aws: Any, slots: Any) -> Store[K]:
    """A store. :param kind: one of C(STORES). :param aws: such as a L(FakeAws). :param slots: instead of files, such as L(MemorySlots)."""
    if kind == "secretsmanager":
        return SecretsManagerStore(aws, name, Settings(), stored)
    if kind == "ssm":
        return SlotStore(SsmSlots(aws, stored.NAME), kind, name, stored, LARGEST)
    return SlotStore(slots, kind, name, stored)


def stored_secrets(store: Store[K], stored: type[K]) -> set[str]:
    """All secrets in a store: the current one, the pending one, and those pending revocation."""
    contents = store.load()
    found = [store.read(entry) for entry in contents.pending_revocations]
    found += [secret for secret in (contents.current, contents.pending) if isinstance(secret, stored)]
    return {getattr(secret, stored.SECRET) for secret in found}
