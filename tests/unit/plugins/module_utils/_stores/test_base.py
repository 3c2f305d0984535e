# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All stores behave the same, return what was written, and let the faster run win."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import Contents, LockConflict, Store
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import (
    DocumentTypeMismatch,
    InvalidDocument,
    Record,
    Reservation,
    StoredCredentials,
    StoredToken,
)
from ansible_collections.panw.cloud.plugins.module_utils._stores.file import FileSlots
from ansible_collections.panw.cloud.plugins.module_utils._stores.hashi_vault import PENDING_SUFFIX, VaultSlots
from ansible_collections.panw.cloud.plugins.module_utils._stores.secret_settings import Settings
from ansible_collections.panw.cloud.plugins.module_utils._stores.secretsmanager import SecretsManagerStore
from ansible_collections.panw.cloud.plugins.module_utils._stores.ssm import SsmSlots
from ansible_collections.panw.cloud.plugins.module_utils._stores.versioned_backend import SlotStore
from ansible_collections.panw.cloud.tests.helpers.fake_aws import (
    NOW,
    RESERVATION,
    FakeAws,
    credentials,
    rotated,
    run,
    stored,
)
from ansible_collections.panw.cloud.tests.helpers.fake_vault import FakeVault
from ansible_collections.panw.cloud.tests.helpers.memory_slots import MemorySlots

Maker = Callable[..., Store[Any]]


@pytest.fixture
def vault() -> FakeVault:
    return FakeVault()


@pytest.fixture(params=["secretsmanager", "ssm", "hashi_vault", "file", "memory"])
def make(request: pytest.FixtureRequest, aws: FakeAws, vault: FakeVault, tmp_path: Path) -> Maker:
    """A factory of stores over the same place: each store is another run, for tokens by default."""
    memory = MemorySlots()
    makers: dict[str, Maker] = {
        "secretsmanager": lambda kept=StoredToken: SecretsManagerStore(aws, "ngfw", Settings(), kept),
        "ssm": lambda kept=StoredToken: SlotStore(SsmSlots(aws, "a token"), "ssm", "/ngfw", kept, 8192),
        "hashi_vault": lambda kept=StoredToken: SlotStore(
            VaultSlots(vault, "ngfw"), "hashi_vault", "ngfw", kept, suffix=PENDING_SUFFIX
        ),
        "file": lambda kept=StoredToken: SlotStore(FileSlots(), "file", str(tmp_path / "ngfw"), kept),
        "memory": lambda kept=StoredToken: SlotStore(memory, "none", "ngfw", kept),
    }
    return makers[request.param]


def test_store_new_place_is_empty(make: Maker) -> None:
    store = make()
    assert run(store) == Contents()
    assert store.drift() == []
    store.settle()
    assert store.version is None


def test_store_first_token_passes_all_slots(make: Maker) -> None:
    store = make()
    run(store)
    store.reserve(RESERVATION)
    assert run(make()) == Contents(pending=RESERVATION, exists=True)
    store.stage(stored(), "one")
    contents = run(make())
    assert contents.current is None
    assert contents.pending == stored()
    assert contents.pending_revocations == ()
    assert store.promote(None) is None
    store.unlock()
    assert run(make()) == Contents(current=stored(), exists=True)
    assert (store.version is None) == (store.location["store"] in ("hashi_vault", "file", "none"))


def test_store_old_token_is_pending_until_forgotten(make: Maker) -> None:
    rotated(make(), 1)
    rotated(make(), 2, grace=5)
    rotated(make(), 3)
    store = make()
    contents = run(store)
    assert contents.current == stored(3)
    waiting = sorted(contents.pending_revocations, key=lambda entry: entry.due)
    assert [entry.fingerprint for entry in waiting] == [stored(2).fingerprint, stored(1).fingerprint]
    assert [store.read(entry) for entry in waiting] == [stored(2), stored(1)]
    store.postpone(waiting[0], NOW + timedelta(hours=2))
    (late,) = [entry for entry in run(make()).pending_revocations if entry.fingerprint == stored(2).fingerprint]
    assert late.due == NOW + timedelta(hours=2)
    for entry in waiting:
        store.forget(entry)
    assert run(make()) == Contents(current=stored(3), exists=True)


def test_promote_returns_pending_revocation_of_next_run(make: Maker) -> None:
    rotated(make(), 1)
    store = make()
    run(store)
    store.reserve(RESERVATION)
    store.stage(stored(2), "one")
    reported = store.promote(None)
    assert reported
    assert store.read(reported) == stored(1)
    assert run(make()).pending_revocations == (reported,)


def test_store_dropped_token_is_pending_revocation(make: Maker) -> None:
    store = make()
    run(store)
    store.reserve(RESERVATION)
    store.stage(stored(), "one")
    reported = store.drop_pending()
    assert reported
    contents = run(make())
    assert contents == Contents(pending_revocations=(reported,), exists=True)
    assert store.drop_pending() is None


def test_store_dropped_reservation_is_removed(make: Maker) -> None:
    rotated(make(), 1)
    store = make()
    run(store)
    store.reserve(RESERVATION)
    assert store.drop_pending() is None
    assert run(make()) == Contents(current=stored(), exists=True)
    rotated(make(), 2)
    first = make()
    run(first)
    assert first.drop_pending() is None


