# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of WildFire, checked without a network."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._scm.oauth import ClientCredentials
from ansible_collections.panw.cloud.plugins.module_utils._wildfire import options
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.client import LegacyKey
from ansible_collections.panw.cloud.tests.helpers.factories import API_KEY

CALLER = {"client_id": "me", "client_secret": "mine", "tsg_id": "1700000001"}


def test_the_bound_account_is_another_than_the_caller() -> None:
    given = {**CALLER, "bound_client_id": "you", "bound_client_secret": "yours"}
    assert options.bound_credentials(given) == ClientCredentials("you", "yours", "1700000001")
    assert options.bound_credentials({**CALLER, "bound_client_id": None}) is None
    assert options.calling_credentials(given) == ClientCredentials("me", "mine", "1700000001")


@pytest.mark.parametrize("name", CALLER)
def test_a_caller_without_a_part(name: str) -> None:
    with pytest.raises(InvalidInput, match=f"'{name}' is missing"):
        options.calling_credentials({**CALLER, name: None})


@pytest.mark.parametrize("reference", ["", " a", "a\n", "a\x00b"])
def test_a_reference_that_cannot_be_right(reference: str) -> None:
    with pytest.raises(InvalidInput, match="'service_account' is empty"):
        options.service_account({"service_account": reference})


def test_a_reference_may_hold_blanks_inside() -> None:
    for reference in (None, "my scanner", "a@b"):
        assert options.service_account({"service_account": reference}) == reference


def test_a_legacy_key() -> None:
    assert options.legacy_key({"api_key": None, "agent": None}) is None
    assert options.legacy_key({"api_key": API_KEY, "agent": "pcc"}) == LegacyKey(API_KEY, "pcc")


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("api_key", {"api_key": "", "agent": None}),
        ("api_key", {"api_key": "a\nb", "agent": None}),
        ("api_key", {"api_key": "ä", "agent": None}),
        ("agent", {"api_key": API_KEY, "agent": "p c"}),
    ],
)
def test_a_legacy_key_that_cannot_be_right(name: str, given: dict[str, Any]) -> None:
    with pytest.raises(
        InvalidInput, match=f"'{name}' is empty, or holds something else than letters and digits"
    ) as caught:
        options.legacy_key(given)
    assert API_KEY not in str(caught.value)
