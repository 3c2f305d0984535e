# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stored token is described without secrets, and verified as its readers would use it."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.inspection import (
    NoWorkingToken,
    describe,
    verify,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.spec import TokenSpec
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import Contents, PendingRevocation
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import (
    InvalidDocument,
    Reservation,
    StoredToken,
)
from ansible_collections.panw.cloud.tests.helpers.fake_aws import NOW, source, stored

TOKEN = stored()
SPEC = TokenSpec(ADMIN_ROLES[TOKEN.admin_role], source(), expiry_time=60, renew_before=timedelta())
ANOTHER = dataclasses.replace(SPEC, source=source(region="eu-west-1"))


class Api:
    """Accepts or rejects all tokens."""

    def __init__(self, *, accepts: bool = True) -> None:
        self.accepts, self.asked = accepts, 0

    def alive(self, _token: StoredToken) -> bool:
        self.asked += 1
        return self.accepts


def holding(**contents: Any) -> Contents[StoredToken]:
    return Contents(**{"current": TOKEN, "exists": True, **contents})


def test_describe_valid_token_shows_no_secret() -> None:
    entry = PendingRevocation("0f343b093112", NOW + timedelta(minutes=5), "")
    shown = describe(holding(pending_revocations=(entry,)), SPEC, NOW)
    assert (shown["exists"], shown["fingerprint"], shown["expired"]) == (True, TOKEN.fingerprint, False)
    assert shown["remaining_time"] == (TOKEN.expires_at - NOW) / timedelta(minutes=1)
    assert shown["pending_revocation"] == [{"fingerprint": "0f343b093112", "revoke_at": "2026-05-19T12:05:00Z"}]
    assert not {TOKEN.token, TOKEN.subscription_key} & set(json.dumps(shown).split('"'))


@pytest.mark.parametrize(("spec", "later"), [(ANOTHER, 0), (SPEC, 24), (None, 24)])
def test_describe_mismatching_or_expired_token_is_expired(spec: TokenSpec | None, later: int) -> None:
    shown = describe(holding(), spec, NOW + timedelta(hours=later))
    assert (shown["remaining_time"], shown["expired"]) == (0, True)


def test_describe_token_in_its_last_minute_is_not_expired() -> None:
    shown = describe(holding(), SPEC, TOKEN.expires_at - timedelta(seconds=30))
    assert (shown["remaining_time"], shown["expired"]) == (0, False)


def test_describe_token_of_unknown_admin_role_succeeds() -> None:
    """A later release, or a person, may have written it."""
    shown = describe(holding(current=dataclasses.replace(TOKEN, admin_role="king")), None, NOW)
    assert (shown["admin_role"], shown["expired"]) == ("king", False)


def test_describe_shows_empty_store_and_rotation_in_progress() -> None:
    empty = describe(Contents(), None, NOW)
    assert (empty["exists"], empty["fingerprint"], empty["expired"], empty["pending_rotation"]) == (
        False,
        None,
        None,
        None,
    )
    reserved = describe(holding(pending=Reservation(NOW, "a run")), None, NOW)["pending_rotation"]
    assert reserved == {"step": "reserved", "since": "2026-05-19T12:00:00Z", "fingerprint": None}
    staged = describe(Contents(pending=TOKEN), None, NOW)["pending_rotation"]
    assert (staged["step"], staged["fingerprint"]) == ("staged", TOKEN.fingerprint)


def test_describe_invalid_document_raises_error() -> None:
    with pytest.raises(InvalidDocument):
        describe(Contents(damage=InvalidDocument("a secret", "it is no JSON")), None, NOW)


@pytest.mark.parametrize("spec", [SPEC, None])
def test_verify_accepted_token_succeeds(spec: TokenSpec | None) -> None:
    api = Api()
    verify(holding(), spec, api, NOW, "secretsmanager ngfw")
    assert api.asked == 1


@pytest.mark.parametrize(
    ("contents", "spec", "accepts", "reason", "asked"),
    [
        (Contents(), SPEC, True, "the store holds no token", 0),
        (holding(), ANOTHER, True, "does not match the options", 0),
        (holding(), SPEC, False, "the API does not accept the token", 1),
    ],
)
def test_verify_unusable_token_fails(contents: Any, spec: TokenSpec, accepts: bool, reason: str, asked: int) -> None:
    api = Api(accepts=accepts)
    with pytest.raises(NoWorkingToken, match=reason) as caught:
        verify(contents, spec, api, NOW, "secretsmanager ngfw")
    assert api.asked == asked
    assert "secretsmanager ngfw" in str(caught.value)
