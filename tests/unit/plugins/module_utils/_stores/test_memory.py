# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import timedelta

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import Contents, LockConflict
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import StoredToken
from ansible_collections.panw.cloud.plugins.module_utils._stores.memory import MemoryStore
from ansible_collections.panw.cloud.tests.helpers.fake_aws import NOW, RESERVATION, rotated, stored


@pytest.fixture
def store() -> MemoryStore[StoredToken]:
    return MemoryStore()


def test_memory_store_new_is_empty(store: MemoryStore[StoredToken]) -> None:
    store.settle()
    assert store.load() == Contents()
    assert store.drift() == []
    assert (store.location, store.version) == ({"store": "none", "name": "none"}, None)


def test_memory_store_token_passes_all_slots(store: MemoryStore[StoredToken]) -> None:
    store.reserve(RESERVATION)
    assert store.load() == Contents(pending=RESERVATION, exists=True)
    store.stage(stored(), "one")
    assert store.load() == Contents(pending=stored(), exists=True)
    assert store.promote(None) is None
    assert store.load() == Contents(current=stored(), exists=True)


def test_memory_store_old_token_is_pending_until_forgotten(store: MemoryStore[StoredToken]) -> None:
    rotated(store, 1)
    rotated(store, 2, grace=5)
    (entry,) = store.load().pending_revocations
    assert store.read(entry) == stored(1)
    assert entry.due == NOW + timedelta(minutes=5)
    store.postpone(entry, NOW + timedelta(hours=2))
    (late,) = store.load().pending_revocations
    assert late.due == NOW + timedelta(hours=2)
    store.forget(late)
    assert store.load() == Contents(current=stored(2), exists=True)


def test_memory_store_dropped_or_withdrawn_token_is_pending_revocation(store: MemoryStore[StoredToken]) -> None:
    rotated(store, 1)
    store.reserve(RESERVATION)
    assert store.drop_pending() is None
    store.stage(stored(2), "one")
    dropped, withdrawn = store.drop_pending(), store.withdraw()
    assert dropped
    assert withdrawn
    assert (dropped.due, withdrawn.due) == (NOW, NOW)
    assert store.load() == Contents(pending_revocations=(dropped, withdrawn), exists=True)
    assert store.withdraw() is None
    store.remove()
    assert store.load() == Contents()


@pytest.mark.parametrize("reserved", [False, True])
def test_memory_store_promote_without_pending_raises_error(store: MemoryStore[StoredToken], reserved: bool) -> None:
    if reserved:
        store.reserve(RESERVATION)
    with pytest.raises(LockConflict):
        store.promote(None)
