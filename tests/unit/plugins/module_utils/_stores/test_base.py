# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every store does the same, keeps what it was given, and gives way to whoever was quicker."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import Contents, Store, Taken
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import (
    DamagedDocument,
    OtherDocument,
    Record,
    Reservation,
    StoredCredentials,
    StoredToken,
)
from ansible_collections.panw.cloud.plugins.module_utils._stores.file import FileSlots
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
from ansible_collections.panw.cloud.tests.helpers.memory_slots import MemorySlots

Maker = Callable[..., Store[Any]]


@pytest.fixture(params=["secretsmanager", "ssm", "file", "memory"])
def make(request: pytest.FixtureRequest, aws: FakeAws, tmp_path: Path) -> Maker:
    """Makes stores over one and the same place: each is another run, for tokens if nothing else is said."""
    memory = MemorySlots()
    makers: dict[str, Maker] = {
        "secretsmanager": lambda kept=StoredToken: SecretsManagerStore(aws, "ngfw", Settings(), kept),
        "ssm": lambda kept=StoredToken: SlotStore(SsmSlots(aws, "a token"), "ssm", "/ngfw", kept, 8192),
        "file": lambda kept=StoredToken: SlotStore(FileSlots(), "file", str(tmp_path / "ngfw"), kept),
        "memory": lambda kept=StoredToken: SlotStore(memory, "none", "ngfw", kept),
    }
    return makers[request.param]


def test_a_new_place_is_empty(make: Maker) -> None:
    store = make()
    assert run(store) == Contents()
    assert store.drift() == []
    store.settle()
    assert store.version is None


def test_a_first_token_goes_through_all_places(make: Maker) -> None:
    store = make()
    run(store)
    store.reserve(RESERVATION)
    assert run(make()) == Contents(pending=RESERVATION, exists=True)
    store.stage(stored(), "one")
    contents = run(make())
    assert contents.current is None
    assert contents.pending == stored()
    assert contents.retiring == ()
    assert store.promote(None) is None
    store.unlock()
    assert run(make()) == Contents(current=stored(), exists=True)
    assert (store.version is None) == (store.location["store"] in ("file", "none"))


def test_an_old_token_waits_and_is_forgotten(make: Maker) -> None:
    rotated(make(), 1)
    rotated(make(), 2, grace=5)
    rotated(make(), 3)
    store = make()
    contents = run(store)
    assert contents.current == stored(3)
    waiting = sorted(contents.retiring, key=lambda entry: entry.due)
    assert [entry.fingerprint for entry in waiting] == [stored(2).fingerprint, stored(1).fingerprint]
    assert [store.read(entry) for entry in waiting] == [stored(2), stored(1)]
    store.postpone(waiting[0], NOW + timedelta(hours=2))
    (late,) = [entry for entry in run(make()).retiring if entry.fingerprint == stored(2).fingerprint]
    assert late.due == NOW + timedelta(hours=2)
    for entry in waiting:
        store.forget(entry)
    assert run(make()) == Contents(current=stored(3), exists=True)


def test_what_promote_tells_is_what_the_next_run_finds(make: Maker) -> None:
    rotated(make(), 1)
    store = make()
    run(store)
    store.reserve(RESERVATION)
    store.stage(stored(2), "one")
    told = store.promote(None)
    assert told
    assert store.read(told) == stored(1)
    assert run(make()).retiring == (told,)


def test_a_dropped_token_waits_for_revocation(make: Maker) -> None:
    store = make()
    run(store)
    store.reserve(RESERVATION)
    store.stage(stored(), "one")
    told = store.drop_pending()
    assert told
    contents = run(make())
    assert contents == Contents(retiring=(told,), exists=True)
    assert store.drop_pending() is None


def test_a_dropped_reservation_is_gone(make: Maker) -> None:
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


def test_a_place_without_its_token_still_knows_what_waits(make: Maker) -> None:
    rotated(make(), 1)
    store = make()
    run(store)
    store.reserve(RESERVATION)
    told = store.withdraw()
    assert told
    assert store.withdraw() is None
    contents = run(make())
    assert contents.current is None
    assert contents.retiring == (told,)
    store.forget(told)
    store.remove()
    assert run(make()) == Contents()
    rotated(make(), 2)
    assert run(make()).current == stored(2)


