# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import timedelta

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import Contents, Taken
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import StoredToken
from ansible_collections.panw.cloud.plugins.module_utils._stores.memory import MemoryStore
from ansible_collections.panw.cloud.tests.helpers.fake_aws import NOW, RESERVATION, rotated, stored


@pytest.fixture
def store() -> MemoryStore[StoredToken]:
    return MemoryStore()


def test_a_new_one_is_empty(store: MemoryStore[StoredToken]) -> None:
    store.settle()
    assert store.load() == Contents()
    assert store.drift() == []
    assert (store.location, store.version) == ({"store": "none", "name": "none"}, None)


def test_a_token_goes_through_all_places(store: MemoryStore[StoredToken]) -> None:
    store.reserve(RESERVATION)
    assert store.load() == Contents(pending=RESERVATION, exists=True)
    store.stage(stored(), "one")
    assert store.load() == Contents(pending=stored(), exists=True)
    assert store.promote(None) is None
    assert store.load() == Contents(current=stored(), exists=True)


def test_an_old_token_waits_and_is_forgotten(store: MemoryStore[StoredToken]) -> None:
    rotated(store, 1)
    rotated(store, 2, grace=5)
    (entry,) = store.load().retiring
    assert store.read(entry) == stored(1)
    assert entry.due == NOW + timedelta(minutes=5)
    store.postpone(entry, NOW + timedelta(hours=2))
    (late,) = store.load().retiring
    assert late.due == NOW + timedelta(hours=2)
    store.forget(late)
    assert store.load() == Contents(current=stored(2), exists=True)


def test_what_is_dropped_or_withdrawn_waits_too(store: MemoryStore[StoredToken]) -> None:
    rotated(store, 1)
    store.reserve(RESERVATION)
    assert store.drop_pending() is None
    store.stage(stored(2), "one")
    dropped, withdrawn = store.drop_pending(), store.withdraw()
    assert dropped
    assert withdrawn
    assert (dropped.due, withdrawn.due) == (NOW, NOW)
    assert store.load() == Contents(retiring=(dropped, withdrawn), exists=True)
    assert store.withdraw() is None
    store.remove()
    assert store.load() == Contents()


@pytest.mark.parametrize("reserved", [False, True])
def test_nothing_pending_cannot_be_promoted(store: MemoryStore[StoredToken], reserved: bool) -> None:
    if reserved:
        store.reserve(RESERVATION)
    with pytest.raises(Taken):
        store.promote(None)
