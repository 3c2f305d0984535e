# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stored credentials are described without the secret, and verified as their readers would use them."""

from __future__ import annotations

import json

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._scm.credential_check import CredentialStatus
from ansible_collections.panw.cloud.plugins.module_utils._scm.credential_inspection import (
    NoWorkingSecret,
    describe,
    verify,
)
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import Contents
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import InvalidDocument, StoredCredentials
from ansible_collections.panw.cloud.tests.helpers.fake_aws import credentials

HELD = credentials()


class Server:
    """Reports one status for all credentials."""

    def __init__(self, status: CredentialStatus) -> None:
        self._status = status

    def status(self, _credentials: StoredCredentials) -> CredentialStatus:
        return self._status


def test_describe_account_shows_no_secret() -> None:
    shown = describe(Contents(current=HELD, exists=True))
    assert (shown["exists"], shown["client_id"], shown["fingerprint"]) == (True, HELD.client_id, HELD.fingerprint)
    assert HELD.client_secret not in json.dumps(shown)
    assert describe(Contents(pending=HELD))["pending_rotation"]["step"] == "staged"
    with pytest.raises(InvalidDocument):
        describe(Contents(damage=InvalidDocument("a secret", "it is no JSON")))


@pytest.mark.parametrize(
    ("status", "authorized"), [(CredentialStatus.GOOD, True), (CredentialStatus.UNAUTHORIZED, False)]
)
def test_verify_reports_whether_account_has_role(status: CredentialStatus, authorized: bool) -> None:
    assert verify(Contents(current=HELD), Server(status), "file /a") is authorized


@pytest.mark.parametrize(
    ("contents", "reason"),
    [(Contents(), "holds no credentials"), (Contents(current=HELD), "the secret is rejected")],
)
def test_verify_unusable_credentials_fails(contents: Contents[StoredCredentials], reason: str) -> None:
    with pytest.raises(NoWorkingSecret, match=reason):
        verify(contents, Server(CredentialStatus.DEAD), "file /a")