def test_only_one_of_two_gets_the_reservation(make: Maker) -> None:
    for number in range(1, 3):
        first, second = make(), make()
        run(first), run(second)
        first.reserve(RESERVATION)
        with pytest.raises(Taken):
            second.reserve(Reservation(NOW, "two"))
        first.stage(stored(number), "one")
        first.promote(None)
        first.unlock()
        assert run(make()).current == stored(number)


def test_who_has_slept_through_a_whole_rotation_gets_no_reservation(make: Maker) -> None:
    rotated(make(), 1)
    store = make()
    run(store)
    rotated(make(), 2)
    with pytest.raises(Taken):
        store.reserve(RESERVATION)
    assert run(make()).pending is None


def test_who_was_taken_over_can_neither_promote_nor_remove(make: Maker) -> None:
    rotated(make(), 1)
    slow, quick, remover = make(), make(), make()
    run(slow)
    slow.reserve(RESERVATION)
    run(quick)
    run(remover)
    quick.reserve(Reservation(NOW, "two"))
    with contextlib.suppress(Taken):  # Secrets Manager tells with the promotion
        slow.stage(stored(2), "one")
    quick.stage(stored(3), "one")
    quick.promote(None)
    for refused in (lambda: slow.promote(None), remover.remove):
        with pytest.raises(Taken):
            refused()
    assert run(make()).current == stored(3)


def test_who_was_taken_over_after_staging_promotes_nothing_twice(make: Maker) -> None:
    rotated(make(), 1)
    slow, quick = make(), make()
    run(slow)
    slow.reserve(RESERVATION)
    slow.stage(stored(2), "one")
    run(quick)
    quick.promote(None)
    assert run(make()).current == stored(2)
    with contextlib.suppress(Taken):  # Secrets Manager cannot tell, and need not: it is the own token
        slow.promote(None)
    assert run(make()).current == stored(2)


def test_nothing_pending_cannot_be_promoted(tmp_path: Path) -> None:
    store = SlotStore(MemorySlots(), "none", "ngfw", StoredToken)
    run(store)
    with pytest.raises(Taken):
        store.promote(None)


def test_damage_is_told_and_can_be_written_over(make: Maker, aws: FakeAws, tmp_path: Path) -> None:
    rotated(make(), 1)
    kind = make().location["store"]
    if kind == "secretsmanager":
        secret = aws.secrets["ngfw"]
        secret["versions"][secret["stages"]["AWSCURRENT"]] = "nonsense"
    elif kind == "ssm":
        aws.parameters["/ngfw"]["Value"] = "nonsense"
    elif kind == "file":
        (tmp_path / "ngfw").write_text("nonsense")
    else:
        return
    store = make()
    contents = store.load()
    assert isinstance(contents.damage, DamagedDocument)
    assert contents.current is None
    assert contents.exists
    store.reserve(RESERVATION)
    store.stage(stored(2), "one")
    store.promote(None)
    assert run(make()).current == stored(2)


def test_a_promoted_token_is_the_lock_until_it_is_unlocked() -> None:
    slots = MemorySlots()
    slots.create("ngfw", Record(stored(1)).dump())
    slots.create("ngfw.pending", Record(stored(1), staged_by="one").dump())
    store = SlotStore(slots, "file", "ngfw", StoredToken)
    contents = run(store)
    assert (contents.pending, contents.staged_by) == (stored(1), "one")
    assert store.drop_pending() is None
    assert run(store) == Contents(current=stored(1), exists=True)


def test_a_dropped_token_that_a_kill_has_left_in_the_pending_slot_goes_with_its_entry() -> None:
    slots = MemorySlots()
    slots.create("ngfw", Record(stored(1), ((stored(2), NOW),)).dump())
    slots.create("ngfw.pending", Record(stored(2), staged_by="one").dump())
    store = SlotStore(slots, "file", "ngfw", StoredToken)
    contents = run(store)
    assert contents.pending is None
    store.forget(contents.retiring[0])
    assert run(store) == Contents(current=stored(1), exists=True)


def test_credentials_are_kept_in_the_same_way(make: Maker) -> None:
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
    told = store.promote(None)
    assert told
    assert store.read(told) == credentials(1)
    store.forget(told)
    store.unlock()
    assert run(make(StoredCredentials)) == Contents(current=credentials(2), exists=True)


def test_what_is_of_another_kind_is_never_taken_for_damage(make: Maker) -> None:
    rotated(make(), 1)
    with pytest.raises(OtherDocument, match="it holds a token, and not the credentials"):
        make(StoredCredentials).load()
    assert run(make()).current == stored(1)
