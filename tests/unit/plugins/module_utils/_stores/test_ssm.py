# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameter Store: tags, keys, size limits, and versions instead of compare-and-swap."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidRequest
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import LockConflict
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import StoredToken
from ansible_collections.panw.cloud.plugins.module_utils._stores.ssm import SsmSlots
from ansible_collections.panw.cloud.plugins.module_utils._stores.versioned_backend import SlotStore
from ansible_collections.panw.cloud.tests.helpers.fake_aws import RESERVATION, FakeAws, rotated, run, stored


def parameter(aws: FakeAws, **settings: Any) -> SlotStore[StoredToken]:
    return SlotStore(SsmSlots(aws, "a token", **settings), "ssm", "/ngfw", StoredToken, 8192)


def test_parameters_have_tags_and_key(aws: FakeAws) -> None:
    desired: dict[str, Any] = {"kms_key_id": "1234", "tags": {"team": "network"}}
    rotated(parameter(aws, **desired), 1)
    assert aws.parameters["/ngfw"]["KeyId"] == "1234"
    store = parameter(aws, **desired)
    run(store)
    assert store.drift() == []
    aws.parameters["/ngfw"]["Tags"] = []
    assert store.drift() == ["tags"]
    store.settle()
    assert store.drift() == []


@pytest.mark.parametrize("lost", ["put_parameter", "delete_parameter"])
def test_lost_response_does_no_harm(aws: FakeAws, lost: str) -> None:
    if lost == "put_parameter":
        for number in range(1, 4):
            aws.lost = {lost}
            rotated(parameter(aws), number)
            assert parameter(aws).load().current == stored(number)
    else:
        store = parameter(aws)
        run(store)
        store.reserve(RESERVATION)
        aws.before = lambda operation: aws.parameters.pop("/ngfw.pending") and None if operation == lost else None
        store.drop_pending()
    assert "/ngfw.pending" not in aws.parameters


def test_overwrite_with_skipped_version_is_a_conflict(aws: FakeAws) -> None:
    store = parameter(aws)
    run(store)
    store.reserve(RESERVATION)

    def other(operation: str) -> None:
        if operation == "put_parameter":
            aws.before = lambda operation: None
            aws.parameters["/ngfw.pending"]["Version"] += 1

    aws.before = other
    with pytest.raises(LockConflict):
        store.stage(stored(), "one")


def test_parameter_not_creatable_raises_error(aws: FakeAws) -> None:
    store = parameter(aws)
    run(store)

    def refuse(operation: str) -> None:
        if operation == "put_parameter":
            raise InvalidRequest("do it")

    aws.before = refuse
    with pytest.raises(InvalidRequest):
        store.reserve(RESERVATION)


def test_full_parameter_is_reported_before_token_is_created(aws: FakeAws) -> None:
    def fill() -> None:
        for number in range(1, 40):
            rotated(parameter(aws), number, grace=5)

    with pytest.raises(InvalidRequest, match=r"tokens pending revocation.*grace_period"):
        fill()
    assert len(aws.parameters["/ngfw"]["Value"].encode()) <= 8192
    assert "/ngfw.pending" not in aws.parameters
