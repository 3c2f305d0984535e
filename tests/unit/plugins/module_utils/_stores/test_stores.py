# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every store does the same, keeps what it was given, and gives way to whoever was quicker."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._errors import InvalidRequest
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import DamagedDocument, Record, Reservation
from ansible_collections.panw.cloud.plugins.module_utils._stores.file import FileError, FileSlots
from ansible_collections.panw.cloud.plugins.module_utils._stores.memory import MemorySlots
from ansible_collections.panw.cloud.plugins.module_utils._stores.secretsmanager import SecretsManagerStore, Settings
from ansible_collections.panw.cloud.plugins.module_utils._stores.slots import SlotStore
from ansible_collections.panw.cloud.plugins.module_utils._stores.ssm import SsmSlots
from ansible_collections.panw.cloud.plugins.module_utils._stores.store import Conflict, Contents, Store

from .aws import NOW, FakeAws, stored

RESERVATION = Reservation(NOW, "one")
Maker = Callable[[], Store]


@pytest.fixture
def aws() -> FakeAws:
    return FakeAws()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    made = tmp_path / "store"
    made.mkdir()
    return made


@pytest.fixture(params=["secretsmanager", "ssm", "file", "memory"])
def make(request: pytest.FixtureRequest, aws: FakeAws, tmp_path: Path) -> Maker:
    """Makes stores over one and the same place: each is another run."""
    memory = MemorySlots()
    makers: dict[str, Maker] = {
        "secretsmanager": lambda: SecretsManagerStore(aws, "ngfw", Settings()),
        "ssm": lambda: SlotStore(SsmSlots(aws), "ssm", "/ngfw", 8192),
        "file": lambda: SlotStore(FileSlots(), "file", str(tmp_path / "ngfw")),
        "memory": lambda: SlotStore(memory, "none", "ngfw"),
    }
    return makers[request.param]


def run(store: Store) -> Contents:
    contents = store.load()
    assert contents.damage is None
    return contents


def rotated(store: Store, number: int, grace: int = 0) -> None:
    run(store)
    store.reserve(RESERVATION)
    store.stage(stored(number))
    store.promote(NOW + timedelta(minutes=grace) if grace else None)


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
    store.stage(stored())
    contents = run(make())
    assert contents.current is None
    assert contents.pending == stored()
    assert contents.retiring == ()
    assert store.promote(None) is None
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
    store.stage(stored(2))
    told = store.promote(None)
    assert told
    assert store.read(told) == stored(1)
    assert run(make()).retiring == (told,)


def test_a_dropped_token_waits_for_revocation(make: Maker) -> None:
    store = make()
    run(store)
    store.reserve(RESERVATION)
    store.stage(stored())
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
        with pytest.raises(Conflict):
            second.reserve(Reservation(NOW, "two"))
        first.stage(stored(number))
        first.promote(None)
        assert run(make()).current == stored(number)


def test_who_has_slept_through_a_whole_rotation_gets_no_reservation(make: Maker) -> None:
    rotated(make(), 1)
    store = make()
    run(store)
    rotated(make(), 2)
    with pytest.raises(Conflict):
        store.reserve(RESERVATION)
    assert run(make()).pending is None


def test_who_was_taken_over_can_neither_stage_nor_remove(make: Maker) -> None:
    rotated(make(), 1)
    slow, quick = make(), make()
    run(slow)
    slow.reserve(RESERVATION)
    run(quick)
    quick.reserve(Reservation(NOW, "two"))
    with pytest.raises(Conflict):
        slow.stage(stored(2))
    quick.stage(stored(3))
    quick.promote(None)
    assert run(make()).current == stored(3)
    with pytest.raises(Conflict):
        slow.remove()


def test_who_was_taken_over_after_staging_promotes_nothing_twice(make: Maker) -> None:
    rotated(make(), 1)
    slow, quick = make(), make()
    run(slow)
    slow.reserve(RESERVATION)
    slow.stage(stored(2))
    run(quick)
    quick.promote(None)
    assert run(make()).current == stored(2)
    with contextlib.suppress(Conflict):  # Secrets Manager cannot tell, and need not: it is the own token
        slow.promote(None)
    assert run(make()).current == stored(2)


def test_nothing_pending_cannot_be_promoted(tmp_path: Path) -> None:
    store = SlotStore(MemorySlots(), "none", "ngfw")
    run(store)
    with pytest.raises(Conflict):
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
    store.stage(stored(2))
    store.promote(None)
    assert run(make()).current == stored(2)


def test_a_pending_token_that_is_in_its_next_place_already_is_not_pending(tmp_path: Path) -> None:
    """Killed between the two writes of a promotion, or of a drop."""
    slots = MemorySlots()
    slots.create("ngfw", Record(stored(1), ((stored(2), NOW),)).dump())
    for number in (1, 2):
        slots.delete("ngfw.pending")
        slots.create("ngfw.pending", Record(stored(number)).dump())
        store = SlotStore(slots, "none", "ngfw")
        assert run(store).pending is None
        store.reserve(RESERVATION)


