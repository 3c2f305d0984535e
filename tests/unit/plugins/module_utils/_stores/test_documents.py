# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written is read again, and nothing else is."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import (
    DamagedDocument,
    OtherDocument,
    Record,
    Reservation,
    StoredCredentials,
    StoredToken,
    load,
)
from ansible_collections.panw.cloud.tests.helpers.fake_aws import NOW, credentials, stored


def document(**changes: Any) -> str:
    fields = {**json.loads(Record(stored()).dump()), **changes}
    return json.dumps({name: value for name, value in fields.items() if value != "gone"})


@pytest.mark.parametrize(
    "record",
    [
        Record(),
        Record(stored()),
        Record(stored(role_arn=None, account_id=None)),
        Record(Reservation(NOW, "somebody")),
        Record(Reservation(NOW, "somebody", "something")),
        Record(stored(), ((stored(2), NOW), (stored(3), NOW + timedelta(days=1)))),
        Record(None, ((stored(2), NOW),)),
    ],
)
def test_what_is_written_is_read(record: Record[StoredToken]) -> None:
    assert load(record.dump(), "here", StoredToken) == record


def test_credentials_are_read_as_they_were_written() -> None:
    record = Record(credentials(2), ((credentials(1), NOW),))
    assert load(record.dump(), "here", StoredCredentials) == record
    assert credentials().client_secret not in repr(record)
    found = json.loads(record.dump())
    assert found["client_id"] == credentials().client_id
    assert found["fingerprint"] == credentials(2).fingerprint


def test_a_document_of_another_kind_is_told_from_a_damaged_one() -> None:
    with pytest.raises(OtherDocument) as caught:
        load(Record(credentials()).dump(), "secret ngfw", StoredToken)
    assert "secret ngfw: it holds the credentials of a service account, and not a token" in str(caught.value)
    assert "on_damaged" not in str(caught.value)
    assert credentials().client_secret not in str(caught.value)
    with pytest.raises(OtherDocument):
        load(document(), "here", StoredCredentials)


def test_a_reader_finds_plain_names() -> None:
    found = json.loads(Record(stored()).dump())
    assert found["version"] == 1
    assert found["expires_at"] == "2026-05-19T13:00:00Z"
    assert found["fingerprint"] == stored().fingerprint
    assert "retiring" not in found


def test_no_secret_is_in_the_representation() -> None:
    assert stored().token not in repr(Record(stored()))
    assert stored().subscription_key not in repr(stored())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "it is not JSON"),
        pytest.param("[" * 100_000, "it is not JSON", id="brackets in thousands"),
        ("[]", "it is not an object"),
        ('"text"', "it is not an object"),
        ("{}", "its version is None"),
        (document(version=0), "its version is 0"),
        (document(version=2), "its version is 2; this release of the collection reads version 1"),
        (document(version="1"), "its version is '1'"),
        (document(subscription_key="gone"), "'subscription_key' is missing"),
        (document(token=7), "'token' is missing or not text"),
        (document(url=""), "'url' is missing"),
        (document(role_arn=7), "'role_arn' is missing or not text"),
        (document(expires_at="soon"), "'expires_at' is missing or no date"),
        (document(issued_at="2026-05-19T12:00:00"), "'issued_at' is missing or no date"),
        (document(fingerprint="000000000000"), "its fingerprint is not that of its token"),
        (document(retiring={}), "'retiring' is not a list"),
        (document(retiring=["a"]), "an entry of 'retiring' is not an object"),
        (document(retiring=[json.loads(document())]), "'retire_at' is missing"),
        ('{"version": 1, "reserved_at": "2026-05-19T12:00:00Z"}', "'reserved_by' is missing"),
        (
            '{"version": 1, "reserved_at": "2026-05-19T12:00:00Z", "reserved_by": "a", "reserved_for": 7}',
            "'reserved_for'",
        ),
    ],
)
def test_what_is_not_ours_is_damaged(text: str, problem: str) -> None:
    with pytest.raises(DamagedDocument) as caught:
        load(text, "secret ngfw", StoredToken)
    assert problem in str(caught.value)
    assert "secret ngfw" in str(caught.value)
    assert "on_damaged" in str(caught.value)
    assert stored().token not in str(caught.value)
    assert caught.value.__cause__ is None
