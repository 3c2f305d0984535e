# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A current token is reused as long as it is fresh, to the second."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._aws.assumed_role import AssumedRole
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import fingerprint
from ansible_collections.panw.cloud.plugins.module_utils._common.token_pair import TokenPair
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.options import (
    RESULT_KEYS,
    TOKEN_PARTS,
    check_expiry,
    check_renewal,
    current_expiry,
    date_option,
    kept,
    predicted,
    token_pair,
)
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
def test_freshness_boundaries_are_exact_to_the_second(left: timedelta, renew_before: int, fresh: bool) -> None:
    found = kept({**PARAMS, "renew_before": renew_before}, NOW - left)
    assert (found is not None) is fresh


def test_fresh_token_is_returned() -> None:
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


def test_fresh_token_with_few_facts_has_all_keys() -> None:
    found = kept(PARAMS, NOW - timedelta(minutes=10))
    assert found
    assert set(found) == {"changed", *RESULT_KEYS}
    assert found["expiry_time"] is found["tenant_version"] is found["account_id"] is None


def test_token_date_in_other_zone_and_wrong_fingerprint_are_normalized() -> None:
    current = {**CURRENT, "expires_at": "2026-05-19T14:00:00+02:00", "fingerprint": "wrong"}
    found = kept({**PARAMS, "current": current}, NOW - timedelta(minutes=10))
    assert found
    assert found["expires_at"] == "2026-05-19T12:00:00Z"
    assert found["fingerprint"] == fingerprint(TOKEN)


@pytest.mark.parametrize("current", [None, {}])
def test_no_current_token_requests_new_one(current: Any) -> None:
    assert kept({**PARAMS, "current": current}, NOW) is None


def test_force_requests_new_token() -> None:
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
def test_invalid_options_are_rejected_before_any_call(change: dict[str, Any], option: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        kept({**PARAMS, **change}, NOW)
    assert caught.value.option == option


def test_clock_defaults_to_current_time() -> None:
    assert kept({**PARAMS, "current": {**CURRENT, "expires_at": "2999-01-01T00:00:00Z"}})
    assert kept({**PARAMS, "current": {**CURRENT, "expires_at": "2000-01-01T00:00:00Z"}}) is None


@pytest.mark.parametrize(("role", "account"), [(None, None), (AssumedRole(ROLE_ARN, "x"), "123456789012")])
def test_predict_returns_expected_change(role: AssumedRole | None, account: str | None) -> None:
    assert predicted(PARAMS, role) == {
        "changed": True,
        **dict.fromkeys(RESULT_KEYS),
        "admin_role": "firewall",
        "expiry_time": 30,
        "account_id": account,
        "possibly_alive": 0,
    }


GIVEN = {"token": TOKEN, "subscription_key": KEY, "expires_at": "2026-05-19T12:00:00Z"}


def refused(work: Any, *arguments: Any) -> str:
    with pytest.raises(InvalidInput) as caught:
        work(*arguments)
    assert TOKEN not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("minutes", [4, 0, -1, 1441])
def test_expiry_out_of_range_is_rejected(minutes: int) -> None:
    assert refused(check_expiry, minutes) == (
        f"Option 'expiry_time' is {minutes}; Cloud NGFW allows 5 to 1440 minutes."
    )


@pytest.mark.parametrize("minutes", [5, 30, 1440])
def test_expiry_in_range_is_accepted(minutes: int) -> None:
    check_expiry(minutes)


@pytest.mark.parametrize(("before", "expiry"), [(-1, 30), (30, 30), (31, 30)])
def test_renewal_out_of_range_is_rejected(before: int, expiry: int) -> None:
    assert refused(check_renewal, before, expiry).startswith(f"Option 'renew_before' is {before}; ")


def test_renewal_in_range_is_accepted() -> None:
    check_renewal(0, 5)
    check_renewal(29, 30)


def test_token_pair_is_read() -> None:
    assert token_pair({"token": TOKEN, "subscription_key": KEY}) == TokenPair(TOKEN, KEY)


@pytest.mark.parametrize("part", ["token", "subscription_key"])
@pytest.mark.parametrize("value", [None, "", "  ", "\n"])
def test_token_pair_with_missing_part_is_rejected(part: str, value: str | None) -> None:
    message = refused(token_pair, {"token": TOKEN, "subscription_key": KEY, part: value})
    assert message == f"Option '{part}' is empty. A token is used together with its subscription key."


@pytest.mark.parametrize("part", ["token", "subscription_key"])
@pytest.mark.parametrize("value", [f"{TOKEN}\n", f" {TOKEN}", "two words", "a\r\nX-Injected: 1", "ü"])
def test_token_pair_invalid_in_header_is_rejected(part: str, value: str) -> None:
    message = refused(token_pair, {"token": TOKEN, "subscription_key": KEY, part: value})
    assert message.startswith(f"Option '{part}' contains white space or characters")
    assert value not in message


@pytest.mark.parametrize("given", [None, {}, dict.fromkeys(GIVEN)])
def test_current_missing_is_none(given: dict[str, Any] | None) -> None:
    assert current_expiry(given, "firewall") is None


def test_current_is_read() -> None:
    assert current_expiry(GIVEN, "firewall") == NOW
    assert current_expiry({**GIVEN, "admin_role": "firewall"}, "firewall") == NOW
    assert current_expiry({**GIVEN, "admin_role": None}, "firewall") == NOW


@pytest.mark.parametrize("part", TOKEN_PARTS)
@pytest.mark.parametrize("value", [None, ""])
def test_current_with_missing_part_is_rejected(part: str, value: str | None) -> None:
    message = refused(current_expiry, {**GIVEN, part: value}, "firewall")
    assert message.startswith(f"Option 'current' lacks {part}. It must have token, subscription_key, expires_at")


def test_current_of_other_admin_role_is_rejected() -> None:
    message = refused(current_expiry, {**GIVEN, "admin_role": "rulestack"}, "firewall")
    assert message == "Option 'current' holds a token for admin role 'rulestack', but 'admin_role' is 'firewall'."


def test_current_with_whitespace_is_rejected() -> None:
    message = refused(current_expiry, {**GIVEN, "token": f"{TOKEN}\n"}, "firewall")
    assert message.startswith("Option 'current.token' contains white space")


@pytest.mark.parametrize("text", ["soon", "2026-05-19T12:00:00", "2026-05-19", "1779192000"])
def test_current_with_invalid_date_is_rejected(text: str) -> None:
    message = refused(current_expiry, {**GIVEN, "expires_at": text}, "firewall")
    assert message == (
        f"Option 'current.expires_at' is {text!r}; it must be a date and time with a time zone, such as '2026-05-19T12:00:00Z'."
    )


def test_date_is_parsed() -> None:
    assert date_option("expires_at", None) is None
    assert date_option("expires_at", "2026-05-19T12:00:00Z") == NOW
    assert "Option 'expires_at' is 'soon'; it must be a date" in refused(date_option, "expires_at", "soon")