# Secrets Manager


def secret(aws: FakeAws, **settings: Any) -> SecretsManagerStore:
    return SecretsManagerStore(aws, "ngfw", Settings(**settings))


def test_a_rotation_takes_eight_calls(aws: FakeAws) -> None:
    rotated(secret(aws), 1)
    aws.calls.clear()
    store = secret(aws)
    run(store)
    store.reserve(RESERVATION)
    store.stage(stored(2))
    told = store.promote(None)
    assert told
    store.read(told)
    store.forget(told)
    assert len(aws.calls) == 8, aws.calls
    stages = aws.secrets["ngfw"]["stages"]
    assert stages["AWSCURRENT"] == stages["AWSPENDING"] != stages["AWSPREVIOUS"]


def test_labels_do_not_pile_up(aws: FakeAws) -> None:
    for number in range(1, 6):
        rotated(secret(aws), number, grace=5)
        store = secret(aws)
        for entry in run(store).retiring:
            store.forget(entry)
    assert len(aws.secrets["ngfw"]["stages"]) <= 5


@pytest.mark.parametrize("operation", ["create_secret", "put_secret_value", "update_secret_version_stage"])
def test_a_lost_answer_does_no_harm(aws: FakeAws, operation: str) -> None:
    for number in (1, 2):
        aws.lost = {operation}
        rotated(secret(aws), number)
    assert run(secret(aws)).current == stored(2)


def test_a_secret_without_a_value_is_used(aws: FakeAws) -> None:
    aws.secrets["ngfw"] = {"versions": {}, "stages": {}, "about": {}}
    store = secret(aws)
    assert run(store).current is None
    store.reserve(RESERVATION)
    assert run(secret(aws)).pending == RESERVATION
    store.stage(stored())
    store.promote(None)
    assert run(secret(aws)).current == stored()


def test_a_first_reservation_is_released_and_taken_over(aws: FakeAws) -> None:
    first = secret(aws)
    run(first)
    first.reserve(RESERVATION)
    second = secret(aws)
    run(second)
    second.reserve(Reservation(NOW, "two"))
    with pytest.raises(Conflict):
        first.stage(stored(1))
    second.drop_pending()
    contents = run(secret(aws))
    assert (contents.current, contents.pending) == (None, None)
    assert [entry.fingerprint for entry in contents.retiring] == [stored(1).fingerprint]
    rotated(secret(aws), 2)
    assert run(secret(aws)).current == stored(2)


def test_other_refusals_are_passed_on(aws: FakeAws) -> None:
    def refuse(operation: str) -> None:
        if operation in ("create_secret", "update_secret_version_stage"):
            raise InvalidRequest("do it")

    store = secret(aws)
    run(store)
    aws.before = refuse
    with pytest.raises(InvalidRequest):
        store.reserve(RESERVATION)
    aws.before = lambda operation: None
    rotated(secret(aws), 1)
    store = secret(aws)
    run(store)
    aws.before = refuse
    with pytest.raises(InvalidRequest):
        store.reserve(RESERVATION)


def test_a_removed_secret_is_restored(aws: FakeAws) -> None:
    rotated(secret(aws), 1)
    store = secret(aws)
    run(store)
    store.remove()
    assert aws.secrets["ngfw"]["about"]["DeletedDate"]
    again = secret(aws)
    assert run(again) == Contents()
    assert again.drift() == []
    rotated(secret(aws), 2)
    assert run(secret(aws)).current == stored(2)
    last = secret(aws, recovery_window=0)
    run(last)
    last.remove()
    assert aws.secrets == {}


def test_a_version_without_a_value_is_damaged(aws: FakeAws) -> None:
    rotated(secret(aws), 1)
    aws.secrets["ngfw"]["stages"]["AWSPENDING"] = "made-by-rotate-secret"
    contents = secret(aws).load()
    assert "it has no value" in str(contents.damage)
    assert contents.current == stored()


def test_a_label_on_something_else_is_damage(aws: FakeAws) -> None:
    rotated(secret(aws), 1)
    found = aws.secrets["ngfw"]
    found["versions"]["other"] = Record().dump()
    found["stages"]["retire-0-000000000000"] = "other"
    store = secret(aws)
    (entry,) = run(store).retiring
    with pytest.raises(DamagedDocument):
        store.read(entry)


def test_settings_are_compared_and_set(aws: FakeAws) -> None:
    wanted: dict[str, Any] = {"kms_key_id": "1234", "tags": {"team": "network"}, "resource_policy": '{"Statement": []}'}
    rotated(secret(aws, **wanted), 1)
    store = secret(aws, **wanted)
    run(store)
    assert store.drift() == []
    aws.secrets["ngfw"]["about"] = {"KmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/1234"}
    aws.secrets["ngfw"]["policy"] = '{"Statement": [1]}'
    store = secret(aws, **wanted)
    run(store)
    assert store.drift() == ["tags", "resource_policy"]
    store.settle()
    aws.secrets["ngfw"]["about"]["KmsKeyId"] = "5678"
    run(store)
    assert store.drift() == ["kms_key_id"]
    store.settle()
    run(store)
    assert store.drift() == []


