# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets Manager: stages, labels, settings and lost responses."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidRequest
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import Contents, LockConflict
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import (
    InvalidDocument,
    Record,
    Reservation,
    StoredToken,
)
from ansible_collections.panw.cloud.plugins.module_utils._stores.secret_settings import Settings
from ansible_collections.panw.cloud.plugins.module_utils._stores.secretsmanager import SecretsManagerStore
from ansible_collections.panw.cloud.tests.helpers.fake_aws import NOW, RESERVATION, FakeAws, rotated, run, stored


def secret(aws: FakeAws, **settings: Any) -> SecretsManagerStore[StoredToken]:
    return SecretsManagerStore(aws, "ngfw", Settings(**settings), StoredToken)


def test_rotation_takes_seven_calls(aws: FakeAws) -> None:
    rotated(secret(aws), 1)
    aws.calls.clear()
    store = secret(aws)
    run(store)
    store.reserve(RESERVATION)
    store.stage(stored(2), "one")
    reported = store.promote(None)
    assert reported
    store.read(reported)
    store.forget(reported)
    assert len(aws.calls) == 7, aws.calls
    stages = aws.secrets["ngfw"]["stages"]
    assert stages["AWSCURRENT"] == stages["AWSPENDING"] != stages["AWSPREVIOUS"]


def test_labels_do_not_accumulate(aws: FakeAws) -> None:
    for number in range(1, 6):
        rotated(secret(aws), number, grace=5)
        store = secret(aws)
        for entry in run(store).pending_revocations:
            store.forget(entry)
    assert len(aws.secrets["ngfw"]["stages"]) <= 5


@pytest.mark.parametrize("operation", ["create_secret", "put_secret_value", "update_secret_version_stage"])
def test_lost_response_does_no_harm(aws: FakeAws, operation: str) -> None:
    for number in (1, 2):
        aws.lost = {operation}
        rotated(secret(aws), number)
    assert run(secret(aws)).current == stored(2)


def test_secret_without_value_is_used(aws: FakeAws) -> None:
    aws.secrets["ngfw"] = {"versions": {}, "stages": {}, "about": {}}
    store = secret(aws)
    assert run(store).current is None
    store.reserve(RESERVATION)
    assert run(secret(aws)).pending == RESERVATION
    store.stage(stored(), "one")
    store.promote(None)
    assert run(secret(aws)).current == stored()


def test_first_reservation_taken_over_keeps_token_of_slow_run(aws: FakeAws) -> None:
    first = secret(aws)
    run(first)
    first.reserve(RESERVATION)
    second = secret(aws)
    run(second)
    second.reserve(Reservation(NOW, "two"))
    first.stage(stored(1), "one")
    with pytest.raises(LockConflict):
        second.drop_pending()
    third = secret(aws)
    contents = run(third)
    assert (contents.current, contents.pending) == (None, stored(1))
    third.promote(None)
    assert run(secret(aws)).current == stored(1)


def test_other_aws_errors_are_raised(aws: FakeAws) -> None:
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


def test_deleted_secret_is_restored(aws: FakeAws) -> None:
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


def test_version_without_value_is_invalid(aws: FakeAws) -> None:
    rotated(secret(aws), 1)
    aws.secrets["ngfw"]["stages"]["AWSPENDING"] = "made-by-rotate-secret"
    contents = secret(aws).load()
    assert "it has no value" in str(contents.damage)
    assert contents.current == stored()


def test_label_on_other_version_is_invalid(aws: FakeAws) -> None:
    rotated(secret(aws), 1)
    found = aws.secrets["ngfw"]
    found["versions"]["other"] = Record().dump()
    found["stages"]["revoke-0-000000000000"] = "other"
    store = secret(aws)
    (entry,) = run(store).pending_revocations
    with pytest.raises(InvalidDocument):
        store.read(entry)


def test_settings_are_compared_and_set(aws: FakeAws) -> None:
    desired: dict[str, Any] = {
        "kms_key_id": "1234",
        "tags": {"team": "network"},
        "resource_policy": '{"Statement": []}',
    }
    rotated(secret(aws, **desired), 1)
    store = secret(aws, **desired)
    run(store)
    assert store.drift() == []
    aws.secrets["ngfw"]["about"] = {"KmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/1234"}
    aws.secrets["ngfw"]["policy"] = '{"Statement": [1]}'
    store = secret(aws, **desired)
    run(store)
    assert store.drift() == ["tags", "resource_policy"]
    store.settle()
    aws.secrets["ngfw"]["about"]["KmsKeyId"] = "5678"
    run(store)
    assert store.drift() == ["kms_key_id"]
    store.settle()
    run(store)
    assert store.drift() == []


def test_token_written_by_others_is_labeled_when_replaced(aws: FakeAws) -> None:
    stages = {"AWSCURRENT": "theirs"}
    aws.secrets["ngfw"] = {"versions": {"theirs": Record(stored(1)).dump()}, "stages": stages, "about": {}}
    rotated(secret(aws), 2)
    (entry,) = run(secret(aws)).pending_revocations
    assert (entry.fingerprint, entry.handle) == (stored(1).fingerprint, "theirs")
