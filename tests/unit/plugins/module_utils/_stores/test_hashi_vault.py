# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HashiCorp Vault: both slots in one secret, check-and-set, and no old versions."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthorizationError,
    ErrorContext,
    InvalidRequest,
    PanwCloudError,
    ServerError,
    Throttled,
)
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import LockConflict
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import Record, StoredToken
from ansible_collections.panw.cloud.plugins.module_utils._stores.hashi_vault import PENDING_SUFFIX, VaultSlots
from ansible_collections.panw.cloud.plugins.module_utils._stores.versioned_backend import SlotStore
from ansible_collections.panw.cloud.tests.helpers.fake_aws import RESERVATION, rotated, run, stored
from ansible_collections.panw.cloud.tests.helpers.fake_vault import FakeVault

PATH = "cloud-ngfw/firewall"
PENDING = PATH + PENDING_SUFFIX


@pytest.fixture
def vault() -> FakeVault:
    return FakeVault()


def secret(vault: FakeVault) -> SlotStore[StoredToken]:
    return SlotStore(VaultSlots(vault, PATH), "hashi_vault", PATH, StoredToken, suffix=PENDING_SUFFIX)


def once(operation: str, act: Callable[[], object], vault: FakeVault, skip: int = 0) -> None:
    """Do something just before an operation, after some others of its kind."""
    left = [skip]

    def before(called: str) -> None:
        if called == operation:
            left[0] -= 1
            if left[0] < 0:
                vault.before = lambda _operation: None
                act()

    vault.before = before


def by_hand(vault: FakeVault, **keys: str) -> None:
    held = vault.read(PATH)
    vault.write(PATH, {**held.data, **keys}, held.version)


def test_reader_finds_fields_of_current_token_as_keys(vault: FakeVault) -> None:
    store = secret(vault)
    rotated(store, 1)
    document = json.loads(Record(stored(1)).dump())
    assert vault.read(PATH).data == document
    store.reserve(RESERVATION)
    assert vault.read(PATH).data == {**document, "pending": json.loads(Record(RESERVATION).dump())}


def test_only_newest_version_is_ever_readable(vault: FakeVault) -> None:
    for number in range(1, 4):
        rotated(secret(vault), number)
    assert list(vault.secrets[PATH].versions) == [vault.secrets[PATH].newest]
    assert vault.calls.count("limit_versions") == 1
    store = secret(vault)
    run(store)
    store.remove()
    assert vault.secrets[PATH].versions == {vault.secrets[PATH].newest: {}}
    assert not run(secret(vault)).exists
    assert secret(vault).drift() == []


def test_old_versions_are_found_and_deleted(vault: FakeVault) -> None:
    rotated(secret(vault), 1)
    vault.secrets[PATH].settings["max_versions"] = 0
    rotated(secret(vault), 2)
    assert len(vault.secrets[PATH].versions) > 1
    store = secret(vault)
    run(store)
    assert store.drift() == ["max_versions"]
    store.settle()
    assert store.drift() == []
    assert len(vault.secrets[PATH].versions) == 1
    assert run(secret(vault)).current == stored(2)


def test_settling_leaves_write_of_other_run_alone(vault: FakeVault) -> None:
    store = secret(vault)
    rotated(store, 1)
    run(store)
    once("write", lambda: by_hand(vault, owner="network team"), vault)
    store.settle()
    assert vault.read(PATH).data["owner"] == "network team"


def test_engine_is_checked_before_first_write_only(vault: FakeVault) -> None:
    def refuse(operation: str) -> None:
        if operation == "require_version_2":
            raise InvalidRequest("find the engine")

    vault.before = refuse
    store = secret(vault)
    run(store)
    with pytest.raises(InvalidRequest):
        store.reserve(RESERVATION)
    assert vault.secrets == {}
    vault.before = lambda _operation: None
    rotated(secret(vault), 1)
    assert vault.calls.count("require_version_2") == 1


def test_write_to_other_slot_is_no_conflict(vault: FakeVault) -> None:
    rotated(secret(vault), 1)
    slots, other = VaultSlots(vault, PATH), VaultSlots(vault, PATH)
    held = slots.read(PATH)
    assert held
    other.create(PENDING, Record(RESERVATION).dump())
    slots.replace(PATH, Record(stored(2)).dump(), held.mark)
    assert other.read(PENDING)
    assert json.loads(vault_text(slots))["token"] == stored(2).token


def vault_text(slots: VaultSlots) -> str:
    held = slots.read(PATH)
    assert held
    return held.text