def test_a_token_that_others_have_written_is_labelled_when_it_retires(aws: FakeAws) -> None:
    stages = {"AWSCURRENT": "theirs"}
    aws.secrets["ngfw"] = {"versions": {"theirs": Record(stored(1)).dump()}, "stages": stages, "about": {}}
    rotated(secret(aws), 2)
    (entry,) = run(secret(aws)).retiring
    assert (entry.fingerprint, entry.handle) == (stored(1).fingerprint, "theirs")


# Parameter Store


def parameter(aws: FakeAws, **settings: Any) -> SlotStore:
    return SlotStore(SsmSlots(aws, **settings), "ssm", "/ngfw", 8192)


def test_tags_and_key_of_parameters(aws: FakeAws) -> None:
    wanted: dict[str, Any] = {"kms_key_id": "1234", "tags": {"team": "network"}}
    rotated(parameter(aws, **wanted), 1)
    assert aws.parameters["/ngfw"]["KeyId"] == "1234"
    store = parameter(aws, **wanted)
    run(store)
    assert store.drift() == []
    aws.parameters["/ngfw"]["Tags"] = []
    assert store.drift() == ["tags"]
    store.settle()
    assert store.drift() == []


@pytest.mark.parametrize("lost", ["put_parameter", "delete_parameter"])
def test_a_lost_answer_of_parameter_store(aws: FakeAws, lost: str) -> None:
    """A repeated write looks like somebody else's, unless it made the parameter: the run gives way, and nothing is lost."""
    if lost == "put_parameter":
        aws.lost = {lost}
        rotated(parameter(aws), 1)
    else:
        store = parameter(aws)
        run(store)
        store.reserve(RESERVATION)
        aws.before = lambda operation: aws.parameters.pop("/ngfw.pending") and None if operation == lost else None
        store.drop_pending()
    assert "/ngfw.pending" not in aws.parameters


def test_an_overwrite_that_raises_the_version_by_more_was_not_alone(aws: FakeAws) -> None:
    store = parameter(aws)
    run(store)
    store.reserve(RESERVATION)

    def other(operation: str) -> None:
        if operation == "put_parameter":
            aws.before = lambda operation: None
            aws.parameters["/ngfw.pending"]["Version"] += 1

    aws.before = other
    with pytest.raises(Conflict):
        store.stage(stored())


def test_a_parameter_that_cannot_be_made_is_told(aws: FakeAws) -> None:
    store = parameter(aws)
    run(store)

    def refuse(operation: str) -> None:
        if operation == "put_parameter":
            raise InvalidRequest("do it")

    aws.before = refuse
    with pytest.raises(InvalidRequest):
        store.reserve(RESERVATION)


def test_a_full_parameter_is_told_before_a_token_is_made(aws: FakeAws) -> None:
    def fill() -> None:
        for number in range(1, 40):
            rotated(parameter(aws), number, grace=5)

    with pytest.raises(InvalidRequest, match=r"wait for revocation.*grace_period"):
        fill()
    assert len(aws.parameters["/ngfw"]["Value"].encode()) <= 8192
    assert "/ngfw.pending" not in aws.parameters


# Files


def test_a_file_that_cannot_be_read_or_written_is_told(directory: Path) -> None:
    (directory / "ngfw").mkdir()
    slots = FileSlots()
    with pytest.raises(FileError) as caught:
        slots.read(str(directory / "ngfw"))
    assert str(directory) in str(caught.value)
    with pytest.raises(FileError):
        slots.create(str(directory / "none/ngfw"), "text")
    with pytest.raises(FileError):
        slots.drift(str(directory / "none"))
    slots.settle(str(directory / "absent"))


def test_what_a_killed_run_was_writing_is_cleared_away(directory: Path) -> None:
    slots, name = FileSlots(), str(directory / "ngfw")
    (directory / "ngfw.new").write_text("half")
    slots.create(name, "text")
    assert sorted(os.listdir(directory)) == ["ngfw"]
    (directory / "ngfw.new").write_text("half")
    slots.delete(name)
    assert os.listdir(directory) == []


def test_a_file_s_mode_is_mended(directory: Path) -> None:
    slots, path = FileSlots(), directory / "ngfw"
    slots.create(str(path), "text")
    assert slots.drift(str(path)) == []
    path.chmod(0o644)
    assert slots.drift(str(path)) == ["mode"]
    slots.settle(str(path))
    assert slots.drift(str(path)) == []
    assert path.read_text() == "text"
