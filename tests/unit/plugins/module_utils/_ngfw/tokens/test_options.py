# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A current token is kept as long as it is fresh, to the second."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._aws.assumed_role import AssumedRole
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import fingerprint
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.options import RESULT_KEYS, kept, predicted
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, NOW, ROLE_ARN, TOKEN

CURRENT = {"token": TOKEN, "subscription_key": KEY, "expires_at": "2026-05-19T12:00:00Z", "admin_role": None}
PARAMS: dict[str, Any] = {
    "admin_role": "firewall",
    "expiry_time": 30,
    "renew_before": 3,
    "force": False,
    "current": CURRENT,
}


@pytest.mark.parametrize(
    ("left", "renew_before", "fresh"),
    [
        (timedelta(minutes=30), 3, True),
        (timedelta(minutes=3, seconds=1), 3, True),
        (timedelta(minutes=3), 3, False),
        (timedelta(minutes=2, seconds=59), 3, False),
        (timedelta(seconds=1), 0, True),
        (timedelta(0), 0, False),
        (timedelta(seconds=-1), 0, False),
        (timedelta(days=-365), 3, False),
    ],
)
def test_boundaries(left: timedelta, renew_before: int, fresh: bool) -> None:
    found = kept({**PARAMS, "renew_before": renew_before}, NOW - left)
    assert (found is not None) is fresh


def test_kept_token() -> None:
    earlier = {
        "expiry_time": 30,
        "tenant_version": "V2",
        "account_id": "123456789012",
        "changed": True,
        "failed": False,
    }
    assert kept({**PARAMS, "current": {**CURRENT, **earlier}}, NOW - timedelta(minutes=10)) == {
        "changed": False,
        "token": TOKEN,
        "subscription_key": KEY,
        "expires_at": "2026-05-19T12:00:00Z",
        "expiry_time": 30,
        "admin_role": "firewall",
        "fingerprint": fingerprint(TOKEN),
        "tenant_version": "V2",
        "account_id": "123456789012",
        "possibly_alive": 0,
    }


def test_kept_token_has_all_keys_though_little_is_known() -> None:
    found = kept(PARAMS, NOW - timedelta(minutes=10))
    assert found
    assert set(found) == {"changed", *RESULT_KEYS}
    assert found["expiry_time"] is found["tenant_version"] is found["account_id"] is None


def test_other_zone_and_wrong_fingerprint_are_put_right() -> None:
    current = {**CURRENT, "expires_at": "2026-05-19T14:00:00+02:00", "fingerprint": "wrong"}
    found = kept({**PARAMS, "current": current}, NOW - timedelta(minutes=10))
    assert found
    assert found["expires_at"] == "2026-05-19T12:00:00Z"
    assert found["fingerprint"] == fingerprint(TOKEN)


@pytest.mark.parametrize("current", [None, {}])
def test_nothing_held(current: Any) -> None:
    assert kept({**PARAMS, "current": current}, NOW) is None


def test_forced() -> None:
    assert kept({**PARAMS, "force": True}, NOW - timedelta(minutes=10)) is None


@pytest.mark.parametrize(
    ("change", "option"),
    [
        ({"expiry_time": 4}, "expiry_time"),
        ({"expiry_time": 1441}, "expiry_time"),
        ({"renew_before": -1}, "renew_before"),
        ({"renew_before": 30}, "renew_before"),
        ({"current": {**CURRENT, "token": None}}, "current"),
        ({"current": {**CURRENT, "expires_at": "soon"}}, "current.expires_at"),
        ({"current": {**CURRENT, "admin_role": "account"}}, "current"),
        ({"current": {**CURRENT, "token": None}, "force": True}, "current"),
    ],
)
def test_bad_input_is_refused_before_anything(change: dict[str, Any], option: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        kept({**PARAMS, **change}, NOW)
    assert caught.value.option == option


def test_reads_the_clock_by_itself() -> None:
    assert kept({**PARAMS, "current": {**CURRENT, "expires_at": "2999-01-01T00:00:00Z"}})
    assert kept({**PARAMS, "current": {**CURRENT, "expires_at": "2000-01-01T00:00:00Z"}}) is None


@pytest.mark.parametrize(("role", "account"), [(None, None), (AssumedRole(ROLE_ARN, "x"), "123456789012")])
def test_prediction(role: AssumedRole | None, account: str | None) -> None:
    assert predicted(PARAMS, role) == {
        "changed": True,
        **dict.fromkeys(RESULT_KEYS),
        "admin_role": "firewall",
        "expiry_time": 30,
        "account_id": account,
        "possibly_alive": 0,
    }
