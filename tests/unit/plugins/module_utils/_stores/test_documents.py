# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents round-trip, and everything else is invalid."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import (
    DocumentTypeMismatch,
    InvalidDocument,
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
def test_token_document_round_trips(record: Record[StoredToken]) -> None:
    assert load(record.dump(), "here", StoredToken) == record


def test_credentials_document_round_trips() -> None:
    record = Record(credentials(2), ((credentials(1), NOW),))
    assert load(record.dump(), "here", StoredCredentials) == record
    assert credentials().client_secret not in repr(record)
    found = json.loads(record.dump())
    assert found["client_id"] == credentials().client_id
    assert found["fingerprint"] == credentials(2).fingerprint


def test_document_of_other_type_is_distinguished_from_invalid() -> None:
    with pytest.raises(DocumentTypeMismatch) as caught:
        load(Record(credentials()).dump(), "secret ngfw", StoredToken)
    assert "secret ngfw: it holds the credentials of a service account, not a token" in str(caught.value)
    assert "on_invalid_document" not in str(caught.value)
    assert credentials().client_secret not in str(caught.value)
    with pytest.raises(DocumentTypeMismatch):
        load(document(), "here", StoredCredentials)


def test_document_has_plain_names_for_readers() -> None:
    found = json.loads(Record(stored()).dump())
    assert found["version"] == 1
    assert found["expires_at"] == "2026-05-19T13:00:00Z"
    assert found["fingerprint"] == stored().fingerprint
    assert "pending_revocation" not in found


def test_document_repr_shows_no_secret() -> None:
    assert stored().token not in repr(Record(stored()))
    assert stored().subscription_key not in repr(stored())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "it is not JSON"),
        pytest.param("[" * 100_000, "it is not JSON", id="thousands of brackets"),
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
        (document(expires_at="soon"), "'expires_at' is missing or not a date"),
        (document(issued_at="2026-05-19T12:00:00"), "'issued_at' is missing or not a date"),
        (document(fingerprint="000000000000"), "its fingerprint is not that of its token"),
        (document(pending_revocation={}), "'pending_revocation' is not a list"),
        (document(pending_revocation=["a"]), "an entry in 'pending_revocation' is not a JSON object"),
        (document(pending_revocation=[json.loads(document())]), "'revoke_at' is missing"),
        ('{"version": 1, "reserved_at": "2026-05-19T12:00:00Z"}', "'reserved_by' is missing"),
        (
            '{"version": 1, "reserved_at": "2026-05-19T12:00:00Z", "reserved_by": "a", "reserved_for": 7}',
            "'reserved_for'",
        ),
    ],
)
def test_foreign_content_is_invalid(text: str, problem: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        load(text, "secret ngfw", StoredToken)
    assert problem in str(caught.value)
    assert "secret ngfw" in str(caught.value)
    assert "on_invalid_document" in str(caught.value)
    assert stored().token not in str(caught.value)
    assert caught.value.__cause__ is None