def test_write_to_same_slot_or_to_the_one_beside_is_a_conflict(vault: FakeVault) -> None:
    rotated(secret(vault), 1)
    slots, other = VaultSlots(vault, PATH), VaultSlots(vault, PATH)
    held = slots.read(PATH)
    assert held
    mark = other.create(PENDING, Record(RESERVATION).dump())
    with pytest.raises(LockConflict):
        slots.replace(PATH, Record(stored(2)).dump(), held.mark, (PENDING, None))
    with pytest.raises(LockConflict):
        slots.create(PENDING, Record(stored(2)).dump())
    slots.replace(PATH, Record(stored(2)).dump(), held.mark, (PENDING, mark))
    with pytest.raises(LockConflict):
        other.replace(PATH, Record(stored(3)).dump(), held.mark)


@pytest.mark.parametrize("lost", ["write", "limit_versions"])
@pytest.mark.parametrize("name", [PATH, PENDING])
def test_lost_response_is_recovered_by_reading(vault: FakeVault, lost: str, name: str) -> None:
    slots = VaultSlots(vault, PATH)
    vault.lost = {lost}
    mark = slots.create(name, Record(stored(1)).dump())
    assert vault.lost == set()
    assert slots.replace(name, Record(stored(2)).dump(), mark)
    assert vault.secrets[PATH].newest == 2
    vault.lost = {lost}
    slots.delete(name)
    assert slots.read(name) is None


def test_write_that_was_lost_before_it_arrived_is_repeated(vault: FakeVault) -> None:
    slots = VaultSlots(vault, PATH)

    def fail() -> None:
        raise ServerError("write")

    once("write", fail, vault)
    slots.create(PATH, Record(stored(1)).dump())
    assert vault.secrets[PATH].newest == 1


def test_write_whose_outcome_stays_unknown_fails_with_its_own_error(vault: FakeVault) -> None:
    slots = VaultSlots(vault, PATH)
    slots.create(PATH, Record(stored(1)).dump())

    def down(operation: str) -> None:
        raise ServerError(operation)

    once("write", lambda: setattr(vault, "before", down) or down("write"), vault)  # type: ignore[func-returns-value]
    with pytest.raises(ServerError) as caught:
        slots.create(PENDING, Record(RESERVATION).dump())
    assert caught.value.operation == "write"


@pytest.mark.parametrize(
    ("failure", "writes"),
    [
        (InvalidRequest("write"), 1),
        (AuthorizationError("write"), 1),
        (Throttled("write"), 8),
        (ServerError("write"), 8),
    ],
)
def test_rejected_write_is_repeated_only_if_it_may_pass(vault: FakeVault, failure: PanwCloudError, writes: int) -> None:
    slots = VaultSlots(vault, PATH)
    slots.create(PATH, Record(stored(1)).dump())

    def refuse(operation: str) -> None:
        if operation == "write":
            vault.calls.append("refused")
            raise failure

    vault.before = refuse
    with pytest.raises(type(failure)):
        slots.create(PENDING, Record(RESERVATION).dump())
    assert vault.calls.count("refused") == writes


def test_other_writers_that_never_stop_end_in_an_error(vault: FakeVault) -> None:
    slots = VaultSlots(vault, PATH)
    slots.create(PATH, Record(stored(1)).dump())
    numbers = iter(range(100))

    def race(operation: str) -> None:
        if operation == "write":
            found = vault.secrets[PATH]
            found.write({"data": {**found.versions[found.newest], "pending": {"number": next(numbers)}}})

    vault.before = race
    held = slots.read(PATH)
    assert held
    with pytest.raises(InvalidRequest, match="write the secret"):
        slots.replace(PATH, Record(stored(2)).dump(), held.mark)


def test_delete_of_changed_slot_changes_nothing(vault: FakeVault) -> None:
    slots = VaultSlots(vault, PATH)
    mark = slots.create(PATH, Record(stored(1)).dump())
    slots.replace(PATH, Record(stored(2)).dump(), mark)
    slots.delete(PATH, mark)
    assert slots.read(PATH)
    VaultSlots(vault, PATH).delete(PATH)
    assert slots.read(PATH) is None


def test_deleted_version_is_empty_and_replaced(vault: FakeVault) -> None:
    rotated(secret(vault), 1)
    found = vault.secrets[PATH]
    found.versions[found.newest] = None
    assert not run(secret(vault)).exists
    rotated(secret(vault), 2)
    assert run(secret(vault)).current == stored(2)


def test_conflict_names_the_secret_and_its_part(vault: FakeVault) -> None:
    slots = VaultSlots(vault, PATH)
    slots.create(PENDING, Record(RESERVATION).dump())
    with pytest.raises(LockConflict) as caught:
        slots.create(PENDING, Record(stored(1)).dump())
    assert caught.value.context == ErrorContext(f"hashi_vault {PATH} (pending)", reason="another run has written to it")