def test_store_without_current_token_keeps_pending_revocations(make: Maker) -> None:
    rotated(make(), 1)
    store = make()
    run(store)
    store.reserve(RESERVATION)
    reported = store.withdraw()
    assert reported
    assert store.withdraw() is None
    contents = run(make())
    assert contents.current is None
    assert contents.pending_revocations == (reported,)
    store.forget(reported)
    store.remove()
    assert run(make()) == Contents()
    rotated(make(), 2)
    assert run(make()).current == stored(2)


def test_reserve_by_two_runs_succeeds_once(make: Maker) -> None:
    for number in range(1, 3):
        first, second = make(), make()
        run(first), run(second)
        first.reserve(RESERVATION)
        with pytest.raises(LockConflict):
            second.reserve(Reservation(NOW, "two"))
        first.stage(stored(number), "one")
        first.promote(None)
        first.unlock()
        assert run(make()).current == stored(number)


def test_reserve_after_missed_rotation_raises_lock_conflict(make: Maker) -> None:
    rotated(make(), 1)
    store = make()
    run(store)
    rotated(make(), 2)
    with pytest.raises(LockConflict):
        store.reserve(RESERVATION)
    assert run(make()).pending is None


def test_taken_over_run_can_neither_promote_nor_remove(make: Maker) -> None:
    rotated(make(), 1)
    slow, quick, remover = make(), make(), make()
    run(slow)
    slow.reserve(RESERVATION)
    run(quick)
    run(remover)
    quick.reserve(Reservation(NOW, "two"))
    with contextlib.suppress(LockConflict):  # Secrets Manager reports it at promotion
        slow.stage(stored(2), "one")
    quick.stage(stored(3), "one")
    quick.promote(None)
    for refused in (lambda: slow.promote(None), remover.remove):
        with pytest.raises(LockConflict):
            refused()
    assert run(make()).current == stored(3)


def test_taken_over_run_after_staging_does_not_promote_twice(make: Maker) -> None:
    rotated(make(), 1)
    slow, quick = make(), make()
    run(slow)
    slow.reserve(RESERVATION)
    slow.stage(stored(2), "one")
    run(quick)
    quick.promote(None)
    assert run(make()).current == stored(2)
    with contextlib.suppress(LockConflict):  # Secrets Manager cannot detect it, and need not: it is the run's own token
        slow.promote(None)
    assert run(make()).current == stored(2)


def test_promote_without_pending_raises_error(tmp_path: Path) -> None:
    store = SlotStore(MemorySlots(), "none", "ngfw", StoredToken)
    run(store)
    with pytest.raises(LockConflict):
        store.promote(None)


def test_invalid_document_is_reported_and_can_be_overwritten(
    make: Maker, aws: FakeAws, vault: FakeVault, tmp_path: Path
) -> None:
    rotated(make(), 1)
    kind = make().location["store"]
    if kind == "secretsmanager":
        secret = aws.secrets["ngfw"]
        secret["versions"][secret["stages"]["AWSCURRENT"]] = "nonsense"
    elif kind == "ssm":
        aws.parameters["/ngfw"]["Value"] = "nonsense"
    elif kind == "hashi_vault":
        vault.write("ngfw", {"nonsense": "by hand"}, vault.read("ngfw").version)
    elif kind == "file":
        (tmp_path / "ngfw").write_text("nonsense")
    else:
        return
    store = make()
    contents = store.load()
    assert isinstance(contents.damage, InvalidDocument)
    assert contents.current is None
    assert contents.exists
    store.reserve(RESERVATION)
    store.stage(stored(2), "one")
    store.promote(None)
    assert run(make()).current == stored(2)


def test_promoted_token_is_the_lock_until_unlocked() -> None:
    slots = MemorySlots()
    slots.create("ngfw", Record(stored(1)).dump())
    slots.create("ngfw.pending", Record(stored(1), staged_by="one").dump())
    store = SlotStore(slots, "file", "ngfw", StoredToken)
    contents = run(store)
    assert (contents.pending, contents.staged_by) == (stored(1), "one")
    assert store.drop_pending() is None
    assert run(store) == Contents(current=stored(1), exists=True)


def test_dropped_token_left_in_pending_slot_is_forgotten_with_its_entry() -> None:
    slots = MemorySlots()
    slots.create("ngfw", Record(stored(1), ((stored(2), NOW),)).dump())
    slots.create("ngfw.pending", Record(stored(2), staged_by="one").dump())
    store = SlotStore(slots, "file", "ngfw", StoredToken)
    contents = run(store)
    assert contents.pending is None
    store.forget(contents.pending_revocations[0])
    assert run(store) == Contents(current=stored(1), exists=True)


def test_credentials_are_stored_like_tokens(make: Maker) -> None:
    store = make(StoredCredentials)
    run(store)
    store.reserve(Reservation(NOW, "one", "wildfire"))
    assert run(make(StoredCredentials)).pending == Reservation(NOW, "one", "wildfire")
    store.stage(credentials(1), "one")
    assert run(make(StoredCredentials)).pending == credentials(1)
    store.promote(None)
    store.unlock()
    store = make(StoredCredentials)
    run(store)
    store.reserve(RESERVATION)
    store.stage(credentials(2), "one")
    reported = store.promote(None)
    assert reported
    assert store.read(reported) == credentials(1)
    store.forget(reported)
    store.unlock()
    assert run(make(StoredCredentials)) == Contents(current=credentials(2), exists=True)


def test_document_of_other_type_is_not_invalid(make: Maker) -> None:
    rotated(make(), 1)
    with pytest.raises(DocumentTypeMismatch, match="it holds a token, not the credentials"):
        make(StoredCredentials).load()
    assert run(make()).current == stored(1)
